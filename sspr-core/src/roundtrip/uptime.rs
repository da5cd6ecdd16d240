//! What the writeback service of each machine says of itself.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::clock::instant;
use super::names::{Name, Names};
use super::{Gap, Service};

/// Most stretches of a machine that are told.
const TOLD: usize = 100;
/// The least time without a heartbeat that is a gap: three of five minutes, in microseconds.
const GAP: i64 = 15 * 60 * 1_000_000;

/// Heartbeats, starts and stops of the services, by machine, in microseconds of its own clock.
#[derive(Debug, Clone, Default)]
pub(super) struct Uptime {
    machines: BTreeMap<Option<Name>, Machine>,
}

#[derive(Debug, Clone, Default)]
struct Machine {
    heartbeats: Vec<i64>,
    started: Vec<i64>,
    stopped: Vec<i64>,
    seen: Option<(i64, i64)>,
}

impl Uptime {
    /// Takes an event of the writeback service.
    pub(super) fn see(&mut self, machine: Option<Name>, id: u32, at: i64) {
        let machine = self.machines.entry(machine).or_default();
        let seen = machine.seen.get_or_insert((at, at));
        *seen = (seen.0.min(at), seen.1.max(at));
        match id {
            31019 => machine.heartbeats.push(at),
            31015 => machine.started.push(at),
            31016 => machine.stopped.push(at),
            _ => {}
        }
    }

    pub(super) fn finish(self, names: &Names, machines: &HashMap<Name, Name>) -> Vec<Service> {
        let mut all: BTreeMap<Option<Name>, Machine> = BTreeMap::new();
        for (name, one) in self.machines {
            let name = name.map(|name| *machines.get(&name).unwrap_or(&name));
            all.entry(name).or_default().join(one);
        }
        let mut services: Vec<_> = all
            .into_iter()
            .filter_map(|(name, machine)| {
                let host = name.map(|name| names.text(name).to_owned());
                machine.finish(host)
            })
            .collect();
        services.sort_by(|a, b| a.host.cmp(&b.host));
        services
    }
}

impl Machine {
    /// The same machine under another of its names.
    fn join(&mut self, other: Self) {
        self.heartbeats.extend(other.heartbeats);
        self.started.extend(other.started);
        self.stopped.extend(other.stopped);
        self.seen = match (self.seen, other.seen) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (one, two) => one.or(two),
        };
    }

    fn finish(mut self, host: Option<String>) -> Option<Service> {
        let (first, last) = self.seen?;
        for list in [&mut self.heartbeats, &mut self.started, &mut self.stopped] {
            list.sort_unstable();
            list.dedup();
        }
        let stretches = self.up(first, last);
        let up: i64 = stretches.iter().map(|(from, to)| to - from).sum();
        let mut gaps = self.gaps();
        // The longest, and then by time again.
        gaps.sort_by_key(|(from, to)| (from - to, *from));
        gaps.truncate(TOLD);
        gaps.sort_unstable();
        let late = stretches.len().saturating_sub(TOLD);
        Some(Service {
            host,
            heartbeats: self.heartbeats.len() as u64,
            gaps: gaps.into_iter().filter_map(gap).collect(),
            up: stretches.into_iter().skip(late).filter_map(gap).collect(),
            up_milliseconds: up / 1000,
            seen_milliseconds: (last - first) / 1000,
        })
    }

    fn gaps(&self) -> Vec<(i64, i64)> {
        let pairs = || self.heartbeats.iter().zip(self.heartbeats.iter().skip(1));
        let mut intervals: Vec<i64> = pairs().map(|(one, next)| next - one).collect();
        intervals.sort_unstable();
        let usual = intervals
            .get(intervals.len() / 2)
            .copied()
            .unwrap_or_default();
        let least = GAP.max(3 * usual);
        pairs()
            .filter(|(one, next)| *next - *one > least)
            .map(|(one, next)| (*one, *next))
            .collect()
    }

    /// When it ran: between a start and the next stop. Before the first word it ran if that is a
    /// stop, or if there is none at all.
    fn up(&self, first: i64, last: i64) -> Vec<(i64, i64)> {
        let starts = self.started.iter().map(|at| (*at, true));
        let stops = self.stopped.iter().map(|at| (*at, false));
        let mut words: Vec<(i64, bool)> = starts.chain(stops).collect();
        words.sort_unstable();
        let mut up = Vec::new();
        let mut since = words
            .first()
            .is_none_or(|(_, start)| !start)
            .then_some(first);
        for (at, start) in words {
            match (since, start) {
                (None, true) => since = Some(at),
                (Some(from), false) => {
                    up.push((from, at));
                    since = None;
                }
                // A start without a stop before it: when it ended is not known.
                (Some(_), true) | (None, false) => {}
            }
        }
        up.extend(since.map(|from| (from, last)));
        up
    }
}

fn gap((from, to): (i64, i64)) -> Option<Gap> {
    Some(Gap {
        from: instant(from)?,
        to: instant(to)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000_000;

    #[test]
    fn silence_between_heartbeats_is_a_gap_and_time_between_stop_and_start_is_not_up() {
        let mut uptime = Uptime::default();
        uptime.see(None, 31015, 0);
        for beat in (0..20).chain(32..40) {
            uptime.see(None, 31019, beat * 5 * MINUTE);
        }
        uptime.see(None, 31016, 100 * MINUTE);
        uptime.see(None, 31015, 158 * MINUTE);
        let services = uptime.finish(&Names::default(), &HashMap::new());
        let service = &services[0];
        assert_eq!(service.gaps.len(), 1);
        assert_eq!(
            (service.gaps[0].to - service.gaps[0].from).num_minutes(),
            65
        );
        assert_eq!(service.up.len(), 2);
        assert_eq!(service.up_milliseconds, (100 + 195 - 158) * MINUTE / 1000);
        assert_eq!(service.heartbeats, 28);
    }
}
