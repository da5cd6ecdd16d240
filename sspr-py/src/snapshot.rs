//! `sspr.snapshot`: evidence in, facts out.

pub(crate) mod follow;
pub(crate) mod operations;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use sspr::snapshot::ReadOptions;

use crate::data::data;
use crate::errors::Fault;
use crate::evidence::Subject;
use crate::input::{Source, When};
use crate::reading::{self, TimeZone};
use crate::tenant::{People, Person};
use crate::work::Callback;

/// Everything that was read about one tenant. It can be shared between threads.
#[pyclass(frozen, module = "sspr.snapshot")]
pub(crate) struct Snapshot(pub(crate) Arc<sspr::snapshot::Snapshot>);

#[pymethods]
impl Snapshot {
    /// Reads all inputs: paths of files, folders and zip archives, tuples `(name, bytes)`, and
    /// binary file objects. Their order never matters.
    ///
    /// What cannot be read is in `skipped` or in the `lost` of its evidence. Raised are a path that
    /// is not there, what a file object raises, and what `progress` raises, which stops the work.
    /// `observed_at` is for evidence that does not tell itself when it was observed. `time_zone`, such
    /// as `Europe/Berlin` or `+01:00`, is that of times that come without one, as in texts that Event
    /// Viewer copied. The other arguments bound what an input may cost. `progress` hears of every input, and of every
    /// mebibyte read.
    #[staticmethod]
    #[pyo3(signature = (
        inputs, *, observed_at = None, time_zone = None, item_bytes = None, files = None,
        archive_bytes = None, archive_ratio = None, depth = None, progress = None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn read(
        py: Python<'_>,
        inputs: Vec<Source>,
        observed_at: Option<When>,
        time_zone: Option<TimeZone>,
        item_bytes: Option<u64>,
        files: Option<usize>,
        archive_bytes: Option<u64>,
        archive_ratio: Option<u64>,
        depth: Option<usize>,
        progress: Option<Callback>,
    ) -> PyResult<Self> {
        let options = ReadOptions {
            observed_at: observed_at.map(|when| when.0),
            limits: reading::limits(item_bytes, files, archive_bytes, archive_ratio, depth),
            zone: time_zone.map(|zone| zone.0),
            ..ReadOptions::default()
        };
        let snapshot = reading::run(py, inputs, progress, move |inputs, progress| {
            sspr::snapshot::Snapshot::read(inputs, &options, progress)
        });
        snapshot.map(|snapshot| Self(Arc::new(snapshot)))
    }

    /// What was read, in a fixed order.
    #[getter]
    fn evidence(&self) -> Vec<Evidence> {
        self.0.evidence.iter().cloned().map(Evidence).collect()
    }

    /// What gave nothing.
    #[getter]
    fn skipped(&self) -> Vec<Skipped> {
        self.0.skipped.iter().cloned().map(Skipped).collect()
    }

    /// The people of the evidence, one by one.
    #[getter]
    fn people(&self) -> People {
        People::of(Arc::clone(&self.0))
    }

    /// A person by user principal name, in any case, or by object id; `None` for one that is not
    /// in evidence.
    fn person(&self, upn: &str) -> Option<Person> {
        Person::find(&self.0, upn)
    }

    fn __repr__(&self) -> String {
        let (read, skipped) = (self.0.evidence.len(), self.0.skipped.len());
        let people = self.0.facts.people.people.len();
        format!("<Snapshot of {read} inputs, {skipped} skipped, {people} people>")
    }
}

data! {
    wire
    /// One piece of evidence.
    Evidence in "sspr.snapshot" is sspr::snapshot::Evidence {
        /// Its number.
        source: u32 = |it| it.source.0,
        /// The file's path as it was given, or a name for a stream.
        name: &str = |it| &it.name,
        /// What it was recognised as, such as `users` or `applicationLog`.
        kinds: Vec<&str> = |it| it.kinds.iter().map(AsRef::as_ref).collect(),
        /// Whom or what it is about, where the manifest says so.
        subject: Option<Subject> = |it| it.subject.clone().map(Subject),
        /// When it was observed, where content, manifest or an option says so.
        observed_at: Option<DateTime<Utc>> = |it| it.observed_at,
        /// How many items it holds.
        items: u64 = |it| it.items,
        /// Its size in bytes.
        bytes: u64 = |it| it.bytes,
        /// Recognised, and read by no rule.
        unused: bool = |it| it.unused,
        /// A remark for the reader.
        note: Option<&str> = |it| it.note.as_deref(),
        /// What could not be read of it.
        lost: Option<Lost> = |it| it.lost.clone().map(Lost),
    }
}

data! {
    wire
    /// What could not be read of a piece of evidence.
    Lost in "sspr.snapshot" is sspr::snapshot::Lost {
        /// How many items, lines, records or fields.
        count: u64 = |it| it.count,
        /// How many bytes, if known.
        bytes: Option<u64> = |it| it.bytes,
        /// The first fault, with its place.
        first: Fault = |it| Fault(it.first.clone()),
    }
}

data! {
    wire
    /// An input that gave nothing.
    Skipped in "sspr.snapshot" is sspr::snapshot::Skipped {
        /// The file's path as it was given, or a name for a stream.
        name: &str = |it| &it.name,
        /// Why.
        reason: Fault = |it| Fault(it.reason.clone()),
    }
}
