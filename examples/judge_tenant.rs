//! Judges a tenant and acts on the findings:
//! `cargo run -p sspr-examples --bin judge_tenant -- EVIDENCE`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::ops::ControlFlow;
use std::process::ExitCode;

use chrono::Utc;
use sspr::readiness::{Options, PhaseVerdict, Severity, Verdict, assess};
use sspr::snapshot::{Input, ReadOptions, Snapshot};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let evidence = args.next().ok_or("say where the evidence is")?;
    let as_of = args
        .next()
        .map_or_else(|| Ok(Utc::now()), |day| day.parse())?;
    let snapshot = Snapshot::read(
        vec![Input::path(evidence)],
        &ReadOptions::default(),
        &mut |_| ControlFlow::Continue(()),
    )?;
    let report = assess(&snapshot, &Options::at(as_of));
    if let Some(people) = report.people {
        println!("{} of {} people cannot reset", people.hit, people.in_scope);
    }
    for finding in &report.findings {
        if finding.verdict != Verdict::Fail || finding.severity != Severity::Error {
            continue;
        }
        let who = finding.subjects.as_ref();
        let who = who.map_or_else(|| "all".to_owned(), |who| who.count.to_string());
        println!("{} ({who}): {}", finding.code, finding.title);
        let remedy = finding.remedy.as_ref();
        if let Some(command) = remedy.and_then(|remedy| remedy.command.as_ref()) {
            println!("  {command}");
        }
    }
    if let (false, Some(step)) = (report.gates_settled, report.collect.first()) {
        println!("collect next: {}", step.what);
    }
    Ok(ExitCode::from(u8::from(
        report.verdict != PhaseVerdict::Pass,
    )))
}
