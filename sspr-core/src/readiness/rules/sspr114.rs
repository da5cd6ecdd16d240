//! People hear of their own reset.

use super::prelude::*;
use crate::readiness::predicates::policy::in_portal;

pub(super) const RULE: Rule = Rule {
    code: "SSPR114",
    title: "Notification of users",
    phase: Phase::CloudScope,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["sspr.notifyUsers"],
    rationale: "The mail about a reset is how a person notices that somebody else did it. It goes to the \
        person's own addresses and costs nothing.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let notify = cx.facts.sspr.notify_users.get()?;
    let outcome = if notify.value {
        Outcome::pass("Users are told when their password has been reset.")
    } else {
        Outcome::fail("Users are not told when their password has been reset.")
    };
    Ok(outcome.because(notify))
}

fn remedy(_: &Names) -> Remedy {
    in_portal(
        "Whoever gets the mail without having reset the password can raise the alarm.",
        &[
            "Microsoft Entra admin center > Protection > Password reset > Notifications.",
            "Set \"Notify users on password resets?\" to Yes, and save.",
        ],
        "A test person who resets gets a mail.",
        "Set it back to No in the same place.",
    )
}
