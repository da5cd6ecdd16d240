//! Password writeback is on, on the active server or in cloud sync.

use super::prelude::*;
use crate::readiness::predicates::writeback::{
    cloud_sync_alone, each_active, entra_connector, feature, name, nobody_synced, or_proof,
};
use crate::snapshot::facts::ServerFacts;

pub(super) const RULE: Rule = Rule {
    code: "SSPR201",
    title: "Password writeback on the server",
    phase: Phase::WritebackServer,
    severity: Severity::Error,
    gate: true,
    predicts: false,
    needs: &[
        "server.writeback",
        "server.writebackConnector",
        "cloudSync.agents",
        "integration.cloudSync",
    ],
    rationale: "The portal's switch alone writes nothing back: the feature must also be ticked on \
        the active Entra Connect server, or be on in cloud sync where that is the way back. \
        While it is off, nobody whose password is managed on-premises can reset it.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-cloud-sync-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let judgement = if cloud_sync_alone(cx) {
        cloud_sync(cx)
    } else {
        each_active(cx, server)
    };
    or_proof(cx, judgement, "Writeback is on, for it works.")
}

fn server(server: &ServerFacts) -> Judgement {
    let on = feature(server)?;
    let name = name(server);
    Ok(if on.value {
        Outcome::pass(format!("Password writeback is on, on {name}."))
    } else {
        Outcome::fail(format!("Password writeback is off, on {name}."))
    }
    .because(on))
}

fn cloud_sync(cx: &Context<'_>) -> Judgement {
    let on = cx.facts.integration.cloud_sync.get()?;
    Ok(if on.value {
        Outcome::pass("Cloud sync writes passwords back.")
    } else {
        Outcome::fail("Cloud sync has agents, and does not write passwords back.")
    }
    .because(on))
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Without it nothing reaches the domain, and a synced person is told to ask the \
            administrator."
            .into(),
        steps: vec![
            "In the Entra Connect wizard choose Customize synchronization options, and tick \
            Password writeback under Optional features; or run the command on the server."
                .into(),
            "Where cloud sync is the way back: tick \"Write back passwords with Microsoft \
            Entra Connect cloud sync\" under Password reset > On-premises integration."
                .into(),
        ],
        command: Some(format!(
            "Set-ADSyncAADPasswordResetConfiguration -Connector {} -Enable $true",
            entra_connector(names)
        )),
        verify: format!(
            "Get-ADSyncAADPasswordResetConfiguration -Connector {}",
            entra_connector(names)
        ),
        undo: format!(
            "Set-ADSyncAADPasswordResetConfiguration -Connector {} -Enable $false",
            entra_connector(names)
        ),
    }
}
