//! Two methods are required, and one lost phone takes both.

use super::prelude::*;
use crate::policy::MethodsRequired;
use crate::readiness::predicates::policy::{METHOD_FACTS, Methods, in_portal, required};

pub(super) const RULE: Rule = Rule {
    code: "SSPR110",
    title: "Independence of the two methods",
    phase: Phase::CloudScope,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: METHOD_FACTS,
    rationale: "SMS, calls and the Authenticator app all live on the mobile phone. Whoever loses it \
        loses every method at once, which is when a reset is needed most.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if required(cx)? == MethodsRequired::One {
        let claim = cx.facts.sspr.methods_required.get()?;
        return Ok(Outcome::not_applicable("One method is required.").because(claim));
    }
    let methods = Methods::of(cx);
    let (one_phone, usable, _) =
        methods.judge(|usable| (usable.on_one_phone(), usable.methods.is_empty()))?;
    let outcome = match one_phone {
        (_, true) => Outcome::not_applicable("No method is usable at all, which SSPR104 judges."),
        (true, false) => Outcome::fail(format!(
            "Two methods are required, and all usable ones hang on one phone: {}.",
            usable.in_words()
        )),
        (false, false) => Outcome::pass("A usable method does not need the mobile phone."),
    };
    Ok(outcome.because_all(&methods.evidence))
}

fn remedy(_: &Names) -> Remedy {
    in_portal(
        "Add a method that does not hang on the mobile phone: e-mail, the office phone or a \
         hardware token.",
        &[
            "Microsoft Entra admin center > Protection > Authentication methods > Policies: enable Email OTP or Hardware OATH tokens, or office phones under Voice call.",
        ],
        "A test person resets without the mobile phone.",
        "Disable the method in the same place.",
    )
}
