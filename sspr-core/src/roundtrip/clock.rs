//! How clocks differ: estimated from pairs of events that belong together beyond doubt.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::names::{Name, Names};
use super::{ClockStep, Skew};

/// Pairs whose middle gives one value of an offset.
const BLOCK: usize = 9;
/// Pairs on either side that tell a clock that was set from a stray pair.
const SIDE: usize = 5;
/// The least move that counts as a clock being set, in microseconds.
const STEP: i64 = 5_000_000;
/// The fastest drift that is no step, in microseconds a second: five seconds a day.
const DRIFT: i64 = 58;

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

/// The offset of a clock over time.
#[derive(Debug, Default)]
struct Curve {
    /// Between them the clock was set.
    segments: Vec<Segment>,
    pairs: u64,
    spread: i64,
}

#[derive(Debug, Default)]
struct Segment {
    /// The first and the last pair, by the reference.
    from: i64,
    to: i64,
    /// Time by the reference, and the offset then.
    points: Vec<(i64, i64)>,
    middle: i64,
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
        self.curves.get(&clock).map_or(0, |curve| curve.spread)
    }

    /// How many pairs a clock was compared by; `None` for the reference.
    pub(super) fn pairs(&self, clock: Clock) -> Option<u64> {
        (self.reference != Some(clock))
            .then(|| self.curves.get(&clock).map_or(0, |curve| curve.pairs))
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
        let mut offsets: Vec<i64> = curve
            .iter()
            .flat_map(|curve| &curve.segments)
            .flat_map(|segment| segment.points.iter().map(|(_, offset)| *offset))
            .collect();
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
            spread: curve.map_or(0, |curve| curve.spread / 1000),
            pairs: curve.map_or(0, |curve| curve.pairs),
            steps,
        }
    }
}

impl Curve {
    /// The curve through pairs: the time by the reference, and how far the clock was ahead.
    fn through(mut points: Vec<(i64, i64)>) -> Self {
        points.sort_unstable();
        let cuts = cuts(&points);
        let mut segments = Vec::new();
        let mut from = 0;
        for to in cuts.into_iter().chain([points.len()]) {
            if let Some(segment) = points.get(from..to).and_then(Segment::through) {
                segments.push(segment);
            }
            from = to;
        }
        let mut curve = Self {
            segments,
            pairs: points.len() as u64,
            spread: 0,
        };
        let mut off: Vec<i64> = points
            .iter()
            .map(|(at, offset)| {
                let segment = curve.segments.iter().find(|segment| *at <= segment.to);
                segment.map_or(0, |segment| (offset - segment.offset(*at)).abs())
            })
            .collect();
        off.sort_unstable();
        curve.spread = middle(&off).unwrap_or_default();
        curve
    }

    fn correct(&self, time: i64) -> (i64, Trust) {
        let mut found: Option<(i64, Trust)> = None;
        let last = self.segments.len().saturating_sub(1);
        let mut previous_end = i64::MIN;
        for (index, segment) in self.segments.iter().enumerate() {
            let first_guess = time.saturating_sub(segment.middle);
            let at = time.saturating_sub(segment.offset(first_guess));
            let next = self
                .segments
                .get(index + 1)
                .map_or(i64::MAX, |next| next.from);
            let before = index > 0 && at < segment.from;
            let after = index < last && at > segment.to;
            let fits = at > previous_end && at < next;
            previous_end = segment.to;
            if !fits {
                continue;
            }
            let trust = if before || after || found.is_some() {
                Trust::Set
            } else {
                Trust::Compared
            };
            found = match found {
                // Two readings are possible where the clock was set back.
                Some((at, _)) => Some((at, Trust::Set)),
                None => Some((at, trust)),
            };
        }
        // Where the clock was set forward, some readings never were.
        found.unwrap_or_else(|| {
            let offset = self.segments.first().map_or(0, |segment| segment.middle);
            (time.saturating_sub(offset), Trust::Set)
        })
    }

