//! Reports that are built by hand.

use std::collections::BTreeMap;

use serde_json::json;

use crate::error::{Error, ErrorCode};
use crate::events::OperationKind;
use crate::evidence::{Locator, SourceId, Strength, Unknown};
use crate::readiness::{
    CollectEntry, Concerned, EvidenceRef, Finding, Hits, LastProof, PeopleCount, Phase,
    PhaseReport, PhaseVerdict, REPORT_SCHEMA, Remedy, Report, Severity, Verdict,
};
use crate::snapshot::{Evidence, Lost, Skipped};

pub(super) fn finding(
    code: &'static str,
    phase: Phase,
    title: &'static str,
    verdict: Verdict,
) -> Finding {
    Finding {
        code: code.into(),
        phase,
        title: title.into(),
        verdict,
        severity: Severity::Error,
        gate: true,
        inferred: false,
        works_today: false,
        message: "It is as it should be.".into(),
        values: BTreeMap::new(),
        remedy: None,
        evidence: Vec::new(),
        sources: vec!["https://learn.microsoft.com/en-us/entra/identity/authentication/".into()],
        subjects: None,
        hits: None,
        missing: Vec::new(),
    }
}

pub(super) fn phase(phase: Phase, verdict: PhaseVerdict, errors: u32) -> PhaseReport {
    PhaseReport {
        phase,
        number: phase.number(),
        title: phase.title().into(),
        verdict,
        inferred: false,
        errors,
        warnings: 0,
    }
}

pub(super) fn step(
    id: &'static str,
    what: &'static str,
    settles: Vec<&'static str>,
) -> CollectEntry {
    CollectEntry {
        id: id.into(),
        what: what.into(),
        place: "the active Entra Connect server, in Windows PowerShell as administrator".into(),
        rights: "local administrator and ADSyncAdmins".into(),
        minutes: 5,
        command:
            "sspr collect script > sspr-collect.ps1\npowershell -ExecutionPolicy Bypass -File \
                  .\\sspr-collect.ps1 -Part Connect"
                .into(),
        settles: settles.into_iter().map(Into::into).collect(),
    }
}

pub(super) fn input(number: u32, name: &str, kind: &'static str, items: u64) -> Evidence {
    Evidence {
        source: SourceId(number),
        name: name.into(),
        kinds: vec![kind.into()],
        subject: None,
        observed_at: "2026-11-20T09:00:00Z".parse().ok(),
        items,
        bytes: 4_096,
        unused: false,
        note: None,
        lost: None,
    }
}

pub(super) fn unknown(mut finding: Finding, fact: &'static str) -> Finding {
    finding.verdict = Verdict::Unknown;
    finding.message = format!("{fact} was not collected");
    finding.missing = Unknown::of(fact).missing;
    finding
}

pub(super) fn gates() -> Vec<Finding> {
    use Phase::{CloudScope, Licensing, OnPremisesIntegration, WritebackServer};
    vec![
        finding(
            "SSPR101",
            CloudScope,
            "Scope of password reset",
            Verdict::Pass,
        ),
        finding(
            "SSPR104",
            CloudScope,
            "Enough methods for a reset",
            Verdict::Pass,
        ),
        finding(
            "SSPR201",
            WritebackServer,
            "Writeback on the server",
            Verdict::Pass,
        ),
        finding(
            "SSPR202",
            WritebackServer,
            "An active server with writeback",
            Verdict::Pass,
        ),
        finding(
            "SSPR209",
            WritebackServer,
            "The synchronisation service",
            Verdict::Pass,
        ),
        finding(
            "SSPR301",
            OnPremisesIntegration,
            "Write back passwords",
            Verdict::Pass,
        ),
        finding(
            "SSPR701",
            Licensing,
            "A subscription that grants writeback",
            Verdict::Pass,
        ),
    ]
}

