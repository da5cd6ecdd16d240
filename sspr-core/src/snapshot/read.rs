//! The kinds of evidence, and what reads each.
//!
//! A kind knows how to recognise itself by content and hands what it finds to an [`Intake`].

use std::io::{BufRead, Read};

use crate::carrier::json::{Object, Page};
use crate::error::Result;
use crate::evidence::Strength;
use crate::snapshot::{Facts, Origin};
use crate::time::local::Zone;

mod attested;
mod audit;
mod connect;
mod directory;
mod events;
mod gpo;
mod groups;
mod host;
mod kinds;
mod licensing;
mod people;
mod permissions;
mod policy;
mod tenant;
mod unused;

pub(super) use kinds::facts_of_kind;

/// Where readings go.
pub(crate) struct Intake<'a> {
    /// The facts so far.
    pub(crate) facts: &'a mut Facts,
    /// The evidence that is being read.
    pub(crate) origin: &'a Origin,
    /// What is known of the pages read so far.
    pub(crate) collection: Collection,
    /// The zone of times that come without one, where a person stated it.
    pub(crate) zone: Option<Zone>,
}

/// What is known of the pages of a collection in one input.
#[derive(Debug, Clone, Default)]
pub(crate) struct Collection {
    /// The last page names another one that is not in this input.
    pub(crate) open: bool,
    /// `@odata.count`, if a page states it.
    pub(crate) count: Option<u64>,
    /// Items read so far.
    pub(crate) items: u64,
}

impl Intake<'_> {
    /// Whether the collection is known to be whole: the manifest says so, or the input holds its
    /// last page and nothing shows that others are missing.
    pub(crate) fn complete(&self) -> bool {
        self.origin.complete.unwrap_or(
            !self.collection.open
                && self
                    .collection
                    .count
                    .is_none_or(|count| count <= self.collection.items),
        )
    }
}

/// Reads the objects of one kind out of one input.
pub(crate) trait ItemReader {
    /// One object.
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, pages: &[Page]);

    /// The end of the input: collections are handed over here.
    fn finish(&mut self, _into: &mut Intake<'_>) {}
}

impl<F: FnMut(&mut Intake<'_>, &Object<'_>, &[Page])> ItemReader for F {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, pages: &[Page]) {
        self(into, object, pages);
    }
}

/// A kind of JSON evidence.
pub(crate) struct JsonKind {
    /// Its name in the report.
    pub(crate) name: &'static str,
    /// How strong its facts are when the object is printed as the system of record prints it.
    /// In PowerShell's PascalCase they count as exported.
    pub(crate) strength: Strength,
    /// Whether an object is of this kind.
    pub(crate) matches: fn(&Object<'_>, &[Page]) -> bool,
    /// Starts reading one input.
    pub(crate) reader: fn() -> Box<dyn ItemReader>,
}

/// A kind of text evidence, in any encoding.
pub(crate) struct TextKind {
    /// Its name in the report.
    pub(crate) name: &'static str,
    /// How strong its facts are.
    pub(crate) strength: Strength,
    /// Whether an input is of this kind, by its first characters (at least 16 KiB, or all).
    pub(crate) matches: fn(head: &str) -> bool,
    /// Reads it; the text arrives as UTF-8. A returned error means that nothing more could be read.
    pub(crate) read: fn(&mut Intake<'_>, &mut dyn BufRead) -> Result<()>,
}

/// A kind of binary evidence.
pub(crate) struct BinaryKind {
    /// Its name in the report.
    pub(crate) name: &'static str,
    /// How strong its facts are.
    pub(crate) strength: Strength,
    /// Whether an input is of this kind, by its first bytes.
    pub(crate) matches: fn(head: &[u8]) -> bool,
    /// Reads it. A returned error means that nothing more could be read.
    pub(crate) read: fn(&mut Intake<'_>, &mut dyn Read) -> Result<()>,
}

/// All kinds of JSON evidence; the first that matches an object reads it.
pub(crate) const JSON: &[&[JsonKind]] = &[
    unused::JSON,
    audit::JSON,
    events::JSON,
    policy::JSON,
    tenant::JSON,
    licensing::JSON,
    groups::JSON,
    connect::JSON,
    host::JSON,
    gpo::JSON,
    permissions::JSON,
    directory::JSON,
    people::JSON,
];

/// All kinds of text evidence; the first that matches reads it.
pub(crate) const TEXT: &[&[TextKind]] = &[
    attested::TEXT,
    events::TEXT,
    audit::TEXT,
    connect::TEXT,
    host::TEXT,
    gpo::TEXT,
    permissions::TEXT,
    directory::TEXT,
];

/// All kinds of binary evidence; the first that matches reads it.
pub(crate) const BINARY: &[&[BinaryKind]] = &[events::BINARY, gpo::BINARY];

/// What is done when all evidence has been read, whatever its order was.
pub(crate) const FINISH: &[fn(&mut Facts)] = &[
    tenant::finish,
    groups::finish,
    people::finish,
    Facts::settle_servers,
    gpo::place,
    directory::finish,
    gpo::settle,
    permissions::finish,
    events::finish,
    audit::finish,
];
