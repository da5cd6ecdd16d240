//! `sspr events` and `sspr roundtrip`.

use std::io::Write;
use std::ops::ControlFlow;

use sspr::events::{AuditRecord, Filter, Message};
use sspr::evidence::{Provenance, SourceId, Strength};
use sspr::render;
use sspr::roundtrip::{Correlator, Counter, Operation};
use sspr::snapshot::{Input, LogRecord, LogsRead, OnRecord, ReadOptions, read_logs};
use uuid::Uuid;

use crate::args::{Choose, EventFormat, Events, RoundTrip};
use crate::failure::Failure;
use crate::output::clean;
use crate::progress::Line;
use crate::{Io, OK, Screen, assess};

/// The service whose events are asked for unless others are named.
const WRITEBACK: &str = "PasswordResetService";
/// The synchronisation engine, whose events explain failures of operations.
const ENGINE: &str = "ADSync";
/// How many logs with losses are named.
const SHOWN: usize = 5;

/// Lists events.
pub(crate) fn events(args: &Events, io: &mut Io<'_>) -> Result<u8, Failure> {
    let providers = match args.provider.as_slice() {
        [] => vec![WRITEBACK.to_owned()],
        [all] if all == "*" => Vec::new(),
        named => named.to_vec(),
    };
    let filter = filter(&args.choose, providers, &args.id);
    let (format, screen) = (args.format, io.screen);
    let mut first = true;
    if format == EventFormat::Csv {
        io.stdout.write_all(render::EVENT_COLUMNS.as_bytes())?;
    }
    let read = each(&args.choose, &filter, io, &mut |log, record, out| {
        if !concerns(&args.choose, &record) {
            return Ok(());
        }
        let (width, color) = (screen.width, screen.color);
        let row = match (&record, format) {
            (LogRecord::Event(event), EventFormat::Table) => {
                render::event_row(&event.value, width, color)
            }
            (LogRecord::Event(event), EventFormat::Csv) => render::event_csv(log, &event.value),
            (LogRecord::Event(event), EventFormat::Json | EventFormat::Jsonl) => {
                render::event_json(log, event)
            }
            (LogRecord::Audit(record), EventFormat::Table) => {
                render::audit_row(record, width, color)
            }
            (LogRecord::Audit(record), EventFormat::Csv) => render::audit_csv(log, record),
            (LogRecord::Audit(record), EventFormat::Json | EventFormat::Jsonl) => {
                render::audit_json(log, record)
            }
        };
        let row = match format {
            EventFormat::Json => element(&row, &mut first),
            EventFormat::Table | EventFormat::Csv | EventFormat::Jsonl => row,
        };
        out.write_all(row.as_bytes())
    })?;
    if format == EventFormat::Json {
        io.stdout
            .write_all(if first { b"[]\n" } else { b"\n]\n" })?;
    }
    summarise(&read, io)
}

