//! `sspr roundtrip`.

use std::path::{Path, PathBuf};

use sspr::events::catalogue::Source;
use sspr::events::{Filter, audit};
use sspr::evidence::{Progress, Provenance, SourceId, Strength};
use sspr::render;
use sspr::roundtrip::{Correlator, Counter, Operation, Outcome, Summary, SupportBundle};
use sspr::snapshot::{Input, LogRecord, LogsRead, ReadOptions, Snapshot};

use crate::args::{EventFormat, RoundTrip};
use crate::failure::Failure;
#[cfg(feature = "arrow")]
use crate::logs::refuse_terminal;
use crate::logs::{each, element, filter, of_operation, of_user, summarise};
use crate::progress::Line;
use crate::{Io, OK, Screen};

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
    let filter = filter(&args.choose, providers(), &[]);
    let mut correlator = Correlator::default();
    let mut operations = Vec::new();
    let mut logs: Vec<String> = Vec::new();
    let read = each(&args.choose, &filter, io, &mut |log, record, _| {
        if logs.last().is_none_or(|last| last != log) {
            logs.push(log.to_owned());
        }
        let source = u32::try_from(logs.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let from = |locator, observed_at| Provenance {
            source: SourceId(source),
            locator,
            observed_at,
            strength: Strength::Observed,
        };
        match record {
            LogRecord::Event(event) => {
                let from = from(event.place, event.value.time);
                correlator.push_event(&event.value, &from);
            }
            LogRecord::Audit(record) => {
                let from = from(record.place.clone(), Some(record.time));
                correlator.push_audit(&record, &from);
            }
        }
        operations.extend(correlator.ready());
        Ok(())
    })?;
    people(&read, io)?.facts.introduce(&mut correlator);
    let summary = correlator.finish(&mut |done| operations.push(done));
    operations.retain(|operation| {
        let user = operation.person.user.as_deref();
        of_user(&args.choose, user)
            && of_operation(&args.choose, operation.tracking_id)
            && (args.outcome.is_empty()
                || args
                    .outcome
                    .iter()
                    .any(|outcome| outcome.is(operation.outcome)))
    });
    operations.sort_by_key(|operation| (operation.time(), operation.tracking_id));
    if args.support_bundle {
        return support(operations, args, io);
    }
    write(&operations, &summary, args, io)?;
    summarise(&read, io)
}

/// Whose events operations are made of: the service's and the engine's, hash synchronisation's, the
/// domain controllers', and the tenant's own records.
fn providers() -> Vec<String> {
    let windows = Source::ALL.iter().map(|source| source.provider());
    windows
        .chain([audit::PROVIDER])
        .map(str::to_owned)
        .collect()
}

/// Lists of people, and what names the connector account, among the files that are no logs.
fn people(read: &LogsRead, io: &mut Io<'_>) -> Result<Snapshot, Failure> {
    let files = read.skipped.iter().map(|skipped| Path::new(&skipped.name));
    let inputs = files.filter(|path| path.is_file()).map(Input::path);
    let mut line = Line::new(io.stderr, io.screen.progress, io.screen.width);
    let progress = &mut |progress: Progress<'_>| line.report(&progress);
    Ok(Snapshot::read(
        inputs.collect(),
        &ReadOptions::default(),
        progress,
    )?)
}

fn write(
    operations: &[Operation],
    found: &Summary,
    args: &RoundTrip,
    io: &mut Io<'_>,
) -> Result<(), Failure> {
    let Screen { width, color, .. } = io.screen;
    let mut counter = Counter::default();
    let story = args.choose.user.is_some() || args.choose.tracking_id.is_some();
    let mut first = true;
    match args.format {
        EventFormat::Csv => io.stdout.write_all(render::OPERATION_COLUMNS.as_bytes())?,
        EventFormat::Json => io.stdout.write_all(b"{\"operations\":")?,
        EventFormat::Table if story => {
            let told = render::person_story(operations, width, color);
            io.stdout.write_all(told.as_bytes())?;
        }
        EventFormat::Table | EventFormat::Jsonl => {}
        #[cfg(feature = "arrow")]
        EventFormat::Arrow => return write_arrow(operations, io),
    }
    for operation in operations {
        counter.add(operation);
        let row = match args.format {
            EventFormat::Table if story => {
                let gap = if std::mem::take(&mut first) && operations.len() < 2 {
                    ""
                } else {
                    "\n"
                };
                format!("{gap}{}", render::operation_story(operation, width, color))
            }
            EventFormat::Table => render::operation_row(operation, width, color),
            EventFormat::Jsonl => render::operation_json(operation),
            EventFormat::Json => element(&render::operation_json(operation), &mut first),
            EventFormat::Csv => render::operation_csv(operation),
            #[cfg(feature = "arrow")]
            EventFormat::Arrow => continue,
        };
        io.stdout.write_all(row.as_bytes())?;
    }
    let statistics = counter.finish();
    match args.format {
        EventFormat::Table if story && operations.is_empty() => {
            writeln!(io.stdout, "No operation of these logs is meant.")?;
        }
        EventFormat::Table if story => {}
        EventFormat::Table => {
            if !operations.is_empty() {
                writeln!(io.stdout)?;
            }
            let text = render::statistics_text(&statistics, width, color);
            io.stdout.write_all(text.as_bytes())?;
            let text = render::summary_text(found, width, color);
            io.stdout.write_all(text.as_bytes())?;
        }
        EventFormat::Json => {
            io.stdout.write_all(if first { b"[]" } else { b"\n]" })?;
            let numbers = render::statistics_json(&statistics);
            let found = render::summary_json(found);
            let (numbers, found) = (numbers.trim_end(), found.trim_end());
            writeln!(io.stdout, ",\"statistics\":{numbers},\"summary\":{found}}}")?;
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
        writeln!(io.stdout, "No operation of these logs is meant.")?;
        return Ok(OK);
    };
    let operation = operations.swap_remove(chosen);
    let around = SupportBundle::around(&operation);
    let filter = Filter {
        providers: providers(),
        since: around.map(|(from, _)| from),
        until: around.map(|(_, to)| to),
        ..Filter::default()
    };
    let mut events = Vec::new();
    each(&args.choose, &filter, io, &mut |log, record, _| {
        if let LogRecord::Event(event) = record {
            events.push((log.to_owned(), *event));
        }
        Ok(())
    })?;
    let bundle = SupportBundle::new(operation, events);
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
