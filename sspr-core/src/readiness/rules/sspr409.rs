//! Entra Password Protection in the domain: off, audit only, or agents missing.

use super::prelude::*;
use crate::evidence::{Gap, Missing};
use crate::readiness::predicates::directory::{add, domains, listed, nobody_synced};
use crate::snapshot::facts::{DomainFacts, host_key};

pub(super) const RULE: Rule = Rule {
    code: "SSPR409",
    title: "Entra Password Protection in the domain",
    phase: Phase::DomainPolicy,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &[
        "methods.passwordRules",
        "domain.controllers",
        "domain.passwordProtectionAgents",
    ],
    rationale: "The banned-password lists hold for passwords that are set in the domain only where \
        every writable domain controller has the DC agent and the mode is Enforce. In audit mode weak \
        passwords are written to the log and accepted.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-password-ban-bad",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/howto-password-ban-bad-on-premises-monitor",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let rules = cx.facts.methods.password_rules.get()?;
    let null = || Unknown {
        missing: vec![Missing {
            fact: cx.facts.methods.password_rules.name().into(),
            subject: None,
            gap: Gap::Null,
        }],
    };
    if !rules.value.on_premises.ok_or_else(null)? {
        return Ok(Outcome::fail(
            "Entra Password Protection is off for the domain: its lists do not hold for passwords \
             that are set there.",
        )
        .with("mode", "off")
        .because(rules));
    }
    if !rules.value.on_premises_enforced.ok_or_else(null)? {
        return Ok(Outcome::fail(
            "Entra Password Protection only audits in the domain: banned passwords are logged and \
             accepted.",
        )
        .with("mode", "audit")
        .because(rules));
    }
    let mut missing = None;
    let mut without = Vec::new();
    let mut evidence = Vec::new();
    for domain in domains(cx) {
        match agents(cx, domain) {
            Ok((lacking, from)) => {
                without.extend(lacking);
                evidence.extend(from);
            }
            Err(unknown) => add(&mut missing, unknown),
        }
    }
    let outcome = match (without.is_empty(), missing) {
        (false, _) => Outcome::fail(format!(
            "Domain controllers without the DC agent accept what the lists ban: {}.",
            listed(without.iter().copied())
        ))
        .with("mode", "enforce")
        .about(Subjects::names(without.iter().copied())),
        (true, Some(unknown)) => return Err(unknown),
        (true, None) => Outcome::pass(
            "Entra Password Protection is enforced, and every writable domain controller has its agent.",
        ),
    };
    Ok(evidence
        .into_iter()
        .fold(outcome.because(rules), Outcome::because))
}

type Agents<'a> = (Vec<&'a str>, [&'a crate::evidence::Claim<Vec<String>>; 2]);

/// The controllers of a domain that have no agent. A read-only one takes no passwords.
fn agents<'a>(cx: &Context<'a>, domain: &'a DomainFacts) -> Result<Agents<'a>, Unknown> {
    let (controllers, agents) = match (domain.controllers.get(), domain.protection_agents.get()) {
        (Ok(controllers), Ok(agents)) => (controllers, agents),
        (Err(a), Err(b)) => return Err(a.and(b)),
        (Err(a), _) | (_, Err(a)) => return Err(a),
    };
    let lacking = controllers
        .value
        .iter()
        .filter(|host| {
            let key = host_key(host);
            let controller = cx.facts.controllers.get(&key);
            controller.is_none_or(|controller| controller.read_only.value() != Some(&true))
                && !agents.value.iter().any(|agent| host_key(agent) == key)
        })
        .map(String::as_str)
        .collect();
    Ok((lacking, [controllers, agents]))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "A password that the cloud would refuse can otherwise be set in the domain.".into(),
        steps: vec![
            "Install the DC agent on every writable domain controller and restart it.".into(),
            "Run in audit mode, read its events, then switch to Enforced under Authentication \
             methods > Password protection."
                .into(),
        ],
        command: Some("ConvertTo-Json -InputObject @(Get-AzureADPasswordProtectionDCAgent)".into()),
        verify: "Get-AzureADPasswordProtectionSummaryReport".into(),
        undo: "Set the mode back to Audit in the same place.".into(),
    }
}
