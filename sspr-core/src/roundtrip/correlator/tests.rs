use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::evidence::{Locator, SourceId, Strength};
use crate::roundtrip::{Certainty, Join, Kind, Outcome};

fn from() -> Provenance {
    Provenance {
        source: SourceId(0),
        locator: Locator::Whole,
        observed_at: None,
        strength: Strength::Observed,
    }
}

fn event(provider: &str, id: u32, millis: i64, text: String) -> WindowsEvent {
    let start: DateTime<Utc> = "2026-11-20T08:00:00Z".parse().unwrap();
    WindowsEvent {
        provider: provider.into(),
        id,
        record: Some(millis.unsigned_abs() * 10 + u64::from(id % 10)),
        time: Some(start + TimeDelta::milliseconds(millis)),
        computer: Some("AADC01.contoso.com".into()),
        message: Some(text),
        ..WindowsEvent::default()
    }
}

fn service(id: u32, operation: u8, millis: i64) -> WindowsEvent {
    let text = match id {
        31001 | 31006 | 31009 => format!("Start, Details: user{operation}@contoso.com"),
        33001..=33009 => format!(
            "Reason: error hr=80230619, message=x., Context: UserPrincipalName: \
             user{operation}@contoso.com, Details: y"
        ),
        _ => format!("Success, Details: Context: UserPrincipalName: user{operation}@contoso.com"),
    };
    let text = format!("TrackingId: 11111111-2222-3333-4444-5555555555{operation:02x}, {text}");
    event("PasswordResetService", id, millis, text)
}

fn engine(millis: i64, code: &str) -> WindowsEvent {
    event("ADSync", 6329, millis, format!("BAIL: {code} (a reason)"))
}

fn run(events: &[WindowsEvent]) -> Vec<Operation> {
    let mut operations = Vec::new();
    let mut correlator = Correlator::default();
    for event in events {
        correlator.push(event, &from(), &mut |operation| operations.push(operation));
    }
    correlator.finish(&mut |operation| operations.push(operation));
    operations.sort_by_key(|operation| (operation.time(), operation.tracking_id));
    operations
}

#[test]
fn start_and_success_are_one_written_operation() {
    let operations = run(&[service(31006, 1, 0), service(31007, 1, 480)]);
    assert_eq!(operations.len(), 1);
    let operation = &operations[0];
    assert_eq!(
        (operation.kind, operation.outcome),
        (Kind::Change, Outcome::Written)
    );
    assert_eq!(operation.duration(), Some(TimeDelta::milliseconds(480)));
    assert_eq!(operation.person.user.as_deref(), Some("user1@contoso.com"));
    assert_eq!(
        operation.decisive().and_then(|link| link.event),
        Some(31007)
    );
}

#[test]
fn the_first_end_closes_and_later_ones_are_merged() {
    let operations = run(&[
        service(31001, 1, 0),
        service(33008, 1, 300),
        engine(250, "0x80230619"),
        service(31003, 1, 400),
    ]);
    assert_eq!(operations.len(), 1);
    let operation = &operations[0];
    assert_eq!(
        (operation.kind, operation.outcome),
        (Kind::Reset, Outcome::Refused)
    );
    assert_eq!(operation.duration(), Some(TimeDelta::milliseconds(300)));
    assert_eq!(
        operation.cause.map(|cause| cause.key),
        Some("policyRefused")
    );
    let engine = operation
        .chain
        .iter()
        .find(|link| link.event == Some(6329))
        .unwrap();
    assert_eq!(
        (engine.join, engine.certainty),
        (Join::TimeAndCode, Certainty::Inferred)
    );
}

#[test]
fn the_engines_event_of_another_code_or_time_is_another_operation() {
    let operations = run(&[
        service(31001, 1, 0),
        service(33008, 1, 300),
        engine(310, "0x80230626"),
        engine(60_000, "0x80230619"),
    ]);
    assert_eq!(operations.len(), 3);
    assert_eq!(
        operations[0].cause.map(|cause| cause.key),
        Some("policyRefused")
    );
    assert_eq!(
        operations[1].cause.map(|cause| cause.key),
        Some("accessDenied")
    );
    assert_eq!(
        (operations[1].kind, operations[1].outcome),
        (Kind::Unknown, Outcome::Failed)
    );
}

#[test]
fn halves_stay_halves() {
    let operations = run(&[service(31002, 1, 0), service(31001, 2, 500_000)]);
    assert_eq!(
        (operations[0].outcome, operations[0].start),
        (Outcome::Written, None)
    );
    assert_eq!(
        (operations[1].outcome, operations[1].end),
        (Outcome::Unfinished, None)
    );
}

