"""Bad input is normal input: a typed error, and nothing else."""

import gc
import io
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

import sspr
from support import AS_OF, event, log


class HalfWay(io.RawIOBase):
    """Gives some bytes and fails."""

    def __init__(self, data=b"[" * 10, error=ConnectionResetError("the cable was pulled")):
        super().__init__()
        self.data, self.error = data, error

    def read(self, size=-1):
        data, self.data = self.data, b""
        if not data:
            raise self.error
        return data


def handles():
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


class BadInput(unittest.TestCase):
    def test_a_wrong_type_is_a_type_error(self):
        for evidence in (3, None, b"bytes", object(), ("name",), ("name", 3), (3, b""), ["a"]):
            with self.subTest(evidence=evidence), self.assertRaises(TypeError):
                sspr.assess(evidence, as_of=AS_OF)
        for wrong in (
            lambda: sspr.assess(as_of="2026-11-20"),
            lambda: sspr.assess(as_of=AS_OF, config="off = []"),
            lambda: sspr.Snapshot.read(3),
            lambda: sspr.assess(as_of=AS_OF, progress=3),
            lambda: sspr.explain.explain(33004),
            lambda: sspr.readiness.assess(None, as_of=AS_OF),
            lambda: sspr.policy.PolicyDraft(methods_required="two"),
            lambda: sspr.policy.PolicyDraft(methods_requird=2),
            lambda: sspr.policy.parse_authorization_policy(3),
            lambda: sspr.licensing.entitlement(3, None),
            lambda: sspr.directory.check(None, None, "Reset Password"),
            lambda: sspr.events.read(3),
            lambda: list(sspr.events.read(io.StringIO("text"))),
        ):
            with self.assertRaises((TypeError, sspr.SourceError)):
                wrong()

    def test_a_wrong_value_is_a_value_error_of_the_family(self):
        for wrong in (
            lambda: sspr.readiness.Configuration.parse("off = ["),
            lambda: sspr.readiness.Configuration.parse('off = ["SSPR999"]'),
            lambda: sspr.directory.Sid("S-1"),
            lambda: sspr.directory.SecurityDescriptor.from_bytes(b"\x01"),
            lambda: sspr.directory.SecurityDescriptor.from_sddl("nonsense"),
            lambda: sspr.policy.PolicyDraft(scope="some"),
            lambda: sspr.policy.PolicyDraft(methods=["carrierPigeon"]),
            lambda: sspr.policy.parse_authorization_policy("[1"),
            lambda: sspr.policy.parse_authorization_policy("[1]"),
            lambda: sspr.licensing.product("ENTERPRISEPACK"),
            lambda: sspr.licensing.entitlement({"id": 3}, [3]),
            lambda: sspr.writeback.standing("two", AS_OF),
            lambda: sspr.writeback.endpoints("moon"),
            lambda: sspr.schema.schema("nothing"),
            lambda: sspr.Report.from_json("{}"),
            lambda: list(sspr.events.read(("log.xml", b"no log"))),
            lambda: sspr.directory.parse_net_accounts("nothing"),
            lambda: sspr.directory.PasswordPolicyDraft(minimum_age=timedelta(days=-1)),
        ):
            with self.assertRaises(sspr.InputError) as caught:
                wrong()
            self.assertIsInstance(caught.exception, ValueError)
            self.assertIsInstance(caught.exception, sspr.SsprError)
            self.assertTrue(caught.exception.code)
            self.assertTrue(str(caught.exception))

    def test_an_error_says_its_place_and_what_helps(self):
        with self.assertRaises(sspr.InputError) as caught:
            sspr.readiness.Configuration.parse("off = []\n[thresholds]\nevidenceAge = 3\n")
        self.assertEqual((caught.exception.code, caught.exception.place), ("syntax", "line 3"))
        with self.assertRaises(sspr.InputError) as caught:
            list(sspr.events.read(("log", b"no log")))
        self.assertIn("wevtutil", caught.exception.help)
        again = pickle.loads(pickle.dumps(caught.exception))
        self.assertEqual(again.help, caught.exception.help)
        self.assertEqual(str(again), str(caught.exception))

    def test_a_naive_time_is_refused(self):
        with self.assertRaisesRegex(sspr.InputError, "time zone"):
            sspr.assess(as_of=datetime(2026, 11, 20))
        east = timezone(timedelta(hours=5, minutes=30))
        report = sspr.assess(as_of=AS_OF.astimezone(east))
        self.assertEqual(report.as_of, AS_OF)

    def test_lone_surrogates_are_refused_and_crash_nothing(self):
        lone = "jdoe\ud800@contoso.com"
        for wrong in (
            lambda: sspr.explain.explain(lone),
            lambda: sspr.assess((lone, b"{}"), as_of=AS_OF),
            lambda: sspr.policy.check_upn(lone),
            lambda: sspr.policy.parse_authorization_policy(lone),
            lambda: sspr.Snapshot.read([]).person(lone),
            lambda: sspr.assess(lone, as_of=AS_OF),
        ):
            with self.assertRaises((UnicodeError, sspr.SsprError)):
                wrong()

    def test_huge_and_negative_integers_are_refused(self):
        for wrong in (2**70, -1, 2**40):
            with self.assertRaises((OverflowError, ValueError)):
                sspr.policy.PolicyDraft(reconfirm_days=wrong)
            with self.assertRaises((OverflowError, ValueError)):
                sspr.events.look_up("PasswordResetService", wrong)
        for huge in (10**30, 10**400):
            try:
                faults = sspr.policy.parse_authorization_policy({"allowedToUseSSPR": huge}).faults
                self.assertEqual(len(faults), 1)
            except sspr.InputError as error:
                self.assertEqual(error.code, "syntax")

    def test_a_path_that_is_not_there_is_an_os_error(self):
        for read in (
            lambda: sspr.assess("no/such/folder", as_of=AS_OF),
            lambda: sspr.events.read(Path("no/such/log.evtx")),
        ):
            with self.assertRaises(OSError) as caught:
                read()
            self.assertIsInstance(caught.exception, sspr.SourceError)
            self.assertEqual(caught.exception.code, "io")
            self.assertIn("no/such", caught.exception.place)

    def test_closed_and_failing_files_are_errors_with_their_cause(self):
        closed = io.BytesIO(b"{}")
        closed.close()
        for file, cause in (
            (closed, ValueError),
            (HalfWay(), ConnectionResetError),
            (HalfWay(log(), ConnectionResetError("half way")), ConnectionResetError),
            (io.StringIO("{}"), TypeError),
        ):
            with self.assertRaises(sspr.SourceError) as caught:
                sspr.assess(file, as_of=AS_OF)
            self.assertIsInstance(caught.exception.__cause__, cause)

    def test_a_stream_of_events_that_fails_half_way_gives_the_events_before(self):
        seen = []
        with self.assertRaises(sspr.SourceError) as caught:
            for one in sspr.events.read(HalfWay(log() * 10)):
                seen.append(one.id)
        self.assertIsInstance(caught.exception.__cause__, ConnectionResetError)
        self.assertGreaterEqual(len(seen), 2)

    def test_an_interrupt_in_a_file_object_is_raised_as_it_is(self):
        with self.assertRaises(KeyboardInterrupt):
            sspr.assess(HalfWay(error=KeyboardInterrupt()), as_of=AS_OF)

    def test_what_a_callback_raises_stops_the_work(self):
        class Enough(Exception):
            pass

        def stop(progress):
            self.assertEqual(progress.stage, "recognising")
            raise Enough

        with self.assertRaises(Enough):
            sspr.assess(("a.json", b"{}"), as_of=AS_OF, progress=stop)
        with self.assertRaises(Enough):
            list(sspr.events.read(("a.xml", log()), progress=lambda _: (_ for _ in ()).throw(Enough)))

    def test_an_interrupt_stops_long_work(self):
        # A job in the background is started with the signal ignored.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.addCleanup(signal.signal, signal.SIGINT, before)
        # Nothing stops the streams but the interrupt; if that fails, the test does, and ends.
        deadline = time.monotonic() + 60

        class Endless(io.RawIOBase):
            def read(self, size=-1):
                time.sleep(0.001)
                return log() if time.monotonic() < deadline else b""

        class Silent(io.RawIOBase):
            def __init__(self):
                super().__init__()
                self.head = event(31002).encode()

            def read(self, size=-1):
                head, self.head = self.head, b""
                if time.monotonic() > deadline:
                    return b""
                if not head:
                    time.sleep(0.2)
                    return event(31002, provider="Another").encode()
                return head

        for work in (
            lambda: sspr.assess(("a", b"{}"), Endless(), as_of=AS_OF),
            lambda: list(sspr.events.read(Silent())),
            lambda: list(sspr.roundtrip.operations(Silent())),
            lambda: list(sspr.events.read_audit(Silent())),
            lambda: sspr.snapshot.read_operations([Endless()]),
        ):
            timer = threading.Timer(0.3, lambda: signal.raise_signal(signal.SIGINT))
            timer.start()
            started = time.monotonic()
            try:
                with self.assertRaises(KeyboardInterrupt):
                    work()
            finally:
                timer.cancel()
            self.assertLess(time.monotonic() - started, 10)

    def test_an_iterator_that_is_left_behind_does_not_disturb_the_end(self):
        program = (
            "import time, sspr\n"
            "class Slow:\n"
            "    def read(self, size):\n"
            "        time.sleep(0.01)\n"
            "        return LOG\n"
            f"LOG = {log()!r} * 100\n"
            "events = sspr.events.read(Slow())\n"
            "operations = sspr.roundtrip.operations(Slow())\n"
            "next(events)\n"
            "print('done')\n"
        )
        for _ in range(3):
            done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "done\n", ""))

    def test_no_handle_is_leaked(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "log.xml")
            path.write_bytes(log() * 5_000)
            before = handles()
            for _ in range(20):
                next(sspr.events.read(path))
                with sspr.events.read(path) as events:
                    next(events)
                sspr.assess(path, as_of=AS_OF)
            gc.collect()
            deadline = time.monotonic() + 10
            # The reading threads end on their own.
            while handles() > before and time.monotonic() < deadline:
                time.sleep(0.01)
            self.assertLessEqual(handles(), before)

    def test_a_panic_is_an_error(self):
        stderr = os.dup(2)
        with tempfile.TemporaryFile() as quiet:
            # Rust's own message about it is not what is tested.
            os.dup2(quiet.fileno(), 2)
            try:
                with self.assertRaises(sspr.InternalError) as caught:
                    sspr._sspr._panic()
            finally:
                os.dup2(stderr, 2)
                os.close(stderr)
        self.assertEqual(caught.exception.code, "internal")
        self.assertIn("on purpose", str(caught.exception))

    def test_a_draft_without_sense_lists_all_its_faults(self):
        draft = sspr.policy.PolicyDraft(
            scope="all", methods_required=2, reconfirm_days=800, helpdesk_customised=True
        )
        with self.assertRaises(sspr.PolicyError) as caught:
            sspr.policy.SsprPolicy(draft)
        fields = [fault.field for fault in caught.exception.faults]
        self.assertEqual(fields, ["reconfirmDays", "helpdeskLink"])
        self.assertEqual(caught.exception.code, "policy")


if __name__ == "__main__":
    unittest.main()
