//! Telling from the bytes of a line that nobody wants its event, without reading it.
//!
//! A line is passed over only when it is certain what reading it would give: that it is whole, of a form
//! whose provider, id and time stand at known places, and that the filter does not want these. Whatever is
//! unusual (escapes in a name, another case, two keys of one name, odd numbers) is read the long
//! way, so that both ways give the same events, spans and faults.

use chrono::{DateTime, Utc};

use crate::events::catalogue::Source;
use crate::events::log::Filter;
use crate::time::quick_rfc3339;

/// What a value of a line takes in memory at most, for each of its bytes.
const GROWTH: usize = 32;
/// Deeper lines are read the long way.
const DEPTH: u32 = 24;

/// See the module.
pub(super) struct Screen<'f> {
    /// Nothing when every line is read.
    filter: Option<&'f Filter>,
    longest: usize,
}

impl<'f> Screen<'f> {
    pub(super) fn new(filter: Option<&'f Filter>, item_bytes: usize) -> Self {
        Self {
            filter,
            longest: item_bytes / GROWTH,
        }
    }

    /// Whether the line is surely an event that is not wanted; then, its time.
    pub(super) fn passes_over(&self, line: &[u8]) -> Option<DateTime<Utc>> {
        let filter = self.filter?;
        let line = line.trim_ascii();
        if line.len() > self.longest || has_control(line) || std::str::from_utf8(line).is_err() {
            return None;
        }
        let start = if line.first() == Some(&b'{') {
            0
        } else {
            // Behind what syslog puts before it.
            memchr::memchr(b'{', line)?
        };
        let mut found = Found::default();
        let mut scan = Scan {
            bytes: line.get(start..)?,
            at: 0,
        };
        scan.object(&mut found)?;
        if scan.at != scan.bytes.len() {
            return None;
        }
        let (provider, id, time) = found.event()?;
        (!filter.wants_parts(provider, id, Some(time))).then_some(time)
    }
}

/// Whether a line holds characters that JSON does not allow in strings, or a tab.
fn has_control(line: &[u8]) -> bool {
    // Without a way out in between, many bytes are compared at once.
    line.iter().fold(u8::MAX, |least, byte| least.min(*byte)) < 0x20
}

/// A value that may matter.
#[derive(Clone, Copy, Default)]
enum Raw<'l> {
    #[default]
    Absent,
    /// A string without escapes, or a number, as it stands.
    Plain(&'l [u8]),
    /// A string with escapes.
    Escaped,
    Other,
}

impl<'l> Raw<'l> {
    fn is_absent(self) -> bool {
        matches!(self, Self::Absent)
    }

    fn plain(self) -> Option<&'l [u8]> {
        match self {
            Self::Plain(bytes) => Some(bytes),
            _ => None,
        }
    }

    fn text(self) -> Option<&'l str> {
        let text = std::str::from_utf8(self.plain()?).ok()?;
        (!text.trim().is_empty()).then_some(text)
    }

    fn id(self) -> Option<u32> {
        let digits = self.plain()?;
        if digits.is_empty() || digits.len() > 9 || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let id: u32 = std::str::from_utf8(digits).ok()?.parse().ok()?;
        Some(id & 0xffff)
    }

    /// ISO 8601 with its zone, or `\/Date(ms)\/`.
    fn time(self) -> Option<DateTime<Utc>> {
        let bytes = self.plain()?;
        quick_rfc3339(bytes).or_else(|| {
            let digits = bytes
                .strip_prefix(b"\\/Date(")
                .and_then(|rest| rest.strip_suffix(b")\\/"))?;
            if digits.is_empty() || digits.len() > 15 || !digits.iter().all(u8::is_ascii_digit) {
                return None;
            }
            let millis = std::str::from_utf8(digits).ok()?.parse().ok()?;
            DateTime::from_timestamp_millis(millis)
        })
    }
}

/// The fields of a line that decide.
#[derive(Default)]
struct Found<'l> {
    winlog: bool,
    winlog_provider: Raw<'l>,
    winlog_id: Raw<'l>,
    timestamp: Raw<'l>,
    id: Raw<'l>,
    provider_name: Raw<'l>,
    time_created: Raw<'l>,
    properties: Raw<'l>,
    message: Raw<'l>,
    event_id: Raw<'l>,
    source_name: Raw<'l>,
    event_time: Raw<'l>,
    source: Raw<'l>,
    time_generated: Raw<'l>,
    of_azure: Raw<'l>,
    /// A name in another case than usual: names are read without regard to it.
    odd: bool,
}

