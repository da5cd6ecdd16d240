//! Under pass-through authentication, Entra smart lockout must lock before the domain does.

use super::prelude::*;
use crate::evidence::{Claim, Gap, Missing, Strength};
use crate::policy::PasswordRuleSettings;
use crate::readiness::predicates::directory::{add, domain_name, domains, nobody_synced, remark};
use crate::readiness::predicates::writeback::cloud_of;
use crate::tenant::{Cloud, SignInType};

pub(super) const RULE: Rule = Rule {
    code: "SSPR408",
    title: "Smart lockout before the domain's lockout",
    phase: Phase::DomainPolicy,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "signIn.type",
        "methods.passwordRules",
        "domain.lockoutThreshold",
        "tenant.cloud",
    ],
    rationale: "With pass-through authentication every wrong password in the cloud is a wrong \
        password in the domain. Smart lockout must stop an attack before the domain locks the \
        account, or anybody on the internet can lock people out. Microsoft asks for a domain threshold \
        at least two to three times that of Entra; its own example (Entra 10, domain 5) contradicts \
        that rule, and the rule counts.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/howto-password-smart-lockout",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let sign_in = cx.facts.tenant.sign_in.get()?;
    if !sign_in.value.contains(&SignInType::PassThrough) {
        let message = "Nobody signs in by pass-through authentication.";
        return Ok(Outcome::not_applicable(message).because(sign_in));
    }
    let rules = cx.facts.methods.password_rules.get();
    let mut missing = rules.as_ref().err().cloned();
    let cloud = match rules {
        Ok(rules) => threshold(cx, rules)?,
        Err(_) => None,
    };
    if missing.is_none() && cloud.is_none() {
        missing = Some(Unknown {
            missing: vec![Missing {
                fact: cx.facts.methods.password_rules.name().into(),
                subject: None,
                gap: Gap::Null,
            }],
        });
    }
    let mut known = Vec::new();
    for domain in domains(cx) {
        match domain.policy.lockout_threshold.get() {
            Ok(threshold) => known.push((domain, threshold)),
            Err(unknown) => add(&mut missing, unknown),
        }
    }
    let Some(cloud) = cloud else {
        return Err(missing.unwrap_or_else(|| Unknown::of("methods.passwordRules")));
    };
    let locks_first = known
        .iter()
        .filter(|(_, threshold)| threshold.value > 0 && threshold.value <= cloud)
        .min_by_key(|(_, threshold)| threshold.value);
    let mut outcome = match (locks_first, missing) {
        (Some((domain, threshold)), _) => Outcome::fail(format!(
            "In {} an account is locked after {} wrong passwords, in Entra after {cloud}: Entra does \
             not lock before the domain does.",
            domain_name(domain),
            threshold.value
        ))
        .with("domainThreshold", threshold.value),
        (None, Some(unknown)) => return Err(unknown),
        (None, None) => {
            let lowest = known
                .iter()
                .map(|(_, threshold)| threshold.value)
                .filter(|value| *value > 0)
                .min();
            match lowest {
                None => Outcome::pass("The domain never locks accounts."),
                Some(lowest) => Outcome::pass(format!(
                    "Entra locks after {cloud} wrong passwords, before the domain does after {lowest}."
                ))
                .with("domainThreshold", lowest),
            }
        }
    }
    .with("cloudThreshold", cloud)
    .because(sign_in);
    if let Ok(rules) = cx.facts.methods.password_rules.get() {
        outcome = outcome.because(rules);
        let seconds = rules.value.lockout_seconds;
        let longest = domains(cx)
            .filter_map(|domain| domain.policy.lockout_duration.value()?.ticks())
            .max()
            .map(|ticks| ticks / crate::time::TICKS_PER_SECOND);
        if let (Some(seconds), Some(longest)) = (seconds, longest) {
            outcome = outcome
                .with("cloudSeconds", seconds)
                .with("domainSeconds", longest);
            let locks = known.iter().any(|(_, threshold)| threshold.value > 0);
            if locks && i64::from(seconds) <= longest {
                outcome = remark(
                    outcome,
                    "Microsoft also asks that the lockout in Entra, set in seconds, is longer than \
                     the domain's, set in minutes; it is not.",
                );
            }
        }
    }
    Ok(known.into_iter().fold(outcome, |outcome, (_, threshold)| {
        outcome.because(threshold)
    }))
}

/// After how many wrong passwords Entra locks. Where nobody has saved the settings, it is the
/// default, which US Government has lower.
fn threshold(
    cx: &Context<'_>,
    rules: &Claim<PasswordRuleSettings>,
) -> Result<Option<u32>, Unknown> {
    if rules.from.strength != Strength::Inferred {
        return Ok(rules.value.lockout_threshold);
    }
    Ok(match cloud_of(cx, &[])? {
        Cloud::UsGovernment => Some(3),
        Cloud::Public | Cloud::China => rules.value.lockout_threshold,
    })
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "An attack from the internet then ends in Entra and does not lock people out of the domain."
            .into(),
        steps: vec![
            "In the Microsoft Entra admin center, under Authentication methods > Password protection, \
             lower the lockout threshold (custom values take Entra ID P1); or"
                .into(),
            "raise the domain's threshold to two or three times that of Entra.".into(),
        ],
        command: Some(format!(
            "Set-ADDefaultDomainPasswordPolicy -Identity {} -LockoutThreshold 30",
            quoted(&names.domain)
        )),
        verify: format!(
            "Get-ADDefaultDomainPasswordPolicy -Identity {} | Select-Object LockoutThreshold,LockoutDuration",
            quoted(&names.domain)
        ),
        undo: "Set the former threshold in the same place.".into(),
    }
}
