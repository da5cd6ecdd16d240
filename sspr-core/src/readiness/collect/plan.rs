//! What to collect next, best first.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde::Serialize;

use super::{STEPS, Step, step_for};
use crate::evidence::{Known, Missing};
use crate::readiness::{CollectEntry, Names, Rule, rules};
use crate::snapshot::Snapshot;
use crate::snapshot::facts::Visitor;

/// The log that alone shows whether a password has been written lately.
pub(in crate::readiness) fn quickest_proof(names: &Names) -> Option<CollectEntry> {
    let step = step_for("events.lastSuccess")?;
    let mut settles: Vec<_> = rules::ALL
        .iter()
        .filter(|rule| rule.needs.iter().any(|fact| step.gives(fact)))
        .collect();
    settles.sort_by_key(|rule| (!rule.gate, rule.code));
    Some(step.entry(names, settles.iter().map(|rule| rule.code).collect()))
}

/// A rule that is unknown, with the facts that it lacks.
pub(in crate::readiness) struct Open<'a> {
    pub(in crate::readiness) rule: &'static Rule,
    pub(in crate::readiness) missing: &'a [Missing],
}

/// What to collect, the most telling first: always the step that brings most of what is still
/// missing: steps that settle a gate first, then by rules, by facts and by minutes. What an earlier
/// step brings is not asked for again.
///
/// A rule ends at the first fact that it misses, often one that many rules ask for before their
/// own. So it counts for the step that gives the most telling of its needs that is not known.
pub(in crate::readiness) fn plan(
    unknown: &[Open<'_>],
    known: &Seen,
    names: &Names,
) -> Vec<CollectEntry> {
    let mut open = Vec::new();
    for Open { rule, missing } in unknown {
        let needed = rule.needs.iter().copied().find(|fact| !known.has(fact));
        if let Some(fact) = needed {
            open.push(Want {
                rule,
                fact,
                telling: true,
            });
        }
        for fact in missing.iter().map(|missing| missing.fact.as_ref()) {
            open.push(Want {
                rule,
                fact,
                telling: needed.is_none(),
            });
        }
    }
    let mut entries = Vec::new();
    let mut left: Vec<_> = STEPS.iter().collect();
    while !open.is_empty() {
        let best = left
            .iter()
            .enumerate()
            .map(|(index, step)| (index, *step, settled(step, &open)))
            .filter(|(.., rules)| !rules.is_empty())
            .min_by_key(|(index, step, rules)| {
                let telling = || rules.iter().filter(|(_, telling)| *telling);
                let gates = telling().filter(|(rule, _)| rule.gate).count();
                let facts = open.iter().filter(|want| step.gives(want.fact)).count();
                let count = (gates > 0, telling().count(), facts);
                (Reverse(count), step.minutes, *index)
            });
        let Some((index, _, rules)) = best else {
            break;
        };
        let step = left.remove(index);
        open.retain(|want| !step.gives(want.fact));
        entries.push(step.entry(names, rules.iter().map(|(rule, _)| rule.code).collect()));
    }
    entries
}

/// A fact that a rule lacks.
struct Want<'a> {
    rule: &'static Rule,
    fact: &'a str,
    /// It is the one that decides most.
    telling: bool,
}

/// The rules that lack a fact which the step gives, those first that it tells most, gates first.
/// Rules that only share a premise are named when the step tells nothing else.
fn settled(step: &Step, open: &[Want<'_>]) -> Vec<(&'static Rule, bool)> {
    let mut rules: Vec<_> = open
        .iter()
        .filter(|want| step.gives(want.fact))
        .map(|want| (want.rule, want.telling))
        .collect();
    if rules.iter().any(|(_, telling)| *telling) {
        rules.retain(|(_, telling)| *telling);
    }
    rules.sort_by_key(|(rule, _)| (!rule.gate, rule.code));
    rules.dedup_by_key(|(rule, _)| rule.code);
    rules
}

/// The facts of which something is known, whatever they are about.
#[derive(Debug, Default)]
pub(in crate::readiness) struct Seen {
    facts: BTreeSet<&'static str>,
    kinds: BTreeSet<Cow<'static, str>>,
}

/// Facts that are no single values: the kinds of evidence that bring them.
const BROUGHT: &[(&str, &[&str])] = &[
    (
        "events.",
        &[
            "eventLog",
            "eventXml",
            "eventText",
            "winEvents",
            "eventLogEntries",
            "winlogbeat",
            "azureEvents",
            "nxLog",
            "nxLogLines",
        ],
    ),
    ("audit.", &["directoryAudits"]),
    ("group.", &["members", "groups"]),
    ("people.registration", &["userRegistrationDetails"]),
    ("people.users", &["users"]),
    ("people.licences", &["users"]),
];

impl Seen {
    pub(in crate::readiness) fn of(snapshot: &Snapshot) -> Self {
        let mut seen = Self::default();
        snapshot.facts.visit(&mut seen);
        let evidence = snapshot.evidence.iter();
        seen.kinds = evidence
            .flat_map(|evidence| &evidence.kinds)
            .cloned()
            .collect();
        seen
    }

    fn has(&self, fact: &str) -> bool {
        self.facts.contains(fact)
            || BROUGHT.iter().any(|(name, kinds)| {
                fact.starts_with(name) && kinds.iter().any(|kind| self.kinds.contains(*kind))
            })
    }
}

impl Visitor for Seen {
    fn fact<T: PartialEq + Serialize>(&mut self, fact: &Known<T>) {
        if fact.value().is_some() {
            self.facts.insert(fact.name());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(missing: &[&'static str]) -> Vec<Cow<'static, str>> {
        // The rule needs domain.minimumPasswordAge first.
        let rule = rules::find("SSPR401").unwrap();
        let missing: Vec<_> = missing
            .iter()
            .flat_map(|fact| crate::evidence::Unknown::of(fact).missing)
            .collect();
        let open = Open {
            rule,
            missing: &missing,
        };
        let plan = plan(&[open], &Seen::default(), &Names::default());
        plan.into_iter().map(|entry| entry.id).collect()
    }

    #[test]
    fn what_tells_most_goes_before_a_premise_that_many_rules_share() {
        assert_eq!(ids(&["tenant.sync"]), ["domain", "graphTenant"]);
    }

    #[test]
    fn what_an_earlier_step_brings_is_not_asked_for_again() {
        assert_eq!(ids(&["domain.name", "domain.dn"]), ["domain"]);
        assert_eq!(
            ids(&["events.any", "server.writeback"]),
            ["domain", "connectServer"]
        );
    }

    #[test]
    fn a_log_in_evidence_is_not_asked_for_again() {
        let mut seen = Seen::default();
        assert!(!seen.has("events.successes"));
        seen.kinds.insert("eventLog".into());
        assert!(seen.has("events.successes"));
    }
}
