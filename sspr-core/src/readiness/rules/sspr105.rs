//! A weak method alone suffices.

use super::prelude::*;
use crate::policy::{MethodsRequired, in_words};
use crate::readiness::predicates::policy::{METHOD_FACTS, Methods, in_portal, required};

pub(super) const RULE: Rule = Rule {
    code: "SSPR105",
    title: "Weak methods where one suffices",
    phase: Phase::CloudScope,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: METHOD_FACTS,
    rationale: "SMS, calls, e-mail and security questions can be forwarded, overheard or guessed. \
        Where one method resets a password, such a method alone takes an account over.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/howto-sspr-deployment",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if required(cx) == Ok(MethodsRequired::Two) {
        let claim = cx.facts.sspr.methods_required.get()?;
        return Ok(Outcome::pass("A reset takes two methods.").because(claim));
    }
    let methods = Methods::of(cx);
    let (weak, usable, _) = methods.judge(|usable| {
        usable.required == MethodsRequired::One && usable.weak().next().is_some()
    })?;
    let outcome = if weak {
        let names = in_words(usable.weak().map(crate::policy::ResetMethod::title));
        Outcome::fail(format!(
            "One method resets a password, and each of these weak ones suffices: {names}."
        ))
        .with("weak", usable.weak().collect::<Vec<_>>())
    } else {
        Outcome::pass("No weak method alone resets a password.")
    };
    Ok(outcome.because_all(&methods.evidence))
}

fn remedy(_: &Names) -> Remedy {
    in_portal(
        "Two weak methods together are far better than one, and nobody loses the method they know. \
         Taking SMS away instead would leave many people with none.",
        &[
            "Let people register a second method.",
            "Microsoft Entra admin center > Protection > Password reset > Authentication methods: set the number of methods required to 2.",
        ],
        "A reset at https://passwordreset.microsoftonline.com asks for two verifications.",
        "Set the number back to 1 in the same place.",
    )
}
