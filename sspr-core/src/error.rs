//! One error for everything that reads input: what went wrong, where, and what to try.

use serde::{Deserialize, Serialize};

use crate::evidence::Locator;

/// The result of reading something.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An input that could not be read, with the place in it.
///
/// Messages never hold the offending value when that could be a person's data or a secret: they
/// name the field, the rule and the limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{message} ({place})")]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Error {
    /// The kind of fault, stable for programs.
    pub code: ErrorCode,
    /// Where in the input.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub place: Locator,
    /// What was found and what was expected.
    pub message: String,
    /// What to try next, when something is known to help.
    pub help: Option<String>,
}

/// The kinds of fault that reading an input can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ErrorCode {
    /// The operating system refused to open or read.
    Io,
    /// The bytes are not text in any encoding that is read here.
    Encoding,
    /// The text does not follow the grammar of its form.
    Syntax,
    /// A value is missing, or of another kind than the field takes.
    Value,
    /// A value lies outside the range that its field allows.
    Range,
    /// The input ends before it should.
    Truncated,
    /// A stored checksum or hash differs from the content.
    Checksum,
    /// A limit on size, depth or count was reached.
    Limit,
    /// A path in an archive or manifest leaves its folder.
    UnsafePath,
    /// Nothing in the input is evidence that is known here.
    Unrecognised,
    /// The form is known, and this variant of it is not read.
    Unsupported,
    /// The caller asked to stop.
    Cancelled,
}

impl Error {
    /// An error at a place.
    pub fn new(code: ErrorCode, place: Locator, message: impl Into<String>) -> Self {
        Self {
            code,
            place,
            message: message.into(),
            help: None,
        }
    }

    /// Adds what to try next.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Grammar faults.
    pub fn syntax(place: Locator, message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Syntax, place, message)
    }

    /// A field that is missing or holds the wrong kind of value.
    pub fn value(place: Locator, message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Value, place, message)
    }

    /// A failure of the operating system. Errors that were raised by a reader of this library and
    /// travelled through [`std::io::Error`] come out as they were.
    pub fn io(place: Locator, error: std::io::Error) -> Self {
        match error.downcast::<Error>() {
            Ok(own) => own,
            Err(error) => Self::new(ErrorCode::Io, place, error.to_string()),
        }
    }
}

impl From<Error> for std::io::Error {
    fn from(error: Error) -> Self {
        std::io::Error::other(error)
    }
}
