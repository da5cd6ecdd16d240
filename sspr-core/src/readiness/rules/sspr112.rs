//! Registration is never confirmed again.

use super::prelude::*;
use crate::readiness::predicates::counted;
use crate::readiness::predicates::policy::{reconfirm_in_time, reconfirmation};

pub(super) const RULE: Rule = Rule {
    code: "SSPR112",
    title: "Reconfirmation of registration",
    phase: Phase::CloudScope,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["sspr.registrationRequired", "sspr.reconfirmDays"],
    rationale: "Numbers and mailboxes change. Without reconfirmation a person finds out at the reset that \
        the code goes to an old phone.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/howto-sspr-deployment",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let days = match reconfirmation(cx)? {
        Ok(days) => days,
        Err(outcome) => return Ok(outcome),
    };
    let outcome = if days.value == 0 {
        Outcome::fail("Users are never asked to confirm their registration again.")
    } else {
        Outcome::pass(format!(
            "Users confirm their registration every {}.",
            counted(days.value.into(), "day", "days")
        ))
    };
    Ok(outcome.with("reconfirmDays", days.value).because(days))
}

fn remedy(_: &Names) -> Remedy {
    reconfirm_in_time("Set it back to 0 in the same place.")
}
