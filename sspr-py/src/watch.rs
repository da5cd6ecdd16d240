//! `sspr.watch`: watching logs while they are written.

pub(crate) mod post;

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use pyo3::prelude::*;
use sspr::render;
use sspr::watch::WatchOptions;

use crate::data::{data, words};
use crate::errors::{self, OrRaise};
use crate::feed;
use crate::input::When;
use crate::json;
use crate::snapshot::follow::Followed;
use crate::span::Span;
use crate::work::{self, Callback};

/// Watches logs: what failed, what is unusual, and what fell silent.
///
/// It reads what is new each time `look` is called, and never waits. A notice stays in `untold` until
/// `told` says that it was handed on; who saves `state` before and after that loses no notice,
/// whenever the process ends. It belongs to one thread at a time.
#[pyclass(module = "sspr.watch")]
pub(crate) struct Watch(sspr::watch::Watch);

#[pymethods]
impl Watch {
    /// Watches files, and all files below folders.
    ///
    /// `refusals` tells of refused passwords too, which people run into every day. `burst` is how many
    /// operations, or failures, of an hour may be a burst. `silence` is how long a log may get no
    /// record, one hour unless said otherwise; `timedelta.max` is for ever. `state` is that of an
    /// earlier watch, which this one goes on from; without one, what happens from `since` on is told,
    /// from now on unless it is given. A path that is not there is raised.
    #[new]
    #[pyo3(signature = (
        paths, *, refusals = false, burst = 10, silence = None, state = None, since = None,
    ))]
    fn new(
        py: Python<'_>,
        paths: Vec<PathBuf>,
        refusals: bool,
        burst: u64,
        silence: Option<Span>,
        state: Option<&WatchState>,
        since: Option<When>,
    ) -> PyResult<Self> {
        for path in &paths {
            std::fs::metadata(path).map_err(|error| {
                errors::raise(py, &feed::missing(&path.display().to_string(), error))
            })?;
        }
        let mut options = WatchOptions::default();
        options.refusals = refusals;
        options.burst = burst;
        if let Some(silence) = silence {
            options.silence = silence.0.duration().unwrap_or(TimeDelta::MAX);
            if options.silence.is_zero() {
                return Err(errors::value(
                    "a silence takes some time; timedelta.max tells of none",
                ));
            }
        }
        let state = match (state, since) {
            (Some(_), Some(_)) => {
                return Err(errors::value(
                    "a state knows since when; give `since` or `state`",
                ));
            }
            (Some(state), None) => state.0.clone(),
            (None, since) => sspr::watch::WatchState::new(since_or_now(since)),
        };
        Ok(Self(sspr::watch::Watch::new(paths, options, state)))
    }

    /// Reads what is new in all logs, outside the interpreter's lock. What is to be told of it is in
    /// `untold`. `now` is the time of the look, the present time unless it is given. What `progress`
    /// raises stops the look, which then changed nothing.
    #[pyo3(signature = (now = None, progress = None))]
    fn look(
        &mut self,
        py: Python<'_>,
        now: Option<When>,
        progress: Option<Callback>,
    ) -> PyResult<Followed> {
        let now = since_or_now(now);
        let watch = &mut self.0;
        work::run(py, progress, |progress| watch.look(now, progress)).map(Followed)
    }

    /// What is to be told, the earliest first.
    #[getter]
    fn untold(&self) -> Vec<Notice> {
        self.0.untold().iter().cloned().map(Notice).collect()
    }

    /// So many of what was to be told, from the first on, were handed on.
    fn told(&mut self, notices: usize) {
        self.0.told(notices);
    }

    /// What it knows, as it stands now.
    #[getter]
    fn state(&self) -> WatchState {
        WatchState(self.0.state().clone())
    }

    fn __repr__(&self) -> String {
        format!("<Watch with {} notices to tell>", self.0.untold().len())
    }
}

/// Here, and where a report is asked for without a time, the package reads the clock.
fn since_or_now(time: Option<When>) -> DateTime<Utc> {
    time.map_or_else(Utc::now, |time| time.0)
}

/// What a watch knows: how far each file was read, what was told, and what is usual. It holds names of
/// people but no password and no text of an event older than half an hour.
#[pyclass(frozen, eq, module = "sspr.watch")]
pub(crate) struct WatchState(sspr::watch::WatchState);

