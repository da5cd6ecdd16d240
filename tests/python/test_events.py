"""Events and operations, as streams and as tables."""

import gzip
import io
import pickle
import unittest
from datetime import timedelta, timezone

import sspr
from sspr import events, roundtrip
from support import event, log


class Events(unittest.TestCase):
    def test_events_of_a_path_bytes_and_a_file_object(self):
        for source in (("log.xml", log()), io.BytesIO(log()), ("log.gz", gzip.compress(log()))):
            read = list(events.read(source))
            self.assertEqual([one.id for one in read], [31001, 31002, 33004])
        first = read[0]
        self.assertEqual(first.provider, "PasswordResetService")
        self.assertEqual(first.time.tzinfo, timezone.utc)
        self.assertEqual(first.record, 1)
        self.assertEqual(first.computer, "AADC01.contoso.com")
        self.assertIn("PasswordResetRequestStart", first.text)
        self.assertEqual(pickle.loads(pickle.dumps(first)), first)
        self.assertEqual(pickle.loads(pickle.dumps(first)).place, first.place)
        self.assertEqual(events.Event.from_json(first.to_json()), first)
        self.assertEqual(len({first, events.Event.from_json(first.to_json())}), 1)
        self.assertEqual(first.to_dict()["id"], 31001)

    def test_a_filter_chooses(self):
        source = ("log.xml", log() + event(4724, provider="Another").encode())
        at = next(events.read(source)).time

        def ids(**wanted):
            return [one.id for one in events.read(source, **wanted)]

        self.assertEqual(ids(ids=[33004]), [33004])
        self.assertEqual(ids(providers=["another"]), [4724])
        self.assertEqual(len(ids(providers=None)), 4)
        self.assertEqual(ids(since=at + timedelta(seconds=1)), [31002, 33004])
        self.assertEqual(ids(until=at + timedelta(seconds=1)), [31001])

    def test_the_meaning_of_an_event(self):
        denied = list(events.read(("log.xml", log())))[-1]
        self.assertEqual(events.cause(denied).key, "accessDenied")
        self.assertEqual(events.cause(denied).fault, events.Fault.SYSTEM)
        self.assertEqual(events.look_up(denied.provider, denied.id).symbol, "ADPermissionsError")
        self.assertIsNone(events.look_up("Another", 33004))
        message = denied.parse()
        self.assertEqual((message.person, message.code), ("jdoe@contoso.com", "0x80230626"))

    def test_reading_is_lazy_counted_and_can_be_ended(self):
        whole = log() * 3_000
        heard = []
        read = events.read(("log.xml", whole), progress=heard.append)
        self.assertEqual(sum(1 for _ in read), 9_000)
        self.assertEqual((heard[-1].stage, heard[-1].bytes, heard[-1].total), ("reading", len(whole), len(whole)))
        broken = events.read(("log.xml", log() + b"<Event><System><Provider Name='x'" + log()))
        self.assertGreaterEqual(len(list(broken)), 3)
        self.assertGreaterEqual(broken.lost, 1)
        self.assertIsInstance(broken.faults[0], sspr.SsprError)
        with events.read(("log.xml", whole)) as read:
            next(read)
        self.assertEqual(list(read), [])

    def test_operations(self):
        for source in (("log.xml", log()), events.read(("log.xml", log()))):
            found = list(roundtrip.operations(source))
            self.assertEqual([one.outcome for one in found], ["written", "failed"])
        written, failed = found
        self.assertEqual(written.person.user, "jdoe@contoso.com")
        self.assertEqual(written.duration, timedelta(seconds=1))
        self.assertEqual(written.decisive.event, 31002)
        self.assertEqual([link.event for link in written.chain], [31001, 31002])
        self.assertEqual(failed.cause.key, "accessDenied")
        self.assertIs(failed.kind, roundtrip.Kind(failed.kind))

    def test_arrow_streams_are_capsules(self):
        for read in (events.read(("log.xml", log())), roundtrip.operations(("log.xml", log()))):
            capsule = read.__arrow_c_stream__()
            self.assertIn("arrow_array_stream", repr(capsule))
            # They took what there was.
            self.assertEqual(list(read), [])


if __name__ == "__main__":
    unittest.main()
