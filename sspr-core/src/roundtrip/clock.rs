//! How clocks differ: estimated from pairs of events that belong together beyond doubt.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Skew;
use super::names::{Name, Names};

mod curve;

use curve::{Curve, middle};

/// A clock: a machine's, or the cloud's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Clock {
    /// The cloud's.
    Cloud,
    /// A machine's; of events that name no machine, one they share.
    Machine(Option<Name>),
    /// That of some domain controller.
    Domain,
}

/// Two times of one moment by two clocks, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) one: (Clock, i64),
    pub(super) other: (Clock, i64),
}

/// What is known of a clock at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trust {
    /// All others are compared with it, or it was compared.
    Compared,
    /// It was set at about that time.
    Set,
    /// It could not be compared.
    Unknown,
}

/// All clocks that were compared.
#[derive(Debug, Default)]
pub(super) struct Clocks {
    reference: Option<Clock>,
    curves: BTreeMap<Clock, Curve>,
}

impl Clocks {
    /// Estimates the clocks. The reference is the cloud's where it was compared with any, else the
    /// one with most pairs.
    pub(super) fn estimate(pairs: Vec<Pair>, names: &Names) -> Self {
        // Names are numbered as they come: clocks are put in the order of their texts.
        let rank = |clock: Clock| match clock {
            Clock::Cloud => (0, String::new()),
            Clock::Machine(name) => (
                1,
                name.map(|name| names.text(name).to_lowercase())
                    .unwrap_or_default(),
            ),
            Clock::Domain => (2, String::new()),
        };
        let mut between: BTreeMap<Clock, BTreeMap<Clock, Vec<(i64, i64)>>> = BTreeMap::new();
        for pair in pairs {
            let ((one, a), (other, b)) = (pair.one, pair.other);
            if one != other {
                between
                    .entry(one)
                    .or_default()
                    .entry(other)
                    .or_default()
                    .push((a, b));
                between
                    .entry(other)
                    .or_default()
                    .entry(one)
                    .or_default()
                    .push((b, a));
            }
        }
        let total = |clock: &Clock| {
            between
                .get(clock)
                .map_or(0, |of| of.values().map(Vec::len).sum::<usize>())
        };
        let reference = if between.contains_key(&Clock::Cloud) {
            Some(Clock::Cloud)
        } else {
            between
                .keys()
                .copied()
                .min_by_key(|clock| (std::cmp::Reverse(total(clock)), rank(*clock)))
        };
        let mut clocks = Self {
            reference,
            curves: BTreeMap::new(),
        };
        // From the reference outwards, each by its pairs with those that are known.
        loop {
            let known =
                |clock: &Clock| Some(*clock) == reference || clocks.curves.contains_key(clock);
            let next = between
                .iter()
                .filter(|(clock, _)| !known(clock))
                .map(|(clock, of)| {
                    let pairs: usize = of
                        .iter()
                        .filter(|(other, _)| known(other))
                        .map(|(_, pairs)| pairs.len())
                        .sum();
                    (*clock, pairs)
                })
                .filter(|(_, pairs)| *pairs > 0)
                .min_by_key(|(clock, pairs)| (std::cmp::Reverse(*pairs), rank(*clock)));
            let Some((clock, _)) = next else { break };
            let mut points: Vec<(i64, i64)> = Vec::new();
            for (other, pairs) in between.get(&clock).into_iter().flatten() {
                if known(other) {
                    points.extend(pairs.iter().map(|(own, theirs)| {
                        let (at, _) = clocks.correct(*other, *theirs);
                        (at, own.saturating_sub(at))
                    }));
                }
            }
            clocks.curves.insert(clock, Curve::through(points));
        }
        clocks
    }

    /// A time by the reference, and what it is worth.
    pub(super) fn correct(&self, clock: Clock, time: i64) -> (i64, Trust) {
        if self.reference == Some(clock) {
            return (time, Trust::Compared);
        }
        match self.curves.get(&clock) {
            Some(curve) => curve.correct(time),
            None => (time, Trust::Unknown),
        }
    }

    /// How far pairs of a clock lie from its curve, in microseconds.
    pub(super) fn spread(&self, clock: Clock) -> i64 {
        self.curves.get(&clock).map_or(0, Curve::spread)
    }

    /// How many pairs a clock was compared by; `None` for the reference.
    pub(super) fn pairs(&self, clock: Clock) -> Option<u64> {
        (self.reference != Some(clock)).then(|| self.curves.get(&clock).map_or(0, Curve::pairs))
    }

    /// All clocks for people, the reference first, then by name.
    pub(super) fn skews(&self, names: &Names, all: impl IntoIterator<Item = Clock>) -> Vec<Skew> {
        let mut skews: Vec<_> = all
            .into_iter()
            .filter(|clock| *clock != Clock::Domain)
            .map(|clock| self.skew(clock, names))
            .collect();
        skews.sort_by(|a, b| (!a.reference, &a.host).cmp(&(!b.reference, &b.host)));
        skews
    }

    fn skew(&self, clock: Clock, names: &Names) -> Skew {
        let host = match clock {
            Clock::Machine(Some(name)) => Some(names.text(name).to_owned()),
            _ => None,
        };
        let reference = self.reference == Some(clock);
        let curve = self.curves.get(&clock);
        let mut offsets: Vec<i64> = curve.into_iter().flat_map(Curve::offsets).collect();
        offsets.sort_unstable();
        let steps = curve.map_or_else(Vec::new, Curve::steps);
        Skew {
            host,
            reference,
            offset: if reference {
                Some(0)
            } else {
                middle(&offsets).map(|micros| micros / 1000)
            },
            range: offsets
                .first()
                .zip(offsets.last())
                .map(|(least, most)| (least / 1000, most / 1000)),
            spread: curve.map_or(0, |curve| curve.spread() / 1000),
            pairs: curve.map_or(0, Curve::pairs),
            steps,
        }
    }
}

pub(super) fn instant(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros)
}

#[cfg(test)]
mod tests;
