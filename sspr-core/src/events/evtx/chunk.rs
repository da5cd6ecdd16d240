//! A chunk: its header, its checksums, and where its records stand.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use memchr::memmem;

use super::bytes::{offset_at, u32_at, u64_at};
use crate::events::RecordSpan;
use crate::time::from_filetime;

/// Bytes of a chunk.
pub(crate) const CHUNK: usize = 64 * 1024;
/// Bytes before its first record.
pub(super) const CHUNK_HEADER: usize = 512;
/// Bytes before a record's binary XML.
pub(super) const RECORD_HEADER: usize = 24;
const MAGIC: &[u8] = b"ElfChnk\0";
pub(super) const RECORD_MAGIC: &[u8] = &[0x2a, 0x2a, 0, 0];
/// The flag of a chunk, or of a log, without checksums.
const NO_CHECKSUM: u32 = 4;
/// A record's time is before the year 9999 ends, in seconds since 1601.
const LATEST: u64 = 253_402_207_200 + 11_644_473_600;

/// Whether bytes begin as a chunk does.
pub(super) fn has_magic(chunk: &[u8]) -> bool {
    chunk.starts_with(MAGIC)
}

/// What a chunk says about itself.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// It begins as a chunk does.
    pub(super) has_magic: bool,
    /// Its own checksum holds, or it has none.
    pub(super) is_intact: bool,
    /// The numbers of its records in this file, and their ids, which an export keeps.
    numbers: RangeInclusive<u64>,
    ids: RangeInclusive<u64>,
    last_record: usize,
    /// Where its records end.
    free: usize,
    checksum: Option<u32>,
}

impl Header {
    /// The header of a whole chunk, whatever stands there.
    pub(super) fn of(chunk: &[u8]) -> Option<Self> {
        let has_checksum = u32_at(chunk, 120)? & NO_CHECKSUM == 0;
        let mut own = crc32fast::Hasher::new();
        own.update(chunk.get(..120)?);
        own.update(chunk.get(128..CHUNK_HEADER)?);
        let is_right = own.finalize() == u32_at(chunk, 124)?;
        let has_magic = has_magic(chunk);
        Some(Self {
            has_magic,
            is_intact: has_magic && (is_right || !has_checksum),
            numbers: u64_at(chunk, 8)?..=u64_at(chunk, 16)?,
            ids: u64_at(chunk, 24)?..=u64_at(chunk, 32)?,
            last_record: offset_at(chunk, 44)?,
            free: offset_at(chunk, 48)?,
            checksum: has_checksum.then_some(u32_at(chunk, 52)?),
        })
    }

    /// Whether the records are what the checksum was made of.
    pub(super) fn matches(&self, chunk: &[u8]) -> bool {
        self.checksum.is_none_or(|checksum| {
            chunk
                .get(CHUNK_HEADER..self.free)
                .is_some_and(|records| crc32fast::hash(records) == checksum)
        })
    }

    /// How many records there are by its numbers and by its ids, where both say the same.
    pub(super) fn count(&self) -> Option<u64> {
        let count = |of: &RangeInclusive<u64>| of.end().checked_sub(*of.start());
        let (numbers, ids) = (count(&self.numbers)?, count(&self.ids)?);
        (numbers == ids && ids < (CHUNK / RECORD_HEADER) as u64).then_some(ids + 1)
    }

    /// The records by what the header says of them, where its words agree with its first and its
    /// last record: what a chunk tells that is not looked into.
    pub(super) fn span(&self, chunk: &[u8]) -> Option<RecordSpan> {
        let first = Record::at(chunk, CHUNK_HEADER).ok()?;
        let last = Record::at(chunk, self.last_record).ok()?;
        let agrees = first.id == *self.ids.start()
            && last.id == *self.ids.end()
            && self.last_record.checked_add(last.size) == Some(self.free);
        if !agrees {
            return None;
        }
        let (from, to) = (first.time(chunk)?, last.time(chunk)?);
        Some(RecordSpan {
            records: self.count()?,
            first: from.min(to),
            last: from.max(to),
        })
    }
}

/// Where a record stands in its chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) at: usize,
    pub(super) size: usize,
    pub(super) id: u64,
}

/// Why no record stands where one should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Zeros, or the end of the chunk.
    Blank,
    Signature,
    Size,
    Time,
    Cut,
}

impl Fault {
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Blank => "no record begins here, and others follow",
            Self::Signature => "what stands here does not begin as a record does",
            Self::Size => "the size of this record is none that fits its chunk",
            Self::Cut => "the log ends inside this record",
            Self::Time => "the time of this record lies beyond the year 9999",
        }
    }
}

