//! A fact with all that is claimed about it, or the reason why nothing is.

use std::borrow::Cow;

use serde::Serialize;

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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
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
