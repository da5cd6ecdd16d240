//! The event logs.

use chrono::{DateTime, Duration, Utc};
use sspr_tests::evtx_writer::{EvtxEvent, write};
use uuid::Uuid;

use super::server::NAMESPACE;
use super::tenant::{CONNECTOR_ACCOUNT, Person, Tenant, before, id};

const SERVICE: &str = "PasswordResetService";
const ENGINE: &str = "ADSync";

/// What was asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Reset,
    Change,
    AdminReset,
}

/// What came of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    /// The domain's password policy refused it.
    Policy,
    /// The connector account lacks rights.
    Denied,
}

/// One password operation.
pub(super) struct Operation {
    pub(super) at: DateTime<Utc>,
    pub(super) tracking: Uuid,
    pub(super) user: String,
    pub(super) kind: Kind,
    pub(super) outcome: Outcome,
}

/// Numbers that look random and never change.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `limit`.
    pub(super) fn roll(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// So many operations that worked, spread over the last days, in working hours.
pub(super) fn everyday(
    tenant: &Tenant,
    count: usize,
    dice: &mut Dice,
    able: impl Fn(&Person) -> bool,
) -> Vec<Operation> {
    let people: Vec<_> = tenant
        .people
        .iter()
        .filter(|person| {
            person.synced() && person.enabled && tenant.in_scope(person) && able(person)
        })
        .collect();
    let mut operations = Vec::new();
    for number in 0..count {
        let day = 1 + i64::try_from(number * 27 / count).unwrap_or_default();
        let minutes = i64::try_from(dice.roll(8 * 60)).unwrap_or_default();
        let Some(person) =
            people.get(usize::try_from(dice.roll(people.len() as u64)).unwrap_or_default())
        else {
            continue;
        };
        operations.push(Operation {
            at: before(tenant, day, 0, 0) + Duration::minutes(minutes) + Duration::seconds(17),
            tracking: id(0x5abc, 0x10, number),
            user: person.name.clone(),
            kind: match number % 6 {
                0..=3 => Kind::Reset,
                4 => Kind::Change,
                _ => Kind::AdminReset,
            },
            outcome: Outcome::Done,
        });
    }
    operations
}

/// Dates everybody's password by the last operation that worked.
pub(super) fn settle(tenant: &mut Tenant, operations: &[Operation]) {
    for operation in operations
        .iter()
        .filter(|operation| operation.outcome == Outcome::Done)
    {
        for person in &mut tenant.people {
            if person.name == operation.user {
                person.password_set = person.password_set.max(operation.at);
            }
        }
    }
}

/// The Application log of the active Entra Connect server.
pub(super) fn application(
    tenant: &Tenant,
    host: &str,
    operations: &[Operation],
    blip: Option<DateTime<Utc>>,
) -> Vec<u8> {
    let mut log = Log {
        host,
        events: Vec::new(),
    };
    log.onboarding(before(tenant, 30, 0, 50));
    let mut at = before(tenant, 29, 23, 0);
    while at < before(tenant, 0, 1, 0) {
        log.heartbeat(at);
        at += Duration::hours(6);
    }
    for minutes in (2..60).step_by(5) {
        log.heartbeat(before(tenant, 0, 0, minutes));
    }
    for operation in operations {
        log.operation(tenant, operation);
    }
    if let Some(at) = blip {
        log.add(SERVICE, 31034, 2, at, format!("TrackingId: {}, The connection to the connect service was lost. Namespace: {NAMESPACE}, Details: Version: 5.0.523.0", id(0x5abc, 0x11, 1)));
        log.heartbeat(at + Duration::minutes(5));
    }
    log.finish()
}

/// The Security log of a domain controller: the resets that the connector account made.
pub(super) fn security(tenant: &Tenant, host: &str, operations: &[Operation]) -> Vec<u8> {
    let mut events: Vec<_> = operations
        .iter()
        // A reset that is denied leaves no trace there; one that the policy refuses does.
        .filter(|operation| operation.outcome != Outcome::Denied)
        .map(|operation| security_event(tenant, host, operation))
        .collect();
    events.sort_by_key(|event| event.time);
    write(&events, 812_001)
}

fn security_event(tenant: &Tenant, host: &str, operation: &Operation) -> EvtxEvent {
    let (event, keywords) = match (operation.kind, operation.outcome) {
        (Kind::Change, Outcome::Done) => (4723, 0x8020_0000_0000_0000),
        (Kind::Change, _) => (4723, 0x8010_0000_0000_0000),
        (_, Outcome::Done) => (4724, 0x8020_0000_0000_0000),
        (_, _) => (4724, 0x8010_0000_0000_0000),
    };
    let number = tenant
        .people
        .iter()
        .position(|person| person.name == operation.user)
        .unwrap_or_default();
    let account = CONNECTOR_ACCOUNT;
    let named = |name: &str, value: String| (Some(name.to_owned()), value);
    EvtxEvent {
        provider: "Microsoft-Windows-Security-Auditing".into(),
        provider_as_value: true,
        id: event,
        qualifiers: 0,
        level: 0,
        keywords,
        record: None,
        time: operation.at + Duration::milliseconds(310),
        channel: "Security".into(),
        computer: host.into(),
        data: vec![
            named("TargetUserName", operation.user.clone()),
            named("TargetDomainName", tenant.netbios()),
            named(
                "TargetSid",
                format!(
                    "S-1-5-21-1004336348-1177238915-682003330-{}",
                    1_100 + number
                ),
            ),
            named(
                "SubjectUserSid",
                "S-1-5-21-1004336348-1177238915-682003330-1099".into(),
            ),
            named("SubjectUserName", account.into()),
            named("SubjectDomainName", tenant.netbios()),
            named("SubjectLogonId", "0x3e7a1".into()),
        ],
    }
}

struct Log<'a> {
    host: &'a str,
    events: Vec<EvtxEvent>,
}

