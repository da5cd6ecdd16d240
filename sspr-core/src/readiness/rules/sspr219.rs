//! No forest was added after writeback was switched on.

use super::prelude::*;
use crate::readiness::predicates::writeback::{day, each_active, entra_connector, unreadable};

pub(super) const RULE: Rule = Rule {
    code: "SSPR219",
    title: "Forests added after writeback",
    phase: Phase::WritebackServer,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["server.connectors", "server.writebackModified"],
    rationale: "The feature is switched on for the forests that exist at that time. People of a \
        forest that was added or added again later fail with 0x8023061f until it is switched \
        off and on.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_active(cx, |server| {
        let connectors = server.connectors.get()?;
        let modified = server.writeback_modified.get()?;
        let created = || {
            connectors
                .value
                .iter()
                .filter_map(|c| Some((c, c.created?)))
        };
        let later: Vec<_> = created()
            .filter(|(_, created)| *created > modified.value)
            .map(|(connector, created)| format!("{} ({})", connector.name, day(created)))
            .collect();
        if !later.is_empty() {
            return Ok(Outcome::fail(format!(
                "Added after writeback was last switched ({}): {}.",
                day(modified.value),
                later.join(", ")
            ))
            .with("writebackModified", modified.value)
            .about(Subjects::names(later))
            .because(connectors)
            .because(modified));
        }
        if connectors
            .value
            .iter()
            .any(|connector| connector.created.is_none())
        {
            let why = "a connector does not say when it was made".to_owned();
            return Err(unreadable(&server.connectors, why));
        }
        Ok(
            Outcome::pass("Every forest was there when writeback was switched on.")
                .because(connectors)
                .because(modified),
        )
    })
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Switching off and on takes a minute, during which resets are refused.".into(),
        steps: vec!["Switch writeback off and on again on the server.".into()],
        command: Some(format!(
            "Set-ADSyncAADPasswordResetConfiguration -Connector {0} -Enable $false; Set-ADSyncAADPasswordResetConfiguration -Connector {0} -Enable $true",
            entra_connector(names)
        )),
        verify: "A person of that forest resets the password, and event 31002 follows.".into(),
        undo: "There is nothing to take back.".into(),
    }
}
