//! `sspr.roundtrip`: every password operation, followed from its first event to its last.

pub(crate) mod correlator;
pub(crate) mod settings;
pub(crate) mod statistics;
pub(crate) mod summary;
pub(crate) mod support;

use chrono::{DateTime, TimeDelta, Utc};
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::{Borrowed, type_hint_identifier, type_hint_union};
use sspr::carrier::arrow::Batches;
use sspr::render;

use crate::arrow;
use crate::data::{data, words};
use crate::events::audit::Activity;
use crate::events::{EventReader, RootCause};
use crate::feed::{Failure, Feed, Losses};
use crate::input::{Source, When};
use crate::reading::{self, Jobs, TimeZone};
use crate::stream::{Stream, stream};
use crate::work::{self, Callback};
use settings::{ConnectorAccount, PersonFacts};
use summary::Summary;

/// The operations of one log, or of the events that `sspr.events.read` gives, which it takes over;
/// `sspr.snapshot.read_operations` reads several logs and lists of people at once.
///
/// `source` and the filters are those of `sspr.events.read`, with all providers by default: events
/// of others beside the writeback service tell more of an operation, and so do audit records.
/// `people`, `connectors`, `skew`, `follow` and `hold` are those of `Correlator`. The operations come
/// by time once the log is read, which happens outside the interpreter's lock.
#[pyfunction]
#[pyo3(signature = (
    source, *, providers = None, ids = None, since = None, until = None, time_zone = None, jobs = None,
    verify = false, people = None, connectors = None, skew = None, follow = None, hold = None,
    progress = None,
))]
#[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
pub(crate) fn operations(
    py: Python<'_>,
    source: SourceOrEvents<'_>,
    providers: Option<Vec<String>>,
    ids: Option<Vec<u32>>,
    since: Option<When>,
    until: Option<When>,
    time_zone: Option<TimeZone>,
    jobs: Option<Jobs>,
    verify: bool,
    people: Option<Vec<Py<PersonFacts>>>,
    connectors: Option<Vec<Py<ConnectorAccount>>>,
    skew: Option<TimeDelta>,
    follow: Option<TimeDelta>,
    hold: Option<usize>,
    progress: Option<Callback>,
) -> PyResult<OperationReader> {
    let settings = settings::of(people, connectors, skew, follow, hold)?;
    let feed = match source {
        SourceOrEvents::Source(source) => {
            let filter = reading::filter(providers, ids, since, until);
            let options = reading::log(time_zone, jobs, verify);
            Feed::open(py, source, filter, options, progress)?
        }
        SourceOrEvents::Events(mut events) => events.take(),
    };
    Ok(OperationReader::of(feed, settings))
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
    losses: Losses,
}

impl OperationReader {
    fn of(feed: Feed, settings: sspr::roundtrip::Settings) -> Self {
        Self {
            failures: feed.failures(),
            losses: feed.losses().clone(),
            operations: sspr::roundtrip::operations_with(feed, settings),
        }
    }

    fn take(&mut self) -> sspr::roundtrip::Operations<Feed> {
        let nothing = sspr::roundtrip::operations(Feed::empty());
        std::mem::replace(&mut self.operations, nothing)
    }
}

impl Stream for OperationReader {
    type Item = Operation;

    fn step(&mut self, py: Python<'_>) -> PyResult<Option<Operation>> {
        if let Some(operation) = self.operations.at_hand() {
            return Ok(Some(Operation(operation)));
        }
        let operations = &mut self.operations;
        let next = work::quietly(py, || operations.next())?;
        next.transpose()
            .map(|operation| operation.map(Operation))
            .map_err(|error| self.failures.of(py, &error))
    }

    fn end(&mut self) {
        self.take();
    }

    fn losses(&self) -> &Losses {
        &self.losses
    }

    fn table<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        arrow::stream(py, Batches::new(self.take()))
    }
}

stream! {
    OperationReader of Operation {
        /// What else was found: clocks, connector accounts, services. `None` before the log is read.
        #[getter]
        fn summary(&self) -> Option<Summary> {
            self.operations.summary().cloned().map(Summary)
        }
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

    /// The time from the person's last step in the cloud to the domain, where the clocks could be
    /// compared.
    #[getter]
    fn cloud_to_domain(&self) -> Option<TimeDelta> {
        self.0.cloud_to_domain().map(TimeDelta::milliseconds)
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

    /// As sentences that can be read aloud: what was asked for and when, how it ended and why, what to
    /// do next, and the events that say so. `width` counts columns.
    #[pyo3(signature = (*, width = 80, color = false))]
    fn to_text(&self, width: usize, color: bool) -> String {
        render::operation_story(&self.0, width, color)
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
        /// The account name in the domain, as a domain controller tells it.
        account: Option<&str> = |it| it.account.as_deref(),
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
        activity: Option<Activity> = |it| it.activity.map(Activity),
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
        /// The number of the log it stands in: its place in the `logs` of what `read_operations` gave,
        /// the number that a `Correlator` was given, else 0.
        source: u32 = |it| it.from.source.0,
        /// Where it stands in that log: a record or a line.
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
    BurstOf in "sspr.roundtrip" is sspr::roundtrip::BurstOf { Resets, Failures };
}
