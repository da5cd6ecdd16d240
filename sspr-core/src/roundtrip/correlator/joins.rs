//! Joins across sources: domain controllers, the cloud, clocks that differ.

use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::events::EventDatum;
use crate::events::audit::{Activity, Agent, AuditResult};
use crate::evidence::{Locator, SourceId, Strength};
use crate::roundtrip::{
    Certainty, ConnectorAccount, Doubt, HowKnown, Join, Kind, Note, Outcome, StageName,
};

#[derive(Debug, Clone)]
enum Input {
    Event(WindowsEvent),
    Audit(AuditRecord),
    Set(PasswordSet),
}

/// What a test tells the correlator, each with a place of its own.
#[derive(Debug, Clone, Default)]
struct Story {
    inputs: Vec<(u64, Input)>,
    /// Seconds by which the domain controller's and the cloud's clock are ahead.
    controller: i64,
    cloud: i64,
}

fn at(millis: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-11-20T08:00:00Z".parse().unwrap();
    start + TimeDelta::milliseconds(millis)
}

fn tracking(operation: u64) -> Uuid {
    Uuid::from_u128(0x1111_1111_2222_3333_4444_0000_0000_0000 + u128::from(operation))
}

impl Story {
    fn skewed(controller: i64, cloud: i64) -> Self {
        Self {
            controller: controller * 1000,
            cloud: cloud * 1000,
            ..Self::default()
        }
    }

    fn add(&mut self, input: Input) {
        self.inputs.push((self.inputs.len() as u64, input));
    }

    fn server(&mut self, provider: &str, id: u32, millis: i64, text: String) {
        let record = Some(self.inputs.len() as u64);
        self.add(Input::Event(WindowsEvent {
            provider: provider.into(),
            id,
            record,
            time: Some(at(millis)),
            computer: Some("AADC01.contoso.com".into()),
            message: Some(text),
            ..WindowsEvent::default()
        }));
    }

    fn service(&mut self, id: u32, operation: u64, person: u64, millis: i64) {
        let user = format!("user{person}@contoso.com");
        let text = match id {
            31001 | 31006 | 31009 => format!("Start, Details: {user}"),
            33001..=33009 => format!(
                "Reason: error hr=80230619, message=x., Context: UserPrincipalName: {user}, Details: y"
            ),
            _ => format!("Success, Details: Context: UserPrincipalName: {user}"),
        };
        let text = format!("TrackingId: {}, {text}", tracking(operation));
        self.server("PasswordResetService", id, millis, text);
    }

    fn domain(&mut self, id: u32, person: u64, millis: i64, by: &str, failed: bool) {
        let datum = |name: &str, value: String| EventDatum {
            name: Some(name.into()),
            value,
        };
        let record = Some(self.inputs.len() as u64);
        let time = at(millis + self.controller);
        self.add(Input::Event(WindowsEvent {
            provider: "Microsoft-Windows-Security-Auditing".into(),
            id,
            record,
            time: Some(time),
            computer: Some("DC01.contoso.com".into()),
            keywords: Some(if failed { 0x8010 } else { 0x8020 } << 48),
            data: vec![
                datum("TargetUserName", format!("USER{person}")),
                datum("TargetDomainName", "CONTOSO".into()),
                datum("SubjectUserName", by.into()),
                datum("SubjectDomainName", "CONTOSO".into()),
                datum("PasswordLastSet", "11/20/2026 8:00:00 AM".into()),
            ],
            ..WindowsEvent::default()
        }));
    }

    fn record(&mut self, activity: Activity, person: u64, millis: i64, failed: Option<&str>) {
        let number = self.inputs.len();
        let time = at(millis + self.cloud);
        self.add(Input::Audit(AuditRecord {
            id: Some(format!("record{number}")),
            time,
            local_time: false,
            activity,
            name: String::new(),
            result: if failed.is_some() {
                AuditResult::Failure
            } else {
                AuditResult::Success
            },
            reason: failed.map(str::to_owned),
            correlation: None,
            agent: Some(Agent::EntraConnect),
            method: None,
            actor: None,
            actor_id: None,
            by_application: false,
            target: Some(format!("User{person}@contoso.com")),
            target_id: None,
            place: Locator::Whole,
        }));
    }

