//! Whether the log can answer at all.

use super::prelude::*;
use crate::readiness::predicates::events::{
    counted, no_log, nothing_to_write_back, shown, telling_logs,
};
use crate::snapshot::facts::{LogFacts, host_key};

pub(super) const RULE: Rule = Rule {
    code: "SSPR611",
    title: "Reach of the log",
    phase: Phase::EventLog,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["events.application"],
    rationale: "A log that is short, was cleared, lost records, or holds neither PasswordResetService \
        nor ADSync cannot show what happened: that nothing stands in it means nothing. The source is \
        PasswordResetService; a source PasswordReset does not exist.",
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
    let logs: Vec<_> = telling_logs(cx).collect();
    if logs.is_empty() {
        let mut silent = cx.facts.events.logs.values();
        let silent = silent.find(|log| {
            log.channel.eq_ignore_ascii_case("application") && may_be_connect(cx, &log.host)
        });
        let Some(silent) = silent else {
            return Err(no_log());
        };
        return Ok(because(
            Outcome::fail(format!(
                "The Application log of {} holds no event of PasswordResetService or ADSync.",
                silent.host
            )),
            silent,
        )
        .with("host", &silent.host));
    }
    let wanted = i64::from(cx.config.thresholds.log_span_days);
    let mut outcome = Outcome::fail("");
    let mut faults = Vec::new();
    let mut hosts = Vec::new();
    let mut longest: Option<(i64, &LogFacts)> = None;
    for log in &logs {
        let found = faults_of(log, wanted);
        if !found.is_empty() {
            hosts.push(log.host.as_str());
            outcome = because(outcome, log);
            faults.push(format!(
                "The {} log of {} {}.",
                log.channel,
                log.host,
                found.join(", ")
            ));
        }
        let days = days(log);
        if longest.is_none_or(|(known, _)| days > known) {
            longest = Some((days, log));
        }
    }
    let (days, log) = longest.ok_or_else(no_log)?;
    if faults.is_empty() {
        return Ok(because(
            Outcome::pass(format!(
                "The {} log of {} spans {} and is whole.",
                log.channel,
                log.host,
                counted(days.unsigned_abs(), "day", "days")
            )),
            log,
        )
        .with("days", days));
    }
    let lost: u64 = logs.iter().map(|log| log.lost).sum();
    Ok(outcome
        .saying(faults.join(" "))
        .with("days", days)
        .with("lostRecords", lost)
        .about(Subjects::names(hosts)))
}

/// Whether a log may be that of an Entra Connect server: another machine has no such events.
fn may_be_connect(cx: &Context<'_>, host: &str) -> bool {
    cx.facts.servers.is_empty() || cx.facts.servers.contains_key(&host_key(host))
}

fn days(log: &LogFacts) -> i64 {
    match (log.first, log.last) {
        (Some(first), Some(last)) => (last - first).num_days(),
        _ => 0,
    }
}

fn faults_of(log: &LogFacts, wanted: i64) -> Vec<String> {
    let mut faults = Vec::new();
    if days(log) < wanted {
        let span = match (log.first, log.last) {
            (Some(first), Some(last)) => format!(" ({} to {})", shown(first), shown(last)),
            _ => String::new(),
        };
        faults.push(format!("spans less than {wanted} days{span}"));
    }
    // A log that begins where it was cleared has lost nothing inside.
    let inside =
        |at| log.first.is_some_and(|first| at > first) && log.last.is_some_and(|last| at <= last);
    if let Some(at) = log.cleared.iter().copied().rfind(|at| inside(*at)) {
        faults.push(format!("was cleared at {}", shown(at)));
    }
    if log.lost > 0 {
        let place = log
            .first_fault
            .as_ref()
            .map(|(_, error)| format!(" (the first at {})", error.place));
        faults.push(format!(
            "lost {}{}",
            counted(
                log.lost,
                "record or run of records",
                "records or runs of records"
            ),
            place.unwrap_or_default()
        ));
    }
    faults
}

fn because(outcome: Outcome, log: &LogFacts) -> Outcome {
    let fault = log.first_fault.as_ref().map(|(from, _)| from);
    outcome.because_all(log.from.iter().chain(fault.filter(|_| log.lost > 0)))
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "The Application log of the Connect server overwrites its oldest events when it is full.".into(),
        steps: vec![
            format!("Enlarge the Application log of {} to at least 256 MB.", names.server),
            "Export it again after a week, from the active Connect server.".into(),
        ],
        command: Some(format!(
            "Invoke-Command -ComputerName {} {{ wevtutil sl Application /ms:268435456 }}",
            quoted(&names.server)
        )),
        verify: format!(
            "Get-WinEvent -ComputerName {} -ListLog Application | Select-Object MaximumSizeInBytes, OldestRecordNumber, RecordCount",
            quoted(&names.server)
        ),
        undo: format!(
            "Invoke-Command -ComputerName {} {{ wevtutil sl Application /ms:20971520 }}",
            quoted(&names.server)
        ),
    }
}