/// Names that a form depends on, when they stand there in another case.
const NAMES: [&[u8]; 11] = [
    b"Id",
    b"ProviderName",
    b"TimeCreated",
    b"Properties",
    b"Message",
    b"EventID",
    b"SourceName",
    b"EventTime",
    b"Provider",
    b"Source",
    b"TimeGenerated",
];
/// Names that make something else of the object.
const STRANGE: [&[u8]; 7] = [
    b"value",
    b"members",
    b"tables",
    b"rows",
    b"activityDisplayName",
    b"OperationName",
    b"activity",
];

impl<'l> Found<'l> {
    /// Provider, id and time, in the order in which the forms are told apart.
    fn event(&self) -> Option<(&'l str, u32, DateTime<Utc>)> {
        if self.winlog {
            return Some((
                self.winlog_provider.text()?,
                self.winlog_id.id()?,
                self.timestamp.time()?,
            ));
        }
        if self.odd {
            return None;
        }
        if !self.id.is_absent() {
            let provider = self.provider_name.text()?;
            // Data that were cut short are told of when the text does not make up for them.
            let has_text = matches!(self.message, Raw::Escaped) || self.message.text().is_some();
            let nothing_to_tell = self.properties.is_absent()
                || has_text && Source::of(provider) != Some(Source::Security);
            return nothing_to_tell.then_some((provider, self.id.id()?, self.time_created.time()?));
        }
        let id = self.event_id.id()?;
        if !self.source_name.is_absent() {
            return Some((self.source_name.text()?, id, self.event_time.time()?));
        }
        if !self.source.is_absent() && !self.of_azure.is_absent() {
            return Some((self.source.text()?, id, self.time_generated.time()?));
        }
        None
    }

    /// Where a field's value goes. Nothing when the line has to be read.
    fn put(&mut self, name: &'l [u8], value: Raw<'l>) -> Option<()> {
        let slot = match name {
            b"@timestamp" => &mut self.timestamp,
            b"Id" => &mut self.id,
            b"ProviderName" => &mut self.provider_name,
            b"TimeCreated" => &mut self.time_created,
            b"Properties" => &mut self.properties,
            b"Message" => &mut self.message,
            b"EventID" => &mut self.event_id,
            b"SourceName" => &mut self.source_name,
            b"EventTime" => &mut self.event_time,
            b"Source" => &mut self.source,
            b"TimeGenerated" => &mut self.time_generated,
            b"EventLevelName" => &mut self.of_azure,
            // Envelopes, and documents of the old form or with dots in their keys.
            b"_source" | b"fields" | b"source_name" | b"event_id" => return None,
            _ if name.starts_with(b"winlog.") => return None,
            _ => {
                let same = |known: &&[u8]| known.eq_ignore_ascii_case(name);
                if STRANGE.iter().any(&same) {
                    return None;
                }
                if name == b"Provider" {
                    return None;
                }
                self.odd |= NAMES.iter().any(same);
                return Some(());
            }
        };
        if !slot.is_absent() {
            return None;
        }
        *slot = match value {
            Raw::Absent => Raw::Other,
            value => value,
        };
        Some(())
    }
}

/// Walks through the JSON of a line. Nothing when it is not certainly right.
struct Scan<'l> {
    bytes: &'l [u8],
    at: usize,
}

