//! The values of a record: where they stand, and their text as Windows renders it.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc};
use encoding_rs::WINDOWS_1252;

use super::bytes::{u16_at, u32_at, u64_at};
use crate::time::TICKS_PER_SECOND;

pub(super) const NULL: u8 = 0x00;
pub(super) const STRING: u8 = 0x01;
const ANSI: u8 = 0x02;
const I8: u8 = 0x03;
pub(super) const U8: u8 = 0x04;
const I16: u8 = 0x05;
pub(super) const U16: u8 = 0x06;
const I32: u8 = 0x07;
pub(super) const U32: u8 = 0x08;
const I64: u8 = 0x09;
pub(super) const U64: u8 = 0x0a;
const BOOL: u8 = 0x0d;
const BINARY: u8 = 0x0e;
const GUID: u8 = 0x0f;
const SIZE: u8 = 0x10;
pub(super) const FILETIME: u8 = 0x11;
const SYSTEMTIME: u8 = 0x12;
const SID: u8 = 0x13;
pub(super) const HEX32: u8 = 0x14;
pub(super) const HEX64: u8 = 0x15;
pub(super) const BINXML: u8 = 0x21;
pub(super) const STRINGS: u8 = 0x81;

/// Seconds from 1601 to 1970, and the first second that is too late to be written with four digits.
const EPOCH: i64 = 11_644_473_600;
const LATEST: u64 = 265_046_774_400;
const DAY: u64 = 86_400;
const TICKS: u64 = TICKS_PER_SECOND.unsigned_abs();

/// Whether the format knows a type of value at all.
pub(super) fn is_known(kind: u8) -> bool {
    matches!(kind, 0..=HEX64 | 0x20 | BINXML | 0x23 | STRINGS..=0x95)
}

/// A value: its type, and where it stands in its chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot<'c> {
    pub(super) kind: u8,
    /// Where in the chunk.
    pub(super) at: usize,
    pub(super) bytes: &'c [u8],
}

impl Slot<'_> {
    pub(super) fn is_null(&self) -> bool {
        self.kind == NULL || self.kind == BINXML && self.bytes.is_empty()
    }

    pub(super) fn is_fragment(&self) -> bool {
        self.kind == BINXML && !self.bytes.is_empty()
    }

    /// Whether the value is of a type that is read here, and as long as its type says.
    pub(super) fn is_sound(&self) -> bool {
        let length = self.bytes.len();
        match LENGTHS.get(usize::from(self.kind)).copied() {
            Some(ANY) => true,
            Some(VARYING) => match self.kind {
                STRING => length.is_multiple_of(2),
                SIZE => matches!(length, 4 | 8),
                _ => {
                    let parts = self.bytes.get(1).copied().map(usize::from);
                    length >= 8 && parts.is_some_and(|parts| length == 8 + parts * 4)
                }
            },
            Some(fixed) => length == usize::from(fixed),
            None => match self.kind {
                BINXML => true,
                // The last string has its zero too.
                STRINGS => length.is_multiple_of(2) && matches!(self.bytes, [] | [.., 0, 0]),
                _ => false,
            },
        }
    }
}

/// A type whose values have any length, and one whose values have a length by a rule.
const ANY: u8 = 254;
const VARYING: u8 = 255;
/// How long a value of a type is, by the number of the type.
const LENGTHS: [u8; 22] = [
    ANY, VARYING, ANY, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 4, ANY, 16, VARYING, 8, 16, VARYING, 4, 8,
];

/// Bits of a length that have to be so: where they are, a value of the type is sound.
pub(super) type Plain = (u16, u16);

/// Bits that no length has.
const NEVER: Plain = (0, 1);