    /// A reset that was written, with all that goes with it.
    fn written(&mut self, operation: u64, person: u64, millis: i64) {
        self.service(31001, operation, person, millis);
        self.domain(4724, person, millis + 250, MSOL, false);
        self.domain(4738, person, millis + 252, MSOL, false);
        self.service(31002, operation, person, millis + 400);
        self.record(Activity::Reset, person, millis + 900, None);
    }

    fn refused(&mut self, operation: u64, person: u64, millis: i64) {
        self.service(31001, operation, person, millis);
        self.domain(4724, person, millis + 250, MSOL, true);
        let text = "BAIL: 0x80230619 (a reason)".to_owned();
        self.server("ADSync", 6329, millis + 380, text);
        self.service(33008, operation, person, millis + 400);
        let reason = Some("hr=80230619, message=x.");
        self.record(Activity::Reset, person, millis + 900, reason);
    }

    fn run(&self, settings: Settings) -> (Vec<Operation>, Summary) {
        let mut correlator = Correlator::new(settings);
        for (number, input) in &self.inputs {
            let from = Provenance {
                source: SourceId(0),
                locator: Locator::Record(*number),
                observed_at: None,
                strength: Strength::Observed,
            };
            match input {
                Input::Event(event) => correlator.push_event(event, &from),
                Input::Audit(record) => correlator.push_audit(record, &from),
                Input::Set(set) => correlator.push_password_set(set, &from),
            }
        }
        let mut operations = Vec::new();
        let summary = correlator.finish(&mut |operation| operations.push(operation));
        (operations, summary)
    }
}

const MSOL: &str = "MSOL_0123456789ab";
const MINUTE: i64 = 60_000;

fn ids(operation: &Operation) -> Vec<u32> {
    let ids = operation.chain.iter();
    let mut ids: Vec<_> = ids.map(|link| link.event.unwrap_or_default()).collect();
    // Clocks are compared to a second or so: the order within one is not known.
    ids.sort_unstable();
    ids
}

#[test]
fn a_ticket_that_a_key_asked_for_proves_no_password() {
    let kinds = [("2", true), ("138", true), ("15", false), ("17", false)];
    for (kind, proves) in kinds {
        let mut story = Story::default();
        story.written(1, 1, 0);
        story.domain(4768, 1, MINUTE, "", false);
        if let Some((_, Input::Event(event))) = story.inputs.last_mut() {
            let name = Some("PreAuthType".into());
            let value = kind.into();
            event.data.push(EventDatum { name, value });
        }
        let (operations, _) = story.run(Settings::default());
        let signed_in = operations[0].stage(StageName::SignedIn);
        assert_eq!(signed_in.is_some(), proves, "{kind}");
    }
}

#[test]
fn a_reset_is_followed_through_clocks_that_differ_by_minutes() {
    let mut story = Story::skewed(200, -90);
    for operation in 0..8 {
        story.written(
            operation,
            operation,
            i64::try_from(operation).unwrap() * 7 * MINUTE,
        );
    }
    // Two attempts within a minute: neither pair alone tells which is which.
    story.refused(20, 9, 70 * MINUTE);
    story.written(21, 9, 70 * MINUTE + 20_000);
    let (operations, summary) = story.run(Settings::default());
    assert_eq!(operations.len(), 10);
    let refused = operations
        .iter()
        .find(|one| one.tracking_id == Some(tracking(20)))
        .unwrap();
    assert_eq!(refused.outcome, Outcome::Refused);
    assert_eq!(ids(refused), [0, 4724, 6329, 31001, 33008]);
    let written = operations
        .iter()
        .find(|one| one.tracking_id == Some(tracking(21)))
        .unwrap();
    assert_eq!(
        (written.kind, written.outcome),
        (Kind::Reset, Outcome::Written)
    );
    assert_eq!(ids(written), [0, 4724, 4738, 31001, 31002]);
    assert!(
        written
            .chain
            .iter()
            .all(|link| link.certainty != Certainty::Uncertain)
    );
    let set = written.chain.iter().find(|link| link.event == Some(4724));
    assert_eq!(set.map(|link| link.join), Some(Join::Account));
    let took = written.stage(StageName::Written).unwrap();
    assert!(took.matched && (-1000..1000).contains(&took.since.unwrap()));
    let controller = summary
        .skews
        .iter()
        .find(|skew| skew.host.as_deref() == Some("DC01.contoso.com"));
    let offset = controller.unwrap().offset.unwrap();
    // By the cloud's clock, and with the time that the record takes.
    assert!((offset - 290_000).abs() < 2_000, "{offset}");
    assert_eq!(summary.connectors[0].known, HowKnown::Name);
}

