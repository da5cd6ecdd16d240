//! The first screen: the answer, what decides it, and what to do next.

use super::answer::{
    Fault, Tone, answer, cell, faults, last_proof, nothing_known, one_line, phases, read, sentence,
    settles, short_title, warnings, who,
};
use super::page::{Ink, Page, counted, number, time};
use super::{TextOptions, details};
use crate::readiness::{CollectEntry, Finding, PhaseVerdict, Report};

/// How many faults, remarks, steps and skipped inputs stand on the first screen.
const FAULTS: usize = 5;
const REMARKS: usize = 5;
const STEPS: usize = 3;
const SKIPPED: usize = 3;
/// How many people are named beside a fault.
const NAMES: usize = 3;

/// A report for a terminal.
///
/// Without [`TextOptions::details`] it holds what decides the answer and what to do next. Every
/// line but a command or a long word fits the width.
pub fn text(report: &Report, options: &TextOptions) -> String {
    let mut page = Page::new(options.width, options.color);
    head(&mut page, report);
    if nothing_known(report) {
        start(&mut page, report);
    } else {
        so_far(&mut page, report, options.details);
    }
    if options.details {
        details::write(&mut page, report);
    }
    page.finish()
}

fn head(page: &mut Page, report: &Report) {
    let tenant = report.tenant.as_deref().unwrap_or("tenant not named");
    let title = format!(
        "SSPR and writeback \u{b7} {tenant} \u{b7} as of {}",
        time(report.as_of)
    );
    page.text(0, Ink::Dim, &title);
    page.blank();
    let answer = answer(report);
    let ink = match answer.tone {
        Tone::Yes => Ink::Good,
        Tone::No => Ink::Bad,
        Tone::Open => Ink::Caution,
    };
    page.text(0, ink, &answer.line);
}

/// Nothing is settled: what to collect first, and the shortcut.
fn start(page: &mut Page, report: &Report) {
    let steps = report.collect.len().min(STEPS);
    if steps > 0 {
        let what = match steps {
            1 => "This step brings",
            2 => "These two steps bring",
            _ => "These three steps bring",
        };
        page.text(0, Ink::Plain, &format!("{what} most of the answer:"));
    }
    collect(page, report);
    if let Some(step) = &report.quickest_proof {
        page.heading("Does it work today? One log alone tells");
        page.text(
            2,
            Ink::Plain,
            &format!(
                "{}: {}, {}.",
                sentence(&step.place),
                step.rights,
                counted(u64::from(step.minutes), "minute", "minutes")
            ),
        );
        page.command(2, "Run", &step.command);
    }
    if !report.evidence.is_empty() || !report.skipped.is_empty() {
        inputs(page, report);
    }
    configuration(page, report);
}

fn so_far(page: &mut Page, report: &Report, details: bool) {
    let proof = last_proof(report);
    page.labelled(
        0,
        "Proof",
        proof
            .as_deref()
            .unwrap_or("no password has been seen written to the domain"),
    );
    page.blank();
    let cells: Vec<_> = phases(report)
        .map(|phase| {
            let ink = match phase.verdict {
                PhaseVerdict::Pass => Ink::Good,
                PhaseVerdict::Fail => Ink::Bad,
                PhaseVerdict::Unknown => Ink::Caution,
                PhaseVerdict::NotApplicable => Ink::Dim,
            };
            (short_title(phase.phase).to_owned(), ink, cell(phase))
        })
        .collect();
    page.cells(2, &cells);
    let faults = faults(report);
    let warnings = warnings(report);
    let shown = faults.iter().take(FAULTS).map(|fault| fault.finding);
    let mut marked = shown.chain(warnings.iter().take(REMARKS).copied());
    if phases(report).any(|phase| phase.verdict == PhaseVerdict::Pass && phase.inferred)
        || marked.any(|finding| finding.inferred)
    {
        page.text(2, Ink::Dim, "* inferred, and not read from a setting");
    }
    if !faults.is_empty() {
        page.heading("Fix first");
        for (index, fault) in faults.iter().take(FAULTS).enumerate() {
            if index > 0 {
                page.blank();
            }
            write_fault(page, report, index + 1, fault);
        }
        if !details {
            more(page, faults.len().saturating_sub(FAULTS), "fault", "faults");
        }
    }
    if !warnings.is_empty() {
        page.heading("Worth knowing");
        for warning in warnings.iter().take(REMARKS) {
            write_warning(page, warning);
        }
        let rest = warnings.len().saturating_sub(REMARKS);
        if !details && rest > 0 {
            let rest = format!("and {} more with --details", number(rest as u64));
            page.text(2, Ink::Dim, &rest);
        }
    }
    if !report.gates_settled && !report.collect.is_empty() {
        page.heading("Collect next");
        collect(page, report);
    }
    inputs(page, report);
    configuration(page, report);
}