impl<'l> Scan<'l> {
    #[inline]
    fn next(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// The next byte that is no blank.
    #[inline]
    fn next_mark(&mut self) -> Option<u8> {
        loop {
            match self.next()? {
                b' ' => {}
                byte => return Some(byte),
            }
        }
    }

    /// The object of the line, with its fields that matter.
    fn object(&mut self, found: &mut Found<'l>) -> Option<()> {
        (self.next()? == b'{').then_some(())?;
        let mut mark = self.next_mark()?;
        if mark == b'}' {
            return Some(());
        }
        loop {
            let (name, plain) = (mark == b'"').then(|| self.string()).flatten()?;
            plain.then_some(())?;
            (self.next_mark()? == b':').then_some(())?;
            let first = self.next_mark()?;
            if name == b"winlog" {
                if found.winlog || first != b'{' {
                    return None;
                }
                found.winlog = true;
                self.winlog(found)?;
            } else {
                let value = self.value(first, DEPTH)?;
                found.put(name, value)?;
            }
            match self.next_mark()? {
                b',' => mark = self.next_mark()?,
                b'}' => return Some(()),
                _ => return None,
            }
        }
    }

    /// The object `winlog`, whose brace was read.
    fn winlog(&mut self, found: &mut Found<'l>) -> Option<()> {
        let mut mark = self.next_mark()?;
        if mark == b'}' {
            return Some(());
        }
        loop {
            let (name, plain) = (mark == b'"').then(|| self.string()).flatten()?;
            plain.then_some(())?;
            (self.next_mark()? == b':').then_some(())?;
            let first = self.next_mark()?;
            let value = self.value(first, DEPTH)?;
            let slot = match name {
                b"provider_name" => Some(&mut found.winlog_provider),
                b"event_id" => Some(&mut found.winlog_id),
                _ => None,
            };
            if let Some(slot) = slot {
                if !slot.is_absent() {
                    return None;
                }
                *slot = value;
            }
            match self.next_mark()? {
                b',' => mark = self.next_mark()?,
                b'}' => return Some(()),
                _ => return None,
            }
        }
    }

    /// A value whose first byte was read.
    fn value(&mut self, first: u8, depth: u32) -> Option<Raw<'l>> {
        match first {
            b'"' => {
                let (text, plain) = self.string()?;
                // PowerShell's dates have escaped slashes and nothing else.
                let date = || text.starts_with(b"\\/Date(");
                Some(if plain || date() {
                    Raw::Plain(text)
                } else {
                    Raw::Escaped
                })
            }
            b'{' => self.nested(b'}', depth).map(|()| Raw::Other),
            b'[' => self.nested(b']', depth).map(|()| Raw::Other),
            b't' => self.word(b"rue"),
            b'f' => self.word(b"alse"),
            b'n' => self.word(b"ull"),
            b'-' | b'0'..=b'9' => self.number(first),
            _ => None,
        }
    }

    fn nested(&mut self, close: u8, depth: u32) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        let mut mark = self.next_mark()?;
        if mark == close {
            return Some(());
        }
        loop {
            if close == b'}' {
                (mark == b'"').then(|| self.string()).flatten()?;
                (self.next_mark()? == b':').then_some(())?;
                mark = self.next_mark()?;
            }
            self.value(mark, depth)?;
            match self.next_mark()? {
                b',' => mark = self.next_mark()?,
                mark if mark == close => return Some(()),
                _ => return None,
            }
        }
    }

    fn word(&mut self, rest: &[u8]) -> Option<Raw<'l>> {
        let end = self.at + rest.len();
        (self.bytes.get(self.at..end)? == rest).then_some(())?;
        self.at = end;
        Some(Raw::Other)
    }

    /// A number of a size that any reader takes.
    fn number(&mut self, first: u8) -> Option<Raw<'l>> {
        let start = self.at - 1;
        let digits = |scan: &mut Self| {
            let from = scan.at;
            while scan.bytes.get(scan.at).is_some_and(u8::is_ascii_digit) {
                scan.at += 1;
            }
            scan.at - from
        };
        let more = digits(self);
        let whole = more + usize::from(first != b'-');
        let leading = if first == b'-' {
            self.bytes.get(start + 1)
        } else {
            Some(&first)
        };
        if whole == 0 || whole > 18 || (leading == Some(&b'0') && whole > 1) {
            return None;
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            let places = digits(self);
            (1..=17).contains(&places).then_some(())?;
        }
        let is_done = !matches!(self.bytes.get(self.at), Some(b'e' | b'E' | b'.'));
        is_done.then_some(())?;
        self.bytes.get(start..self.at).map(Raw::Plain)
    }

    /// A string whose quote was read, and whether it is without escapes.
    #[inline]
    fn string(&mut self) -> Option<(&'l [u8], bool)> {
        let start = self.at;
        let mut plain = true;
        loop {
            let rest = self.bytes.get(self.at..)?;
            let end = self.at + short_find(rest)?;
            self.at = end + 1;
            if self.bytes.get(end) == Some(&b'"') {
                return Some((self.bytes.get(start..end)?, plain));
            }
            plain = false;
            match self.next()? {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                b'u' => {
                    let digits = self.bytes.get(self.at..self.at + 4)?;
                    let surrogate = matches!(
                        digits,
                        [b'd' | b'D', b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F', ..]
                    );
                    let whole = digits.iter().all(u8::is_ascii_hexdigit) && !surrogate;
                    whole.then_some(())?;
                    self.at += 4;
                }
                _ => return None,
            }
        }
    }
}

/// Where the first quote or backslash is. Most strings are short.
#[inline]
fn short_find(bytes: &[u8]) -> Option<usize> {
    const SHORT: usize = 12;
    let near = bytes.get(..SHORT.min(bytes.len()))?;
    near.iter()
        .position(|byte| matches!(byte, b'"' | b'\\'))
        .or_else(|| {
            memchr::memchr2(b'"', b'\\', bytes.get(near.len()..)?).map(|at| at + near.len())
        })
}