impl PartialEq for WatchState {
    fn eq(&self, other: &Self) -> bool {
        crate::data::same(&self.0, &other.0)
    }
}

#[pymethods]
impl WatchState {
    /// Of a watch that begins: what happens from `since` on is told.
    #[new]
    fn new(since: When) -> Self {
        Self(sspr::watch::WatchState::new(since.0))
    }

    /// Reads a state that `save` wrote; `None` where there is no file. A file that is none, or is
    /// damaged, or was written by another version, is an `InputError`.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Option<Self>> {
        let state = py.detach(|| sspr::watch::WatchState::load(&path));
        Ok(state.or_raise(py)?.map(Self))
    }

    /// Writes the state: whatever happens, the file holds this state or the one before.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| self.0.save(&path)).or_raise(py)
    }

    /// Events from this time on are told of.
    #[getter]
    fn since(&self) -> DateTime<Utc> {
        self.0.since
    }

    /// Notices that were not yet confirmed to be told.
    #[getter]
    fn untold(&self) -> Vec<Notice> {
        self.0.untold.iter().cloned().map(Notice).collect()
    }

    /// As JSON, for whoever keeps it elsewhere than in a file.
    fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// Reads what `to_json` wrote.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        sspr::watch::WatchState::from_json(text)
            .or_raise(py)
            .map(Self)
    }

    /// As plain data, with the names of the JSON form.
    fn to_dict(&self) -> json::Json {
        json::Json::of(&self.0)
    }

    fn __repr__(&self) -> String {
        let (since, untold) = (self.0.since.to_rfc3339(), self.0.untold.len());
        format!("<WatchState since {since}, {untold} notices to tell>")
    }

    fn __hash__(&self) -> u64 {
        crate::data::hash(&self.0)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<crate::data::Reduced<'py>> {
        crate::data::reduce(slf, slf.get().to_json())
    }
}

data! {
    wire
    /// One thing that a watch tells, in a sentence and in fields. Fields that a notice of its kind does
    /// not have are `None`, and left out of its JSON.
    Notice in "sspr.watch" is sspr::watch::Notice {
        /// The same for the same thing, however often it is told: by it a receiver knows a repetition.
        id: &str = |it| &it.id,
        /// What it is about.
        kind: NoticeKind = |it| NoticeKind(it.kind),
        /// How much it matters.
        weight: Weight = |it| Weight(it.weight),
        /// When it happened, by the clock of the log; of a silence, when it began.
        at: DateTime<Utc> = |it| it.at,
        /// What happened.
        message: &str = |it| &it.message,
        /// What to do about it.
        next: Option<&str> = |it| it.next.as_deref(),
        /// The computer that wrote the log.
        computer: Option<&str> = |it| it.computer.as_deref(),
        /// The log, such as `Application`, or the path of the file.
        log: Option<&str> = |it| it.log.as_deref(),
        /// The person, by user principal name.
        user: Option<&str> = |it| it.user.as_deref(),
        /// The kind of the operation, such as `reset`.
        operation: Option<&str> = |it| it.operation.as_deref(),
        /// The id that the events of the operation share: what support asks for.
        tracking_id: Option<&str> = |it| it.tracking_id.as_deref(),
        /// The event that says so.
        event: Option<u32> = |it| it.event,
        /// The engine's result code.
        code: Option<&str> = |it| it.code.as_deref(),
        /// The key of the root cause, such as `accessDenied`.
        cause: Option<&str> = |it| it.cause.as_deref(),
        /// How many: operations in the hour of a burst, records that were lost, seconds of a silence
        /// that ended.
        count: Option<u64> = |it| it.count,
        /// How many are usual in such an hour.
        usual: Option<u64> = |it| it.usual,
    }

    /// For a terminal: what happened, and what to do about it. `width` counts columns.
    #[pyo3(signature = (*, width = 80, color = false))]
    fn to_text(&self, width: usize, color: bool) -> String {
        render::notice_text(&self.0, width, color)
    }
}

words! {
    NoticeKind in "sspr.watch" is sspr::watch::NoticeKind { Failure, Refusal, Unfinished, Service, Recovered, Burst, Silence, SilenceOver, Lost };
    Weight in "sspr.watch" is sspr::watch::Weight { Information, Warning, Error };
}
