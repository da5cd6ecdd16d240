//! The switch that lets people unlock an account and keep its password.

use super::prelude::*;
use crate::readiness::predicates::licences::without_synced_people;

pub(super) const RULE: Rule = Rule {
    code: "SSPR302",
    title: "Unlock without a reset",
    phase: Phase::OnPremisesIntegration,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &["integration.unlock"],
    rationale: "A reset unlocks the account too. With this switch a person who is locked out and knows the \
        password may unlock the account without a new one, which saves a reset and every stored password.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let unlock = match (without_synced_people(cx), cx.facts.integration.unlock.get()) {
        (Ok(Some(outcome)), _) => return Ok(outcome),
        (Ok(None), Ok(unlock)) => unlock,
        (Err(a), Err(b)) => return Err(a.and(b)),
        (Err(unknown), _) | (_, Err(unknown)) => return Err(unknown),
    };
    let outcome = if unlock.value {
        Outcome::pass("People may unlock their account and keep the password.")
    } else {
        Outcome::fail(
            "People who are locked out must set a new password, even when they know the old one.",
        )
    };
    Ok(outcome.with("unlock", unlock.value).because(unlock))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "It spares people a reset when they only locked themselves out.".into(),
        steps: vec![
            "Open the Microsoft Entra admin center as Hybrid Identity Administrator.".into(),
            "Protection > Password reset > On-premises integration.".into(),
            "Set \"Allow users to unlock accounts without resetting their password\" and save.".into(),
        ],
        command: None,
        verify: "Lock a test account and unlock it at https://aka.ms/sspr; the account keeps its password.".into(),
        undo: "Clear the same box.".into(),
    }
}
