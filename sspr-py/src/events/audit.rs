//! Records of the tenant's own audit log.

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use sspr::carrier::arrow::Batches;
use sspr::events::audit::PROVIDER;
use sspr::evidence::Locator;

use crate::arrow;
use crate::data::words;
use crate::feed::{Feed, Losses, audit};
use crate::input::{Source, When};
use crate::json;
use crate::reading::{self, TimeZone};
use crate::stream::{Stream, stream};
use crate::work::Callback;

/// Reads the tenant's audit records about passwords as a stream: pages and lines of Microsoft
/// Graph, the portal's JSON and CSV downloads, rows of `AuditLogs` of Log Analytics, records of an
/// event hub or a storage account. Records of other services are passed over.
///
/// `source`, `since`, `until`, `time_zone` and `progress` are those of `read`.
#[pyfunction]
#[pyo3(signature = (source, *, since = None, until = None, time_zone = None, progress = None))]
pub(crate) fn read_audit(
    py: Python<'_>,
    source: Source,
    since: Option<When>,
    until: Option<When>,
    time_zone: Option<TimeZone>,
    progress: Option<Callback>,
) -> PyResult<AuditReader> {
    let filter = reading::filter(Some(vec![PROVIDER.to_owned()]), None, since, until);
    let options = reading::log(time_zone, None, false);
    Feed::open(py, source, filter, options, progress).map(AuditReader)
}

/// The audit records of a log, one by one. Arrow takes what is left of them through
/// `__arrow_c_stream__`.
#[pyclass(module = "sspr.events")]
pub(crate) struct AuditReader(Feed);

impl Stream for AuditReader {
    type Item = AuditRecord;

    fn step(&mut self, py: Python<'_>) -> PyResult<Option<AuditRecord>> {
        Ok(self.0.step(py, audit)?.map(AuditRecord))
    }

    fn end(&mut self) {
        self.0.hand_over();
    }

    fn losses(&self) -> &Losses {
        self.0.losses()
    }

    fn table<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let rows = self.0.hand_over().all(audit);
        arrow::stream(py, Batches::new(rows.map(|row| row.map(|row| *row))))
    }
}

stream!(AuditReader of AuditRecord {});

/// One record of the tenant's audit log.
#[pyclass(frozen, module = "sspr.events")]
pub(crate) struct AuditRecord(pub(crate) Box<sspr::events::AuditRecord>);

#[pymethods]
impl AuditRecord {
    /// Its id.
    #[getter]
    fn id(&self) -> Option<&str> {
        self.0.id.as_deref()
    }

    /// When it happened.
    #[getter]
    fn time(&self) -> DateTime<Utc> {
        self.0.time
    }

    /// Its carrier gives a local time and nobody stated its zone: `time` is that local time, taken
    /// for UTC.
    #[getter]
    fn local_time(&self) -> bool {
        self.0.local_time
    }

    /// What happened.
    #[getter]
    fn activity(&self) -> Activity {
        Activity(self.0.activity)
    }

    /// The activity in its own words.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// How it ended.
    #[getter]
    fn result(&self) -> AuditResult {
        AuditResult(self.0.result)
    }

    /// Why, in the service's words.
    #[getter]
    fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// What all records of one flow share.
    #[getter]
    fn correlation(&self) -> Option<String> {
        self.0.correlation.map(|id| id.to_string())
    }

    /// Which agent wrote the password back, where the record says it.
    #[getter]
    fn agent(&self) -> Option<Agent> {
        self.0.agent.map(Agent)
    }

    /// How the person proved to be the owner, where the record of a self-service reset or unlock
    /// says it, in the service's words.
    #[getter]
    fn method(&self) -> Option<&str> {
        self.0.method.as_deref()
    }

    /// The user principal name of who did it, or the name of the application.
    #[getter]
    fn actor(&self) -> Option<&str> {
        self.0.actor.as_deref()
    }

    /// The object id of who did it; of an application its service principal.
    #[getter]
    fn actor_id(&self) -> Option<String> {
        self.0.actor_id.map(|id| id.to_string())
    }

    /// Whether an application did it.
    #[getter]
    fn by_application(&self) -> bool {
        self.0.by_application
    }

    /// The user principal name of whose account it is, else its id.
    #[getter]
    fn target(&self) -> Option<&str> {
        self.0.target.as_deref()
    }

    /// The object id of whose account it is.
    #[getter]
    fn target_id(&self) -> Option<String> {
        self.0.target_id.map(|id| id.to_string())
    }

    /// Where it stands in its source: a JSON pointer or a line.
    #[getter]
    fn place(&self) -> String {
        self.0.place.to_string()
    }

    /// Whether an administrator reset somebody's password where nothing was written back.
    #[getter]
    fn not_written_back(&self) -> bool {
        self.0.not_written_back()
    }

    /// As indented JSON, with a line feed at its end.
    fn to_json(&self) -> String {
        json::text(&self.0)
    }

    /// Reads what `to_json` wrote.
    #[staticmethod]
    #[pyo3(signature = (text, place = "whole input"))]
    fn from_json(text: &str, place: &str) -> PyResult<Self> {
        let mut record: Box<sspr::events::AuditRecord> = json::parse(text)?;
        record.place = Locator::Stated(place.to_owned());
        Ok(Self(record))
    }

    /// As plain data, with the names of the JSON form.
    fn to_dict(&self) -> json::Json {
        json::Json::of(&self.0)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let fields = ["time", "activity", "result", "target", "reason"];
        crate::data::repr(slf.as_any(), "AuditRecord", &fields)
    }

    fn __eq__(&self, other: &Self) -> bool {
        crate::data::same(&self.0, &other.0)
    }

    fn __hash__(&self) -> u64 {
        crate::data::hash(&self.0)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String, String))> {
        let from_json = slf.as_any().get_type().getattr("from_json")?;
        Ok((from_json, (slf.get().to_json(), slf.get().place())))
    }
}

words! {
    Activity in "sspr.events" is sspr::events::audit::Activity { WritebackEnabled, WritebackDisabled, PolicyChanged, Reset, Change, Unlock, AdminReset, DirectoryReset, Progress, Blocked, Registered, Other };
    AuditResult in "sspr.events" is sspr::events::audit::AuditResult { Success, Failure, Timeout, Unknown };
    Agent in "sspr.events" is sspr::events::audit::Agent { EntraConnect, CloudSync, None };
}
