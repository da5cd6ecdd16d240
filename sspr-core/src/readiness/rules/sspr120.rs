//! Administrators may reset their own passwords.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "SSPR120",
    title: "Self-service reset for administrators",
    phase: Phase::CloudScope,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &["methods.adminsAllowed"],
    rationale: "Administrators come under a fixed policy of Microsoft's, apart from the users'. One school \
        wants them to help themselves, another (the EIDSCA baseline) wants the switch off, so that \
        no administrator's password can be reset from outside. Choose knowingly.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-policy",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let allowed = cx.facts.methods.admins_allowed.get()?;
    let outcome = if allowed.value {
        Outcome::pass(
            "Administrators may reset their own passwords. The set-up that this library follows \
             wants that; the EIDSCA baseline wants it off.",
        )
    } else {
        Outcome::fail(
            "Administrators may not reset their own passwords. The set-up that this library \
             follows wants that they may; the EIDSCA baseline wants it off, as it is here.",
        )
    };
    Ok(outcome
        .with("allowedToUseSspr", allowed.value)
        .because(allowed))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "It concerns administrators only. If it stays off, leave administrators out of the \
            users' scope: they are asked to register and cannot."
            .into(),
        steps: vec![
            "Decide with whoever is responsible for security.".into(),
            "Switch it on with the command; it takes up to 60 minutes.".into(),
        ],
        command: Some("Update-MgPolicyAuthorizationPolicy -AllowedToUseSspr:$true".into()),
        verify: "(Get-MgPolicyAuthorizationPolicy).AllowedToUseSspr".into(),
        undo: "Update-MgPolicyAuthorizationPolicy -AllowedToUseSspr:$false".into(),
    }
}
