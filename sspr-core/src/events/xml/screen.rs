//! Telling from the bytes of a record that nobody wants its event, without reading it.
//!
//! A record is passed over only when it is certain what reading it would give: its tags are walked
//! through in the plain form that Windows writes. Whatever else stands in it (instructions, comments,
//! entities but the five common ones, a second provider) is read the long way, so that both
//! ways give the same events, spans and faults.

use chrono::{DateTime, Utc};

use crate::events::log::Filter;
use crate::time::quick_rfc3339;

/// Deeper records are read the long way.
const DEPTH: usize = 16;
/// Elements with more attributes are read the long way.
const ATTRIBUTES: usize = 6;

/// A record that nobody wants.
pub(super) struct Passed {
    /// How many bytes it has.
    pub(super) length: usize,
    pub(super) time: Option<DateTime<Utc>>,
}

/// Whether the record that begins here is whole and surely not wanted.
pub(super) fn passes_over(bytes: &[u8], filter: &Filter) -> Option<Passed> {
    let mut walk = Walk {
        bytes,
        at: 0,
        open: [&[]; DEPTH],
        depth: 0,
        provider: None,
        id: None,
        time: None,
        in_system: false,
        systems: 0,
    };
    walk.record()?;
    let provider = std::str::from_utf8(walk.provider?).ok()?;
    let time = walk.time;
    (!filter.wants_parts(provider, walk.id?, time)).then_some(Passed {
        length: walk.at,
        time,
    })
}

struct Walk<'b> {
    bytes: &'b [u8],
    at: usize,
    open: [&'b [u8]; DEPTH],
    depth: usize,
    provider: Option<&'b [u8]>,
    id: Option<u32>,
    time: Option<DateTime<Utc>>,
    in_system: bool,
    systems: u32,
}

impl<'b> Walk<'b> {
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// All of the record, from `<Event` to its end.
    fn record(&mut self) -> Option<()> {
        loop {
            // At the beginning of a tag.
            self.at += 1;
            if self.peek()? == b'/' {
                self.at += 1;
                let open = *self.open.get(self.depth.checked_sub(1)?)?;
                let end = self.at + open.len();
                (self.bytes.get(self.at..end)? == open).then_some(())?;
                (self.bytes.get(end) == Some(&b'>')).then_some(())?;
                self.at = end + 1;
                self.depth -= 1;
                if self.depth == 0 {
                    return Some(());
                }
                if self.depth == 1 {
                    self.in_system = false;
                }
            } else {
                self.start()?;
            }
            self.text()?;
        }
    }

    /// Text up to the next tag.
    #[inline]
    fn text(&mut self) -> Option<()> {
        if self.peek()? == b'<' {
            return Some(());
        }
        loop {
            let rest = self.bytes.get(self.at..)?;
            self.at += memchr::memchr2(b'<', b'&', rest)?;
            if self.peek()? == b'<' {
                return Some(());
            }
            let rest = self.bytes.get(self.at..)?;
            let known: &[&[u8]] = &[b"&lt;", b"&gt;", b"&amp;", b"&quot;", b"&apos;"];
            let entity = known.iter().find(|entity| rest.starts_with(entity))?;
            self.at += entity.len();
        }
    }

    #[inline]
    fn name(&mut self) -> Option<&'b [u8]> {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
        {
            self.at += 1;
        }
        let name = self.bytes.get(start..self.at)?;
        name.first()?.is_ascii_alphabetic().then_some(name)
    }

    fn start(&mut self) -> Option<()> {
        let name = self.name()?;
        let (in_event, in_system) = (self.depth == 1, self.depth == 2 && self.in_system);
        if (self.depth == 0) != (name == b"Event") {
            return None;
        }
        let mut names: [&[u8]; ATTRIBUTES] = [&[]; ATTRIBUTES];
        let mut count = 0;
        let empty = loop {
            let blanks = self.at;
            while matches!(self.peek()?, b' ' | b'\t' | b'\r' | b'\n') {
                self.at += 1;
            }
            match self.peek()? {
                b'>' => {
                    self.at += 1;
                    break false;
                }
                b'/' => {
                    (self.bytes.get(self.at + 1) == Some(&b'>')).then_some(())?;
                    self.at += 2;
                    break true;
                }
                _ if blanks == self.at => return None,
                _ => {}
            }
            // `xmlns:…` and its like have a colon.
            let start = self.at;
            self.name()?;
            if self.peek()? == b':' {
                self.at += 1;
                self.name()?;
            }
            let attribute = self.bytes.get(start..self.at)?;
            (self.peek()? == b'=').then_some(())?;
            let quote = *self.bytes.get(self.at + 1)?;
            matches!(quote, b'"' | b'\'').then_some(())?;
            let from = self.at + 2;
            let length =
                self.bytes.get(from..)?.iter().position(|byte| {
                    *byte == quote || matches!(byte, b'<' | b'&') || *byte < b' '
                })?;
            let value = self.bytes.get(from..from + length)?;
            (self.bytes.get(from + length) == Some(&quote)).then_some(())?;
            self.at = from + length + 1;
            if names.get(..count)?.contains(&attribute) {
                return None;
            }
            *names.get_mut(count)? = attribute;
            count += 1;
            if in_system {
                self.matters(name, attribute, value)?;
            }
        };
        if empty {
            // An empty id, and an event without anything, are read.
            return (self.depth > 0 && !(in_system && name == b"EventID")).then_some(());
        }
        if in_event && name == b"System" {
            self.in_system = true;
            self.systems += 1;
            (self.systems == 1).then_some(())?;
        }
        if in_system && name == b"EventID" {
            let start = self.at;
            while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                self.at += 1;
            }
            let digits = self.bytes.get(start..self.at)?;
            let short =
                (1..=9).contains(&digits.len()) && self.peek()? == b'<' && self.id.is_none();
            let id = std::str::from_utf8(digits).ok().filter(|_| short)?;
            self.id = Some(id.parse::<u32>().ok()? & 0xffff);
        }
        *self.open.get_mut(self.depth)? = name;
        self.depth += 1;
        Some(())
    }

    /// An attribute of an element of `System`.
    fn matters(&mut self, element: &[u8], attribute: &[u8], value: &'b [u8]) -> Option<()> {
        let fine = match (element, attribute) {
            (b"Provider", b"Name") => self.provider.replace(value).is_none() && !value.is_empty(),
            (b"TimeCreated", b"SystemTime") => self.time.replace(quick_rfc3339(value)?).is_none(),
            _ => true,
        };
        fine.then_some(())
    }
}
