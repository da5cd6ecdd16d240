//! Events as JSON: PowerShell's `ConvertTo-Json` of `Get-WinEvent` and `Get-EventLog`, the
//! documents of Winlogbeat and Elastic's other agents, the rows of Azure Monitor, NXLog's lines.
//!
//! An input is one document in any of the shapes that [`read_items`] takes, or one object a line; a line may
//! begin with what syslog puts there. Records of the tenant's audit log may stand among the events: see [`take`].

mod beats;
mod data;
mod fields;
mod form;
mod lines;
mod screen;

use std::io::{BufReader, Cursor, Read};
use std::ops::ControlFlow;

pub(crate) use self::fields::{Parsed, parse};
pub(crate) use self::form::EventForm;
use super::audit::AuditRecord;
use super::output::{Output, finished};
use crate::carrier::json::{Event, Object, is_empty_page, look_ahead, looks_like_json, read_items};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// How many bytes are read at once.
const BLOCK: usize = 256 * 1024;
/// How many objects that are no events are looked at before an input counts as something else.
const STRANGERS: u64 = 1_000;
/// How many names of fields tell what an object is.
const FIELDS_SHOWN: usize = 6;

/// Whether a text begins like JSON, or like JSON lines behind a prefix of syslog.
pub(crate) fn is_json(head: &str) -> bool {
    looks_like_json(head) || has_syslog_prefix(head)
}

/// Whether the first line is a JSON object of an event behind a prefix of syslog.
pub(crate) fn has_syslog_prefix(head: &str) -> bool {
    let Some(line) = head.lines().find(|line| !line.trim().is_empty()) else {
        return false;
    };
    let Some((prefix, _)) = line.split_once('{') else {
        return false;
    };
    let prefix = prefix.trim();
    !prefix.is_empty()
        && prefix.len() < 512
        && !prefix.starts_with('[')
        && !prefix.contains('"')
        && lines::body(line.as_bytes()).is_some_and(|body| body.len() > 2)
        && line.contains("\"EventID\"")
}

/// Reads a log of events as JSON to its end. The error is that it holds no events, that it could not be
/// read, or that the sink stopped.
pub(crate) fn read(reader: &mut dyn Read, item_bytes: u64, out: &mut Output<'_>) -> Result<()> {
    let (head, rest) = look_ahead(reader)?;
    let is_lines = lines::is_lines(&head);
    let mut reader = BufReader::with_capacity(BLOCK, Cursor::new(head).chain(rest));
    let mut strangers = Strangers::default();
    let mut fault = None;
    let before = out.records();
    if is_lines {
        lines::read(&mut reader, item_bytes, out, &mut strangers)?;
    } else {
        let mut stopped = false;
        let read = read_items(reader, item_bytes, &mut |event| {
            let flow = strangers.event(event, None, out);
            stopped = flow.is_break();
            flow
        });
        match read {
            Ok(read) => fault = read.fault,
            Err(error) if !(strangers.too_many && stopped) => return Err(error),
            Err(_) => {}
        }
    }
    let is_log = out.records() > before;
    if let Some(fault) = fault {
        if !is_log && strangers.count == 0 {
            return Err(fault);
        }
        finished(out.fault(fault, None, None))?;
    }
    strangers.end(is_log, out)
}

/// Objects that are no events, and those that are.
#[derive(Default)]
pub(super) struct Strangers {
    count: u64,
    first: Option<Error>,
    /// So many came before the first event that the input is none.
    too_many: bool,
}

