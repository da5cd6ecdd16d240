"""The same evidence gives the same report, byte for byte, as in Rust."""

import json
import pickle
import threading
import unittest

import sspr
from support import AS_OF, BLADE, EXAMPLES, REPORTS, cases, time


class Reports(unittest.TestCase):
    def test_every_shared_case_gives_the_report_of_rust(self):
        walked = 0
        for case, expected in cases():
            with self.subTest(rule=case["rule"], case=case["name"]):
                evidence = [(one["name"], one["text"].encode()) for one in case["evidence"]]
                snapshot = sspr.Snapshot.read(evidence, observed_at=time(case["observedAt"]))
                report = sspr.readiness.assess(
                    snapshot,
                    as_of=time(case["asOf"]),
                    config=sspr.readiness.Configuration.parse(case["config"]),
                )
                self.assertTrue(report.to_json() == expected, "the reports differ")
            walked += 1
        self.assertGreater(walked, 300)

    def test_the_invented_tenants_give_the_reports_of_rust(self):
        for tenant in ("contoso", "fabrikam"):
            report = sspr.assess(f"{EXAMPLES}/{tenant}", as_of=AS_OF)
            self.assertEqual(report.to_json(), (REPORTS / f"{tenant}.json").read_text("utf-8"))

    def test_two_threads_judge_two_tenants(self):
        reports = {}

        def judge(tenant):
            reports[tenant] = sspr.assess(f"{EXAMPLES}/{tenant}", as_of=AS_OF).to_json()

        threads = [threading.Thread(target=judge, args=(one,)) for one in ("contoso", "fabrikam")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for tenant, report in reports.items():
            self.assertEqual(report, (REPORTS / f"{tenant}.json").read_text("utf-8"))

    def test_without_evidence_the_report_says_what_to_collect(self):
        report = sspr.assess(as_of=AS_OF)
        self.assertEqual(report.verdict, "unknown")
        self.assertFalse(report.gates_settled)
        self.assertTrue(report.collect[0].command)
        self.assertIsNotNone(report.quickest_proof)

    def test_a_report_in_every_form(self):
        report = sspr.assess(f"{EXAMPLES}/contoso", as_of=AS_OF)
        self.assertEqual(json.loads(report.to_json()), report.to_dict())
        self.assertEqual(sspr.Report.from_json(report.to_json()), report)
        self.assertEqual(pickle.loads(pickle.dumps(report)), report)
        self.assertEqual(hash(pickle.loads(pickle.dumps(report))), hash(report))
        self.assertIn("No for 16 of 93 people", str(report))
        self.assertIn("\x1b[", report.to_text(color=True))
        self.assertGreater(len(report.to_text(details=True)), len(report.to_text()))
        self.assertTrue(report._repr_markdown_().startswith("# No for 16"))
        self.assertTrue(report._repr_html_().startswith("<section"))
        self.assertIn("sspr-report", report.to_html())

    def test_findings_are_typed_and_frozen(self):
        report = sspr.assess(f"{EXAMPLES}/contoso", as_of=AS_OF)
        finding = report.finding("sspr801")
        self.assertIs(finding.verdict, sspr.readiness.Verdict.FAIL)
        self.assertEqual(finding.verdict, "fail")
        self.assertEqual(f"{finding.severity} {finding.phase}", "error permissions")
        self.assertEqual(finding.subjects.count, 10)
        self.assertIn("AADC01", finding.remedy.steps[0])
        self.assertEqual(finding.evidence[0].observed_at.tzinfo is not None, True)
        self.assertEqual(pickle.loads(pickle.dumps(finding)), finding)
        self.assertIn("code='SSPR801'", repr(finding))
        self.assertIsNone(report.finding("SSPR999"))
        with self.assertRaises(AttributeError):
            finding.code = "SSPR802"
        with self.assertRaises(AttributeError):
            finding.cod  # noqa: B018

    def test_evidence_from_memory_and_what_it_says_of_itself(self):
        blade = ("PasswordResetPolicies.json", json.dumps(BLADE).encode())
        snapshot = sspr.Snapshot.read([blade, ("noise.bin", b"\x00\x01\x02")])
        self.assertEqual(snapshot.evidence[0].kinds, ["passwordResetPolicies"])
        self.assertEqual(snapshot.skipped[0].reason.code, "unrecognised")
        self.assertIsInstance(snapshot.skipped[0].reason, sspr.SsprError)
        report = sspr.readiness.assess(snapshot, as_of=AS_OF)
        self.assertEqual(report.verdict, sspr.readiness.PhaseVerdict.FAIL)
        self.assertEqual(pickle.loads(pickle.dumps(report)), report)

    def test_rules_and_configuration(self):
        self.assertEqual(sspr.readiness.rule("sspr401").code, "SSPR401")
        self.assertGreater(len(sspr.readiness.rules()), 80)
        config = sspr.readiness.Configuration.parse('off = ["SSPR401"]')
        self.assertEqual(config.changes, ["SSPR401 is switched off"])
        report = sspr.assess(as_of=AS_OF, config=config)
        self.assertIsNone(report.finding("SSPR401"))


if __name__ == "__main__":
    unittest.main()
