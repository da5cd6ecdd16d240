//! Conditional Access on registration.

use super::prelude::*;
use crate::policy::{RegistrationGuard, in_words};
use crate::readiness::predicates::policy::in_portal;

pub(super) const RULE: Rule = Rule {
    code: "SSPR125",
    title: "Conditional Access on registration",
    phase: Phase::CloudScope,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &["methods.registrationGuards"],
    rationale: "A policy on the user action \"Register security information\" can ask for something that \
        a person who works off-site and has nothing registered yet cannot give: a trusted place, a \
        managed device or another factor. Such people never get to register.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-registration-mfa-sspr-combined",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let guards = cx.facts.methods.registration_guards.get()?;
    let hard: Vec<_> = guards
        .value
        .iter()
        .filter(|guard| guard.is_enforced() && guard.reaches_off_site())
        .filter(|guard| !guard.unmet_off_site().is_empty())
        .collect();
    let outcome = if hard.is_empty() {
        Outcome::pass("No enforced policy keeps people off-site from registering.")
    } else {
        let each: Vec<_> = hard.iter().map(|guard| described(guard)).collect();
        Outcome::fail(format!(
            "People off-site who have registered nothing yet cannot meet {}.",
            each.join("; ")
        ))
        .about(Subjects::names(
            hard.iter().map(|guard| guard.name.as_str()),
        ))
    };
    Ok(outcome.with("guards", guards.value.len()).because(guards))
}

fn described(guard: &RegistrationGuard) -> String {
    format!("{} ({})", guard.name, in_words(guard.unmet_off_site()))
}

fn remedy(_: &Names) -> Remedy {
    in_portal(
        "The guard is right in itself: it keeps a thief of a password from registering their own \
         phone. Keep it, and give people off-site a way in.",
        &[
            "Hand a Temporary Access Pass to people who register off-site, where the policy asks for another factor.",
            "Or exclude trusted locations, and let people register there before they leave.",
            "Or fill in their methods for them.",
        ],
        "A test person without methods registers from outside with a Temporary Access Pass.",
        "Take the exclusion out again.",
    )
}
