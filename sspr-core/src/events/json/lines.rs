//! JSON lines: one object a line, with or without a prefix of syslog.

use std::io::BufRead;
use std::ops::ControlFlow;

use serde::de::IgnoredAny;

use super::Strangers;
use super::screen::Screen;
use crate::carrier::json::read_line;
use crate::error::{Error, ErrorCode, Result};
use crate::events::output::{Output, finished};
use crate::evidence::Locator;

/// Whether each line is a document: the first one is whole, or the next two are, when the
/// file was cut in its first.
pub(super) fn is_lines(head: &[u8]) -> bool {
    if head.trim_ascii_start().first() == Some(&b'[') {
        return false;
    }
    let Some(end) = memchr::memrchr(b'\n', head) else {
        return head.trim_ascii_start().first() != Some(&b'{') && body(head).is_some();
    };
    let complete = head.get(..end).unwrap_or_default();
    let mut whole = complete
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
        .take(3)
        .map(is_whole);
    match (whole.next(), whole.next(), whole.next()) {
        (Some(true), _, _) => true,
        (Some(false), Some(true), Some(next)) => next,
        _ => false,
    }
}

fn is_whole(line: &[u8]) -> bool {
    body(line).is_some_and(|body| serde_json::from_slice::<IgnoredAny>(body).is_ok())
}

/// The object of a line, without what syslog puts before it.
pub(super) fn body(line: &[u8]) -> Option<&[u8]> {
    let line = line.trim_ascii();
    if line.last() != Some(&b'}') {
        return None;
    }
    line.get(memchr::memchr(b'{', line)?..)
}

/// Reads all lines. A line that is broken or too long costs itself.
pub(super) fn read(
    reader: &mut dyn BufRead,
    item_bytes: u64,
    out: &mut Output<'_>,
    strangers: &mut Strangers,
) -> Result<()> {
    let most = usize::try_from(item_bytes).unwrap_or(usize::MAX);
    let screen = Screen::new(out.screening(), most);
    let mut lines = Lines {
        number: 0,
        most,
        screen,
        strangers,
    };
    // The beginning of a line whose end has not come yet, and whether it is too long already.
    let (mut begun, mut too_long) = (Vec::new(), false);
    loop {
        let block = reader
            .fill_buf()
            .map_err(|error| Error::io(Locator::Line(lines.number + 1), error))?;
        if block.is_empty() {
            break;
        }
        let read = block.len();
        let mut rest = block;
        let mut flow = ControlFlow::Continue(());
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (line, after) = rest.split_at(end);
            rest = after.get(1..).unwrap_or_default();
            flow = if too_long {
                too_long = false;
                lines.too_long(out)
            } else if begun.is_empty() {
                lines.line(line, out)
            } else {
                begun.extend_from_slice(line);
                let flow = lines.line(&begun, out);
                begun.clear();
                flow
            };
            if flow.is_break() {
                break;
            }
        }
        if flow.is_break() {
            return lines.stopped(flow);
        }
        if !too_long {
            begun.extend_from_slice(rest);
            if begun.len() > most {
                too_long = true;
                begun = Vec::new();
            }
        }
        reader.consume(read);
    }
    let flow = if too_long {
        lines.too_long(out)
    } else {
        lines.line(&begun, out)
    };
    lines.stopped(flow)
}

struct Lines<'s, 'f> {
    number: u64,
    most: usize,
    screen: Screen<'f>,
    strangers: &'s mut Strangers,
}

impl Lines<'_, '_> {
    fn line(&mut self, line: &[u8], out: &mut Output<'_>) -> ControlFlow<()> {
        self.number += 1;
        if let Some(time) = self.screen.passes_over(line) {
            return out.passed_over(Some(time));
        }
        if line.trim_ascii().is_empty() {
            return ControlFlow::Continue(());
        }
        if line.len() > self.most {
            self.number -= 1;
            return self.too_long(out);
        }
        let number = self.number;
        let document = body(line).unwrap_or(line);
        let mut flow = ControlFlow::Continue(());
        let strangers = &mut *self.strangers;
        let read = read_line(document, number, self.most as u64, &mut |event| {
            flow = strangers.event(event, Some(number), out);
            flow
        });
        flow?;
        match read {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => out.fault(error, Some(1), Some(line.len() as u64)),
        }
    }

    fn too_long(&mut self, out: &mut Output<'_>) -> ControlFlow<()> {
        self.number += 1;
        let message = format!("the line is longer than {} bytes", self.most);
        let error = Error::new(ErrorCode::Limit, Locator::Line(self.number), message);
        out.fault(error, Some(1), None)
    }

    /// A reading that was broken off because the input is no log is not one that its caller stopped.
    fn stopped(self, flow: ControlFlow<()>) -> Result<()> {
        if self.strangers.too_many {
            return Ok(());
        }
        finished(flow)
    }
}
