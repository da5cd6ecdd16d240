//! What logs and audit records say, folded while they were read.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::events::OperationKind;
use crate::evidence::Provenance;

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
}

/// What the tenant's audit log says.
#[derive(Debug, Clone, Default)]
pub struct AuditFacts {
    /// Writeback was enabled (`true`) or disabled for the directory, the latest last.
    pub switched: Vec<(DateTime<Utc>, bool, Provenance)>,
}
