//! What the commands that read logs share: choosing, reading, and the summary at the end.

use std::io::Write;
use std::ops::ControlFlow;

use sspr::Error;
use sspr::error::ErrorCode;
use sspr::events::{AuditRecord, EvtxOptions, Filter, Message};
use sspr::snapshot::{Input, LogRecord, LogsRead, OnRecord, ReadOptions, Skipped, read_logs};
use uuid::Uuid;

use crate::args::Choose;
use crate::failure::Failure;
use crate::output::clean;
use crate::progress::Line;
use crate::{Io, OK, assess};

/// The service whose events are asked for unless others are named.
pub(crate) const WRITEBACK: &str = "PasswordResetService";
/// How many logs with losses are named, and how many inputs that are not read.
const SHOWN: usize = 5;

/// A line of JSON as an element of a list.
pub(crate) fn element(json: &str, first: &mut bool) -> String {
    let lead = if std::mem::take(first) { "[\n" } else { ",\n" };
    format!("{lead}{}", json.trim_end())
}

/// How logs are read.
pub(crate) fn options(choose: &Choose) -> ReadOptions {
    ReadOptions {
        evtx: EvtxOptions {
            verify: choose.verify,
            jobs: choose.jobs,
        },
        zone: choose.time_zone,
        ..ReadOptions::default()
    }
}

pub(crate) fn concerns(choose: &Choose, record: &LogRecord) -> bool {
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

pub(crate) type OnRow<'a> = dyn FnMut(&str, LogRecord, &mut dyn Write) -> std::io::Result<()> + 'a;

/// Reads the logs among the evidence, and hands over each record with the output.
pub(crate) fn each(
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
    let read = read_logs(inputs, &options(choose), filter, sink, progress);
    match (failed, read) {
        (Some(error), _) => Err(error.into()),
        (None, read) => Ok(read?),
    }
}

/// Says on standard error what was read, and what was lost where; `listed` is how many events were shown,
/// where not all of them were meant.
pub(crate) fn summarise(
    read: &LogsRead,
    listed: Option<u64>,
    choose: &Choose,
    io: &mut Io<'_>,
) -> Result<u8, Failure> {
    // On a terminal it comes behind the rows.
    io.stdout.flush()?;
    if read.logs.is_empty() {
        return assess::nothing_usable(&read.skipped, "a log", io.stderr);
    }
    let events: u64 = read.logs.iter().map(|log| log.events).sum();
    let events = match listed {
        Some(listed) => format!("listed {listed} of {events} events"),
        None => format!("read {}", plural(events, "event", "events")),
    };
    let logs = plural(read.logs.len() as u64, "log", "logs");
    write!(io.stderr, "{events} of {logs}")?;
    if let Some((first, last)) = read.reach() {
        let day = "%Y-%m-%d";
        write!(io.stderr, ", {} to {}", first.format(day), last.format(day))?;
    }
    // Other evidence in a folder is as it should be; what was named, and what may be a log, is told.
    let is_other = |skipped: &&Skipped| {
        let named =
            { choose.evidence.iter() }.any(|path| path.as_os_str() == skipped.name.as_str());
        skipped.reason.code == ErrorCode::Unrecognised && !named
    };
    let (others, unusable): (Vec<_>, Vec<_>) = read.skipped.iter().partition(is_other);
    if !others.is_empty() {
        let other = plural(others.len() as u64, "other input is", "other inputs are");
        write!(io.stderr, "; {other} no log")?;
    }
    let unread: u64 = read.logs.iter().map(|log| log.lost).sum();
    if unread > 0 {
        write!(io.stderr, "; {} lost", plural(unread, "record", "records"))?;
    }
    writeln!(io.stderr)?;
    let chunks: u64 = read.logs.iter().map(|log| log.chunks).sum();
    let not_examined: u64 = read.logs.iter().map(|log| log.not_examined).sum();
    if not_examined > 0 {
        writeln!(
            io.stderr,
            "not examined: {not_examined} of {chunks} chunks, in which no wanted provider is named; \
             --verify examines all"
        )?;
    }
    let lossy: Vec<_> = read.logs.iter().filter(|log| log.fault.is_some()).collect();
    for log in lossy.iter().take(SHOWN) {
        let (name, fault) = (clean(&log.name), clean(&told(log.fault.as_ref())));
        if log.lost == 0 {
            writeln!(io.stderr, "note: {name}: {fault}")?;
            continue;
        }
        let records = plural(log.lost, "record", "records");
        let first = if log.lost == 1 { "" } else { "first, " };
        writeln!(
            io.stderr,
            "warning: {records} of {name} could not be read: {first}{fault}"
        )?;
    }
    for skipped in unusable.iter().take(SHOWN) {
        let (name, reason) = (clean(&skipped.name), clean(&skipped.reason.message));
        writeln!(io.stderr, "warning: {name} is not read: {reason}")?;
        if let Some(help) = &skipped.reason.help {
            writeln!(io.stderr, "  try: {}", clean(help))?;
        }
    }
    if let Some(more) = unusable.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        writeln!(io.stderr, "warning: and {more} more that are not read")?;
    }
    if let Some(more) = lossy.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        writeln!(io.stderr, "warning: and {more} more logs with faults")?;
    }
    Ok(OK)
}

fn told(fault: Option<&Error>) -> String {
    fault.map(ToString::to_string).unwrap_or_default()
}

pub(crate) fn plural(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Arrow is for programs, and a terminal would take it for commands.
#[cfg(feature = "arrow")]
pub(crate) fn refuse_terminal(io: &Io<'_>) -> Result<(), Failure> {
    if io.screen.terminal {
        let failure = Failure::new("Arrow is binary, and standard output is a terminal");
        return Err(failure.help("write it to a file: sspr … --format arrow > events.arrow"));
    }
    Ok(())
}
