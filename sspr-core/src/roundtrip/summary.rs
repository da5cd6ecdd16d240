//! What the correlator tells beside operations.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::ConnectorAccount;
use crate::evidence::Provenance;

/// What the correlator tells beside operations.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// How the clocks differ, by machine.
    pub skews: Vec<Skew>,
    /// The accounts that write passwords into the domain, and how that is known.
    pub connectors: Vec<Connector>,
    /// Passwords that were set in the domain by others, by time.
    pub outside: Vec<DomainSet>,
    /// What each writeback service says of itself, by machine.
    pub services: Vec<Service>,
    /// Events that were delivered again.
    pub repeated: u64,
    /// Events that came after the operations of their time had left: see `Settings::hold`.
    pub late: u64,
}

/// How one clock differs from the one that all are compared with.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Skew {
    /// The machine; `None` for the cloud.
    pub host: Option<String>,
    /// It is the clock that all others are compared with.
    pub reference: bool,
    /// How far it is ahead, in milliseconds; half of the time it was less. `None` where no pair of
    /// events could be compared.
    pub offset: Option<i64>,
    /// The least and the most over the whole time, in milliseconds.
    pub range: Option<(i64, i64)>,
    /// Half of the pairs lie within so many milliseconds of the offset at their time.
    pub spread: i64,
    /// How many pairs of events were compared.
    pub pairs: u64,
    /// When the clock was set, as far as the pairs tell.
    pub steps: Vec<ClockStep>,
}

/// A clock was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClockStep {
    /// The last pair before it.
    pub after: DateTime<Utc>,
    /// The first pair after it.
    pub before: DateTime<Utc>,
    /// How far it was moved, in milliseconds.
    pub by: i64,
}

/// An account that writes passwords into the domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Connector {
    /// Which.
    pub account: ConnectorAccount,
    /// How it is known.
    pub known: HowKnown,
}

/// How an account is known to be the connector account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum HowKnown {
    /// Evidence says so.
    Stated,
    /// Its name begins with `MSOL_`, `AAD_` or `pGMSA_`.
    Name,
    /// It set passwords where and when the service said that it had: in so many cases of so many.
    #[serde(rename_all = "camelCase")]
    Writes {
        /// Passwords that it set beside an operation.
        matched: u64,
        /// All passwords that it set.
        all: u64,
    },
}

/// A password that was set in the domain, and not by writeback.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DomainSet {
    /// When, by the domain controller's own clock.
    pub at: DateTime<Utc>,
    /// The account.
    pub account: String,
    /// Its domain.
    pub domain: Option<String>,
    /// Whose it is, where a list or an operation tells.
    pub user: Option<String>,
    /// Who set it; the person's own account for a change.
    pub by: Option<String>,
    /// The event id; `None` where only the directory's `pwdLastSet` tells.
    pub event: Option<u32>,
    /// The domain controller.
    pub host: Option<String>,
    /// The evidence.
    pub from: Provenance,
}

/// What the writeback service of one machine says of itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// The machine.
    pub host: Option<String>,
    /// How many heartbeats (31019).
    pub heartbeats: u64,
    /// Stretches without one, while neighbours were there: longer than three of its usual
    /// intervals, and than 15 minutes. The longest hundred, by time.
    pub gaps: Vec<Gap>,
    /// The times when it ran: from a start (31015), or the first sign of it, to a stop (31016), or
    /// the last sign. By time; the last hundred.
    pub up: Vec<Gap>,
    /// Milliseconds that it ran.
    pub up_milliseconds: i64,
    /// Milliseconds between its first and its last event.
    pub seen_milliseconds: i64,
}

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// From.
    pub from: DateTime<Utc>,
    /// To.
    pub to: DateTime<Utc>,
}
