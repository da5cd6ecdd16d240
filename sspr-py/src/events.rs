//! `sspr.events`: events of password writeback, read as a stream.

pub(crate) mod audit;

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use sspr::carrier::arrow::Batches;
use sspr::evidence::{At, Locator};

use crate::arrow;
use crate::data::{data, words};
use crate::feed::{Feed, Losses, event};
use crate::input::{Source as From, When};
use crate::json;
use crate::reading::{self, Jobs, TimeZone};
use crate::stream::{Stream, stream};
use crate::work::Callback;

/// Reads a log as a stream of events, recognised by its content, packed with gzip or zstd or not:
/// `.evtx`, the XML that `wevtutil` and Event Viewer write, what Event Viewer copies as text, JSON of
/// PowerShell, Winlogbeat, NXLog and Azure Monitor, CSV of Event Viewer and PowerShell.
///
/// `source` is a path, a tuple `(name, bytes)` or a binary file object. `providers` are wanted by
/// name, `None` for all; `ids` by event id; `since` and `until` bound the time, `until` excluded.
/// `time_zone`, such as `Europe/Berlin` or `+01:00`, is that of times that come without one; without
/// it they are taken for UTC and marked. `jobs` threads decode an `.evtx`; `verify` examines also
/// those parts of it in which no wanted provider is named. What cannot be read is counted in the
/// iterator's `lost`, and the rest is read. `progress` hears of the work; what it raises stops it.
/// Raised is an `InputError` for what is no log, and for a zone that is not known.
#[pyfunction]
#[pyo3(signature = (
    source, *, providers = Some(vec![WRITEBACK.to_owned()]), ids = None, since = None, until = None,
    time_zone = None, jobs = None, verify = false, progress = None,
) -> "EventReader", text_signature = "(source, *, providers=('PasswordResetService',), ids=None, since=None, until=None, time_zone=None, jobs=1, verify=False, progress=None)")]
#[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
pub(crate) fn read(
    py: Python<'_>,
    source: From,
    providers: Option<Vec<String>>,
    ids: Option<Vec<u32>>,
    since: Option<When>,
    until: Option<When>,
    time_zone: Option<TimeZone>,
    jobs: Option<Jobs>,
    verify: bool,
    progress: Option<Callback>,
) -> PyResult<EventReader> {
    let filter = reading::filter(providers, ids, since, until);
    let options = reading::log(time_zone, jobs, verify);
    Feed::open(py, source, filter, options, progress).map(EventReader)
}

const WRITEBACK: &str = "PasswordResetService";

/// The events of a log, one by one. Arrow takes what is left of them through `__arrow_c_stream__`.
#[pyclass(module = "sspr.events")]
pub(crate) struct EventReader(Feed);

impl EventReader {
    /// Takes the events out.
    pub(crate) fn take(&mut self) -> Feed {
        self.0.hand_over()
    }
}

impl Stream for EventReader {
    type Item = Event;

    fn step(&mut self, py: Python<'_>) -> PyResult<Option<Event>> {
        Ok(self.0.step(py, event)?.map(Event))
    }

    fn end(&mut self) {
        self.0.hand_over();
    }

    fn losses(&self) -> &Losses {
        self.0.losses()
    }

    fn table<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let rows = self.0.hand_over().all(event);
        arrow::stream(py, Batches::new(rows.map(|row| row.map(|row| *row))))
    }
}

stream!(EventReader of Event {});

/// An event of a Windows log, as far as its carrier tells.
#[pyclass(frozen, module = "sspr.events")]
pub(crate) struct Event(pub(crate) Box<At<sspr::events::WindowsEvent>>);

