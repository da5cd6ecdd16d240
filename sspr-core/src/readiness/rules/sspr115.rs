//! Administrators hear of other administrators' resets.

use super::prelude::*;
use crate::readiness::predicates::policy::in_portal;

pub(super) const RULE: Rule = Rule {
    code: "SSPR115",
    title: "Notification of administrators",
    phase: Phase::CloudScope,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["sspr.notifyAdmins"],
    rationale: "When an administrator's password is reset, the others should hear of it. This notification \
        speaks of administrators who reset their own passwords only: it says nothing of a burst of \
        resets by users, which SSPR610 looks for in the events.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let notify = cx.facts.sspr.notify_admins.get()?;
    let outcome = if notify.value {
        Outcome::pass(
            "Administrators are told when another administrator resets their own password. \
             Resets by users are never reported this way.",
        )
    } else {
        Outcome::fail(
            "Administrators are not told when another administrator resets their own \
             password. Even when it is on, it does not cover bursts of resets by users (SSPR610).",
        )
    };
    Ok(outcome.because(notify))
}

fn remedy(_: &Names) -> Remedy {
    in_portal(
        "The mail goes to the Global Administrators' own addresses: check that somebody reads them.",
        &[
            "Microsoft Entra admin center > Protection > Password reset > Notifications.",
            "Set \"Notify all admins when other admins reset their password?\" to Yes, and save.",
        ],
        "A reset by a test administrator brings a mail to the others.",
        "Set it back to No in the same place.",
    )
}
