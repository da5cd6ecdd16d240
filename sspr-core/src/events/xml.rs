//! Events as XML: what `wevtutil qe … /f:xml` prints, with or without a root, and what Event
//! Viewer saves.

mod screen;

use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;

use memchr::memmem;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use self::screen::passes_over;
use super::log::Filter;
use super::output::{Output, Record, finished};
use super::{EventDatum, LogItem, SmolStr, WindowsEvent};
use crate::carrier::text::utf8_reader;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;
use crate::time::parse_json;

/// No event of Windows is longer than this, in bytes of UTF-8.
const LONGEST_EVENT: usize = 1024 * 1024;
/// How many bytes are read at once.
const BLOCK: usize = 256 * 1024;
const OPEN: &[u8] = b"<Event";
const CLOSE: &[u8] = b"</Event>";

/// Whether a text begins like events of Windows, with or without a declaration and a root.
pub fn is_event_xml(head: &str) -> bool {
    let head = head.trim_start_matches('\u{feff}').trim_start();
    head.starts_with('<')
        && (head.contains("schemas.microsoft.com/win/2004/08/events/event")
            || head.starts_with("<Event>")
            || head.starts_with("<Events>"))
}

/// Reads a stream of events, in any encoding of Windows, of any length. Each event is found and
/// read by itself: a broken one costs itself, not the rest.
///
/// The error returned is that the stream itself could not be read, or that the sink stopped.
pub fn read_xml(reader: impl Read, sink: &mut dyn FnMut(LogItem) -> ControlFlow<()>) -> Result<()> {
    let mut reader = BufReader::with_capacity(BLOCK, reader);
    let head = reader
        .fill_buf()
        .map_err(|error| Error::io(Locator::Whole, error))?
        .to_vec();
    let all = Filter::default();
    let mut out = Output::new(&all, None, sink);
    read(&mut utf8_reader(&head, reader), &mut out)?;
    out.finish()
}

/// Reads a stream of UTF-8 to its end.
pub(crate) fn read(reader: &mut dyn Read, out: &mut Output<'_>) -> Result<()> {
    let mut scan = Scan::default();
    loop {
        let filled = scan.buffer.len();
        scan.buffer.resize(filled + BLOCK, 0);
        let place = || Locator::Line(scan.line + 1);
        let free = scan.buffer.get_mut(filled..).unwrap_or_default();
        let read = reader
            .read(free)
            .map_err(|error| Error::io(place(), error))?;
        scan.buffer.truncate(filled + read);
        if read == 0 {
            break;
        }
        finished(scan.drain(out))?;
    }
    if scan.open {
        let why = "the file ends inside this event";
        finished(scan.lost(why, ErrorCode::Truncated, out))?;
    }
    Ok(())
}

/// Reads one event, from `<Event` to `</Event>`.
pub fn parse_event(xml: &str) -> Result<WindowsEvent> {
    let mut reader = Reader::from_str(xml);
    let mut parse = Parse::default();
    loop {
        let at = reader.buffer_position();
        let fault = |message: String| Error::syntax(Locator::Byte(at), message);
        match reader.read_event().map_err(|e| fault(e.to_string()))? {
            Event::Start(start) => parse.open(&start).map_err(fault)?,
            Event::Empty(start) => {
                parse.open(&start).map_err(fault)?;
                parse.close();
            }
            Event::End(_) => parse.close(),
            Event::Text(text) => parse.text.push_str(&text),
            Event::CData(text) => parse.text.push_str(&text),
            Event::GeneralRef(entity) => match entity.resolve_char_ref() {
                Ok(Some(c)) => parse.text.push(c),
                Ok(None) => {
                    let known = resolve_predefined_entity(&entity)
                        .ok_or_else(|| fault("an entity that is not declared".into()))?;
                    parse.text.push_str(known);
                }
                // Windows writes control characters that XML does not allow as references.
                Err(_) => parse.text.push('\u{fffd}'),
            },
            Event::Eof => break,
            _ => {}
        }
    }
    if !parse.path.is_empty() {
        return Err(Error::new(
            ErrorCode::Truncated,
            Locator::Byte(xml.len() as u64),
            "the event has no end",
        ));
    }
    if parse.event.provider.is_empty() || !parse.has_id {
        return Err(Error::value(
            Locator::Element("Event/System".into()),
            "the event has no provider or no id",
        ));
    }
    Ok(parse.event)
}