#[test]
fn the_domains_success_outranks_what_service_and_cloud_say() {
    let mut story = Story::default();
    story.service(31001, 1, 1, 0);
    story.domain(4724, 1, 200, MSOL, false);
    story.record(Activity::Reset, 1, 900, Some("Timeout"));
    let (operations, _) = story.run(Settings::default());
    assert_eq!(operations.len(), 1);
    assert_eq!(operations[0].outcome, Outcome::Written);
    assert_eq!(
        operations[0].notes,
        [Note::CloudDisagrees, Note::EndMissing]
    );
}

#[test]
fn what_the_cloud_alone_knows_is_cloud_only_where_the_servers_logs_reach() {
    use Outcome::{CloudOnly, Refused, Unknown, Written};
    let mut story = Story::default();
    story.written(1, 1, 0);
    story.record(Activity::AdminReset, 2, 10 * MINUTE, None);
    story.record(
        Activity::Reset,
        3,
        11 * MINUTE,
        Some("FuzzyPolicyViolationInvalidPassword"),
    );
    story.record(Activity::Reset, 4, 60 * MINUTE, None);
    story.written(5, 5, 20 * MINUTE);
    let (operations, _) = story.run(Settings::default());
    let outcomes: Vec<_> = operations.iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, [Written, CloudOnly, Refused, Written, Unknown]);
}

#[test]
fn passwords_that_others_set_are_listed_apart() {
    let mut story = Story::default();
    story.written(1, 1, 0);
    story.domain(4724, 1, 4 * MINUTE, "helpdesk", false);
    story.domain(4738, 1, 4 * MINUTE + 2, "helpdesk", false);
    story.domain(4723, 2, 5 * MINUTE, "user2", false);
    story.domain(4723, 2, 6 * MINUTE, "user2", true);
    story.add(Input::Set(PasswordSet {
        user: Some("user1@contoso.com".into()),
        at: at(4 * MINUTE),
        ..PasswordSet::default()
    }));
    let (operations, summary) = story.run(Settings::default());
    assert_eq!(operations.len(), 1);
    let told: Vec<_> = summary
        .outside
        .iter()
        .map(|set| (set.account.as_str(), set.by.as_deref(), set.event))
        .collect();
    assert_eq!(
        told,
        [
            ("USER1", Some("helpdesk"), Some(4724)),
            ("USER2", Some("USER2"), Some(4723))
        ]
    );
    assert_eq!(
        summary.outside[0].user.as_deref(),
        Some("User1@contoso.com")
    );
}

#[test]
fn an_account_that_writes_where_the_service_says_so_is_the_connector() {
    let mut story = Story::default();
    for operation in 0..5 {
        let millis = i64::try_from(operation).unwrap() * 20 * MINUTE;
        story.service(31001, operation, operation, millis);
        story.domain(4724, operation, millis + 200, "svc-sync", false);
        story.service(31002, operation, operation, millis + 400);
        story.domain(4724, operation, millis + 9 * MINUTE, "helpdesk", false);
    }
    let (operations, summary) = story.run(Settings::default());
    assert_eq!(operations.len(), 5);
    assert!(
        operations
            .iter()
            .all(|one| ids(one) == [4724, 31001, 31002])
    );
    assert_eq!(summary.connectors.len(), 1);
    assert_eq!(
        summary.connectors[0].known,
        HowKnown::Writes { matched: 5, all: 5 }
    );
    assert_eq!(summary.outside.len(), 5);
}

