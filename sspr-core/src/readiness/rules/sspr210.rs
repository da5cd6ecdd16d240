//! The service starts with the machine.

use super::prelude::*;
use crate::readiness::predicates::writeback::{each_active, name};
use crate::writeback::StartMode;

pub(super) const RULE: Rule = Rule {
    code: "SSPR210",
    title: "Start of the ADSync service",
    phase: Phase::WritebackServer,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["server.serviceStart"],
    rationale: "After a restart of the server, for updates say, writeback stays down until somebody \
        starts the service by hand, unless it starts by itself.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_active(cx, |server| {
        let start = server.service_start.get()?;
        let name = name(server);
        Ok(if start.value == StartMode::Automatic {
            Outcome::pass(format!("ADSync starts by itself on {name}."))
        } else {
            Outcome::fail(format!("ADSync does not start by itself on {name}."))
        }
        .with("start", start.value)
        .because(start))
    })
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "The next restart would end writeback in silence.".into(),
        steps: vec!["Set the service to start automatically, on the server.".into()],
        command: Some("Set-Service ADSync -StartupType Automatic".into()),
        verify: "Get-Service ADSync | Select-Object Name, StartType".into(),
        undo: "Set-Service ADSync -StartupType Manual".into(),
    }
}
