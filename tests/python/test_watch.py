"""Logs watched while they are written."""

import json
import pickle
import tempfile
import unittest
from datetime import timedelta
from pathlib import Path

import sspr
from sspr import watch
from support import DENIED, REPORTS, event, log, time

NOW = time("2026-11-20T08:05:00Z")
BEFORE = time("2026-11-20T00:00:00Z")


class Watching(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.log = self.folder / "logs" / "log.xml"
        self.log.parent.mkdir()
        self.log.write_bytes(log())

    def watch(self, **more):
        return watch.Watch([self.log.parent], **more)

    def test_notices_of_a_history_are_those_of_rust(self):
        expected = json.loads((REPORTS / "notices.json").read_text("utf-8"))
        one = watch.Watch([REPORTS / "history"], refusals=True, since=time(expected["since"]))
        followed = one.look(time(expected["now"]))
        self.assertEqual([notice.to_dict() for notice in one.untold], expected["notices"])
        self.assertEqual([notice.to_text() for notice in one.untold], expected["texts"])
        self.assertEqual(followed.to_dict(), expected["followed"])
        self.assertGreater(len(expected["notices"]), 5)

    def test_a_failure_is_told_once(self):
        one = self.watch(since=BEFORE)
        followed = one.look(NOW)
        self.assertEqual((followed.files, [each.change.kind for each in followed.changed]), (1, ["new"]))
        self.assertEqual(followed.changed[0].name, str(self.log))
        self.assertIsNone(followed.changed[0].change.first)
        (notice,) = one.untold
        self.assertIs(notice.kind, watch.NoticeKind.FAILURE)
        self.assertIs(notice.weight, watch.Weight.ERROR)
        self.assertEqual((notice.user, notice.event, notice.cause), ("jdoe@contoso.com", 33004, "accessDenied"))
        self.assertEqual(notice.at, time("2026-11-20T08:02:00Z"))
        self.assertIn(notice.message.split()[0], notice.to_text())
        self.assertEqual(watch.Notice.from_json(notice.to_json()), notice)
        self.assertEqual(pickle.loads(pickle.dumps(notice)), notice)
        one.look(NOW)
        self.assertEqual(one.untold, [notice])
        one.told(1)
        self.assertEqual(one.untold, [])
        one.look(NOW + timedelta(minutes=1))
        self.assertEqual(one.untold, [])
        with self.log.open("ab") as file:
            again = DENIED.replace("1111-2222", "8888-2222")
            file.write(event(33004, 200, again, record=4).encode())
        one.look(NOW + timedelta(minutes=2))
        self.assertEqual([notice.event for notice in one.untold], [33004])

    def test_another_watch_goes_on_from_a_state(self):
        kept = self.folder / "state.json"
        self.assertIsNone(watch.WatchState.load(kept))
        first = self.watch(since=BEFORE)
        first.look(NOW)
        first.state.save(kept)
        state = watch.WatchState.load(kept)
        self.assertEqual(state, first.state)
        self.assertEqual((state.since, state.untold), (BEFORE, first.untold))
        self.assertEqual(pickle.loads(pickle.dumps(state)), state)
        self.assertEqual(watch.WatchState.from_json(state.to_json()), state)
        self.assertEqual(json.loads(state.to_json()), state.to_dict())
        second = self.watch(state=state)
        self.assertEqual(second.untold, first.untold)
        second.told(len(second.untold))
        second.look(NOW)
        self.assertEqual(second.untold, [])

    def test_what_happened_before_it_began_is_not_told(self):
        for one in (self.watch(), self.watch(state=watch.WatchState(NOW))):
            one.look(NOW)
            self.assertEqual(one.untold, [])

    def test_silence_is_told_after_the_time_that_was_asked_for(self):
        for silence, kinds in (
            (timedelta(minutes=5), ["silence"]),
            (timedelta(days=2), []),
            (timedelta.max, []),
        ):
            one = self.watch(since=NOW, silence=silence)
            one.look(NOW + timedelta(hours=3))
            self.assertEqual([notice.kind for notice in one.untold], kinds)

    def test_a_look_that_is_stopped_changes_nothing(self):
        class Enough(Exception):
            pass

        def stop(step):
            self.assertEqual((step.stage, step.name), ("reading", str(self.log)))
            raise Enough

        one = self.watch(since=BEFORE)
        before = one.state
        with self.assertRaises(Enough):
            one.look(NOW, stop)
        self.assertEqual((one.state, one.untold), (before, []))
        one.look(NOW)
        self.assertEqual(len(one.untold), 1)

    def test_files_that_are_no_logs_are_told_with_the_look(self):
        (self.log.parent / "noise.bin").write_bytes(b"\x00\x01\x02")
        followed = self.watch().look(NOW)
        (skipped,) = followed.skipped
        self.assertTrue(skipped.name.endswith("noise.bin"))
        self.assertIsInstance(skipped.reason, sspr.SsprError)
        self.assertEqual(followed.files, 2)

    def test_wrong_arguments_and_damaged_states_are_refused(self):
        damaged = self.folder / "damaged.json"
        damaged.write_text('{"schema": "sspr-watch/1", "since": ')
        other = self.folder / "other.json"
        other.write_text(self.watch().state.to_json().replace("sspr-watch/1", "sspr-watch/99"))
        for wrong, code in (
            (lambda: watch.WatchState.load(damaged), "syntax"),
            (lambda: watch.WatchState.load(other), "unsupported"),
            (lambda: watch.WatchState.from_json("[]"), "syntax"),
            (lambda: watch.WatchState.from_json(
                watch.WatchState(NOW).to_json().replace("2026-11-20T", "-262143-01-01T")
            ), "syntax"),
            (lambda: watch.Notice.from_json("{}"), "syntax"),
            (lambda: self.watch(silence=timedelta(0)), "value"),
            (lambda: self.watch(silence=timedelta(seconds=-1)), "value"),
            (lambda: self.watch(since=NOW, state=watch.WatchState(NOW)), "value"),
            (lambda: self.watch(since=NOW.replace(tzinfo=None)), "value"),
            (lambda: self.watch().look(NOW.replace(tzinfo=None)), "value"),
        ):
            with self.assertRaises(sspr.InputError) as caught:
                wrong()
            self.assertEqual(caught.exception.code, code)
        with self.assertRaises(sspr.InputError) as caught:
            watch.WatchState.load(damaged)
        self.assertIn("damaged.json", caught.exception.place)
        self.assertTrue(caught.exception.help)
        for wrong in (
            lambda: watch.Watch("logs"),
            lambda: watch.Watch([3]),
            lambda: self.watch(state="{}"),
            lambda: self.watch(silence=3),
            lambda: self.watch().look("now"),
            lambda: self.watch().look(NOW, 3),
            lambda: watch.WatchState("2026-11-20"),
        ):
            with self.assertRaises(TypeError):
                wrong()
        for wrong in (
            lambda: watch.Watch([self.folder / "none"]),
            lambda: watch.WatchState.load(self.folder),
            lambda: watch.WatchState(NOW).save(self.folder / "no" / "such"),
        ):
            with self.assertRaises(sspr.SourceError):
                wrong()
        with self.assertRaises((OverflowError, ValueError)):
            self.watch().told(-1)


if __name__ == "__main__":
    unittest.main()
