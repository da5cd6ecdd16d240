//! Domains and their controllers: what the rules of the fourth phase ask.

use std::collections::BTreeMap;

pub(in crate::readiness) use super::counted;
use crate::evidence::{Gap, Missing, Provenance, Unknown};
use crate::readiness::{Context, Judgement, Outcome};
use crate::snapshot::facts::{ControllerFacts, DomainFacts, host_key};

/// The outcome in a tenant without people whose password is managed on-premises. While that is not
/// known, the domain is judged by what is known of it.
pub(crate) fn nobody_synced(cx: &Context<'_>) -> Option<Outcome> {
    matches!(cx.has_synced_people(), Ok(false)).then(|| {
        Outcome::not_applicable(
            "No person is synchronised from Active Directory, so that no domain policy applies.",
        )
    })
}

/// All domains that have a name, and the unnamed one when there is no other.
pub(crate) fn domains<'a>(cx: &Context<'a>) -> impl Iterator<Item = &'a DomainFacts> + use<'a> {
    let facts = cx.facts;
    let unnamed = facts.domains.is_empty().then_some(&facts.unnamed_domain);
    facts.domains.values().chain(unnamed)
}

/// What to call a domain.
pub(crate) fn domain_name(domain: &DomainFacts) -> &str {
    domain
        .name
        .value()
        .map(String::as_str)
        .or_else(|| domain.name.subject())
        .unwrap_or("the domain")
}

/// What to call a domain controller.
pub(crate) fn controller_name(controller: &ControllerFacts) -> &str {
    controller
        .host
        .value()
        .map(String::as_str)
        .or_else(|| controller.host.subject())
        .unwrap_or("a domain controller")
}

/// The verdict of one question on every writable domain controller.
#[derive(Debug, Default)]
pub(crate) struct Roll<'a> {
    /// Controllers that are not as they should be, with what decides.
    pub(crate) bad: Vec<(&'a ControllerFacts, Provenance)>,
    /// Controllers that are.
    pub(crate) good: Vec<(&'a ControllerFacts, Provenance)>,
    /// What is missing to know it of all of them.
    pub(crate) missing: Option<Unknown>,
}

impl<'a> Roll<'a> {
    /// One verdict of all: those that are not as they should be decide, then what is missing.
    pub(crate) fn verdict(
        self,
        pass: &str,
        fail: impl FnOnce(&[&'a ControllerFacts]) -> Outcome,
    ) -> Judgement {
        let (outcome, decided) = if !self.bad.is_empty() {
            let bad: Vec<_> = self.bad.iter().map(|(controller, _)| *controller).collect();
            (fail(&bad), self.bad)
        } else if let Some(unknown) = self.missing {
            return Err(unknown);
        } else {
            (Outcome::pass(pass), self.good)
        };
        Ok(outcome.because_all(decided.iter().map(|(_, from)| from)))
    }
}

/// The names of domain controllers.
pub(crate) fn controller_names<'a>(controllers: &[&'a ControllerFacts]) -> Vec<&'a str> {
    let names = controllers.iter();
    names
        .map(|controller| controller_name(controller))
        .collect()
}

/// Asks one question of every domain controller that takes passwords. A read-only one does not.
///
/// `fine` says whether a controller is as it should be, and by which evidence.
pub(crate) fn roll_call<'a>(
    cx: &Context<'a>,
    fine: impl Fn(&'a ControllerFacts) -> Result<(bool, Provenance), Unknown>,
) -> Roll<'a> {
    let mut roll = Roll::default();
    let mut answers = BTreeMap::new();
    for (key, controller) in &cx.facts.controllers {
        if controller.read_only.value() != Some(&true) {
            answers.insert(key.as_str(), (controller, fine(controller)));
        }
    }
    for domain in domains(cx) {
        let listed = match domain.controllers.get() {
            Ok(listed) => &listed.value,
            Err(unknown) => {
                add(&mut roll.missing, unknown);
                continue;
            }
        };
        for host in listed {
            let key = host_key(host);
            match answers.get(key.as_str()) {
                Some((_, Err(unknown))) => add(&mut roll.missing, unknown.clone()),
                Some((_, Ok(_))) => {}
                None if cx.facts.controllers.contains_key(&key) => {}
                None => add(&mut roll.missing, Unknown::of("controller.host")),
            }
        }
    }
    for (controller, answer) in answers.into_values() {
        match answer {
            Ok((true, from)) => roll.good.push((controller, from)),
            Ok((false, from)) => roll.bad.push((controller, from)),
            Err(_) => {}
        }
    }
    roll
}

/// Adds to what is missing.
pub(crate) fn add(missing: &mut Option<Unknown>, unknown: Unknown) {
    *missing = Some(match missing.take() {
        Some(known) => known.and(unknown),
        None => unknown,
    });
}

/// A fact that the evidence cannot settle, and why.
pub(crate) fn not_available(fact: &'static str, why: impl Into<String>) -> Unknown {
    Unknown {
        missing: vec![Missing {
            fact: fact.into(),
            subject: None,
            gap: Gap::NotAvailable(why.into()),
        }],
    }
}

/// The outcome with another sentence in its message.
pub(crate) fn remark(mut outcome: Outcome, sentence: &str) -> Outcome {
    outcome.message.push(' ');
    outcome.message.push_str(sentence);
    outcome
}

/// A list of names in words, cut after a few.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    joined(names, ", ")
}

/// A list of clauses, which may have commas in them, cut after a few.
pub(crate) fn clauses<'a>(clauses: impl IntoIterator<Item = &'a str>) -> String {
    joined(clauses, "; ")
}

fn joined<'a>(items: impl IntoIterator<Item = &'a str>, between: &str) -> String {
    const SHOWN: usize = 5;
    let items: Vec<_> = items.into_iter().collect();
    let shown = items
        .get(..items.len().min(SHOWN))
        .unwrap_or_default()
        .join(between);
    match items.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests;
