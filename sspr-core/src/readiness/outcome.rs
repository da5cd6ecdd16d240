//! What a rule concludes.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::{Context, Remedy, Verdict};
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
    pub(super) remedy: Option<Remedy>,
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
            remedy: None,
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

    /// Whether it is as it should be; for rules that build upon another.
    pub(super) fn is_pass(&self) -> bool {
        self.verdict == Verdict::Pass
    }

    /// The same facts, with the words of a pass.
    #[must_use]
    pub(super) fn worded(self, message: String) -> Self {
        Self { message, ..self }
    }

    /// The same facts as a failure.
    #[must_use]
    pub(super) fn failed(self, message: String) -> Self {
        Self {
            verdict: Verdict::Fail,
            message,
            ..self
        }
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

    /// Names all the evidence that decided.
    #[must_use]
    pub fn because_all<'p>(self, from: impl IntoIterator<Item = &'p Provenance>) -> Self {
        from.into_iter().fold(self, Self::because_of)
    }

    /// Replaces the message, once all that it tells is known.
    #[must_use]
    pub fn saying(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
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

    /// Mends what was found, instead of the rule's own remedy, which knows nothing of the case.
    #[must_use]
    pub fn mend(mut self, remedy: Remedy) -> Self {
        self.remedy = Some(remedy);
        self
    }
}

/// People, servers or other things that an outcome concerns, as a rule counts them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subjects {
    /// How many, without the excluded.
    pub count: u64,
    /// How many the configuration excludes.
    pub excluded: u64,
    /// The first of them by name.
    pub sample: Vec<String>,
    /// Who or what they are, so that several rules together count nobody twice.
    pub(super) who: Who,
}

/// Whom the subjects are, beyond their count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Who {
    /// These rows of the people in evidence.
    People(PeopleSet),
    /// These names, of people or of things.
    Named(Vec<String>),
}

impl Default for Who {
    fn default() -> Self {
        Self::Named(Vec::new())
    }
}

/// A set of people, a bit for each row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct PeopleSet(Vec<u64>);

impl PeopleSet {
    pub(super) fn insert(&mut self, index: u32) {
        let (word, bit) = (index as usize / 64, index % 64);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(bits) = self.0.get_mut(word) {
            *bits |= 1 << bit;
        }
    }

    pub(super) fn contains(&self, index: u32) -> bool {
        self.0
            .get(index as usize / 64)
            .is_some_and(|bits| bits & (1 << (index % 64)) != 0)
    }

    pub(super) fn add_all(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine |= theirs;
        }
    }
}

/// How many names a finding shows.
const SAMPLE: usize = 10;

impl Subjects {
    /// Counts people, leaving out those that the configuration excludes.
    pub fn people<'a>(cx: &Context<'_>, people: impl Iterator<Item = PersonRef<'a>>) -> Self {
        let mut subjects = Self::default();
        let mut set = PeopleSet::default();
        for person in people {
            if cx.config.exclude.covers(&person) {
                subjects.excluded += 1;
            } else {
                set.insert(person.index());
                subjects.add(person.name());
            }
        }
        subjects.who = Who::People(set);
        subjects
    }

    /// Counts things by name. Names that hold an `@`, or that the evidence knows as user principal
    /// names, are people; a fault of anything else is everybody's.
    pub fn names(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut subjects = Self::default();
        let mut all = Vec::new();
        for name in names {
            let name = name.into();
            all.push(name.clone());
            subjects.add(name);
        }
        subjects.who = Who::Named(all);
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
