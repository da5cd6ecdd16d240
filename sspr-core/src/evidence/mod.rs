//! What every fact carries: where it came from, how strong it is, and, when it is absent, why.

mod attested;
#[cfg(any(feature = "graph", feature = "ldap"))]
pub(crate) mod folder;
mod known;
mod limits;
mod manifest;
mod progress;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize};

use crate::error::Error;

pub use attested::{ATTESTED_SCHEMA, Attested, AttestedFact, AttestedValue};
pub use known::{Claim, Gap, Known, Missing, Unknown};
pub use limits::Limits;
pub use manifest::{
    COLLECTION_STATE, Collector, MANIFEST_SCHEMA, Manifest, ManifestFile, ManifestTenant,
    NotAvailable, NotAvailableReason, Subject, SubjectType, UNFINISHED, is_inside,
};
pub use progress::{OnProgress, Progress, Stage};

/// How much a fact can be relied on. Later variants outweigh earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Strength {
    /// Concluded from something else.
    Inferred,
    /// A person's word.
    Attested,
    /// Exported by a person from the system of record (PowerShell output, portal JSON, templates).
    Exported,
    /// Read from the system of record (Graph answers, LDAP attributes, event records).
    Observed,
}

/// The number of a piece of evidence in the report's list `evidence`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceId(pub u32);

/// A place in an input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum Locator {
    /// The input as a whole.
    #[default]
    Whole,
    /// A line, counted from 1.
    Line(u64),
    /// A JSON pointer (RFC 6901), such as `/value/3/skuId`.
    Pointer(String),
    /// An event record id.
    Record(u64),
    /// A byte offset, counted from 0.
    Byte(u64),
    /// A path of XML elements, such as `saved-ma-configuration/ma-data/name`.
    Element(String),
    /// An attribute of a directory entry.
    Attribute {
        /// The distinguished name of the entry.
        dn: String,
        /// The attribute's LDAP name.
        attribute: String,
    },
    /// A request to a server, or the server.
    Request(String),
    /// A file inside a folder or archive, and the place in it.
    Within(String, Box<Locator>),
    /// A place in words, as a stored report states it.
    Stated(String),
}

impl Locator {
    /// This place, inside `file`.
    #[must_use]
    pub fn within(self, file: impl Into<String>) -> Self {
        Self::Within(file.into(), Box::new(self))
    }

    /// The member `name` of the JSON value at this place.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        let base = match self {
            Self::Pointer(base) => base.as_str(),
            _ => "",
        };
        let name = name.replace('~', "~0").replace('/', "~1");
        Self::Pointer(format!("{base}/{name}"))
    }
}

impl fmt::Display for Locator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("whole input"),
            Self::Line(line) => write!(f, "line {line}"),
            Self::Pointer(pointer) if pointer.is_empty() => f.write_str("top level"),
            Self::Pointer(pointer) => f.write_str(pointer),
            Self::Record(record) => write!(f, "record {record}"),
            Self::Byte(byte) => write!(f, "byte {byte}"),
            Self::Element(place) | Self::Request(place) | Self::Stated(place) => f.write_str(place),
            Self::Attribute { dn, attribute } => write!(f, "{attribute} of {dn}"),
            Self::Within(file, place) if **place == Self::Whole => f.write_str(file),
            Self::Within(file, place) => write!(f, "{file}: {place}"),
        }
    }
}

impl Serialize for Locator {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Locator {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::Stated)
    }
}

/// A value together with the place it was read from. What parsers return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Locator,
}

impl<T> At<T> {
    /// A value at a place.
    pub fn new(value: T, place: Locator) -> Self {
        Self { value, place }
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> At<U> {
        At {
            value: f(self.value),
            place: self.place,
        }
    }
}

/// What a parser found for one field. The four cases are different things and stay different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading<T> {
    /// The input does not have the field.
    Absent,
    /// The field is there, and null.
    Null(Locator),
    /// The field is there, and cannot be read.
    Bad(Error),
    /// The value.
    Value(At<T>),
}

/// The four cases by name: `{"state": "absent"}`, `{"state": "null", "place"}`,
/// `{"state": "bad", "error"}`, `{"state": "value", "value", "place"}`.
impl<T: Serialize> Serialize for Reading<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        match self {
            Self::Absent => fields.serialize_entry("state", "absent")?,
            Self::Null(place) => {
                fields.serialize_entry("state", "null")?;
                fields.serialize_entry("place", place)?;
            }
            Self::Bad(error) => {
                fields.serialize_entry("state", "bad")?;
                fields.serialize_entry("error", error)?;
            }
            Self::Value(At { value, place }) => {
                fields.serialize_entry("state", "value")?;
                fields.serialize_entry("value", value)?;
                fields.serialize_entry("place", place)?;
            }
        }
        fields.end()
    }
}

impl<T> Reading<T> {
    /// The value, if one was read.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(at) => Some(&at.value),
            _ => None,
        }
    }

    /// The value with its place, if one was read.
    pub fn found(self) -> Option<At<T>> {
        match self {
            Self::Value(at) => Some(at),
            _ => None,
        }
    }

    /// The same reading of another type.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Reading<U> {
        self.and_then(|value| Ok(f(value)))
    }

    /// The same reading of another type, unless `f` says what is wrong with the value.
    pub fn and_then<U>(self, f: impl FnOnce(T) -> Result<U, String>) -> Reading<U> {
        match self {
            Self::Absent => Reading::Absent,
            Self::Null(place) => Reading::Null(place),
            Self::Bad(error) => Reading::Bad(error),
            Self::Value(At { value, place }) => match f(value) {
                Ok(value) => Reading::Value(At { value, place }),
                Err(message) => Reading::Bad(Error::value(place, message)),
            },
        }
    }

    /// This reading, or the other one when the field is absent here.
    #[must_use]
    pub fn or(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Absent => other(),
            found => found,
        }
    }
}

/// Where a fact came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Provenance {
    /// Which piece of evidence.
    pub source: SourceId,
    /// Where in it.
    pub locator: Locator,
    /// When it was observed, if the content, the manifest or an option says so.
    pub observed_at: Option<DateTime<Utc>>,
    /// How strong it is.
    pub strength: Strength,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_four_cases_of_a_reading_are_spelled_apart() {
        let spelled = |reading: Reading<u32>| serde_json::to_value(reading).unwrap();
        let place = || Locator::Pointer("/a".into());
        assert_eq!(spelled(Reading::Absent), json!({"state": "absent"}));
        assert_eq!(
            spelled(Reading::Null(place())),
            json!({"state": "null", "place": "/a"})
        );
        assert_eq!(
            spelled(Reading::Value(At::new(7, place()))),
            json!({"state": "value", "value": 7, "place": "/a"})
        );
        let bad = spelled(Reading::Bad(Error::value(place(), "no number")));
        assert_eq!(bad.pointer("/error/message"), Some(&json!("no number")));
    }
}
