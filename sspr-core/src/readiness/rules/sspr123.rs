//! Registration and permission that do not meet.

use super::prelude::*;
use crate::readiness::predicates::counted;
use crate::readiness::predicates::policy::{in_portal, registration, reported_users};
use crate::tenant::PersonRef;

pub(super) const RULE: Rule = Rule {
    code: "SSPR123",
    title: "Registration out of step with the scope",
    phase: Phase::CloudScope,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &["people.registration", "sspr.scope", "group.members"],
    rationale: "Somebody may have registered and still be unable to reset, because the policy does not \
        allow it or asks for another method; and a report may count people who are not in the \
        group. Both surprise the helpdesk.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-registration-mfa-sspr-combined",
        "https://learn.microsoft.com/en-us/graph/api/authenticationmethodsroot-list-userregistrationdetails",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let source = registration(cx)?;
    let scope = cx.in_scope();
    let idle = |person: &PersonRef<'_>| {
        let flags = person.flags();
        flags.sspr_registered() == Some(true) && flags.sspr_capable() == Some(false)
    };
    let outside = |person: &PersonRef<'_>| {
        person.flags().sspr_capable() == Some(true)
            && scope.as_ref().is_ok_and(|scope| !scope.has(person))
    };
    let (mut registered_not_capable, mut capable_outside) = (0_u64, 0_u64);
    for person in reported_users(cx)?.filter(|person| !cx.config.exclude.covers(person)) {
        registered_not_capable += u64::from(idle(&person));
        capable_outside += u64::from(outside(&person));
    }
    let hit = reported_users(cx)?.filter(|person| idle(person) || outside(person));
    let hit = Subjects::people(cx, hit);
    let outcome = if hit.is_empty() {
        scope?;
        Outcome::pass("Whoever has registered is able to reset, and is in scope.")
    } else {
        Outcome::fail(format!(
            "{} registered and not able to reset; {} able to by the report and not in scope.",
            counted(registered_not_capable, "person is", "people are"),
            counted(capable_outside, "person is", "people are")
        ))
    };
    Ok(outcome
        .about(hit)
        .with("registeredNotCapable", registered_not_capable)
        .with("capableOutOfScope", capable_outside)
        .because_of(&source.from))
}

fn remedy(names: &Names) -> Remedy {
    in_portal(
        "The report lags, by up to an hour or so: look again before anything is changed.",
        &[
            &format!(
                "See whether these people belong into the scope, and add them to {}.",
                names.group
            ),
            "For those in scope, see which methods they have registered and which are enabled for them (SSPR104, SSPR119).",
        ],
        "Get-MgReportAuthenticationMethodUserRegistrationDetail -Filter 'isSsprRegistered eq true and isSsprCapable eq false' -All",
        "Take them out of the group again.",
    )
}
