//! A report as Markdown, for a ticket or a wiki.

use std::fmt::Write as _;

use super::answer::{
    Fault, answer, cell, faults, last_proof, nothing_known, phases, read, sentence, settles,
    warnings, who,
};
use super::details::{phase_title, place, plain, state};
use super::hostile::{fenced, markdown as safe};
use super::page::{counted, is_command, number, time};
use crate::readiness::{CollectEntry, Phase, Remedy, Report};

/// How many people are named beside a fault, and how many steps to collect are shown.
const NAMES: usize = 5;
const STEPS: usize = 3;

/// A report as Markdown: headings, tables and fenced commands that any dialect with tables shows.
/// With `details` every rule is there with its evidence.
pub fn markdown(report: &Report, details: bool) -> String {
    let mut out = String::new();
    heading(&mut out, 1, &answer(report).line);
    let tenant = report.tenant.as_deref().unwrap_or("tenant not named");
    line(
        &mut out,
        &format!(
            "Self-service password reset and writeback of {}, as of {}.",
            safe(tenant),
            time(report.as_of)
        ),
    );
    if !nothing_known(report) {
        let proof = last_proof(report);
        let proof = proof.unwrap_or_else(|| "no password has been seen written".into());
        line(&mut out, &format!("Last proof: {}.", safe(&proof)));
        phase_table(&mut out, report);
    }
    let faults = faults(report);
    if !faults.is_empty() {
        heading(&mut out, 2, "Fix first");
        for fault in &faults {
            write_fault(&mut out, report, fault);
        }
    }
    let warnings = warnings(report);
    if !warnings.is_empty() {
        heading(&mut out, 2, "Worth knowing");
        for warning in warnings {
            let mark = if warning.inferred { "\\*" } else { "" };
            let _ = writeln!(out, "- {}{mark}: {}", warning.code, safe(&warning.message));
        }
        out.push('\n');
    }
    let steps = if details { usize::MAX } else { STEPS };
    if !report.collect.is_empty() && (details || !report.gates_settled) {
        heading(&mut out, 2, "Collect next");
        for step in report.collect.iter().take(steps) {
            write_step(&mut out, report, step);
        }
    }
    if let Some(step) = report
        .quickest_proof
        .as_ref()
        .filter(|_| nothing_known(report))
    {
        heading(&mut out, 2, "Does it work today? One log alone tells");
        line(
            &mut out,
            &format!("{}: {}.", sentence(&step.place), step.rights),
        );
        out.push_str(&fenced(&step.command, "powershell"));
        out.push('\n');
    }
    if details {
        for phase in Phase::ALL {
            write_phase(&mut out, report, phase);
        }
    }
    write_evidence(&mut out, report);
    if !report.configuration.is_empty() {
        heading(&mut out, 2, "Configuration");
        for change in &report.configuration {
            let _ = writeln!(out, "- {}", safe(change));
        }
        out.push('\n');
    }
    let end = out.trim_end().len();
    out.truncate(end);
    out.push('\n');
    out
}

fn heading(out: &mut String, level: usize, text: &str) {
    let _ = writeln!(out, "{} {}\n", "#".repeat(level), safe(text));
}

fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "{text}\n");
}

fn phase_table(out: &mut String, report: &Report) {
    out.push_str("| Phase | Verdict | Warnings |\n|---|---|---:|\n");
    for phase in phases(report) {
        let _ = writeln!(
            out,
            "| {} | {} | {} |",
            safe(&phase_title(phase.phase)),
            safe(&cell(phase)),
            phase.warnings
        );
    }
    out.push('\n');
    if phases(report).any(|phase| cell(phase) == "OK*") {
        line(out, "\\* inferred, and not read from a setting");
    }
}

