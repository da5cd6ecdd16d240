//! `sspr roundtrip`.

use std::path::{Path, PathBuf};

use sspr::events::Filter;
use sspr::render;
use sspr::roundtrip::{Choice, Operation, Outcome};
use sspr::snapshot::{OperationsRead, read_operations, read_support};

use crate::args::{EventFormat, RoundTrip};
use crate::failure::Failure;
#[cfg(feature = "arrow")]
use crate::logs::refuse_terminal;
use crate::logs::{element, options, summarise};
use crate::progress::Line;
use crate::{Io, OK, Screen, assess};

/// Joins events to operations and lists these.
pub(crate) fn run(args: &RoundTrip, io: &mut Io<'_>) -> Result<u8, Failure> {
    #[cfg(feature = "arrow")]
    if args.format == EventFormat::Arrow {
        refuse_terminal(io)?;
    }
    let is_stream = |path: &PathBuf| path.as_path() == Path::new("-");
    if args.support_bundle && args.choose.evidence.iter().any(is_stream) {
        let failure = Failure::new("a support bundle takes two looks at the logs");
        return Err(failure.help("give the log as a file instead of `-`"));
    }
    let filter = Filter {
        since: args.choose.since,
        until: args.choose.until,
        ..Filter::operations()
    };
    let inputs = assess::inputs(&args.choose.evidence, io)?;
    let mut line = Line::new(io.stderr, io.screen.progress, io.screen.width);
    let mut read = read_operations(inputs, &options(&args.choose), &filter, &mut |progress| {
        line.report(&progress)
    })?;
    drop(line);
    if read.logs.logs.is_empty() {
        return assess::nothing_usable(&read.logs.skipped, "a log", io.stderr);
    }
    let choice = Choice {
        user: args.choose.user.clone(),
        tracking_id: args.choose.tracking_id,
        outcomes: args.outcome.iter().map(|name| name.outcome()).collect(),
    };
    let whose = choice.user.is_some() || choice.tracking_id.is_some();
    if whose && args.format == EventFormat::Table && !args.support_bundle {
        let Screen { width, color, .. } = io.screen;
        let told = render::story(&read.operations, read.logs.reach(), &choice, width, color);
        io.stdout.write_all(told.as_bytes())?;
        return summarise(&read.logs, None, &args.choose, io);
    }
    read.operations.retain(|one| choice.means(one));
    if args.support_bundle {
        return support(read.operations, args, io);
    }
    write(&read, args, io)?;
    summarise(&read.logs, None, &args.choose, io)
}

fn write(read: &OperationsRead, args: &RoundTrip, io: &mut Io<'_>) -> Result<(), Failure> {
    let Screen { width, color, .. } = io.screen;
    let operations = read.operations.as_slice();
    let mut first = true;
    match args.format {
        EventFormat::Csv => io.stdout.write_all(render::OPERATION_COLUMNS.as_bytes())?,
        EventFormat::Json => io.stdout.write_all(b"{\"operations\":")?,
        EventFormat::Table | EventFormat::Jsonl => {}
        #[cfg(feature = "arrow")]
        EventFormat::Arrow => return write_arrow(operations, io),
    }
    for operation in operations {
        let row = match args.format {
            EventFormat::Table => render::operation_row(operation, width, color),
            EventFormat::Jsonl => render::operation_json(operation),
            EventFormat::Json => element(&render::operation_json(operation), &mut first),
            EventFormat::Csv => render::operation_csv(operation),
            #[cfg(feature = "arrow")]
            EventFormat::Arrow => continue,
        };
        io.stdout.write_all(row.as_bytes())?;
    }
    let statistics = read.statistics();
    match args.format {
        EventFormat::Table => {
            if !operations.is_empty() {
                writeln!(io.stdout)?;
            }
            let text = render::statistics_text(&statistics, width, color);
            io.stdout.write_all(text.as_bytes())?;
            let text = render::summary_text(&read.summary, width, color);
            io.stdout.write_all(text.as_bytes())?;
        }
        EventFormat::Json => {
            io.stdout.write_all(if first { b"[]" } else { b"\n]" })?;
            let numbers = render::statistics_json(&statistics);
            let found = render::summary_json(&read.summary);
            let logs = render::logs_json(&read.logs);
            let (numbers, found, logs) = (numbers.trim_end(), found.trim_end(), logs.trim_end());
            write!(io.stdout, ",\"statistics\":{numbers},\"summary\":{found}")?;
            writeln!(io.stdout, ",\"logs\":{logs}}}")?;
        }
        _ => {}
    }
    Ok(())
}

/// Prints the latest operation that did not succeed, else the latest, for a ticket.
fn support(
    mut operations: Vec<Operation>,
    args: &RoundTrip,
    io: &mut Io<'_>,
) -> Result<u8, Failure> {
    let failed = operations
        .iter()
        .rposition(|operation| operation.outcome != Outcome::Written);
    let chosen = failed.or(operations.len().checked_sub(1));
    let Some(chosen) = chosen else {
        let failure = Failure::new("no operation of these logs is meant");
        return Err(failure.help("leave out --support-bundle: that says what is there"));
    };
    let operation = operations.swap_remove(chosen);
    let inputs = assess::inputs(&args.choose.evidence, io)?;
    let mut line = Line::new(io.stderr, io.screen.progress, io.screen.width);
    let bundle = read_support(inputs, &options(&args.choose), operation, &mut |progress| {
        line.report(&progress)
    })?;
    drop(line);
    io.stdout
        .write_all(render::support_text(&bundle).as_bytes())?;
    Ok(OK)
}

#[cfg(feature = "arrow")]
fn write_arrow(operations: &[Operation], io: &mut Io<'_>) -> Result<(), Failure> {
    let mut table = sspr::carrier::arrow::IpcWriter::new()?;
    for operation in operations {
        table.push(operation, io.stdout)?;
    }
    Ok(table.finish(io.stdout)?)
}
