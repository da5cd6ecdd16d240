//! The cloud's password expiry applies to synced people and differs from the domain's.

use super::prelude::*;
use crate::readiness::predicates::directory::{add, domain_name, domains, listed, nobody_synced};
use crate::time::Interval;

pub(super) const RULE: Rule = Rule {
    code: "SSPR411",
    title: "Password expiry in the cloud and in the domain",
    phase: Phase::DomainPolicy,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &[
        "tenant.cloudPasswordPolicyForSynced",
        "tenant.domains",
        "domain.maximumPasswordAge",
    ],
    rationale: "Passwords of synced people do not expire in the cloud unless the tenant applies its \
        own policy to them. Where it does, and the two periods differ, people are asked for a new \
        password in one place while the other still accepts the old one.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/how-to-connect-password-hash-synchronization",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-policy",
    ],
    judge,
    remedy,
};

/// What Graph prints for a password that never expires.
const FOR_EVER: u32 = 2_147_483_647;

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let applies = cx.facts.tenant.cloud_policy_for_synced.get()?;
    if !applies.value {
        return Ok(
            Outcome::pass("The cloud's password expiry does not apply to synced people.")
                .because(applies),
        );
    }
    let mut missing = None;
    let mut cloud = Vec::new();
    match cx.facts.tenant.domains.get() {
        Ok(domains) => {
            for domain in domains.value.iter().filter(|d| d.verified && !d.federated) {
                match domain.password_validity_days {
                    Some(FOR_EVER) => cloud.push((domain.name.as_str(), Interval::Never)),
                    Some(days) => cloud.push((domain.name.as_str(), Interval::from_days(days))),
                    // What null means in force is documented in two ways, and none is assumed.
                    None => add(&mut missing, cx.facts.tenant.domains.unknown()),
                }
            }
        }
        Err(unknown) => add(&mut missing, unknown),
    }
    let mut on_premises = Vec::new();
    for domain in domains(cx) {
        match domain.policy.maximum_age.get() {
            Ok(age) => on_premises.push((domain_name(domain), age)),
            Err(unknown) => add(&mut missing, unknown),
        }
    }
    let mut differing = Vec::new();
    for (name, period) in &cloud {
        for (domain, age) in &on_premises {
            if *period != age.value {
                differing.push(format!(
                    "{name} {period} in the cloud against {} in the domain {domain}",
                    age.value
                ));
            }
        }
    }
    let outcome = match (differing.is_empty(), missing) {
        (false, _) => Outcome::fail(format!(
            "The cloud's password expiry applies to synced people and differs from the domain's: {}.",
            listed(differing.iter().map(String::as_str))
        )),
        (true, Some(unknown)) => return Err(unknown),
        (true, None) => Outcome::pass(
            "The cloud's password expiry applies to synced people and equals the domain's.",
        ),
    };
    let outcome = outcome.because(applies);
    Ok(on_premises
        .into_iter()
        .fold(outcome, |outcome, (_, age)| outcome.because(age)))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "One period in both places spares people a second change.".into(),
        steps: vec![
            "Set the validity of the tenant's domains to the domain's maximum password age; or"
                .into(),
            "switch the cloud's policy off for synced people.".into(),
        ],
        command: Some(
            "Update-MgDomain -DomainId '<tenant domain>' -PasswordValidityPeriodInDays <days>"
                .into(),
        ),
        verify: "Get-MgDomain | Format-Table Id,PasswordValidityPeriodInDays".into(),
        undo: "Set the former number of days with the same command.".into(),
    }
}
