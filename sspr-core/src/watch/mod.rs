//! Watching logs while they are written: what failed, what is unusual, and what fell silent.
//!
//! A [`Watch`] reads what is new each time it is told to, and never waits: whoever holds it sleeps
//! between two looks, and says what time it is. What it knows is a [`WatchState`], from which another
//! one goes on.
//!
//! # What is told
//!
//! - **Failures**: an operation that ended in an error of the system, with its cause and what to do;
//!   refusals of a password by the domain where [`WatchOptions::refusals`] asks for them; and an
//!   operation that nothing ended while its log went on for a quarter of an hour. A server's log tells
//!   of them, or the tenant's audit log where no server does.
//! - **The service**: its errors of connection, of keys and of configuration, once in an hour each;
//!   that writeback was switched off; that it works again.
//! - **Bursts**: an hour with at least [`WatchOptions::burst`] operations, or failures, that are more
//!   than five times the median of the same hour on the days before, as far as they were seen.
//! - **Silence**: a log that got no record of anybody for [`WatchOptions::silence`]; and, while the
//!   log goes on, a service that wrote heartbeats and no longer does, for twenty minutes.
//! - **Losses**: records that could not be read, or were overwritten before they were read.
//!
//! Security logs of domain controllers are not used: which account is the connector's is seen from many
//! operations beside each other, and in the half hour that a watch holds, somebody's own reset
//! would pass for the proof that a failure was none.
//!
//! # Once, and for certain
//!
//! Events are known again by what they are, not by where they stand: a log that is rotated, copied
//! or exported anew tells nothing twice. (The latest 20,000 events are, and as many records of the
//! tenant; one of those that comes a week after later ones is passed over.) An operation that a server
//! and the tenant tell is one: they share an id, or the person and ten minutes. A notice stays in
//! [`WatchState::untold`] until [`Watch::told`] says that it was handed on. Who saves the state before and
//! after that loses no notice, whenever the process ends; one that was being handed on right then
//! comes again, with the same [`Notice::id`].
//!
//! With the feature `post`, `Post` hands them on to a receiver over HTTP, under this discipline.

mod judge;
mod known;
mod notice;
mod operations;
#[cfg(feature = "post")]
mod post;
mod silence;
mod state;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};

pub use notice::{Notice, NoticeKind, Weight};
#[cfg(feature = "post")]
pub use post::{Post, PostSettings, Posted};
pub use state::WatchState;

use crate::error::{Error, Result};
use crate::events::audit::{self, Activity, AuditRecord};
use crate::events::catalogue::Source;
use crate::events::{Filter, LogItem, WindowsEvent};
use crate::evidence::{Locator, OnProgress, Provenance, SourceId, Strength};
use crate::roundtrip::{Correlator, Operation, Outcome};
use crate::snapshot::{Change, Followed, Follower};
use known::People;
use state::Kept;

/// Events that other events are joined to, before the latest one of their log.
const JOINED: TimeDelta = TimeDelta::minutes(30);
/// A log that gets nothing for so long is done with.
const STALE: TimeDelta = TimeDelta::days(1);
/// How long it is known what is usual, and which operations were seen.
const USUAL: TimeDelta = TimeDelta::days(8);
/// How much later than others a record of the tenant may come.
const LATE: TimeDelta = TimeDelta::days(7);

/// What a watch tells, beyond failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct WatchOptions {
    /// Tell of refusals too, which people run into every day.
    pub refusals: bool,
    /// How many operations, or failures, of an hour may be a burst.
    pub burst: u64,
    /// How long a log may get no record.
    pub silence: TimeDelta,
}

impl Default for WatchOptions {
    /// No refusals; ten; one hour: a server that synchronises writes every half hour.
    fn default() -> Self {
        Self {
            refusals: false,
            burst: 10,
            silence: TimeDelta::hours(1),
        }
    }
}

/// Watches logs.
#[derive(Debug, Clone)]
pub struct Watch {
    follower: Follower,
    options: WatchOptions,
    state: WatchState,
}

impl Watch {
    /// Watches files, and all files below folders, from where a state stands.
    pub fn new(paths: Vec<PathBuf>, options: WatchOptions, state: WatchState) -> Self {
        let (service, engine) = (Source::Writeback.provider(), Source::Engine.provider());
        let filter = Filter {
            providers: [service, engine, audit::PROVIDER].map(str::to_owned).into(),
            ..Filter::default()
        };
        Self {
            follower: Follower::new(paths, filter, state.files.clone()),
            options,
            state,
        }
    }

    /// What it knows.
    pub fn state(&self) -> &WatchState {
        &self.state
    }

    /// What is to be told, the earliest first.
    pub fn untold(&self) -> &[Notice] {
        &self.state.untold
    }

    /// The first of what was to be told was handed on.
    pub fn told(&mut self, notices: usize) {
        let most = notices.min(self.state.untold.len());
        self.state.untold.drain(..most);
    }

    /// Reads what is new in all logs. What is to be told of it is in [`untold`](Self::untold). An error is
    /// returned only when the caller stopped the look, which then changed nothing.
    pub fn look(&mut self, now: DateTime<Utc>, progress: &mut OnProgress<'_>) -> Result<Followed> {
        let mut state = self.state.clone();
        let mut reader = self.follower.clone();
        let mut look = Look::new(&mut state, now);
        let followed = reader.pass(now, progress, &mut |log, item| {
            look.item(log, item);
            ControlFlow::Continue(())
        })?;
        for changed in &followed.changed {
            if let Change::Missed(from, until) = changed.change {
                look.missed(&changed.name, from, until);
            }
        }
        look.finish(reader.positions(), self.options);
        state.files = reader.positions().clone();
        self.follower = reader;
        self.state = state;
        Ok(followed)
    }
}

