//! Windows logs in their own format, `.evtx`, chunk by chunk from a plain reader.
//!
//! A log needs no seeking, so a member of an archive is read without unpacking it. Chunks that
//! cannot hold a wanted provider are not decoded: the name would stand in them in UTF-16.

use std::io::Read;
use std::ops::ControlFlow;
use std::sync::Arc;

use evtx::err::EvtxError;
use evtx::{EvtxChunkData, ParserSettings};
use memchr::memmem::{self, Finder};

use super::xml::parse_event;
use super::{LogItem, RecordSpan};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{At, Locator};
use crate::time::from_filetime;

/// What a log begins with.
const MAGIC: &[u8] = b"ElfFile\0";
const CHUNK_MAGIC: &[u8] = b"ElfChnk\0";
const CHUNK: usize = 64 * 1024;
const CHUNK_HEADER: usize = 512;
const RECORD_MAGIC: u32 = 0x2a2a;
const RECORD_HEADER: usize = 24;
/// The flag of a log that was not closed: its last chunk may lag behind its checksums.
const DIRTY: u32 = 1;

/// Whether an input is a Windows log, by its first bytes.
pub fn is_evtx(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// Reads a log of any length. Events of other providers than the wanted ones are passed over; no
/// wanted provider means all. The first record that can be read is always handed over, for it
/// tells which computer and log it is.
///
/// Every chunk gives a [`RecordSpan`], decoded or not. What cannot be read is handed over as a
/// fault with its place, and the rest is read. The error returned is that the input is no log,
/// that it could not be read at all, or that the sink stopped.
pub fn read_evtx(
    mut reader: impl Read,
    wanted: &[&str],
    sink: &mut dyn FnMut(LogItem) -> ControlFlow<()>,
) -> Result<()> {
    let mut header = vec![0; 128];
    let got = fill(&mut reader, &mut header, 0)?;
    if !is_evtx(&header) {
        return Err(Error::new(
            ErrorCode::Unrecognised,
            Locator::Byte(0),
            "this is no Windows log",
        ));
    }
    let block = u64::from(u16_at(&header, 40).unwrap_or_default()).max(4096);
    let skipped = skip(&mut reader, block - 128)?;
    if got < 128 || skipped < block - 128 {
        return Err(Error::new(
            ErrorCode::Truncated,
            Locator::Byte(got as u64),
            "the log ends inside its header",
        ));
    }
    let dirty = u32_at(&header, 120).unwrap_or_default() & DIRTY != 0;
    let mut chunks = Chunks {
        wanted: Wanted::new(wanted),
        settings: Arc::new(ParserSettings::default().indent(false).num_threads(1)),
        dirty,
        identified: false,
        sink,
    };
    let mut offset = block;
    loop {
        let mut chunk = vec![0; CHUNK];
        let got = fill(&mut reader, &mut chunk, offset)?;
        if got == 0 {
            return Ok(());
        }
        if chunks.read(chunk, got, offset).is_break() {
            return Err(Error::new(
                ErrorCode::Cancelled,
                Locator::Byte(offset),
                "stopped by the caller",
            ));
        }
        offset += got as u64;
        if got < CHUNK {
            return Ok(());
        }
    }
}

/// The names of the wanted providers, as they stand in a chunk and in the decoded text.
struct Wanted {
    names: Vec<String>,
    in_chunk: Vec<Finder<'static>>,
    in_text: Vec<Finder<'static>>,
}

impl Wanted {
    fn new(names: &[&str]) -> Self {
        let utf16 = |name: &&str| {
            let bytes: Vec<_> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            Finder::new(&bytes).into_owned()
        };
        let ansi = |name: &&str| Finder::new(name.as_bytes()).into_owned();
        Self {
            names: names.iter().map(ToString::to_string).collect(),
            // A provider may also stand there in the ANSI code page.
            in_chunk: names
                .iter()
                .map(utf16)
                .chain(names.iter().map(ansi))
                .collect(),
            in_text: names.iter().map(ansi).collect(),
        }
    }

    fn may_be_in(&self, chunk: &[u8]) -> bool {
        self.names.is_empty() || self.in_chunk.iter().any(|name| name.find(chunk).is_some())
    }

    fn may_be_in_text(&self, xml: &[u8]) -> bool {
        self.names.is_empty() || self.in_text.iter().any(|name| name.find(xml).is_some())
    }

    fn has(&self, provider: &str) -> bool {
        self.names.is_empty()
            || self
                .names
                .iter()
                .any(|name| name.eq_ignore_ascii_case(provider))
    }
}

struct Chunks<'s> {
    wanted: Wanted,
    settings: Arc<ParserSettings>,
    dirty: bool,
    /// An event has been handed over.
    identified: bool,
    sink: &'s mut dyn FnMut(LogItem) -> ControlFlow<()>,
}

