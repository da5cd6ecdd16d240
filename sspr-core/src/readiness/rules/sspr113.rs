//! Registration is confirmed rarely.

use super::prelude::*;
use crate::readiness::predicates::counted;
use crate::readiness::predicates::policy::{reconfirm_in_time, reconfirmation};

pub(super) const RULE: Rule = Rule {
    code: "SSPR113",
    title: "Interval of reconfirmation",
    phase: Phase::CloudScope,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &["sspr.registrationRequired", "sspr.reconfirmDays"],
    rationale: "The longer the interval, the more numbers and mailboxes are out of date when a person \
        needs them.",
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
    let limit = cx.config.thresholds.reconfirm_days;
    let outcome = match days.value {
        0 => Outcome::not_applicable("Users never reconfirm, which SSPR112 judges."),
        long if long > limit => Outcome::fail(format!(
            "Users reconfirm every {long} days, which is more than {limit}."
        )),
        days => Outcome::pass(format!(
            "Users reconfirm every {}.",
            counted(days.into(), "day", "days")
        )),
    };
    Ok(outcome
        .with("reconfirmDays", days.value)
        .with("limitDays", limit)
        .because(days))
}

fn remedy(_: &Names) -> Remedy {
    reconfirm_in_time("Set the earlier number in the same place.")
}
