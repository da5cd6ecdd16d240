//! Successes of the administrator's kind only.

use super::prelude::*;
use crate::events::OperationKind;
use crate::readiness::predicates::events::{nothing_to_write_back, shown};

pub(super) const RULE: Rule = Rule {
    code: "SSPR614",
    title: "Kinds of success seen",
    phase: Phase::EventLog,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &["events.successes"],
    rationale: "31010 is the success of a reset that an administrator started, or of a change in My \
        Sign-Ins without the old password. It proves that the service writes to the domain. It does \
        not prove that people may reset their own password: scope, registration and methods are not \
        touched by it. The self-service reset is 31001 and 31002, the change 31006 and 31007.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-registration-mfa-sspr-combined",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nothing_to_write_back(cx) {
        return Ok(outcome);
    }
    let events = &cx.facts.events;
    let Some(last) = events.last_success() else {
        return Err(Unknown::of("events.successes"));
    };
    let own = events
        .successes
        .iter()
        .filter(|proof| proof.operation != OperationKind::AdminReset)
        .max_by_key(|proof| proof.at);
    Ok(match own {
        Some(own) => Outcome::pass(format!(
            "A person's own {} was written at {}.",
            match own.operation {
                OperationKind::Change => "change",
                OperationKind::Unlock => "unlock",
                _ => "reset",
            },
            shown(own.at)
        ))
        .because_of(&own.from),
        None => Outcome::fail(format!(
            "Only successes of the administrator's kind (31010) are on record, the last at {}. They prove that the service writes to the domain, and not that people may reset their own password.",
            shown(last.at)
        ))
        .with("last", last.at)
        .because_of(&last.from),
    })
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Only a self-service reset passes through scope, registration and methods.".into(),
        steps: vec![
            "Choose a test person who is synced, in scope, registered, licensed and no administrator.".into(),
            "Open the reset page in a private window and reset the password as forgotten.".into(),
        ],
        command: Some("Start-Process https://passwordreset.microsoftonline.com".into()),
        verify: "31001 and 31002 with the test person's name stand in the Application log.".into(),
        undo: "Set the test person's password again.".into(),
    }
}
