//! Security questions whose numbers do not fit.

use super::prelude::*;
use crate::policy::LegacyMethod;
use crate::readiness::predicates::policy::in_portal;

pub(super) const RULE: Rule = Rule {
    code: "SSPR108",
    title: "Numbers of security questions",
    phase: Phase::CloudScope,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &["sspr.methods", "sspr.questions"],
    rationale: "A reset asks for some of the questions that a person registered. If more are asked \
        than are registered, or more must be registered than exist, nobody can use them.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-authentication-security-questions",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/passwords-faq",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let legacy = cx.facts.sspr.methods.get()?;
    if !legacy.value.contains(&LegacyMethod::SecurityQuestions) {
        return Ok(Outcome::not_applicable("Security questions are not enabled.").because(legacy));
    }
    let fact = &cx.facts.sspr.questions;
    let claim = fact.get()?;
    let (defined, register, reset) = (
        claim.value.defined,
        claim.value.required_to_register,
        claim.value.required_to_reset,
    );
    let mut faults = Vec::new();
    if let (Some(register), Some(reset)) = (register, reset)
        && register < reset
    {
        faults.push(format!(
            "{reset} are asked at a reset and {register} are registered"
        ));
    }
    if let (Some(defined), Some(register)) = (defined, register)
        && defined < register
    {
        faults.push(format!(
            "{register} must be registered and {defined} are defined"
        ));
    }
    for (what, number) in [("to register", register), ("to reset", reset)] {
        if let Some(number) = number.filter(|number| !(3..=5).contains(number)) {
            faults.push(format!("{number} {what} lies outside 3 to 5"));
        }
    }
    let outcome = if !faults.is_empty() {
        Outcome::fail(format!(
            "Security questions cannot work: {}.",
            faults.join("; ")
        ))
    } else if defined.is_some() && register.is_some() && reset.is_some() {
        Outcome::pass("The numbers of security questions fit together.")
    } else {
        return Err(Unknown::of("sspr.questions"));
    };
    Ok(outcome
        .with("defined", defined)
        .with("requiredToRegister", register)
        .with("requiredToReset", reset)
        .because(claim))
}

fn remedy(_: &Names) -> Remedy {
    in_portal(
        "Microsoft advises against security questions. Switching them off is the better remedy \
         where people have other methods.",
        &[
            "Microsoft Entra admin center > Protection > Password reset > Authentication methods.",
            "Define at least as many questions as must be registered, and ask for no more at a reset than were registered, both between 3 and 5; or switch security questions off.",
        ],
        "A test person registers the questions and resets with them.",
        "Set the earlier numbers in the same place.",
    )
}
