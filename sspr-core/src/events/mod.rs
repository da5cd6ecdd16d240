//! Events of password writeback and the records that go with them, whatever carries them.
//!
//! [`LogReader`] gives the events of a log in any form, [`read_evtx`] and [`read_xml`] stream one form, [`Message`] takes the fields out of an event's text,
//! [`catalogue`] says what an event means, [`causes`] what is behind a failure and what helps, and
//! [`audit`] reads the tenant's own records.
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use sspr::events::{LogItem, Message, causes, read_xml};
//!
//! let log = "<Event><System><Provider Name='PasswordResetService'/><EventID>33004</EventID>\
//!     <TimeCreated SystemTime='2026-11-20T08:00:00Z'/></System><EventData><Data>Reason: \
//!     Synchronization Engine returned an error hr=80230626, message=Denied., Context: \
//!     UserPrincipalName: jdoe@contoso.com, Details: x</Data></EventData></Event>";
//! read_xml(log.as_bytes(), &mut |item| {
//!     if let LogItem::Event(event) = item {
//!         let text = event.value.text();
//!         let message = Message::parse(&text);
//!         let cause = causes::of_event(&event.value, &message);
//!         assert_eq!(message.person(), Some("jdoe@contoso.com"));
//!         assert_eq!(cause.map(|cause| cause.key), Some("accessDenied"));
//!     }
//!     ControlFlow::Continue(())
//! })?;
//! # Ok::<(), sspr::Error>(())
//! ```

#[cfg(feature = "arrow")]
pub mod arrow;
pub mod audit;
pub mod catalogue;
pub mod causes;
pub(crate) mod csv;
pub(crate) mod event_text;
pub mod evtx;
mod forms;
mod hresult;
pub(crate) mod json;
mod log;
mod message;
mod outcome;
pub(crate) mod output;
mod security;
pub(crate) mod xml;

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use audit::AuditRecord;
pub use evtx::{EvtxOptions, EvtxSummary, is_evtx, read_evtx, read_evtx_with};
pub use hresult::HResult;
pub use log::{Filter, LogOptions, LogReader, read_log, read_log_with};
pub use message::{Message, StackOperation};
pub use outcome::EventOutcome;
/// A text that takes no memory of its own where it is short, and is copied at once where it is long.
pub use smol_str::SmolStr;
pub use xml::{is_event_xml, parse_event, read_xml};

use crate::error::Error;
use crate::evidence::At;

/// What a reader of logs hands over.
#[derive(Debug, Clone, PartialEq)]
pub enum LogItem {
    /// An event and its place: its record number, or its line.
    Event(Box<At<WindowsEvent>>),
    /// A record of the tenant's own audit log; it knows its place.
    Audit(Box<AuditRecord>),
    /// Records that stand in the log, whether they were decoded or not.
    Span(RecordSpan),
    /// Something that could not be read.
    Fault {
        /// What and where.
        error: Error,
        /// How many records were lost by it, if known.
        records: Option<u64>,
        /// How many bytes were lost by it, if known.
        bytes: Option<u64>,
    },
}

impl From<At<WindowsEvent>> for LogItem {
    fn from(event: At<WindowsEvent>) -> Self {
        Self::Event(Box::new(event))
    }
}

/// A run of records of one log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordSpan {
    /// How many.
    pub records: u64,
    /// The time of the earliest.
    pub first: DateTime<Utc>,
    /// The time of the latest.
    pub last: DateTime<Utc>,
}

/// An event of a Windows log, as far as its carrier tells.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WindowsEvent {
    /// The provider, such as `PasswordResetService`.
    pub provider: SmolStr,
    /// The event id without its qualifiers.
    pub id: u32,
    /// The record number in its log.
    pub record: Option<u64>,
    /// When it was written.
    pub time: Option<DateTime<Utc>>,
    /// The time cannot be relied on, and neither can joins on it. The carrier gives a local time
    /// without saying of which zone, and nobody stated the zone: `time` is that local time, taken for UTC. Or
    /// the hour is one that the clocks of the stated zone strike twice, or leave out; or day
    /// and month may stand the other way round.
    #[serde(default, skip_serializing_if = "is_false")]
    pub local_time: bool,
    /// The computer that wrote it.
    pub computer: Option<SmolStr>,
    /// The log, such as `Application`.
    pub channel: Option<SmolStr>,
    /// 1 critical, 2 error, 3 warning, 4 information, 0 as the provider likes.
    pub level: Option<u8>,
    /// Keywords; success and failure of an audit stand here.
    pub keywords: Option<u64>,
    /// The data strings, with their names where the provider gives them.
    pub data: Vec<EventDatum>,
    /// The rendered text, in the language of the machine that rendered it.
    pub message: Option<String>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the form that serde calls it in"
)]
fn is_false(value: &bool) -> bool {
    !value
}

impl WindowsEvent {
    /// The event's own text: its unnamed data strings, which no language changes, else the
    /// rendered message.
    pub fn text(&self) -> Cow<'_, str> {
        let mut strings = self
            .data
            .iter()
            .filter(|datum| datum.name.is_none() && !datum.value.trim().is_empty())
            .map(|datum| datum.value.as_str());
        match (strings.next(), strings.next()) {
            (None, _) => Cow::Borrowed(self.message.as_deref().unwrap_or_default()),
            (Some(only), None) => Cow::Borrowed(only),
            (Some(first), Some(second)) => {
                let mut text = format!("{first}\n{second}");
                for more in strings {
                    text.push('\n');
                    text.push_str(more);
                }
                Cow::Owned(text)
            }
        }
    }

    /// The data string of a name.
    pub fn named(&self, name: &str) -> Option<&str> {
        self.data
            .iter()
            .find(|datum| datum.name.as_deref() == Some(name))
            .map(|datum| datum.value.as_str())
    }
}

/// One data string of an event.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventDatum {
    /// Its name, where the provider gives one.
    pub name: Option<SmolStr>,
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
