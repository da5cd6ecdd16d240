//! `sspr.roundtrip`: every password operation, followed from its first event to its last.

use chrono::{DateTime, TimeDelta, Utc};
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::{Borrowed, type_hint_identifier, type_hint_union};
use sspr::carrier::arrow::Batches;

use crate::arrow;
use crate::data::{data, words};
use crate::errors::word;
use crate::events::{EventReader, RootCause, filter};
use crate::feed::{Failure, Feed};
use crate::input::{Source, When};
use crate::work::Callback;

/// The operations of a log, or of the events that `sspr.events.read` gives, which it takes over.
///
/// `source` and the filters are those of `sspr.events.read`, with all providers by default: events
/// of others beside the writeback service tell more of an operation.
#[pyfunction]
#[pyo3(signature = (
    source, *, providers = None, ids = None, since = None, until = None, progress = None,
))]
pub(crate) fn operations(
    py: Python<'_>,
    source: SourceOrEvents<'_>,
    providers: Option<Vec<String>>,
    ids: Option<Vec<u32>>,
    since: Option<When>,
    until: Option<When>,
    progress: Option<Callback>,
) -> PyResult<OperationReader> {
    let feed = match source {
        SourceOrEvents::Source(source) => {
            Feed::open(py, source, filter(providers, ids, since, until), progress)?
        }
        SourceOrEvents::Events(mut events) => events.take(),
    };
    Ok(OperationReader::of(feed))
}

pub(crate) enum SourceOrEvents<'py> {
    Source(Source),
    Events(PyRefMut<'py, EventReader>),
}

impl<'py> FromPyObject<'_, 'py> for SourceOrEvents<'py> {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_union!(
        Source::INPUT_TYPE,
        type_hint_identifier!("sspr.events", "EventReader")
    );

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match object.cast::<EventReader>() {
            Ok(events) => Ok(Self::Events(events.try_borrow_mut()?)),
            Err(_) => Source::extract(object).map(Self::Source),
        }
    }
}

/// The operations of a log, one by one. Arrow takes what is left of them through
/// `__arrow_c_stream__`.
#[pyclass(module = "sspr.roundtrip")]
pub(crate) struct OperationReader {
    operations: sspr::roundtrip::Operations<Feed>,
    failures: Failure,
}

impl OperationReader {
    fn of(feed: Feed) -> Self {
        Self {
            failures: feed.failures(),
            operations: sspr::roundtrip::operations(feed),
        }
    }

    fn take(&mut self) -> sspr::roundtrip::Operations<Feed> {
        std::mem::replace(self, Self::of(Feed::empty())).operations
    }
}

#[pymethods]
impl OperationReader {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&mut self, py: Python<'_>) -> PyResult<Option<Operation>> {
        let next = self.operations.next().transpose();
        next.map(|operation| operation.map(Operation))
            .map_err(|error| self.failures.of(py, &error))
    }

    /// Stops reading and lets go of the source.
    fn close(&mut self) {
        self.take();
    }

    fn __enter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception: "object"))]
    fn __exit__(&mut self, _exception: &Bound<'_, pyo3::types::PyTuple>) {
        self.take();
    }

    /// What is left of the operations as an Arrow stream, for pyarrow, polars, pandas and `DuckDB`.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &mut self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        // The protocol lets a producer give its own schema, and the consumer casts.
        let _ = requested_schema;
        arrow::stream(py, Batches::new(self.take()))
    }
}

data! {
    /// One operation, followed from its first event to its last.
    Operation in "sspr.roundtrip" is sspr::roundtrip::Operation {
        /// What was asked for.
        kind: Kind = |it| Kind(it.kind),
        /// How it ended.
        outcome: Outcome = |it| Outcome(it.outcome),
        /// Whose password it is.
        person: Person = |it| Person(it.person.clone()),
        /// The administrator who asked for it, by user principal name.
        admin: Option<&str> = |it| it.admin.as_deref(),
        /// The administrator is the person: probably a change in My Sign-Ins without the old password.
        probably_own: bool = |it| it.probably_own,
        /// The id that the events share.
        tracking_id: Option<String> = |it| it.tracking_id.map(|it| it.to_string()),
        /// The server that carried it out, as its events name it.
        host: Option<&str> = |it| it.host.as_deref(),
        /// The time of the first event.
        start: Option<DateTime<Utc>> = |it| it.start,
        /// The time of the first event that ends it.
        end: Option<DateTime<Utc>> = |it| it.end,
        /// The account was unlocked with it.
        unlock: Option<bool> = |it| it.unlock,
        /// The password must be changed at the next logon.
        force_change: Option<bool> = |it| it.force_change,
        /// The engine's result code.
        code: Option<String> = |it| it.code.map(|it| it.to_string()),
        /// Why it failed or was refused.
        cause: Option<RootCause> = |it| it.cause.map(RootCause),
        /// Its events, by time.
        chain: Vec<Link> = |it| it.chain.iter().cloned().map(Link).collect(),
        /// What goes with it, by time: steps of the flow, hash synchronisation, sign-ins, a lockout
        /// before it; and events that another operation has, and that may be this one's.
        context: Vec<Link> = |it| it.context.iter().cloned().map(Link).collect(),
        /// The stages that it reached, by their order, and the time between them.
        stages: Vec<Stage> = |it| it.stages.iter().copied().map(Stage).collect(),
        /// What else is to be known of it.
        notes: Vec<Note> = |it| it.notes.iter().copied().map(Note).collect(),
    }

    /// The time from start to end. Windows' clock can step, so it may be negative.
    #[getter]
    fn duration(&self) -> Option<TimeDelta> {
        self.0.duration()
    }

    /// The time of the end, else of the start, else of its first event.
    #[getter]
    fn time(&self) -> Option<DateTime<Utc>> {
        self.0.time()
    }

    /// The event that ended it: of a success the success, else the first that tells most.
    #[getter]
    fn decisive(&self) -> Option<Link> {
        self.0.decisive().cloned().map(Link)
    }
}