impl Strangers {
    /// Takes what a walk through JSON meets; lines have a place of their own.
    fn event(
        &mut self,
        event: Event<'_>,
        line: Option<u64>,
        out: &mut Output<'_>,
    ) -> ControlFlow<()> {
        match event {
            Event::Item(object, _) => {
                let place = line.map_or_else(|| object.place().clone(), Locator::Line);
                if let Some(taken) = take(&object, &place, out) {
                    return taken;
                }
                if is_empty_page(&object) || is_bulk_action(&object) {
                    return ControlFlow::Continue(());
                }
                let names: Vec<_> = object
                    .map()
                    .keys()
                    .take(FIELDS_SHOWN)
                    .map(|name| {
                        name.chars()
                            .take(40)
                            .flat_map(char::escape_debug)
                            .collect::<String>()
                    })
                    .collect();
                let what = format!(
                    "an object that is no event; its fields are {}",
                    names.join(", ")
                );
                self.stranger(what, place, out)
            }
            Event::Other(place) => {
                let place = line.map_or(place, Locator::Line);
                self.stranger("a value where an event was expected".to_owned(), place, out)
            }
            Event::PageEnd(..) => ControlFlow::Continue(()),
        }
    }

    fn stranger(&mut self, what: String, place: Locator, out: &Output<'_>) -> ControlFlow<()> {
        self.count += 1;
        self.first
            .get_or_insert_with(|| Error::new(ErrorCode::Unrecognised, place, what));
        self.too_many = self.count >= STRANGERS && out.records() == 0;
        if self.too_many {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// The end of the input.
    fn end(self, is_log: bool, out: &mut Output<'_>) -> Result<()> {
        let help = "events are read from `Get-WinEvent | ConvertTo-Json`, `Get-EventLog`, Winlogbeat, \
            Azure Monitor and NXLog; best is the log itself: `wevtutil epl`";
        match self.first {
            Some(first) if is_log => finished(out.fault(first, Some(self.count), None)),
            Some(first) => Err(Error {
                message: format!("this is JSON, and no log of events: {}", first.message),
                ..first
            }
            .with_help(help)),
            None if is_log => Ok(()),
            None => Err(Error::new(
                ErrorCode::Unrecognised,
                Locator::Whole,
                "this is JSON, and it holds no event",
            )
            .with_help(help)),
        }
    }
}

/// Elastic's bulk files have a line before each document that says what to do with it.
fn is_bulk_action(object: &Object<'_>) -> bool {
    let mut keys = object.map().keys();
    matches!(
        (keys.next().map(String::as_str), keys.next()),
        (Some("index" | "create" | "update" | "delete"), None)
    )
}

/// Hands over what an object is: an event, the hits of a search, or a record of the audit log. Nothing when
/// it is none of these.
///
/// This is where records of other logs that stand in the same JSON are told apart.
pub(crate) fn take(
    object: &Object<'_>,
    place: &Locator,
    out: &mut Output<'_>,
) -> Option<ControlFlow<()>> {
    if AuditRecord::matches(object) {
        return Some(match AuditRecord::parse(object) {
            Ok(Some(record)) => out.audit(record),
            Ok(None) => out.passed_over(None),
            Err(error) => out.fault(error, Some(1), None),
        });
    }
    if let Some(form) = EventForm::of(object) {
        return Some(event(form, object, place, out));
    }
    let hits = object.object("hits").found()?.value;
    let hits = hits.objects("hits").found()?.value;
    for hit in hits {
        if take(&hit, hit.place(), out)
            .unwrap_or(ControlFlow::Continue(()))
            .is_break()
        {
            return Some(ControlFlow::Break(()));
        }
    }
    Some(ControlFlow::Continue(()))
}

/// Hands over an event of a form.
pub(crate) fn event(
    form: EventForm,
    object: &Object<'_>,
    place: &Locator,
    out: &mut Output<'_>,
) -> ControlFlow<()> {
    match fields::parse(form, object) {
        Ok(Parsed { read, remark }) => {
            if let Some(remark) = remark {
                out.fault(remark, Some(0), None)?;
            }
            out.event(read, place.clone())
        }
        Err(error) => {
            let error = match place {
                Locator::Line(_) => Error {
                    place: place.clone(),
                    ..error
                },
                _ => error,
            };
            out.fault(error, Some(1), None)
        }
    }
}

#[cfg(test)]
mod tests;
