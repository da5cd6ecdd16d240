//! The tenant's own records in a folder that is followed: what they tell alone, and what a server's
//! log tells as well.

use std::fs;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use sspr::watch::{NoticeKind, Weight};
use sspr_tests::evtx_writer::{EvtxEvent, write};

use crate::watcher::{HOST, Watcher, failing, minute, start, tracking_id};

const RESET: &str = "Reset password (self-service)";
const FAILED: &str = "OnPremisesAdminActionRequired";
const REFUSED: &str = "FuzzyPolicyViolationInvalidPassword";

/// A record as a line of Graph's form.
#[derive(Debug, Clone)]
struct Record {
    number: usize,
    activity: &'static str,
    at: DateTime<Utc>,
    /// Why it failed; a success has none.
    reason: Option<&'static str>,
    user: &'static str,
}

fn record(number: usize, at: DateTime<Utc>, reason: Option<&'static str>) -> Record {
    Record {
        number,
        activity: RESET,
        at,
        reason,
        user: "jdoe@contoso.com",
    }
}

impl Record {
    fn id(&self) -> String {
        format!("00000000-0000-0000-0000-{:012}", self.number)
    }

    fn result(&self) -> &'static str {
        self.reason.map_or("success", |_| "failure")
    }

    fn json(&self) -> String {
        let value = serde_json::json!({
            "id": format!("SSPR_{}_ABCDE_1", self.id()),
            "category": "UserManagement",
            "correlationId": self.id(),
            "result": self.result(),
            "resultReason": self.reason.unwrap_or("Successfully completed reset."),
            "activityDisplayName": self.activity,
            "activityDateTime": self.at.to_rfc3339(),
            "loggedByService": "Self-service Password Management",
            "initiatedBy": { "user": { "userPrincipalName": self.user } },
            "targetResources": [{ "type": "User", "userPrincipalName": self.user }],
        });
        format!("{value}\n")
    }

    /// A row of the portal's download.
    fn row(&self) -> String {
        format!(
            "{},{},Self-service Password Management,UserManagement,{},{},{},User,{},User,{}\r\n",
            self.at.to_rfc3339(),
            self.id(),
            self.activity,
            self.result(),
            self.reason.unwrap_or_default(),
            self.user,
            self.user
        )
    }
}

const HEADING: &str = "Date (UTC),CorrelationId,Service,Category,Activity,Result,ResultReason,\
                       ActorType,ActorUserPrincipalName,Target1Type,Target1UserPrincipalName\r\n";

fn lines(records: &[Record]) -> String {
    records.iter().map(Record::json).collect()
}

fn server(folder: &Path, operations: &[(usize, DateTime<Utc>)]) {
    let events = operations
        .iter()
        .flat_map(|(number, at)| failing(*number, *at));
    let events: Vec<EvtxEvent> = events.collect();
    fs::write(folder.join("Application.evtx"), write(&events, 1)).unwrap();
}

#[test]
fn a_failure_that_no_server_tells_is_told_once_in_whatever_form_it_is_exported() {
    let folder = tempfile::tempdir().unwrap();
    let mut watcher = Watcher::new(folder.path());
    let mut records = vec![
        record(1, minute(1), None),
        record(2, minute(2), Some(FAILED)),
    ];
    for round in 0..4 {
        records.push(record(10 + round, minute(3), None));
        let rows: String = records.iter().map(Record::row).collect();
        fs::write(folder.path().join("audit.jsonl"), lines(&records)).unwrap();
        fs::write(folder.path().join("audit.csv"), format!("{HEADING}{rows}")).unwrap();
        let all: Vec<String> = records.iter().map(Record::json).collect();
        let page = format!("{{\n\"value\": [\n{}\n]\n}}", all.join(","));
        fs::write(folder.path().join(format!("page-{round}.json")), page).unwrap();
        let followed = watcher.look(minute(5));
        assert_eq!(followed.skipped, []);
    }
    assert_eq!(watcher.kinds(), [NoticeKind::Failure]);
    let told = &watcher.told[0];
    assert_eq!(told.at, minute(2));
    assert_eq!(told.user.as_deref(), Some("jdoe@contoso.com"));
    assert_eq!(told.operation.as_deref(), Some("reset"));
    assert!(told.message.contains("the tenant's audit log"), "{told:?}");
    assert_eq!(told.cause.as_deref(), Some("adminActionRequired"));
    assert!(told.next.is_some());
}

