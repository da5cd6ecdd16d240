//! A million events of two servers, three domain controllers and the cloud into operations: the
//! time that joining takes, and the peak of memory.
//!
//! `cargo bench -p sspr-benches --bench roundtrip` prints both; reading the logs is not among it.
//! Under `cargo test` there are few.
#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a program that prints rounded numbers"
)]

use std::env;
use std::fs;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use sspr::events::audit::{Activity, Agent, AuditResult};
use sspr::events::{AuditRecord, EventDatum, WindowsEvent};
use sspr::evidence::{Locator, Provenance, SourceId, Strength};
use sspr::roundtrip::{Correlator, Counter, Outcome, Settings};

/// How many people there are.
const PEOPLE: u64 = 50_000;
/// Operations that are made at once, outside of the time that is taken.
const BATCH: u64 = 500;
/// Milliseconds between two operations.
const APART: i64 = 2_000;

/// Something that the correlator is told.
enum Input {
    Event(WindowsEvent),
    Audit(Box<AuditRecord>),
}

fn main() -> ExitCode {
    let wanted: u64 = if env::args().any(|arg| arg == "--bench") {
        1_000_000
    } else {
        5_000
    };
    let mut correlator = Correlator::new(Settings::default());
    let (mut spent, mut events, mut made) = (Duration::ZERO, 0, 0);
    while events < wanted {
        let batch: Vec<Input> = (made..made + BATCH).flat_map(operation).collect();
        made += BATCH;
        let begun = Instant::now();
        for input in &batch {
            let mut from = Provenance {
                source: SourceId(0),
                locator: Locator::Record(events),
                observed_at: None,
                strength: Strength::Observed,
            };
            match input {
                Input::Event(event) => {
                    from.observed_at = event.time;
                    correlator.push_event(event, &from);
                }
                Input::Audit(record) => correlator.push_audit(record, &from),
            }
            events += 1;
        }
        spent += begun.elapsed();
    }
    let taken = spent;
    let begun = Instant::now();
    let mut counter = Counter::default();
    let mut found = 0;
    let summary = correlator.finish(&mut |operation| {
        found += 1;
        counter.add(&operation);
    });
    spent += begun.elapsed();
    let statistics = counter.finish();
    let written = statistics.outcomes.get(&Outcome::Written).copied();
    println!(
        "{events} events into {found} operations: {:.2} s ({:.2} s to take them), {:.0} events a second",
        spent.as_secs_f64(),
        taken.as_secs_f64(),
        events as f64 / spent.as_secs_f64()
    );
    println!(
        "{} written, {} clocks, peak memory {} MB",
        written.unwrap_or_default(),
        summary.skews.len(),
        peak().map_or_else(|| "unknown".to_owned(), |kib| (kib / 1024).to_string())
    );
    if found == made && written.unwrap_or_default() == made - made.div_ceil(10) {
        ExitCode::SUCCESS
    } else {
        println!("{made} operations were made");
        ExitCode::FAILURE
    }
}

/// The most memory that this process had, in KiB; Linux tells.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The events of one operation: one in ten is refused.
fn operation(number: u64) -> Vec<Input> {
    let person = number * 7919 % PEOPLE;
    let user = format!("user{person}@contoso.com");
    let start = i64::try_from(number).unwrap_or_default() * APART;
    let server = if number.is_multiple_of(2) {
        "aadc01"
    } else {
        "aadc02"
    };
    let controller = format!("dc0{}.contoso.com", number % 3);
    let ahead = 40_000 * i64::try_from(number % 3).unwrap_or_default();
    let id = format!("TrackingId: {number:08x}-2222-3333-4444-555555555555");
    let anchor = format!(
        "User_{person:08x}-1111-2222-3333-444444444444, SourceAnchorValue: F39SWQ{person:08x}=="
    );
    let context = format!("Context: cloudAnchor: {anchor}, UserPrincipalName: {user}");
    let service = |id: u32, provider: &str, millis: i64, text: String| {
        Input::Event(WindowsEvent {
            provider: provider.into(),
            id,
            record: Some(number * 10 + u64::from(id % 10)),
            time: Some(at(start + millis)),
            computer: Some(format!("{server}.contoso.com").into()),
            data: vec![EventDatum {
                name: None,
                value: text,
            }],
            ..WindowsEvent::default()
        })
    };
    let domain = |id: u32, millis: i64, keywords: u64| {
        let datum = |name: &str, value: &str| EventDatum {
            name: Some(name.into()),
            value: value.into(),
        };
        Input::Event(WindowsEvent {
            provider: "Microsoft-Windows-Security-Auditing".into(),
            id,
            record: Some(number * 10 + u64::from(id % 10)),
            time: Some(at(start + millis + ahead)),
            computer: Some(controller.clone().into()),
            keywords: Some(keywords),
            data: vec![
                datum("TargetUserName", &format!("user{person}")),
                datum("TargetDomainName", "CONTOSO"),
                datum("SubjectUserSid", "S-1-5-21-1-2-3-1105"),
                datum("SubjectUserName", "MSOL_0123456789ab"),
                datum("SubjectDomainName", "CONTOSO"),
            ],
            ..WindowsEvent::default()
        })
    };
    let refused = number.is_multiple_of(10);
    let write = "PasswordResetService";
    let mut all = vec![service(
        31001,
        write,
        0,
        format!("{id}, PasswordResetRequestStart, Details: {user}"),
    )];
    let reason = "Synchronization Engine returned an error hr=80230619, message=A restriction \
        prevents the password from being changed to the current one specified.";
    if refused {
        all.extend([
            domain(4724, 200, 0x8010_0000_0000_0000),
            service(
                6329,
                "ADSync",
                380,
                "BAIL: MMS(5716): 0x80230619 (A restriction.)".into(),
            ),
            service(
                33008,
                write,
                400,
                format!("{id}, Reason: {reason}, {context}, Details: x"),
            ),
        ]);
    } else {
        let sync = "Directory Synchronization";
        let dn = format!("Anchor: F39SWQ{person:08x}==, Dn: CN=user{person},DC=contoso,DC=com");
        all.extend([
            domain(4724, 200, 0x8020_0000_0000_0000),
            domain(4738, 202, 0x8020_0000_0000_0000),
            service(
                31002,
                write,
                400,
                format!("{id}, PasswordResetSuccess, Details: {context}, unblockUser: False"),
            ),
            service(656, sync, 60_000, format!("Password Change Request - {dn}")),
            service(
                657,
                sync,
                62_000,
                format!("Password Change Result - {dn}, Result: Success."),
            ),
        ]);
    }
    all.push(Input::Audit(Box::new(AuditRecord {
        id: Some(format!("SSPR_{number}")),
        time: at(start + 900 - 30_000),
        local_time: false,
        activity: Activity::Reset,
        name: "Reset password (self-service)".into(),
        result: if refused {
            AuditResult::Failure
        } else {
            AuditResult::Success
        },
        reason: refused.then(|| reason.to_owned()),
        correlation: None,
        agent: Some(Agent::EntraConnect),
        method: None,
        actor: Some(user.clone()),
        actor_id: None,
        by_application: false,
        target: Some(user),
        target_id: None,
        place: Locator::Whole,
    })));
    all
}

fn at(millis: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_700) + TimeDelta::milliseconds(millis)
}
