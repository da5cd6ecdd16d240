"""Logs give the same operations, statistics and findings as in Rust, and the correlator takes events
from anywhere."""

import io
import json
import pickle
import threading
import time as clock
import unittest
from datetime import timedelta, timezone

import sspr
from sspr import events, roundtrip, snapshot, watch
from support import AS_OF, REPORTS, TRACKING, event, log, time

HISTORY = REPORTS / "history"
PEOPLE = (
    "users.json",
    json.dumps(
        [{
            "UserPrincipalName": "jdoe@contoso.com", "SamAccountName": "johnd", "PasswordLastSet": None,
            "DistinguishedName": "CN=jdoe,OU=People,DC=contoso,DC=com", "ObjectClass": "user",
        }]
    ).encode(),
)
RECORD = {
    "id": "Directory_1", "activityDisplayName": "Reset password (self-service)", "result": "success",
    "loggedByService": "Self-service Password Management", "activityDateTime": "2026-11-20T08:00:03Z",
    "targetResources": [{"type": "User", "userPrincipalName": "jdoe@contoso.com"}],
}


def written(account="johnd", by="MSOL_0123456789ab"):
    """What a domain controller says of the reset in `log`, by the connector account."""
    data = {"TargetUserName": account, "TargetDomainName": "CONTOSO",
            "SubjectUserName": by, "SubjectDomainName": "CONTOSO"}
    data = "".join(f"<Data Name='{name}'>{value}</Data>" for name, value in data.items())
    text = event(4724, 0, "", "Microsoft-Windows-Security-Auditing", record=9)
    return text.replace("<Data></Data>", data).encode()


def said(name):
    return json.loads((REPORTS / f"{name}.json").read_text("utf-8"))


