//! What the rules about the evidence itself ask.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::evidence::{Claim, Known, Locator, Provenance, SourceId, Strength};
use crate::readiness::Context;
use crate::snapshot::Evidence;
use crate::snapshot::facts::Visitor;
use crate::time::{Interval, TICKS_PER_SECOND};

/// The name of a piece of evidence.
pub(crate) fn name_of<'a>(cx: &Context<'a>, source: SourceId) -> &'a str {
    let evidence = &cx.snapshot.evidence;
    let found = evidence.iter().find(|known| known.source == source);
    found.map_or("evidence", |known| known.name.as_str())
}

/// A piece of evidence as a whole, as the ground of a conclusion.
pub(crate) fn whole(evidence: &Evidence) -> Provenance {
    Provenance {
        source: evidence.source,
        locator: Locator::Whole,
        observed_at: evidence.observed_at,
        strength: Strength::Exported,
    }
}

/// When each piece of evidence was observed: as it says itself, or else the latest of its facts.
pub(crate) fn times<'a>(cx: &Context<'a>) -> Vec<(&'a Evidence, Option<DateTime<Utc>>)> {
    struct Latest(BTreeMap<SourceId, DateTime<Utc>>);
    impl Visitor for Latest {
        fn fact<T: PartialEq + Serialize>(&mut self, fact: &Known<T>) {
            for claim in fact.claims() {
                if let Some(time) = claim.from.observed_at {
                    let latest = self.0.entry(claim.from.source).or_insert(time);
                    *latest = time.max(*latest);
                }
            }
        }
    }
    let mut latest = Latest(BTreeMap::new());
    cx.facts.visit(&mut latest);
    cx.snapshot
        .evidence
        .iter()
        .filter(|evidence| evidence.kinds != ["manifest"])
        .map(|evidence| {
            let time = evidence.observed_at;
            (evidence, time.or(latest.0.get(&evidence.source).copied()))
        })
        .collect()
}

/// Two claims on one fact that cannot both hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Conflict {
    /// The fact, with the server or domain it is about.
    pub(crate) fact: String,
    /// The value that counted, and where it stands.
    pub(crate) counted: (String, Provenance),
    /// The strongest one that contradicts it.
    pub(crate) other: (String, Provenance),
}

/// Facts that change by nature, so that two times give two values; and lists that several inputs
/// each know a part of.
const CHANGING: [&str; 12] = [
    "tenant.lastSync",
    "server.nextSync",
    "server.clockOffset",
    "server.endpoints",
    "server.tls12",
    "server.synchronisationRules",
    "cloudSync.agents",
    "registration.total",
    "registration.enabled",
    "registration.registered",
    "registration.capable",
    "methods.registrationGuards",
];

/// All conflicts, in the order of the facts. Which tenant it is, is another question.
pub(crate) fn conflicts(cx: &Context<'_>) -> Conflicts {
    let mut conflicts = Conflicts::default();
    cx.facts.visit(&mut conflicts);
    conflicts
}

/// What a look at all facts gives.
#[derive(Debug, Default)]
pub(crate) struct Conflicts {
    /// The conflicts.
    pub(crate) found: Vec<Conflict>,
    /// How many facts have a claim.
    pub(crate) facts: u64,
}

impl Visitor for Conflicts {
    fn fact<T: PartialEq + Serialize>(&mut self, fact: &Known<T>) {
        let name = fact.name();
        self.facts += u64::from(fact.value().is_some());
        if CHANGING.contains(&name) || ["tenant.id", "tenant.initialDomain"].contains(&name) {
            return;
        }
        // Most facts have one claim, and most claims agree.
        let Some((counted, _)) = fact.disagreement() else {
            return;
        };
        let first = value(counted);
        let host = ["server.host", "controller.host"].contains(&name);
        let other = fact.claims().iter().skip(1).find_map(|claim| {
            let other = value(claim);
            contradicts(&first, &other, host).then_some((other, claim))
        });
        if let Some((other, claim)) = other {
            let subject = fact.subject().map(|of| format!(" of {of}"));
            self.found.push(Conflict {
                fact: format!("{name}{}", subject.unwrap_or_default()),
                counted: (shown(name, &first), counted.from.clone()),
                other: (shown(name, &other), claim.from.clone()),
            });
        }
    }
}

fn value<T: Serialize>(claim: &Claim<T>) -> Value {
    serde_json::to_value(&claim.value).unwrap_or_default()
}

/// Whether two values cannot both be true. What one of them leaves open contradicts nothing; names
/// are the same in any case, and hosts with and without their domain.
fn contradicts(a: &Value, b: &Value, host: bool) -> bool {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => false,
        (Value::String(a), Value::String(b)) => {
            let part = |text: &str| {
                let first = text.split('.').next().unwrap_or_default();
                if host { first } else { text }.to_lowercase()
            };
            part(a) != part(b)
        }
        (Value::Object(a), Value::Object(b)) => a
            .iter()
            .any(|(key, a)| b.get(key).is_some_and(|b| contradicts(a, b, host))),
        (Value::Array(a), Value::Array(b)) => {
            a.len() != b.len() || a.iter().any(|a| b.iter().all(|b| contradicts(a, b, host)))
        }
        (a, b) => a != b,
    }
}

/// A value in a few words. Spans of time are whole seconds in JSON.
fn shown(fact: &str, value: &Value) -> String {
    const LENGTH: usize = 60;
    let is_span = ["Age", "Duration", "Window", "Interval"]
        .iter()
        .any(|end| fact.ends_with(end));
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Number(seconds) if is_span => seconds
            .as_i64()
            .and_then(|seconds| seconds.checked_mul(TICKS_PER_SECOND))
            .map_or_else(|| seconds.to_string(), |t| Interval::Ticks(t).to_string()),
        other => other.to_string(),
    };
    if text.chars().count() <= LENGTH {
        return text;
    }
    text.chars().take(LENGTH).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::contradicts;

    #[test]
    fn what_one_source_leaves_open_contradicts_nothing() {
        let a = json!([{"name": "Contoso.com", "federated": false, "days": null}]);
        let b = json!([{"name": "contoso.com", "federated": false, "days": 90}]);
        assert!(!contradicts(&a, &b, false));
        let c = json!([{"name": "contoso.com", "federated": true, "days": 90}]);
        assert!(contradicts(&a, &c, false));
    }

    #[test]
    fn a_host_is_the_same_with_and_without_its_domain() {
        let (short, long) = (json!("AADC01"), json!("aadc01.contoso.com"));
        assert!(!contradicts(&short, &long, true));
        assert!(contradicts(&short, &long, false));
    }

    #[test]
    fn lists_are_the_same_in_any_order() {
        assert!(!contradicts(&json!(["a", "b"]), &json!(["b", "a"]), false));
        assert!(contradicts(&json!(["a", "b"]), &json!(["b", "c"]), false));
    }
}
