//! Logs and audit records as evidence: the facts they give, whatever carries them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

use std::ops::ControlFlow;

use chrono::{DateTime, TimeDelta, Utc};
use sspr::evidence::{Locator, Provenance, SourceId, Strength};
use sspr::readiness::{Options, Report, Verdict, assess};
use sspr::roundtrip::{Kind, Outcome};
use sspr::snapshot::facts::EventFacts;
use sspr::snapshot::{Input, ReadOptions, Snapshot};
use sspr::tenant::SyncState;
use sspr_tests::cases::{CaseEvent, wevtutil};
use sspr_tests::evtx_writer::{EvtxEvent, write};

fn at(second: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-11-10T08:00:00Z".parse().unwrap();
    start + TimeDelta::seconds(second)
}

/// Three operations: one written, one refused with the engine's event beside it, one unfinished;
/// and the service's own words.
fn events() -> Vec<EvtxEvent> {
    let event = |provider: &str, id, second, text: String| {
        EvtxEvent::new(provider, id, "AADC01.contoso.com", at(second), text)
    };
    let service = |id, second, operation: u32, text: &str| {
        let text = format!("TrackingId: 11111111-2222-3333-4444-{operation:012}, {text}");
        event("PasswordResetService", id, second, text)
    };
    let mut events = vec![
        service(31015, 0, 90, "Started, Details: Version: 5.0.0.686"),
        event("Contoso Backup", 1, 5, "nothing of ours".into()),
        service(
            31001,
            100,
            1,
            "PasswordResetRequestStart, Details: jdoe@contoso.com",
        ),
        service(
            31002,
            101,
            1,
            "PasswordResetSuccess, Details: Context: UserPrincipalName: jdoe@contoso.com",
        ),
        service(
            31006,
            400,
            2,
            "ChangePasswordRequestStart, Details: asmith@contoso.com",
        ),
        event(
            "ADSync",
            6329,
            401,
            "BAIL: 0x80230619 (A restriction.)".into(),
        ),
        service(
            33008,
            401,
            2,
            "Reason: error hr=80230619, message=A restriction., Context: UserPrincipalName: \
             asmith@contoso.com, Details: x",
        ),
        service(
            31001,
            900,
            3,
            "PasswordResetRequestStart, Details: bjones@contoso.com",
        ),
        service(
            31034,
            950,
            91,
            "The connection to the connect service was lost., Details: x",
        ),
    ];
    events.extend((0..300).map(|beat| {
        let text = "Heartbeat to ssprsbns1.servicebus.windows.net, Details:";
        service(31019, 1_000 + beat * 300, 92, text)
    }));
    events
}

fn xml(events: &[EvtxEvent]) -> Vec<u8> {
    let events: Vec<_> = events
        .iter()
        .map(|event| {
            serde_json::from_value::<CaseEvent>(serde_json::json!({
                "id": event.id, "time": event.time, "provider": event.provider,
                "computer": event.computer, "channel": event.channel,
                "data": event.data.iter().map(|(_, value)| value).collect::<Vec<_>>(),
            }))
            .unwrap()
        })
        .collect();
    wevtutil(&events).into_bytes()
}

fn read(inputs: Vec<(&str, Vec<u8>)>) -> Snapshot {
    let inputs = inputs
        .into_iter()
        .map(|(name, bytes)| Input::bytes(name, bytes))
        .collect();
    let options = ReadOptions::default();
    Snapshot::read(inputs, &options, &mut |_| ControlFlow::Continue(())).unwrap()
}

