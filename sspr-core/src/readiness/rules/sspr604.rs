//! Operations that failed by a fault of the system, by root cause.

use serde::Serialize;

use super::prelude::*;
use crate::events::causes::Fault;
use crate::readiness::predicates::cures;
use crate::readiness::predicates::events::{counted, nothing_to_write_back, people_hit};
use crate::snapshot::facts::FailureGroup;

pub(super) const RULE: Rule = Rule {
    code: "SSPR604",
    title: "Failures by a fault of the system",
    phase: Phase::EventLog,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &["events.operations"],
    rationale: "33001 to 33004, 33009 and the 32xxx end an operation for a reason that only an \
        administrator can mend. 33005 to 33008 are the domain's answers to the person or the \
        password, and do not count here.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
        "https://learn.microsoft.com/en-us/troubleshoot/entra/entra-id/user-prov-sync/password-writeback-error-code-sspr-0029",
        "https://learn.microsoft.com/en-us/troubleshoot/entra/entra-id/user-prov-sync/password-writeback-error-code-8023062c",
    ],
    judge,
    remedy,
};

/// One root cause, as the report's values show it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Cause<'a> {
    key: &'a str,
    title: &'a str,
    operations: u64,
    people: u64,
    events: Vec<u32>,
    codes: Vec<String>,
    last: Option<chrono::DateTime<chrono::Utc>>,
    check: &'a str,
    remedy: &'a str,
}

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nothing_to_write_back(cx) {
        return Ok(outcome);
    }
    let events = &cx.facts.events;
    let attempts = events.operations.attempts();
    if attempts == 0 {
        return Err(Unknown::of("events.operations"));
    }
    let mut groups: Vec<&FailureGroup> = events
        .failures
        .values()
        .filter(|group| group.cause.fault == Fault::System)
        .filter(|group| group.nameless > 0 || !people_hit(cx, &[group]).is_empty())
        .collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.count), group.cause.key));
    if groups.is_empty() {
        return Ok(Outcome::pass(format!(
            "None of {} failed by a fault of the system.",
            counted(attempts, "attempt", "attempts")
        ))
        .with("attempts", attempts)
        .because_all(events.successes.iter().map(|proof| &proof.from)));
    }
    let failed: u64 = groups.iter().map(|group| group.count).sum();
    let subjects = people_hit(cx, &groups);
    let reasons: Vec<_> = groups.iter().map(|group| reason(cx, group)).collect();
    let most = groups.iter().max_by_key(|group| {
        let people = people_hit(cx, &[group]).count;
        (people, group.count, std::cmp::Reverse(group.cause.key))
    });
    let remedy = most.map(|group| cures::of(cx, group, &subjects));
    let causes: Vec<_> = groups.iter().map(|group| cause(cx, group)).collect();
    let outcome = Outcome::fail(format!(
        "{} of {} failed by a fault of the system. {}",
        failed,
        counted(attempts, "attempt", "attempts"),
        reasons.join(" ")
    ))
    .with("attempts", attempts)
    .with("failed", failed)
    .with("causes", causes)
    .because_all(groups.iter().map(|group| &group.from))
    .about(subjects);
    Ok(match remedy {
        Some(remedy) => outcome.mend(remedy),
        None => outcome,
    })
}

fn reason(cx: &Context<'_>, group: &FailureGroup) -> String {
    let last = group
        .last
        .map(|at| format!(", last on {}", at.format("%Y-%m-%d at %H:%M UTC")));
    // The service's own event says it; the engine's stands beside it.
    let event = group.events.last();
    let event = event.map_or_else(String::new, |event| format!(" ({event})"));
    format!(
        "{}{event}: {}, {}{}.",
        group.cause.title,
        counted(group.count, "operation", "operations"),
        counted(people_hit(cx, &[group]).count, "person", "people"),
        last.unwrap_or_default(),
    )
}

fn cause<'a>(cx: &Context<'_>, group: &'a FailureGroup) -> Cause<'a> {
    Cause {
        key: group.cause.key,
        title: group.cause.title,
        operations: group.count,
        people: people_hit(cx, &[group]).count,
        events: group.events.iter().copied().collect(),
        codes: group.codes.iter().map(ToString::to_string).collect(),
        last: group.last,
        check: group.cause.check,
        remedy: group.cause.remedy,
    }
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Each root cause has its own cure; the finding names it beside the cause.".into(),
        steps: vec![
            "Start with the cause that hits most people.".into(),
            "Check it as the finding's values say, mend it, and let one of the people try again."
                .into(),
        ],
        command: Some(format!(
            "Get-WinEvent -ComputerName {} -FilterHashtable @{{LogName='Application'; ProviderName='PasswordResetService'; Id=33001,33002,33003,33004,33009}} -MaxEvents 20 | Format-List TimeCreated, Id, Message",
            quoted(&names.server)
        )),
        verify: "The next attempt of one of the people ends with 31002, 31007 or 31010.".into(),
        undo: "It depends on the cure; the finding's values name it.".into(),
    }
}
