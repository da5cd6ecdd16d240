//! Which times the servers' logs cover.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::clock::{Clock, Clocks};
use super::names::Name;

/// Which times the logs of each server cover, by the server's clock, in microseconds.
#[derive(Debug, Clone, Default)]
pub(super) struct Coverage {
    /// As the readers of logs say.
    stated: BTreeMap<Name, Vec<(i64, i64)>>,
    /// The first and the last event of each server's service, with their ids.
    seen: BTreeMap<Option<Name>, Seen>,
}

/// The first and the last event of a service.
#[derive(Debug, Clone, Copy)]
struct Seen {
    first: (i64, u32),
    last: (i64, u32),
}

impl Seen {
    fn join(&mut self, other: Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }

    /// When it may have served: one whose first event switches writeback on did not before, one
    /// whose last event switches it off or stops it does not after.
    const fn may_serve(self) -> (i64, i64) {
        let from = match self.first {
            (at, 31004 | 31005 | 31017 | 31018) => at,
            _ => i64::MIN,
        };
        let to = match self.last {
            (at, 31013 | 31016) => at,
            _ => i64::MAX,
        };
        (from, to)
    }
}

impl Coverage {
    /// A log holds all events of a stretch of time.
    pub(super) fn state(&mut self, machine: Name, from: i64, to: i64) {
        let spans = self.stated.entry(machine).or_default();
        spans.push((from.min(to), from.max(to)));
        // A log of many chunks states many.
        if spans.len() > 64 {
            merge(spans);
        }
    }

    /// An event of the writeback service.
    pub(super) fn see(&mut self, machine: Option<Name>, id: u32, at: i64) {
        let new = Seen {
            first: (at, id),
            last: (at, id),
        };
        self.seen.entry(machine).or_insert(new).join(new);
    }

    /// The same by the clock that all are compared with.
    pub(super) fn corrected(&self, clocks: &Clocks, machines: &HashMap<Name, Name>) -> Covered {
        let full = |name: &Name| *machines.get(name).unwrap_or(name);
        let mut stated: BTreeMap<Name, Vec<(i64, i64)>> = BTreeMap::new();
        for (name, spans) in &self.stated {
            stated.entry(full(name)).or_default().extend(spans);
        }
        let mut seen: BTreeMap<Option<Name>, Seen> = BTreeMap::new();
        for (name, one) in &self.seen {
            let name = name.as_ref().map(full);
            seen.entry(name).or_insert(*one).join(*one);
        }
        let servers = seen.into_iter().map(|(machine, seen)| {
            let spans = machine.and_then(|machine| stated.get(&machine));
            let mut spans = spans.cloned().unwrap_or_default();
            spans.push((seen.first.0, seen.last.0));
            merge(&mut spans);
            let right = |at: i64| clocks.correct(Clock::Machine(machine), at).0;
            let (from, to) = seen.may_serve();
            Server {
                spans: spans
                    .iter()
                    .map(|(from, to)| (right(*from), right(*to)))
                    .collect(),
                serves: (
                    if from == i64::MIN { from } else { right(from) },
                    if to == i64::MAX { to } else { right(to) },
                ),
            }
        });
        Covered {
            servers: servers.collect(),
        }
    }
}

/// Which times the logs of all servers cover, by the clock that all are compared with.
#[derive(Debug, Default)]
pub(super) struct Covered {
    servers: Vec<Server>,
}

#[derive(Debug)]
struct Server {
    spans: Vec<(i64, i64)>,
    serves: (i64, i64),
}

impl Covered {
    /// Whether each server that may have served at a time has a log of it, and one has at all.
    pub(super) fn covers(&self, at: i64) -> bool {
        let has_log = |server: &Server| {
            let mut spans = server.spans.iter();
            spans.any(|(from, to)| (*from..=*to).contains(&at))
        };
        self.servers.iter().any(has_log)
            && self.servers.iter().all(|server| {
                let (from, to) = server.serves;
                has_log(server) || at < from || at > to
            })
    }
}

/// Joins spans that overlap; a log is without a gap from one chunk to the next.
fn merge(spans: &mut Vec<(i64, i64)>) {
    spans.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::new();
    for (from, to) in spans.drain(..) {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    *spans = merged;
}
