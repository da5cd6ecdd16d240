//! Many operations in numbers.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::bursts::{self, Burst};
use super::{Kind, Operation, Outcome};
use crate::events::causes::RootCause;

/// Many operations in numbers. Operations of the service, which switch writeback on or off, are
/// counted apart.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Statistics {
    /// How many operations on passwords.
    pub operations: u64,
    /// How many operations of the service.
    pub of_service: u64,
    /// Operations on passwords by how they ended.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// And by what was asked for.
    pub kinds: BTreeMap<Kind, u64>,
    /// Written operations of 100 that were written, refused or failed, or that never ended; `None`
    /// where there is none.
    pub success_rate: Option<f64>,
    /// Why operations failed or were refused: what hit most people first.
    pub causes: Vec<CauseTally>,
    /// From the first event to the last on the server; `None` where no operation has both.
    pub durations: Option<Durations>,
    /// From the person's last step in the cloud to the domain; `None` where no operation has both by
    /// clocks that could be compared.
    pub cloud_to_domain: Option<Durations>,
    /// Operations by hour, in UTC, of hours that have any.
    pub hours: BTreeMap<DateTime<Utc>, Moment>,
    /// And by day such as `2026-11-20`.
    pub days: BTreeMap<String, Moment>,
    /// Hours with many more resets or failures than usual.
    pub bursts: Vec<Burst>,
    /// Resets by people themselves and by administrators, by month such as `2026-11`.
    pub months: BTreeMap<String, Share>,
    /// The time of the earliest operation.
    pub first: Option<DateTime<Utc>>,
    /// The time of the latest.
    pub last: Option<DateTime<Utc>>,
}

impl Statistics {
    /// Counts operations.
    pub fn of<'o>(operations: impl IntoIterator<Item = &'o Operation>) -> Self {
        let mut counter = Counter::default();
        operations.into_iter().for_each(|one| counter.add(one));
        counter.finish()
    }
}

/// One root cause and what it did.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CauseTally {
    /// The cause; `None` where the events tell none.
    pub cause: Option<&'static RootCause>,
    /// How many operations it ended.
    pub operations: u64,
    /// How many people were hit, as far as the events name them.
    pub people: u64,
}

/// How long operations took, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Durations {
    /// How many operations have both a start and an end. Where a clock stepped back between them
    /// they are left out.
    pub measured: u64,
    /// Half of them took no longer.
    pub median: i64,
    /// 90 of 100 took no longer.
    pub percentile90: i64,
    /// 95 of 100 took no longer.
    pub percentile95: i64,
    /// 99 of 100 took no longer.
    pub percentile99: i64,
    /// The longest.
    pub longest: i64,
}

/// The operations of a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Moment {
    /// All of them.
    pub operations: u64,
    /// Those that were written.
    pub written: u64,
    /// Those that were refused.
    pub refused: u64,
    /// Those that failed.
    pub failed: u64,
    /// Resets that were asked for, by people and administrators, whatever came of them.
    pub resets: u64,
}

impl Moment {
    fn add(&mut self, operation: &Operation) {
        self.operations += 1;
        match operation.outcome {
            Outcome::Written => self.written += 1,
            Outcome::Refused => self.refused += 1,
            Outcome::Failed => self.failed += 1,
            Outcome::Unfinished | Outcome::CloudOnly | Outcome::Unknown => {}
        }
        self.resets += u64::from(matches!(operation.kind, Kind::Reset | Kind::AdminReset));
    }
}

/// Who reset passwords in a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Share {
    /// Written resets and changes by people themselves.
    pub self_service: u64,
    /// Written resets by administrators for others.
    pub administrators: u64,
}

/// What one cause ended.
#[derive(Debug)]
struct Ended {
    cause: Option<&'static RootCause>,
    operations: u64,
    people: BTreeSet<String>,
}

/// Counts operations as they come. It keeps eight bytes for each, and each person's name once for
/// each cause.
#[derive(Debug, Default)]
pub struct Counter {
    statistics: Statistics,
    /// By the key of the cause.
    causes: BTreeMap<Option<&'static str>, Ended>,
    durations: Vec<i64>,
    cloud_to_domain: Vec<i64>,
    hours: BTreeMap<i64, Moment>,
}

impl Counter {
    /// Counts one.
    pub fn add(&mut self, operation: &Operation) {
        let all = &mut self.statistics;
        if operation.kind.is_service() {
            all.of_service += 1;
            return;
        }
        all.operations += 1;
        *all.outcomes.entry(operation.outcome).or_default() += 1;
        *all.kinds.entry(operation.kind).or_default() += 1;
        if let Some(time) = operation.time() {
            all.first = Some(all.first.map_or(time, |first| first.min(time)));
            all.last = Some(all.last.map_or(time, |last| last.max(time)));
            let hour = time.timestamp().div_euclid(bursts::HOUR);
            self.hours.entry(hour).or_default().add(operation);
            let day = all.days.entry(time.format("%Y-%m-%d").to_string());
            day.or_default().add(operation);
            if operation.outcome == Outcome::Written {
                let month = all.months.entry(time.format("%Y-%m").to_string());
                let share = month.or_default();
                match operation.kind {
                    Kind::AdminReset if !operation.probably_own => share.administrators += 1,
                    Kind::Reset | Kind::Change | Kind::AdminReset => share.self_service += 1,
                    _ => {}
                }
            }
        }
        if matches!(operation.outcome, Outcome::Failed | Outcome::Refused) {
            let key = operation.cause.map(|cause| cause.key);
            let ended = self.causes.entry(key).or_insert_with(|| Ended {
                cause: operation.cause,
                operations: 0,
                people: BTreeSet::new(),
            });
            ended.operations += 1;
            let user = operation.person.user.as_ref();
            ended.people.extend(user.map(|user| user.to_lowercase()));
        }
        let took = operation.duration().map(|took| took.num_milliseconds());
        self.durations.extend(took.filter(|took| *took >= 0));
        self.cloud_to_domain.extend(operation.cloud_to_domain());
    }

