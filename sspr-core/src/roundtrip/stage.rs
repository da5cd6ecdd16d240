//! The stages of an operation, and the time between them.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// A stage that an operation reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stage {
    /// Which.
    pub name: StageName,
    /// When, by the clock that all others are compared with.
    pub at: DateTime<Utc>,
    /// Milliseconds since the stage before it. They may be negative where clocks differ by less
    /// than can be told.
    pub since: Option<i64>,
    /// Both times come from one clock, or from clocks that could be compared.
    pub matched: bool,
}

/// The stages of an operation, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum StageName {
    /// The last step of the person's flow in the cloud before the request went out.
    Requested,
    /// The request reached the server.
    Arrived,
    /// A domain controller set the password, unlocked the account, or refused to.
    Written,
    /// The server answered the cloud.
    Answered,
    /// The cloud closed the operation.
    Closed,
    /// The new password's hash reached the cloud.
    Synchronised,
    /// Somebody signed in with the account.
    SignedIn,
}

impl StageName {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Arrived => "arrived",
            Self::Written => "written",
            Self::Answered => "answered",
            Self::Closed => "closed",
            Self::Synchronised => "synchronised",
            Self::SignedIn => "signedIn",
        }
    }
}
