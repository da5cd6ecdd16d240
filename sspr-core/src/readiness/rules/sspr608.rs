//! Errors of keys and configuration.

use super::prelude::*;
use crate::readiness::predicates::events::{
    counted, ids, known_services, nothing_to_write_back, shown,
};

pub(super) const RULE: Rule = Rule {
    code: "SSPR608",
    title: "Keys and configuration of the writeback service",
    phase: Phase::EventLog,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &["events.application"],
    rationale: "The cloud encrypts the password with a key that only this server can open. When the \
        keys do not match or the configuration cannot be saved (32004, 32005, 32007, 32010), no \
        password arrives until writeback is switched off and on again.",
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
    let services = known_services(cx)?;
    let standing: Vec<_> = services
        .iter()
        .filter(|service| service.keys.count > 0)
        .filter(|service| {
            let mended = service.last_good_keys.as_ref().map(|mark| mark.at);
            let last = service.keys.last.as_ref().map(|mark| mark.at);
            last >= mended
        })
        .collect();
    if standing.is_empty() {
        let past: u64 = services.iter().map(|service| service.keys.count).sum();
        let good = services
            .iter()
            .filter_map(|service| service.last_good_keys.as_ref());
        return Ok(Outcome::pass(if past == 0 {
            "The log shows no error of keys or configuration.".to_owned()
        } else {
            format!(
                "{}; new keys or a success came later.",
                counted(
                    past,
                    "error of keys or configuration is past",
                    "errors of keys or configuration are past"
                )
            )
        })
        .with("errors", past)
        .because_all(good.map(|mark| &mark.from)));
    }
    let mut outcome = Outcome::fail("");
    let mut sentences = Vec::new();
    for service in &standing {
        let last = service.keys.last.as_ref();
        sentences.push(format!(
            "{} cannot use its keys or its configuration: {}{}.",
            service.host,
            ids(&service.keys.by_id),
            last.map(|mark| format!(", the last at {}", shown(mark.at)))
                .unwrap_or_default()
        ));
        if let Some(last) = last {
            outcome = outcome.because_of(&last.from);
        }
    }
    let count: u64 = standing.iter().map(|service| service.keys.count).sum();
    Ok(outcome
        .saying(sentences.join(" "))
        .with("errors", count)
        .about(Subjects::names(
            standing.iter().map(|service| service.host.as_str()),
        )))
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why:
            "Switching writeback off and on again makes new keys and writes the configuration anew."
                .into(),
        steps: vec![
            format!(
                "On {}, open the Microsoft Entra Connect wizard, Customize synchronization options.",
                names.server
            ),
            "Untick Password writeback and finish; open the wizard again, tick it and finish."
                .into(),
        ],
        command: None,
        verify: format!(
            "Get-WinEvent -ComputerName {} -FilterHashtable @{{LogName='Application'; ProviderName='PasswordResetService'; Id=31005,31018}} -MaxEvents 2",
            quoted(&names.server)
        ),
        undo: "Nothing needs undoing.".into(),
    }
}
