//! Events as text: what Event Viewer copies ("Copy details as text"), several pasted one after
//! another, and what `wevtutil /f:text` prints.
//!
//! Where the event's XML is appended, it alone counts, and the description is its rendered text. Without it the
//! labels of eight languages are known (English, German, French, Spanish, Italian, Portuguese,
//! Dutch, Japanese); in any other the lines are known by their positions, which are the same in all. Dates are in
//! the local time and the form of the machine that copied them.

mod labels;

use std::io::{BufRead, Read};
use std::ops::ControlFlow;

use self::labels::{LANGUAGES, Labels, same};
use super::output::{Output, Record, finished};
use super::{WindowsEvent, parse_event, security};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;
use crate::time::local::Written;

/// No event is longer than this, in bytes of UTF-8.
const LONGEST_EVENT: usize = 1024 * 1024;
/// How many lines stand before the description where each has its place, this one included.
const HEAD_LINES: usize = 10;
/// No label is longer than this, in bytes.
const LONGEST_LABEL: usize = 80;

/// Whether a text begins like an event that Event Viewer copied or `wevtutil` printed.
pub(crate) fn is_event_text(head: &str) -> bool {
    let lines: Vec<&str> = head
        .lines()
        .skip_while(|line| line.trim().is_empty())
        .take(HEAD_LINES + 1)
        .collect();
    let Some(first) = lines.first() else {
        return false;
    };
    if is_numbered(first) {
        return lines
            .get(1)
            .and_then(|line| label(line))
            .is_some_and(|(name, _)| starts(name));
    }
    label(first).is_some_and(|(name, _)| starts(name)) && Head::of(&lines).is_some()
        || by_position(&lines).is_some()
}

/// Reads all events of a text. One that cannot be made out costs itself.
pub(crate) fn read(reader: &mut dyn BufRead, out: &mut Output<'_>) -> Result<()> {
    let mut split = Split::default();
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        let most = LONGEST_EVENT as u64 + 1;
        let read = Read::take(&mut *reader, most)
            .read_until(b'\n', &mut line)
            .map_err(|error| Error::io(Locator::Line(number), error))?;
        if read == 0 {
            break;
        }
        let text = String::from_utf8_lossy(&line);
        finished(split.line(number, text.trim_end_matches(['\r', '\n']), out))?;
    }
    finished(split.end(out))
}

/// A line's label and value.
fn label(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once([':', '：'])?;
    let name = name.trim();
    (!name.is_empty() && name.len() <= LONGEST_LABEL && !name.starts_with('<'))
        .then_some((name, value.trim()))
}

/// Whether a label is the first of an event in a known language.
fn starts(name: &str) -> bool {
    LANGUAGES.iter().any(|labels| same(labels.log, name))
}

/// `Event[0]:`, with which `wevtutil` begins an event.
fn is_numbered(line: &str) -> bool {
    line.trim()
        .trim_end_matches(':')
        .strip_prefix("Event[")
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// The lines of what may be one event.
#[derive(Default)]
struct Block {
    first: u64,
    lines: Vec<String>,
    bytes: usize,
}

impl Block {
    fn push(&mut self, line: &str) {
        self.bytes += line.len() + 1;
        if self.bytes <= LONGEST_EVENT {
            self.lines.push(line.to_owned());
        }
    }

    fn borrowed(&self) -> Vec<&str> {
        self.lines.iter().map(String::as_str).collect()
    }
}

/// Splits a text into events. A line in a description may look like the beginning of one: a block that is no
/// event belongs to the one before.
#[derive(Default)]
struct Split {
    /// The label that the first event begins with.
    label: Option<String>,
    before: Option<Block>,
    now: Option<Block>,
}

impl Split {
    fn line(&mut self, number: u64, line: &str, out: &mut Output<'_>) -> ControlFlow<()> {
        let begins = is_numbered(line)
            || label(line).is_some_and(|(name, _)| match &self.label {
                Some(first) => first == name,
                None => self.now.is_none(),
            }) && !self.now.as_ref().is_some_and(|now| {
                // The line after `Event[0]:`.
                matches!(now.lines.as_slice(), [only] if is_numbered(only))
            });
        if begins {
            if self.label.is_none()
                && let Some((name, _)) = label(line).filter(|_| !is_numbered(line))
            {
                self.label = Some(name.to_owned());
            }
            self.close(out)?;
            self.now = Some(Block {
                first: number,
                ..Block::default()
            });
        }
        match &mut self.now {
            Some(block) => block.push(line),
            None if line.trim().is_empty() => {}
            None => {
                let error = Error::syntax(Locator::Line(number), "a line before the first event");
                out.fault(error, Some(0), None)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// The block that was read last is whole.
    fn close(&mut self, out: &mut Output<'_>) -> ControlFlow<()> {
        let Some(block) = self.now.take() else {
            return ControlFlow::Continue(());
        };
        if Head::of(&block.borrowed()).is_none()
            && let Some(before) = &mut self.before
        {
            for line in &block.lines {
                before.push(line);
            }
            return ControlFlow::Continue(());
        }
        match self.before.replace(block) {
            Some(before) => event(&before, out),
            None => ControlFlow::Continue(()),
        }
    }

    fn end(&mut self, out: &mut Output<'_>) -> ControlFlow<()> {
        self.close(out)?;
        match self.before.take() {
            Some(before) => event(&before, out),
            None => ControlFlow::Continue(()),
        }
    }
}

/// What stands above the description.
#[derive(Default)]
struct Head<'t> {
    log: &'t str,
    source: &'t str,
    date: &'t str,
    id: u32,
    level: &'t str,
    keywords: &'t str,
    computer: &'t str,
    /// The index of the line where the description begins.
    body: usize,
    /// What stands beside the label of the description.
    beside: &'t str,
}

impl<'t> Head<'t> {
    fn of(lines: &[&'t str]) -> Option<Self> {
        by_position(lines).or_else(|| LANGUAGES.iter().find_map(|labels| by_label(lines, labels)))
    }
}

/// Log, source, date, id, task, level, keywords, user, computer, description: in this order in every language.
fn by_position<'t>(lines: &[&'t str]) -> Option<Head<'t>> {
    let values: Vec<_> = lines
        .iter()
        .take(HEAD_LINES)
        .map(|line| label(line).map(|(_, value)| value))
        .collect::<Option<_>>()?;
    let &[
        log,
        source,
        date,
        id,
        _,
        level,
        keywords,
        _,
        computer,
        beside,
    ] = values.as_slice()
    else {
        return None;
    };
    Written::parse(date)?;
    (beside.is_empty() && !source.is_empty()).then_some(Head {
        log,
        source,
        date,
        id: id.parse().ok()?,
        level,
        keywords,
        computer,
        body: HEAD_LINES,
        beside,
    })
}

/// The labels of a language, whatever lines are missing or more.
fn by_label<'t>(lines: &[&'t str], labels: &Labels) -> Option<Head<'t>> {
    let mut head = Head::default();
    let (mut has_id, mut body) = (false, None);
    for (at, line) in lines.iter().enumerate().take(2 * HEAD_LINES) {
        let Some((name, value)) = label(line) else {
            continue;
        };
        let is = |known: &str| same(known, name);
        if is(labels.log) {
            head.log = value;
        } else if is(labels.source) {
            head.source = value;
        } else if is(labels.date) {
            head.date = value;
        } else if is(labels.id) {
            head.id = value.parse().ok()?;
            has_id = true;
        } else if is(labels.level) {
            head.level = value;
        } else if is(labels.keywords) || is("Keyword") {
            head.keywords = value;
        } else if is(labels.computer) {
            head.computer = value;
        } else if is(labels.description) {
            head.beside = value;
            body = Some(at + 1);
            break;
        }
    }
    head.body = body.unwrap_or(lines.len());
    (has_id && !head.source.is_empty()).then_some(head)
}

