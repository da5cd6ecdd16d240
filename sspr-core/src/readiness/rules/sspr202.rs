//! A server with the feature is active, not only staging.

use super::prelude::*;
use crate::readiness::predicates::writeback::{feature, name, or_proof, without_connect};

pub(super) const RULE: Rule = Rule {
    code: "SSPR202",
    title: "An active server with writeback",
    phase: Phase::WritebackServer,
    severity: Severity::Error,
    gate: true,
    predicts: false,
    needs: &["server.staging", "server.writeback"],
    rationale: "A server in staging mode runs neither password writeback nor password hash \
        synchronisation, whatever is ticked on it. If the only server with the feature is \
        staging, nothing is written back.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/how-to-connect-sync-staging-server",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = without_connect(cx) {
        return Ok(outcome);
    }
    or_proof(cx, staging(cx), "A server is active, for writeback works.")
}

fn staging(cx: &Context<'_>) -> Judgement {
    let mut unknown: Option<Unknown> = None;
    let mut note = |missing: Unknown| {
        unknown = Some(match unknown.take() {
            Some(known) => known.and(missing),
            None => missing,
        });
    };
    let mut only_staging: Option<Outcome> = None;
    for server in cx.servers() {
        match (feature(server), server.staging.get()) {
            (Ok(on), _) if !on.value => {}
            (Ok(on), Ok(staging)) if !staging.value => {
                let message = format!("{} is active and has writeback.", name(server));
                return Ok(Outcome::pass(message).because(staging).because(on));
            }
            (Ok(on), Ok(staging)) => {
                let message = format!(
                    "The only server with writeback, {}, is in staging mode: it writes nothing back.",
                    name(server)
                );
                only_staging.get_or_insert(Outcome::fail(message).because(staging).because(on));
            }
            // A staging server writes nothing back, whatever is ticked on it.
            (Err(_), Ok(staging)) if staging.value => {}
            (Err(missing), Ok(_)) | (Ok(_), Err(missing)) => note(missing),
            (Err(flag), Err(staging)) => note(staging.and(flag)),
        }
    }
    match (unknown, only_staging) {
        (Some(unknown), _) => Err(unknown),
        (None, Some(outcome)) => Ok(outcome),
        (None, None) => Ok(Outcome::not_applicable(
            "No server is known to have the feature, which SSPR201 judges.",
        )),
    }
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Make the server active, or tick the feature on the one that is.".into(),
        steps: vec![
            "If this server is meant to be the active one: open the Entra Connect wizard, \
            choose Configure staging mode, and clear the box. First make sure that no other \
            server is active."
                .into(),
            "Else tick Password writeback on the active server.".into(),
        ],
        command: None,
        verify: "Get-ADSyncScheduler | Select-Object StagingModeEnabled".into(),
        undo: "Set staging mode again in the wizard (Configure staging mode).".into(),
    }
}