#[test]
fn one_operation_is_told_once_whichever_log_comes_first_and_however_much_later_the_other() {
    for late in [0, 8, 60, 26 * 60] {
        for tenant_first in [true, false] {
            let folder = tempfile::tempdir().unwrap();
            let mut watcher = Watcher::new(folder.path());
            let tenant = || {
                let records = [record(1, minute(3), Some(FAILED))];
                fs::write(folder.path().join("audit.jsonl"), lines(&records)).unwrap();
            };
            let server = || server(folder.path(), &[(1, minute(2))]);
            let (first, second): (&dyn Fn(), &dyn Fn()) = if tenant_first {
                (&tenant, &server)
            } else {
                (&server, &tenant)
            };
            first();
            watcher.look(minute(4));
            // Others write meanwhile, so that the window moves on.
            let other = EvtxEvent::new("Outlook", 63, "dc01", minute(late), "x");
            fs::write(folder.path().join("other.evtx"), write(&[other], 1)).unwrap();
            watcher.look(minute(4 + late / 2));
            second();
            watcher.look(minute(4 + late));
            watcher.look(minute(5 + late));
            let failures = watcher.told.iter();
            let failures: Vec<_> = failures
                .filter(|notice| notice.kind == NoticeKind::Failure)
                .collect();
            assert_eq!(failures.len(), 1, "{late} {tenant_first}: {failures:?}");
            assert_eq!(failures[0].event, (!tenant_first).then_some(33004));
        }
    }
}

#[test]
fn each_attempt_has_its_own_record_and_the_one_without_is_told() {
    let folder = tempfile::tempdir().unwrap();
    server(folder.path(), &[(1, minute(1)), (2, minute(4))]);
    let mut watcher = Watcher::new(folder.path());
    watcher.look(minute(5));
    let records = [1, 4, 7].map(|at| record(at, minute(i64::try_from(at).unwrap()), Some(FAILED)));
    fs::write(folder.path().join("audit.jsonl"), lines(&records)).unwrap();
    watcher.look(minute(70));
    watcher.look(minute(80));
    let failures = watcher.told.iter();
    let failures: Vec<_> = failures
        .filter(|notice| notice.kind == NoticeKind::Failure)
        .map(|notice| (notice.at, notice.event.is_some()))
        .collect();
    assert_eq!(failures.len(), 3, "{:?}", watcher.told);
    assert_eq!(failures[2], (minute(7), false));
}

#[test]
fn refusals_successes_and_steps_of_a_flow_are_quiet_and_what_is_unclear_is_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let step = Record {
        activity: "Self-service password reset flow activity progress",
        ..record(5, minute(1), Some(FAILED))
    };
    let other = Record {
        user: "asmith@contoso.com",
        ..record(6, minute(1), Some("Something new"))
    };
    let records = [
        record(1, minute(1), None),
        step,
        record(2, minute(2), Some(REFUSED)),
        other,
    ];
    fs::write(folder.path().join("audit.jsonl"), lines(&records)).unwrap();
    let mut watcher = Watcher::new(folder.path());
    watcher.look(minute(5));
    assert_eq!(watcher.kinds(), [NoticeKind::Failure]);
    assert_eq!(watcher.told[0].weight, Weight::Warning);
    assert_eq!(watcher.told[0].user.as_deref(), Some("asmith@contoso.com"));
    let mut watcher = Watcher::new(folder.path());
    watcher.options.refusals = true;
    watcher.look(minute(5));
    assert_eq!(watcher.kinds(), [NoticeKind::Failure, NoticeKind::Refusal]);
}

