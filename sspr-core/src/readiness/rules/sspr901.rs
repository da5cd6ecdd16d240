//! Evidence that is old, lies far apart, or tells no time.

use chrono::Duration;

use super::prelude::*;
use crate::readiness::predicates::directory::listed;
use crate::readiness::predicates::evidence::{times, whole};

pub(super) const RULE: Rule = Rule {
    code: "SSPR901",
    title: "Age of the evidence",
    phase: Phase::Evidence,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["evidence.any"],
    rationale: "A verdict is as old as its oldest evidence. Pieces that lie far apart may describe \
        states that never stood side by side. The time of a file on disk is no evidence of when its \
        content was true, so that it is never used.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let times = times(cx);
    if times.is_empty() {
        return Err(Unknown::of("evidence.any"));
    }
    let limit = i64::from(cx.config.thresholds.evidence_age_days);
    let spread_limit = i64::from(cx.config.thresholds.evidence_spread_days);
    let without: Vec<_> = times
        .iter()
        .filter(|(_, time)| time.is_none())
        .map(|(evidence, _)| *evidence)
        .collect();
    let old: Vec<_> = times
        .iter()
        .filter(|(_, time)| time.is_some_and(|time| cx.as_of - time > Duration::days(limit)))
        .map(|(evidence, _)| *evidence)
        .collect();
    let earliest = times.iter().filter_map(|(_, time)| *time).min();
    let latest = times.iter().filter_map(|(_, time)| *time).max();
    let spread = earliest.zip(latest).map(|(a, b)| b - a).unwrap_or_default();
    let mut faults = Vec::new();
    if !old.is_empty() {
        let names = listed(old.iter().map(|evidence| evidence.name.as_str()));
        faults.push(format!("Older than {limit} days: {names}."));
    }
    if spread > Duration::days(spread_limit) {
        faults.push(format!(
            "The pieces of evidence lie up to {} days apart.",
            spread.num_days()
        ));
    }
    if !without.is_empty() {
        let names = listed(without.iter().map(|evidence| evidence.name.as_str()));
        faults.push(format!("Without a time of observation: {names}."));
    }
    let outcome = if faults.is_empty() {
        Outcome::pass("All evidence is recent.")
    } else {
        Outcome::fail(faults.join(" "))
    };
    let outcome = old
        .iter()
        .chain(&without)
        .fold(outcome, |outcome, evidence| {
            outcome.because_of(&whole(evidence))
        })
        .with("old", old.len())
        .with("withoutTime", without.len())
        .with("spreadDays", spread.num_days());
    Ok(match earliest {
        Some(time) => outcome.with("oldestDays", (cx.as_of - time).num_days()),
        None => outcome,
    })
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Fresh evidence with its times makes the verdict one about today.".into(),
        steps: vec![
            "Collect again what is old, with everything in one go.".into(),
            "For evidence that tells no time, say when it was taken: with a manifest beside it, or with \
             `--observed-at` when all of it is of one time."
                .into(),
        ],
        command: Some("sspr collect script > collect.ps1".into()),
        verify: "sspr assess on the new evidence".into(),
        undo: "Nothing is changed.".into(),
    }
}
