//! Cloud sync writeback and pass-through authentication exclude each other.

use super::prelude::*;
use crate::readiness::predicates::writeback::nobody_synced;
use crate::tenant::SignInType;

pub(super) const RULE: Rule = Rule {
    code: "SSPR212",
    title: "Cloud sync writeback and sign-in",
    phase: Phase::WritebackServer,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &[
        "integration.cloudSync",
        "signIn.type",
        "server.passThroughAgent",
    ],
    rationale: "Writeback through cloud sync is supported with password hash synchronisation and \
        with federation. With pass-through authentication only Entra Connect writes back.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let facts = cx.facts;
    let on = facts.integration.cloud_sync.get()?;
    if !on.value {
        return Ok(Outcome::not_applicable("Cloud sync is not asked to write back.").because(on));
    }
    let message = "Cloud sync writes back, and people sign in with pass-through authentication: \
        that combination is not supported.";
    let hosts = facts.servers.values().chain(facts.machines.values());
    for host in hosts.chain([&facts.unnamed_server]) {
        if let Ok(agent) = host.pass_through_agent.get()
            && agent.value
        {
            return Ok(Outcome::fail(message).because(on).because(agent));
        }
    }
    let sign_in = facts.tenant.sign_in.get()?;
    Ok(if sign_in.value.contains(&SignInType::PassThrough) {
        Outcome::fail(message)
    } else {
        Outcome::pass("The way people sign in goes with writeback through cloud sync.")
    }
    .because(on)
    .because(sign_in))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Either the sign-in or the way back must change.".into(),
        steps: vec![
            "Move people to password hash synchronisation (staged rollout lets you try it on \
            a group); or"
                .into(),
            "write back through Entra Connect instead of cloud sync.".into(),
        ],
        command: None,
        verify: "Get-Service AzureADConnectAuthenticationAgent".into(),
        undo: "Switch pass-through authentication on again in the Entra Connect wizard (Change \
            user sign-in)."
            .into(),
    }
}
