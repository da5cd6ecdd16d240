use std::ops::ControlFlow;

use proptest::prelude::*;

use super::*;
use crate::events::OperationKind;
use crate::evidence::{Locator, SourceId};
use crate::readiness::predicates::testing::{Pool, findings, turned};
use crate::readiness::{Finding, Options, Severity, assess};
use crate::snapshot::facts::Proof;
use crate::snapshot::{Input, ReadOptions, Snapshot};

/// What a rule finds on an export of 2026-11-20, with a success at a time.
fn finding(code: &str, setting: &str, value: &str, success: Option<&str>) -> Finding {
    let export = format!(
        "<saved-mv-configuration server='AADC01' export-date='2026-11-20 09:00:00'>\
         <parameter name='Microsoft.{setting}'>{value}</parameter></saved-mv-configuration>"
    );
    let inputs = vec![Input::bytes("MV.xml", export)];
    let go_on = &mut |_: crate::evidence::Progress<'_>| ControlFlow::Continue(());
    let mut snapshot = Snapshot::read(inputs, &ReadOptions::default(), go_on).unwrap();
    snapshot
        .facts
        .events
        .successes
        .extend(success.map(|at| Proof {
            operation: OperationKind::AdminReset,
            at: at.parse().unwrap(),
            user: None,
            host: None,
            from: Provenance {
                source: SourceId(1),
                locator: Locator::Record(1),
                observed_at: None,
                strength: Strength::Observed,
            },
        }));
    let options = Options::at("2026-11-20T12:00:00Z".parse().unwrap());
    let report = assess(&snapshot, &options);
    let mut findings = report.findings.into_iter();
    findings.find(|finding| finding.code == code).unwrap()
}

const WRITEBACK: &str = "OptionalFeature.PasswordWriteback";

#[test]
fn a_success_settles_what_is_unknown_and_what_was_observed_before() {
    let verdict = |value, success| {
        let finding = finding("SSPR201", WRITEBACK, value, success);
        (finding.verdict, finding.inferred)
    };
    assert_eq!(verdict("", None), (Verdict::Unknown, false));
    let (before, after) = ("2026-11-19T10:00:00Z", "2026-11-20T10:00:00Z");
    assert_eq!(verdict("", Some(before)), (Verdict::Pass, true));
    assert_eq!(verdict("False", Some(before)), (Verdict::Fail, false));
    assert_eq!(verdict("False", Some(after)), (Verdict::Pass, true));
    assert_eq!(verdict("True", Some(after)), (Verdict::Pass, false));
}

#[test]
fn a_prediction_that_a_later_success_disproves_is_a_warning() {
    let version = "Synchronize.ServerConfigurationVersion";
    let finding = |success| finding("SSPR203", version, "2.5.76.0", Some(success));
    let before = finding("2026-09-29T10:00:00Z");
    assert_eq!(
        (before.works_today, before.severity),
        (false, Severity::Error)
    );
    let after = finding("2026-11-19T10:00:00Z");
    assert_eq!(
        (after.works_today, after.severity),
        (true, Severity::Warning)
    );
}