pub(super) fn nothing() -> Report {
    let findings = gates()
        .into_iter()
        .map(|finding| unknown(finding, "sspr.scope"))
        .collect();
    let phases = Phase::ALL
        .into_iter()
        .filter(|phase| *phase != Phase::Evidence)
        .map(|p| phase(p, PhaseVerdict::Unknown, 0))
        .collect();
    Report {
        schema: REPORT_SCHEMA.into(),
        version: "0.1.0".into(),
        as_of: "2026-11-20T12:00:00Z".parse().unwrap(),
        tenant: None,
        verdict: PhaseVerdict::Unknown,
        gates_settled: false,
        people: None,
        last_proof: None,
        phases,
        findings,
        collect: vec![
            step(
                "connectServer",
                "the Entra Connect server: version, writeback, staging, service, TLS, endpoints and its log",
                vec!["SSPR201", "SSPR202", "SSPR209", "SSPR203", "SSPR204"],
            ),
            CollectEntry {
                place: "anywhere, beside the Microsoft Entra admin center, which is read off by hand".into(),
                rights: "Global Reader".into(),
                command: "sspr attest".into(),
                ..step(
                    "passwordResetBlade",
                    "the Password reset blade: scope, methods, registration, notifications and on-premises integration",
                    vec!["SSPR101", "SSPR104", "SSPR301"],
                )
            },
            CollectEntry {
                place: "anywhere, in PowerShell with the module Microsoft.Graph.Authentication".into(),
                rights: "Global Reader, with Organization.Read.All".into(),
                minutes: 1,
                command: "Connect-MgGraph -Scopes Organization.Read.All".into(),
                ..step("graphTenant", "the tenant in Microsoft Graph", vec!["SSPR701"])
            },
            step("domain", "the domain", vec![]),
        ],
        quickest_proof: Some(CollectEntry {
            place: "the active Entra Connect server, in an elevated prompt".into(),
            rights: "local administrator or Event Log Readers".into(),
            minutes: 2,
            command: "wevtutil epl Application sspr-events.evtx /q:\"*[System[Provider[@Name='PasswordResetService']]]\"".into(),
            ..step("applicationLog", "the Application log", vec![])
        }),
        period: None,
        evidence: Vec::new(),
        skipped: Vec::new(),
        configuration: Vec::new(),
    }
}

pub(super) fn proof() -> LastProof {
    LastProof {
        operation: OperationKind::Reset,
        at: "2026-11-19T18:02:11Z".parse().unwrap(),
        user: Some("jdoe@contoso.com".into()),
        host: Some("AADC01".into()),
    }
}

pub(super) fn age_rule() -> Finding {
    Finding {
        severity: Severity::Warning,
        gate: false,
        message: "Inside 1 day after a password was set, the domain refuses the next change or \
            reset (33008); 12 people are inside that time now."
            .into(),
        ..finding(
            "SSPR401",
            Phase::DomainPolicy,
            "Minimum password age",
            Verdict::Fail,
        )
    }
}

pub(super) fn half() -> Report {
    let mut findings = gates();
    for finding in &mut findings {
        match &*finding.code {
            "SSPR201" | "SSPR202" => {
                finding.inferred = true;
            }
            "SSPR701" | "SSPR104" => *finding = unknown(finding.clone(), "licences.subscribedSkus"),
            _ => {}
        }
    }
    findings.push(age_rule());
    findings.push(Finding {
        gate: false,
        message: "Two people live outside the rule that joins accounts for password \
            synchronisation, so that writeback does not find them."
            .into(),
        subjects: Some(Concerned {
            count: 2,
            excluded: 1,
            sample: vec!["a.smith@contoso.com".into(), "b.jones@contoso.com".into()],
        }),
        hits: Some(Hits::Subjects),
        remedy: Some(Remedy {
            why: "Writeback finds people through that rule.".into(),
            steps: vec![
                "Open the Synchronization Rules Editor and widen the scoping filter of the join \
                 rule to the two containers."
                    .into(),
            ],
            command: None,
            verify: "A reset of a.smith@contoso.com writes 31002 and no 33002.".into(),
            undo: "Set the filter back.".into(),
        }),
        ..finding(
            "SSPR226",
            Phase::WritebackServer,
            "Reach of the password-sync rule",
            Verdict::Fail,
        )
    });
    let mut phases = vec![
        phase(Phase::CloudScope, PhaseVerdict::Unknown, 0),
        phase(Phase::WritebackServer, PhaseVerdict::Fail, 1),
        phase(Phase::OnPremisesIntegration, PhaseVerdict::Pass, 0),
        phase(Phase::DomainPolicy, PhaseVerdict::Pass, 0),
        phase(Phase::UserVerification, PhaseVerdict::Pass, 0),
        phase(Phase::EventLog, PhaseVerdict::Pass, 0),
        phase(Phase::Licensing, PhaseVerdict::Unknown, 0),
        phase(Phase::Permissions, PhaseVerdict::Pass, 0),
    ];
    phases[2].inferred = true;
    phases[7].inferred = true;
    let start = nothing();
    Report {
        tenant: Some("contoso.onmicrosoft.com".into()),
        verdict: PhaseVerdict::Fail,
        people: Some(PeopleCount {
            in_scope: 1_902,
            hit: 2,
        }),
        last_proof: Some(proof()),
        phases,
        findings,
        collect: vec![CollectEntry {
            settles: vec!["SSPR104".into(), "SSPR701".into()],
            ..start.collect[1].clone()
        }],
        quickest_proof: None,
        evidence: vec![
            input(0, "evidence/users.json", "users", 1_950),
            Evidence {
                lost: Some(Lost {
                    count: 3,
                    bytes: Some(65_536),
                    first: Error::new(
                        ErrorCode::Checksum,
                        Locator::Record(4_711),
                        "the checksum of a chunk differs",
                    ),
                }),
                ..input(1, "evidence/sspr-events.evtx", "applicationLog", 812)
            },
        ],
        skipped: vec![Skipped {
            name: "evidence/notes.docx".into(),
            reason: Error::new(
                ErrorCode::Unrecognised,
                Locator::Whole,
                "nothing in it is evidence that is known here",
            ),
        }],
        configuration: vec!["SSPR113 is switched off".into()],
        ..start
    }
}

