//! Every rule with its evidence, for `--details`.

use serde_json::Value;

use super::answer::{kinds, who};
use super::page::{Ink, Page, counted, number, time};
use super::text::write_step;
use crate::evidence::Strength;
use crate::readiness::{EvidenceRef, Finding, Phase, Remedy, Report, Severity, Verdict};

/// How many people are named beside a finding.
const NAMES: usize = 10;

pub(super) fn write(page: &mut Page, report: &Report) {
    for phase in Phase::ALL {
        let own: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| finding.phase == phase)
            .collect();
        if own.is_empty() {
            continue;
        }
        page.heading(&phase_title(phase));
        for (index, finding) in own.into_iter().enumerate() {
            if index > 0 {
                page.blank();
            }
            write_finding(page, report, finding);
        }
    }
    if !report.collect.is_empty() {
        page.heading("Everything to collect");
        for (index, step) in report.collect.iter().enumerate() {
            if index > 0 {
                page.blank();
            }
            write_step(page, report, index + 1, step);
        }
    }
    page.heading("Evidence");
    page.text(0, Ink::Plain, &kinds(report));
    for evidence in &report.evidence {
        let when = evidence.observed_at.map_or_else(|| "no time".into(), time);
        let line = format!(
            "{} \u{b7} {} \u{b7} {} \u{b7} {when}",
            evidence.name,
            evidence.kinds.join(", "),
            counted(evidence.items, "item", "items")
        );
        page.hanging(0, &[], 2, Ink::Plain, &line);
        if evidence.unused {
            page.text(2, Ink::Dim, "recognised, and read by no rule");
        }
        if let Some(note) = &evidence.note {
            page.text(2, Ink::Dim, note);
        }
        if let Some(lost) = &evidence.lost {
            let line = format!("{} lost, the first: {}", number(lost.count), lost.first);
            page.text(2, Ink::Caution, &line);
        }
    }
    for skipped in &report.skipped {
        let line = format!("skipped {}: {}", skipped.name, skipped.reason);
        page.hanging(0, &[], 2, Ink::Caution, &line);
        if let Some(help) = &skipped.reason.help {
            page.text(2, Ink::Plain, help);
        }
    }
}

/// The title of a phase with its number.
pub(super) fn phase_title(phase: Phase) -> String {
    match phase.number() {
        Some(number) => format!("Phase {number}: {}", phase.title()),
        None => phase.title().to_owned(),
    }
}

/// A verdict in a word.
const fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "ok",
        Verdict::Fail => "fix",
        Verdict::Unknown => "unknown",
        Verdict::NotApplicable => "not applicable",
    }
}

/// A severity in a word.
const fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "information",
    }
}

/// A finding's verdict with what qualifies it, such as `fix (error, gate)`. What is right has no
/// severity.
pub(super) fn state(finding: &Finding) -> String {
    let severity = match finding.verdict {
        Verdict::Fail | Verdict::Unknown => Some(severity_word(finding.severity)),
        Verdict::Pass | Verdict::NotApplicable => None,
    };
    let parts: Vec<_> = severity
        .into_iter()
        .chain(finding.gate.then_some("gate"))
        .chain(finding.inferred.then_some("inferred"))
        .collect();
    let verdict = verdict_word(finding.verdict);
    if parts.is_empty() {
        verdict.to_owned()
    } else {
        format!("{verdict} ({})", parts.join(", "))
    }
}

fn write_finding(page: &mut Page, report: &Report, finding: &Finding) {
    let ink = match (finding.verdict, finding.severity) {
        (Verdict::Pass, _) => Ink::Good,
        (Verdict::Fail, Severity::Error) => Ink::Bad,
        (Verdict::Fail | Verdict::Unknown, _) => Ink::Caution,
        (Verdict::NotApplicable, _) => Ink::Dim,
    };
    let state = format!("{} \u{b7} {}", finding.title, state(finding));
    page.hanging(0, &[(Ink::Bold, &finding.code)], 9, ink, &state);
    page.text(9, Ink::Plain, &finding.message);
    if finding.subjects.as_ref().is_some_and(|s| s.count > 0) {
        page.labelled(9, "Who", &who(report, finding, NAMES));
    }
    for (name, value) in &finding.values {
        page.labelled(9, "Value", &format!("{name} = {}", plain(value)));
    }
    for from in &finding.evidence {
        page.labelled(9, "From", &place(report, from));
    }
    if let Some(remedy) = &finding.remedy {
        write_remedy(page, remedy);
    }
    for source in &finding.sources {
        page.link(9, "Source", source);
    }
}

fn write_remedy(page: &mut Page, remedy: &Remedy) {
    page.labelled(9, "Why", &remedy.why);
    for step in &remedy.steps {
        page.labelled(9, "Do", step);
    }
    if let Some(command) = &remedy.command {
        page.command(9, "Run", command);
    }
    page.command_or_text(9, "Verify", &remedy.verify);
    page.command_or_text(9, "Undo", &remedy.undo);
}

/// The evidence a finding rests on: source, place, time, strength.
pub(super) fn place(report: &Report, from: &EvidenceRef) -> String {
    let source = report.evidence.iter().find(|e| e.source == from.source);
    let name = source.map_or("evidence not listed", |evidence| evidence.name.as_str());
    let when = from.observed_at.map_or_else(|| "no time".into(), time);
    let strength = match from.strength {
        Strength::Inferred => "inferred",
        Strength::Attested => "attested",
        Strength::Exported => "exported",
        Strength::Observed => "observed",
    };
    format!("{name}, {} \u{b7} {when} \u{b7} {strength}", from.locator)
}

/// A measured value as people read it.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            let fields = fields.map(|(name, value)| format!("{name} {}", plain(value)));
            format!("({})", fields.collect::<Vec<_>>().join("; "))
        }
        other => other.to_string(),
    }
}
