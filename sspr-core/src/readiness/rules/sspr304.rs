//! The server's feature and the tenant's switch must agree.

use super::prelude::*;
use crate::evidence::Claim;
use crate::readiness::predicates::events::shown;
use crate::readiness::predicates::integration::{Witness, writeback_switch};
use crate::readiness::predicates::licences::without_synced_people;
use crate::snapshot::facts::ServerFacts;

pub(super) const RULE: Rule = Rule {
    code: "SSPR304",
    title: "Agreement of server and cloud",
    phase: Phase::OnPremisesIntegration,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &[
        "integration.writeback",
        "server.writeback",
        "server.writebackConnector",
        "integration.cloudSync",
    ],
    rationale: "Writeback takes both ends. A server that is ready for a tenant that does not want it, and a tenant \
        that wants it from a server without the feature, look set up from one side each.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = without_synced_people(cx)? {
        return Ok(outcome);
    }
    let (server, cloud) = match (server_side(cx), writeback_switch(cx)) {
        (Ok(server), Ok(cloud)) => (server, cloud),
        (Err(a), Err(b)) => return Err(a.and(b)),
        (Err(unknown), _) | (_, Err(unknown)) => return Err(unknown),
    };
    let outcome = match (server.value, cloud.on) {
        (true, true) => Outcome::pass("The server and the tenant both write passwords back."),
        (false, false) => Outcome::pass("The server and the tenant agree: writeback is off."),
        (true, false) => Outcome::fail(
            "The server's password writeback feature is on, and the tenant's switch is off.",
        ),
        // Cloud sync needs no feature of the server.
        (false, true) => {
            let cloud_sync = cx.facts.integration.cloud_sync.get()?;
            if cloud_sync.value {
                Outcome::pass(
                    "The tenant writes back through cloud sync, and not through the server.",
                )
                .because(cloud_sync)
            } else if cloud.by == Witness::Proof {
                Outcome::pass(
                    "A password was written to the domain: both ends were on at that time.",
                )
            } else {
                Outcome::fail(
                    "The tenant's switch is on, and the server's password writeback feature is off.",
                )
                .because(cloud_sync)
            }
        }
    };
    let outcome = outcome
        .with("server", server.value)
        .with("cloud", cloud.on)
        .because(server)
        .because_of(&cloud.from);
    Ok(with_last_switching(cx, outcome))
}

/// What the tenant's audit log and the server's log last say about the switching on and off: it
/// shows which end was changed.
fn with_last_switching(cx: &Context<'_>, mut outcome: Outcome) -> Outcome {
    let word = |on| if on { "on" } else { "off" };
    let mut words = Vec::new();
    if let Some((at, on, from)) = cx.facts.audit.switched.iter().max_by_key(|(at, ..)| *at) {
        words.push(format!(
            "The tenant's audit log last says at {} that it was switched {}.",
            shown(*at),
            word(*on)
        ));
        outcome = outcome
            .with("auditLastSwitched", at)
            .with("auditLastSwitchedOn", on)
            .because_of(from);
    }
    if let Some((host, on, mark)) = cx.facts.events.last_switch() {
        words.push(format!(
            "The log of {host} last says at {} that it was switched {} ({}).",
            shown(mark.at),
            word(on),
            mark.event
        ));
        outcome = outcome
            .with("logLastSwitched", mark.at)
            .with("logLastSwitchedOn", on)
            .because_of(&mark.from);
    }
    if !outcome.is_pass() && !words.is_empty() {
        let message = format!("{} {}", outcome.message, words.join(" "));
        outcome = outcome.saying(message);
    }
    outcome
}

/// The flag of an active server that has the feature on, or else of one that has it off.
fn server_side<'a>(cx: &Context<'a>) -> Result<&'a Claim<bool>, Unknown> {
    let mut off = None;
    let mut missing: Option<Unknown> = None;
    for server in cx.active_servers() {
        match feature(server) {
            Ok(claim) if claim.value => return Ok(claim),
            Ok(claim) => off = Some(claim),
            Err(unknown) => {
                missing = Some(match missing {
                    Some(known) => known.and(unknown),
                    None => unknown,
                });
            }
        }
    }
    match (missing, off) {
        (None, Some(claim)) => Ok(claim),
        (missing, _) => Err(missing.unwrap_or_else(|| Unknown::of("server.writeback"))),
    }
}

/// The server's feature by its two flags: the wizard's and the connector's. Flags that differ
/// settle nothing; SSPR201 judges them.
fn feature(server: &ServerFacts) -> Result<&Claim<bool>, Unknown> {
    match (server.writeback.get(), server.writeback_connector.get()) {
        (Ok(wizard), Ok(connector)) if wizard.value != connector.value => {
            Err(server.writeback.unknown())
        }
        (Ok(claim), _) | (Err(_), Ok(claim)) => Ok(claim),
        (Err(missing), Err(_)) => Err(missing),
    }
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Until both ends agree, nothing is written back.".into(),
        steps: vec![
            "Decide whether passwords are to be written back.".into(),
            format!(
                "On {}: Microsoft Entra Connect > Configure > Customize synchronization options > \
                 Optional features > Password writeback.",
                names.server
            ),
            "In the Microsoft Entra admin center: Protection > Password reset > On-premises integration."
                .into(),
        ],
        command: Some(
            "Get-ADSyncAADPasswordResetConfiguration -Connector (Get-ADSyncConnector | \
             Where-Object SubType -eq 'Windows Azure Active Directory (Microsoft)').Name"
                .into(),
        ),
        verify: "Reset the password of one test person; event 31002 of PasswordResetService follows on the server.".into(),
        undo: "Set the end that was changed back.".into(),
    }
}
