//! Somebody may reset a password at all.

use super::prelude::*;
use crate::evidence::Provenance;
use crate::policy::ResetScope;
use crate::readiness::predicates::counted;
use crate::readiness::predicates::policy::{
    in_portal, inferred, registration, reported_users, reset_after,
};

pub(super) const RULE: Rule = Rule {
    code: "SSPR101",
    title: "Scope of self-service password reset",
    phase: Phase::CloudScope,
    severity: Severity::Error,
    gate: true,
    predicts: false,
    needs: &["sspr.scope", "people.registration", "registration.enabled"],
    rationale: "Self-service password reset is off until it is enabled for a group or for \
        everybody. While the scope is None, every user is sent to an administrator, whatever else \
        is set up.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/howto-sspr-deployment",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let scope = &cx.facts.sspr.scope;
    let Ok(claim) = scope.get() else {
        if let Some(proof) = cx.reset_proof_since(None) {
            return Ok(proven(&proof.from));
        }
        return from_reports(cx).ok_or_else(|| scope.unknown());
    };
    let outcome = match &claim.value {
        ResetScope::All => Outcome::pass("Everybody may reset.").with("scope", "all"),
        ResetScope::Selected { group_name, .. } => {
            let name = cx.scope_group().and_then(|group| group.name.value());
            let name = group_name.as_ref().or(name);
            let group = name.map_or_else(
                || "one group, whose name is not in the evidence".to_owned(),
                |name| format!("the group {name} and the groups in it"),
            );
            Outcome::pass(format!("Members of {group} may reset.")).with("scope", "selected")
        }
        ResetScope::None => match reset_after(cx, &claim.from) {
            Some(proof) => proven(&proof.from),
            None => Outcome::fail(
                "Self-service password reset is enabled for nobody: the scope is None.",
            )
            .with("scope", "none"),
        },
    };
    Ok(outcome.because(claim))
}

fn proven(from: &Provenance) -> Outcome {
    Outcome::pass(
        "A user has reset a forgotten password (31002), so the scope is not None. Who is in scope \
         is not in evidence.",
    )
    .because_of(&inferred(from))
}

/// What the registration reports let conclude. Administrators are left out, since they come under
/// a policy of their own; totals do not tell them apart.
fn from_reports(cx: &Context<'_>) -> Option<Outcome> {
    if let (Ok(source), Ok(users)) = (registration(cx), reported_users(cx)) {
        let (mut enabled, mut total) = (0_u64, 0_u64);
        for person in users {
            total += 1;
            enabled += u64::from(person.flags().sspr_enabled() == Some(true));
        }
        if total > 0 {
            return Some(concluded(enabled, total, &source.from));
        }
    }
    let registration = &cx.facts.people.registration;
    let (enabled, total) = (
        registration.enabled.get().ok()?,
        registration.total.get().ok()?,
    );
    let decided = enabled.value == 0 || enabled.value == total.value;
    (total.value > 0 && decided).then(|| concluded(enabled.value, total.value, &enabled.from))
}

fn concluded(enabled: u64, total: u64, from: &Provenance) -> Outcome {
    let users = counted(total, "user", "users");
    let (outcome, scope) = match enabled {
        0 => (
            Outcome::fail(format!(
                "Inferred from the registration report: of {users} nobody may reset, so the scope is \
                 None."
            )),
            "none",
        ),
        all if all == total => (
            Outcome::pass(format!(
                "Inferred from the registration report: of {users} everybody may reset, so the scope \
                 is All."
            )),
            "all",
        ),
        some => (
            Outcome::pass(format!(
                "Inferred from the registration report: of {users} {some} may reset, so the scope is \
                 Selected. Which group is not in evidence."
            )),
            "selected",
        ),
    };
    outcome
        .with("scope", scope)
        .with("usersAllowed", enabled)
        .with("usersReported", total)
        .because_of(&inferred(from))
}

fn remedy(_: &Names) -> Remedy {
    in_portal(
        "Begin with a pilot group and go to All when it works. Nobody is asked to do anything \
         until registration is required.",
        &[
            "Open the Microsoft Entra admin center > Protection > Password reset > Properties.",
            "Choose Selected and the pilot group, or All, and save.",
        ],
        "Open https://passwordreset.microsoftonline.com as a member of the group: the user name is \
         accepted and methods are offered.",
        "Set the scope back to None in the same place.",
    )
}
