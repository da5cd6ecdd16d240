//! Enough methods are usable under the policy in force.

use super::prelude::*;
use crate::policy::UsableMethods;
use crate::readiness::predicates::policy::{METHOD_FACTS, Methods, inferred, reset_after};

pub(super) const RULE: Rule = Rule {
    code: "SSPR104",
    title: "Methods usable for reset",
    phase: Phase::CloudScope,
    severity: Severity::Error,
    gate: true,
    predicts: false,
    needs: METHOD_FACTS,
    rationale: "The migration state decides whether the legacy switches of the Password reset \
        blade or the authentication methods policy count. A method that is on in the other one \
        does not help, SMS and voice count as one, and the Authenticator app needs one more method \
        beside it.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-authentication-methods-manage",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/how-to-authentication-methods-manage",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let methods = Methods::of(cx);
    let (enough, usable, exact) = match methods.judge(UsableMethods::is_enough) {
        Ok(found) => found,
        Err(unknown) => {
            let proof = cx.reset_proof_since(None).ok_or(unknown)?;
            return Ok(proven().because_of(&inferred(&proof.from)));
        }
    };
    let mut outcome = if enough {
        let words = if exact { "" } else { "at least " };
        Outcome::pass(format!(
            "Enough methods are usable for a reset: {words}{}.",
            usable.in_words()
        ))
    } else {
        let mut contrary = methods.evidence.iter();
        if let Some(proof) = cx.reset_proof_since(None)
            && contrary.all(|from| reset_after(cx, from).is_some())
        {
            return Ok(proven().because_of(&inferred(&proof.from)));
        }
        Outcome::fail(failure(usable, exact))
    };
    if exact {
        outcome = outcome
            .with(
                "usable",
                usable.methods.iter().map(|m| m.method).collect::<Vec<_>>(),
            )
            .with("independent", usable.independent())
            .with("needed", usable.needed())
            .with("setAside", &usable.set_aside);
    }
    Ok(outcome.because_all(&methods.evidence))
}

fn proven() -> Outcome {
    Outcome::pass(
        "A user has reset a forgotten password (31002), so enough methods were usable for that \
         person.",
    )
}

fn failure(usable: &UsableMethods, exact: bool) -> String {
    if !exact {
        return "Fewer methods are usable than a reset takes, whatever the rest of the policy says."
            .to_owned();
    }
    let mut message = format!(
        "A reset takes {}, and {} independent {} usable ({}).",
        usable.required.count(),
        usable.independent(),
        if usable.independent() == 1 {
            "method is"
        } else {
            "methods are"
        },
        usable.in_words()
    );
    if usable.needed() > usable.required.count() {
        message.push_str(" With the Authenticator app among them, one more must be enabled.");
    }
    for aside in &usable.set_aside {
        use std::fmt::Write as _;
        let _ = write!(
            message,
            " {} does not count: {}.",
            aside.method, aside.reason
        );
    }
    message
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Enable one more method that people can register, such as e-mail, in the policy that \
            is in force. Under the migration state preMigration that is the legacy policy, which \
            can no longer be edited since 2025-09-30: move to migrationInProgress first."
            .into(),
        steps: vec![
            "Microsoft Entra admin center > Protection > Authentication methods > Policies: enable \
                the method for everybody in scope."
                .into(),
            "Tell people to register it at https://aka.ms/ssprsetup.".into(),
        ],
        command: Some(
            "Invoke-MgGraphRequest -Method PATCH -Uri 'v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/Email' -Body '{\"@odata.type\":\"#microsoft.graph.emailAuthenticationMethodConfiguration\",\"state\":\"enabled\"}'"
                .into(),
        ),
        verify: "(Invoke-MgGraphRequest -Uri 'v1.0/policies/authenticationMethodsPolicy').authenticationMethodConfigurations | ForEach-Object { $_.id + ' ' + $_.state }"
            .into(),
        undo: "The same command with \"state\":\"disabled\".".into(),
    }
}
