//! TLS 1.2 is not switched off.

use super::prelude::*;
use crate::readiness::predicates::writeback::{each_active, name};
use crate::writeback::disables_tls12;

pub(super) const RULE: Rule = Rule {
    code: "SSPR208",
    title: "TLS 1.2 on the server",
    phase: Phase::WritebackServer,
    severity: Severity::Error,
    gate: false,
    predicts: true,
    needs: &["server.tls12"],
    rationale: "Entra ID answers nothing below TLS 1.2. A registry value that switches it off, for \
        Windows or for .NET, cuts the server off; an absent value is the default and fine.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/how-to-connect-install-prerequisites",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_active(cx, |server| {
        let values = server.tls12.get()?;
        let off: Vec<_> = values
            .value
            .iter()
            .filter(|value| disables_tls12(value))
            .collect();
        let name = name(server);
        let outcome = if off.is_empty() {
            Outcome::pass(format!("No registry value switches TLS 1.2 off on {name}."))
        } else {
            let list: Vec<_> = off
                .iter()
                .map(|value| {
                    format!(
                        "{}\\{} = {}",
                        value.path,
                        value.name,
                        value.value.unwrap_or(0)
                    )
                })
                .collect();
            Outcome::fail(format!(
                "TLS 1.2 is switched off on {name}: {}.",
                list.join("; ")
            ))
            .with("values", list)
        };
        Ok(outcome.because(values))
    })
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Synchronisation and writeback both need it.".into(),
        steps: vec![
            "Switch TLS 1.2 on for Windows and for .NET with the ADSyncTools module, then \
            restart the server."
                .into(),
        ],
        command: Some("Import-Module ADSyncTools; Set-ADSyncToolsTls12 -Enabled $true".into()),
        verify: "Get-ADSyncToolsTls12".into(),
        undo: "Set-ADSyncToolsTls12 -Enabled $false".into(),
    }
}
