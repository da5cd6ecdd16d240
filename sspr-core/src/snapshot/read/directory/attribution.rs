//! Whose policy it is, once all evidence has been read.

use std::collections::BTreeSet;

use super::fine_grained;
use crate::directory::dns_domain;
use crate::directory::{MachinePolicy, PolicyReadings};
use crate::evidence::{At, Claim, Known, Provenance, Reading, Strength};
use crate::snapshot::Facts;
use crate::snapshot::facts::{DomainPolicyFacts, host_key};

/// The policy of a machine that is a domain controller is its domain's. What is known to be a
/// domain's, and names none, is of the only domain that the evidence names.
pub(in crate::snapshot::read) fn finish(facts: &mut Facts) {
    for domain in facts.domains.values_mut() {
        fine_grained::settle(domain);
    }
    controllers(facts);
    let names = domain_names(facts);
    let only = match names.iter().collect::<Vec<_>>().as_slice() {
        [only] => Some((*only).clone()),
        _ => None,
    };
    let machines = std::mem::take(&mut facts.unnamed_domain.machine_policies);
    for machine in machines {
        machine_policy(facts, machine, only.as_deref());
    }
    let Some(only) = only else { return };
    let policy = std::mem::take(&mut facts.unnamed_domain.policy);
    let (known, unknown): (Vec<_>, Vec<_>) = std::mem::take(&mut facts.unnamed_domain.templates)
        .into_iter()
        .partition(|template| {
            // That of another domain than the only one stays where it is.
            template.value.is_attributed() && template.value.domain.is_none()
        });
    facts.unnamed_domain.templates = unknown;
    if names_nothing(&policy) && known.is_empty() {
        return;
    }
    let domain = facts.domain(&only);
    adopt(&mut domain.policy, &policy);
    domain
        .templates
        .extend(known.into_iter().map(|claim| Claim {
            from: inferred(claim.from),
            ..claim
        }));
}

/// What a machine tells of itself holds for the domain controller of its name.
fn controllers(facts: &mut Facts) {
    for (key, controller) in &mut facts.controllers {
        let machine = facts.machines.get(key).or(facts.servers.get(key));
        for claim in machine
            .into_iter()
            .flat_map(|machine| machine.remote_sam.claims())
        {
            let from = claim.from.clone();
            controller.remote_sam.claim(claim.value.clone(), from);
        }
    }
}

/// All domains that the evidence names, those that Entra Connect synchronises included.
pub(in crate::snapshot::read) fn domain_names(facts: &Facts) -> BTreeSet<String> {
    let partitions = facts
        .servers
        .values()
        .chain([&facts.unnamed_server])
        .filter_map(|server| server.connectors.value())
        .flatten()
        .flat_map(|connector| &connector.partitions)
        .filter(|partition| partition.selected != Some(false))
        .filter_map(|partition| dns_domain(&partition.dn));
    facts.domains.keys().cloned().chain(partitions).collect()
}

fn machine_policy(facts: &mut Facts, machine: MachinePolicy, only: Option<&str>) {
    let key = host_key(&machine.host);
    let server = facts.servers.get(&key);
    let is_controller = facts.controllers.contains_key(&key)
        || server.is_some_and(|server| server.is_controller.value() == Some(&true));
    if !is_controller {
        facts.unnamed_domain.machine_policies.push(machine);
        return;
    }
    let own = facts
        .controllers
        .get(&key)
        .and_then(|controller| controller.domain.value().cloned());
    let domain = match own.as_deref().or(only) {
        Some(name) => facts.domain(name),
        None => &mut facts.unnamed_domain,
    };
    claim_machine(&mut domain.policy, machine.policy, &machine.from);
}

fn claim_machine(facts: &mut DomainPolicyFacts, policy: PolicyReadings, from: &Provenance) {
    claim(&mut facts.minimum_age, policy.minimum_age, from);
    claim(&mut facts.maximum_age, policy.maximum_age, from);
    claim(&mut facts.minimum_length, policy.minimum_length, from);
    claim(&mut facts.history, policy.history, from);
    claim(&mut facts.complexity, policy.complexity, from);
    claim(&mut facts.reversible, policy.reversible, from);
    claim(&mut facts.lockout_threshold, policy.lockout_threshold, from);
    claim(&mut facts.lockout_duration, policy.lockout_duration, from);
    claim(&mut facts.lockout_window, policy.lockout_window, from);
}

fn claim<T>(fact: &mut Known<T>, reading: Reading<T>, from: &Provenance) {
    if let Reading::Value(At { value, place }) = reading {
        let from = inferred(from.clone());
        fact.claim(
            value,
            Provenance {
                locator: place,
                ..from
            },
        );
    }
}

fn adopt(domain: &mut DomainPolicyFacts, policy: &DomainPolicyFacts) {
    take_over(&mut domain.minimum_age, &policy.minimum_age);
    take_over(&mut domain.maximum_age, &policy.maximum_age);
    take_over(&mut domain.minimum_length, &policy.minimum_length);
    take_over(&mut domain.history, &policy.history);
    take_over(&mut domain.complexity, &policy.complexity);
    take_over(&mut domain.reversible, &policy.reversible);
    take_over(&mut domain.lockout_threshold, &policy.lockout_threshold);
    take_over(&mut domain.lockout_duration, &policy.lockout_duration);
    take_over(&mut domain.lockout_window, &policy.lockout_window);
}

fn take_over<T: Clone>(fact: &mut Known<T>, unnamed: &Known<T>) {
    for claim in unnamed.claims() {
        fact.claim(claim.value.clone(), inferred(claim.from.clone()));
    }
    if let Some(missing) = unnamed.unknown().missing.into_iter().next() {
        fact.note_gap(missing.gap);
    }
}

fn names_nothing(policy: &DomainPolicyFacts) -> bool {
    struct Any(bool);
    impl crate::snapshot::facts::Visitor for Any {
        fn fact<T: PartialEq + serde::Serialize>(&mut self, fact: &Known<T>) {
            self.0 |= fact.value().is_some();
        }
    }
    let mut any = Any(false);
    policy.visit(&mut any);
    !any.0
}

fn inferred(from: Provenance) -> Provenance {
    Provenance {
        strength: Strength::Inferred,
        ..from
    }
}
