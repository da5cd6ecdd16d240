//! One event of an operation, and how it is known to belong there.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::events::SmolStr;
use crate::events::audit::Activity;
use crate::evidence::Provenance;

/// One event of an operation: of a Windows log, a record of the tenant's audit log, or the time
/// that the directory keeps of a person's last password.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// Who wrote it: a provider of Windows events, `Entra audit log`, or `pwdLastSet`.
    pub provider: &'static str,
    /// The event id, of an event of a Windows log.
    pub event: Option<u32>,
    /// What a record of the audit log is about.
    pub activity: Option<Activity>,
    /// When it was written, by the clock of the machine that wrote it.
    pub time: Option<DateTime<Utc>>,
    /// The same by the clock that all others are compared with, where the machine's own could be
    /// compared.
    pub corrected: Option<DateTime<Utc>>,
    /// The computer that wrote it.
    pub host: Option<SmolStr>,
    /// Its record number.
    pub record: Option<u64>,
    /// How it is known to belong here.
    pub join: Join,
    /// How certain that is.
    pub certainty: Certainty,
    /// What is uncertain about it.
    pub doubts: Vec<Doubt>,
    /// The tracking ids of other operations that it may belong to as well.
    pub others: Vec<Uuid>,
    /// The evidence it stands in.
    pub from: Provenance,
}

/// How an event is known to belong to an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Join {
    /// It is the first one.
    First,
    /// It carries the same tracking id.
    TrackingId,
    /// It names the same object of the cloud, at the same time.
    CloudAnchor,
    /// It names the same immutable id, at the same time.
    SourceAnchor,
    /// It names the same person, at the same time.
    Person,
    /// It names nobody, and lies within seconds on the same server, with the same result code.
    TimeAndCode,
    /// The connector account did it to the person's account, at the same time.
    Account,
    /// It belongs to the same flow in the cloud as the record that closes the operation.
    Flow,
    /// No other operation was under way on that server.
    Alone,
}

impl Join {
    /// What a join is worth when nothing is uncertain about it.
    pub const fn certainty(self) -> Certainty {
        match self {
            Self::First | Self::TrackingId => Certainty::Certain,
            _ => Certainty::Inferred,
        }
    }
}

/// How certain it is that an event belongs to an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Certainty {
    /// An id that both carry says so.
    Certain,
    /// Person, time and result say so, and no other operation comes into question.
    Inferred,
    /// So too, and something about it is in doubt: its doubts say what.
    Uncertain,
}

/// What is uncertain about an event of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Doubt {
    /// Another operation may have it as well: the nearest one has it among its events, the others
    /// show it beside theirs.
    Ambiguous,
    /// Its carrier tells a local time of an unknown zone.
    LocalTime,
    /// It has no time.
    NoTime,
    /// The clock of its machine could not be compared with the others'.
    ClockUnknown,
    /// The clock of its machine was set at about that time.
    ClockSet,
    /// The account name was made from the user principal name, and several people have it.
    SharedName,
    /// That the account is the connector account is itself inferred from few events.
    ConnectorUnsure,
}
