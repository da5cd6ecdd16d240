"""What a watch tells, posted to a receiver."""

import http.server
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time as clock
import unittest
from datetime import timedelta

import sspr
from sspr import watch
from support import log, time

NOW = time("2026-11-20T08:05:00Z")
BEFORE = time("2026-11-20T00:00:00Z")
TOKEN = "Bearer contoso-example-token"
PATH = "/hooks/contoso-example-path"


class Receiver(http.server.BaseHTTPRequestHandler):
    """Answers as the server's list says, and with 200 when that is empty."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.path, dict(self.headers), body))
        status, headers = self.server.answers.pop(0) if self.server.answers else (200, {})
        if status is None:
            self.server.over.wait(30)
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Posting(unittest.TestCase):
    def setUp(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        server.daemon_threads = True
        server.requests, server.answers, server.over = [], [], threading.Event()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        self.addCleanup(server.over.set)
        self.server = server
        self.host = f"127.0.0.1:{server.server_port}"
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = pathlib.Path(folder.name) / "log.xml"
        self.log.write_bytes(log())

    def post(self, **more):
        return watch.Post(f"http://{self.host}{PATH}", **more)

    def watch(self):
        one = watch.Watch([self.log], since=BEFORE)
        one.look(NOW)
        self.assertEqual(len(one.untold), 1)
        return one

    def test_notices_are_posted_as_json_lines_and_crossed_out(self):
        one = self.watch()
        (notice,) = one.untold
        post = self.post(headers={"Authorization": TOKEN, "X-Source": "sspr"}, timeout=timedelta(seconds=5))
        self.assertEqual(post.host, self.host)
        posted = post.send(one, NOW)
        self.assertEqual((posted.taken, posted.until, posted.why), (1, None, None))
        self.assertEqual(posted.to_dict(), {"taken": 1, "until": None, "why": None})
        self.assertEqual(one.untold, [])
        ((path, headers, body),) = self.server.requests
        self.assertEqual(path, PATH)
        self.assertEqual(headers["authorization"], TOKEN)
        self.assertEqual(headers["x-source"], "sspr")
        self.assertEqual(headers["content-type"], "application/x-ndjson")
        self.assertEqual([json.loads(line) for line in body.splitlines()], [notice.to_dict()])
        # With nothing to tell nobody is spoken to.
        self.assertEqual(post.send(one).taken, 0)
        self.assertEqual(len(self.server.requests), 1)

    def test_what_is_not_taken_is_kept_and_posted_again(self):
        one, post = self.watch(), self.post()
        self.server.answers += [(503, {}), (429, {"Retry-After": "120"}), (403, {})]
        first = post.send(one, NOW)
        self.assertEqual((first.taken, first.until, first.why.code), (0, NOW, "connection"))
        self.assertIsInstance(first.why, sspr.SsprError)
        second = post.send(one, NOW)
        self.assertEqual(second.until, NOW + timedelta(seconds=120))
        waiting = post.send(one, NOW + timedelta(seconds=60))
        self.assertEqual((waiting.taken, waiting.until, waiting.why), (0, second.until, None))
        self.assertEqual(len(self.server.requests), 2)
        # The state keeps what the receiver asked for.
        other = watch.Watch([self.log], state=watch.WatchState.from_json(one.state.to_json()))
        self.assertEqual(self.post().send(other, NOW + timedelta(seconds=60)).until, second.until)
        refused = post.send(one, NOW + timedelta(seconds=121))
        self.assertEqual(refused.why.code, "refused")
        self.assertIn("403", str(refused.why))
        self.assertTrue(refused.why.help)
        self.assertEqual(len(one.untold), 1)
        self.assertEqual(post.send(one, NOW + timedelta(hours=1)).taken, 1)
        self.assertEqual(len({body for _, _, body in self.server.requests}), 1)

    def test_a_receiver_that_is_not_there_is_told(self):
        one = self.watch()
        self.server.shutdown()
        self.server.server_close()
        posted = self.post().send(one, NOW)
        self.assertEqual((posted.taken, posted.why.code, len(one.untold)), (0, "connection", 1))

    def test_secrets_are_never_shown(self):
        one, post = self.watch(), self.post(headers={"Authorization": TOKEN})
        self.server.answers += [(500, {}), (302, {"Location": f"http://127.0.0.2/{PATH}"}), (404, {})]
        shown = [repr(post), str(post), repr(vars(watch.Post))]
        for minute in range(3):
            posted = post.send(one, NOW + timedelta(hours=minute))
            shown += [repr(posted), str(posted.why), repr(posted.why), posted.why.place, json.dumps(posted.to_dict())]
        shown += [one.state.to_json(), repr(one)]
        for wrong in (
            lambda: watch.Post(f"ftp://{self.host}{PATH}"),
            lambda: watch.Post(f"http://alerts.contoso.com{PATH}"),
            lambda: watch.Post(PATH),
            lambda: self.post(headers={"Authorization": TOKEN + "\n"+ "x: y"}),
            lambda: self.post(headers={TOKEN: "x"}),
            lambda: self.post(headers={"Host": TOKEN}),
            lambda: self.post(headers={"X-Source": ""}),
            lambda: self.post(headers={"Authorization": TOKEN}, timeout=timedelta(0)),
            lambda: self.post(timeout=timedelta(hours=2)),
            lambda: self.post(timeout=timedelta.max),
            lambda: self.post(timeout=timedelta(seconds=-1)),
        ):
            with self.assertRaises(sspr.InputError) as caught:
                wrong()
            shown += [str(caught.exception), repr(caught.exception), str(caught.exception.place), str(caught.exception.help)]
        for wrong in (
            lambda: watch.Post(),
            lambda: watch.Post(3),
            lambda: watch.Post(PATH, {"Authorization": TOKEN}),
            lambda: self.post(headers=[("Authorization", TOKEN)]),
            lambda: self.post(headers={"Authorization": TOKEN.encode()}),
            lambda: self.post(headers=TOKEN, timeout=3),
            lambda: self.post(timeout=3),
            lambda: self.post(ca_file=3),
            lambda: post.send(3),
            lambda: post.send(one, "now"),
        ):
            with self.assertRaises(TypeError) as caught:
                wrong()
            shown += [str(caught.exception)]
        with self.assertRaises(sspr.SourceError):
            self.post(ca_file="no/such/file.pem")
        with self.assertRaises(sspr.InputError):
            post.send(one, NOW.replace(tzinfo=None))
        text = "\n".join(shown)
        self.assertIn(self.host, text)
        for secret in (TOKEN, "contoso-example-token", PATH, "contoso-example-path"):
            self.assertNotIn(secret, text)

    def test_other_threads_go_on_and_a_receiver_that_never_answers_is_left(self):
        one = self.watch()
        self.server.answers += [(None, {})]
        ticks, done = [], threading.Event()

        def tick():
            while not done.is_set():
                ticks.append(clock.monotonic())
                clock.sleep(0.01)

        thread = threading.Thread(target=tick)
        thread.start()
        posted = self.post(timeout=timedelta(seconds=1)).send(one, NOW)
        done.set()
        thread.join()
        self.assertEqual((posted.why.code, len(one.untold)), ("connection", 1))
        self.assertGreater(len(ticks), 20)

    @unittest.skipIf(os.name == "nt", "a signal is sent")
    def test_ctrl_c_stops_it_and_keeps_the_notices(self):
        self.server.answers += [(None, {})]
        program = textwrap.dedent(
            f"""
            import datetime
            from sspr import watch
            one = watch.Watch([{str(self.log)!r}], since=datetime.datetime.fromisoformat("2026-11-20T00:00:00+00:00"))
            one.look(datetime.datetime.fromisoformat("2026-11-20T08:05:00+00:00"))
            try:
                watch.Post({f"http://{self.host}{PATH}"!r}).send(one)
            except KeyboardInterrupt:
                print("kept", len(one.untold))
            """
        )
        child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        for _ in range(2_000):
            if self.server.requests or child.poll() is not None:
                break
            clock.sleep(0.01)
        started = clock.monotonic()
        child.send_signal(signal.SIGINT)
        said, _ = child.communicate(timeout=20)
        self.assertEqual(said.strip(), "kept 1")
        self.assertLess(clock.monotonic() - started, 10)


if __name__ == "__main__":
    unittest.main()