impl Chunks<'_> {
    fn read(&mut self, chunk: Vec<u8>, got: usize, offset: u64) -> ControlFlow<()> {
        if chunk.iter().all(|byte| *byte == 0) {
            return ControlFlow::Continue(());
        }
        if got < CHUNK {
            self.fault(
                ErrorCode::Truncated,
                Locator::Byte(offset + got as u64),
                "the log ends inside a chunk",
                None,
                Some((CHUNK - got) as u64),
            )?;
        }
        if !chunk.starts_with(CHUNK_MAGIC) {
            return self.fault(
                ErrorCode::Syntax,
                Locator::Byte(offset),
                "no chunk begins here",
                None,
                Some(got as u64),
            );
        }
        if let Some(span) = span(&chunk) {
            (self.sink)(LogItem::Span(span))?;
        }
        let may_hold = self.wanted.may_be_in(&chunk);
        if !may_hold && self.identified {
            return ControlFlow::Continue(());
        }
        match EvtxChunkData::new(chunk, false) {
            Ok(data) => self.decode(data, offset, may_hold, got == CHUNK),
            Err(error) => self.fault(
                ErrorCode::Syntax,
                Locator::Byte(offset),
                &error.to_string(),
                None,
                Some(CHUNK as u64),
            ),
        }
    }

    fn decode(
        &mut self,
        mut data: EvtxChunkData,
        offset: u64,
        may_hold: bool,
        whole: bool,
    ) -> ControlFlow<()> {
        if whole && !self.dirty && !data.validate_checksum() {
            self.fault(
                ErrorCode::Checksum,
                Locator::Byte(offset),
                "the checksum of this chunk differs from its content; its records were read all the same",
                Some(0),
                None,
            )?;
        }
        let mut chunk = match data.parse(Arc::clone(&self.settings)) {
            Ok(chunk) => chunk,
            Err(error) => {
                return self.fault(
                    ErrorCode::Syntax,
                    Locator::Byte(offset),
                    &error.to_string(),
                    None,
                    Some(CHUNK as u64),
                );
            }
        };
        for record in chunk.iter() {
            let decoded = record.and_then(|record| {
                let id = record.event_record_id;
                record.into_xml().map(|xml| (id, xml.data))
            });
            match decoded {
                Ok((id, xml)) => self.event(id, &xml)?,
                Err(error) => {
                    let place = match &error {
                        EvtxError::FailedToReadRecordAt { offset: at, .. } => {
                            Locator::Byte(offset + at)
                        }
                        EvtxError::FailedToParseRecord { record_id, .. } => {
                            Locator::Record(*record_id)
                        }
                        _ => Locator::Byte(offset),
                    };
                    self.fault(ErrorCode::Syntax, place, &error.to_string(), Some(1), None)?;
                }
            }
            if !may_hold && self.identified {
                break;
            }
        }
        ControlFlow::Continue(())
    }

    fn event(&mut self, record: u64, xml: &str) -> ControlFlow<()> {
        if self.identified && !self.wanted.may_be_in_text(xml.as_bytes()) {
            return ControlFlow::Continue(());
        }
        let start = memmem::find(xml.as_bytes(), b"<Event").unwrap_or_default();
        match parse_event(xml.get(start..).unwrap_or_default().trim_end()) {
            Ok(mut event) => {
                if self.identified && !self.wanted.has(&event.provider) {
                    return ControlFlow::Continue(());
                }
                self.identified = true;
                event.record.get_or_insert(record);
                (self.sink)(LogItem::Event(Box::new(At::new(
                    event,
                    Locator::Record(record),
                ))))
            }
            Err(error) => self.fault(
                error.code,
                Locator::Record(record),
                &error.message,
                Some(1),
                None,
            ),
        }
    }

    fn fault(
        &mut self,
        code: ErrorCode,
        place: Locator,
        message: &str,
        records: Option<u64>,
        bytes: Option<u64>,
    ) -> ControlFlow<()> {
        (self.sink)(LogItem::Fault {
            error: Error::new(code, place, message),
            records,
            bytes,
        })
    }
}

/// The records of a chunk by their headers, which cost nothing to read.
fn span(chunk: &[u8]) -> Option<RecordSpan> {
    let end = usize::try_from(u32_at(chunk, 48)?).ok()?.min(CHUNK);
    let mut at = CHUNK_HEADER;
    let mut span: Option<RecordSpan> = None;
    while at + RECORD_HEADER <= end && u32_at(chunk, at)? == RECORD_MAGIC {
        let size = usize::try_from(u32_at(chunk, at + 4)?).ok()?;
        if size < RECORD_HEADER + 4 {
            break;
        }
        let time = u64_at(chunk, at + 16)
            .and_then(|ticks| i64::try_from(ticks).ok())
            .and_then(from_filetime);
        if let Some(time) = time {
            let span = span.get_or_insert(RecordSpan {
                records: 0,
                first: time,
                last: time,
            });
            span.records += 1;
            span.first = span.first.min(time);
            span.last = span.last.max(time);
        }
        at += size;
    }
    span
}

/// Reads until the buffer is full or the input ends.
fn fill(reader: &mut impl Read, buffer: &mut [u8], offset: u64) -> Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::io(Locator::Byte(offset + filled as u64), error)),
        }
    }
    Ok(filled)
}

fn skip(reader: &mut impl Read, bytes: u64) -> Result<u64> {
    std::io::copy(&mut reader.by_ref().take(bytes), &mut std::io::sink())
        .map_err(|error| Error::io(Locator::Byte(128), error))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
