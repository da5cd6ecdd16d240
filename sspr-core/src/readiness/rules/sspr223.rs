//! Entra Connect does not run on a domain controller.

use super::prelude::*;
use crate::readiness::predicates::writeback::{each_active, name};
use crate::snapshot::facts::host_key;

pub(super) const RULE: Rule = Rule {
    code: "SSPR223",
    title: "Entra Connect on a domain controller",
    phase: Phase::WritebackServer,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["server.isDomainController"],
    rationale: "On a domain controller the server's question who a user is goes to itself, and \
        rights to ask it are easily too narrow: SSPR_0029 follows. A member server has \
        neither trouble.",
    sources: &[
        "https://learn.microsoft.com/en-us/troubleshoot/entra/entra-id/user-prov-sync/password-writeback-error-code-sspr-0029",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_active(cx, |server| {
        let name = name(server);
        let message = format!("Entra Connect runs on a domain controller, {name}.");
        match server.is_controller.get() {
            Ok(controller) => Ok(if controller.value {
                Outcome::fail(message)
            } else {
                Outcome::pass(format!("{name} is no domain controller."))
            }
            .because(controller)),
            Err(missing) => match cx.facts.controllers.get(&host_key(name)) {
                Some(controller) => {
                    let outcome = Outcome::fail(message);
                    Ok(match controller.host.claims().first() {
                        Some(host) => outcome.because(host),
                        None => outcome,
                    })
                }
                None => Err(missing),
            },
        }
    })
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "It works on many; moving it removes a cause of faults that are hard to find.".into(),
        steps: vec![
            "Set up a member server with Entra Connect in staging mode and swing over; or".into(),
            "tick Only use preferred domain controllers in the connector and name others \
            there."
                .into(),
        ],
        command: None,
        verify: "(Get-CimInstance Win32_ComputerSystem).DomainRole # 4 and 5 are domain \
            controllers"
            .into(),
        undo: "Swing back to the old server.".into(),
    }
}
