//! Administrators with too few methods.

use super::prelude::*;
use crate::policy::Gates;
use crate::readiness::predicates::policy::{administrator_gates, in_portal, registration};

pub(super) const RULE: Rule = Rule {
    code: "SSPR121",
    title: "Registration of administrators",
    phase: Phase::CloudScope,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "methods.adminsAllowed",
        "tenant.domains",
        "tenant.sync",
        "people.registration",
    ],
    rationale: "An administrator proves the identity with two out of e-mail, authenticator app and phone, \
        whatever the users' policy says. Who has registered fewer cannot reset and needs \
        another administrator.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-policy",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let allowed = cx.facts.methods.admins_allowed.get()?;
    if !allowed.value {
        return Ok(
            Outcome::not_applicable("Administrators may not use self-service reset.")
                .because(allowed),
        );
    }
    if administrator_gates(cx)? == Gates::One {
        return Ok(Outcome::not_applicable(
            "One method is enough for administrators here: the tenant has no domain of its own \
             and synchronises nobody.",
        ));
    }
    let source = registration(cx)?;
    let administrators = || {
        cx.facts.people.people.iter().filter(|person| {
            let flags = person.flags();
            flags.admin() == Some(true) && flags.enabled() != Some(false)
        })
    };
    let hit = Subjects::people(
        cx,
        administrators().filter(|person| person.flags().admin_gates() == Some(false)),
    );
    let outcome = if !hit.is_empty() {
        let counted = administrators().filter(|person| !cx.config.exclude.covers(person));
        Outcome::fail(format!(
            "Administrators who have not registered two of e-mail, authenticator app and phone: \
             {} of {}.",
            hit.count,
            counted.count()
        ))
    } else if administrators().any(|person| person.flags().admin_gates().is_none()) {
        return Err(Unknown::of("people.registration"));
    } else {
        Outcome::pass("All administrators have registered two methods of their policy.")
            .with("administrators", administrators().count())
    };
    let outcome = outcome.about(hit);
    Ok(outcome.because(allowed).because_of(&source.from))
}

fn remedy(_: &Names) -> Remedy {
    in_portal(
        "Security questions do not count for administrators.",
        &["Ask each of them to register a second method at https://aka.ms/ssprsetup."],
        "Get-MgReportAuthenticationMethodUserRegistrationDetail -Filter 'isAdmin eq true' -All | Select-Object UserPrincipalName, MethodsRegistered",
        "Nothing is to be undone.",
    )
}
