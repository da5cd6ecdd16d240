//! How inputs are read: the zone of local times, threads, what is examined, and what may be spent.

use std::num::NonZeroUsize;

use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::{Borrowed, type_hint_identifier};
use sspr::events::{EvtxOptions, Filter, LogOptions};
use sspr::evidence::{Limits, OnProgress};
use sspr::snapshot::Input;
use sspr::time::local::Zone;

use crate::errors;
use crate::input::{self, Source, When};
use crate::work::{self, Callback};

/// The zone of times that come without one.
pub(crate) struct TimeZone(pub(crate) Zone);

impl<'py> FromPyObject<'_, 'py> for TimeZone {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_identifier!("builtins", "str");

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let text: String = object.extract()?;
        text.parse().map(Self).map_err(|error| {
            // A name that is not known is the caller's own, and short pieces of it help.
            let text: String = text.chars().take(40).collect();
            errors::value(format!("{text:?}: {error}"))
        })
    }
}

/// How many threads read.
#[derive(Clone, Copy)]
pub(crate) struct Jobs(NonZeroUsize);

impl<'py> FromPyObject<'_, 'py> for Jobs {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_identifier!("builtins", "int");

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let jobs: usize = object.extract()?;
        let jobs = NonZeroUsize::new(jobs).map(Self);
        jobs.ok_or_else(|| errors::value("at least one thread reads: jobs is 1 or more"))
    }
}

/// How `.evtx` is read.
pub(crate) fn evtx(jobs: Option<Jobs>, verify: bool) -> EvtxOptions {
    let default = EvtxOptions::default();
    EvtxOptions {
        verify,
        jobs: jobs.map_or(default.jobs, |jobs| jobs.0),
    }
}

/// How a log is read.
pub(crate) fn log(zone: Option<TimeZone>, jobs: Option<Jobs>, verify: bool) -> LogOptions {
    LogOptions {
        evtx: evtx(jobs, verify),
        zone: zone.map(|zone| zone.0),
        ..LogOptions::default()
    }
}

/// Which events are wanted.
pub(crate) fn filter(
    providers: Option<Vec<String>>,
    ids: Option<Vec<u32>>,
    since: Option<When>,
    until: Option<When>,
) -> Filter {
    Filter {
        providers: providers.unwrap_or_default(),
        ids: ids.unwrap_or_default().into_iter().collect(),
        since: since.map(|it| it.0),
        until: until.map(|it| it.0),
    }
}

/// What an input may cost.
pub(crate) fn limits(
    item_bytes: Option<u64>,
    files: Option<usize>,
    archive_bytes: Option<u64>,
    archive_ratio: Option<u64>,
    depth: Option<usize>,
) -> Limits {
    let mut limits = Limits::default();
    limits.item_bytes = item_bytes.unwrap_or(limits.item_bytes);
    limits.files = files.unwrap_or(limits.files);
    limits.archive_bytes = archive_bytes.unwrap_or(limits.archive_bytes);
    limits.archive_ratio = archive_ratio.unwrap_or(limits.archive_ratio);
    limits.depth = depth.unwrap_or(limits.depth);
    limits
}

/// Reads inputs outside the interpreter's lock. What a file object raises is raised here.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    inputs: Vec<Source>,
    progress: Option<Callback>,
    work: impl FnOnce(Vec<Input>, &mut OnProgress<'_>) -> sspr::Result<T> + Send,
) -> PyResult<T> {
    let raised: Vec<_> = inputs.iter().filter_map(Source::raised).collect();
    let inputs: PyResult<Vec<_>> = inputs.into_iter().map(|source| source.input(py)).collect();
    let inputs = inputs?;
    let done = work::run(py, progress, move |progress| work(inputs, progress));
    input::raise_again(py, &raised)?;
    done
}
