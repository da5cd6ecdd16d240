//! The required endpoints can be reached from the server.

use super::prelude::*;
use crate::readiness::predicates::writeback::{cloud_of, each_active, latest, name, unreadable};
use crate::writeback::{ENDPOINT_PORT, endpoints};

pub(super) const RULE: Rule = Rule {
    code: "SSPR217",
    title: "Required endpoints from the server",
    phase: Phase::WritebackServer,
    severity: Severity::Error,
    gate: false,
    predicts: true,
    needs: &["server.endpoints", "tenant.cloud"],
    rationale: "Writeback needs outbound TCP 443 to the password reset service and to its service \
        bus, nothing inbound. What a firewall drops there is the commonest cause of \
        failures.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/how-to-connect-install-prerequisites",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_active(cx, |server| {
        let known = server.endpoints.get()?;
        let cloud = cloud_of(cx, &known.value)?;
        let tests = latest(
            known
                .value
                .iter()
                .filter(|t| t.port == ENDPOINT_PORT && t.proxy != Some(true)),
        );
        let mut closed = Vec::new();
        let mut untested = Vec::new();
        for pattern in endpoints(cloud) {
            let mut own = tests
                .iter()
                .filter(|test| pattern.covers(&test.host))
                .peekable();
            if own.peek().is_none() {
                untested.push(pattern.as_str());
            }
            closed.extend(
                own.filter(|test| !test.reached)
                    .map(|test| test.host.clone()),
            );
        }
        if !closed.is_empty() {
            closed.sort();
            return Ok(Outcome::fail(format!(
                "From {} these do not answer on 443 without a proxy: {}.",
                name(server),
                closed.join(", ")
            ))
            .about(Subjects::names(closed))
            .because(known));
        }
        if !untested.is_empty() {
            let why = format!("no host of {} was tested", untested.join(" and "));
            return Err(unreadable(&server.endpoints, why));
        }
        Ok(Outcome::pass(format!(
            "The required endpoints answer, from {}.",
            name(server)
        ))
        .because(known))
    })
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Open outbound 443 from this server alone; nothing needs to come in.".into(),
        steps: vec![
            "Let the server reach the hosts on TCP 443, without inspection of TLS. Names with \
            an asterisk are allowed as names, not as addresses."
                .into(),
            "If the server must go through a proxy, test through it and see that its idle \
            time-out is not shorter than the heartbeat of five minutes."
                .into(),
        ],
        command: None,
        verify: "Test-NetConnection passwordreset.microsoftonline.com -Port 443".into(),
        undo: "Close the firewall rule again.".into(),
    }
}
