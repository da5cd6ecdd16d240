//! The writeback service's last word, and its heartbeats.

use chrono::TimeDelta;

use super::prelude::*;
use crate::readiness::predicates::events::{
    inferred, no_log, nothing_to_write_back, proof_after, services, shown,
};
use crate::snapshot::facts::{LogFacts, Mark, ServiceFacts};

pub(super) const RULE: Rule = Rule {
    code: "SSPR601",
    title: "Writeback service alive",
    phase: Phase::EventLog,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &["events.application", "server.staging"],
    rationale: "While the writeback service is down, the cloud refuses every reset and change at \
        once: nothing is queued. The service says when it starts (31015) and stops (31016), and \
        reports a heartbeat (31019) every five minutes.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-writeback",
    ],
    judge,
    remedy,
};

/// Heartbeats come every five minutes; half an hour without any is no slip.
const SILENCE: TimeDelta = TimeDelta::minutes(30);

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nothing_to_write_back(cx) {
        return Ok(outcome);
    }
    let mut silent = Vec::new();
    let mut alive: Option<(&ServiceFacts, &Mark)> = None;
    for (host, service) in services(cx) {
        let end = cx
            .facts
            .events
            .application_log(host)
            .and_then(LogFacts::end);
        if let Some(fault) = fault(service, end) {
            match proof_after(cx, fault.since.at) {
                Some(_) => {}
                None => silent.push((service, fault)),
            }
            continue;
        }
        let sign = service.last_word.iter().chain(&service.last_sign);
        if let Some(sign) = sign.max_by_key(|mark| mark.at)
            && alive.is_none_or(|(_, known)| sign.at > known.at)
        {
            alive = Some((service, sign));
        }
    }
    if let Some((service, fault)) = silent.first() {
        let mut outcome = Outcome::fail(
            silent
                .iter()
                .map(|(service, fault)| fault.message(&service.host))
                .collect::<Vec<_>>()
                .join(" "),
        )
        .with("host", &service.host)
        .with("since", fault.since.at)
        .with("event", fault.since.event)
        .about(Subjects::names(
            silent.iter().map(|(service, _)| service.host.as_str()),
        ));
        for (_, fault) in &silent {
            outcome = outcome.because_of(&fault.since.from);
        }
        return Ok(outcome);
    }
    if let Some((service, sign)) = alive {
        return Ok(Outcome::pass(format!(
            "The writeback service of {} was alive at {} (event {}).",
            service.host,
            shown(sign.at),
            sign.event
        ))
        .with("host", &service.host)
        .with("lastSign", sign.at)
        .because_of(&sign.from));
    }
    match cx.facts.events.last_success() {
        Some(proof) => Ok(Outcome::pass(format!(
            "A password was written at {}, later than the last stop.",
            shown(proof.at)
        ))
        .because_of(&inferred(proof))),
        None => Err(no_log()),
    }
}

struct Fault<'a> {
    since: &'a Mark,
    stopped: bool,
}

impl Fault<'_> {
    fn message(&self, host: &str) -> String {
        let since = shown(self.since.at);
        if self.stopped {
            format!("The writeback service of {host} stopped at {since} and has not started since.")
        } else {
            format!("The heartbeats of the writeback service of {host} ceased after {since}.")
        }
    }
}

/// A stop that nothing follows, or heartbeats that end well before the log does.
fn fault(service: &ServiceFacts, end: Option<chrono::DateTime<chrono::Utc>>) -> Option<Fault<'_>> {
    let sign = service.last_sign.as_ref();
    if let Some(word) = &service.last_word
        && word.event == 31016
        && sign.is_none_or(|sign| sign.at <= word.at)
    {
        return Some(Fault {
            since: word,
            stopped: true,
        });
    }
    service.last_heartbeat.as_ref()?;
    let last = sign?;
    (end? - last.at > SILENCE).then_some(Fault {
        since: last,
        stopped: false,
    })
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "The writeback service runs inside the synchronisation service (ADSync).".into(),
        steps: vec![
            format!("Start the service Microsoft Azure AD Sync (ADSync) on {}.", names.server),
            "Read the events 31034, 31044 and 32xxx around the stop, and mend what they say.".into(),
            "If it runs and stays silent, switch password writeback off and on again in the Connect wizard.".into(),
        ],
        command: Some(format!(
            "Invoke-Command -ComputerName {} {{ Start-Service ADSync }}",
            quoted(&names.server)
        )),
        verify: format!(
            "Get-WinEvent -ComputerName {} -FilterHashtable @{{LogName='Application'; ProviderName='PasswordResetService'; Id=31015,31019}} -MaxEvents 5",
            quoted(&names.server)
        ),
        undo: "Nothing needs undoing.".into(),
    }
}
