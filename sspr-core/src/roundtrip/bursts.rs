//! Hours with many more operations than usual.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Moment;

/// Seconds of an hour.
pub(super) const HOUR: i64 = 3_600;
/// A burst has more than so many times the usual.
const FACTOR: u64 = 5;
/// And at least so many.
const LEAST: u64 = 10;
/// So many other days tell what is usual.
const DAYS: i64 = 5;
/// Most bursts that are told, the greatest.
const TOLD: usize = 100;

/// An hour with many more operations than the same hour has on other days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Burst {
    /// When it began.
    pub hour: DateTime<Utc>,
    /// Of what.
    pub of: BurstOf,
    /// How many.
    pub count: u64,
    /// The median of the same hour on the other days.
    pub usual: u64,
}

/// What a burst is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum BurstOf {
    /// Resets that were asked for.
    Resets,
    /// Operations that failed or were refused.
    Failures,
}

/// The median of what the same hour has on the other days between two hours, all counted from 1970.
pub fn usual(of: impl Fn(i64) -> u64, hour: i64, first: i64, last: i64) -> u64 {
    let begin = first + (hour - first).rem_euclid(24);
    let mut others: Vec<u64> = (begin..=last)
        .step_by(24)
        .filter(|other| *other != hour)
        .map(of)
        .collect();
    others.sort_unstable();
    others.get(others.len() / 2).copied().unwrap_or_default()
}

/// The bursts among hours that are counted from 1970, the greatest first; none where too few days
/// tell what is usual.
pub(super) fn of(hours: &BTreeMap<i64, Moment>) -> Vec<Burst> {
    let ends = hours.keys().next().zip(hours.keys().next_back());
    let Some((first, last)) = ends.filter(|(first, last)| **last - **first > DAYS * 24) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (hour, moment) in hours {
        for (what, count) in [
            (BurstOf::Resets, resets as fn(&Moment) -> u64),
            (BurstOf::Failures, failures),
        ] {
            let here = count(moment);
            if here < LEAST {
                continue;
            }
            let usual = usual(
                |hour| hours.get(&hour).map_or(0, count),
                *hour,
                *first,
                *last,
            );
            if let (Some(at), true) = (instant(*hour), here > FACTOR * usual) {
                found.push(Burst {
                    hour: at,
                    of: what,
                    count: here,
                    usual,
                });
            }
        }
    }
    found.sort_by_key(|burst| (std::cmp::Reverse(burst.count), burst.hour, burst.of));
    found.truncate(TOLD);
    found
}

const fn resets(moment: &Moment) -> u64 {
    moment.resets
}

const fn failures(moment: &Moment) -> u64 {
    moment.refused + moment.failed
}

/// When an hour began.
pub(super) fn instant(hour: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(hour.checked_mul(HOUR)?, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_compared_with_the_same_hour_of_other_days() {
        let mut hours: BTreeMap<i64, Moment> = BTreeMap::new();
        for day in 0..10 {
            let busy = Moment {
                resets: 30,
                ..Moment::default()
            };
            let quiet = Moment {
                resets: 2,
                ..Moment::default()
            };
            hours.insert(day * 24 + 9, busy);
            hours.insert(day * 24 + 15, quiet);
        }
        assert_eq!(of(&hours), []);
        hours.entry(4 * 24 + 15).or_default().resets = 11;
        let found = of(&hours);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].count, found[0].usual), (11, 2));
        hours.entry(4 * 24 + 15).or_default().resets = 9;
        assert_eq!(of(&hours), []);
    }
}
