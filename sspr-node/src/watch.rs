//! `sspr.watch`: logs while they are written.

mod post;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use napi::bindgen_prelude::{ClassInstance, Object};
use napi::{Env, Result};
use napi_derive::napi;
use sspr::render;
use sspr::watch::{Notice, WatchOptions};

use crate::fault::{caught, invalid, own, refused};
use crate::plain::Plain;
use crate::readiness::Style;
use crate::value::{Json, Whole};
use crate::work::{OnStep, Stop, Watch, promised};

/// What a watch knows: how far each file was read, what was told, and what is usual. It never
/// changes: each look makes another one. It holds names of people, but no password and no text of an
/// event older than half an hour.
#[napi(namespace = "watch")]
pub struct WatchState {
    inner: Arc<sspr::watch::WatchState>,
}

#[napi(namespace = "watch")]
impl WatchState {
    /// Of a watch that begins: events from `since` on are told of.
    #[napi(constructor)]
    pub fn new(since: DateTime<Utc>) -> Result<Self> {
        Ok(sspr::watch::WatchState::new(usual(since)?).into())
    }

    /// A state from its JSON.
    #[napi(factory)]
    pub fn from_json(json: String) -> Result<Self> {
        caught(|| {
            sspr::watch::WatchState::from_json(&json)
                .map(Self::from)
                .map_err(|error| own(&error))
        })
    }

    /// The state as JSON.
    #[napi]
    pub fn to_json(&self) -> Result<String> {
        caught(|| Ok(self.inner.to_json()))
    }

    /// Reads a state that `save` wrote; null where there is no file.
    #[napi(ts_return_type = "Promise<WatchState | null>")]
    pub fn load(env: &Env, path: String) -> Result<Object<'_>> {
        promised(
            env,
            move || {
                sspr::watch::WatchState::load(&PathBuf::from(path)).map_err(|error| own(&error))
            },
            |state| state.map(Self::from),
        )
    }

    /// Writes the state: whatever happens, the file holds this state or the one before.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn save<'env>(&self, env: &'env Env, path: String) -> Result<Object<'env>> {
        let state = Arc::clone(&self.inner);
        promised(
            env,
            move || {
                state
                    .save(&PathBuf::from(path))
                    .map_err(|error| own(&error))
            },
            |()| (),
        )
    }

    /// Events from this time on are told of.
    #[napi(getter)]
    pub fn since(&self) -> DateTime<Utc> {
        self.inner.since
    }

    /// Notices that were not yet confirmed to be told.
    #[napi(getter)]
    pub fn untold(&self) -> Plain<Vec<Notice>> {
        Plain(self.inner.untold.clone())
    }
}

impl From<sspr::watch::WatchState> for WatchState {
    fn from(state: sspr::watch::WatchState) -> Self {
        Self {
            inner: Arc::new(state),
        }
    }
}

/// What a watch tells beyond failures, and from where it goes on.
#[napi(object, object_to_js = false, namespace = "loader")]
pub struct Watching<'a> {
    /// Tell of refusals too.
    pub refusals: Option<bool>,
    /// How many operations, or failures, of an hour may be a burst.
    pub burst: Option<Whole>,
    /// How long a log may get no record, in milliseconds.
    pub silence: Option<Whole>,
    /// What an earlier watch knew.
    pub state: Option<ClassInstance<'a, WatchState>>,
    /// Events from this time on are told of, where there is no state.
    pub since: DateTime<Utc>,
}

impl Watching<'_> {
    fn options(&self) -> Result<WatchOptions> {
        let mut options = WatchOptions::default();
        options.refusals = self.refusals.unwrap_or(options.refusals);
        if let Some(burst) = &self.burst {
            options.burst = burst.get()?;
        }
        if let Some(silence) = &self.silence {
            options.silence = TimeDelta::try_milliseconds(silence.get()?)
                .ok_or_else(|| invalid("this silence is too long"))?;
        }
        Ok(options)
    }

    fn state(&self) -> Result<sspr::watch::WatchState> {
        Ok(match &self.state {
            Some(state) => (*state.inner).clone(),
            None => sspr::watch::WatchState::new(usual(self.since)?),
        })
    }
}