pub(super) fn fault(
    code: &'static str,
    phase: Phase,
    title: &'static str,
    message: &str,
) -> Finding {
    Finding {
        gate: false,
        message: message.into(),
        hits: Some(Hits::Subjects),
        evidence: vec![EvidenceRef {
            source: SourceId(0),
            locator: "/value/3/onPremisesDistinguishedName".into(),
            observed_at: "2026-11-20T09:00:00Z".parse().ok(),
            strength: Strength::Observed,
        }],
        ..finding(code, phase, title, Verdict::Fail)
    }
}

pub(super) fn faulty() -> Report {
    let half = half();
    let mut findings = gates();
    findings.push(age_rule());
    findings.push(Finding {
        subjects: Some(Concerned {
            count: 41,
            excluded: 0,
            sample: ["a.smith", "b.jones", "c.adams", "d.brown"]
                .map(|name| format!("{name}@contoso.com"))
                .to_vec(),
        }),
        remedy: Some(Remedy {
            why: "The grants of the connector account stop at containers that block inheritance."
                .into(),
            steps: vec!["Switch inheritance on where it was blocked.".into()],
            command: Some(
                "dsacls 'OU=Sales,OU=Berlin,DC=contoso,DC=com' /P:N /I:T /G \
                 'CONTOSO\\MSOL_0123456789ab:CA;Reset Password;user'"
                    .into(),
            ),
            verify: "A reset of a.smith@contoso.com writes 31002.".into(),
            undo: "dsacls 'OU=Sales,OU=Berlin,DC=contoso,DC=com' /P:Y".into(),
        }),
        values: BTreeMap::from([(
            "containers".into(),
            json!(["OU=Sales,OU=Berlin,DC=contoso,DC=com"]),
        )]),
        ..fault(
            "SSPR806",
            Phase::Permissions,
            "Blocked inheritance",
            "41 people live where inheritance is blocked, and the grants do not reach them.",
        )
    });
    findings.push(Finding {
        subjects: Some(Concerned {
            count: 20,
            excluded: 0,
            sample: ["e.clark", "f.davis"]
                .map(|name| format!("{name}@contoso.com"))
                .to_vec(),
        }),
        remedy: Some(Remedy {
            why: "Without one of the two a person cannot prove who they are.".into(),
            steps: vec!["Send the registration link to the people named.".into()],
            command: None,
            verify: "The registration report shows them as capable.".into(),
            undo: "Nothing to undo.".into(),
        }),
        ..fault(
            "SSPR816",
            Phase::Permissions,
            "Characters in OU names",
            "20 people live under an OU whose name holds a character that writeback cannot handle.",
        )
    });
    findings.push(Finding {
        subjects: Some(Concerned {
            count: 1,
            excluded: 0,
            sample: vec!["g.evans@contoso.com".into()],
        }),
        remedy: Some(Remedy::default()),
        ..fault(
            "SSPR604",
            Phase::EventLog,
            "Operations failed by the system",
            "One person met 33004 (access denied) on 2026-11-18.",
        )
    });
    let mut phases = half.phases.clone();
    for phase in &mut phases {
        (phase.verdict, phase.errors) = match phase.phase {
            Phase::Permissions => (PhaseVerdict::Fail, 2),
            Phase::EventLog => (PhaseVerdict::Fail, 1),
            _ => (PhaseVerdict::Pass, 0),
        };
        phase.inferred = false;
    }
    Report {
        gates_settled: true,
        people: Some(PeopleCount {
            in_scope: 1_902,
            hit: 61,
        }),
        findings,
        phases,
        collect: Vec::new(),
        skipped: Vec::new(),
        configuration: Vec::new(),
        ..half
    }
}
