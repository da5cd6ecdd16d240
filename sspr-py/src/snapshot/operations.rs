//! Logs and lists of people in, operations out.

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use serde::Serialize;
use sspr::carrier::arrow::Batches;
use sspr::events::Filter;
use sspr::render;
use sspr::roundtrip as core;
use sspr::snapshot::ReadOptions;
use uuid::Uuid;

use super::Skipped;
use crate::arrow;
use crate::data::data;
use crate::errors::{self, Fault};
use crate::input::{Source, When};
use crate::json::{self, Json};
use crate::reading::{self, Jobs, TimeZone};
use crate::roundtrip::Operation;
use crate::roundtrip::statistics::Statistics;
use crate::roundtrip::summary::Summary;
use crate::roundtrip::support::SupportBundle;
use crate::work::Callback;

/// Joins the events and audit records of all logs among the inputs to operations: logs of several
/// servers, of domain controllers and of the tenant, in any form that `sspr.events.read` takes. Lists
/// of people, and what names the connector account, are read too where they stand among the inputs,
/// and make joins more certain.
///
/// `inputs` are those of `Snapshot.read`; their order never matters. `providers` names whose events
/// are wanted: all that operations are made of, unless said otherwise. `since` and `until` bound the
/// time, `until` excluded. `time_zone`, such as `Europe/Berlin` or `+01:00`, is that of times that
/// come without one. `jobs` threads read: several files, and the parts of one `.evtx`, at once.
/// `verify` examines also those parts of an `.evtx` in which no wanted provider is named. The other
/// arguments are those of `Snapshot.read`.
///
/// What is no log, or could not be read, is in `logs`. Raised are a path that is not there, what a
/// file object raises, and what `progress` raises, which stops the work.
#[pyfunction]
#[pyo3(signature = (
    inputs, *, providers = None, since = None, until = None, time_zone = None, jobs = None,
    verify = false, observed_at = None, item_bytes = None, files = None, archive_bytes = None,
    archive_ratio = None, depth = None, progress = None,
))]
#[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
pub(crate) fn read_operations(
    py: Python<'_>,
    inputs: Vec<Source>,
    providers: Option<Vec<String>>,
    since: Option<When>,
    until: Option<When>,
    time_zone: Option<TimeZone>,
    jobs: Option<Jobs>,
    verify: bool,
    observed_at: Option<When>,
    item_bytes: Option<u64>,
    files: Option<usize>,
    archive_bytes: Option<u64>,
    archive_ratio: Option<u64>,
    depth: Option<usize>,
    progress: Option<Callback>,
) -> PyResult<OperationsRead> {
    let providers = providers.unwrap_or_else(|| Filter::operations().providers);
    let filter = reading::filter(Some(providers), None, since, until);
    let options = ReadOptions {
        observed_at: observed_at.map(|when| when.0),
        limits: reading::limits(item_bytes, files, archive_bytes, archive_ratio, depth),
        zone: time_zone.map(|zone| zone.0),
        evtx: reading::evtx(jobs, verify),
    };
    let (read, statistics) = reading::run(py, inputs, progress, move |inputs, progress| {
        let read = sspr::snapshot::read_operations(inputs, &options, &filter, progress)?;
        let statistics = read.statistics();
        Ok((read, statistics))
    })?;
    let operations = read.operations.into_iter();
    let operations: PyResult<_> = operations.map(|one| Py::new(py, Operation(one))).collect();
    Ok(OperationsRead {
        operations: operations?,
        statistics,
        summary: read.summary,
        logs: read.logs,
    })
}

/// Gathers what support asks for about an operation from the logs that it was read of, in a second look
/// at them: a file object has to be given anew.
///
/// All arguments but `operation` are those of `read_operations`.
#[pyfunction]
#[pyo3(signature = (
    inputs, operation, *, time_zone = None, jobs = None, verify = false, item_bytes = None,
    files = None, archive_bytes = None, archive_ratio = None, depth = None, progress = None,
))]
#[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
pub(crate) fn read_support(
    py: Python<'_>,
    inputs: Vec<Source>,
    operation: &Operation,
    time_zone: Option<TimeZone>,
    jobs: Option<Jobs>,
    verify: bool,
    item_bytes: Option<u64>,
    files: Option<usize>,
    archive_bytes: Option<u64>,
    archive_ratio: Option<u64>,
    depth: Option<usize>,
    progress: Option<Callback>,
) -> PyResult<SupportBundle> {
    let options = ReadOptions {
        limits: reading::limits(item_bytes, files, archive_bytes, archive_ratio, depth),
        zone: time_zone.map(|zone| zone.0),
        evtx: reading::evtx(jobs, verify),
        ..ReadOptions::default()
    };
    let operation = operation.0.clone();
    let bundle = reading::run(py, inputs, progress, move |inputs, progress| {
        sspr::snapshot::read_support(inputs, &options, operation, progress)
    });
    bundle.map(SupportBundle)
}

