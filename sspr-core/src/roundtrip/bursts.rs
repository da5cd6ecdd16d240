//! Hours with many more operations than usual.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Moment;

/// Seconds of an hour.
pub(super) const HOUR: i64 = 3_600;
/// So many other days tell what is usual.
const DAYS: i64 = 5;
/// Most bursts that are told, the greatest.
const TOLD: usize = 100;

/// What makes a burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BurstLimits {
    /// More than so many times the usual; 5.
    pub factor: u64,
    /// And at least so many; 10.
    pub least: u64,
}

impl Default for BurstLimits {
    fn default() -> Self {
        Self {
            factor: 5,
            least: 10,
        }
    }
}

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

impl BurstOf {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Resets, Self::Failures];

    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resets => "resets",
            Self::Failures => "failures",
        }
    }
}

/// The bursts among hours that are counted from 1970, the greatest first. Each is compared with the
/// same hour of the other days between the two hours of `span`, in which `count` may have nothing.
pub fn bursts(
    hours: impl IntoIterator<Item = i64>,
    span: (i64, i64),
    limits: BurstLimits,
    count: impl Fn(i64, BurstOf) -> u64,
) -> Vec<Burst> {
    let mut found = Vec::new();
    for hour in hours {
        for of in BurstOf::ALL {
            let here = count(hour, of);
            if here < limits.least {
                continue;
            }
            let usual = usual(|other| count(other, of), hour, span);
            if let (Some(at), true) = (instant(hour), here > limits.factor.saturating_mul(usual)) {
                found.push(Burst {
                    hour: at,
                    of,
                    count: here,
                    usual,
                });
            }
        }
    }
    found.sort_by_key(|burst| (std::cmp::Reverse(burst.count), burst.hour, burst.of));
    found
}

/// The median of what the same hour has on the other days of a span.
fn usual(of: impl Fn(i64) -> u64, hour: i64, (first, last): (i64, i64)) -> u64 {
    let begin = first + (hour - first).rem_euclid(24);
    let mut others: Vec<u64> = (begin..=last)
        .step_by(24)
        .filter(|other| *other != hour)
        .map(of)
        .collect();
    others.sort_unstable();
    others.get(others.len() / 2).copied().unwrap_or_default()
}

/// The bursts among the hours that operations themselves span; none where too few days tell what is
/// usual.
pub(super) fn of(hours: &BTreeMap<i64, Moment>) -> Vec<Burst> {
    let ends = hours.keys().next().zip(hours.keys().next_back());
    let Some((first, last)) = ends.filter(|(first, last)| **last - **first > DAYS * 24) else {
        return Vec::new();
    };
    let limits = BurstLimits::default();
    let mut found = bursts(
        hours.keys().copied(),
        (*first, *last),
        limits,
        |hour, of| {
            hours.get(&hour).map_or(0, |moment| match of {
                BurstOf::Resets => moment.resets,
                BurstOf::Failures => moment.refused + moment.failed,
            })
        },
    );
    found.truncate(TOLD);
    found
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
