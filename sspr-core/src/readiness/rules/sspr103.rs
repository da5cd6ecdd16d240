//! Two methods are required.

use super::prelude::*;
use crate::policy::MethodsRequired;
use crate::readiness::predicates::policy::{in_portal, required};

pub(super) const RULE: Rule = Rule {
    code: "SSPR103",
    title: "Number of methods required to reset",
    phase: Phase::CloudScope,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["sspr.methodsRequired"],
    rationale: "With one method, whoever holds a person's phone or reads another mailbox of theirs \
        can take the account over. Two methods are Microsoft's recommendation.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/howto-sspr-deployment",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let outcome = match required(cx)? {
        MethodsRequired::One => Outcome::fail("One method is enough to reset a password."),
        MethodsRequired::Two => Outcome::pass("A reset takes two methods."),
    };
    let claim = cx.facts.sspr.methods_required.get()?;
    Ok(outcome.with("methodsRequired", claim.value).because(claim))
}

fn remedy(_: &Names) -> Remedy {
    in_portal(
        "People who have registered only one method cannot reset until they register a second: \
         let them register first, then raise the number.",
        &[
            "See that enough methods are enabled (SSPR104) and that people have registered two of them (SSPR122).",
            "Open the Microsoft Entra admin center > Protection > Password reset > Authentication methods, set the number to 2, and save.",
        ],
        "A reset at https://passwordreset.microsoftonline.com asks for two verifications.",
        "Set the number back to 1 in the same place.",
    )
}
