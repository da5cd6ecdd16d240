//! What a rule concludes.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::{Context, Verdict};
use crate::evidence::{Claim, Provenance, Unknown};
use crate::tenant::PersonRef;

/// What a rule's condition gives: an outcome, or the facts that are missing. A fact is asked for
/// with `facts.sspr.scope.get()?`, and the `?` is the verdict `unknown`.
pub type Judgement = Result<Outcome, Unknown>;

/// The outcome of a rule whose facts are known.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub(super) verdict: Verdict,
    pub(super) message: String,
    pub(super) values: BTreeMap<&'static str, Value>,
    pub(super) evidence: Vec<Provenance>,
    pub(super) subjects: Option<Subjects>,
    pub(super) disproved_after: Option<DateTime<Utc>>,
}

impl Outcome {
    fn new(verdict: Verdict, message: impl Into<String>) -> Self {
        Self {
            verdict,
            message: message.into(),
            values: BTreeMap::new(),
            evidence: Vec::new(),
            subjects: None,
            disproved_after: None,
        }
    }

    /// It is as it should be.
    pub fn pass(message: impl Into<String>) -> Self {
        Self::new(Verdict::Pass, message)
    }

    /// It is not.
    pub fn fail(message: impl Into<String>) -> Self {
        Self::new(Verdict::Fail, message)
    }

    /// The question does not arise, and why.
    pub fn not_applicable(message: impl Into<String>) -> Self {
        Self::new(Verdict::NotApplicable, message)
    }

    /// Names the fact that decided.
    #[must_use]
    pub fn because<T>(self, claim: &Claim<T>) -> Self {
        self.because_of(&claim.from)
    }

    /// Names the evidence that decided.
    #[must_use]
    pub fn because_of(mut self, from: &Provenance) -> Self {
        if !self.evidence.contains(from) {
            self.evidence.push(from.clone());
        }
        self
    }

    /// Adds a measured value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Serialize) -> Self {
        self.values
            .insert(name, serde_json::to_value(value).unwrap_or(Value::Null));
        self
    }

    /// Names the people concerned.
    #[must_use]
    pub fn about(mut self, subjects: Subjects) -> Self {
        self.subjects = Some(subjects);
        self
    }

    /// For a rule that predicts: a password written after this time shows that it works today.
    /// Without it the time of the evidence counts.
    #[must_use]
    pub fn disproved_after(mut self, time: DateTime<Utc>) -> Self {
        self.disproved_after = Some(time);
        self
    }
}

/// People, servers or other things that a finding concerns.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Subjects {
    /// How many, without the excluded.
    pub count: u64,
    /// How many the configuration excludes.
    pub excluded: u64,
    /// The first of them by name.
    pub sample: Vec<String>,
}

/// How many names a finding shows.
const SAMPLE: usize = 10;

impl Subjects {
    /// Counts people, leaving out those that the configuration excludes.
    pub fn people<'a>(cx: &Context<'_>, people: impl Iterator<Item = PersonRef<'a>>) -> Self {
        let mut subjects = Self::default();
        for person in people {
            if cx.config.exclude.covers(&person) {
                subjects.excluded += 1;
            } else {
                subjects.add(person.name());
            }
        }
        subjects
    }

    /// Counts things by name.
    pub fn names(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut subjects = Self::default();
        for name in names {
            subjects.add(name.into());
        }
        subjects
    }

    fn add(&mut self, name: String) {
        self.count += 1;
        let at = self.sample.partition_point(|known| *known < name);
        if at < SAMPLE {
            self.sample.insert(at, name);
            self.sample.truncate(SAMPLE);
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}