class ReadOperations(unittest.TestCase):
    def test_logs_of_a_tenant_and_of_a_history_give_what_rust_says(self):
        for name in ("contoso", "history"):
            expected = said(f"roundtrip-{name}")
            read = snapshot.read_operations([expected["path"]])
            for part in ("operations", "statistics", "summary", "logs"):
                self.assertTrue(read.to_dict()[part] == expected[part], f"{name}: {part}")
            written = json.loads(read.to_json())
            self.assertEqual(written, {part: expected[part] for part in written})
            self.assertEqual(len(read.operations), len(expected["operations"]))
            self.assertEqual([one.to_dict() for one in read.operations], expected["operations"])
            self.assertEqual(read.statistics.to_dict(), expected["statistics"])
            self.assertEqual(read.summary.to_dict(), expected["summary"])

    def test_a_story_is_what_rust_says(self):
        for name in ("contoso", "history"):
            expected = said(f"roundtrip-{name}")
            read = snapshot.read_operations([expected["path"]])
            texts = expected["texts"]
            self.assertEqual(read.statistics.to_text(), texts["statistics"])
            self.assertEqual(read.summary.to_text(), texts["summary"])
            for story in texts["stories"]:
                self.assertEqual(read.story(story["user"]), story["text"])
            person, nobody, _ = texts["stories"]
            self.assertEqual(read.story(user=person["user"].upper()), person["text"])
            self.assertTrue(nobody["text"].startswith("No password operation of nobody@contoso.com"))
            operation = next(one for one in read.operations if one.tracking_id and one.person.user)
            story = read.story(tracking_id=operation.tracking_id)
            self.assertEqual(story, operation.to_text())
            self.assertEqual(read.story(operation.person.user, operation.tracking_id, width=80), story)
            self.assertIn("\x1b[", read.story(operation.person.user, color=True))
            wide = read.story(person["user"], width=120)
            self.assertLess(wide.count("\n"), person["text"].count("\n"))
            self.assertIn("with that tracking id", read.story(tracking_id="0" * 32))
            with self.assertRaises(sspr.InputError):
                read.story(tracking_id="five")
            for wrong in (lambda: read.story(3), lambda: read.story(tracking_id=3), lambda: read.story(None, None, 80)):
                with self.assertRaises(TypeError):
                    wrong()

    def test_threads_and_order_change_nothing(self):
        files = sorted(HISTORY.iterdir())
        one = snapshot.read_operations(files)
        for other in (files[::-1], [HISTORY]):
            read = snapshot.read_operations(other, jobs=3, verify=True)
            self.assertEqual(read.operations, one.operations)
            self.assertEqual(read.statistics, one.statistics)
        logs = read.logs
        self.assertEqual([log.name for log in logs.logs], [str(path) for path in files])
        self.assertEqual(sum(log.not_examined for log in logs.logs), 0)
        for operation in one.operations:
            for link in operation.chain:
                self.assertLess(link.source, len(files))

    def test_operations_are_typed(self):
        read = snapshot.read_operations([HISTORY])
        self.assertIs(read.operations[0], read.operations[0])
        operation = next(one for one in read.operations if one.stages and one.cloud_to_domain)
        self.assertIsInstance(operation.cloud_to_domain, timedelta)
        self.assertTrue(any(link.activity is events.Activity.RESET for link in operation.chain) or
                        operation.kind is not roundtrip.Kind.RESET)
        self.assertIn(operation.person.user.split("@")[0], operation.to_text())
        self.assertIn("\x1b[", operation.to_text(color=True))
        self.assertEqual({operation, operation}, {operation})

    def test_statistics_are_typed(self):
        read = snapshot.read_operations([HISTORY])
        numbers = read.statistics
        self.assertEqual(roundtrip.Statistics.of(read.operations), numbers)
        self.assertEqual(roundtrip.Statistics.of(iter(read.operations)), numbers)
        self.assertEqual(sum(numbers.outcomes.values()), numbers.operations)
        self.assertTrue(all(isinstance(key, roundtrip.Outcome) for key in numbers.outcomes))
        self.assertGreater(numbers.outcomes["written"], 0)
        self.assertEqual(sum(one.operations for one in numbers.days.values()), numbers.operations)
        self.assertEqual(next(iter(numbers.hours)).tzinfo, timezone.utc)
        self.assertGreater(numbers.durations.longest, numbers.durations.median)
        self.assertGreater(numbers.causes[0].people, 0)
        self.assertIsInstance(numbers.causes[0].cause, (events.RootCause, type(None)))
        self.assertTrue(all(share.self_service >= 0 for share in numbers.months.values()))
        self.assertIn(f"{numbers.operations}", numbers.to_text())
        self.assertEqual(roundtrip.Statistics.of([]).success_rate, None)
        with self.assertRaises(TypeError):
            roundtrip.Statistics.of([3])
        with self.assertRaises(TypeError):
            roundtrip.Statistics.of(3)

    def test_what_is_found_beside_operations_is_typed(self):
        found = snapshot.read_operations([HISTORY]).summary
        self.assertEqual(sum(skew.reference for skew in found.skews), 1)
        skew = next(skew for skew in found.skews if skew.pairs and not skew.reference)
        self.assertIsInstance(skew.offset, timedelta)
        self.assertLessEqual(skew.range[0], skew.range[1])
        self.assertEqual(found.connectors[0].known.kind, "name")
        self.assertIsNone(found.connectors[0].known.all)
        self.assertTrue(found.connectors[0].account.name.startswith("MSOL_"))
        self.assertGreater(found.services[0].heartbeats, 100)
        self.assertGreaterEqual(found.services[0].seen_time, found.services[0].up_time)
        for gap in found.services[0].up:
            self.assertLessEqual(gap.start, gap.end)
        self.assertGreater(found.repeated, 0)
        self.assertTrue(all(one.account and one.at for one in found.outside))
        self.assertIsInstance(found.to_text(), str)

    def test_a_list_of_people_makes_a_join(self):
        dc = ("dc.xml", written())
        server = ("app.xml", log())
        alone = snapshot.read_operations([server, dc])
        together = snapshot.read_operations([server, dc, PEOPLE])

        def chain(read):
            (whole,) = [one for one in read.operations if one.kind == "reset"]
            return [(link.event, link.source) for link in whole.chain]

        self.assertEqual(chain(alone), [(31001, 0), (31002, 0)])
        self.assertEqual(chain(together), [(31001, 0), (4724, 1), (31002, 0)])
        self.assertEqual(together.logs.logs[1].name, "dc.xml")
        self.assertEqual([one.name for one in alone.logs.skipped], [])

    def test_a_filter_chooses_and_what_is_no_log_is_told(self):
        read = snapshot.read_operations([("log.xml", log()), ("noise", b"\x00\x01"), ("a.json", b"{}")])
        self.assertEqual([one.name for one in read.logs.skipped], ["a.json", "noise"])
        self.assertIsInstance(read.logs.skipped[0].reason, sspr.SsprError)
        self.assertEqual(read.logs.logs[0].events, 3)
        self.assertEqual(read.logs.logs[0].first, read.operations[0].start)
        late = snapshot.read_operations([("log.xml", log())], since=time("2026-11-20T08:01:00Z"))
        self.assertEqual([one.outcome for one in late.operations], ["failed"])
        early = snapshot.read_operations([("log.xml", log())], until=time("2026-11-20T08:01:00Z"))
        self.assertEqual([one.outcome for one in early.operations], ["written"])
        others = snapshot.read_operations([("log.xml", log())], providers=["ADSync"])
        self.assertEqual((others.operations, others.logs.logs[0].events), ([], 0))
        nothing = snapshot.read_operations([])
        self.assertEqual((nothing.operations, nothing.logs.logs), ([], []))

    def test_what_support_asks_for_is_what_rust_says(self):
        for name in ("contoso", "history"):
            whole = said(f"roundtrip-{name}")
            path, expected = whole["path"], whole["support"]
            operation = snapshot.read_operations([path]).operations[expected["place"]]
            bundle = snapshot.read_support([path], operation)
            self.assertEqual([one.to_dict() for one in bundle.events], expected["events"])
            self.assertEqual(bundle.to_dict()["operation"], whole["operations"][expected["place"]])
            self.assertEqual(bundle.to_text(), expected["text"])
            self.assertEqual(bundle.operation, operation)
            of_windows = [link for link in operation.chain if link.event]
            self.assertEqual(any(one.own for one in bundle.events), bool(of_windows))
            for one in bundle.events:
                self.assertIsNone(one.event.message)
                self.assertEqual(one.place, one.event.place)

    def test_arrow_takes_operations_as_often_as_it_likes(self):
        read = snapshot.read_operations([("log.xml", log())])
        for _ in range(2):
            self.assertIn("arrow_array_stream", repr(read.__arrow_c_stream__()))
        self.assertEqual(len(read.operations), 2)

    def test_progress_is_heard_and_stops_the_work(self):
        heard = []
        snapshot.read_operations([HISTORY], progress=heard.append)
        self.assertEqual({step.stage for step in heard}, {"recognising", "reading"})

        class Enough(Exception):
            pass

        def stop(step):
            raise Enough

        for work in (
            lambda: snapshot.read_operations([HISTORY], progress=stop),
            lambda: snapshot.read_support([HISTORY], next(roundtrip.operations(("a", log()))), progress=stop),
        ):
            with self.assertRaises(Enough):
                work()


