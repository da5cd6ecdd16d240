//! Evidence of different tenants or of foreign domains is mixed.

use std::collections::BTreeSet;

use super::prelude::*;
use crate::directory::dns_domain;
use crate::evidence::{Claim, Known, Provenance};
use crate::readiness::predicates::directory::listed;
use crate::readiness::predicates::evidence::name_of;

pub(super) const RULE: Rule = Rule {
    code: "SSPR902",
    title: "One tenant in the evidence",
    phase: Phase::Evidence,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &["tenant.id", "tenant.initialDomain"],
    rationale: "A verdict on a mixture of two tenants is a verdict on neither. Several domains of one \
        forest, and several forests that Entra Connect synchronises, belong together.",
    sources: &[
        "https://learn.microsoft.com/en-us/graph/api/resources/organization",
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/plan-connect-topologies",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let tenant = &cx.facts.tenant;
    let ids = distinct(&tenant.id, ToString::to_string);
    let names = distinct(&tenant.initial_domain, |name| name.to_ascii_lowercase());
    for tenants in [&ids, &names] {
        if let [(first, from), .., (last, other)] = tenants.as_slice() {
            return Ok(Outcome::fail(format!(
                "The evidence is of {} tenants: {}; {} and {} do not belong together.",
                tenants.len(),
                listed(tenants.iter().map(|(name, _)| name.as_str())),
                name_of(cx, from.source),
                name_of(cx, other.source)
            ))
            .with("tenants", [first, last])
            .because_of(from)
            .because_of(other));
        }
    }
    if let Some(outcome) = foreign_domains(cx)? {
        return Ok(outcome);
    }
    let Some((name, from)) = names.first().or(ids.first()) else {
        let unknown = tenant.id.unknown();
        return Err(unknown.and(tenant.initial_domain.unknown()));
    };
    Ok(Outcome::pass(format!("All evidence that names a tenant names {name}.")).because_of(from))
}

/// A value and where it stands.
type Named<'a> = (String, &'a Provenance);

/// The values of a fact that differ, each with the first claim of it.
fn distinct<T>(fact: &Known<T>, text: impl Fn(&T) -> String) -> Vec<Named<'_>> {
    let mut found: Vec<Named<'_>> = Vec::new();
    for Claim { value, from } in fact.claims() {
        let value = text(value);
        if !found.iter().any(|(known, _)| *known == value) {
            found.push((value, from));
        }
    }
    found
}

/// Domains of another forest than those that Entra Connect synchronises. While it is not known
/// what is synchronised, domains of several forests leave the question open.
fn foreign_domains(cx: &Context<'_>) -> Result<Option<Outcome>, Unknown> {
    let domains = &cx.facts.domains;
    let forests: BTreeSet<_> = domains
        .values()
        .filter_map(|domain| domain.forest.value())
        .collect();
    if forests.len() < 2 {
        return Ok(None);
    }
    let connectors: Vec<_> = cx
        .servers()
        .filter_map(|server| server.connectors.value())
        .flatten()
        .collect();
    if connectors.is_empty() {
        return Err(Unknown::of("server.connectors"));
    }
    let known: BTreeSet<String> = connectors
        .iter()
        .flat_map(|connector| {
            let partitions = connector.partitions.iter();
            partitions
                .filter_map(|partition| dns_domain(&partition.dn))
                .chain(connector.forest.as_ref().map(|name| name.to_lowercase()))
                .chain([connector.name.to_lowercase()])
        })
        .collect();
    // A forest is synchronised when any of its domains is, or its own name is a connector's.
    let synchronised = |forest: &str| {
        known.contains(forest)
            || domains.iter().any(|(name, domain)| {
                known.contains(name) && domain.forest.value().is_some_and(|own| own == forest)
            })
    };
    let foreign: Vec<_> = domains
        .iter()
        .filter_map(|(name, domain)| {
            let forest = domain.forest.get().ok()?;
            (!synchronised(&forest.value)).then_some((name.as_str(), forest))
        })
        .collect();
    let Some((_, first)) = foreign.first() else {
        return Ok(None);
    };
    Ok(Some(
        Outcome::fail(format!(
            "Entra Connect does not synchronise the forest of {}: its evidence does not belong here.",
            listed(foreign.iter().map(|(name, _)| *name))
        ))
        .about(Subjects::names(foreign.iter().map(|(name, _)| *name)))
        .because(first),
    ))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "One verdict takes the evidence of one tenant.".into(),
        steps: vec![
            "Keep the evidence of each tenant in a folder of its own.".into(),
            "Assess each folder by itself.".into(),
        ],
        command: Some("sspr assess <folder of one tenant>".into()),
        verify: "The report names one tenant, and this finding passes.".into(),
        undo: "Nothing is changed.".into(),
    }
}
