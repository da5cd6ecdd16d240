//! What a watch tells.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// One thing that a watch tells, in a sentence and in fields.
///
/// Fields that a notice of its kind does not have are left out of its JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// The same for the same thing, however often it is told: by it a receiver knows a repetition.
    pub id: String,
    /// What it is about.
    pub kind: NoticeKind,
    /// How much it matters.
    pub weight: Weight,
    /// When it happened, by the clock of the log; of a silence, when it began.
    pub at: DateTime<Utc>,
    /// What happened.
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The computer that wrote the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computer: Option<String>,
    /// The log, such as `Application`, or the path of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// The person, by user principal name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The kind of the operation, such as `reset`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The id that the events of the operation share: what support asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_id: Option<String>,
    /// The event that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<u32>,
    /// The engine's result code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The key of the root cause, such as `accessDenied`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// How many: operations in the hour of a burst, records that were lost, seconds of a silence
    /// that ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// How many are usual in such an hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual: Option<u64>,
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NoticeKind {
    /// An operation failed, and an administrator has to mend something.
    Failure,
    /// The domain refused a password or an account.
    Refusal,
    /// An operation began a quarter of an hour ago by its log, and nothing ended it.
    Unfinished,
    /// The writeback service is in trouble, or was switched off.
    Service,
    /// The writeback service works again, or was switched on.
    Recovered,
    /// Many more operations, or failures, than are usual at this time of the day.
    Burst,
    /// A log got no record, or the service gave no sign of life, for longer than expected.
    Silence,
    /// A silence ended.
    SilenceOver,
    /// Something of a log could not be read, or was overwritten before it was read.
    Lost,
}

impl NoticeKind {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Refusal => "refusal",
            Self::Unfinished => "unfinished",
            Self::Service => "service",
            Self::Recovered => "recovered",
            Self::Burst => "burst",
            Self::Silence => "silence",
            Self::SilenceOver => "silenceOver",
            Self::Lost => "lost",
        }
    }
}

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Weight {
    /// Good to know.
    Information,
    /// To be looked at.
    Warning,
    /// To be mended.
    Error,
}

impl Notice {
    pub(super) fn new(
        kind: NoticeKind,
        weight: Weight,
        at: DateTime<Utc>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            id: String::new(),
            kind,
            weight,
            at,
            message: message.into(),
            next: None,
            computer: None,
            log: None,
            user: None,
            operation: None,
            tracking_id: None,
            event: None,
            code: None,
            cause: None,
            count: None,
            usual: None,
        }
    }

    /// Gives it its id, from what makes it this notice and no other.
    pub(super) fn about(mut self, parts: &[&str]) -> Self {
        self.id = digest([self.kind.name()].iter().chain(parts));
        self
    }
}

/// Sixteen digits for some texts.
pub(super) fn digest<'t>(parts: impl IntoIterator<Item = &'t &'t str>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    let digest = hasher.finalize();
    crate::snapshot::hex(digest.get(..8).unwrap_or_default())
}
