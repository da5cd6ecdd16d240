//! The tenant's switch "Write back passwords".

use super::prelude::*;
use crate::readiness::predicates::integration::{Witness, writeback_switch};
use crate::readiness::predicates::licences::without_synced_people;

pub(super) const RULE: Rule = Rule {
    code: "SSPR301",
    title: "Write back passwords",
    phase: Phase::OnPremisesIntegration,
    severity: Severity::Error,
    gate: true,
    predicts: false,
    needs: &["integration.writeback"],
    rationale: "Passwords are written back only when both ends want it: the server's feature and the tenant's \
        switch. With the switch off, whoever is synchronised from Active Directory is refused and sent to \
        the administrator.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let (premise, switch) = (without_synced_people(cx), writeback_switch(cx));
    let switch = match (premise, switch) {
        (Ok(Some(outcome)), _) => return Ok(outcome),
        (Ok(None), Ok(switch)) => switch,
        (Err(a), Err(b)) => return Err(a.and(b)),
        (Err(unknown), _) | (_, Err(unknown)) => return Err(unknown),
    };
    let message = match (switch.on, switch.by) {
        (true, Witness::Setting) => "Passwords are written back: the tenant's switch is on.",
        (true, Witness::Audit) => {
            "Passwords are written back: the audit log's last word is that it was switched on."
        }
        (true, Witness::Proof) => {
            "A password was written to the domain, so the tenant's switch was on at that time."
        }
        (false, Witness::Audit) => {
            "The audit log's last word is that password writeback was switched off for the directory."
        }
        (false, _) => {
            "\"Write back passwords to your on-premises directory\" is off, so nobody who is \
             synchronised can reset or change a password in the cloud."
        }
    };
    let outcome = if switch.on {
        Outcome::pass(message)
    } else {
        Outcome::fail(message)
    };
    Ok(outcome
        .with("writeback", switch.on)
        .because_of(&switch.from))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Nothing is written back until it is on; no service restarts.".into(),
        steps: vec![
            "Open the Microsoft Entra admin center as Hybrid Identity Administrator.".into(),
            "Protection > Password reset > On-premises integration.".into(),
            "Set \"Write back passwords to your on-premises directory\" and save.".into(),
        ],
        command: None,
        verify: "Reset the password of one test person; event 31002 of PasswordResetService follows on the server.".into(),
        undo: "Clear the same box.".into(),
    }
}
