//! How many people in scope can reset.

use super::prelude::*;
use crate::readiness::Exclude;
use crate::readiness::predicates::counted;
use crate::readiness::predicates::policy::{in_portal, inferred, registration, reported_users};

pub(super) const RULE: Rule = Rule {
    code: "SSPR122",
    title: "People who are able to reset",
    phase: Phase::CloudScope,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["people.registration", "registration.capable"],
    rationale: "Only who has registered enough methods can reset. The share of people in scope who can \
        tells how much of the helpdesk's work really goes away.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/howto-sspr-deployment",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-registration-mfa-sspr-combined",
    ],
    judge,
    remedy,
};

pub(super) fn judge(cx: &Context<'_>) -> Judgement {
    let limit = cx.config.thresholds.capable_percent;
    let source = match registration(cx) {
        Ok(source) => source,
        Err(unknown) => return from_totals(cx, limit).ok_or(unknown),
    };
    let (mut capable, mut total) = (0_u64, 0_u64);
    let in_scope = || {
        reported_users(cx)
            .into_iter()
            .flatten()
            .filter(|person| person.flags().sspr_enabled() == Some(true))
    };
    for person in in_scope().filter(|person| !cx.config.exclude.covers(person)) {
        total += 1;
        capable += u64::from(person.flags().sspr_capable() == Some(true));
    }
    let not_capable = in_scope().filter(|person| person.flags().sspr_capable() != Some(true));
    Ok(share(capable, total, limit)
        .because_of(&source.from)
        .about(Subjects::people(cx, not_capable)))
}

/// The totals of the report, which hold administrators as well.
fn from_totals(cx: &Context<'_>, limit: u32) -> Option<Outcome> {
    // Totals leave out disabled accounts, and nobody else whom the configuration excludes.
    let Exclude {
        ous, groups, names, ..
    } = &cx.config.exclude;
    if !(ous.is_empty() && groups.is_empty() && names.is_empty()) {
        return None;
    }
    let totals = &cx.facts.people.registration;
    let capable = totals.capable.get().ok()?;
    let enabled = totals.enabled.get().ok()?;
    let outcome = share(capable.value, enabled.value, limit);
    let words = format!(
        "{} These are totals, which count administrators and guests as well.",
        outcome.message
    );
    Some(outcome.saying(words).because_of(&inferred(&capable.from)))
}

fn share(capable: u64, total: u64, limit: u32) -> Outcome {
    if total == 0 {
        return Outcome::not_applicable("By the registration report nobody is in scope.");
    }
    let enough = u128::from(capable) * 100 >= u128::from(total) * u128::from(limit);
    let percent = u128::from(capable) * 100 / u128::from(total);
    let words = format!(
        "Able to reset: {capable} of {} in scope ({percent} %); wanted are {limit} %.",
        counted(total, "person", "people")
    );
    let outcome = if enough {
        Outcome::pass(words)
    } else {
        Outcome::fail(words)
    };
    outcome
        .with("capable", capable)
        .with("inScope", total)
        .with("percent", u64::try_from(percent).unwrap_or(u64::MAX))
        .with("wantedPercent", limit)
}

fn remedy(_: &Names) -> Remedy {
    in_portal(
        "Registration takes a person a minute. The prompt at sign-in reaches most; numbers and \
         mailboxes that are known already can be filled in before.",
        &[
            "Microsoft Entra admin center > Protection > Password reset > Registration: require registration at sign-in.",
            "Send the rest to https://aka.ms/ssprsetup, or fill in their methods for them.",
        ],
        "Get-MgReportAuthenticationMethodUserRegistrationDetail -Filter 'isSsprEnabled eq true and isSsprCapable eq false' -All",
        "Nothing is to be undone.",
    )
}
