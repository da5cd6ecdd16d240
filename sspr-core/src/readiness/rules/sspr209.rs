//! The service that writes passwords back runs.

use super::prelude::*;
use crate::readiness::predicates::writeback::{each_active, name, or_proof};
use crate::writeback::ServiceState;

pub(super) const RULE: Rule = Rule {
    code: "SSPR209",
    title: "The ADSync service",
    phase: Phase::WritebackServer,
    severity: Severity::Error,
    gate: true,
    predicts: false,
    needs: &["server.serviceState"],
    rationale: "Writeback has no service of its own: it runs inside Microsoft Azure AD Sync \
        (ADSync). While that is stopped, every reset of a synced person is refused. That it \
        runs is no proof of writeback, which SSPR201 and the log show.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let judgement = each_active(cx, |server| {
        let state = server.service_state.get()?;
        let name = name(server);
        Ok(if state.value == ServiceState::Running {
            Outcome::pass(format!("ADSync runs on {name}."))
        } else {
            Outcome::fail(format!(
                "ADSync does not run on {name}: nothing is written back."
            ))
        }
        .with("state", state.value)
        .because(state))
    });
    or_proof(cx, judgement, "ADSync runs, for writeback works.")
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Starting it is safe. If it stops again, the Application log of the server says \
            why."
            .into(),
        steps: vec![
            "Start the service on the server.".into(),
            "If it does not stay up, read the Application log (source ADSync).".into(),
        ],
        command: Some(format!(
            "Invoke-Command -ComputerName {} {{ Start-Service ADSync }}",
            quoted(&names.server)
        )),
        verify: format!(
            "Invoke-Command -ComputerName {} {{ Get-Service ADSync }}",
            quoted(&names.server)
        ),
        undo: format!(
            "Invoke-Command -ComputerName {} {{ Stop-Service ADSync }}",
            quoted(&names.server)
        ),
    }
}