/// A watch, as `lib/logs.js` holds it.
#[napi(namespace = "loader")]
pub struct Watcher {
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    watch: sspr::watch::Watch,
    /// What goes on, at a copy of the watch.
    busy: Option<Busy>,
    /// What was told meanwhile.
    told: usize,
}

/// What goes on with a watch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Busy {
    /// It looks at its logs.
    Looks,
    /// What it has to tell is being posted.
    Posts,
}

/// Something that goes on, with the copy that it changes.
struct Going {
    watch: sspr::watch::Watch,
    shared: Arc<Mutex<Inner>>,
}

impl Going {
    /// Does the work. Where it succeeds the copy is the watch from now on.
    fn does<T>(mut self, work: impl FnOnce(&mut sspr::watch::Watch) -> Result<T>) -> Result<T> {
        let done = caught(|| work(&mut self.watch));
        let mut inner = lock(&self.shared);
        inner.busy = None;
        if done.is_ok() {
            self.watch.told(inner.told);
            inner.watch = self.watch;
        }
        done
    }
}

#[napi(namespace = "loader")]
impl Watcher {
    /// Watches files, and all files below folders.
    #[napi(factory)]
    pub fn make(paths: Vec<String>, watching: Watching<'_>) -> Result<Self> {
        let paths = paths.into_iter().map(PathBuf::from).collect();
        let watch = sspr::watch::Watch::new(paths, watching.options()?, watching.state()?);
        Ok(Self {
            inner: Arc::new(Mutex::new(Inner {
                watch,
                busy: None,
                told: 0,
            })),
        })
    }

    /// Reads what is new in all logs.
    #[napi]
    pub fn look<'env>(
        &self,
        env: &'env Env,
        now: DateTime<Utc>,
        stop: &Stop,
        hear: Option<OnStep<'_>>,
    ) -> Result<Object<'env>> {
        let now = usual(now)?;
        let hears = Watch::new(stop, hear)?;
        let work = self.begin(Busy::Looks)?;
        promised(
            env,
            move || {
                work.does(|watch| {
                    watch
                        .look(now, &mut |progress| hears.hears(&progress))
                        .map_err(|error| own(&error))
                })
            },
            Plain,
        )
    }

    /// What is to be told.
    #[napi]
    pub fn untold(&self) -> Plain<Vec<Notice>> {
        Plain(self.lock().watch.untold().to_vec())
    }

    /// The first of what was to be told was handed on.
    #[napi]
    pub fn told(&self, notices: Whole) -> Result<()> {
        let notices = notices.get()?;
        let mut inner = self.lock();
        if inner.busy == Some(Busy::Posts) {
            return Err(refused("what this watch has to tell is being posted"));
        }
        let most = inner.watch.untold().len().min(notices);
        inner.watch.told(most);
        inner.told += most;
        Ok(())
    }

    /// What it knows.
    #[napi]
    pub fn state(&self) -> WatchState {
        self.lock().watch.state().clone().into()
    }
}

impl Watcher {
    /// Begins something that nothing else goes on beside.
    fn begin(&self, what: Busy) -> Result<Going> {
        let mut inner = self.lock();
        match inner.busy {
            Some(Busy::Looks) => return Err(refused("this watch looks at its logs already")),
            Some(Busy::Posts) => {
                return Err(refused("what this watch has to tell is being posted"));
            }
            None => inner.busy = Some(what),
        }
        inner.told = 0;
        Ok(Going {
            watch: inner.watch.clone(),
            shared: Arc::clone(&self.inner),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        lock(&self.inner)
    }
}

/// A notice for a terminal of a width (80 without one): what happened, and what to do about it.
#[napi(namespace = "watch")]
pub fn text(notice: Json<Notice>, style: Option<Style>) -> Result<String> {
    let (notice, options) = (notice.read()?, Style::options(style)?);
    caught(|| Ok(render::notice_text(&notice, options.width, options.color)))
}

/// A time that a day can be taken from and added to.
fn usual(time: DateTime<Utc>) -> Result<DateTime<Utc>> {
    Some(time)
        .filter(|time| (1..=9999).contains(&time.year()))
        .ok_or_else(|| invalid("a time of the years 1 to 9999 is wanted"))
}

/// A panic elsewhere leaves nothing half done in here.
fn lock(inner: &Mutex<Inner>) -> MutexGuard<'_, Inner> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}
