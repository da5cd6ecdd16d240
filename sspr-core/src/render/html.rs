//! A report as a fragment of HTML, for a notebook or a page that brings its own style.

use std::fmt::Write as _;

use super::answer::{
    Fault, answer, cell, faults, last_proof, nothing_known, phases, read, sentence, settles,
    warnings, who,
};
use super::details::phase_title;
use super::hostile::html as safe;
use super::page::{counted, is_command, time};
use crate::readiness::{CollectEntry, Remedy, Report};

/// How many people are named beside a fault, and how many steps to collect are shown.
const NAMES: usize = 5;
const STEPS: usize = 3;

/// A report as one `<section>`: headings, tables, lists and preformatted commands, without style
/// sheet, script or address of another place. Whatever comes from evidence is escaped.
pub fn html(report: &Report) -> String {
    let mut out = String::from("<section class=\"sspr-report\">\n");
    element(&mut out, "h2", &answer(report).line);
    let tenant = report.tenant.as_deref().unwrap_or("tenant not named");
    let about = format!(
        "Self-service password reset and writeback of {tenant}, as of {}.",
        time(report.as_of)
    );
    element(&mut out, "p", &about);
    if !nothing_known(report) {
        let proof = last_proof(report);
        let proof = proof.unwrap_or_else(|| "no password has been seen written".into());
        element(&mut out, "p", &format!("Last proof: {proof}."));
        phase_table(&mut out, report);
    }
    let faults = faults(report);
    if !faults.is_empty() {
        element(&mut out, "h3", "Fix first");
        for fault in faults {
            write_fault(&mut out, report, &fault);
        }
    }
    let warnings = warnings(report);
    if !warnings.is_empty() {
        element(&mut out, "h3", "Worth knowing");
        let texts = warnings.iter().map(|warning| {
            let mark = if warning.inferred { "*" } else { "" };
            format!("{}{mark}: {}", warning.code, warning.message)
        });
        list(&mut out, "ul", texts);
    }
    if !report.collect.is_empty() && !report.gates_settled {
        element(&mut out, "h3", "Collect next");
        for step in report.collect.iter().take(STEPS) {
            write_step(&mut out, report, step);
        }
    }
    element(&mut out, "p", &format!("{}.", read(report)));
    out.push_str("</section>\n");
    out
}

fn element(out: &mut String, name: &str, text: &str) {
    let _ = writeln!(out, "<{name}>{}</{name}>", safe(text));
}

fn list(out: &mut String, name: &str, texts: impl Iterator<Item = String>) {
    let _ = writeln!(out, "<{name}>");
    for text in texts {
        element(out, "li", &text);
    }
    let _ = writeln!(out, "</{name}>");
}

fn command(out: &mut String, command: &str) {
    let _ = writeln!(out, "<pre><code>{}</code></pre>", safe(command));
}

fn phase_table(out: &mut String, report: &Report) {
    out.push_str("<table>\n<tr><th>Phase</th><th>Verdict</th><th>Warnings</th></tr>\n");
    for phase in phases(report) {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            safe(&phase_title(phase.phase)),
            safe(&cell(phase)),
            phase.warnings
        );
    }
    out.push_str("</table>\n");
    if phases(report).any(|phase| cell(phase) == "OK*") {
        element(out, "p", "* inferred, and not read from a setting");
    }
}

fn write_fault(out: &mut String, report: &Report, fault: &Fault<'_>) {
    let also = fault.also();
    let fault = fault.finding;
    element(out, "h4", &format!("{} ({})", fault.title, fault.code));
    element(out, "p", &fault.message);
    if let Some(also) = also {
        element(out, "p", &format!("Also: {also}."));
    }
    let who = sentence(&who(report, fault, NAMES));
    element(out, "p", &format!("Who: {who}."));
    if let Some(remedy) = &fault.remedy {
        write_remedy(out, remedy);
    }
}

fn write_remedy(out: &mut String, remedy: &Remedy) {
    if !remedy.why.is_empty() {
        element(out, "p", &remedy.why);
    }
    if !remedy.steps.is_empty() {
        list(out, "ol", remedy.steps.iter().cloned());
    }
    if let Some(text) = &remedy.command {
        command(out, text);
    }
    for (label, text) in [("Verify", &remedy.verify), ("Undo", &remedy.undo)] {
        if is_command(text) {
            element(out, "p", &format!("{label}:"));
            command(out, text);
        } else if !text.is_empty() {
            element(out, "p", &format!("{label}: {text}"));
        }
    }
}

fn write_step(out: &mut String, report: &Report, step: &CollectEntry) {
    element(out, "h4", &sentence(&step.what));
    let minutes = counted(u64::from(step.minutes), "minute", "minutes");
    let lines = [
        format!("Where: {}", step.place),
        format!("Rights: {}; {minutes}", step.rights),
        format!("Settles: {}", settles(report, &step.settles)),
    ];
    list(out, "ul", lines.into_iter());
    command(out, &step.command);
}
