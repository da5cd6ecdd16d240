//! What Windows logs say, folded while they were read.

mod fold;
mod told;
mod trips;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::error::Error;
use crate::events::causes::RootCause;
use crate::events::{HResult, OperationKind};
use crate::evidence::Provenance;
use crate::roundtrip::{Kind, Outcome};

pub(crate) use fold::LogKey;
pub use trips::{Confirmation, HourTally, Spread, TripFacts, Written};

/// The provider that says that a log was cleared.
pub(crate) const EVENT_LOG: &str = "Microsoft-Windows-Eventlog";

/// A success event: a password was written to the domain.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Proof {
    /// What was done.
    pub operation: OperationKind,
    /// When.
    pub at: DateTime<Utc>,
    /// For whom, as the event says.
    pub user: Option<String>,
    /// On which server.
    pub host: Option<String>,
    /// The event.
    pub from: Provenance,
}

/// What the Windows logs say.
#[derive(Debug, Clone, Default)]
pub struct EventFacts {
    /// The latest success of each kind.
    pub successes: Vec<Proof>,
    /// The logs, by host (without its domain, in lower case) and channel (in lower case).
    pub logs: BTreeMap<(String, String), LogFacts>,
    /// What the writeback service says of itself, by host without its domain, in lower case.
    pub services: BTreeMap<String, ServiceFacts>,
    /// Password operations in numbers.
    pub operations: OperationTally,
    /// Failures and refusals by root cause, by its key.
    pub failures: BTreeMap<&'static str, FailureGroup>,
    /// Refusals by the domain's policy (33008), the latest thousand, by time.
    pub policy_refusals: Vec<PersonAt>,
    /// Operations that began and never ended, the latest thousand, by time.
    pub unfinished: Vec<PersonAt>,
    /// What operations tell from end to end.
    pub trips: TripFacts,
    fold: fold::Fold,
}

/// A person at a time.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonAt {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, as the event says.
    pub user: Option<String>,
    /// On which server.
    pub host: Option<String>,
    /// The event.
    pub from: Provenance,
}

/// One log of one host; several exports of it count as one.
#[derive(Debug, Clone, Default)]
pub struct LogFacts {
    /// The host, as its events name it.
    pub host: String,
    /// The log's name.
    pub channel: String,
    /// The time of the earliest record.
    pub first: Option<DateTime<Utc>>,
    /// The time of the latest record.
    pub last: Option<DateTime<Utc>>,
    /// When it was exported, if the evidence says so.
    pub observed_at: Option<DateTime<Utc>>,
    /// Events of the catalogued providers.
    pub providers: BTreeMap<&'static str, u64>,
    /// Events about passwords in it (4723, 4724, 4738, 4767), of a domain controller's.
    pub password_events: u64,
    /// Events about sign-ins in it (4624, 4768, 4776).
    pub sign_ins: u64,
    /// When it was cleared (104, 1102).
    pub cleared: BTreeSet<DateTime<Utc>>,
    /// Records that could not be read, as far as they could be counted.
    pub lost: u64,
    /// The first fault of the evidence that comes first, with that evidence.
    pub first_fault: Option<(Provenance, Error)>,
    /// The evidence that comes first.
    pub from: Option<Provenance>,
}

impl LogFacts {
    /// How far the log reaches: to its export, or to its last record.
    pub fn end(&self) -> Option<DateTime<Utc>> {
        self.observed_at.max(self.last)
    }

    /// Events of a provider.
    pub fn count(&self, provider: &str) -> u64 {
        self.providers.get(provider).copied().unwrap_or_default()
    }
}

/// An event and its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// When.
    pub at: DateTime<Utc>,
    /// The event id.
    pub event: u32,
    /// The event.
    pub from: Provenance,
}

impl Mark {
    /// Later events win, and of two at the same time the one that was written later.
    fn is_later_than(&self, other: &Self) -> bool {
        (self.at, &self.from.locator, self.event) > (other.at, &other.from.locator, other.event)
    }
}

