//! Two sources disagree on one fact.

use super::prelude::*;
use crate::readiness::predicates::directory::listed;
use crate::readiness::predicates::evidence::{conflicts, name_of};

pub(super) const RULE: Rule = Rule {
    code: "SSPR903",
    title: "Agreement of the sources",
    phase: Phase::Evidence,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["evidence.any"],
    rationale: "Where two sources say different things about one fact, the stronger one counts: what \
        was read from the system itself before what a person exported, that before what a person \
        said, and of two equal ones the later. The weaker one may be out of date, or the set-up \
        changed in between.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let conflicts = conflicts(cx);
    if conflicts.facts == 0 {
        return Err(Unknown::of("evidence.any"));
    }
    if conflicts.found.is_empty() {
        return Ok(Outcome::pass("No two sources disagree."));
    }
    let sentences: Vec<_> = conflicts
        .found
        .iter()
        .map(|conflict| {
            let (counted, from) = &conflict.counted;
            let (other, against) = &conflict.other;
            format!(
                "{} is {counted} by {} ({}), which counted, and {other} by {} ({})",
                conflict.fact,
                name_of(cx, from.source),
                from.locator,
                name_of(cx, against.source),
                against.locator
            )
        })
        .collect();
    let outcome = Outcome::fail(format!(
        "Sources disagree: {}.",
        listed(sentences.iter().map(String::as_str))
    ))
    .with("conflicts", conflicts.found.len())
    .about(Subjects::names(
        conflicts
            .found
            .iter()
            .map(|conflict| conflict.fact.as_str()),
    ));
    Ok(conflicts.found.iter().fold(outcome, |outcome, conflict| {
        outcome
            .because_of(&conflict.counted.1)
            .because_of(&conflict.other.1)
    }))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "As long as two sources disagree, one of them is wrong or old, and the verdict rests on \
            the other."
            .into(),
        steps: vec![
            "Look at the system itself and see which source is right.".into(),
            "Collect the other one again, or leave it out.".into(),
        ],
        command: None,
        verify: "sspr assess on the new evidence".into(),
        undo: "Nothing is changed.".into(),
    }
}