/// Hands over the event of a block.
fn event(block: &Block, out: &mut Output<'_>) -> ControlFlow<()> {
    let place = Locator::Line(block.first);
    if block.bytes > LONGEST_EVENT {
        let error = Error::new(ErrorCode::Limit, place, "the event is too long");
        return out.fault(error, Some(1), None);
    }
    let lines = block.borrowed();
    let Some(head) = Head::of(&lines) else {
        let known: Vec<_> = LANGUAGES.iter().map(|labels| labels.language).collect();
        let message = format!(
            "the event cannot be made out: neither are its labels in a language that is known here \
             ({}), nor are its lines in Event Viewer's order",
            known.join(", ")
        );
        let error = Error::syntax(place, message)
            .with_help("copy it again with its XML, or export the log as .evtx");
        return out.fault(error, Some(1), Some(block.bytes as u64));
    };
    let body = lines.get(head.body..).unwrap_or_default();
    let xml_at = body.iter().position(|line| {
        let line = line.trim_start();
        line.starts_with("<Event ") || line.starts_with("<Event>")
    });
    // The line above the XML is its label.
    let text = body.get(..xml_at.map_or(body.len(), |at| at.saturating_sub(1)));
    let mut description = head.beside.to_owned();
    for line in text.unwrap_or_default() {
        if !description.is_empty() {
            description.push('\n');
        }
        description.push_str(line);
    }
    let description = Some(description.trim().to_owned()).filter(|text| !text.is_empty());
    if let Some(at) = xml_at {
        let xml = body.get(at..).unwrap_or_default().join("\n");
        let end = xml.rfind("</Event>").map(|end| end + "</Event>".len());
        match parse_event(
            xml.trim_start()
                .get(..end.unwrap_or(xml.len()))
                .unwrap_or(&xml),
        ) {
            Ok(mut event) => {
                event.message = event.message.or(description);
                return out.event(Record::sure(event), place);
            }
            Err(error) => {
                let message = format!(
                    "the XML of this event cannot be read ({}); its labels are",
                    error.message
                );
                out.remark(&message, place.clone(), None)?;
            }
        }
    }
    let some = |text: &str| (!text.is_empty()).then(|| text.into());
    let mut event = WindowsEvent {
        provider: head.source.into(),
        id: head.id & 0xffff,
        computer: some(head.computer),
        channel: some(head.log),
        level: labels::level(head.level),
        keywords: labels::keywords(head.keywords),
        message: description,
        ..WindowsEvent::default()
    };
    security::complete(&mut event);
    let mut written = Written::parse(head.date);
    if let Some(Written::Instant(time)) = written {
        event.time = Some(time);
        written = None;
    } else if written.is_none() {
        let message = "the date of this event cannot be read; the event is kept without it";
        out.remark(message, place.clone(), None)?;
    }
    out.event(Record { event, written }, place)
}

#[cfg(test)]
mod tests;