/// Finds the events in a stream of text.
#[derive(Default)]
struct Scan {
    buffer: Vec<u8>,
    /// How much of the buffer is done with.
    done: usize,
    /// Whether the rest starts with an event whose end has not been seen.
    open: bool,
    /// How much of an open event has been searched for its end.
    searched: usize,
    /// Lines before the rest of the buffer.
    line: u64,
}

impl Scan {
    fn rest(&self) -> &[u8] {
        self.buffer.get(self.done..).unwrap_or_default()
    }

    /// Takes all whole events out of the buffer.
    fn drain(&mut self, out: &mut Output<'_>) -> ControlFlow<()> {
        let flow = self.events(out);
        self.buffer.drain(..self.done);
        self.done = 0;
        flow
    }

    fn events(&mut self, out: &mut Output<'_>) -> ControlFlow<()> {
        loop {
            if !self.open {
                let rest = self.rest();
                let start = find_open(rest);
                // The last bytes may be the beginning of a tag.
                let keep = start.unwrap_or_else(|| rest.len().saturating_sub(OPEN.len()));
                self.skip(keep);
                if start.is_none() {
                    return ControlFlow::Continue(());
                }
                self.open = true;
                self.searched = OPEN.len();
            }
            let rest = self.rest();
            if let Some(passed) = out.screening().and_then(|filter| passes_over(rest, filter)) {
                self.skip(passed.length);
                out.passed_over(passed.time)?;
                continue;
            }
            let from = self.searched.saturating_sub(CLOSE.len()).max(OPEN.len());
            let unsearched = rest.get(from..).unwrap_or_default();
            let close = memmem::find(unsearched, CLOSE).map(|at| from + at + CLOSE.len());
            // An event that begins inside another one: the first has lost its end.
            let next = find_open(
                unsearched
                    .get(..close.map_or(unsearched.len(), |end| end - from))
                    .unwrap_or_default(),
            )
            .map(|at| from + at);
            if let Some(next) = next {
                self.lost("the event has no end", ErrorCode::Syntax, out)?;
                self.skip(next);
                continue;
            }
            let Some(end) = close else {
                self.searched = rest.len();
                if self.searched > LONGEST_EVENT {
                    self.lost("the event is too long", ErrorCode::Limit, out)?;
                    self.skip(self.searched);
                }
                return ControlFlow::Continue(());
            };
            let place = Locator::Line(self.line + 1);
            let xml = rest.get(..end).unwrap_or_default();
            let read = std::str::from_utf8(xml)
                .map_err(|e| Error::new(ErrorCode::Encoding, place.clone(), e.to_string()))
                .and_then(parse_event);
            self.skip(end);
            match read {
                Ok(event) => out.event(Record::sure(event), place)?,
                Err(error) => out.fault(Error { place, ..error }, Some(1), Some(end as u64))?,
            }
        }
    }

    fn lost(&self, message: &str, code: ErrorCode, out: &mut Output<'_>) -> ControlFlow<()> {
        let error = Error::new(code, Locator::Line(self.line + 1), message);
        out.fault(error, Some(1), None)
    }

    fn skip(&mut self, bytes: usize) {
        let skipped = self
            .buffer
            .get(self.done..self.done + bytes)
            .unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', skipped).count() as u64;
        self.done += skipped.len();
        self.open = false;
    }
}

/// Where an event begins: `<Event` as a whole name, not `<Events>` or `<EventData>`.
fn find_open(bytes: &[u8]) -> Option<usize> {
    memmem::find_iter(bytes, OPEN).find(|at| {
        bytes
            .get(at + OPEN.len())
            .is_some_and(|next| matches!(next, b' ' | b'>' | b'\t' | b'\r' | b'\n'))
    })
}