data! {
    /// Whose password it is.
    Person in "sspr.roundtrip" is sspr::roundtrip::Person {
        /// The user principal name.
        user: Option<&str> = |it| it.user.as_deref(),
        /// The cloud object, `User_` and its id.
        cloud_anchor: Option<&str> = |it| it.cloud_anchor.as_deref(),
        /// The immutable id, in base 64.
        source_anchor: Option<&str> = |it| it.source_anchor.as_deref(),
    }
}

data! {
    /// One event of an operation: of a Windows log, a record of the tenant's audit log, or the time
    /// that the directory keeps of a person's last password.
    Link in "sspr.roundtrip" is sspr::roundtrip::Link {
        /// Who wrote it: a provider of Windows events, `Entra audit log`, or `pwdLastSet`.
        provider: &str = |it| it.provider,
        /// The event id, of an event of a Windows log.
        event: Option<u32> = |it| it.event,
        /// What a record of the audit log is about.
        activity: Option<String> = |it| it.activity.map(|activity| word(&activity)),
        /// When it was written, by the clock of the machine that wrote it.
        time: Option<DateTime<Utc>> = |it| it.time,
        /// The same by the clock that all others are compared with, where the machine's own could
        /// be compared.
        corrected: Option<DateTime<Utc>> = |it| it.corrected,
        /// The computer that wrote it.
        host: Option<&str> = |it| it.host.as_deref(),
        /// Its record number.
        record: Option<u64> = |it| it.record,
        /// How it is known to belong here.
        join: Join = |it| Join(it.join),
        /// How certain that is.
        certainty: Certainty = |it| Certainty(it.certainty),
        /// What is uncertain about it.
        doubts: Vec<Doubt> = |it| it.doubts.iter().copied().map(Doubt).collect(),
        /// The tracking ids of other operations that it may belong to as well.
        others: Vec<String> = |it| it.others.iter().map(ToString::to_string).collect(),
        /// Where it stands in the source: a record or a line.
        place: String = |it| it.from.locator.to_string(),
    }
}

data! {
    /// A stage that an operation reached.
    Stage in "sspr.roundtrip" is sspr::roundtrip::Stage {
        /// Which.
        name: StageName = |it| StageName(it.name),
        /// When, by the clock that all others are compared with.
        at: DateTime<Utc> = |it| it.at,
        /// The time since the stage before it. It may be negative where clocks differ by less than
        /// can be told.
        since: Option<TimeDelta> = |it| it.since.map(TimeDelta::milliseconds),
        /// Both times come from one clock, or from clocks that could be compared.
        matched: bool = |it| it.matched,
    }
}

words! {
    Kind in "sspr.roundtrip" is sspr::roundtrip::Kind { Reset, Change, AdminReset, Unlock, Onboarding, Offboarding, Unknown };
    Outcome in "sspr.roundtrip" is sspr::roundtrip::Outcome { Written, Refused, Failed, Unfinished, CloudOnly, Unknown };
    Join in "sspr.roundtrip" is sspr::roundtrip::Join { First, TrackingId, CloudAnchor, SourceAnchor, Person, TimeAndCode, Account, Flow, Alone };
    Certainty in "sspr.roundtrip" is sspr::roundtrip::Certainty { Certain, Inferred, Uncertain };
    Doubt in "sspr.roundtrip" is sspr::roundtrip::Doubt { Ambiguous, LocalTime, NoTime, ClockUnknown, ClockSet, SharedName, ConnectorUnsure };
    Note in "sspr.roundtrip" is sspr::roundtrip::Note { CloudFailedAfterwards, CloudDisagrees, ServiceDisagrees, EndMissing, StartMissing, ProtectionAgent, LockedOutBefore, SeveralServers };
    StageName in "sspr.roundtrip" is sspr::roundtrip::StageName { Requested, Arrived, Written, Answered, Closed, Synchronised, SignedIn };
}
