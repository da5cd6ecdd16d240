//! Joining events to operations.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::entry::Entry;
use super::step::Step;
use super::{Join, Operation};
use crate::events::{HResult, Message, WindowsEvent};
use crate::evidence::Provenance;

/// How far from its last event a whole operation still waits for stragglers, and how far apart
/// two events of one person without tracking ids may lie.
const SETTLE: TimeDelta = TimeDelta::minutes(2);
/// How far the engine's event may lie from the service's.
const BESIDE: TimeDelta = TimeDelta::seconds(10);
/// Most operations that wait for their other half.
const OPEN: usize = 100_000;
/// Most events without a tracking id that are compared with each new one.
const BESIDES: usize = 1_000;

/// Joins events to operations, in whatever order they come: ascending, descending, or one log
/// after another.
///
/// Events with a tracking id are joined by it. The engine's 6329 has none: it is joined to a
/// failure of the same server within ten seconds with the same result code. Events of a person
/// that lost their tracking ids are joined within two minutes. Both are marked as inferred. A
/// record that is delivered again changes nothing while its operation is open.
///
/// An operation that has its start and its end leaves two minutes later by the clock of the
/// events; halves wait for [`Correlator::finish`], up to a bound, beyond which the longest waiting
/// leaves.
#[derive(Debug, Clone)]
pub struct Correlator {
    entries: BTreeMap<Key, Entry>,
    /// Entries in the order of their first event.
    order: VecDeque<Key>,
    /// Whole operations, and when they became so.
    settling: VecDeque<(Key, DateTime<Utc>)>,
    /// Failures that the engine's event may belong to.
    failures: VecDeque<(Key, DateTime<Utc>)>,
    /// The engine's events that no failure was found for yet.
    pending: VecDeque<(WindowsEvent, Provenance)>,
    /// Entries without tracking id.
    nameless: Vec<Key>,
    next: u64,
    open: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Tracked(Uuid),
    Nameless(u64),
}

impl Default for Correlator {
    fn default() -> Self {
        Self::with_open(OPEN)
    }
}

impl Correlator {
    /// A correlator that holds at most this many unfinished operations.
    pub fn with_open(open: usize) -> Self {
        Self {
            entries: BTreeMap::new(),
            order: VecDeque::new(),
            settling: VecDeque::new(),
            failures: VecDeque::new(),
            pending: VecDeque::new(),
            nameless: Vec::new(),
            next: 0,
            open: open.max(1),
        }
    }

    /// Takes an event. Events that have nothing to do with operations are ignored.
    pub fn push(
        &mut self,
        event: &WindowsEvent,
        from: &Provenance,
        done: &mut dyn FnMut(Operation),
    ) {
        let Some(step) = Step::of(event) else {
            return;
        };
        if let Some(now) = event.time {
            self.settle(now, done);
        }
        let text = event.text();
        let message = Message::parse(&text);
        if step == Step::Engine {
            self.engine(event, &message, from);
            self.bound(done);
            return;
        }
        let (key, join) = match message.tracking_id {
            Some(id) => (Key::Tracked(id), Join::TrackingId),
            None => match self.same_person(event, &message, step) {
                Some(key) => (key, Join::Person),
                None if step == Step::Aside => return,
                None => (self.nameless(done), Join::Person),
            },
        };
        let entry = self.entries.entry(key).or_insert_with(|| {
            self.order.push_back(key);
            Entry::new()
        });
        let before = (entry.is_whole(), entry.is_failed());
        entry.add(event, &message, step, join, from);
        let after = (entry.is_whole(), entry.is_failed());
        if let Some(time) = event.time {
            if after.0 && !before.0 {
                self.settling.push_back((key, time));
            }
            if after.1 && !before.1 {
                self.failures.push_back((key, time));
                self.take_pending(key, time);
            }
        }
        self.bound(done);
    }

    /// Hands over all that is left, by time.
    pub fn finish(&mut self, done: &mut dyn FnMut(Operation)) {
        let mut left: Vec<_> = std::mem::take(&mut self.entries)
            .into_values()
            .filter_map(Entry::close)
            .collect();
        left.extend(
            self.pending
                .drain(..)
                .filter_map(|(event, from)| alone(&event, &from)),
        );
        left.sort_by_key(|operation| (operation.time(), operation.tracking_id));
        *self = Self::with_open(self.open);
        left.into_iter().for_each(done);
    }

    /// Hands over what lies far enough from the time of the present event.
    fn settle(&mut self, now: DateTime<Utc>, done: &mut dyn FnMut(Operation)) {
        let far = |time: DateTime<Utc>| (now - time).abs() > SETTLE;
        while let Some((key, _)) = pop_if(&mut self.settling, |(_, time)| far(*time)) {
            self.close(key, done);
        }
        while pop_if(&mut self.failures, |(_, time)| far(*time)).is_some() {}
        let old = |(event, _): &(WindowsEvent, Provenance)| event.time.is_none_or(far);
        while let Some((event, from)) = pop_if(&mut self.pending, old) {
            done_alone(&event, &from, done);
        }
    }

