//! `sspr assess`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use sspr::evidence::Locator;
use sspr::readiness::{Configuration, Options, Report, Severity, Verdict, assess};
use sspr::snapshot::{Input, ReadOptions, Skipped, Snapshot};

use crate::args::{Assess, FailOn};
use crate::failure::Failure;
use crate::output::{self, clean};
use crate::progress::Line;
use crate::{FOUND, Io, OK, UNSETTLED, UNUSABLE};

/// How many unusable inputs are named.
const SHOWN: usize = 10;

pub(crate) fn run(args: &Assess, io: &mut Io<'_>, now: DateTime<Utc>) -> Result<u8, Failure> {
    let options = Options {
        as_of: args.as_of.unwrap_or(now),
        config: match &args.config {
            Some(path) => configuration(path)?,
            None => Configuration::default(),
        },
    };
    let snapshot = read(
        &args.evidence,
        &ReadOptions {
            observed_at: args.observed_at,
            zone: args.time_zone,
            ..ReadOptions::default()
        },
        io,
    )?;
    if snapshot.evidence.is_empty() && !snapshot.skipped.is_empty() {
        return nothing_usable(&snapshot.skipped, "evidence", io.stderr);
    }
    let report = assess(&snapshot, &options);
    let screen = if args
        .output
        .as_deref()
        .is_some_and(|path| path != Path::new("-"))
    {
        // A file takes no colours, whatever the terminal does.
        crate::Screen::default()
    } else {
        io.screen
    };
    let text = output::report(&report, args.format, args.details, screen);
    match &args.output {
        Some(path) if path != Path::new("-") => {
            fs::write(path, text).map_err(|error| not_written(path, &error))?;
        }
        _ => io.stdout.write_all(text.as_bytes())?,
    }
    Ok(exit_code(&report, args.fail_on, args.allow_unknown))
}

/// Reads evidence that was named on the command line.
pub(crate) fn read(
    evidence: &[PathBuf],
    options: &ReadOptions,
    io: &mut Io<'_>,
) -> Result<Snapshot, Failure> {
    let inputs = inputs(evidence, io)?;
    let mut line = Line::new(io.stderr, io.screen.progress, io.screen.width);
    let snapshot = Snapshot::read(inputs, options, &mut |progress| line.report(&progress))?;
    Ok(snapshot)
}

/// Evidence that was named on the command line.
pub(crate) fn inputs(evidence: &[PathBuf], io: &mut Io<'_>) -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::with_capacity(evidence.len());
    for path in evidence {
        if path == Path::new("-") {
            let stdin = std::mem::replace(&mut io.stdin, Box::new(io::empty()));
            inputs.push(Input::stream("standard input", stdin));
        } else if let Err(error) = fs::symlink_metadata(path) {
            // A path that is not there is a slip of the hand, not evidence that is missing.
            let failure = Failure::new(format!("{}: {error}", path.display()));
            return Err(failure.help("check the path; `-` stands for standard input"));
        } else {
            inputs.push(Input::path(path));
        }
    }
    Ok(inputs)
}

fn configuration(path: &Path) -> Result<Configuration, Failure> {
    let failure = |what: String| Failure::new(format!("{}: {what}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| failure(error.to_string()))?;
    Configuration::parse(&text).map_err(|error| {
        failure(error.to_string()).help(
            error
                .help
                .unwrap_or_else(|| "see the section on configuration in docs/rules.md".to_owned()),
        )
    })
}

/// Says why none of the inputs is what it has to be.
pub(crate) fn nothing_usable(
    skipped: &[Skipped],
    wanted: &str,
    stderr: &mut dyn Write,
) -> Result<u8, Failure> {
    writeln!(stderr, "error: nothing that was given is {wanted}")?;
    for skipped in skipped.iter().take(SHOWN) {
        let reason = &skipped.reason;
        writeln!(
            stderr,
            "  {}: {}",
            clean(&skipped.name),
            clean(&match reason.place {
                Locator::Whole => reason.message.clone(),
                _ => reason.to_string(),
            })
        )?;
        if let Some(help) = &reason.help {
            writeln!(stderr, "    try: {}", clean(help))?;
        }
    }
    if let Some(more) = skipped.len().checked_sub(SHOWN).filter(|&more| more > 0) {
        writeln!(stderr, "  and {more} more")?;
    }
    writeln!(
        stderr,
        "  `sspr assess` on an empty folder says what to collect"
    )?;
    Ok(UNUSABLE)
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("{} could not be written: {error}", path.display()))
        .help("choose another file with -o")
}

fn exit_code(report: &Report, fail_on: FailOn, allow_unknown: bool) -> u8 {
    let least = match fail_on {
        FailOn::Error => Some(Severity::Error),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Never => None,
    };
    let found = least.is_some_and(|least| {
        report
            .findings
            .iter()
            .any(|finding| finding.verdict == Verdict::Fail && finding.severity >= least)
    });
    let settled = report.gates_settled && !report.evidence.is_empty();
    match (found, settled || allow_unknown) {
        (true, _) => FOUND,
        (false, true) => OK,
        (false, false) => UNSETTLED,
    }
}
