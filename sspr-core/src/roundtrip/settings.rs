//! What the correlator is told beside events.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the correlator knows beforehand, and its bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Who the people are, as far as lists tell.
    pub people: Vec<PersonFacts>,
    /// The accounts that write passwords into the domain. Where the list is empty they are
    /// inferred.
    pub connectors: Vec<ConnectorAccount>,
    /// How far two clocks may differ; 5 minutes.
    pub skew: TimeDelta,
    /// How long after a write the hash synchronisation and the sign-ins that follow it are looked
    /// for; 24 hours.
    pub follow: TimeDelta,
    /// How many events are held at most; 2,000,000, which take some 400 MB. Beyond it the half
    /// that lies farthest from the present event is joined and leaves.
    pub hold: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            people: Vec::new(),
            connectors: Vec::new(),
            skew: TimeDelta::minutes(5),
            follow: TimeDelta::hours(24),
            hold: 2_000_000,
        }
    }
}

/// What a list tells of one person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PersonFacts {
    /// The user principal name.
    pub user: String,
    /// The account name in the domain (`sAMAccountName`).
    pub account: Option<String>,
    /// The domain's short name.
    pub domain: Option<String>,
    /// The id of the object in the cloud.
    pub object_id: Option<Uuid>,
    /// The immutable id, in base 64.
    pub source_anchor: Option<String>,
}

/// When the directory says that a person's password was set (`pwdLastSet`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PasswordSet {
    /// The user principal name, if known.
    pub user: Option<String>,
    /// The account name, if known.
    pub account: Option<String>,
    /// The domain, if known.
    pub domain: Option<String>,
    /// The time.
    pub at: DateTime<Utc>,
}

/// An account that writes passwords into the domain for the writeback service.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConnectorAccount {
    /// The account name, such as `MSOL_0123456789ab`.
    pub name: Option<String>,
    /// The domain's short name.
    pub domain: Option<String>,
    /// The security identifier, such as `S-1-5-21-1-2-3-1105`.
    pub sid: Option<String>,
}
