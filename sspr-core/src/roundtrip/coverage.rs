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
    /// Where they say nothing: from a server's first event to its last.
    seen: BTreeMap<Option<Name>, (i64, i64)>,
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
    pub(super) fn see(&mut self, machine: Option<Name>, at: i64) {
        let span = self.seen.entry(machine).or_insert((at, at));
        *span = (span.0.min(at), span.1.max(at));
    }

    /// The same by the clock that all are compared with. All servers count whose service was seen:
    /// each of them may have been the active one.
    pub(super) fn corrected(&self, clocks: &Clocks, machines: &HashMap<Name, Name>) -> Covered {
        let full = |name: &Name| *machines.get(name).unwrap_or(name);
        let mut stated: BTreeMap<Name, Vec<(i64, i64)>> = BTreeMap::new();
        for (name, spans) in &self.stated {
            stated.entry(full(name)).or_default().extend(spans);
        }
        let mut seen: BTreeMap<Option<Name>, Vec<(i64, i64)>> = BTreeMap::new();
        for (name, span) in &self.seen {
            seen.entry(name.as_ref().map(full)).or_default().push(*span);
        }
        let servers = seen.into_iter().map(|(machine, seen)| {
            let stated = machine.and_then(|machine| stated.get(&machine));
            let mut spans = stated.cloned().unwrap_or(seen);
            merge(&mut spans);
            let clock = Clock::Machine(machine);
            spans
                .iter()
                .map(|(from, to)| (clocks.correct(clock, *from).0, clocks.correct(clock, *to).0))
                .collect()
        });
        Covered {
            servers: servers.collect(),
        }
    }
}

/// Which times the logs of all servers cover, by the clock that all are compared with.
#[derive(Debug, Default)]
pub(super) struct Covered {
    servers: Vec<Vec<(i64, i64)>>,
}

impl Covered {
    pub(super) fn covers(&self, at: i64) -> bool {
        !self.servers.is_empty()
            && self
                .servers
                .iter()
                .all(|spans| spans.iter().any(|(from, to)| (*from..=*to).contains(&at)))
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