/// What `read_operations` found. Arrow takes the operations through `__arrow_c_stream__`, as often as
/// it likes.
#[pyclass(frozen, module = "sspr.snapshot")]
pub(crate) struct OperationsRead {
    operations: Vec<Py<Operation>>,
    statistics: core::Statistics,
    summary: core::Summary,
    logs: sspr::snapshot::LogsRead,
}

/// As the command writes it, and with the logs.
#[derive(Serialize)]
struct Whole<'a> {
    operations: Vec<&'a core::Operation>,
    statistics: &'a core::Statistics,
    summary: &'a core::Summary,
    logs: &'a sspr::snapshot::LogsRead,
}

impl OperationsRead {
    fn whole(&self) -> Whole<'_> {
        Whole {
            operations: self.operations.iter().map(|one| &one.get().0).collect(),
            statistics: &self.statistics,
            summary: &self.summary,
            logs: &self.logs,
        }
    }
}

#[pymethods]
impl OperationsRead {
    /// The operations, by time. The `source` of their links is a place in the list of `logs.logs`.
    #[getter]
    fn operations(&self, py: Python<'_>) -> Vec<Py<Operation>> {
        let operations = self.operations.iter();
        operations
            .map(|operation| operation.clone_ref(py))
            .collect()
    }

    /// The operations in numbers.
    #[getter]
    fn statistics(&self) -> Statistics {
        Statistics(self.statistics.clone())
    }

    /// What else was found: clocks, connector accounts, passwords set by others, services.
    #[getter]
    fn summary(&self) -> Summary {
        Summary(self.summary.clone())
    }

    /// What was read, and what was no log.
    #[getter]
    fn logs(&self) -> LogsRead {
        LogsRead(self.logs.clone())
    }

    /// The operations of one person, or with a tracking id, as sentences that can be read aloud: what
    /// `sspr roundtrip --user` prints. `user` is a user principal name, in any case. Without both it tells of
    /// all operations. `width` counts columns.
    #[pyo3(signature = (user = None, tracking_id = None, *, width = 80, color = false))]
    fn story(
        &self,
        user: Option<String>,
        tracking_id: Option<&str>,
        width: usize,
        color: bool,
    ) -> PyResult<String> {
        let tracking_id = tracking_id.map(Uuid::try_parse).transpose();
        let choice = core::Choice {
            user,
            tracking_id: tracking_id.map_err(|_| errors::value("a tracking id is a GUID"))?,
            ..core::Choice::default()
        };
        let operations = { self.operations.iter() }.map(|one| &one.get().0);
        let reach = self.logs.reach();
        Ok(render::story(operations, reach, &choice, width, color))
    }

    /// As indented JSON, with a line feed at its end: what `sspr roundtrip --format json` writes, and
    /// the logs.
    fn to_json(&self) -> String {
        json::text(&self.whole())
    }

    /// As plain data, with the names of the JSON form.
    fn to_dict(&self) -> Json {
        Json::of(&self.whole())
    }

    /// The operations as an Arrow stream, for pyarrow, polars, pandas and `DuckDB`.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        // The protocol lets a producer give its own schema, and the consumer casts.
        let _ = requested_schema;
        let rows = self.operations(py).into_iter();
        arrow::stream(py, Batches::new(rows.map(|one| Ok(one.get().0.clone()))))
    }

    fn __repr__(&self) -> String {
        let (operations, logs) = (self.operations.len(), self.logs.logs.len());
        let skipped = self.logs.skipped.len();
        format!("<OperationsRead of {logs} logs: {operations} operations, {skipped} skipped>")
    }
}

data! {
    /// What was read of logs.
    LogsRead in "sspr.snapshot" is sspr::snapshot::LogsRead {
        /// The logs, in the order they were read: by name.
        logs: Vec<LogRead> = |it| it.logs.iter().cloned().map(LogRead).collect(),
        /// Inputs that are no logs, or could not be read.
        skipped: Vec<Skipped> = |it| it.skipped.iter().cloned().map(Skipped).collect(),
    }
}

data! {
    /// One log.
    LogRead in "sspr.snapshot" is sspr::snapshot::LogRead {
        /// The file's path as it was given, or a name for a stream.
        name: &str = |it| &it.name,
        /// How many events and audit records the filter wanted.
        events: u64 = |it| it.events,
        /// The time of the earliest record, wanted or not, where the log tells it.
        first: Option<DateTime<Utc>> = |it| it.first,
        /// The time of the latest.
        last: Option<DateTime<Utc>> = |it| it.last,
        /// How many records, or places where records may have been, could not be read.
        lost: u64 = |it| it.lost,
        /// The first of these faults, with its place.
        fault: Option<Fault> = |it| it.fault.clone().map(Fault),
        /// How many chunks an `.evtx` has.
        chunks: u64 = |it| it.chunks,
        /// How many of them were not examined, because no wanted provider's name stands in them.
        not_examined: u64 = |it| it.not_examined,
    }
}