    fn steps(&self) -> Vec<ClockStep> {
        let pairs = self.segments.iter().zip(self.segments.iter().skip(1));
        pairs
            .filter_map(|(before, after)| {
                let moved = after.points.first()?.1 - before.points.last()?.1;
                Some(ClockStep {
                    after: instant(before.to)?,
                    before: instant(after.from)?,
                    by: moved / 1000,
                })
            })
            .collect()
    }
}

impl Segment {
    fn through(points: &[(i64, i64)]) -> Option<Self> {
        let (from, _) = *points.first()?;
        let (to, _) = *points.last()?;
        let blocks = (points.len() / BLOCK).max(1);
        let size = points.len().div_ceil(blocks);
        let values = points.chunks(size).filter_map(|block| {
            let mut times: Vec<i64> = block.iter().map(|(at, _)| *at).collect();
            let mut offsets: Vec<i64> = block.iter().map(|(_, offset)| *offset).collect();
            times.sort_unstable();
            offsets.sort_unstable();
            Some((middle(&times)?, middle(&offsets)?))
        });
        let values: Vec<_> = values.collect();
        let mut offsets: Vec<i64> = values.iter().map(|(_, offset)| *offset).collect();
        offsets.sort_unstable();
        Some(Self {
            from,
            to,
            middle: middle(&offsets)?,
            points: values,
        })
    }

    /// The offset at a time of the reference, between the two nearest values.
    fn offset(&self, at: i64) -> i64 {
        let next = self.points.partition_point(|(time, _)| *time <= at);
        let before = next.checked_sub(1).and_then(|index| self.points.get(index));
        match (before, self.points.get(next)) {
            (Some((t0, o0)), Some((t1, o1))) => {
                let (part, whole, move_by) = (at - t0, (t1 - t0).max(1), o1 - o0);
                let step = move_by.checked_mul(part).map_or_else(
                    || i64::try_from(i128::from(move_by) * i128::from(part) / i128::from(whole)),
                    |product| Ok(product / whole),
                );
                o0.saturating_add(step.unwrap_or_default())
            }
            (Some((_, offset)), None) | (None, Some((_, offset))) => *offset,
            (None, None) => self.middle,
        }
    }
}

/// Where the pairs tell that the clock was set: the middle of the pairs after a place differs from
/// the middle of those before it by more than they scatter and than a clock drifts.
fn cuts(points: &[(i64, i64)]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut best: Option<(i64, usize)> = None;
    let mut from = 0;
    for at in 3..points.len().saturating_sub(2) {
        let before = points
            .get(at.saturating_sub(SIDE).max(from)..at)
            .unwrap_or_default();
        let after = points
            .get(at..(at + SIDE).min(points.len()))
            .unwrap_or_default();
        let jump = (before.len() >= 3 && after.len() >= 3)
            .then(|| jump(before, after))
            .flatten();
        match (jump, best) {
            (Some(size), None) => best = Some((size, at)),
            (Some(size), Some((known, _))) if size > known => best = Some((size, at)),
            (Some(_), Some(_)) | (None, None) => {}
            (None, Some((_, cut))) => {
                found.push(cut);
                from = cut;
                best = None;
            }
        }
    }
    found.extend(best.map(|(_, cut)| cut));
    found
}

/// How clear a step between two runs of pairs is, if it is one.
fn jump(before: &[(i64, i64)], after: &[(i64, i64)]) -> Option<i64> {
    let (old, old_spread) = middle_of(before)?;
    let (new, new_spread) = middle_of(after)?;
    let lasted = after.last()?.0 - before.first()?.0;
    let drift = lasted / 1_000_000 * DRIFT;
    let bound = STEP
        .max(6 * (old_spread + new_spread))
        .saturating_add(drift);
    let moved = (new - old).abs();
    // At the step itself both runs are of one kind, and lie nearest to their middle.
    let strays = |points: &[(i64, i64)], middle: i64| {
        let all: i64 = points
            .iter()
            .map(|(_, offset)| (offset - middle).abs())
            .sum();
        all / i64::try_from(points.len().max(1)).unwrap_or(1)
    };
    (moved > bound).then(|| moved - strays(before, old) - strays(after, new))
}