#[test]
fn writeback_that_is_switched_is_told_by_the_tenant_or_by_the_server_and_not_by_both() {
    let switched = |number, at, on: bool| Record {
        activity: if on {
            "Enable password writeback for directory"
        } else {
            "Disable password writeback for directory"
        },
        user: "admin@contoso.com",
        ..record(number, at, None)
    };
    let records = [switched(1, minute(2), false), switched(2, minute(30), true)];
    let event = |id, at| {
        let text = format!(
            "TrackingId: {}, x, Details: x",
            tracking_id(usize::from(id > 31_010))
        );
        EvtxEvent::new("PasswordResetService", id, HOST, at, text)
    };
    let events = [
        event(31012, minute(2)),
        event(31013, minute(2) + TimeDelta::seconds(1)),
        event(31004, minute(30)),
        event(31005, minute(30) + TimeDelta::seconds(1)),
    ];
    for (with_server, with_tenant) in [(true, false), (false, true), (true, true)] {
        let folder = tempfile::tempdir().unwrap();
        let mut watcher = Watcher::new(folder.path());
        if with_server {
            fs::write(folder.path().join("a.evtx"), write(&events, 1)).unwrap();
            watcher.look(minute(31));
        }
        if with_tenant {
            fs::write(folder.path().join("audit.jsonl"), lines(&records)).unwrap();
            watcher.look(minute(31));
            fs::write(folder.path().join("again.jsonl"), lines(&records)).unwrap();
        }
        watcher.look(minute(31));
        let kinds: Vec<_> = watcher.kinds();
        assert_eq!(
            kinds,
            [NoticeKind::Service, NoticeKind::Recovered],
            "{with_server} {with_tenant} {:?}",
            watcher.told
        );
        let operations: Vec<_> = watcher.told.iter().map(|n| n.operation.clone()).collect();
        assert_eq!(
            operations,
            [
                Some("offboarding".to_owned()),
                Some("onboarding".to_owned())
            ]
        );
        assert!(with_server || watcher.told[0].message.contains("by admin@contoso.com"));
    }
}

#[test]
fn an_operation_that_the_tenant_closed_is_not_told_as_one_without_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let begun = failing(1, minute(1)).remove(0);
    let other = |at| EvtxEvent::new("Outlook", 63, HOST, at, "x");
    let path = folder.path().join("a.evtx");
    fs::write(&path, write(std::slice::from_ref(&begun), 1)).unwrap();
    let mut watcher = Watcher::new(folder.path());
    watcher.look(minute(2));
    fs::write(
        folder.path().join("audit.jsonl"),
        lines(&[record(1, minute(1), None)]),
    )
    .unwrap();
    watcher.look(minute(10));
    fs::write(&path, write(&[begun, other(minute(20))], 1)).unwrap();
    watcher.look(minute(20));
    assert_eq!(watcher.kinds(), []);
}

#[test]
fn an_old_export_that_comes_back_after_weeks_tells_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let mut watcher = Watcher::new(folder.path());
    watcher.options.burst = u64::MAX;
    let day = |day: i64| start() + TimeDelta::days(day);
    // More records than are known again.
    let of_day = |of: usize| -> Vec<Record> {
        let first = day(i64::try_from(of).unwrap());
        (0..900)
            .map(|number| {
                let at = first + TimeDelta::seconds(i64::try_from(number).unwrap() * 60);
                let reason = (number == 0).then_some(FAILED);
                record(of * 900 + number, at, reason)
            })
            .collect()
    };
    let all: Vec<Vec<Record>> = (0..25).map(of_day).collect();
    for today in [10, 20, 24] {
        fs::write(&path, lines(&all[..=today].concat())).unwrap();
        watcher.look(day(i64::try_from(today).unwrap() + 1));
    }
    assert_eq!(watcher.kinds(), vec![NoticeKind::Failure; 25]);
    fs::write(&path, lines(&all.concat()).replace("ABCDE", "FGHIJ")).unwrap();
    watcher.look(day(26));
    assert_eq!(watcher.told.len(), 25);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn records_and_events_that_come_in_any_portions_tell_each_operation_once(
        comes in proptest::collection::vec((0_usize..6, 0_usize..6), 8),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut watcher = Watcher::new(folder.path());
        watcher.options.burst = u64::MAX;
        // Twelve minutes lie between two of the same person.
        let at = |number: usize| minute(i64::try_from(number).unwrap() * 12);
        for round in 0..6 {
            let come = |of: fn(&(usize, usize)) -> usize| {
                let numbers = comes.iter().enumerate();
                numbers
                    .filter(move |(_, when)| of(when) <= round)
                    .map(|(number, _)| number)
                    .collect::<Vec<_>>()
            };
            let events: Vec<_> = { come(|when| when.0) }.into_iter().map(|n| (n, at(n))).collect();
            server(folder.path(), &events);
            let records: Vec<_> = { come(|when| when.1) }
                .into_iter()
                .map(|n| record(n, at(n) + TimeDelta::seconds(20), Some(FAILED)))
                .collect();
            fs::write(folder.path().join("audit.jsonl"), lines(&records)).unwrap();
            watcher.look(minute(100));
        }
        let failures = watcher.told.iter();
        let failures = failures.filter(|notice| notice.kind == NoticeKind::Failure);
        prop_assert_eq!(failures.count(), 8, "{:?}", watcher.told);
    }
}
