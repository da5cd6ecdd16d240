//! Turning a parser's readings into facts with their provenance.

use std::cell::{Cell, RefCell};

use chrono::{DateTime, Utc};

use crate::error::Error;
use crate::evidence::{At, Gap, Known, Locator, Provenance, Reading, SourceId, Strength, Subject};

/// The faults met in one piece of evidence: all are counted, the first is kept.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// How many.
    pub count: u64,
    /// How many bytes were lost, if known.
    pub bytes: Option<u64>,
    /// The first.
    pub first: Option<Error>,
}

impl Faults {
    /// Counts a fault.
    pub fn add(&mut self, error: Error) {
        self.count += 1;
        self.first.get_or_insert(error);
    }
}

/// The piece of evidence that is being read.
#[derive(Debug)]
pub struct Origin {
    /// Its number.
    pub source: SourceId,
    /// Its name.
    pub name: String,
    /// When it was observed, as the manifest or an option says. A reader that finds the time in
    /// the content replaces it before it claims anything.
    pub observed_at: Cell<Option<DateTime<Utc>>>,
    /// How strong the facts are that are being read.
    pub strength: Cell<Strength>,
    /// Whom or what it is about, where the manifest says so.
    pub subject: Option<Subject>,
    /// Whether the manifest says that the collection is whole.
    pub complete: Option<bool>,
    /// What went wrong so far.
    pub faults: RefCell<Faults>,
}

impl Origin {
    /// The provenance of a fact at a place.
    pub fn at(&self, locator: Locator) -> Provenance {
        Provenance {
            source: self.source,
            locator,
            observed_at: self.observed_at.get(),
            strength: self.strength.get(),
        }
    }

    /// Records what a parser found for a fact. Absent fields leave no trace; a null, and a value
    /// that cannot be read, leave the reason, and the latter is counted as lost.
    pub fn claim<T>(&self, fact: &mut Known<T>, reading: Reading<T>) {
        match reading {
            Reading::Absent => {}
            Reading::Null(_) => fact.note_gap(Gap::Null),
            Reading::Bad(error) => {
                fact.note_gap(Gap::Unreadable(error.to_string()));
                self.fault(error);
            }
            Reading::Value(At { value, place }) => fact.claim(value, self.at(place)),
        }
    }

    /// Counts something that could not be read.
    pub fn fault(&self, error: Error) {
        self.faults.borrow_mut().add(error);
    }

    /// The value of a reading, counting a fault.
    pub fn value<T>(&self, reading: Reading<T>) -> Option<T> {
        match reading {
            Reading::Value(at) => Some(at.value),
            Reading::Bad(error) => {
                self.fault(error);
                None
            }
            Reading::Absent | Reading::Null(_) => None,
        }
    }

    /// The name or id of the manifest's subject.
    pub fn subject_name(&self) -> Option<&str> {
        let subject = self.subject.as_ref()?;
        subject.name.as_deref().or(subject.id.as_deref())
    }
}