/// Where an event or a record stands. Nobody asks for the file.
fn provenance(locator: Locator, observed_at: Option<DateTime<Utc>>) -> Provenance {
    Provenance {
        source: SourceId(0),
        locator,
        observed_at,
        strength: Strength::Observed,
    }
}

/// One look while it goes on.
struct Look<'s> {
    state: &'s mut WatchState,
    now: DateTime<Utc>,
    /// Events that are only counted, for they are older than what is told.
    past: Correlator,
    past_operations: Vec<Operation>,
    /// How many faults each log had, and the first of them.
    faults: BTreeMap<String, (u64, Error)>,
    /// The events of the window that came in this look.
    fresh: Vec<WindowsEvent>,
    /// The records that close operations in the cloud, which came in this look.
    records: Vec<AuditRecord>,
    /// Whose operations were seen before.
    people: People,
    /// Records of writeback that was switched on or off.
    switches: Vec<AuditRecord>,
    /// The time of the latest of both.
    latest_record: Option<DateTime<Utc>>,
    notices: Vec<Notice>,
}

impl<'s> Look<'s> {
    fn new(state: &'s mut WatchState, now: DateTime<Utc>) -> Self {
        Self {
            people: People::of(state),
            state,
            now,
            past: Correlator::default(),
            past_operations: Vec::new(),
            faults: BTreeMap::new(),
            fresh: Vec::new(),
            records: Vec::new(),
            switches: Vec::new(),
            latest_record: None,
            notices: Vec::new(),
        }
    }

    fn item(&mut self, log: &str, item: LogItem) {
        match item {
            LogItem::Event(event) => {
                let (event, place) = (event.value, event.place);
                self.sign_of_life(&event);
                if event.id == judge::HEARTBEAT {
                    return;
                }
                let is_past = event
                    .time
                    .is_some_and(|time| time < self.state.since - JOINED);
                if is_past {
                    if event.time.is_some_and(|time| time > self.now - USUAL)
                        && self.state.heard.is_new(&event)
                    {
                        self.past(&event, place);
                    }
                    return;
                }
                if self.state.heard.is_new(&event) {
                    self.fresh.push(event.clone());
                    let log = log.to_owned();
                    self.state.window.push(Kept { log, place, event });
                }
            }
            LogItem::Fault { error, records, .. } => {
                let fault = self.faults.entry(log.to_owned()).or_insert((0, error));
                fault.0 += records.unwrap_or(1);
            }
            LogItem::Audit(record) => self.record(*record),
            LogItem::Span(_) => {}
        }
    }

    /// Takes a record of the tenant, if it tells how something ended.
    fn record(&mut self, record: AuditRecord) {
        let into = match record.activity {
            Activity::Reset
            | Activity::Change
            | Activity::Unlock
            | Activity::AdminReset
            | Activity::Blocked => &mut self.records,
            Activity::WritebackEnabled | Activity::WritebackDisabled => &mut self.switches,
            _ => return,
        };
        // An export holds what the one before it held, and more of it than can be remembered.
        let state = &mut *self.state;
        let is_old = state
            .latest_record
            .is_some_and(|latest| record.time < latest - LATE);
        if is_old || record.time < state.since || !state.records.is_new_record(&record) {
            return;
        }
        self.latest_record = self.latest_record.max(Some(record.time.min(self.now)));
        into.push(record);
    }

    /// Counts an event that nothing is told of.
    fn past(&mut self, event: &WindowsEvent, place: Locator) {
        let from = provenance(place, event.time);
        let done = &mut self.past_operations;
        self.past
            .push(event, &from, &mut |operation| done.push(operation));
        self.count_past();
    }

    fn count_past(&mut self) {
        for operation in self.past_operations.drain(..) {
            if let Some(time) = operation.time().filter(|_| !operation.kind.is_service()) {
                let hour = self.state.hours.entry(judge::hour(time)).or_default();
                let failed = matches!(operation.outcome, Outcome::Failed | Outcome::Refused);
                hour.add(failed);
            }
        }
    }

    fn finish(mut self, files: &crate::snapshot::Followings, options: WatchOptions) {
        let done = &mut self.past_operations;
        std::mem::take(&mut self.past).finish(&mut |operation| done.push(operation));
        self.count_past();
        self.operations(files, options);
        self.switches();
        self.service();
        self.bursts(options);
        self.silences(files, options);
        self.losses();
        self.prune(files);
        self.notices
            .sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        self.state.untold.append(&mut self.notices);
    }

    /// Forgets what no later event can be joined to.
    fn prune(&mut self, files: &crate::snapshot::Followings) {
        let (state, now) = (&mut *self.state, self.now);
        state.window.retain(|kept| {
            let last = files.get(&kept.log).and_then(|file| file.last);
            let latest = last.map_or(now, |last| last.max(now - STALE));
            kept.event.time.is_some_and(|time| time > latest - JOINED)
        });
        state.forget(now - USUAL);
        state.latest_record = state.latest_record.max(self.latest_record);
        state.hours.retain(|hour, _| *hour > now - USUAL);
        state.troubles.retain(|_, at| *at > now - USUAL);
    }
}
