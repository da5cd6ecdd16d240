//! A fact with all that is claimed about it, or the reason why nothing is.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Provenance;

/// One claim about a fact.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim<T> {
    /// What is claimed.
    pub value: T,
    /// By which evidence.
    pub from: Provenance,
}

/// Why a fact is absent. These are different things, and a report says which.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "why", content = "detail")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Gap {
    /// No evidence in the snapshot speaks of it.
    #[default]
    NotCollected,
    /// The evidence has the field, and it is null.
    Null,
    /// This cloud or product does not have it.
    NotAvailable(String),
    /// The collector was refused.
    NoPermission(String),
    /// It stands in the evidence, and could not be read.
    Unreadable(String),
}

/// Everything claimed about one fact, the claim that counts first.
///
/// Claims are ordered by strength, then by observation time (later first, none last), then by the
/// number of the evidence: the order in which evidence was given never matters.
#[derive(Debug, Clone, PartialEq)]
pub struct Known<T> {
    name: &'static str,
    subject: Option<String>,
    claims: Vec<Claim<T>>,
    gap: Gap,
}

impl<T> Known<T> {
    /// A fact of which nothing is known, by its name (such as `sspr.scope`).
    pub const fn absent(name: &'static str) -> Self {
        Self {
            name,
            subject: None,
            claims: Vec::new(),
            gap: Gap::NotCollected,
        }
    }

    /// The same fact about one server, domain or connector.
    #[must_use]
    pub fn of(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// The fact's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The server, domain or connector it speaks of.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Adds a claim.
    pub fn claim(&mut self, value: T, from: Provenance) {
        let at = self
            .claims
            .partition_point(|known| rank(&known.from) <= rank(&from));
        self.claims.insert(at, Claim { value, from });
    }

    /// Takes over the claims about another fact, each at most as strong as `strength`.
    pub fn absorb(&mut self, other: Self, strength: super::Strength) {
        for Claim { value, from } in other.claims {
            let strength = from.strength.min(strength);
            self.claim(value, Provenance { strength, ..from });
        }
        self.note_gap(other.gap);
    }

    /// Dates the claims that carry no observation time.
    pub fn date(&mut self, at: Option<chrono::DateTime<chrono::Utc>>) {
        for Claim { value, mut from } in std::mem::take(&mut self.claims) {
            from.observed_at = from.observed_at.or(at);
            self.claim(value, from);
        }
    }

    /// Notes why nothing is known. A more telling reason replaces a lesser one.
    pub fn note_gap(&mut self, gap: Gap) {
        if gap > self.gap {
            self.gap = gap;
        }
    }

    /// The claim that counts, or what is missing.
    ///
    /// In a rule, `facts.sspr.scope.get()?` ends the rule with `unknown`.
    pub fn get(&self) -> Result<&Claim<T>, Unknown> {
        self.claims.first().ok_or_else(|| self.unknown())
    }

    /// The value that counts, if any.
    pub fn value(&self) -> Option<&T> {
        self.claims.first().map(|claim| &claim.value)
    }

    /// All claims, the one that counts first.
    pub fn claims(&self) -> &[Claim<T>] {
        &self.claims
    }

    /// That this fact is missing, and why.
    pub fn unknown(&self) -> Unknown {
        Unknown {
            missing: vec![Missing {
                fact: Cow::Borrowed(self.name),
                subject: self.subject.clone(),
                gap: self.gap.clone(),
            }],
        }
    }
}

impl<T: PartialEq> Known<T> {
    /// The claim that counts and the strongest one that contradicts it.
    pub fn disagreement(&self) -> Option<(&Claim<T>, &Claim<T>)> {
        let first = self.claims.first()?;
        let other = self
            .claims
            .iter()
            .find(|claim| claim.value != first.value)?;
        Some((first, other))
    }
}

/// One missing fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Missing {
    /// The fact's name.
    pub fact: Cow<'static, str>,
    /// Of which server, domain or connector.
    pub subject: Option<String>,
    /// Why it is missing.
    #[serde(flatten)]
    pub gap: Gap,
}

/// A question that cannot be answered, with the facts that would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The facts that are missing; any one of them may be why.
    pub missing: Vec<Missing>,
}

impl Unknown {
    /// That the fact `name` was not collected.
    pub fn of(name: &'static str) -> Self {
        Known::<()>::absent(name).unknown()
    }

    /// Both lists of missing facts.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for missing in other.missing {
            if !self.missing.contains(&missing) {
                self.missing.push(missing);
            }
        }
        self
    }
}

fn rank(from: &Provenance) -> impl Ord + use<> {
    use std::cmp::Reverse;
    (
        Reverse(from.strength),
        Reverse(from.observed_at),
        from.source,
        from.locator.clone(),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::evidence::{Locator, SourceId, Strength};

    fn from(source: u32, day: Option<u32>, strength: Strength) -> Provenance {
        Provenance {
            source: SourceId(source),
            locator: Locator::Whole,
            observed_at: day.and_then(|day| format!("2026-11-{day:02}T00:00:00Z").parse().ok()),
            strength,
        }
    }

    #[test]
    fn the_stronger_claim_counts_then_the_later_one() {
        let mut fact = Known::absent("sspr.scope");
        fact.claim("attested", from(0, Some(20), Strength::Attested));
        fact.claim("old", from(1, Some(10), Strength::Exported));
        fact.claim("undated", from(2, None, Strength::Exported));
        fact.claim("new", from(3, Some(11), Strength::Exported));
        let order: Vec<_> = fact.claims().iter().map(|claim| claim.value).collect();
        assert_eq!(order, ["new", "old", "undated", "attested"]);
    }

    #[test]
    fn a_missing_fact_says_its_name_its_subject_and_the_most_telling_reason() {
        let mut fact = Known::<bool>::absent("server.staging").of("AADC01");
        fact.note_gap(Gap::NoPermission("403".into()));
        fact.note_gap(Gap::Null);
        let unknown = fact.get().unwrap_err();
        assert_eq!(unknown.missing[0].fact, "server.staging");
        assert_eq!(unknown.missing[0].subject.as_deref(), Some("AADC01"));
        assert_eq!(unknown.missing[0].gap, Gap::NoPermission("403".into()));
    }

    #[test]
    fn two_claims_that_agree_are_no_disagreement() {
        let mut fact = Known::absent("sspr.methodsRequired");
        fact.claim(2, from(0, None, Strength::Exported));
        fact.claim(2, from(1, None, Strength::Attested));
        assert!(fact.disagreement().is_none());
        fact.claim(1, from(2, None, Strength::Attested));
        let (counts, other) = fact.disagreement().unwrap();
        assert_eq!((counts.value, other.value), (2, 1));
    }

    proptest! {
        #[test]
        fn the_order_in_which_claims_arrive_never_matters(
            order in Just((0_u32..6).collect::<Vec<_>>()).prop_shuffle(),
        ) {
            let mut fact = Known::absent("x");
            for source in order {
                let strength = if source % 2 == 0 { Strength::Exported } else { Strength::Observed };
                fact.claim(source, from(source, Some(1 + source / 3), strength));
            }
            let values: Vec<_> = fact.claims().iter().map(|claim| claim.value).collect();
            prop_assert_eq!(values, vec![3, 5, 1, 4, 0, 2]);
        }
    }
}