/// Errors of one sort.
#[derive(Debug, Clone, Default)]
pub struct ErrorTally {
    /// How many.
    pub count: u64,
    /// How many of each event id.
    pub by_id: BTreeMap<u32, u64>,
    /// The earliest.
    pub first: Option<Mark>,
    /// The latest.
    pub last: Option<Mark>,
}

/// What the writeback service of one host says of itself.
#[derive(Debug, Clone, Default)]
pub struct ServiceFacts {
    /// The host, as its events name it.
    pub host: String,
    /// The last start (31015) or stop (31016).
    pub last_word: Option<Mark>,
    /// The last heartbeat (31019).
    pub last_heartbeat: Option<Mark>,
    /// The last event that shows that the cloud was reached: a heartbeat, a start of the service,
    /// a request that arrived, a success.
    pub last_sign: Option<Mark>,
    /// The last on- or offboarding that ended, well or badly (31005, 31013, 31014, 32009, 32011, 32013).
    pub registration: Option<Mark>,
    /// The last time writeback was switched on (31005) or off (31013).
    pub last_switch: Option<Mark>,
    /// The last request that arrived from the cloud (31001, 31006, 31009).
    pub last_request: Option<Mark>,
    /// The last event that shows good keys and configuration (31005, 31018, a success).
    pub last_good_keys: Option<Mark>,
    /// Connectivity errors (31034, 31044, 32001, 32002, 32015).
    pub connectivity: ErrorTally,
    /// How many of these came after the last sign of a connection.
    pub connectivity_standing: u64,
    /// Key and configuration errors (32004, 32005, 32007, 32010).
    pub keys: ErrorTally,
}

/// Password operations in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OperationTally {
    /// Operations that only the cloud tells of, and that it does not call written: no attempts that a
    /// server is known to have made.
    pub in_cloud: u64,
    /// All attempts, by what was asked for.
    pub kinds: BTreeMap<Kind, u64>,
    /// All attempts, by how they ended.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// The earliest.
    pub first: Option<DateTime<Utc>>,
    /// The latest.
    pub last: Option<DateTime<Utc>>,
}

impl OperationTally {
    /// All attempts.
    pub fn attempts(&self) -> u64 {
        self.outcomes.values().sum()
    }

    /// Attempts that ended so.
    pub fn ended(&self, outcome: Outcome) -> u64 {
        self.outcomes.get(&outcome).copied().unwrap_or_default()
    }
}

/// Failures or refusals of one root cause.
#[derive(Debug, Clone)]
pub struct FailureGroup {
    /// The cause.
    pub cause: &'static RootCause,
    /// How many operations.
    pub count: u64,
    /// The user principal names of the people hit, in lower case.
    pub people: BTreeSet<String>,
    /// Operations whose events name nobody.
    pub nameless: u64,
    /// The ids of the events that say so.
    pub events: BTreeSet<u32>,
    /// The result codes they carry.
    pub codes: BTreeSet<HResult>,
    /// The earliest.
    pub first: Option<DateTime<Utc>>,
    /// The latest.
    pub last: Option<DateTime<Utc>>,
    /// The event of the latest.
    pub from: Provenance,
}

impl EventFacts {
    /// The latest success of any kind.
    pub fn last_success(&self) -> Option<&Proof> {
        self.successes.iter().max_by_key(|proof| proof.at)
    }

    /// The latest success of a self-service reset (31002).
    pub fn last_reset(&self) -> Option<&Proof> {
        self.successes
            .iter()
            .filter(|proof| proof.operation == OperationKind::Reset)
            .max_by_key(|proof| proof.at)
    }

    /// The last time writeback was switched on (`true`) or off at a server, with the server's key.
    pub fn last_switch(&self) -> Option<(&str, bool, &Mark)> {
        self.services
            .iter()
            .filter_map(|(host, service)| Some((host.as_str(), service.last_switch.as_ref()?)))
            .max_by_key(|(host, mark)| (mark.at, *host))
            .map(|(host, mark)| (host, mark.event == 31005, mark))
    }

    /// The Application log of a host, by its key.
    pub fn application_log(&self, host: &str) -> Option<&LogFacts> {
        self.logs.get(&(host.to_owned(), "application".to_owned()))
    }
}
