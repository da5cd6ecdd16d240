//! Many operations in numbers.

use chrono::{DateTime, TimeDelta, Utc};
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::PyIterator;
use pyo3::{Borrowed, type_hint_identifier, type_hint_subscript};
use sspr::render;
use sspr::roundtrip::Counter;

use super::{BurstOf, Kind, Operation, Outcome};
use crate::data::{Dict, data};
use crate::events::RootCause;

data! {
    /// Many operations in numbers. Operations of the service, which switch writeback on or off, are
    /// counted apart.
    Statistics in "sspr.roundtrip" is sspr::roundtrip::Statistics {
        /// How many operations on passwords.
        operations: u64 = |it| it.operations,
        /// How many operations of the service.
        of_service: u64 = |it| it.of_service,
        /// Operations on passwords by how they ended.
        outcomes: Dict<Outcome, u64> = |it| Dict::of(&it.outcomes, |key| Outcome(*key), |count| *count),
        /// And by what was asked for.
        kinds: Dict<Kind, u64> = |it| Dict::of(&it.kinds, |key| Kind(*key), |count| *count),
        /// Written operations of 100 that were written, refused or failed, or that never ended; `None`
        /// where there is none.
        success_rate: Option<f64> = |it| it.success_rate,
        /// Why operations failed or were refused: what hit most people first.
        causes: Vec<CauseTally> = |it| it.causes.iter().cloned().map(CauseTally).collect(),
        /// From the first event to the last on the server; `None` where no operation has both.
        durations: Option<Durations> = |it| it.durations.map(Durations),
        /// From the person's last step in the cloud to the domain; `None` where no operation has both by
        /// clocks that could be compared.
        cloud_to_domain: Option<Durations> = |it| it.cloud_to_domain.map(Durations),
        /// Operations by hour, in UTC, of hours that have any.
        hours: Dict<DateTime<Utc>, Moment> = |it| Dict::of(&it.hours, |hour| *hour, |one| Moment(*one)),
        /// And by day such as `2026-11-20`.
        days: Dict<String, Moment> = |it| Dict::of(&it.days, Clone::clone, |one| Moment(*one)),
        /// Hours with many more resets or failures than usual.
        bursts: Vec<Burst> = |it| it.bursts.iter().copied().map(Burst).collect(),
        /// Resets by people themselves and by administrators, by month such as `2026-11`.
        months: Dict<String, Share> = |it| Dict::of(&it.months, Clone::clone, |one| Share(*one)),
        /// The time of the earliest operation.
        first: Option<DateTime<Utc>> = |it| it.first,
        /// The time of the latest.
        last: Option<DateTime<Utc>> = |it| it.last,
    }

    /// Counts operations, such as those of an `OperationReader` or some of a list.
    #[staticmethod]
    fn of(operations: Many<'_>) -> PyResult<Self> {
        let mut counter = Counter::default();
        for operation in operations.0 {
            counter.add(&operation?.cast::<Operation>()?.get().0);
        }
        Ok(Self(counter.finish()))
    }

    /// For a terminal. `width` counts columns.
    #[pyo3(signature = (*, width = 80, color = false))]
    fn to_text(&self, width: usize, color: bool) -> String {
        render::statistics_text(&self.0, width, color)
    }
}

/// Operations, one after another.
struct Many<'py>(Bound<'py, PyIterator>);

impl<'py> FromPyObject<'_, 'py> for Many<'py> {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("collections.abc", "Iterable"),
        type_hint_identifier!("sspr.roundtrip", "Operation")
    );

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        object.try_iter().map(Self)
    }
}

data! {
    /// One root cause and what it did.
    CauseTally in "sspr.roundtrip" is sspr::roundtrip::CauseTally {
        /// The cause; `None` where the events tell none.
        cause: Option<RootCause> = |it| it.cause.map(RootCause),
        /// How many operations it ended.
        operations: u64 = |it| it.operations,
        /// How many people were hit, as far as the events name them.
        people: u64 = |it| it.people,
    }
}

data! {
    /// How long operations took.
    Durations in "sspr.roundtrip" is sspr::roundtrip::Durations {
        /// How many operations have both a start and an end. Where a clock stepped back between them
        /// they are left out.
        measured: u64 = |it| it.measured,
        /// Half of them took no longer.
        median: TimeDelta = |it| TimeDelta::milliseconds(it.median),
        /// 90 of 100 took no longer.
        percentile90: TimeDelta = |it| TimeDelta::milliseconds(it.percentile90),
        /// 95 of 100 took no longer.
        percentile95: TimeDelta = |it| TimeDelta::milliseconds(it.percentile95),
        /// 99 of 100 took no longer.
        percentile99: TimeDelta = |it| TimeDelta::milliseconds(it.percentile99),
        /// The longest.
        longest: TimeDelta = |it| TimeDelta::milliseconds(it.longest),
    }
}

data! {
    /// The operations of a stretch of time.
    Moment in "sspr.roundtrip" is sspr::roundtrip::Moment {
        /// All of them.
        operations: u64 = |it| it.operations,
        /// Those that were written.
        written: u64 = |it| it.written,
        /// Those that were refused.
        refused: u64 = |it| it.refused,
        /// Those that failed.
        failed: u64 = |it| it.failed,
        /// Resets that were asked for, by people and administrators, whatever came of them.
        resets: u64 = |it| it.resets,
    }
}

data! {
    /// Who reset passwords in a stretch of time.
    Share in "sspr.roundtrip" is sspr::roundtrip::Share {
        /// Written resets and changes by people themselves.
        self_service: u64 = |it| it.self_service,
        /// Written resets by administrators for others.
        administrators: u64 = |it| it.administrators,
    }
}

data! {
    /// An hour with many more operations than the same hour has on other days.
    Burst in "sspr.roundtrip" is sspr::roundtrip::Burst {
        /// When it began.
        hour: DateTime<Utc> = |it| it.hour,
        /// Of what.
        of: BurstOf = |it| BurstOf(it.of),
        /// How many.
        count: u64 = |it| it.count,
        /// The median of the same hour on the other days.
        usual: u64 = |it| it.usual,
    }
}