#[pymethods]
impl Event {
    /// An event that comes from elsewhere, such as a SIEM. What is left out is not known.
    ///
    /// `data` are its data strings, in their order. `local_time` says that `time` cannot be relied on.
    #[new]
    #[pyo3(signature = (
        provider, id, *, time = None, record = None, computer = None, channel = None, level = None,
        keywords = None, data = None, message = None, local_time = false,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        provider: String,
        id: u32,
        time: Option<When>,
        record: Option<u64>,
        computer: Option<String>,
        channel: Option<String>,
        level: Option<u8>,
        keywords: Option<u64>,
        data: Option<Vec<Py<EventDatum>>>,
        message: Option<String>,
        local_time: bool,
    ) -> Self {
        let data = data.unwrap_or_default();
        let event = sspr::events::WindowsEvent {
            provider: provider.into(),
            id,
            record,
            time: time.map(|time| time.0),
            local_time,
            computer: computer.map(Into::into),
            channel: channel.map(Into::into),
            level,
            keywords,
            data: data.iter().map(|one| one.get().0.clone()).collect(),
            message,
        };
        Self(Box::new(At::new(event, Locator::Whole)))
    }

    /// The provider, such as `PasswordResetService`.
    #[getter]
    fn provider(&self) -> &str {
        &self.0.value.provider
    }

    /// The event id without its qualifiers.
    #[getter]
    fn id(&self) -> u32 {
        self.0.value.id
    }

    /// The record number in its log.
    #[getter]
    fn record(&self) -> Option<u64> {
        self.0.value.record
    }

    /// When it was written.
    #[getter]
    fn time(&self) -> Option<DateTime<Utc>> {
        self.0.value.time
    }

    /// The time cannot be relied on: its carrier gives a local time, and nobody stated the zone, or
    /// clocks of that zone struck the hour twice or not at all, or day and month may stand the other
    /// way round.
    #[getter]
    fn local_time(&self) -> bool {
        self.0.value.local_time
    }

    /// The computer that wrote it.
    #[getter]
    fn computer(&self) -> Option<&str> {
        self.0.value.computer.as_deref()
    }

    /// The log, such as `Application`.
    #[getter]
    fn channel(&self) -> Option<&str> {
        self.0.value.channel.as_deref()
    }

    /// 1 critical, 2 error, 3 warning, 4 information, 0 as the provider likes.
    #[getter]
    fn level(&self) -> Option<u8> {
        self.0.value.level
    }

    /// Keywords; success and failure of an audit stand here.
    #[getter]
    fn keywords(&self) -> Option<u64> {
        self.0.value.keywords
    }

    /// The data strings, with their names where the provider gives them.
    #[getter]
    fn data(&self) -> Vec<EventDatum> {
        self.0.value.data.iter().cloned().map(EventDatum).collect()
    }

    /// The rendered text, in the language of the machine that rendered it.
    #[getter]
    fn message(&self) -> Option<&str> {
        self.0.value.message.as_deref()
    }

    /// Where it stands in its source: a record or a line.
    #[getter]
    fn place(&self) -> String {
        self.0.place.to_string()
    }

    /// The event's own text: its unnamed data strings, which no language changes, else the rendered
    /// message.
    #[getter]
    fn text(&self) -> String {
        self.0.value.text().into_owned()
    }

    /// The data string of a name.
    fn named(&self, name: &str) -> Option<&str> {
        self.0.value.named(name)
    }

    /// The fields of its text.
    fn parse(&self) -> Message {
        Message(self.text())
    }

    /// As indented JSON, with a line feed at its end.
    fn to_json(&self) -> String {
        json::text(&self.0.value)
    }

    /// Reads what `to_json` wrote.
    #[staticmethod]
    #[pyo3(signature = (text, place = "whole input"))]
    fn from_json(text: &str, place: &str) -> PyResult<Self> {
        let event = json::parse(text)?;
        let place = Locator::Stated(place.to_owned());
        Ok(Self(Box::new(At::new(event, place))))
    }

    /// As plain data, with the names of the JSON form.
    fn to_dict(&self) -> json::Json {
        json::Json::of(&self.0.value)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let fields = ["provider", "id", "time", "computer", "record"];
        crate::data::repr(slf.as_any(), "Event", &fields)
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.0.value == other.0.value
    }

    fn __hash__(&self) -> u64 {
        crate::data::hash(&self.0.value)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String, String))> {
        let from_json = slf.as_any().get_type().getattr("from_json")?;
        Ok((from_json, (slf.get().to_json(), slf.get().place())))
    }
}

/// What is known of an event; `None` for one that has nothing to do with writeback, and for one
/// that is not known here.
#[pyfunction]
pub(crate) fn look_up(provider: &str, id: u32) -> Option<EventInfo> {
    match sspr::events::catalogue::look_up(provider, id) {
        sspr::events::catalogue::Lookup::Known(info) => Some(EventInfo(info)),
        _ => None,
    }
}

/// The root cause that an event tells; `None` where it tells none.
#[pyfunction]
pub(crate) fn cause(event: &Event) -> Option<RootCause> {
    let event = &event.0.value;
    let text = event.text();
    let message = sspr::events::Message::parse(&text);
    sspr::events::causes::of_event(event, &message).map(RootCause)
}

/// All root causes.
#[pyfunction]
pub(crate) fn causes() -> Vec<RootCause> {
    sspr::events::causes::all().iter().map(RootCause).collect()
}

/// The fields of the text of an event of the writeback service.
#[pyclass(frozen, eq, module = "sspr.events")]
#[derive(PartialEq)]
pub(crate) struct Message(String);