class Correlator(unittest.TestCase):
    def test_events_from_anywhere_become_operations(self):
        correlator = roundtrip.Correlator()
        for one in reversed(list(events.read(("log.xml", log())))):
            correlator.push_event(events.Event.from_json(one.to_json()), source=7)
        self.assertEqual(correlator.held, 3)
        self.assertEqual(correlator.ready(), [])
        operations, summary = correlator.finish()
        self.assertEqual([one.outcome for one in operations], ["written", "failed"])
        self.assertEqual(operations[0].chain[0].source, 7)
        self.assertIsInstance(summary, roundtrip.Summary)
        self.assertEqual(correlator.held, 0)
        self.assertEqual(correlator.finish()[0], [])

    def test_events_are_made_of_what_a_siem_holds(self):
        def made(number, second, text):
            at = time("2026-11-20T08:00:00Z") + timedelta(seconds=second)
            return events.Event(
                "PasswordResetService", number, time=at, computer="AADC01.contoso.com", record=number,
                data=[events.EventDatum(TRACKING + text)],
            )

        correlator = roundtrip.Correlator()
        correlator.push_event(made(31001, 0, "PasswordResetRequestStart, Details: jdoe@contoso.com"))
        correlator.push_event(
            made(31002, 1, "PasswordResetSuccess, Details: Context: UserPrincipalName: jdoe@contoso.com")
        )
        set_by = events.Event(
            "Microsoft-Windows-Security-Auditing", 4724, time=time("2026-11-20T08:00:00.500Z"),
            data=[events.EventDatum("jdoe", name="TargetUserName"),
                  events.EventDatum("MSOL_0123456789ab", name="SubjectUserName")],
        )
        self.assertEqual(set_by.named("TargetUserName"), "jdoe")
        correlator.push_event(set_by)
        ((operation,), _) = correlator.finish()
        self.assertEqual([link.event for link in operation.chain], [31001, 4724, 31002])
        self.assertEqual(made(31001, 0, "x"), made(31001, 0, "x"))
        with self.assertRaises(sspr.InputError):
            events.Event("PasswordResetService", 31001, time=AS_OF.replace(tzinfo=None))
        with self.assertRaises(TypeError):
            events.Event("PasswordResetService", 31001, data=["text"])

    def test_what_is_known_beforehand_makes_joins(self):
        people = [roundtrip.PersonFacts("jdoe@contoso.com", account="johnd", domain="CONTOSO")]
        connectors = [roundtrip.ConnectorAccount(name="svc-writeback", domain="CONTOSO")]
        whole = log() + written(by="svc-writeback")

        def chain(**known):
            found = roundtrip.operations(("log.xml", whole), **known)
            return [link.event for link in next(found).chain], found

        self.assertEqual(chain()[0], [31001, 31002])
        ids, found = chain(people=people, connectors=connectors)
        self.assertEqual(ids, [31001, 4724, 31002])
        self.assertIsNotNone(found.summary)
        self.assertEqual(found.summary.connectors[0].known.kind, "stated")
        self.assertEqual(found.summary.connectors[0].account, connectors[0])
        correlator = roundtrip.Correlator(people=people, connectors=connectors)
        for one in events.read(("log.xml", whole), providers=None):
            correlator.push_event(one)
        self.assertEqual([link.event for link in correlator.finish()[0][0].chain], ids)

    def test_audit_records_and_the_directorys_own_time_are_joined(self):
        correlator = roundtrip.Correlator()
        for one in events.read(("log.xml", log())):
            correlator.push_event(one)
        for record in events.read_audit(("audit.json", json.dumps(RECORD).encode())):
            correlator.push_audit(events.AuditRecord.from_json(record.to_json()))
        correlator.push_password_set(
            time("2026-11-20T08:00:00Z"), user="jdoe@contoso.com", account="jdoe", domain="CONTOSO"
        )
        correlator.push_span("aadc01", time("2026-11-01T00:00:00Z"), time("2026-11-21T00:00:00Z"))
        operations, _ = correlator.finish()
        providers = [link.provider for link in operations[0].chain]
        self.assertIn("Entra audit log", providers)
        self.assertIn("pwdLastSet", providers + [link.provider for link in operations[0].context])
        self.assertEqual(operations[0].kind, "reset")

    def test_operations_of_a_log_of_the_tenant_count_its_records(self):
        found = list(roundtrip.operations(("audit.json", json.dumps(RECORD).encode())))
        self.assertEqual([one.person.user for one in found], ["jdoe@contoso.com"])

    def test_beyond_its_bound_operations_leave_early(self):
        correlator = roundtrip.Correlator(hold=40)
        early = []
        for minute in range(0, 400):
            tracking = f"TrackingId: 11111111-2222-3333-4444-{minute:012}, "
            text = event(31001, minute * 9, tracking + "PasswordResetRequestStart, Details: jdoe@contoso.com")
            for one in events.read(("log.xml", text.encode())):
                correlator.push_event(one)
            early += correlator.ready()
            self.assertLessEqual(correlator.held, 41)
        self.assertGreater(len(early), 100)
        operations, _ = correlator.finish()
        self.assertEqual(len(early) + len(operations), 400)

    def test_facts_are_frozen_and_pickle(self):
        person = roundtrip.PersonFacts(user="jdoe@contoso.com", object_id="11111111-2222-3333-4444-555555555555")
        account = roundtrip.ConnectorAccount(sid="S-1-5-21-1-2-3-1105")
        for one in (person, account):
            self.assertEqual(pickle.loads(pickle.dumps(one)), one)
            with self.assertRaises(AttributeError):
                one.domain = "CONTOSO"
        self.assertEqual(person.object_id, "11111111-2222-3333-4444-555555555555")

    def test_wrong_arguments_are_refused(self):
        for wrong in (
            lambda: roundtrip.PersonFacts("jdoe@contoso.com", object_id="five"),
            lambda: roundtrip.ConnectorAccount(domain="CONTOSO"),
            lambda: roundtrip.Correlator(skew=timedelta(seconds=-1)),
            lambda: roundtrip.Correlator().push_password_set(AS_OF, domain="CONTOSO"),
            lambda: roundtrip.operations(("log.xml", log()), follow=timedelta(days=-1)),
            lambda: roundtrip.operations(("log.xml", log()), jobs=0),
            lambda: snapshot.read_operations([("log.xml", log())], jobs=0),
            lambda: events.read(("log.xml", log()), time_zone="W. Europe Standard Time"),
            lambda: events.read_audit(("a.json", b"{}"), time_zone="Mars"),
            lambda: snapshot.read_operations([], time_zone="+25:00"),
            lambda: sspr.assess(as_of=AS_OF, time_zone="nowhere"),
            lambda: list(events.read_audit(("a.json", b"no log"))),
            lambda: events.AuditRecord.from_json("{}"),
        ):
            with self.assertRaises(sspr.InputError) as caught:
                wrong()
            self.assertTrue(caught.exception.code)
        for wrong in (
            lambda: roundtrip.Correlator(people=[3]),
            lambda: roundtrip.Correlator(connectors=3),
            lambda: roundtrip.Correlator(skew=5),
            lambda: roundtrip.Correlator().push_event(3),
            lambda: roundtrip.Correlator().push_audit(next(events.read(("log.xml", log())))),
            lambda: roundtrip.Correlator().push_password_set("2026-11-20"),
            lambda: snapshot.read_operations("log.xml"),
            lambda: snapshot.read_operations([3]),
            lambda: snapshot.read_support([], 3),
            lambda: events.read(("log.xml", log()), jobs="two"),
            lambda: events.read(("log.xml", log()), time_zone=3),
        ):
            with self.assertRaises(TypeError):
                wrong()
        with self.assertRaises((OverflowError, ValueError)):
            roundtrip.operations(("log.xml", log()), hold=-1)
        with self.assertRaises(sspr.SourceError):
            snapshot.read_operations(["no/such/log.evtx"])


