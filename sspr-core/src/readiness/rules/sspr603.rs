//! Attempts without a single success.

use super::prelude::*;
use crate::readiness::predicates::events::{counted, nothing_to_write_back, shown};
use crate::roundtrip::Outcome as Ending;

pub(super) const RULE: Rule = Rule {
    code: "SSPR603",
    title: "Successes among the attempts",
    phase: Phase::EventLog,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &["events.successes"],
    rationale: "A write that the domain accepted leaves 31002 (self-service reset), 31007 (change) or \
        31010 (reset by an administrator). Several attempts and none of them mean that writeback does \
        not work. No attempt at all means that nobody tried, and proves nothing.",
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
    let tally = &cx.facts.events.operations;
    let attempts = tally.attempts();
    if let Some(proof) = cx.facts.events.last_success() {
        return Ok(Outcome::pass(format!(
            "{} of {} reached the domain, the last at {}.",
            tally.ended(Ending::Written),
            counted(attempts, "attempt", "attempts"),
            shown(proof.at)
        ))
        .with("attempts", attempts)
        .with("written", tally.ended(Ending::Written))
        .because_of(&proof.from));
    }
    if attempts < u64::from(cx.config.thresholds.attempts_without_success) {
        return Err(Unknown::of("events.successes"));
    }
    let mut outcome = Outcome::fail(format!(
        "{attempts} attempts, and none reached the domain: {} failed, {} were refused, {} never ended, {} ended without a known reason.",
        tally.ended(Ending::Failed),
        tally.ended(Ending::Refused),
        tally.ended(Ending::Unfinished),
        tally.ended(Ending::Unknown),
    ))
    .with("attempts", attempts)
    .with("failed", tally.ended(Ending::Failed))
    .with("refused", tally.ended(Ending::Refused))
    .with("unfinished", tally.ended(Ending::Unfinished));
    for group in cx.facts.events.failures.values() {
        outcome = outcome.because_of(&group.from);
    }
    if let Some(open) = cx.facts.events.unfinished.last() {
        outcome = outcome.because_of(&open.from);
    }
    Ok(outcome)
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "The events that end the attempts name the reason.".into(),
        steps: vec![
            "Follow the reasons that SSPR604 lists, the most frequent first.".into(),
            "Then let one test person reset a forgotten password and watch the log.".into(),
        ],
        command: Some(format!(
            "Get-WinEvent -ComputerName {} -FilterHashtable @{{LogName='Application'; ProviderName='PasswordResetService','ADSync'}} -MaxEvents 50 | Format-List TimeCreated, Id, Message",
            quoted(&names.server)
        )),
        verify: "A 31002 appears for the test person.".into(),
        undo: "Nothing needs undoing.".into(),
    }
}
