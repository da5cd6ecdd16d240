//! A minimal writer of `.evtx` logs, since no public tool has one. It writes what Windows writes
//! for classic sources (`ReportEvent`): a template with literal names, and the data strings in a
//! nested fragment.

mod binxml;

use std::io::{self, Seek, SeekFrom, Write};

use chrono::{DateTime, Utc};

pub use binxml::forms::{Container, Form, OddDatum, OddEvent};

use binxml::forms::odd_record;
use binxml::{Chunk, event_record};

/// Bytes of the header block of a log.
pub const HEADER_BYTES: usize = 4096;
/// Bytes of a chunk.
pub const CHUNK_BYTES: usize = 65536;

/// One event to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvtxEvent {
    /// The provider's name.
    pub provider: String,
    /// Whether the provider's name is a value of the record, as manifest sources have it, and not
    /// literal text of the template.
    pub provider_as_value: bool,
    /// The event id without its qualifiers.
    pub id: u16,
    /// The upper half of a classic event's identifier.
    pub qualifiers: u16,
    /// 1 critical, 2 error, 3 warning, 4 information.
    pub level: u8,
    /// Keywords.
    pub keywords: u64,
    /// The number that it says it has; forwarded events keep the one of their own log. Without it that of the record.
    pub record: Option<u64>,
    /// When it was written.
    pub time: DateTime<Utc>,
    /// The log's name.
    pub channel: String,
    /// The computer's name.
    pub computer: String,
    /// Data strings; named ones are written in a template of their own, and a record has either
    /// only named or only unnamed ones.
    pub data: Vec<(Option<String>, String)>,
}

impl EvtxEvent {
    /// A classic event of the Application log, with one data string.
    pub fn new(
        provider: &str,
        id: u16,
        computer: &str,
        time: DateTime<Utc>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            provider: provider.into(),
            provider_as_value: false,
            id,
            qualifiers: 0,
            level: 4,
            keywords: 0x0080_0000_0000_0000,
            record: None,
            time,
            channel: "Application".into(),
            computer: computer.into(),
            data: vec![(None, message.into())],
        }
    }
}

/// Writes a log whose records are numbered from `first_record`.
///
/// # Panics
///
/// When an event does not fit a chunk.
pub fn write(events: &[EvtxEvent], first_record: u64) -> Vec<u8> {
    let events = events.iter().map(|event| (event.time, event));
    write_all(events, first_record, event_record)
}

/// Writes a log of events whose data has forms of its own.
///
/// # Panics
///
/// When an event does not fit a chunk.
pub fn write_odd(events: &[OddEvent], first_record: u64) -> Vec<u8> {
    let events = events.iter().map(|odd| (odd.event.time, odd));
    write_all(events, first_record, odd_record)
}

fn write_all<'e, E: 'e>(
    events: impl Iterator<Item = (DateTime<Utc>, &'e E)>,
    first_record: u64,
    body: impl Fn(&mut Chunk, u64, &'e E),
) -> Vec<u8> {
    let mut chunks = Vec::new();
    let mut chunk = Chunk::new();
    let mut record = first_record;
    for (time, event) in events {
        if !chunk.append(record, time, |out| body(out, record, event)) {
            chunks.push(std::mem::take(&mut chunk));
            let fits = chunk.append(record, time, |out| body(out, record, event));
            assert!(fits, "record {record} does not fit a chunk");
        }
        record += 1;
    }
    if !chunk.is_empty() || chunks.is_empty() {
        chunks.push(chunk);
    }
    let mut file = header(chunks.len(), record);
    for chunk in chunks {
        file.extend_from_slice(&chunk.finish());
    }
    file
}

/// Writes a log event by event, of any size: what stays in memory is one chunk.
#[derive(Debug)]
pub struct LogWriter<W> {
    out: W,
    chunk: Chunk,
    chunks: usize,
    record: u64,
}

impl<W: Write + Seek> LogWriter<W> {
    /// Begins a log whose records are numbered from 1.
    pub fn create(mut out: W) -> io::Result<Self> {
        out.write_all(&[0; HEADER_BYTES])?;
        Ok(Self {
            out,
            chunk: Chunk::new(),
            chunks: 0,
            record: 1,
        })
    }

    /// Appends an event. One that does not fit a chunk is an error.
    pub fn write(&mut self, event: &EvtxEvent) -> io::Result<()> {
        let record = self.record;
        let body = |out: &mut Chunk| event_record(out, record, event);
        if !self.chunk.append(record, event.time, body) {
            self.flush_chunk()?;
            if !self.chunk.append(record, event.time, body) {
                return Err(io::Error::other(format!(
                    "record {record} does not fit a chunk"
                )));
            }
        }
        self.record += 1;
        Ok(())
    }

    /// Writes what is left, and the header.
    pub fn finish(mut self) -> io::Result<()> {
        if !self.chunk.is_empty() || self.chunks == 0 {
            self.flush_chunk()?;
        }
        self.out.seek(SeekFrom::Start(0))?;
        self.out.write_all(&header(self.chunks, self.record))?;
        self.out.flush()
    }

    fn flush_chunk(&mut self) -> io::Result<()> {
        self.chunks += 1;
        self.out
            .write_all(&std::mem::take(&mut self.chunk).finish())
    }
}

fn header(chunks: usize, next_record: u64) -> Vec<u8> {
    let last = (chunks as u64).saturating_sub(1);
    let mut header = Vec::with_capacity(HEADER_BYTES);
    header.extend_from_slice(b"ElfFile\0");
    header.extend_from_slice(&0_u64.to_le_bytes());
    header.extend_from_slice(&last.to_le_bytes());
    header.extend_from_slice(&next_record.to_le_bytes());
    header.extend_from_slice(&128_u32.to_le_bytes());
    header.extend_from_slice(&1_u16.to_le_bytes());
    header.extend_from_slice(&3_u16.to_le_bytes());
    header.extend_from_slice(&4096_u16.to_le_bytes());
    // The counter has 16 bits and wraps, as in Windows' own files.
    let count = u16::try_from(chunks % 0x1_0000).unwrap_or_default();
    header.extend_from_slice(&count.to_le_bytes());
    header.resize(120, 0);
    let crc = crc32fast::hash(&header);
    header.extend_from_slice(&0_u32.to_le_bytes());
    header.extend_from_slice(&crc.to_le_bytes());
    header.resize(HEADER_BYTES, 0);
    header
}