impl Log<'_> {
    fn add(&mut self, provider: &str, event: u16, level: u8, at: DateTime<Utc>, message: String) {
        let mut event = EvtxEvent::new(provider, event, self.host, at, message);
        event.level = level;
        self.events.push(event);
    }

    fn onboarding(&mut self, at: DateTime<Utc>) {
        let steps = [
            (31017, "Auth token was acquired successfully."),
            (31004, "OnboardingEventStart"),
            (31018, "KeyPairCreationSuccess"),
            (31005, "OnboardingEventSuccess"),
            (31015, "WriteBackServiceStarted"),
        ];
        for (index, (event, text)) in (0..).zip(steps) {
            let message = format!(
                "TrackingId: {}, {text}, Details: Version: 5.0.523.0",
                id(0x5abc, 0x12, 1)
            );
            self.add(SERVICE, event, 4, at + Duration::seconds(index), message);
        }
    }

    fn heartbeat(&mut self, at: DateTime<Utc>) {
        let message = format!(
            "TrackingId: {}, Successfully sent a request to Service Bus. Namespace: {NAMESPACE}, Details: Version: 5.0.523.0",
            id(
                0x5abc,
                0x13,
                usize::try_from(at.timestamp()).unwrap_or_default()
            )
        );
        self.add(SERVICE, 31019, 4, at, message);
    }

    fn operation(&mut self, tenant: &Tenant, operation: &Operation) {
        let Some(person) = tenant.person(&operation.user) else {
            return;
        };
        let (at, tracking) = (operation.at, operation.tracking);
        let (start, done, word) = match operation.kind {
            Kind::Reset => (31001, 31002, "PasswordReset"),
            Kind::Change => (31006, 31007, "ChangePassword"),
            Kind::AdminReset => (31009, 31010, "ResetUserPasswordByAdmin"),
        };
        let request = if operation.kind == Kind::AdminReset {
            ""
        } else {
            "Request"
        };
        self.add(
            SERVICE,
            start,
            4,
            at,
            format!(
                "TrackingId: {tracking}, {word}{request}Start, Details: {}",
                person.upn
            ),
        );
        let anchor = format!(
            "cloudAnchor: User_{}, SourceAnchorValue: F39SWQrM2EidaboN8UC8Ww==",
            person.id
        );
        let context = match operation.kind {
            Kind::AdminReset => format!(
                "{anchor}, AdminUpn: admin@{}, UserPrincipalName: {}, ForcePasswordChange: True",
                tenant.domain(),
                person.upn
            ),
            Kind::Reset => format!(
                "{anchor}, UserPrincipalName: {}, unblockUser: True",
                person.upn
            ),
            Kind::Change => format!("{anchor}, UserPrincipalName: {}", person.upn),
        };
        for (index, (event, text)) in (1..).zip([
            (405, "ldap_bind succeeded."),
            (403, "LogonUser succeeded."),
            (405, "ldap_bind succeeded."),
        ]) {
            self.add(
                ENGINE,
                event,
                4,
                at + Duration::milliseconds(60 * index),
                text.to_owned(),
            );
        }
        let end = at + Duration::milliseconds(420);
        if operation.outcome == Outcome::Done {
            self.add(
                SERVICE,
                done,
                4,
                end,
                format!("TrackingId: {tracking}, {word}Success, Details: Context: {context}"),
            );
            return;
        }
        let (event, hr, text) = if operation.outcome == Outcome::Policy {
            (
                33008,
                "80230619",
                "A restriction prevents the password from being changed to the current one specified.",
            )
        } else {
            (
                33004,
                "80230626",
                "The password could not be updated because the management agent credentials were denied access.",
            )
        };
        let engine = format!(
            "An unexpected error has occurred during a password set operation.\n\"BAIL: MMS(4912): ..\\server.cpp(11139): 0x{hr} ({text})\nAzure AD Sync 2.5.79.0\""
        );
        self.add(ENGINE, 6329, 2, end - Duration::milliseconds(20), engine);
        let reason = format!("Synchronization Engine returned an error hr={hr}, message={text}");
        let message = format!(
            "TrackingId: {tracking}, Reason: {reason}, Context: {context}, Details: Microsoft.CredentialManagement.OnPremisesPasswordReset.Shared.PasswordResetException: {reason}\n   at AADPasswordReset.SynchronizationEngineManagedHandle.ThrowSyncEngineError(Int32 hr)"
        );
        self.add(SERVICE, event, 2, end, message);
    }

    fn finish(mut self) -> Vec<u8> {
        self.events.sort_by_key(|event| event.time);
        write(&self.events, 40_001)
    }
}