#[test]
fn a_halves_other_half_may_come_much_later() {
    let late = service(31002, 1, 900);
    let operations = run(&[service(31001, 1, 0), service(31001, 2, 900_000), late]);
    assert_eq!(operations.len(), 2);
    assert_eq!(operations[0].outcome, Outcome::Written);
}

#[test]
fn repeated_delivery_changes_nothing() {
    let once = run(&[service(31001, 1, 0), service(31002, 1, 400)]);
    let twice = run(&[
        service(31001, 1, 0),
        service(31001, 1, 0),
        service(31002, 1, 400),
        service(31002, 1, 400),
    ]);
    assert_eq!(once, twice);
}

#[test]
fn events_without_tracking_id_are_joined_by_person_and_marked() {
    let text = |event: WindowsEvent| {
        let message = event.message.as_deref().unwrap_or_default();
        let rest = message.split_once(", ").map(|(_, rest)| rest.to_owned());
        WindowsEvent {
            message: rest,
            ..event
        }
    };
    let operations = run(&[
        text(service(31001, 1, 0)),
        text(service(31002, 1, 400)),
        text(service(31001, 2, 500)),
    ]);
    assert_eq!(operations.len(), 2);
    assert_eq!(operations[0].outcome, Outcome::Written);
    assert_eq!(operations[0].chain[1].certainty, Certainty::Inferred);
}

#[test]
fn a_service_error_ends_only_the_operation_whose_id_it_carries() {
    let alone = run(&[service(32002, 1, 0)]);
    assert!(alone.is_empty());
    let joined = run(&[service(31001, 1, 0), service(32002, 1, 100)]);
    assert_eq!(joined.len(), 1);
    assert_eq!(joined[0].outcome, Outcome::Failed);
    assert_eq!(joined[0].cause.map(|cause| cause.key), Some("connectivity"));
}

#[test]
fn the_number_of_waiting_events_is_bounded_and_what_leaves_is_whole() {
    let mut correlator = Correlator::new(Settings {
        hold: 20,
        ..Settings::default()
    });
    let mut left = Vec::new();
    for operation in 0..100 {
        let at = i64::from(operation) * 600_000;
        for event in [
            service(31001, operation, at),
            service(31002, operation, at + 300),
        ] {
            correlator.push(&event, &from(), &mut |operation| left.push(operation));
            assert!(correlator.held() <= 20);
        }
    }
    assert!(left.len() > 80);
    assert!(correlator.held() > 0);
    let summary = correlator.finish(&mut |operation| left.push(operation));
    assert_eq!((left.len(), summary.late), (100, 0));
    assert!(left.iter().all(|operation| operation.chain.len() == 2));
}

#[test]
fn switching_writeback_on_is_an_operation_of_the_service() {
    let operations = run(&[service(31004, 1, 0), service(31005, 1, 3_000)]);
    assert_eq!(
        (operations[0].kind, operations[0].outcome),
        (Kind::Onboarding, Outcome::Written)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_events_never_changes_the_operations(
        shape in proptest::collection::vec((0_usize..5, 0_i64..3), 1..12),
        order in any::<u64>(),
    ) {
        // Operations lie minutes apart, as a person's do; each has its own fate.
        let mut events = Vec::new();
        for (number, (fate, jitter)) in shape.iter().enumerate() {
            let (operation, at) = (u8::try_from(number).unwrap(), i64::try_from(number).unwrap() * 300_000);
            events.push(service(31001, operation, at));
            match fate {
                0 => events.push(service(31002, operation, at + 400 + jitter)),
                1 => {
                    events.push(engine(at + 380, "0x80230619"));
                    events.push(service(33008, operation, at + 400 + jitter));
                }
                2 => events.push(service(33004, operation, at + 400)),
                3 => {}
                _ => {
                    events.push(service(33008, operation, at + 400));
                    events.push(engine(at + 420, "0x80230619"));
                }
            }
        }
        let ascending = run(&events);
        events.reverse();
        prop_assert_eq!(&run(&events), &ascending);
        // Two logs, the later one first.
        events.reverse();
        let cut = usize::try_from(order % (events.len() as u64 + 1)).unwrap();
        events.rotate_left(cut);
        let rotated = run(&events);
        let outcomes = |all: &[Operation]| all.iter().map(|o| (o.outcome, o.tracking_id)).filter(|(_, id)| id.is_some()).collect::<Vec<_>>();
        prop_assert_eq!(outcomes(&rotated), outcomes(&ascending));
    }
}