fn middle_of(points: &[(i64, i64)]) -> Option<(i64, i64)> {
    let mut offsets: Vec<i64> = points.iter().map(|(_, offset)| *offset).collect();
    offsets.sort_unstable();
    let value = middle(&offsets)?;
    let mut off: Vec<i64> = offsets
        .iter()
        .map(|offset| (offset - value).abs())
        .collect();
    off.sort_unstable();
    Some((value, middle(&off)?))
}

/// The middle of sorted values.
fn middle(sorted: &[i64]) -> Option<i64> {
    sorted.get(sorted.len() / 2).copied()
}

pub(super) fn instant(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;
    const HOST: Clock = Clock::Machine(None);

    fn clocks(offset: impl Fn(i64) -> i64, pairs: i64) -> Clocks {
        let pairs = (0..pairs).map(|n| {
            let at = n * 1800 * SECOND;
            let jitter = (n * 7919 % 11 - 5) * 40_000;
            Pair {
                one: (Clock::Cloud, at),
                other: (HOST, at + offset(at) + jitter),
            }
        });
        Clocks::estimate(pairs.collect(), &Names::default())
    }

    fn is_near(a: i64, b: i64) {
        assert!((a - b).abs() < SECOND / 2, "{a} {b}");
    }

    #[test]
    fn a_clock_that_drifts_is_followed() {
        let offset = |at: i64| 120 * SECOND + at / 40_000;
        let clocks = clocks(offset, 500);
        for n in [0, 100, 499] {
            let at = n * 1800 * SECOND;
            let (found, trust) = clocks.correct(HOST, at + offset(at));
            is_near(found, at);
            assert_eq!(trust, Trust::Compared);
        }
        assert!(clocks.skew(HOST, &Names::default()).steps.is_empty());
    }

    #[test]
    fn a_stray_pair_moves_nothing() {
        let clocks = clocks(
            |at| {
                if at == 50 * 1800 * SECOND {
                    290 * SECOND
                } else {
                    -30 * SECOND
                }
            },
            100,
        );
        let (found, _) = clocks.correct(HOST, 50 * 1800 * SECOND - 30 * SECOND);
        is_near(found, 50 * 1800 * SECOND);
        assert!(clocks.skew(HOST, &Names::default()).steps.is_empty());
    }

    #[test]
    fn a_clock_that_was_set_is_reported_and_uncertain_at_that_time() {
        for (before, after) in [(200, 0), (0, 200), (-90, 30)] {
            let set = 100 * 1800 * SECOND;
            let offset = |at: i64| {
                if at < set {
                    before * SECOND
                } else {
                    after * SECOND
                }
            };
            let clocks = clocks(offset, 200);
            let skew = clocks.skew(HOST, &Names::default());
            assert_eq!(skew.steps.len(), 1, "{before} {after}");
            is_near(skew.steps[0].by * 1000, (after - before) * SECOND);
            for n in [20, 98, 102, 180] {
                let at = n * 1800 * SECOND;
                let (found, trust) = clocks.correct(HOST, at + offset(at));
                is_near(found, at);
                assert_eq!(trust, Trust::Compared);
            }
            let (_, trust) = clocks.correct(HOST, set - 900 * SECOND + before * SECOND);
            assert_eq!(trust, Trust::Set);
        }
    }

    #[test]
    fn clocks_are_compared_through_others() {
        let (one, two) = (Clock::Machine(None), Clock::Domain);
        let pairs = (0..20).flat_map(|n| {
            let at = n * 600 * SECOND;
            [
                Pair {
                    one: (Clock::Cloud, at),
                    other: (one, at + 60 * SECOND),
                },
                Pair {
                    one: (one, at + 60 * SECOND),
                    other: (two, at - 45 * SECOND),
                },
            ]
        });
        let clocks = Clocks::estimate(pairs.collect(), &Names::default());
        assert_eq!(clocks.correct(two, 0).0, 45 * SECOND);
    }
}