fn write_fault(out: &mut String, report: &Report, fault: &Fault<'_>) {
    let also = fault.also();
    let fault = fault.finding;
    let title = format!("{} ({})", fault.title, fault.code);
    heading(out, 3, &title);
    line(out, &safe(&fault.message));
    if let Some(also) = also {
        line(out, &format!("Also: {}.", safe(&also)));
    }
    let who = sentence(&who(report, fault, NAMES));
    line(out, &format!("Who: {}.", safe(&who)));
    if let Some(remedy) = &fault.remedy {
        write_remedy(out, remedy);
    }
}

fn write_remedy(out: &mut String, remedy: &Remedy) {
    if !remedy.why.is_empty() {
        line(out, &safe(&remedy.why));
    }
    for (index, step) in remedy.steps.iter().enumerate() {
        let _ = writeln!(out, "{}. {}", index + 1, safe(step));
    }
    if !remedy.steps.is_empty() {
        out.push('\n');
    }
    if let Some(command) = &remedy.command {
        out.push_str(&fenced(command, "powershell"));
        out.push('\n');
    }
    for (label, text) in [("Verify", &remedy.verify), ("Undo", &remedy.undo)] {
        if is_command(text) {
            line(out, &format!("{label}:"));
            out.push_str(&fenced(text, "powershell"));
            out.push('\n');
        } else if !text.is_empty() {
            line(out, &format!("{label}: {}", safe(text)));
        }
    }
}

fn write_step(out: &mut String, report: &Report, step: &CollectEntry) {
    heading(out, 3, &sentence(&step.what));
    let minutes = counted(u64::from(step.minutes), "minute", "minutes");
    let _ = writeln!(out, "- Where: {}", safe(&step.place));
    let _ = writeln!(out, "- Rights: {}; {minutes}", safe(&step.rights));
    let _ = writeln!(
        out,
        "- Settles: {}\n",
        safe(&settles(report, &step.settles))
    );
    out.push_str(&fenced(&step.command, "powershell"));
    out.push('\n');
}

fn write_phase(out: &mut String, report: &Report, phase: Phase) {
    let mut own = report
        .findings
        .iter()
        .filter(|finding| finding.phase == phase)
        .peekable();
    if own.peek().is_none() {
        return;
    }
    heading(out, 2, &phase_title(phase));
    for finding in own {
        let title = format!("{}: {}", finding.code, finding.title);
        heading(out, 3, &title);
        line(
            out,
            &format!("**{}**. {}", state(finding), safe(&finding.message)),
        );
        let mut facts = Vec::new();
        for (name, value) in &finding.values {
            facts.push(safe(&format!("{name} = {}", plain(value))));
        }
        for from in &finding.evidence {
            facts.push(safe(&format!("From {}", place(report, from))));
        }
        for source in &finding.sources {
            facts.push(format!("<{source}>"));
        }
        for fact in &facts {
            let _ = writeln!(out, "- {fact}");
        }
        if !facts.is_empty() {
            out.push('\n');
        }
        if let Some(remedy) = &finding.remedy {
            write_remedy(out, remedy);
        }
    }
}

fn write_evidence(out: &mut String, report: &Report) {
    heading(out, 2, "Evidence");
    line(out, &format!("{}.", safe(&read(report))));
    if !report.evidence.is_empty() {
        out.push_str("| Input | Recognised as | Items | Observed | Not read |\n");
        out.push_str("|---|---|---:|---|---:|\n");
        for evidence in &report.evidence {
            let when = evidence.observed_at.map_or_else(|| "no time".into(), time);
            let lost = evidence.lost.as_ref().map_or(0, |lost| lost.count);
            let _ = writeln!(
                out,
                "| {} | {} | {} | {when} | {} |",
                safe(&evidence.name),
                safe(&evidence.kinds.join(", ")),
                number(evidence.items),
                number(lost)
            );
        }
        out.push('\n');
    }
    for skipped in &report.skipped {
        let _ = writeln!(
            out,
            "- Skipped {}: {}",
            safe(&skipped.name),
            safe(&skipped.reason.message)
        );
    }
    if !report.skipped.is_empty() {
        out.push('\n');
    }
}
