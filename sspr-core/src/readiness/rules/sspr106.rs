//! All usable methods are weak.

use super::prelude::*;
use crate::readiness::predicates::policy::{METHOD_FACTS, Methods};

pub(super) const RULE: Rule = Rule {
    code: "SSPR106",
    title: "Strength of the usable methods",
    phase: Phase::CloudScope,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: METHOD_FACTS,
    rationale: "E-mail and mobile phone are the usual pair and work well. An authenticator app or \
        a token beside them lets those who can use something stronger do so; there is no need to \
        take SMS away.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-authentication-methods-manage",
    ],
    judge,
    remedy,
};

#[derive(PartialEq)]
enum Strength {
    NoMethods,
    AllWeak,
    SomeStrong,
}

fn judge(cx: &Context<'_>) -> Judgement {
    let methods = Methods::of(cx);
    let (strength, usable, _) = methods.judge(|usable| {
        if usable.methods.is_empty() {
            Strength::NoMethods
        } else if usable.strong().next().is_some() {
            Strength::SomeStrong
        } else {
            Strength::AllWeak
        }
    })?;
    let outcome = match strength {
        Strength::NoMethods => {
            Outcome::not_applicable("No method is usable at all, which SSPR104 judges.")
        }
        Strength::AllWeak => Outcome::fail(format!(
            "All usable methods are weak: {}. Add a stronger one beside them.",
            usable.in_words()
        )),
        Strength::SomeStrong => Outcome::pass("A strong method is among the usable ones."),
    };
    Ok(outcome.because_all(&methods.evidence))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "The Authenticator app counts for sign-in and reset alike. Keep SMS and e-mail: with \
            the app among the methods, one more must be enabled than a reset takes."
            .into(),
        steps: vec![
            "Microsoft Entra admin center > Protection > Authentication methods > Policies: enable \
                Microsoft Authenticator beside the methods that are on."
                .into(),
        ],
        command: Some(
            "Invoke-MgGraphRequest -Method PATCH -Uri 'v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/MicrosoftAuthenticator' -Body '{\"@odata.type\":\"#microsoft.graph.microsoftAuthenticatorAuthenticationMethodConfiguration\",\"state\":\"enabled\"}'"
                .into(),
        ),
        verify: "Invoke-MgGraphRequest -Uri 'v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/MicrosoftAuthenticator'"
            .into(),
        undo: "The same command with \"state\":\"disabled\".".into(),
    }
}