#[test]
fn an_unlock_is_known_by_the_domains_event_and_a_password_sets_its_time() {
    let mut story = Story::default();
    story.service(31001, 1, 1, 0);
    story.domain(4767, 1, 200, MSOL, false);
    story.service(31002, 1, 1, 400);
    story.written(2, 2, 10 * MINUTE);
    story.add(Input::Set(PasswordSet {
        account: Some("user2".into()),
        at: at(10 * MINUTE + 251),
        ..PasswordSet::default()
    }));
    let (operations, summary) = story.run(Settings::default());
    assert_eq!(
        (operations[0].kind, operations[0].unlock),
        (Kind::Unlock, Some(true))
    );
    assert_eq!(operations[1].context.len(), 1);
    assert_eq!(operations[1].context[0].provider, "pwdLastSet");
    assert!(summary.outside.is_empty());
}

#[test]
fn two_operations_that_may_have_an_event_both_show_it() {
    let mut story = Story::default();
    // Both of one person, at once, and the domain knows of one.
    story.service(31001, 1, 1, 0);
    story.service(31002, 1, 1, 400);
    story.service(31001, 2, 1, 300);
    story.service(31002, 2, 1, 700);
    story.domain(4724, 1, 350, MSOL, false);
    let (operations, _) = story.run(Settings::default());
    assert_eq!(operations.len(), 2);
    let (has, may): (Vec<_>, Vec<_>) = operations.iter().partition(|one| ids(one).contains(&4724));
    assert_eq!((has.len(), may.len()), (1, 1));
    let link = has[0]
        .chain
        .iter()
        .find(|link| link.event == Some(4724))
        .unwrap();
    assert_eq!(
        (link.certainty, &link.doubts[..1]),
        (Certainty::Uncertain, &[Doubt::Ambiguous][..])
    );
    assert_eq!(link.others, [may[0].tracking_id.unwrap()]);
    assert_eq!(may[0].context[0].event, Some(4724));
}

#[test]
fn servers_and_controllers_of_one_short_name_are_two_machines_and_a_short_name_of_one_is_it() {
    let mut story = Story::default();
    story.service(31001, 1, 1, 0);
    story.service(31002, 1, 1, 400);
    let short = |input: &Input| {
        let Input::Event(event) = input else {
            unreachable!()
        };
        Input::Event(WindowsEvent {
            computer: Some("aadc01".into()),
            ..event.clone()
        })
    };
    let copies: Vec<_> = story.inputs.iter().map(|(_, input)| short(input)).collect();
    for copy in copies {
        story.add(copy);
    }
    let (operations, summary) = story.run(Settings::default());
    assert_eq!(operations.len(), 1);
    assert_eq!(ids(&operations[0]), [31001, 31002]);
    assert_eq!((summary.repeated, summary.services.len()), (2, 1));
}