/// For each type that there may be. Values that have to be looked at are sound by no length.
#[expect(clippy::indexing_slicing, reason = "it runs at compile time")]
pub(super) const PLAIN: [Plain; 256] = {
    let mut plain = [NEVER; 256];
    let mut kind = 0;
    while kind < LENGTHS.len() {
        plain[kind] = match LENGTHS[kind] {
            ANY => (0, 0),
            VARYING if kind == STRING as usize => (1, 0),
            VARYING => NEVER,
            length => (u16::MAX, length as u16),
        };
        kind += 1;
    }
    plain
};

/// Puts in the only string of an array, if it is plain text and the only one.
pub(super) fn only_string_into(bytes: &[u8], text: &mut String) -> bool {
    let end = bytes.len().saturating_sub(2);
    // Another zero than the last would not be printable.
    ascii_into(bytes.get(..end).unwrap_or_default(), text)
}

/// The strings of an array.
pub(super) fn strings(bytes: &[u8]) -> impl Iterator<Item = String> {
    // The last zero ends the last string, and no other one begins.
    let mut rest = bytes.len().checked_sub(2).and_then(|end| bytes.get(..end));
    std::iter::from_fn(move || {
        let (string, after) = until_zero(rest?);
        rest = after;
        Some(string)
    })
}

/// Puts in the text of a value as [`text`] gives it.
pub(super) fn text_into(slot: Slot<'_>, into: &mut String) -> Option<()> {
    match slot.kind {
        STRING => utf16_into(slot.bytes, into),
        _ => *into = text(slot)?,
    }
    Some(())
}

/// The text of a value; nothing for types whose text is left to the general decoder.
pub(super) fn text(slot: Slot<'_>) -> Option<String> {
    let Slot { kind, bytes, .. } = slot;
    let signed = |bits: u32| Some(u64_of(bytes)?.cast_signed() << (64 - bits) >> (64 - bits));
    Some(match kind {
        _ if slot.is_null() => String::new(),
        STRING => utf16(bytes),
        ANSI => ansi(bytes),
        U8 | U16 | U32 | U64 => u64_of(bytes)?.to_string(),
        I8 => signed(8)?.to_string(),
        I16 => signed(16)?.to_string(),
        I32 => signed(32)?.to_string(),
        I64 => signed(64)?.to_string(),
        // Some providers write bits where a yes or no belongs.
        BOOL => match signed(32)? {
            0 => "false".to_owned(),
            1 => "true".to_owned(),
            other => other.to_string(),
        },
        BINARY => bytes.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02X}");
            text
        }),
        GUID => format!("{{{}}}", uuid::Uuid::from_bytes_le(bytes.try_into().ok()?)),
        SIZE | HEX32 | HEX64 => format!("{:#x}", u64_of(bytes)?),
        FILETIME => written(filetime(u64_of(bytes)?)?),
        SYSTEMTIME => written(systemtime(bytes)?),
        SID => sid(bytes)?,
        _ => return None,
    })
}

/// An unsigned number of up to eight bytes.
#[inline]
pub(super) fn u64_of(bytes: &[u8]) -> Option<u64> {
    match bytes.len() {
        1 => bytes.first().map(|byte| u64::from(*byte)),
        2 => u16_at(bytes, 0).map(u64::from),
        4 => u32_at(bytes, 0).map(u64::from),
        8 => u64_at(bytes, 0),
        _ => None,
    }
}

/// The time that Windows renders for a file time; nothing after the year 9999.
pub(super) fn filetime(ticks: u64) -> Option<DateTime<Utc>> {
    Calendar::default().filetime(ticks)
}

/// Dates out of file times: most records are of the same day as the one before.
#[derive(Debug, Default)]
pub(super) struct Calendar(Option<(u64, NaiveDate)>);