/// What must not depend on the carrier, the number of copies or the order.
fn essence(facts: &EventFacts) -> String {
    let successes: Vec<_> = facts
        .successes
        .iter()
        .map(|proof| (proof.operation, proof.at, &proof.user, &proof.host))
        .collect();
    let failures: Vec<_> = facts
        .failures
        .values()
        .map(|group| {
            (
                group.cause.key,
                group.count,
                &group.people,
                &group.events,
                group.last,
            )
        })
        .collect();
    let logs: Vec<_> = facts
        .logs
        .values()
        .map(|log| {
            (
                &log.host,
                &log.channel,
                log.first,
                log.last,
                &log.providers,
                log.lost,
            )
        })
        .collect();
    let services: Vec<_> = facts
        .services
        .values()
        .map(|service| {
            let at =
                |mark: &Option<sspr::snapshot::facts::Mark>| mark.as_ref().map(|m| (m.at, m.event));
            (
                at(&service.last_word),
                at(&service.last_heartbeat),
                service.connectivity.count,
                service.connectivity_standing,
            )
        })
        .collect();
    let unfinished: Vec<_> = facts
        .unfinished
        .iter()
        .map(|one| (one.at, &one.user))
        .collect();
    format!(
        "{:?}",
        (
            successes,
            failures,
            logs,
            services,
            unfinished,
            &facts.operations
        )
    )
}

#[test]
fn a_log_gives_its_operations_its_service_and_its_reach() {
    let snapshot = read(vec![("application.evtx", write(&events(), 1))]);
    let facts = &snapshot.facts.events;
    assert_eq!(facts.operations.attempts(), 3);
    assert_eq!(facts.operations.kinds.get(&Kind::Reset), Some(&2));
    for outcome in [Outcome::Written, Outcome::Refused, Outcome::Unfinished] {
        assert_eq!(facts.operations.ended(outcome), 1, "{outcome:?}");
    }
    let proof = facts.last_reset().unwrap();
    assert_eq!(
        (proof.at, proof.user.as_deref()),
        (at(101), Some("jdoe@contoso.com"))
    );
    assert_eq!(proof.from.locator, Locator::Record(4));
    assert_eq!(proof.from.strength, Strength::Observed);
    assert_eq!(
        facts.policy_refusals[0].user.as_deref(),
        Some("asmith@contoso.com")
    );
    let log = facts.application_log("aadc01").unwrap();
    assert_eq!(
        (log.first, log.last),
        (Some(at(0)), Some(at(1_000 + 299 * 300)))
    );
    assert_eq!(log.count("ADSync"), 1);
    let service = &facts.services["aadc01"];
    assert_eq!(
        (service.connectivity_passed(), service.connectivity_standing),
        (1, 0)
    );
    assert_eq!(snapshot.evidence[0].observed_at, log.last);
    assert_eq!(snapshot.evidence[0].kinds, ["eventLog"]);
}

#[test]
fn carriers_copies_and_order_change_nothing() {
    let events = events();
    let whole = essence(&read(vec![("a", write(&events, 1))]).facts.events);
    let forms = [
        ("as XML", vec![("a", xml(&events))]),
        (
            "twice",
            vec![("a", write(&events, 1)), ("b", write(&events, 1))],
        ),
        (
            "in both forms",
            vec![("a", write(&events, 1)), ("b", xml(&events))],
        ),
        (
            "in halves",
            vec![("a", write(&events[..5], 1)), ("b", write(&events[5..], 6))],
        ),
        (
            "in halves, the later first",
            vec![("b", write(&events[..5], 1)), ("a", write(&events[5..], 6))],
        ),
        (
            "overlapping",
            vec![
                ("b", write(&events[..200], 1)),
                ("a", write(&events[3..], 4)),
            ],
        ),
    ];
    for (form, inputs) in forms {
        assert_eq!(essence(&read(inputs).facts.events), whole, "{form}");
    }
}

#[test]
fn a_log_read_backwards_says_the_same() {
    let events = events();
    let forwards = String::from_utf8(xml(&events)).unwrap();
    let mut lines: Vec<_> = forwards.lines().collect();
    lines.reverse();
    let backwards = lines.join("\r\n").into_bytes();
    assert_eq!(
        essence(&read(vec![("a", backwards)]).facts.events),
        essence(
            &read(vec![("a", forwards.clone().into_bytes())])
                .facts
                .events
        )
    );
}

#[test]
fn what_a_damaged_log_loses_is_counted_and_located() {
    let mut bytes = write(&events(), 1);
    let first = 4096 + 512;
    let size = u32::from_le_bytes(bytes[first + 4..first + 8].try_into().unwrap()) as usize;
    bytes[first + size..first + size + 4].fill(0xff);
    let snapshot = read(vec![("application.evtx", bytes)]);
    let log = snapshot.facts.events.application_log("aadc01").unwrap();
    assert_eq!(log.lost, 1);
    assert!(snapshot.evidence[0].lost.is_some());
}

