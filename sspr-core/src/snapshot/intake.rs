//! Turning a parser's readings into facts with their provenance.

use std::cell::{Cell, RefCell};

use chrono::{DateTime, Utc};

use crate::error::Error;
use crate::evidence::{
    At, Gap, Known, Locator, Provenance, Reading, SourceId, Strength, Subject, SubjectType,
};

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
    /// The request or command whose answer it holds, where the manifest says so.
    pub command: Option<String>,
    /// A remark for the reader of the report.
    pub note: RefCell<Option<String>>,
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
    /// Whether anything was claimed from it.
    claims: Cell<bool>,
    /// Whether it was recognised, and no fact is read from its kind.
    unused: Cell<bool>,
    /// Whether the time of observation is an option's, for all that tells none itself.
    assumed: bool,
}

impl Origin {
    /// A piece of evidence of which nothing else is known.
    pub fn new(source: SourceId, name: impl Into<String>) -> Self {
        Self {
            source,
            name: name.into(),
            command: None,
            note: RefCell::new(None),
            observed_at: Cell::new(None),
            strength: Cell::new(Strength::Exported),
            subject: None,
            complete: None,
            faults: RefCell::new(Faults::default()),
            claims: Cell::new(false),
            unused: Cell::new(false),
            assumed: false,
        }
    }

    /// When it was observed.
    #[must_use]
    pub fn observed(self, at: Option<DateTime<Utc>>) -> Self {
        self.observed_at.set(at);
        self
    }

    /// When it was observed where neither it nor a manifest says so.
    #[must_use]
    pub fn observed_or(mut self, at: Option<DateTime<Utc>>) -> Self {
        if self.observed_at.get().is_none() {
            self.observed_at.set(at);
            self.assumed = at.is_some();
        }
        self
    }

    /// When it was observed as its manifest says, whatever an option says.
    pub fn stated_time(&self) -> Option<DateTime<Utc>> {
        self.observed_at.get().filter(|_| !self.assumed)
    }

    /// Whom or what it is about.
    #[must_use]
    pub fn about(self, subject: Option<Subject>) -> Self {
        Self { subject, ..self }
    }

    /// The request or command whose answer it holds.
    #[must_use]
    pub fn answering(self, command: Option<String>) -> Self {
        Self { command, ..self }
    }

    /// Whether the collection that it holds is whole.
    #[must_use]
    pub fn whole(self, complete: Option<bool>) -> Self {
        Self { complete, ..self }
    }

    /// Whether anything was claimed from it.
    pub fn has_claims(&self) -> bool {
        self.claims.get()
    }

    /// Marks it as recognised and not used.
    pub fn leave_unused(&self) {
        self.unused.set(true);
    }

    /// Whether it was recognised and gave no fact, because none is read from its kind.
    pub fn is_unused(&self) -> bool {
        self.unused.get() && !self.has_claims()
    }

    /// The provenance of a fact at a place.
    pub fn at(&self, locator: Locator) -> Provenance {
        self.claims.set(true);
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

    /// Leaves a remark for the reader of the report. The first one stays.
    pub fn remark(&self, note: impl Into<String>) {
        self.note.borrow_mut().get_or_insert_with(|| note.into());
    }

    /// Counts what a carrier could not read.
    pub fn lost(&self, count: u64, first: Option<&Error>) {
        if let Some(first) = first {
            let mut faults = self.faults.borrow_mut();
            faults.count += count.saturating_sub(1);
            faults.add(first.clone());
        }
    }

    /// The host that the manifest names as the subject.
    pub fn subject_host(&self) -> Option<&str> {
        let subject = self.subject.as_ref()?;
        let host = subject.kind == SubjectType::Host;
        self.subject_name().filter(|_| host)
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
