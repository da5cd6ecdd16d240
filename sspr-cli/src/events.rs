//! `sspr events`.

use sspr::events::{EventOutcome, Message, WindowsEvent};
use sspr::evidence::At;
use sspr::render;

use crate::args::{EventFormat, Events};
use crate::failure::Failure;
use crate::logs::{WRITEBACK, concerns, each, element, filter, summarise};
use crate::{Io, Screen};

/// Lists events.
pub(crate) fn run(args: &Events, io: &mut Io<'_>) -> Result<u8, Failure> {
    let providers = match args.provider.as_slice() {
        [] => vec![WRITEBACK.to_owned()],
        [all] if all == "*" => Vec::new(),
        named => named.to_vec(),
    };
    let filter = filter(&args.choose, providers, &args.id);
    let mut rows = Rows::new(args.format, io)?;
    let before = rows.before();
    io.stdout.write_all(before.as_bytes())?;
    let read = each(&args.choose, &filter, io, &mut |log, event, out| {
        let text = event.value.text();
        let is_meant = concerns(&args.choose, &Message::parse(&text))
            && (args.outcome.is_empty()
                || args
                    .outcome
                    .iter()
                    .any(|one| one.is(EventOutcome::of(&event.value))));
        if is_meant {
            rows.row(log, &event, out)
        } else {
            Ok(())
        }
    })?;
    rows.after(io)?;
    summarise(&read, io)
}

/// Events in a form.
struct Rows {
    format: EventFormat,
    screen: Screen,
    first: bool,
    #[cfg(feature = "arrow")]
    table: Option<sspr::carrier::arrow::IpcWriter<At<WindowsEvent>>>,
}

impl Rows {
    fn new(format: EventFormat, io: &Io<'_>) -> Result<Self, Failure> {
        #[cfg(feature = "arrow")]
        let table = if format == EventFormat::Arrow {
            crate::logs::refuse_terminal(io)?;
            Some(sspr::carrier::arrow::IpcWriter::new()?)
        } else {
            None
        };
        Ok(Self {
            format,
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
        event: &At<WindowsEvent>,
        out: &mut dyn std::io::Write,
    ) -> std::io::Result<()> {
        let row = match self.format {
            EventFormat::Table => {
                render::event_row(&event.value, self.screen.width, self.screen.color)
            }
            EventFormat::Jsonl => render::event_json(log, event),
            EventFormat::Json => element(&render::event_json(log, event), &mut self.first),
            EventFormat::Csv => render::event_csv(log, &event.value),
            #[cfg(feature = "arrow")]
            EventFormat::Arrow => {
                return match &mut self.table {
                    Some(table) => table.push(event, out),
                    None => Ok(()),
                };
            }
        };
        out.write_all(row.as_bytes())
    }

    fn after(self, io: &mut Io<'_>) -> Result<(), Failure> {
        #[cfg(feature = "arrow")]
        if let Some(table) = self.table {
            return Ok(table.finish(io.stdout)?);
        }
        if self.format == EventFormat::Json {
            let end: &[u8] = if self.first { b"[]\n" } else { b"\n]\n" };
            io.stdout.write_all(end)?;
        }
        Ok(())
    }
}
