//! Writeback with cloud sync and its agents belong together.

use super::prelude::*;
use crate::readiness::predicates::licences::without_synced_people;

pub(super) const RULE: Rule = Rule {
    code: "SSPR303",
    title: "Cloud sync writeback and its agents",
    phase: Phase::OnPremisesIntegration,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["integration.cloudSync", "cloudSync.agents"],
    rationale: "Cloud sync writes passwords back through its provisioning agents. The switch without an agent does \
        nothing, and agents without the switch leave the people they synchronise without a reset.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-cloud-sync-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = without_synced_people(cx)? {
        return Ok(outcome);
    }
    let (switch, agents) = match (
        cx.facts.integration.cloud_sync.get(),
        cx.facts.cloud_sync.agents.get(),
    ) {
        (Ok(switch), Ok(agents)) => (switch, agents),
        (Err(a), Err(b)) => return Err(a.and(b)),
        (Err(unknown), _) | (_, Err(unknown)) => return Err(unknown),
    };
    let usable = agents
        .value
        .iter()
        .filter(|agent| agent.active != Some(false))
        .count();
    let outcome = match (switch.value, usable) {
        (false, 0) => Outcome::not_applicable("Cloud sync is not in use."),
        (true, 0) => {
            Outcome::fail("Writeback with cloud sync is on, and no cloud sync agent is active.")
        }
        (true, _) => Outcome::pass("Writeback with cloud sync is on and has an agent."),
        (false, _) => Outcome::fail(
            "Cloud sync agents are active, and writeback with cloud sync is off: passwords of the \
             people they synchronise are not written back by them.",
        ),
    };
    Ok(outcome
        .with("cloudSyncWriteback", switch.value)
        .with("activeAgents", usable)
        .because(switch)
        .because(agents))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "The people whom cloud sync synchronises have no other way back to the domain.".into(),
        steps: vec![
            "Without agents: install or start the provisioning agent on a domain member.".into(),
            "With agents: Protection > Password reset > On-premises integration, set \"Enable \
             password writeback with Microsoft Entra Connect cloud sync\" and save."
                .into(),
            "Where Entra Connect alone writes back and cloud sync serves other people without \
             passwords, leave it as it is."
                .into(),
        ],
        command: Some("Get-Service AADConnectProvisioningAgent".into()),
        verify: "Reset the password of one person whom cloud sync synchronises.".into(),
        undo: "Clear the same box.".into(),
    }
}