impl Record {
    fn at(chunk: &[u8], at: usize) -> Result<Self, Fault> {
        let header = chunk.get(at..).and_then(|rest| rest.get(..RECORD_HEADER));
        let header = header.ok_or(Fault::Blank)?;
        if !header.starts_with(RECORD_MAGIC) {
            let blank = header.starts_with(&[0; 4]);
            return Err(if blank {
                Fault::Blank
            } else {
                Fault::Signature
            });
        }
        let numbers = (offset_at(header, 4), u64_at(header, 8), u64_at(header, 16));
        let (Some(size), Some(id), Some(ticks)) = numbers else {
            return Err(Fault::Blank);
        };
        if ticks / 10_000_000 > LATEST {
            return Err(Fault::Time);
        }
        let fits = size >= RECORD_HEADER + 4 && at + size - 4 <= CHUNK;
        if fits {
            Ok(Self { at, size, id })
        } else {
            Err(Fault::Size)
        }
    }

    /// Where the record ends.
    pub(super) fn end(&self) -> usize {
        self.at + self.size
    }

    /// Where its binary XML ends.
    pub(super) fn body_end(&self) -> usize {
        self.end() - 4
    }

    /// Whether the size stands at the end of the record too.
    fn is_closed(&self, chunk: &[u8]) -> bool {
        offset_at(chunk, self.body_end()) == Some(self.size)
    }

    fn ticks(&self, chunk: &[u8]) -> Option<i64> {
        i64::try_from(u64_at(chunk, self.at + 16)?).ok()
    }

    fn time(&self, chunk: &[u8]) -> Option<DateTime<Utc>> {
        from_filetime(self.ticks(chunk)?)
    }
}

/// A record, or a place where none could be found.
pub(super) type Step = Result<Record, (usize, Fault)>;

/// Finds the records of a chunk, by the rule that the module [`evtx`](super) states.
pub(super) fn walk(chunk: &[u8], header: &Header, steps: &mut Vec<Step>) {
    steps.clear();
    // Where neither a chunk nor a record begins, no record is searched for.
    let is_chunk = header.has_magic || Record::at(chunk, CHUNK_HEADER).is_ok();
    let end = if is_chunk { header.free.min(CHUNK) } else { 0 };
    let mut at = CHUNK_HEADER;
    let mut last: Option<Record> = None;
    while at < end {
        match Record::at(chunk, at) {
            Ok(record) => {
                steps.push(Ok(record));
                last = Some(record);
                at = record.end();
                if record.id == *header.ids.end() {
                    break;
                }
            }
            Err(fault) => {
                let next = next_record(chunk, header, at + 1, end);
                if next.is_some() || fault != Fault::Blank {
                    steps.push(Err((at, fault)));
                }
                match next {
                    Some(next) => at = next,
                    None => break,
                }
            }
        }
    }
    // Records that the header does not know of yet.
    let mut at = last.map_or(CHUNK_HEADER, |last| last.end());
    while let Ok(record) = Record::at(chunk, at) {
        let continues = match last {
            Some(last) => last.id.checked_add(1) == Some(record.id),
            None => !header.is_intact,
        };
        if !continues || !record.is_closed(chunk) {
            break;
        }
        steps.push(Ok(record));
        last = Some(record);
        at = record.end();
    }
}

/// Gives up the records that lie behind the last byte that is there: what follows it are zeros.
pub(super) fn cut(steps: &mut Vec<Step>, present: usize) {
    let is_whole = |step: &Step| match step {
        Ok(record) => record.body_end() <= present,
        Err((at, _)) => *at < present,
    };
    let whole = steps.iter().take_while(|step| is_whole(step)).count();
    if let Some(Ok(record)) = steps.get(whole).copied() {
        steps.truncate(whole);
        steps.push(Err((record.at, Fault::Cut)));
    }
}

/// The next place, from one on, where a record of this chunk stands whole.
fn next_record(chunk: &[u8], header: &Header, from: usize, end: usize) -> Option<usize> {
    let until = end.min(header.last_record.saturating_add(RECORD_MAGIC.len()));
    let places = memmem::find_iter(chunk.get(from..until)?, RECORD_MAGIC);
    places.map(|place| from + place).find(|at| {
        Record::at(chunk, *at).is_ok_and(|record| {
            record.is_closed(chunk) && record.end() <= end && header.ids.contains(&record.id)
        })
    })
}

/// The records that were found, as a span.
pub(super) fn span(chunk: &[u8], steps: &[Step]) -> Option<RecordSpan> {
    let (mut records, mut first, mut last) = (0, i64::MAX, 0);
    for record in steps.iter().flatten() {
        if let Some(ticks) = record.ticks(chunk).filter(|ticks| *ticks > 0) {
            records += 1;
            first = first.min(ticks);
            last = last.max(ticks);
        }
    }
    Some(RecordSpan {
        records,
        first: from_filetime(first)?,
        last: from_filetime(last)?,
    })
}
