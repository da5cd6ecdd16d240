//! Events of password writeback and the records that go with them, whatever carries them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An event of a Windows log, as far as its carrier tells.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WindowsEvent {
    /// The provider, such as `PasswordResetService`.
    pub provider: String,
    /// The event id without its qualifiers.
    pub id: u32,
    /// The record number in its log.
    pub record: Option<u64>,
    /// When it was written.
    pub time: Option<DateTime<Utc>>,
    /// The computer that wrote it.
    pub computer: Option<String>,
    /// The log, such as `Application`.
    pub channel: Option<String>,
    /// 1 critical, 2 error, 3 warning, 4 information, 0 as the provider likes.
    pub level: Option<u8>,
    /// Keywords; success and failure of an audit stand here.
    pub keywords: Option<u64>,
    /// The data strings, with their names where the provider gives them.
    pub data: Vec<EventDatum>,
    /// The rendered text, in the language of the machine that rendered it.
    pub message: Option<String>,
}

/// One data string of an event.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventDatum {
    /// Its name, where the provider gives one.
    pub name: Option<String>,
    /// Its text.
    pub value: String,
}

/// The kinds of password operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum OperationKind {
    /// A user who forgot the password.
    Reset,
    /// A user who knows the old password.
    Change,
    /// An administrator for a user, or a change in My Sign-Ins without the old password.
    AdminReset,
    /// An unlock without a new password.
    Unlock,
}
