//! Operations that started and never ended.

use chrono::{DateTime, TimeDelta, Utc};

use super::prelude::*;
use crate::readiness::predicates::events::{counted, excludes, nothing_to_write_back, shown};
use crate::snapshot::facts::{PersonAt, host_key};

pub(super) const RULE: Rule = Rule {
    code: "SSPR605",
    title: "Operations without an end",
    phase: Phase::EventLog,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["events.operations"],
    rationale: "The writeback service says how every request ends, within seconds. One that begins and \
        never ends was cut off: the service stopped, the server went down, or the log lost its end. The \
        person saw an error, and nobody knows which of the two passwords holds.",
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
    let events = &cx.facts.events;
    let attempts = events.operations.attempts();
    if attempts == 0 {
        return Err(Unknown::of("events.operations"));
    }
    let edge = TimeDelta::minutes(i64::from(cx.config.thresholds.open_operation_minutes));
    let open: Vec<&PersonAt> = events
        .unfinished
        .iter()
        .filter(|one| !at_an_edge(cx, one, edge))
        .collect();
    let named = |one: &&PersonAt| one.user.as_deref().map(str::to_lowercase);
    let (mut people, mut excluded): (Vec<_>, Vec<_>) = open
        .iter()
        .filter_map(named)
        .partition(|name| !excludes(cx, name));
    for list in [&mut people, &mut excluded] {
        list.sort();
        list.dedup();
    }
    let counts = |one: &&&PersonAt| one.user.as_deref().is_none_or(|user| !excludes(cx, user));
    let counted_ones: Vec<&PersonAt> = open.iter().filter(counts).copied().collect();
    let Some(last) = counted_ones.last() else {
        return Ok(Outcome::pass(format!(
            "Each of {} that began has an end.",
            counted(attempts, "attempt", "attempts")
        ))
        .with("attempts", attempts));
    };
    let number = counted_ones.len() as u64;
    let mut subjects = Subjects::names(people);
    subjects.excluded = excluded.len() as u64;
    Ok(Outcome::fail(format!(
        "{} of {} began and never ended, the last for {} at {}.",
        number,
        counted(attempts, "attempt", "attempts"),
        last.user.as_deref().unwrap_or("somebody"),
        shown(last.at)
    ))
    .with("attempts", attempts)
    .with("unfinished", number)
    .with("last", last.at)
    .because_all(counted_ones.iter().rev().take(10).map(|one| &one.from))
    .about(subjects))
}

/// Whether the end may lie beyond what the log holds: after its last record, or where it was cleared.
fn at_an_edge(cx: &Context<'_>, one: &PersonAt, edge: TimeDelta) -> bool {
    let host = one.host.as_deref().map(host_key).unwrap_or_default();
    let Some(log) = cx.facts.events.application_log(&host) else {
        return true;
    };
    let near = |end: DateTime<Utc>| one.at <= end && end - one.at < edge;
    log.last.is_none_or(near) || log.cleared.iter().copied().any(near)
}

fn remedy(names: &Names) -> Remedy {
    let server = quoted(&names.server);
    Remedy {
        why: "What happened on the server in that minute says why the request was cut off.".into(),
        steps: vec![
            "Read the server's events around each of them: 31016, a restart, an error of the service.".into(),
            "Ask the person to try again; the domain has either the old password or the new one.".into(),
            "Restart the synchronisation service outside of working hours only.".into(),
        ],
        command: Some(format!(
            "Get-WinEvent -ComputerName {server} -FilterHashtable @{{LogName='Application','System'; StartTime='<time>'; EndTime='<time + 5 minutes>'}} | Format-List TimeCreated, ProviderName, Id, Message"
        )),
        verify: "The person's next attempt ends with 31002, 31007 or 31010.".into(),
        undo: "Nothing needs undoing.".into(),
    }
}
