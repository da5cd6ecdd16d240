//! How far one clock is ahead of another over time, and when it was set.

use std::cell::Cell;

use super::{Trust, instant};
use crate::roundtrip::ClockStep;

/// Pairs whose middle gives one value of an offset.
const BLOCK: usize = 9;
/// Pairs on either side that tell a clock that was set from a stray pair.
const SIDE: usize = 5;
/// The least move that counts as a clock being set, in microseconds.
const STEP: i64 = 5_000_000;
/// So near to the pairs on either side of a step, in microseconds, the clock may have been set already, or not yet:
/// the events of a pair lie apart themselves.
const EDGE: i64 = 2_000_000;
/// The fastest drift that is no step, in microseconds a second: five seconds a day.
const DRIFT: i64 = 58;

/// The offset of a clock over time.
#[derive(Debug, Default)]
pub(super) struct Curve {
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
    /// Behind which value the last time lay. Times come nearly in their order, so that the next one
    /// lies there too, or behind the next value.
    last: Cell<usize>,
}

impl Curve {
    /// The curve through pairs: the time by the reference, and how far the clock was ahead.
    pub(super) fn through(mut points: Vec<(i64, i64)>) -> Self {
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

    /// How many pairs it goes through.
    pub(super) fn pairs(&self) -> u64 {
        self.pairs
    }

    /// How far the pairs lie from it, in microseconds.
    pub(super) fn spread(&self) -> i64 {
        self.spread
    }

    /// How far the clock was ahead over time, in microseconds.
    pub(super) fn offsets(&self) -> impl Iterator<Item = i64> {
        let points = self.segments.iter().flat_map(|segment| &segment.points);
        points.map(|(_, offset)| *offset)
    }

    /// A time by the reference, and what it is worth.
    pub(super) fn correct(&self, time: i64) -> (i64, Trust) {
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
            let before = index > 0 && at < segment.from.saturating_add(EDGE);
            let after = index < last && at > segment.to.saturating_sub(EDGE);
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

    /// When it was set.
    pub(super) fn steps(&self) -> Vec<ClockStep> {
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
            last: Cell::default(),
        })
    }

    /// How many values there are up to a time of the reference.
    fn behind(&self, at: i64) -> usize {
        let before = |place: usize| self.points.get(place).is_some_and(|(time, _)| *time <= at);
        let is_there = |place: &usize| {
            *place <= self.points.len()
                && !before(*place)
                && place.checked_sub(1).is_none_or(before)
        };
        let last = self.last.get();
        let near = [last, last + 1].into_iter().find(is_there);
        let place = near.unwrap_or_else(|| self.points.partition_point(|(time, _)| *time <= at));
        self.last.set(place);
        place
    }

    /// The offset at a time of the reference, between the two nearest values.
    fn offset(&self, at: i64) -> i64 {
        let next = self.behind(at);
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
pub(super) fn middle(sorted: &[i64]) -> Option<i64> {
    sorted.get(sorted.len() / 2).copied()
}
