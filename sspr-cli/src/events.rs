//! `sspr events`.

#[cfg(feature = "arrow")]
use sspr::carrier::arrow::IpcWriter;
#[cfg(feature = "arrow")]
use sspr::events::{AuditRecord, WindowsEvent};
use sspr::events::{EventOutcome, Filter};
#[cfg(feature = "arrow")]
use sspr::evidence::At;
use sspr::render;
use sspr::snapshot::LogRecord;

use crate::args::{EventFormat, Events};
use crate::failure::Failure;
use crate::logs::{WRITEBACK, concerns, each, element, summarise};
use crate::{Io, Screen};

/// Lists events.
pub(crate) fn run(args: &Events, io: &mut Io<'_>) -> Result<u8, Failure> {
    let providers = match args.provider.as_slice() {
        [] => vec![WRITEBACK.to_owned()],
        [all] if all == "*" => Vec::new(),
        named => named.to_vec(),
    };
    let filter = Filter {
        providers,
        ids: args.id.iter().copied().collect(),
        since: args.choose.since,
        until: args.choose.until,
    };
    let mut rows = Rows::new(args, io)?;
    let before = rows.before();
    io.stdout.write_all(before.as_bytes())?;
    let mut listed = 0;
    let read = each(&args.choose, &filter, io, &mut |log, record, out| {
        let outcome = match &record {
            LogRecord::Event(event) => EventOutcome::of(&event.value),
            LogRecord::Audit(record) => EventOutcome::of_audit(record),
        };
        let is_meant = concerns(&args.choose, &record)
            && (args.outcome.is_empty() || args.outcome.iter().any(|one| one.is(outcome)));
        if is_meant {
            listed += 1;
            rows.row(log, &record, out)
        } else {
            Ok(())
        }
    })?;
    rows.after(io)?;
    let choose = &args.choose;
    let all = choose.user.is_none() && choose.tracking_id.is_none() && args.outcome.is_empty();
    summarise(&read, (!all).then_some(listed), choose, io)
}

/// Records in a form.
struct Rows {
    format: EventFormat,
    screen: Screen,
    first: bool,
    #[cfg(feature = "arrow")]
    table: Option<Table>,
}

/// Events and audit records have different columns, so that a table holds one or the other.
#[cfg(feature = "arrow")]
enum Table {
    Events(IpcWriter<At<WindowsEvent>>),
    Audit(IpcWriter<AuditRecord>),
}

impl Rows {
    #[cfg_attr(
        not(feature = "arrow"),
        expect(clippy::unnecessary_wraps, reason = "a table of Arrow can fail")
    )]
    fn new(args: &Events, io: &Io<'_>) -> Result<Self, Failure> {
        #[cfg(feature = "arrow")]
        let table = if args.format == EventFormat::Arrow {
            crate::logs::refuse_terminal(io)?;
            let of_audit = |name: &String| AuditRecord::is_provider(name);
            Some(
                if !args.provider.is_empty() && args.provider.iter().all(of_audit) {
                    Table::Audit(IpcWriter::new()?)
                } else {
                    Table::Events(IpcWriter::new()?)
                },
            )
        } else {
            None
        };
        Ok(Self {
            format: args.format,
            screen: io.screen,
            first: true,
            #[cfg(feature = "arrow")]
            table,
        })
    }

    fn before(&self) -> &'static str {
        match self.format {
            EventFormat::Csv => render::EVENT_COLUMNS,
            _ => "",
        }
    }

    fn row(
        &mut self,
        log: &str,
        record: &LogRecord,
        out: &mut dyn std::io::Write,
    ) -> std::io::Result<()> {
        let Screen { width, color, .. } = self.screen;
        let json = |record: &LogRecord| match record {
            LogRecord::Event(event) => render::event_json(log, event),
            LogRecord::Audit(record) => render::audit_json(log, record),
        };
        let row = match (self.format, record) {
            (EventFormat::Table, LogRecord::Event(event)) => {
                render::event_row(&event.value, width, color)
            }
            (EventFormat::Table, LogRecord::Audit(record)) => {
                render::audit_row(record, width, color)
            }
            (EventFormat::Jsonl, record) => json(record),
            (EventFormat::Json, record) => element(&json(record), &mut self.first),
            (EventFormat::Csv, LogRecord::Event(event)) => render::event_csv(log, &event.value),
            (EventFormat::Csv, LogRecord::Audit(record)) => render::audit_csv(log, record),
            #[cfg(feature = "arrow")]
            (EventFormat::Arrow, record) => {
                return match (&mut self.table, record) {
                    (Some(Table::Events(table)), LogRecord::Event(event)) => table.push(event, out),
                    (Some(Table::Audit(table)), LogRecord::Audit(record)) => {
                        table.push(record, out)
                    }
                    _ => Ok(()),
                };
            }
        };
        out.write_all(row.as_bytes())
    }

    fn after(self, io: &mut Io<'_>) -> Result<(), Failure> {
        #[cfg(feature = "arrow")]
        match self.table {
            Some(Table::Events(table)) => return Ok(table.finish(io.stdout)?),
            Some(Table::Audit(table)) => return Ok(table.finish(io.stdout)?),
            None => {}
        }
        if self.format == EventFormat::Json {
            let end: &[u8] = if self.first { b"[]\n" } else { b"\n]\n" };
            io.stdout.write_all(end)?;
        }
        Ok(())
    }
}