/// Getters over the fields that the core finds in the text.
macro_rules! found {
    ($($(#[$doc:meta])* $name:ident: $type:ty = |$it:ident| $get:expr,)*) => {
        #[pymethods]
        impl Message {
            /// Finds the fields in a text.
            #[staticmethod]
            fn parse(text: String) -> Self {
                Self(text)
            }
            $(
                $(#[$doc])*
                #[getter]
                fn $name(&self) -> $type {
                    let $it = sspr::events::Message::parse(&self.0);
                    $get
                }
            )*
            fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
                crate::data::repr(slf.as_any(), "Message", &[$(stringify!($name)),*])
            }
        }
    };
}

found! {
    /// The id that the events of an operation share.
    tracking_id: Option<String> = |it| it.tracking_id.map(|id| id.to_string()),
    /// The word that says what the event is, such as `PasswordResetSuccess`.
    token: Option<&str> = |it| it.token,
    /// What follows `Details:`.
    details: Option<&str> = |it| it.details,
    /// The cloud object, `User_` and its id.
    cloud_anchor: Option<&str> = |it| it.cloud_anchor,
    /// The immutable id, in base 64.
    source_anchor: Option<&str> = |it| it.source_anchor,
    /// Whose password it is, by user principal name.
    person: Option<&str> = |it| it.person(),
    /// The administrator who asked for it.
    admin: Option<&str> = |it| it.admin,
    /// Whether the account is unlocked with it.
    unlock: Option<bool> = |it| it.unlock,
    /// Whether the password must be changed at the next logon.
    force_change: Option<bool> = |it| it.force_change,
    /// The result code.
    code: Option<String> = |it| it.code.map(|code| code.to_string()),
    /// What follows `Reason:`.
    reason: Option<&str> = |it| it.reason,
    /// The version of the service.
    version: Option<&str> = |it| it.version,
}

data! {
    wire
    /// One data string of an event.
    EventDatum in "sspr.events" is sspr::events::EventDatum {
        /// Its name, where the provider gives one.
        name: Option<&str> = |it| it.name.as_deref(),
        /// Its text.
        value: &str = |it| &it.value,
    }

    /// One with a name, or without.
    #[new]
    #[pyo3(signature = (value, *, name = None))]
    fn new(value: String, name: Option<String>) -> Self {
        Self(sspr::events::EventDatum {
            name: name.map(Into::into),
            value,
        })
    }
}

data! {
    /// What is known of one event.
    EventInfo in "sspr.events" is &'static sspr::events::catalogue::EventInfo {
        /// Who writes it.
        source: Source = |it| Source(it.source),
        /// Its id.
        id: u32 = |it| it.id,
        /// Its documented symbol or title; empty when none is published.
        symbol: &str = |it| it.symbol,
        /// Its level.
        level: Level = |it| Level(it.level),
        /// Whether the level was seen in a real log. Microsoft's tables do not state levels.
        level_observed: bool = |it| it.level_observed,
        /// What it is about.
        area: Area = |it| Area(it.area),
        /// Where in an operation it stands.
        stage: EventStage = |it| EventStage(it.stage),
        /// What it says.
        meaning: &str = |it| it.meaning,
        /// What is likely behind it; may be empty.
        cause: &str = |it| it.cause,
        /// What helps; may be empty.
        remedy: &str = |it| it.remedy,
        /// A remark; may be empty.
        note: &str = |it| it.note,
        /// Addresses of the pages that say so.
        sources: Vec<&'static str> = |it| it.sources.clone(),
    }
}

data! {
    /// One root cause.
    RootCause in "sspr.events" is &'static sspr::events::causes::RootCause {
        /// A short name for programs, stable.
        key: &str = |it| it.key,
        /// A short name for people.
        title: &str = |it| it.title,
        /// Whose fault it is.
        fault: Fault = |it| Fault(it.fault),
        /// What is wrong.
        cause: &str = |it| it.cause,
        /// How to check that it is this.
        check: &str = |it| it.check,
        /// What helps.
        remedy: &str = |it| it.remedy,
        /// Events of the writeback service that say it.
        events: Vec<u32> = |it| it.events.to_vec(),
        /// Result codes that say it.
        codes: Vec<u32> = |it| it.codes.to_vec(),
        /// Fixed phrases that say it, wherever they appear.
        phrases: Vec<&'static str> = |it| it.phrases.to_vec(),
        /// Addresses of the pages that say so; empty where only a public post without a known address does.
        sources: Vec<&'static str> = |it| it.sources.to_vec(),
    }
}

words! {
    OperationKind in "sspr.events" is sspr::events::OperationKind { Reset, Change, AdminReset, Unlock };
    Source in "sspr.events" is sspr::events::catalogue::Source { Writeback, Engine, HashSync, Security, ProtectionAgent };
    Level in "sspr.events" is sspr::events::catalogue::Level { Information, Warning, Error };
    Area in "sspr.events" is sspr::events::catalogue::Area { Reset, Change, AdminReset, Unlock, Onboarding, Offboarding, Service, Connectivity, Keys, Directory, HashSync, Other };
    EventStage in "sspr.events" is sspr::events::catalogue::EventStage { Start, Success, Failure, Either, Information };
    Fault in "sspr.events" is sspr::events::causes::Fault { System, Policy, Person, Unclear };
}