    fn close(&mut self, key: Key, done: &mut dyn FnMut(Operation)) {
        if let Some(operation) = self.entries.remove(&key).and_then(Entry::close) {
            done(operation);
        }
        if matches!(key, Key::Nameless(_)) {
            self.nameless.retain(|known| *known != key);
        }
        // Keys of what has left are passed over when the queue is worked off.
        if self.order.len() > 2 * self.entries.len() + 64 {
            let entries = &self.entries;
            self.order.retain(|key| entries.contains_key(key));
        }
    }

    /// The longest waiting leave when too many wait.
    fn bound(&mut self, done: &mut dyn FnMut(Operation)) {
        while self.entries.len() > self.open {
            let Some(key) = self.order.pop_front() else {
                return;
            };
            self.close(key, done);
        }
        while self.failures.len() > BESIDES {
            self.failures.pop_front();
        }
        while self.pending.len() > BESIDES {
            if let Some((event, from)) = self.pending.pop_front() {
                done_alone(&event, &from, done);
            }
        }
    }

    fn nameless(&mut self, done: &mut dyn FnMut(Operation)) -> Key {
        if self.nameless.len() >= BESIDES
            && let Some(oldest) = self.nameless.first().copied()
        {
            self.close(oldest, done);
        }
        let key = Key::Nameless(self.next);
        self.next += 1;
        self.nameless.push(key);
        key
    }

    /// The other half of an operation whose events lost their tracking ids.
    fn same_person(&self, event: &WindowsEvent, message: &Message<'_>, step: Step) -> Option<Key> {
        let time = event.time?;
        let person = message.person()?;
        let is_start = matches!(step, Step::Start(_));
        self.nameless
            .iter()
            .filter_map(|key| {
                let entry = self.entries.get(key)?;
                let operation = entry.operation();
                let distance = (operation.time()? - time).abs();
                let fits = distance <= SETTLE
                    && operation.host == event.computer
                    && operation
                        .person
                        .user
                        .as_deref()
                        .is_some_and(|known| known.eq_ignore_ascii_case(person))
                    && !(is_start && entry.has_start());
                fits.then_some((distance, *key))
            })
            .min()
            .map(|(_, key)| key)
    }

    /// Joins the engine's side of a failure to the service's side, or keeps it for later.
    fn engine(&mut self, event: &WindowsEvent, message: &Message<'_>, from: &Provenance) {
        let entries = &self.entries;
        let nearest = self
            .failures
            .iter()
            .filter_map(|(key, time)| {
                let entry = entries.get(key)?;
                let distance = beside(entry, *time, event, message.code)?;
                Some((distance, *key))
            })
            .min()
            .map(|(_, key)| key);
        match nearest.and_then(|key| self.entries.get_mut(&key)) {
            Some(entry) => entry.add(event, message, Step::Engine, Join::TimeAndCode, from),
            None if self.pending.iter().any(|(known, _)| known == event) => {}
            None => self.pending.push_back((event.clone(), from.clone())),
        }
    }

    /// Joins the engine's event that came before the service's.
    fn take_pending(&mut self, key: Key, time: DateTime<Utc>) {
        let Some(entry) = self.entries.get_mut(&key) else {
            return;
        };
        let nearest = self
            .pending
            .iter()
            .enumerate()
            .filter_map(|(index, (event, _))| {
                let code = Message::parse(&event.text()).code;
                Some((beside(entry, time, event, code)?, index))
            })
            .min()
            .map(|(_, index)| index);
        if let Some((event, from)) = nearest.and_then(|index| self.pending.remove(index)) {
            let text = event.text();
            let message = Message::parse(&text);
            entry.add(&event, &message, Step::Engine, Join::TimeAndCode, &from);
        }
    }
}

/// How far the engine's event lies from a failure that it may belong to.
fn beside(
    entry: &Entry,
    failed: DateTime<Utc>,
    event: &WindowsEvent,
    code: Option<HResult>,
) -> Option<TimeDelta> {
    let operation = entry.operation();
    let distance = (event.time? - failed).abs();
    let same_code = match (operation.code, code) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    let fits =
        !entry.has_engine && distance <= BESIDE && same_code && operation.host == event.computer;
    fits.then_some(distance)
}

fn pop_if<T>(queue: &mut VecDeque<T>, condition: impl FnOnce(&T) -> bool) -> Option<T> {
    queue
        .front()
        .is_some_and(condition)
        .then(|| queue.pop_front())?
}

fn done_alone(event: &WindowsEvent, from: &Provenance, done: &mut dyn FnMut(Operation)) {
    if let Some(operation) = alone(event, from) {
        done(operation);
    }
}

/// The engine's event as an operation of its own, when the service's side is not in evidence.
fn alone(event: &WindowsEvent, from: &Provenance) -> Option<Operation> {
    let text = event.text();
    let mut entry = Entry::new();
    entry.add(
        event,
        &Message::parse(&text),
        Step::Engine,
        Join::TimeAndCode,
        from,
    );
    entry.close()
}

#[cfg(test)]
mod tests;