/// An event that is being read.
#[derive(Default)]
struct Parse {
    event: WindowsEvent,
    has_id: bool,
    path: Vec<Tag>,
    /// The text of the innermost element.
    text: String,
    datum: Option<String>,
    /// The innermost element of user data has children of its own.
    nested: bool,
}

/// The elements that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    Event,
    System,
    EventId,
    Level,
    Keywords,
    RecordId,
    Channel,
    Computer,
    EventData,
    Data,
    UserData,
    UserDatum,
    RenderingInfo,
    Message,
    Other,
}

impl Parse {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), String> {
        let name = start.local_name();
        let name: &str = name.as_ref();
        let parent = self.path.last().copied();
        let tag = match (parent, name) {
            (None, "Event") => Tag::Event,
            (Some(Tag::Event), "System") => Tag::System,
            (Some(Tag::Event), "EventData") => Tag::EventData,
            (Some(Tag::Event), "UserData") => Tag::UserData,
            (Some(Tag::Event), "RenderingInfo") => Tag::RenderingInfo,
            (Some(Tag::RenderingInfo), "Message") => Tag::Message,
            (Some(Tag::System), "EventID") => Tag::EventId,
            (Some(Tag::System), "Level") => Tag::Level,
            (Some(Tag::System), "Keywords") => Tag::Keywords,
            (Some(Tag::System), "EventRecordID") => Tag::RecordId,
            (Some(Tag::System), "Channel") => Tag::Channel,
            (Some(Tag::System), "Computer") => Tag::Computer,
            (Some(Tag::System), "Provider") => {
                self.event.provider = attribute(start, "Name")?.unwrap_or_default().into();
                Tag::Other
            }
            (Some(Tag::System), "TimeCreated") => {
                self.event.time =
                    attribute(start, "SystemTime")?.and_then(|time| parse_json(&time));
                Tag::Other
            }
            (Some(Tag::EventData), "Data") => {
                self.datum = attribute(start, "Name")?;
                Tag::Data
            }
            (Some(Tag::UserData | Tag::UserDatum), _) => {
                self.datum = Some(name.to_owned());
                self.nested = false;
                Tag::UserDatum
            }
            _ => Tag::Other,
        };
        if self.path.len() >= 64 {
            return Err("elements nest too deep".into());
        }
        self.path.push(tag);
        self.text.clear();
        Ok(())
    }

    fn close(&mut self) {
        let text = std::mem::take(&mut self.text);
        let word = text.trim();
        let event = &mut self.event;
        match self.path.pop() {
            Some(Tag::EventId) => {
                // Some writers put the qualifiers into the upper half.
                if let Ok(id) = word.parse::<u32>() {
                    event.id = id & 0xffff;
                    self.has_id = true;
                }
            }
            Some(Tag::Level) => event.level = word.parse().ok(),
            Some(Tag::Keywords) => {
                let hex = word.trim_start_matches("0x");
                event.keywords = u64::from_str_radix(hex, 16).ok();
            }
            Some(Tag::RecordId) => event.record = word.parse().ok(),
            Some(Tag::Channel) => event.channel = (!word.is_empty()).then(|| word.into()),
            Some(Tag::Computer) => event.computer = (!word.is_empty()).then(|| word.into()),
            Some(Tag::Data) => event.data.push(EventDatum {
                name: self.datum.take().map(SmolStr::from),
                value: text,
            }),
            Some(Tag::UserDatum) => {
                if !self.nested {
                    event.data.push(EventDatum {
                        name: self.datum.take().map(SmolStr::from),
                        value: text,
                    });
                }
                self.nested = true;
            }
            Some(Tag::Message) => event.message = (!word.is_empty()).then_some(text),
            _ => {}
        }
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    start
        .try_get_attribute(name)
        .map_err(|error| error.to_string())?
        .map(|attribute| {
            attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map(std::borrow::Cow::into_owned)
                .map_err(|error| error.to_string())
        })
        .transpose()
}

#[cfg(test)]
mod tests;
