//! Only one active server has writeback.

use super::prelude::*;
use crate::readiness::predicates::writeback::{feature, name, without_connect};

pub(super) const RULE: Rule = Rule {
    code: "SSPR228",
    title: "Two active servers with writeback",
    phase: Phase::WritebackServer,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &["server.writeback", "server.staging"],
    rationale: "Only one server may write back. A second active one with the feature takes the first \
        one's link to the service bus, and resets fail by turns.",
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
    let mut active = Vec::new();
    let mut open = 0;
    let mut outcome = Outcome::pass("");
    let mut unknown: Option<Unknown> = None;
    for server in cx.servers() {
        let (flag, staging) = (feature(server), server.staging.get());
        match (&flag, &staging) {
            (Ok(on), _) if !on.value => {}
            (_, Ok(staging)) if staging.value => {}
            (Ok(on), Ok(staging)) => {
                active.push(name(server).to_owned());
                outcome = outcome.because(on).because(staging);
            }
            _ => {
                open += 1;
                for missing in [flag.err(), staging.err()].into_iter().flatten() {
                    unknown = Some(match unknown.take() {
                        Some(known) => known.and(missing),
                        None => missing,
                    });
                }
            }
        }
    }
    if active.len() > 1 {
        return Ok(outcome
            .failed(format!("Active and with writeback: {}.", active.join(", ")))
            .about(Subjects::names(active)));
    }
    match unknown {
        Some(unknown) if active.is_empty() || active.len() + open > 1 => Err(unknown),
        _ => Ok(outcome.worded("No two active servers have writeback.".into())),
    }
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "One of them must be staging, or without the feature.".into(),
        steps: vec![
            "Decide which server is the active one.".into(),
            "Put the other into staging mode in its wizard (Configure staging mode), or clear \
            Password writeback there."
                .into(),
            "Restart ADSync on the active one.".into(),
        ],
        command: Some("Restart-Service ADSync".into()),
        verify: "Get-ADSyncScheduler | Select-Object StagingModeEnabled".into(),
        undo: "Clear staging mode again.".into(),
    }
}
