//! Security questions alone reset a password.

use super::prelude::*;
use crate::policy::{LegacyMethod, MethodsRequired};
use crate::readiness::predicates::policy::{in_portal, required};

pub(super) const RULE: Rule = Rule {
    code: "SSPR109",
    title: "Security questions as the only method",
    phase: Phase::CloudScope,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["sspr.methods", "sspr.methodsRequired"],
    rationale: "Answers to questions can be found out by people who know the person or read what \
        is public. Where one method suffices, answers alone reset the password.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-authentication-security-questions",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let legacy = cx.facts.sspr.methods.get()?;
    if !legacy.value.contains(&LegacyMethod::SecurityQuestions) {
        return Ok(Outcome::not_applicable("Security questions are not enabled.").because(legacy));
    }
    let outcome = match required(cx)? {
        MethodsRequired::One => {
            Outcome::fail("Answers to security questions alone reset a password.")
        }
        MethodsRequired::Two => {
            Outcome::pass("Security questions are one of two methods that a reset takes.")
        }
    };
    Ok(outcome
        .because(legacy)
        .because(cx.facts.sspr.methods_required.get()?))
}

fn remedy(_: &Names) -> Remedy {
    in_portal(
        "Require two methods, or switch the questions off where people have others.",
        &[
            "Microsoft Entra admin center > Protection > Password reset > Authentication methods.",
            "Set the number of methods required to 2, or switch security questions off.",
        ],
        "A reset at https://passwordreset.microsoftonline.com asks for a second verification.",
        "Set the earlier values in the same place.",
    )
}
