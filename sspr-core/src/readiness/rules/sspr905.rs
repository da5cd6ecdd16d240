//! Evidence that could not be read, or only in part.

use super::prelude::*;
use crate::error::Error;
use crate::evidence::{Provenance, Strength};
use crate::readiness::predicates::directory::listed;

pub(super) const RULE: Rule = Rule {
    code: "SSPR905",
    title: "Readability of the evidence",
    phase: Phase::Evidence,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["evidence.any"],
    rationale: "What could not be read is not in the verdict. A file that was cut short, or that \
        PowerShell printed less deep than it is (`ConvertTo-Json` without `-Depth`), can hide the one \
        setting that matters.",
    sources: &[
        "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.utility/convertto-json",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let (evidence, skipped) = (&cx.snapshot.evidence, &cx.snapshot.skipped);
    if evidence.is_empty() && skipped.is_empty() {
        return Err(Unknown::of("evidence.any"));
    }
    let lost: Vec<_> = evidence
        .iter()
        .filter_map(|evidence| Some((evidence, evidence.lost.as_ref()?)))
        .collect();
    if skipped.is_empty() && lost.is_empty() {
        return Ok(Outcome::pass("All evidence was read whole."));
    }
    let mut parts = Vec::new();
    if !skipped.is_empty() {
        let reasons: Vec<_> = skipped
            .iter()
            .map(|skipped| format!("{}: {}", skipped.name, explained(&skipped.reason)))
            .collect();
        parts.push(format!(
            "Gave nothing: {}.",
            listed(reasons.iter().map(String::as_str))
        ));
    }
    if !lost.is_empty() {
        let reasons: Vec<_> = lost
            .iter()
            .map(|(evidence, lost)| {
                format!(
                    "{} lacks {} of its parts, first {}",
                    evidence.name,
                    lost.count,
                    explained(&lost.first)
                )
            })
            .collect();
        parts.push(format!(
            "Read in part: {}.",
            listed(reasons.iter().map(String::as_str))
        ));
    }
    let names = skipped
        .iter()
        .map(|skipped| skipped.name.as_str())
        .chain(lost.iter().map(|(evidence, _)| evidence.name.as_str()));
    let outcome = Outcome::fail(parts.join(" "))
        .with("skipped", skipped.len())
        .with("readInPart", lost.len())
        .about(Subjects::names(names));
    Ok(lost.iter().fold(outcome, |outcome, (evidence, lost)| {
        outcome.because_of(&Provenance {
            source: evidence.source,
            locator: lost.first.place.clone(),
            observed_at: evidence.observed_at,
            strength: Strength::Exported,
        })
    }))
}

/// A fault with what helps against it.
fn explained(fault: &Error) -> String {
    match &fault.help {
        Some(help) => format!("{fault}; {help}"),
        None => fault.to_string(),
    }
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "The verdict then rests on everything that was collected.".into(),
        steps: vec![
            "Export again what was read in part; with PowerShell add `-Depth 10` to `ConvertTo-Json`."
                .into(),
            "Leave out what is no evidence.".into(),
        ],
        command: Some("… | ConvertTo-Json -Depth 10 | Out-File -Encoding utf8 <file>.json".into()),
        verify: "sspr assess on the new evidence".into(),
        undo: "Nothing is changed.".into(),
    }
}
