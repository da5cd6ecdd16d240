//! Evidence in, facts out: opening files, folders, archives and streams, recognising what they
//! hold, and keeping every fact with where it came from.

pub mod facts;
mod follow;
mod intake;
mod open;
mod read;

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::evidence::{SourceId, Subject};
pub use facts::Facts;
pub(crate) use follow::hex;
pub use follow::{Change, Changed, Followed, Follower, Followings, Position};
pub use intake::{Faults, Origin};
pub use open::{
    Input, LogRead, LogRecord, LogsRead, OnRecord, OperationsRead, ReadOptions, read_logs,
    read_operations, read_support,
};

/// Everything that was read about one tenant. It can be shared between threads.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// The facts.
    pub facts: Facts,
    /// What was read, in a fixed order. A [`SourceId`] is an index into this list.
    pub evidence: Vec<Evidence>,
    /// What gave nothing.
    pub skipped: Vec<Skipped>,
}

const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<Snapshot>();
};

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Evidence {
    /// Its number.
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub source: SourceId,
    /// The file's path as it was given, or a name for a stream.
    pub name: String,
    /// What it was recognised as, such as `users` or `applicationLog`.
    pub kinds: Vec<Cow<'static, str>>,
    /// Whom or what it is about, where the manifest says so.
    pub subject: Option<Subject>,
    /// When it was observed, where content, manifest or an option says so.
    pub observed_at: Option<DateTime<Utc>>,
    /// How many items it holds.
    pub items: u64,
    /// Its size in bytes.
    pub bytes: u64,
    /// Recognised, and read by no rule.
    pub unused: bool,
    /// A remark for the reader.
    pub note: Option<String>,
    /// What could not be read of it.
    pub lost: Option<Lost>,
}

/// What could not be read of a piece of evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Lost {
    /// How many items, lines, records or fields.
    pub count: u64,
    /// How many bytes, if known.
    pub bytes: Option<u64>,
    /// The first fault, with its place.
    pub first: Error,
}

/// An input that gave nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Skipped {
    /// The file's path as it was given, or a name for a stream.
    pub name: String,
    /// Why.
    pub reason: Error,
}
