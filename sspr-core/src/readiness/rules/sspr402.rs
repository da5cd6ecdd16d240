//! A fine-grained password policy has a minimum age, and for whom.

use super::prelude::*;
use crate::directory::FineGrainedPolicy;
use crate::evidence::Claim;
use crate::readiness::predicates::directory::{add, domain_name, domains, listed, nobody_synced};
use crate::snapshot::facts::PolicyChoice;
use crate::tenant::PersonRef;
use crate::time::Interval;

pub(super) const RULE: Rule = Rule {
    code: "SSPR402",
    title: "Minimum password age of fine-grained policies",
    phase: Phase::DomainPolicy,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["domain.fineGrainedPolicies"],
    rationale: "A fine-grained policy replaces the whole policy of the domain for those it applies \
        to. With a minimum age above 0 their second change or reset inside that time is refused \
        (33008, 0x80230619), even where the domain itself asks for no age.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback",
        "https://msdn.microsoft.com/en-us/library/cc223866.aspx",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let mut missing = None;
    let mut aged = Vec::new();
    let mut known = Vec::new();
    for domain in domains(cx) {
        for claim in &domain.fine_grained_seen {
            match concerned(&claim.value) {
                Some(true) => aged.push((domain_name(domain), claim)),
                Some(false) => {}
                None => add(&mut missing, domain.fine_grained.unknown()),
            }
        }
        match domain.fine_grained.get() {
            Ok(whole) => known.push(whole),
            Err(unknown) => add(&mut missing, unknown),
        }
    }
    if aged.is_empty() {
        if let Some(unknown) = missing {
            return Err(unknown);
        }
        let pass =
            Outcome::pass("No fine-grained policy that applies to anybody has a minimum age.");
        return Ok(known.into_iter().fold(pass, Outcome::because));
    }
    let policies: Vec<_> = aged
        .iter()
        .map(|(domain, claim)| described(domain, &claim.value))
        .collect();
    let mut outcome = Outcome::fail("").with("policies", aged.len());
    for (_, claim) in &aged {
        outcome = outcome.because(claim);
    }
    let people = &cx.facts.people.people;
    let under = people.iter().filter(|person| is_under(cx, &aged, person));
    let subjects = Subjects::people(cx, under);
    let whom = match subjects.count {
        0 => "For whom of the people in evidence they hold is not known.".to_owned(),
        1 => "1 person in evidence is known to be under one of them.".to_owned(),
        count => format!("{count} people in evidence are known to be under one of them."),
    };
    let message = format!(
        "Fine-grained policies refuse a second password inside their minimum age: {}. {whom}",
        listed(policies.iter().map(String::as_str))
    );
    Ok(outcome.saying(message).about(subjects))
}

/// Whether a policy has a minimum age and applies to somebody; none when that is not known.
fn concerned(policy: &FineGrainedPolicy) -> Option<bool> {
    let age = policy.policy.minimum_age.map(|age| !age.is_zero());
    let applies = policy.applies_to.as_ref().map(|to| !to.is_empty());
    match (age, applies) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn described(domain: &str, policy: &FineGrainedPolicy) -> String {
    let age = match policy.policy.minimum_age {
        Some(span @ Interval::Ticks(_)) => format!("for {span}"),
        _ => "for ever".to_owned(),
    };
    let whom = policy.applies_to.as_deref().unwrap_or_default();
    format!(
        "{} of {domain} {age}, applied to {}",
        policy.name,
        listed(whom.iter().map(|dn| common_name(dn)))
    )
}

/// The first part of a distinguished name without its attribute.
fn common_name(dn: &str) -> &str {
    let container = crate::tenant::container_of(dn);
    let first = dn.strip_suffix(container).unwrap_or(dn);
    let first = first.trim_end_matches(',');
    first.split_once('=').map_or(first, |(_, name)| name)
}

fn is_under(
    cx: &Context<'_>,
    aged: &[(&str, &Claim<FineGrainedPolicy>)],
    person: &PersonRef<'_>,
) -> bool {
    let flags = person.flags();
    if flags.enabled() == Some(false) || flags.synced() == Some(false) {
        return false;
    }
    match cx.facts.policy_in_force(person).choice {
        PolicyChoice::FineGrained { policy, .. } => aged
            .iter()
            .any(|(_, claim)| claim.value.dn.eq_ignore_ascii_case(&policy.dn)),
        _ => false,
    }
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Keep it, or set it to 0 for those who need a second password on the same day. Zero \
            lets them cycle through the history to an old password."
            .into(),
        steps: vec![
            "See whom the policy applies to, and whether they reset their passwords from the cloud."
                .into(),
            "Keep one day and tell the helpdesk what the refusal means; or set the age to 0.".into(),
        ],
        command: Some(
            "Set-ADFineGrainedPasswordPolicy -Identity '<policy>' -MinPasswordAge 0.00:00:00".into(),
        ),
        verify: "Get-ADFineGrainedPasswordPolicy -Filter * | Format-Table Name,MinPasswordAge,Precedence"
            .into(),
        undo: "Set-ADFineGrainedPasswordPolicy -Identity '<policy>' -MinPasswordAge 1.00:00:00".into(),
    }
}