fn drawn() -> impl Strategy<Value = (Story, Vec<(u64, Input)>)> {
    let fates = proptest::collection::vec((0_u8..7, 0_u64..5, 2_000_i64..400_000), 1..25);
    let skews = (-140_i64..140, -140_i64..140);
    (fates, skews).prop_flat_map(|(fates, (controller, cloud))| {
        let mut story = Story::skewed(controller, cloud);
        let mut now = 0;
        for (number, (fate, person, gap)) in (0_u64..).zip(fates) {
            now += gap;
            match fate {
                0 | 1 => story.written(number, person, now),
                2 => story.refused(number, person, now),
                3 => story.service(31001, number, person, now),
                4 => story.record(Activity::Change, person, now, None),
                5 => story.domain(4724, person, now, MSOL, false),
                _ => story.domain(4724, person, now, "helpdesk", false),
            }
        }
        let all = story.inputs.clone();
        let again = proptest::sample::subsequence(all.clone(), 0..=all.len());
        (Just(story), Just(all), again).prop_flat_map(|(story, mut all, again)| {
            all.extend(again);
            (Just(story), Just(all).prop_shuffle())
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn order_and_repetition_never_change_what_is_found((story, shuffled) in drawn()) {
        let (operations, mut summary) = story.run(Settings::default());
        let repeated = shuffled.len() - story.inputs.len();
        let other = Story { inputs: shuffled, ..story };
        let (same, mut same_summary) = other.run(Settings::default());
        prop_assert_eq!(same_summary.repeated, repeated as u64);
        (summary.repeated, same_summary.repeated) = (0, 0);
        prop_assert_eq!(operations, same);
        prop_assert_eq!(summary, same_summary);
    }

    #[test]
    fn every_core_event_is_in_one_operation((story, _) in drawn()) {
        let connector = ConnectorAccount {
            name: Some(MSOL.into()),
            ..ConnectorAccount::default()
        };
        let (operations, _) = story.run(Settings {
            connectors: vec![connector],
            ..Settings::default()
        });
        let mut seen: Vec<u64> = operations
            .iter()
            .flat_map(|operation| &operation.chain)
            .filter_map(|link| match link.from.locator {
                Locator::Record(number) => Some(number),
                _ => None,
            })
            .collect();
        seen.sort_unstable();
        let core = |input: &Input| match input {
            Input::Event(event) => event.named("SubjectUserName") != Some("helpdesk"),
            Input::Audit(_) => true,
            Input::Set(_) => false,
        };
        let all: Vec<u64> = story
            .inputs
            .iter()
            .filter(|(_, input)| core(input))
            .map(|(number, _)| *number)
            .collect();
        prop_assert_eq!(seen, all);
    }
}

#[test]
fn what_the_cloud_says_is_the_cause_where_no_server_says_more() {
    let mut story = Story::skewed(0, 0);
    for operation in 0..8 {
        let millis = i64::try_from(operation).unwrap() * 7 * MINUTE;
        story.written(operation, operation, millis);
    }
    let banned = Some("FuzzyPolicyViolationInvalidPassword");
    story.record(Activity::Reset, 20, 80 * MINUTE, banned);
    story.service(31001, 30, 30, 90 * MINUTE);
    story.service(33008, 30, 30, 90 * MINUTE + 400);
    let general = Some("OnPremisesAdminActionRequired");
    story.record(Activity::Reset, 30, 90 * MINUTE + 900, general);
    story.record(Activity::Reset, 40, 100 * MINUTE, general);
    let (operations, _) = story.run(Settings::default());
    let of = |person: &str| {
        let mut operations = operations.iter();
        let one = operations.find(|one| {
            let user = one.person.user.as_deref();
            user.is_some_and(|user| user.eq_ignore_ascii_case(person))
        });
        one.map(|one| (one.outcome, one.cause.map(|cause| cause.key)))
    };
    let banned = (Outcome::Refused, Some("bannedPassword"));
    assert_eq!(of("User20@contoso.com"), Some(banned));
    let refused = (Outcome::Refused, Some("policyRefused"));
    assert_eq!(of("user30@contoso.com"), Some(refused));
    let failed = (Outcome::Failed, Some("adminActionRequired"));
    assert_eq!(of("User40@contoso.com"), Some(failed));
}

#[test]
fn a_record_of_the_cloud_is_not_of_an_attempt_that_began_after_it() {
    let mut story = Story::skewed(120, 30);
    for operation in 0..8 {
        let millis = i64::try_from(operation).unwrap() * 7 * MINUTE;
        story.written(operation, operation, millis);
    }
    // Refused in the cloud; then an attempt that was written, whose record is lost.
    let banned = Some("FuzzyPolicyViolationInvalidPassword");
    story.record(Activity::Reset, 20, 80 * MINUTE, banned);
    story.service(31001, 20, 20, 80 * MINUTE + 12_000);
    story.domain(4724, 20, 80 * MINUTE + 12_250, MSOL, false);
    story.service(31002, 20, 20, 80 * MINUTE + 12_400);
    let (operations, _) = story.run(Settings::default());
    let count = |outcome| {
        operations
            .iter()
            .filter(|one| one.outcome == outcome)
            .count()
    };
    assert_eq!((count(Outcome::Refused), count(Outcome::Written)), (1, 9));
}