impl Calendar {
    /// The time that Windows renders for a file time; nothing after the year 9999.
    #[inline]
    pub(super) fn filetime(&mut self, ticks: u64) -> Option<DateTime<Utc>> {
        let (seconds, ticks) = (ticks / TICKS, ticks % TICKS);
        let (day, second) = (seconds / DAY, seconds % DAY);
        let date = match self.0 {
            Some((known, date)) if known == day => date,
            _ if seconds >= LATEST => return None,
            _ => {
                let since = i64::try_from(day * DAY).ok()? - EPOCH;
                DateTime::from_timestamp(since, 0)?.date_naive()
            }
        };
        self.0 = Some((day, date));
        let (second, nanos) = (
            u32::try_from(second).ok()?,
            u32::try_from(ticks * 100).ok()?,
        );
        let time = NaiveTime::from_num_seconds_from_midnight_opt(second, nanos)?;
        Some(date.and_time(time).and_utc())
    }
}

/// The time of a SYSTEMTIME; one that is no time is 1601-01-01, as Windows has it.
fn systemtime(bytes: &[u8]) -> Option<DateTime<Utc>> {
    let field = |index: usize| u16_at(bytes, index * 2).map(u32::from);
    let year = field(0)?;
    if (10_000..=30_827).contains(&year) {
        return None;
    }
    let (second, millisecond) = (field(6)?, field(7)?);
    let time = NaiveDate::from_ymd_opt(year.cast_signed(), field(1)?, field(3)?)
        .filter(|_| (1601..10_000).contains(&year) && second < 60 && millisecond < 1000)
        .and_then(|day| {
            let (hour, minute) = (field(4)?, field(5)?);
            day.and_hms_milli_opt(hour, minute, second, millisecond)
        });
    time.map_or_else(|| filetime(0), |time| Some(time.and_utc()))
}

fn written(time: DateTime<Utc>) -> String {
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:07}Z",
        time.year(),
        time.month(),
        time.day(),
        time.hour(),
        time.minute(),
        time.second(),
        time.nanosecond() / 100
    )
}

fn sid(bytes: &[u8]) -> Option<String> {
    let (head, parts) = bytes.split_first_chunk::<8>()?;
    let [revision, _, authority @ ..] = *head;
    let authority = authority
        .iter()
        .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    let mut text = format!("S-{revision}-{authority}");
    for part in parts.as_chunks::<4>().0 {
        let _ = write!(text, "-{}", u32::from_le_bytes(*part));
    }
    Some(text)
}

/// Text of the ANSI code page; zeros in it are dropped.
fn ansi(bytes: &[u8]) -> String {
    let bytes: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
    text.chars()
        .map(|c| if is_allowed(c) { c } else { '_' })
        .collect()
}