fn claim(source: u32) -> Provenance {
    Provenance {
        source: SourceId(source),
        locator: Locator::Whole,
        observed_at: None,
        strength: Strength::Observed,
    }
}

fn verdict(report: &Report, code: &str) -> Verdict {
    report
        .findings
        .iter()
        .find(|finding| finding.code == code)
        .unwrap()
        .verdict
}

fn stopped() -> Snapshot {
    let mut events = events();
    let text = "TrackingId: 11111111-2222-3333-4444-000000000093, Stopped, Details:";
    let stop = EvtxEvent::new(
        "PasswordResetService",
        31016,
        "AADC01.contoso.com",
        at(100_000),
        text,
    );
    events.push(stop);
    read(vec![("application.evtx", write(&events, 1))])
}

#[test]
fn a_server_in_staging_mode_may_be_silent() {
    let mut snapshot = stopped();
    let options = Options::at(at(200_000));
    assert_eq!(
        verdict(&assess(&snapshot, &options), "SSPR601"),
        Verdict::Fail
    );
    let server = snapshot.facts.server("aadc01.contoso.com");
    server.staging.claim(true, claim(0));
    let report = assess(&snapshot, &options);
    assert_ne!(verdict(&report, "SSPR601"), Verdict::Fail);
}

#[test]
fn without_synced_people_the_rules_of_the_log_do_not_apply() {
    let mut snapshot = stopped();
    snapshot.facts.tenant.sync.claim(SyncState::Never, claim(0));
    let report = assess(&snapshot, &Options::at(at(200_000)));
    for code in [
        "SSPR501", "SSPR601", "SSPR602", "SSPR603", "SSPR604", "SSPR606", "SSPR607", "SSPR608",
        "SSPR611", "SSPR614",
    ] {
        assert_eq!(verdict(&report, code), Verdict::NotApplicable, "{code}");
    }
}

#[test]
fn an_active_servers_silence_since_a_change_is_no_proof() {
    let mut snapshot = stopped();
    let server = snapshot.facts.server("aadc01.contoso.com");
    server.writeback_modified.claim(at(50_000), claim(0));
    let options = Options::at(at(200_000));
    assert_eq!(
        verdict(&assess(&snapshot, &options), "SSPR501"),
        Verdict::Unknown
    );
    let server = snapshot.facts.server("aadc01.contoso.com");
    server.staging.claim(false, claim(0));
    assert_eq!(
        verdict(&assess(&snapshot, &options), "SSPR501"),
        Verdict::Fail
    );
}

#[test]
fn audit_records_tell_who_was_reset_without_writeback() {
    let record = |id: &str, day: u32, activity: &str, service: &str, actor: &str, agent: &str| {
        serde_json::json!({
            "id": id, "result": "success", "resultReason": "",
            "activityDisplayName": activity, "loggedByService": service,
            "activityDateTime": format!("2026-11-{day:02}T08:00:00Z"),
            "initiatedBy": {"user": {"userPrincipalName": actor}, "app": null},
            "targetResources": [{"type": "User", "userPrincipalName": "JDoe@contoso.com"}],
            "additionalDetails": [{"key": "OnPremisesAgent", "value": agent}]
        })
    };
    let own = "Self-service Password Management";
    let core = "Core Directory";
    let page = serde_json::json!({"value": [
        record("1", 10, "Enable password writeback for directory", own, "admin@contoso.com", ""),
        record("2", 12, "Reset password (by admin)", own, "admin@contoso.com", "None"),
        record("3", 11, "Reset password (by admin)", own, "admin@contoso.com", "AADConnect"),
        record("4", 13, "Reset user password", core, "admin@contoso.com", ""),
        record("5", 13, "Reset user password", core, "jdoe@contoso.com", ""),
        record("6", 14, "Self-service password reset policy changes", own, "admin@contoso.com", ""),
        record("7", 14, "Reset password (self-service)", own, "jdoe@contoso.com", "CloudSync"),
    ]})
    .to_string()
    .into_bytes();
    let snapshot = read(vec![("a.json", page.clone()), ("b.json", page)]);
    let audit = &snapshot.facts.audit;
    assert_eq!(audit.switched.len(), 1);
    assert_eq!(audit.policy_changes.len(), 1);
    let resets = &audit.admin_resets["jdoe@contoso.com"];
    assert_eq!((resets.count, resets.not_written_back), (2, 1));
    assert_eq!(audit.directory_resets["jdoe@contoso.com"].count, 1);
    assert_eq!(audit.self_service.len(), 1);
    assert_eq!(snapshot.evidence[0].kinds, ["directoryAudits"]);
}

