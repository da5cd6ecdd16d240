//! Registration at sign-in.

use super::prelude::*;
use crate::readiness::predicates::policy::in_portal;

pub(super) const RULE: Rule = Rule {
    code: "SSPR111",
    title: "Registration at sign-in",
    phase: Phase::CloudScope,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["sspr.registrationRequired", "people.registration"],
    rationale: "Only who has registered can reset. Without the prompt at sign-in people learn of it on the \
        day they have forgotten the password. Where most people have registered by another way, the \
        prompt is not needed.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-registration-mfa-sspr-combined",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let enough = super::sspr122::judge(cx).is_ok_and(|outcome| outcome.is_pass());
    if enough {
        return Ok(Outcome::not_applicable(
            "Enough people have registered already, as SSPR122 says.",
        ));
    }
    let required = cx.facts.sspr.registration_required.get()?;
    let outcome = if required.value {
        Outcome::pass("Users are asked to register when they sign in.")
    } else {
        Outcome::fail("Users are not asked to register when they sign in.")
    };
    Ok(outcome.because(required))
}

fn remedy(_: &Names) -> Remedy {
    in_portal(
        "People are asked at their next sign-in and may put it off. Tell the helpdesk before.",
        &[
            "Microsoft Entra admin center > Protection > Password reset > Registration.",
            "Set \"Require users to register when signing in\" to Yes, and save.",
        ],
        "A test person without registration is asked at https://myapps.microsoft.com.",
        "Set it back to No in the same place.",
    )
}