/// Whether XML can hold a character. Windows writes `_` for one that it cannot.
fn is_allowed(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Bytes of UTF-16 that are looked at together.
const BLOCK: usize = 32;
const BLANKS: [u8; BLOCK] = *b" \0 \0 \0 \0 \0 \0 \0 \0 \0 \0 \0 \0 \0 \0 \0 \0";

/// UTF-16 as text, up to its first zero.
pub(super) fn utf16(bytes: &[u8]) -> String {
    let mut text = String::new();
    utf16_into(bytes, &mut text);
    text
}

/// UTF-16 as text, up to its first zero, in the place of what stood there.
pub(super) fn utf16_into(bytes: &[u8], text: &mut String) {
    if !ascii_into(bytes, text) {
        *text = until_zero(bytes).0;
    }
}

/// Characters that are put in together.
const PIECE: usize = 256;

/// Puts in UTF-16 that is printable ASCII from the first character to the last, as nearly all of every
/// log is. Of other text some may have been put in.
fn ascii_into(bytes: &[u8], text: &mut String) -> bool {
    text.clear();
    text.reserve_exact(bytes.len() / 2);
    let mut ascii = [0; PIECE];
    for piece in bytes.chunks(2 * PIECE) {
        let (blocks, rest) = piece.as_chunks::<BLOCK>();
        let mut last = BLANKS;
        if let Some(start) = last.get_mut(..rest.len()) {
            start.copy_from_slice(rest);
        }
        let mut bits = [0; BLOCK / 2];
        let (halves, _) = ascii.as_chunks_mut();
        for (half, block) in halves.iter_mut().zip(blocks) {
            narrow(block, half, &mut bits);
        }
        if let Some(half) = halves.get_mut(blocks.len()) {
            narrow(&last, half, &mut bits);
        }
        // Nothing but ASCII is put in.
        let ascii = ascii.get(..piece.len() / 2).map(str::from_utf8);
        match ascii {
            Some(Ok(ascii)) if is_printable(&bits) => text.push_str(ascii),
            _ => return false,
        }
    }
    true
}

/// UTF-16 as text, up to its first zero, and what follows that.
fn until_zero(bytes: &[u8]) -> (String, Option<&[u8]>) {
    let mut out = Vec::with_capacity(bytes.len() / 2);
    let mut rest = bytes;
    let mut after_zero = None;
    'text: while rest.len() >= 2 {
        while let Some((block, after)) = rest.split_first_chunk::<BLOCK>() {
            let Some(ascii) = printable(block) else {
                break;
            };
            out.extend_from_slice(&ascii);
            rest = after;
        }
        if rest.len() < BLOCK {
            // The end, made as long as a block.
            let mut block = BLANKS;
            if let Some(start) = block.get_mut(..rest.len()) {
                start.copy_from_slice(rest);
            }
            if let Some(ascii) = printable(&block) {
                out.extend_from_slice(ascii.get(..rest.len() / 2).unwrap_or_default());
                break;
            }
        }
        // A stretch with something else in it.
        let stretch = rest.len().saturating_sub(BLOCK);
        while rest.len() >= 2 && rest.len() > stretch {
            let (c, after) = character(rest);
            if c == '\0' {
                after_zero = Some(after);
                break 'text;
            }
            match u8::try_from(c) {
                Ok(byte) if byte.is_ascii() => out.push(byte),
                _ => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
            rest = after;
        }
    }
    // Nothing but whole characters was put in.
    (String::from_utf8(out).unwrap_or_default(), after_zero)
}

/// A block of printable ASCII.
fn printable(block: &[u8; BLOCK]) -> Option<[u8; BLOCK / 2]> {
    let (mut ascii, mut bits) = ([0; BLOCK / 2], [0; BLOCK / 2]);
    narrow(block, &mut ascii, &mut bits);
    is_printable(&bits).then_some(ascii)
}

/// The lower halves of a block's characters, and bits that tell whether they are printable ASCII.
#[expect(
    clippy::cast_possible_truncation,
    reason = "whether the upper halves are zero is told"
)]
fn narrow(block: &[u8; BLOCK], ascii: &mut [u8; BLOCK / 2], bits: &mut [u16; BLOCK / 2]) {
    let units = block.as_chunks::<2>().0.iter();
    for ((byte, bits), unit) in ascii.iter_mut().zip(bits).zip(units) {
        let unit = u16::from_le_bytes(*unit);
        *bits |= unit | unit.wrapping_sub(0x20);
        *byte = unit as u8;
    }
}

fn is_printable(bits: &[u16; BLOCK / 2]) -> bool {
    bits.iter().fold(0, |all, bits| all | bits) & 0xff80 == 0
}

/// The first character of UTF-16, and what follows it.
fn character(utf16: &[u8]) -> (char, &[u8]) {
    let unit = |at: usize| u16_at(utf16, at);
    let rest = |bytes: usize| utf16.get(bytes..).unwrap_or_default();
    let Some(first) = unit(0) else {
        return ('\0', &[]);
    };
    let alone = || {
        let c = char::from_u32(u32::from(first)).filter(|c| *c == '\0' || is_allowed(*c));
        (c.unwrap_or('_'), rest(2))
    };
    if !matches!(first, 0xd800..=0xdbff) {
        return alone();
    }
    match unit(2) {
        Some(second @ 0xdc00..=0xdfff) => {
            let pair = [first, second];
            let c = char::decode_utf16(pair).next().and_then(Result::ok);
            (c.unwrap_or('_'), rest(4))
        }
        _ => alone(),
    }
}
