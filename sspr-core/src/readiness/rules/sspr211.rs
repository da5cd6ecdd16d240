//! The cloud sync agents are new enough for writeback.

use super::prelude::*;
use crate::readiness::predicates::writeback::{nobody_synced, unreadable};
use crate::snapshot::facts::{CloudSyncAgent, host_key};
use crate::writeback::CLOUD_SYNC_FLOOR;

pub(super) const RULE: Rule = Rule {
    code: "SSPR211",
    title: "Version of the cloud sync agents",
    phase: Phase::WritebackServer,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &["cloudSync.agents", "integration.cloudSync"],
    rationale: "The provisioning agent of cloud sync writes passwords back from version 1.1.977.0 \
        on. An older agent that takes the request cannot answer it.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-cloud-sync-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/cloud-sync/how-to-prerequisites",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let facts = cx.facts;
    if let Ok(on) = facts.integration.cloud_sync.get()
        && !on.value
    {
        return Ok(Outcome::not_applicable("Cloud sync is not asked to write back.").because(on));
    }
    let known = facts.cloud_sync.agents.get()?;
    // Another source may know the version of an agent that the strongest one only lists.
    let version_of = |agent: &CloudSyncAgent| {
        agent.version.or_else(|| {
            let others = facts
                .cloud_sync
                .agents
                .claims()
                .iter()
                .flat_map(|claim| &claim.value);
            others
                .filter(|other| host_key(&other.host) == host_key(&agent.host))
                .find_map(|other| other.version)
        })
    };
    let old: Vec<_> = known
        .value
        .iter()
        .filter(|agent| version_of(agent).is_some_and(|version| version < CLOUD_SYNC_FLOOR))
        .map(|agent| agent.host.clone())
        .collect();
    if !old.is_empty() {
        return Ok(Outcome::fail(format!(
            "Below {CLOUD_SYNC_FLOOR} an agent cannot write passwords back: {}.",
            old.join(", ")
        ))
        .with("floor", CLOUD_SYNC_FLOOR)
        .about(Subjects::names(old))
        .because(known));
    }
    if known.value.is_empty() {
        return Ok(Outcome::not_applicable("There is no cloud sync agent.").because(known));
    }
    if let Some(agent) = known.value.iter().find(|agent| version_of(agent).is_none()) {
        let why = format!("the version of the agent on {} is not in it", agent.host);
        return Err(unreadable(&facts.cloud_sync.agents, why));
    }
    Ok(Outcome::pass("Every cloud sync agent can write passwords back.").because(known))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Agents update themselves, unless their updater is stopped or blocked.".into(),
        steps: vec![
            "Download the current agent from the Microsoft Entra admin center (Cloud sync > \
            Agents) and run it over the old one."
                .into(),
            "See that the service Microsoft Azure AD Connect Agent Updater runs.".into(),
        ],
        command: None,
        verify: "(Get-Item 'C:\\Program Files\\Microsoft Azure AD Connect Provisioning \
            Agent\\AADConnectProvisioningAgent.exe').VersionInfo.FileVersion"
            .into(),
        undo: "There is nothing to take back.".into(),
    }
}
