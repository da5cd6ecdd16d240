//! A log of text that grows at its end: XML of events, or JSON lines.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use memchr::memmem;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Found;
use crate::carrier::text::encoding_of;
use crate::error::{Error, Result};
use crate::events::{Filter, LogItem, read_log, read_xml};
use crate::evidence::{Locator, OnProgress};
use crate::snapshot::open::watched::{Tally, Watched};

/// No event, and no line of one, is longer.
const LONGEST: u64 = 2 * 1024 * 1024;
/// Bytes at the beginning, and before the place that was read to, by which a file is known again.
const HEAD_MARK: u64 = 1024;
const TAIL_MARK: u64 = 256;

/// What ends an event of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Unit {
    /// The end of its element.
    Xml,
    /// The end of its line.
    Line,
}

/// How far a log was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place {
    unit: Unit,
    /// Up to this byte.
    bytes: u64,
    /// Lines before it.
    lines: u64,
    /// The first bytes of the file.
    head: Mark,
    /// The bytes before the place.
    tail: Mark,
}

/// Bytes by which a file is known again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mark {
    bytes: u64,
    sha256: String,
}

impl Place {
    pub(super) fn new(unit: Unit) -> Self {
        Self {
            unit,
            bytes: 0,
            lines: 0,
            head: Mark::default(),
            tail: Mark::default(),
        }
    }

    /// Whether the file still holds what was read of it.
    pub(super) fn continues(&self, file: &mut File, unit: Unit, size: u64) -> Result<bool> {
        Ok(self.unit == unit
            && size >= self.bytes
            && mark(file, 0, self.head.bytes)? == self.head
            && mark(file, self.bytes - self.tail.bytes, self.tail.bytes)? == self.tail)
    }
}

/// Reads the events that were written whole behind a place, and moves it.
pub(super) fn read(
    file: &mut File,
    place: &mut Place,
    size: u64,
    head: &[u8],
    found: &mut Found<'_, '_>,
    progress: &mut OnProgress<'_>,
) -> Result<()> {
    let end = whole_end(file, place, size, head)?;
    if end <= place.bytes {
        return Ok(());
    }
    file.seek(SeekFrom::Start(place.bytes)).map_err(failed)?;
    let (tally, mut lines) = (Tally::default(), 0);
    let total = end - place.bytes;
    let name = found.name;
    {
        let counted = Lines {
            inner: file.by_ref().take(total),
            lines: &mut lines,
        };
        let watched = Watched::new(counted, name, Some(total), &tally, progress);
        let before = if place.bytes == 0 {
            &[]
        } else {
            order_mark(head)
        };
        let reader = Cursor::new(before).chain(watched);
        let first_line = place.lines;
        let mut sink = |mut item| {
            match &mut item {
                LogItem::Event(event) => shift(&mut event.place, first_line),
                LogItem::Fault { error, .. } => shift(&mut error.place, first_line),
                LogItem::Audit(record) => shift(&mut record.place, first_line),
                LogItem::Span(_) => {}
            }
            found.item(item)
        };
        match place.unit {
            Unit::Xml => read_xml(reader, &mut sink)?,
            Unit::Line => read_log(reader, &Filter::default(), &mut sink)?,
        }
    }
    place.lines += lines;
    place.bytes = end;
    place.head = mark(file, 0, end.min(HEAD_MARK))?;
    let tail = end.min(TAIL_MARK);
    place.tail = mark(file, end - tail, tail)?;
    Ok(())
}

/// Where the last event ends that stands whole in the file.
fn whole_end(file: &mut File, place: &Place, size: u64, head: &[u8]) -> Result<u64> {
    let needle = needle(place.unit, head);
    let from = place.bytes.max(size.saturating_sub(LONGEST));
    file.seek(SeekFrom::Start(from)).map_err(failed)?;
    let mut bytes = Vec::new();
    file.by_ref()
        .take(size.saturating_sub(from))
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    Ok(match memmem::rfind(&bytes, &needle) {
        Some(at) => from + (at + needle.len()) as u64,
        // Nothing that ends so is so long: it is told as what it is.
        None if from > place.bytes => size,
        None => place.bytes,
    })
}

/// What ends an event, in the file's encoding.
fn needle(unit: Unit, head: &[u8]) -> Vec<u8> {
    let text = match unit {
        Unit::Xml => "</Event>",
        Unit::Line => "\n",
    };
    match encoding_of(head).name() {
        "UTF-16LE" => text.bytes().flat_map(|byte| [byte, 0]).collect(),
        "UTF-16BE" => text.bytes().flat_map(|byte| [0, byte]).collect(),
        _ => text.into(),
    }
}

/// The mark of the byte order that a file begins with, or would have to.
fn order_mark(head: &[u8]) -> &'static [u8] {
    match encoding_of(head).name() {
        "UTF-16LE" => &[0xff, 0xfe],
        "UTF-16BE" => &[0xfe, 0xff],
        _ if head.starts_with(&[0xef, 0xbb, 0xbf]) => &[0xef, 0xbb, 0xbf],
        _ => &[],
    }
}

fn mark(file: &mut File, from: u64, bytes: u64) -> Result<Mark> {
    let mut content = Vec::new();
    file.seek(SeekFrom::Start(from)).map_err(failed)?;
    file.by_ref()
        .take(bytes)
        .read_to_end(&mut content)
        .map_err(failed)?;
    Ok(Mark {
        bytes,
        sha256: super::hex(&Sha256::digest(&content)),
    })
}

fn shift(place: &mut Locator, lines: u64) {
    if let Locator::Line(line) = place {
        *line += lines;
    }
}

/// Counts the lines that pass.
struct Lines<'l, R> {
    inner: R,
    lines: &'l mut u64,
}

impl<R: Read> Read for Lines<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        let passed = into.get(..read).unwrap_or_default();
        *self.lines += memchr::memchr_iter(b'\n', passed).count() as u64;
        Ok(read)
    }
}

fn failed(error: io::Error) -> Error {
    Error::io(Locator::Whole, error)
}