fn write_fault(page: &mut Page, report: &Report, index: usize, fault: &Fault<'_>) {
    let also = fault.also();
    let fault = fault.finding;
    let index = format!("{index:>2} ");
    let mark = if fault.inferred { " *" } else { "" };
    page.hanging(
        0,
        &[(Ink::Bad, index.as_str())],
        3,
        Ink::Bold,
        &format!("{}{mark} \u{b7} {}", fault.title, fault.code),
    );
    page.labelled(3, "Cause", &fault.message);
    if let Some(also) = also {
        page.labelled(3, "Also", &also);
    }
    page.labelled(3, "Who", &who(report, fault, NAMES));
    if let Some(remedy) = &fault.remedy {
        if let Some(step) = remedy.steps.first() {
            page.command_or_text(3, "Do", step);
        }
        if let Some(command) = &remedy.command {
            page.command(3, "Run", command);
        }
        if !remedy.verify.is_empty() {
            page.command_or_text(3, "Verify", &remedy.verify);
        }
    }
}

/// A warning in one line.
fn write_warning(page: &mut Page, warning: &Finding) {
    const HANG: usize = 12;
    let mark = if warning.inferred { "*" } else { "" };
    let code = format!("{}{mark}", warning.code);
    let line = one_line(warning, page.width().saturating_sub(HANG));
    page.hanging(2, &[(Ink::Caution, &code)], HANG, Ink::Plain, &line);
}

fn more(page: &mut Page, count: usize, one: &str, many: &str) {
    if count > 0 {
        let count = counted(count as u64, one, many);
        page.blank();
        page.text(2, Ink::Dim, &format!("{count} more with --details"));
    }
}

fn collect(page: &mut Page, report: &Report) {
    for (index, step) in report.collect.iter().take(STEPS).enumerate() {
        if index > 0 || nothing_known(report) {
            page.blank();
        }
        write_step(page, report, index + 1, step);
    }
}

/// One step of collecting, also for the details.
pub(super) fn write_step(page: &mut Page, report: &Report, index: usize, step: &CollectEntry) {
    let index = format!("{index:>2} ");
    page.hanging(
        0,
        &[(Ink::Caution, index.as_str())],
        3,
        Ink::Bold,
        &sentence(&step.what),
    );
    page.labelled(3, "Where", &step.place);
    page.labelled(
        3,
        "Rights",
        &format!(
            "{}; {}",
            step.rights,
            counted(u64::from(step.minutes), "minute", "minutes")
        ),
    );
    page.command(3, "Run", &step.command);
    page.labelled(3, "Settles", &settles(report, &step.settles));
}

fn inputs(page: &mut Page, report: &Report) {
    page.blank();
    page.labelled(0, "Read", &read(report));
    let lossy = report.evidence.iter().filter_map(|evidence| {
        let lost = evidence.lost.as_ref()?;
        let places = counted(lost.count, "place", "places");
        Some(format!(
            "{}: {places} not read; {}",
            evidence.name, lost.first.message
        ))
    });
    for (index, line) in lossy.take(SKIPPED).enumerate() {
        let label = if index == 0 { "Lost" } else { "" };
        page.labelled_in(0, label, Ink::Caution, &line);
    }
    for (index, skipped) in report.skipped.iter().take(SKIPPED).enumerate() {
        let label = if index == 0 { "Skipped" } else { "" };
        let line = format!("{}: {}", skipped.name, skipped.reason.message);
        page.labelled_in(0, label, Ink::Caution, &line);
    }
    let more = report.skipped.len().saturating_sub(SKIPPED) as u64;
    if more > 0 {
        page.labelled(0, "", &format!("and {} more", number(more)));
    }
}

fn configuration(page: &mut Page, report: &Report) {
    if !report.configuration.is_empty() {
        page.labelled(0, "Config", &report.configuration.join("; "));
    }
}
