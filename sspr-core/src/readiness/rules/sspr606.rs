//! Connectivity errors that stand at the end of the log.

use super::prelude::*;
use crate::readiness::predicates::events::{
    counted, ids, no_log, nothing_to_write_back, services, shown,
};

pub(super) const RULE: Rule = Rule {
    code: "SSPR606",
    title: "Connection to the cloud at the end of the log",
    phase: Phase::EventLog,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &["events.application"],
    rationale: "The writeback service keeps a connection to the service bus open and says when it is \
        lost (31034, 31044, 32001, 32002, 32015). When nothing after such an error shows a connection \
        (a heartbeat, a start, a request that arrived), the cloud refuses every reset and change.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
        "https://learn.microsoft.com/en-us/troubleshoot/entra/entra-id/user-prov-sync/unable-configure-pwd-writeback-error",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nothing_to_write_back(cx) {
        return Ok(outcome);
    }
    let standing: Vec<_> = services(cx)
        .filter(|(_, service)| service.connectivity_standing > 0)
        .collect();
    if !standing.is_empty() {
        let mut sentences = Vec::new();
        let mut outcome = Outcome::fail("");
        for (_, service) in &standing {
            let errors = &service.connectivity;
            let since = service
                .last_sign
                .as_ref()
                .map(|sign| format!(" since the last sign of a connection at {}", shown(sign.at)));
            let last = errors.last.as_ref();
            sentences.push(format!(
                "The log of {} ends with {}{}: {}{}.",
                service.host,
                counted(
                    service.connectivity_standing,
                    "connectivity error",
                    "connectivity errors"
                ),
                since.unwrap_or_default(),
                ids(&errors.by_id),
                last.map(|mark| format!(", the last at {}", shown(mark.at)))
                    .unwrap_or_default(),
            ));
            if let Some(mark) = last {
                outcome = outcome.because_of(&mark.from);
            }
        }
        let count: u64 = standing
            .iter()
            .map(|(_, service)| service.connectivity_standing)
            .sum();
        return Ok(outcome
            .saying(sentences.join(" "))
            .with("errors", count)
            .about(Subjects::names(
                standing.iter().map(|(_, service)| service.host.as_str()),
            )));
    }
    let sign = services(cx)
        .filter_map(|(_, service)| Some((service, service.last_sign.as_ref()?)))
        .max_by_key(|(service, sign)| (sign.at, &service.host));
    let Some((service, sign)) = sign else {
        return Err(no_log());
    };
    Ok(Outcome::pass(format!(
        "{} was connected to the cloud at {} (event {}), and no error follows.",
        service.host,
        shown(sign.at),
        sign.event
    ))
    .with("lastSign", sign.at)
    .because_of(&sign.from))
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "The server needs TCP 443 to the service bus and to the password reset service.".into(),
        steps: vec![
            "Take the host that the last 31019 names and test port 443 to it from the server, without a proxy.".into(),
            "Allow TCP 443 to *.servicebus.windows.net and *.passwordreset.microsoftonline.com; exempt them from TLS inspection.".into(),
            "Check TLS 1.2, the root certificates and the clock of the server.".into(),
            "Restart the service ADSync; if the errors stay, switch password writeback off and on again in the Connect wizard.".into(),
        ],
        command: Some(format!(
            "Invoke-Command -ComputerName {} {{ Test-NetConnection passwordreset.microsoftonline.com -Port 443 }}",
            quoted(&names.server)
        )),
        verify: "A 31019 appears within five minutes.".into(),
        undo: "Remove the firewall rule.".into(),
    }
}
