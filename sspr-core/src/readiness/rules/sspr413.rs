//! Domain controllers without the control by which a reset obeys the policy.

use super::prelude::*;
use crate::directory::POLICY_HINTS_CONTROLS;
use crate::readiness::predicates::directory::{controller_names, listed, nobody_synced, roll_call};

pub(super) const RULE: Rule = Rule {
    code: "SSPR413",
    title: "Password policy control of the domain controllers",
    phase: Phase::DomainPolicy,
    severity: Severity::Error,
    gate: false,
    predicts: true,
    needs: &["controller.supportedControl", "domain.controllers"],
    rationale: "Writeback asks the domain controller to hold a reset against the password policy, by \
        the LDAP control 1.2.840.113556.1.4.2066 or its successor .2239. A controller that has \
        neither refuses the reset (event 6329).",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
        "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-adts/4add7bce-e502-4e0f-9d69-1a3f153713e2",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let roll = roll_call(cx, |controller| {
        let controls = controller.controls.get()?;
        let has = controls
            .value
            .iter()
            .any(|control| POLICY_HINTS_CONTROLS.contains(&control.trim()));
        Ok((has, controls.from.clone()))
    });
    roll.verdict(
        "Every writable domain controller has the password policy control.",
        |lacking| {
            let names = controller_names(lacking);
            Outcome::fail(format!(
                "Domain controllers without the password policy control: {}. A reset that reaches \
                 one of them fails.",
                listed(names.iter().copied())
            ))
            .about(Subjects::names(names))
        },
    )
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "The reset fails on such a controller, whoever asks for it.".into(),
        steps: vec![
            "Update or replace the controller.".into(),
            "Until then name other controllers as preferred in the connector of Entra Connect.".into(),
        ],
        command: Some(
            "Get-ADDomainController -Filter * | ForEach-Object { (Get-ADRootDSE -Server $_.HostName \
             -Properties supportedControl,dnsHostName,defaultNamingContext) } | \
             Format-List dnsHostName,supportedControl"
                .into(),
        ),
        verify: "Run the same command again.".into(),
        undo: "Take the preferred controllers out of the connector again.".into(),
    }
}