/// Evidence of two servers, one active and one staging, without contradictions.
fn pool(good: bool) -> Pool {
    let export = |host: &str, staging: &str, version: &str| {
        let setting = |name: &str, value: &str| {
            format!("<parameter name='Microsoft.{name}'>{value}</parameter>")
        };
        format!(
            "<saved-mv-configuration server='{host}' export-date='2026-11-20 09:00:00'>{}{}{}{}{}{}</saved-mv-configuration>",
            setting(WRITEBACK, if good { "True" } else { "False" }),
            setting("Synchronize.StagingMode", staging),
            setting("Synchronize.ServerConfigurationVersion", version),
            setting(
                "Synchronize.SchedulerSuspended",
                if good { "False" } else { "True" }
            ),
            setting("Synchronize.SynchronizationSchedule", "True"),
            setting("Synchronize.NextStartTime", "Fri, 20 Nov 2026 09:30:00 GMT"),
        )
    };
    let (version, os, state, sign, dotnet) = if good {
        ("2.6.92.0", "2022", 4, 1, 528_040)
    } else {
        ("2.5.76.0", "2012 R2", 1, 0, 461_310)
    };
    let of = "\"PSComputerName\":\"AADC01\"";
    vec![
        (
            "a/GlobalSettings/MV.xml",
            export("AADC01", "False", version),
        ),
        ("b/GlobalSettings/MV.xml", export("AADC02", "True", version)),
        (
            "a/Connectors/Connector_{1}.xml",
            format!(
                "<ma-data><name>contoso.com</name><category>AD</category>\
            <creation-time>2026-01-02 00:00:00</creation-time><private-configuration><adma-configuration>\
            <forest-login-user>svc{}</forest-login-user><sign-and-seal>{sign}</sign-and-seal>\
            </adma-configuration></private-configuration></ma-data>",
                if good { "" } else { "$" }
            ),
        ),
        (
            "a/Connectors/Connector_{2}.xml",
            format!(
                "<ma-data><name>contoso.onmicrosoft.com - AAD</name>\
            <private-configuration><MAConfig><aad-password-reset-config><enabled>{sign}</enabled>\
            <modified-timestamp>202{}-06-01 00:00:00</modified-timestamp></aad-password-reset-config>\
            </MAConfig></private-configuration></ma-data>",
                if good { 6 } else { 5 }
            ),
        ),
        (
            "os.json",
            format!(
                "{{\"Caption\":\"Microsoft Windows Server {os} Standard\",\"BuildNumber\":\"1\",\"CSName\":\"AADC01\"}}"
            ),
        ),
        (
            "kind.json",
            format!(
                "{{\"InstallationType\":\"Server{}\",{of}}}",
                if good { "" } else { " Core" }
            ),
        ),
        ("net.json", format!("{{\"Release\":{dotnet},{of}}}")),
        (
            "svc.json",
            format!(
                "[{{\"Name\":\"ADSync\",\"Status\":{state},\"StartType\":{},{of}}}]",
                if good { 2 } else { 3 }
            ),
        ),
        (
            "identity.json",
            format!(
                "{{\"ConnectorIdentityType\":\"Application\",\"ApplicationManagedBy\":\"EntraConnect\",\
            \"CertificateExpiration\":\"202{}-11-01T00:00:00Z\",{of}}}",
                if good { 8 } else { 6 }
            ),
        ),
        (
            "tls.json",
            format!(
                "[{{\"Path\":\"HKLM:\\\\SCHANNEL\",\"Name\":\"Enabled\",\"Value\":{sign},{of}}}]"
            ),
        ),
        (
            "t1.json",
            format!(
                "{{\"ComputerName\":\"x.servicebus.windows.net\",\"RemotePort\":443,\"TcpTestSucceeded\":{good},{of}}}"
            ),
        ),
        (
            "t2.json",
            format!(
                "{{\"ComputerName\":\"passwordreset.microsoftonline.com\",\"RemotePort\":443,\"TcpTestSucceeded\":true,{of}}}"
            ),
        ),
        (
            "role.json",
            format!(
                "{{\"Name\":\"AADC01\",\"DomainRole\":{}}}",
                if good { 3 } else { 5 }
            ),
        ),
    ]
}

#[test]
fn the_whole_pool_settles_most_rules() {
    for (good, verdict) in [(true, Verdict::Pass), (false, Verdict::Fail)] {
        let findings = findings(&pool(good), "SSPR2");
        for code in [
            "SSPR201", "SSPR203", "SSPR206", "SSPR208", "SSPR209", "SSPR210", "SSPR214", "SSPR215",
            "SSPR217", "SSPR219", "SSPR220", "SSPR223",
        ] {
            assert_eq!(findings[code].verdict, verdict, "{code}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Rules over an open set of servers are left out.
    #[test]
    fn less_evidence_never_turns_a_verdict_round(good in any::<bool>(), keep in prop::collection::vec(any::<bool>(), 13), less in prop::collection::vec(any::<bool>(), 13)) {
        let mut turned = turned(&pool(good), &keep, &less, "SSPR2");
        turned.retain(|code| !matches!(&**code, "SSPR202" | "SSPR228"));
        prop_assert!(turned.is_empty(), "{turned:?}");
    }
}
