"""Judges a tenant and acts on the findings: python judge_tenant.py EVIDENCE"""

import sys
from datetime import datetime, timezone

import sspr
from sspr.readiness import PhaseVerdict, Severity, Verdict


def main(evidence: str, as_of: datetime) -> int:
    report = sspr.assess(evidence, as_of=as_of)
    if report.people is not None:
        print(f"{report.people.hit} of {report.people.in_scope} people cannot reset")
    for finding in report.findings:
        if finding.verdict is not Verdict.FAIL or finding.severity is not Severity.ERROR:
            continue
        who = finding.subjects.count if finding.subjects else "all"
        print(f"{finding.code} ({who}): {finding.title}")
        if finding.remedy is not None and finding.remedy.command is not None:
            print(f"  {finding.remedy.command}")
    if not report.gates_settled and report.collect:
        print(f"collect next: {report.collect[0].what}")
    return 0 if report.verdict is PhaseVerdict.PASS else 1


if __name__ == "__main__":
    day = datetime.fromisoformat(sys.argv[2]) if len(sys.argv) > 2 else datetime.now(timezone.utc)
    sys.exit(main(sys.argv[1], day))
