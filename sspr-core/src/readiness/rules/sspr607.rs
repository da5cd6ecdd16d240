//! Connectivity errors that passed.

use super::prelude::*;
use crate::readiness::predicates::events::{
    counted, ids, known_services, nothing_to_write_back, shown,
};

pub(super) const RULE: Rule = Rule {
    code: "SSPR607",
    title: "Passing loss of the connection to the cloud",
    phase: Phase::EventLog,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["events.application"],
    rationale: "While the connection to the cloud is lost, resets and changes are refused. Errors that \
        pass by themselves still cost those who tried in that time.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nothing_to_write_back(cx) {
        return Ok(outcome);
    }
    let mut passed = known_services(cx)?;
    passed.retain(|service| service.connectivity_passed() > 0);
    if passed.is_empty() {
        return Ok(Outcome::pass(
            "The log shows no loss of the connection that passed.",
        ));
    }
    let count: u64 = passed
        .iter()
        .map(|service| service.connectivity_passed())
        .sum();
    let mut outcome = Outcome::fail("");
    let mut sentences = Vec::new();
    for service in &passed {
        let errors = &service.connectivity;
        let first = errors.first.as_ref();
        sentences.push(format!(
            "{} lost and regained the connection: {}{} ({}).",
            service.host,
            counted(service.connectivity_passed(), "error", "errors"),
            first
                .map(|mark| format!(" from {}", shown(mark.at)))
                .unwrap_or_default(),
            ids(&errors.by_id)
        ));
        if let Some(first) = first {
            outcome = outcome.because_of(&first.from);
        }
    }
    Ok(outcome
        .saying(sentences.join(" "))
        .with("errors", count)
        .about(Subjects::names(
            passed.iter().map(|service| service.host.as_str()),
        )))
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Passing errors come from proxies with short idle times, restarts of firewalls, or a slow line.".into(),
        steps: vec![
            format!("Compare the times of the errors on {} with changes and restarts in the network.", names.server),
            "Let the server reach the service bus without a proxy, or lengthen the proxy's idle time.".into(),
        ],
        command: Some(format!(
            "Get-WinEvent -ComputerName {} -FilterHashtable @{{LogName='Application'; ProviderName='PasswordResetService'; Id=31034,31044,32001,32002,32015}} | Group-Object {{ $_.TimeCreated.Date }}",
            quoted(&names.server)
        )),
        verify: "No further errors for a week.".into(),
        undo: "Nothing needs undoing.".into(),
    }
}
