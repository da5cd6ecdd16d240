//! The domain asks more of a password than the cloud: which ones only it refuses.

use super::prelude::*;
use crate::directory::{PasswordClass, PasswordGap};
use crate::evidence::{Known, Provenance};
use crate::readiness::predicates::directory::{add, domain_name, domains, nobody_synced};
use crate::snapshot::facts::DomainPolicyFacts;

pub(super) const RULE: Rule = Rule {
    code: "SSPR406",
    title: "Passwords that the cloud takes and the domain refuses",
    phase: Phase::DomainPolicy,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &[
        "domain.minimumPasswordLength",
        "domain.complexity",
        "domain.passwordHistory",
        "domain.minimumPasswordAge",
    ],
    rationale: "The cloud cannot know the domain's password policy and shows none of it. Whoever \
        chooses a password that the cloud's own rules would take and the domain does not is \
        refused on submitting (33008, 0x80230619). Telling people the domain's rules beforehand \
        spares them the refusal.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-policy",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr",
        "https://learn.microsoft.com/en-us/windows/security/threat-protection/security-policy-settings/password-must-meet-complexity-requirements",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let mut missing = None;
    let mut evidence = Vec::new();
    let mut classes = Vec::new();
    let mut sentences = Vec::new();
    for domain in domains(cx) {
        let policy = &domain.policy;
        let gap = PasswordGap::of(&policy.draft());
        if !gap.is_empty() {
            let words: Vec<_> = gap
                .iter()
                .map(|class| {
                    format!(
                        "{}, such as \u{201c}{}\u{201d}",
                        class.description, class.example
                    )
                })
                .collect();
            sentences.push(format!(
                "{} refuses {}",
                domain_name(domain),
                words.join("; ")
            ));
        }
        for class in &gap {
            evidence.extend(decided(policy, class.class));
        }
        classes.extend(gap);
        each(policy, &mut evidence, &mut missing, sentences.is_empty());
    }
    if sentences.is_empty() {
        if let Some(unknown) = missing {
            return Err(unknown);
        }
        let pass = Outcome::pass("The domain asks no more of a password than the cloud does.");
        return Ok(pass.because_all(&evidence));
    }
    let message = format!(
        "Of passwords that the cloud's rules take, {}. Fine-grained policies may ask for more, or \
         for less. The examples are invented.",
        sentences.join(". ")
    );
    Ok(Outcome::fail(message)
        .with("classes", classes)
        .because_all(&evidence))
}

/// The evidence of the setting that a class comes from.
fn decided(policy: &DomainPolicyFacts, class: PasswordClass) -> Option<Provenance> {
    fn from<T>(fact: &Known<T>) -> Option<Provenance> {
        fact.get().ok().map(|claim| claim.from.clone())
    }
    match class {
        PasswordClass::TooShort => from(&policy.minimum_length),
        PasswordClass::HoldsName => from(&policy.complexity),
        PasswordClass::UsedBefore => from(&policy.history),
        PasswordClass::TooSoon => from(&policy.minimum_age),
    }
}

/// Notes what is missing to say that there is no gap, and, while there is none, what shows it.
fn each(
    policy: &DomainPolicyFacts,
    evidence: &mut Vec<Provenance>,
    missing: &mut Option<Unknown>,
    passing: bool,
) {
    fn one<T>(
        fact: &Known<T>,
        evidence: &mut Vec<Provenance>,
        missing: &mut Option<Unknown>,
        passing: bool,
    ) {
        match fact.get() {
            Ok(claim) if passing => evidence.push(claim.from.clone()),
            Ok(_) => {}
            Err(unknown) => add(missing, unknown),
        }
    }
    one(&policy.minimum_length, evidence, missing, passing);
    one(&policy.complexity, evidence, missing, passing);
    one(&policy.history, evidence, missing, passing);
    one(&policy.minimum_age, evidence, missing, passing);
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why:
            "The domain's rules may be right; what people lack is to know them before they choose."
                .into(),
        steps: vec![
            "Tell people the domain's rules where they start a reset, for instance on the page \
             behind the customised helpdesk link."
                .into(),
            "Try a password for a person beforehand with `sspr password`.".into(),
        ],
        command: None,
        verify: "sspr password <evidence> --user <user principal name>".into(),
        undo: "Nothing was changed.".into(),
    }
}