class Others(unittest.TestCase):
    def test_other_threads_go_on_while_events_are_joined(self):
        correlator = roundtrip.Correlator()
        many = []
        for number in range(4_000):
            tracking = TRACKING.replace("555555555555", f"{number:012}")
            many.append(event(31001, number % 3600, tracking + "PasswordResetRequestStart, Details: jdoe@contoso.com"))
        for one in events.read(("log.xml", "".join(many).encode())):
            correlator.push_event(one)
        watched = watch.Watch([HISTORY], since=time("2026-09-01T00:00:00Z"))
        for work in (
            correlator.finish,
            lambda: snapshot.read_operations([HISTORY] * 2),
            lambda: watched.look(AS_OF),
        ):
            ticks, done = [], threading.Event()

            def tick():
                while not done.is_set():
                    ticks.append(clock.monotonic())
                    clock.sleep(0.001)

            thread = threading.Thread(target=tick)
            thread.start()
            started = clock.monotonic()
            work()
            ended = clock.monotonic()
            done.set()
            thread.join()
            inside = [one for one in ticks if started < one < ended]
            # Of the time that the work took there is no long stretch in which nobody else could run.
            self.assertGreater(len(inside), min(3, (ended - started) / 0.02))

    def test_a_log_without_a_zone_is_read_in_the_one_that_is_stated(self):
        rows = 'Level,Date and Time,Source,Event ID,Task Category\r\n' \
            'Information,11/20/2026 8:00:01 AM,PasswordResetService,31002,None,"' \
            + TRACKING + 'PasswordResetSuccess, Details: Context: UserPrincipalName: jdoe@contoso.com"\r\n'
        source = ("log.csv", rows.encode())
        (plain,) = events.read(source)
        (berlin,) = events.read(source, time_zone="Europe/Berlin")
        (offset,) = events.read(source, time_zone="+01:00")
        self.assertTrue(plain.local_time)
        self.assertFalse(berlin.local_time)
        self.assertEqual(plain.time - berlin.time, timedelta(hours=1))
        self.assertEqual(offset.time, berlin.time)
        (operation,) = roundtrip.operations(source, time_zone="Europe/Berlin")
        self.assertEqual(operation.end, berlin.time)
        read = snapshot.read_operations([source], time_zone="europe/berlin")
        self.assertEqual(read.operations[0].end, berlin.time)
        judged = sspr.assess(source, as_of=AS_OF, time_zone="Europe/Berlin")
        self.assertEqual(judged.last_proof.at, berlin.time)

    def test_audit_records_are_what_rust_says(self):
        records = list(events.read_audit(HISTORY / "audit.json"))
        self.assertEqual([one.to_dict() for one in records], said("audit"))
        first = records[0]
        self.assertEqual(pickle.loads(pickle.dumps(first)), first)
        self.assertEqual(pickle.loads(pickle.dumps(first)).place, first.place)
        self.assertEqual(len({first, events.AuditRecord.from_json(first.to_json())}), 1)
        self.assertIsInstance(first.activity, events.Activity)
        self.assertEqual(first.time.tzinfo, timezone.utc)
        self.assertIn("activity", repr(first))
        (since,) = [one for one in events.read_audit(HISTORY / "audit.json", since=records[-1].time)][-1:]
        self.assertGreaterEqual(since.time, records[-1].time)
        self.assertEqual(list(events.read_audit(("log.xml", log()))), [])

    def test_audit_records_are_a_stream(self):
        lines = (json.dumps(RECORD) + "\n").encode() * 3_000
        heard = []
        with events.read_audit(io.BytesIO(lines), progress=heard.append) as read:
            first = next(read)
            self.assertEqual(first.target, "jdoe@contoso.com")
            self.assertIs(first.result, events.AuditResult.SUCCESS)
            self.assertFalse(first.not_written_back)
        self.assertEqual((list(read), read.lost, read.faults), ([], 0, []))
        self.assertTrue(heard)
        broken = events.read_audit(("a.jsonl", lines + b'{"activityDisplayName": 3\n' + lines))
        self.assertEqual(len(list(broken)), 6_000)
        self.assertGreaterEqual(broken.lost, 1)
        self.assertIsInstance(broken.faults[0], sspr.SsprError)
        capsule = events.read_audit(("a.jsonl", lines)).__arrow_c_stream__()
        self.assertIn("arrow_array_stream", repr(capsule))

    def test_what_was_lost_of_a_log_is_told_beside_operations(self):
        found = roundtrip.operations(("log.xml", log() + b"<Event><System><Provider Name='x'" + log()))
        self.assertIsNone(found.summary)
        self.assertEqual(len(list(found)), 2)
        self.assertGreaterEqual(found.lost, 1)
        self.assertEqual(found.summary.repeated, 3)


if __name__ == "__main__":
    unittest.main()