/// Joins events to operations and lists these.
pub(crate) fn roundtrip(args: &RoundTrip, io: &mut Io<'_>) -> Result<u8, Failure> {
    let filter = filter(&args.choose, vec![WRITEBACK.into(), ENGINE.into()], &[]);
    let mut correlator = Correlator::default();
    let mut operations = Vec::new();
    let mut logs: Vec<String> = Vec::new();
    let read = each(&args.choose, &filter, io, &mut |log, record, _| {
        let LogRecord::Event(event) = record else {
            return Ok(());
        };
        if logs.last().is_none_or(|last| last != log) {
            logs.push(log.to_owned());
        }
        let source = u32::try_from(logs.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let from = Provenance {
            source: SourceId(source),
            locator: event.place,
            observed_at: event.value.time,
            strength: Strength::Observed,
        };
        correlator.push(&event.value, &from, &mut |done| operations.push(done));
        Ok(())
    })?;
    correlator.finish(&mut |done| operations.push(done));
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
    write(&operations, args, io)?;
    summarise(&read, io)
}

fn write(operations: &[Operation], args: &RoundTrip, io: &mut Io<'_>) -> Result<(), Failure> {
    let Screen { width, color, .. } = io.screen;
    let mut counter = Counter::default();
    let story = args.choose.user.is_some() || args.choose.tracking_id.is_some();
    let mut first = true;
    match args.format {
        EventFormat::Csv => io.stdout.write_all(render::OPERATION_COLUMNS.as_bytes())?,
        EventFormat::Json => io.stdout.write_all(b"{\"operations\":")?,
        EventFormat::Table | EventFormat::Jsonl => {}
    }
    for operation in operations {
        counter.add(operation);
        let row = match args.format {
            EventFormat::Table if story => {
                let gap = if std::mem::take(&mut first) { "" } else { "\n" };
                format!("{gap}{}", render::operation_story(operation, width, color))
            }
            EventFormat::Table => render::operation_row(operation, width, color),
            EventFormat::Jsonl => render::operation_json(operation),
            EventFormat::Json => element(&render::operation_json(operation), &mut first),
            EventFormat::Csv => render::operation_csv(operation),
        };
        io.stdout.write_all(row.as_bytes())?;
    }
    let statistics = counter.finish();
    match args.format {
        EventFormat::Table if story => match operations.len() {
            0 => writeln!(io.stdout, "No operation of these logs is meant.")?,
            1 => {}
            many => writeln!(io.stdout, "\n{many} operations.")?,
        },
        EventFormat::Table => {
            if !operations.is_empty() {
                writeln!(io.stdout)?;
            }
            let text = render::statistics_text(&statistics, width, color);
            io.stdout.write_all(text.as_bytes())?;
        }
        EventFormat::Json => {
            io.stdout.write_all(if first { b"[]" } else { b"\n]" })?;
            let numbers = render::statistics_json(&statistics);
            writeln!(io.stdout, ",\"statistics\":{}}}", numbers.trim_end())?;
        }
        EventFormat::Jsonl | EventFormat::Csv => {}
    }
    Ok(())
}

/// A line of JSON as an element of a list.
fn element(json: &str, first: &mut bool) -> String {
    let lead = if std::mem::take(first) { "[\n" } else { ",\n" };
    format!("{lead}{}", json.trim_end())
}

fn filter(choose: &Choose, providers: Vec<String>, ids: &[u32]) -> Filter {
    Filter {
        providers,
        ids: ids.iter().copied().collect(),
        since: choose.since,
        until: choose.until,
    }
}

fn concerns(choose: &Choose, record: &LogRecord) -> bool {
    match record {
        LogRecord::Event(event) => {
            let text = event.value.text();
            let message = Message::parse(&text);
            of_user(choose, message.person()) && of_operation(choose, message.tracking_id)
        }
        LogRecord::Audit(record) => {
            let AuditRecord { target, actor, .. } = &**record;
            let person = of_user(choose, target.as_deref()) || of_user(choose, actor.as_deref());
            person && of_operation(choose, record.correlation)
        }
    }
}

fn of_user(choose: &Choose, user: Option<&str>) -> bool {
    let Some(wanted) = &choose.user else {
        return true;
    };
    user.is_some_and(|user| user.eq_ignore_ascii_case(wanted))
}

fn of_operation(choose: &Choose, id: Option<Uuid>) -> bool {
    choose.tracking_id.is_none_or(|wanted| id == Some(wanted))
}

type OnRow<'a> = dyn FnMut(&str, LogRecord, &mut dyn Write) -> std::io::Result<()> + 'a;

/// Reads the logs among the evidence, and hands over each record with the output.
fn each(
    choose: &Choose,
    filter: &Filter,
    io: &mut Io<'_>,
    row: &mut OnRow<'_>,
) -> Result<LogsRead, Failure> {
    let inputs: Vec<Input> = assess::inputs(&choose.evidence, io)?;
    let mut failed = None;
    let sink: &mut OnRecord<'_> = &mut |log, record| match row(log, record, io.stdout) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            failed = Some(error);
            ControlFlow::Break(())
        }
    };
    let mut line = Line::new(io.stderr, io.screen.progress, io.screen.width);
    let progress = &mut |progress: sspr::evidence::Progress<'_>| line.report(&progress);
    let read = read_logs(inputs, &ReadOptions::default(), filter, sink, progress);
    match (failed, read) {
        (Some(error), _) => Err(error.into()),
        (None, read) => Ok(read?),
    }
}

/// Says on standard error what was read, and what was lost where.
fn summarise(read: &LogsRead, io: &mut Io<'_>) -> Result<u8, Failure> {
    if read.logs.is_empty() {
        return assess::nothing_usable(&read.skipped, io.stderr);
    }
    let events: u64 = read.logs.iter().map(|log| log.events).sum();
    let first = read.logs.iter().filter_map(|log| log.first).min();
    let last = read.logs.iter().filter_map(|log| log.last).max();
    write!(
        io.stderr,
        "read {events} matching events of {}",
        plural(read.logs.len() as u64, "log", "logs")
    )?;
    if let (Some(first), Some(last)) = (first, last) {
        let day = "%Y-%m-%d";
        write!(io.stderr, ", {} to {}", first.format(day), last.format(day))?;
    }
    if !read.skipped.is_empty() {
        let other = plural(
            read.skipped.len() as u64,
            "other input is",
            "other inputs are",
        );
        write!(io.stderr, "; {other} no log")?;
    }
    writeln!(io.stderr)?;
    let lossy: Vec<_> = read.logs.iter().filter(|log| log.lost > 0).collect();
    for log in lossy.iter().take(SHOWN) {
        let fault = log.fault.as_ref().map(ToString::to_string);
        writeln!(
            io.stderr,
            "warning: {} of {} could not be read: {}",
            plural(log.lost, "record", "records"),
            clean(&log.name),
            clean(&fault.unwrap_or_default())
        )?;
    }
    if let Some(more) = lossy.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        writeln!(io.stderr, "warning: and {more} more logs with losses")?;
    }
    Ok(OK)
}

fn plural(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