    /// What was counted.
    pub fn finish(mut self) -> Statistics {
        self.durations.sort_unstable();
        self.cloud_to_domain.sort_unstable();
        let ended = |outcome| {
            self.statistics
                .outcomes
                .get(&outcome)
                .copied()
                .unwrap_or_default()
        };
        let written = ended(Outcome::Written);
        let all =
            written + ended(Outcome::Refused) + ended(Outcome::Failed) + ended(Outcome::Unfinished);
        #[expect(clippy::cast_precision_loss, reason = "counts of operations are small")]
        let success_rate = (all > 0).then(|| written as f64 * 100.0 / all as f64);
        let causes = self.causes.into_values();
        let mut causes: Vec<_> = causes
            .map(|ended| CauseTally {
                cause: ended.cause,
                operations: ended.operations,
                people: ended.people.len() as u64,
            })
            .collect();
        // The order of their keys stays where both numbers are equal.
        causes.sort_by_key(|tally| std::cmp::Reverse((tally.people, tally.operations)));
        Statistics {
            causes,
            success_rate,
            durations: durations(&self.durations),
            cloud_to_domain: durations(&self.cloud_to_domain),
            bursts: bursts::of(&self.hours),
            hours: self
                .hours
                .into_iter()
                .filter_map(|(hour, moment)| Some((bursts::instant(hour)?, moment)))
                .collect(),
            ..self.statistics
        }
    }
}

/// The nearest-rank percentiles of sorted durations.
fn durations(sorted: &[i64]) -> Option<Durations> {
    let rank = |percent: usize| {
        let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(place).copied()
    };
    Some(Durations {
        measured: sorted.len() as u64,
        median: rank(50)?,
        percentile90: rank(90)?,
        percentile95: rank(95)?,
        percentile99: rank(99)?,
        longest: *sorted.last()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::causes;
    use crate::roundtrip::Person;

    fn operation(user: &str, outcome: Outcome, seconds: i64) -> Operation {
        let start: DateTime<Utc> = "2026-11-20T08:00:00Z".parse().unwrap();
        Operation {
            kind: Kind::Reset,
            outcome,
            person: Person {
                user: Some(user.into()),
                ..Person::default()
            },
            admin: None,
            probably_own: false,
            tracking_id: None,
            host: None,
            start: Some(start),
            end: Some(start + chrono::TimeDelta::seconds(seconds)),
            unlock: None,
            force_change: None,
            code: None,
            cause: (outcome == Outcome::Failed)
                .then(|| causes::by_event(33004))
                .flatten(),
            chain: Vec::new(),
            context: Vec::new(),
            stages: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn counted(operations: impl IntoIterator<Item = Operation>) -> Statistics {
        let mut counter = Counter::default();
        for operation in operations {
            counter.add(&operation);
        }
        counter.finish()
    }

    #[test]
    fn percentiles_are_those_of_the_nearest_rank() {
        let all = counted((1..=20).map(|n| operation("jdoe@contoso.com", Outcome::Written, n)));
        let durations = all.durations.unwrap();
        assert_eq!(durations.measured, 20);
        assert_eq!((durations.median, durations.percentile95), (10_000, 19_000));
        assert_eq!(durations.longest, 20_000);
        assert_eq!(counted([]).durations, None);
    }

    #[test]
    fn a_clock_that_stepped_back_gives_no_duration() {
        let all = counted([operation("jdoe@contoso.com", Outcome::Written, -5)]);
        assert_eq!((all.operations, all.durations), (1, None));
    }

    #[test]
    fn causes_are_ordered_by_the_people_they_hit_and_names_count_in_any_case() {
        let failed = |user: &str| operation(user, Outcome::Failed, 1);
        let refused = |user: &str| operation(user, Outcome::Refused, 1);
        let all = counted([
            failed("JDoe@contoso.com"),
            failed("jdoe@contoso.com"),
            refused("anoe@contoso.com"),
            refused("cloe@contoso.com"),
        ]);
        let tallies: Vec<_> = all
            .causes
            .iter()
            .map(|tally| (tally.people, tally.operations))
            .collect();
        assert_eq!(tallies, [(2, 2), (1, 2)]);
        assert!(all.causes[0].cause.is_none());
    }

    #[test]
    fn switching_writeback_on_is_no_operation_on_a_password() {
        let mut switched = operation("", Outcome::Written, 1);
        switched.kind = Kind::Onboarding;
        let all = counted([switched]);
        assert_eq!((all.operations, all.of_service), (0, 1));
    }

    #[test]
    fn the_share_of_self_service_is_counted_by_month() {
        let mut by_admin = operation("jdoe@contoso.com", Outcome::Written, 1);
        by_admin.kind = Kind::AdminReset;
        let all = counted([by_admin, operation("anoe@contoso.com", Outcome::Written, 1)]);
        let share = all.months["2026-11"];
        assert_eq!((share.self_service, share.administrators), (1, 1));
    }
}