/// The events as another program exports them, a document each.
fn exported(form: &str) -> String {
    let events = events();
    let lines: Vec<String> = events
        .iter()
        .enumerate()
        .map(|(number, event)| {
            let time = event.time.to_rfc3339();
            let plain = event.data.first().map(|(_, value)| value.clone()).unwrap_or_default();
            let text = serde_json::Value::from(plain.as_str());
            let (provider, id, host) = (&event.provider, event.id, &event.computer);
            match form {
                "winEvents" => format!(
                    r#"{{"Id":{id},"ProviderName":"{provider}","RecordId":{number},"LogName":"Application","MachineName":"{host}","TimeCreated":"{time}","Message":{text}}}"#
                ),
                "winlogbeat" => format!(
                    r#"{{"@timestamp":"{time}","winlog":{{"provider_name":"{provider}","event_id":"{id}","record_id":"{number}","channel":"Application","computer_name":"{host}","event_data":{{"param1":{text}}}}}}}"#
                ),
                "azureEvents" => format!(
                    r#"{{"TimeGenerated":"{time}","Computer":"{host}","Source":"{provider}","EventLog":"Application","EventID":{id},"RenderedDescription":{text}}}"#
                ),
                "nxLog" => format!(
                    r#"{{"EventTime":"{time}","Hostname":"{host}","SourceName":"{provider}","EventID":{id},"RecordNumber":{number},"Channel":"Application","Message":{text}}}"#
                ),
                _ => format!(
                    "Log Name: Application\r\nSource: {provider}\r\nDate: {}\r\nEvent ID: {id}\r\nTask Category: None\r\nLevel: Information\r\n\
                     Keywords: Classic\r\nUser: N/A\r\nComputer: {host}\r\nDescription:\r\n{}\r\n",
                    event.time.format("%Y-%m-%d %H:%M:%S"),
                    plain
                ),
            }
        })
        .collect();
    lines.join("\n")
}

#[test]
fn every_export_of_the_log_gives_the_same_facts() {
    let facts = |snapshot: &Snapshot| {
        let events = &snapshot.facts.events;
        let service = &events.services["aadc01"];
        (
            events.operations.clone(),
            events
                .successes
                .iter()
                .map(|proof| (proof.operation, proof.at, proof.user.clone()))
                .collect::<Vec<_>>(),
            events
                .failures
                .iter()
                .map(|(key, group)| (*key, group.count, group.people.clone()))
                .collect::<Vec<_>>(),
            service.last_word.as_ref().map(|mark| (mark.at, mark.event)),
        )
    };
    let read = |bytes: Vec<u8>| {
        let options = ReadOptions {
            zone: "UTC".parse().ok(),
            ..ReadOptions::default()
        };
        Snapshot::read(vec![Input::bytes("log", bytes)], &options, &mut |_| {
            ControlFlow::Continue(())
        })
        .unwrap()
    };
    let log = facts(&read(write(&events())));
    for form in [
        "winEvents",
        "winlogbeat",
        "azureEvents",
        "nxLog",
        "eventText",
    ] {
        let snapshot = read(exported(form).into_bytes());
        assert_eq!(snapshot.skipped.len(), 0, "{form}: {:?}", snapshot.skipped);
        assert_eq!(snapshot.evidence[0].kinds, [form]);
        assert_eq!(
            snapshot.evidence[0].lost.as_ref().map(|lost| &lost.first),
            None,
            "{form}"
        );
        assert_eq!(facts(&snapshot), log, "{form}");
    }
}
