//! What a log that is being written tells at a glance: which records stand in which chunk.

use std::ops::RangeInclusive;

use memchr::memmem;

use super::bytes::{offset_at, u64_at};
use super::chunk::{CHUNK_HEADER, RECORD_HEADER, RECORD_MAGIC, has_magic};

pub(crate) use super::chunk::CHUNK;
pub(crate) use super::file::HEADER_BLOCK;

/// Bytes of a chunk's header that [`ChunkIds::of`] looks at.
pub(crate) const CHUNK_HEAD: usize = 128;

/// What the first bytes of a chunk say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ChunkIds {
    /// Zeros: it was never written.
    Blank,
    /// The ids of its records, as far as its header knows of them.
    Known(RangeInclusive<u64>),
    /// It does not begin as a chunk does.
    Damaged,
}

impl ChunkIds {
    pub(crate) fn of(head: &[u8]) -> Self {
        if head.iter().all(|byte| *byte == 0) {
            return Self::Blank;
        }
        match (has_magic(head), u64_at(head, 24), u64_at(head, 32)) {
            (true, Some(first), Some(last)) => Self::Known(first..=last),
            _ => Self::Damaged,
        }
    }
}

/// When the record of an id was written, in Windows' ticks, if it stands in this chunk.
pub(crate) fn ticks_of(chunk: &[u8], id: u64) -> Option<u64> {
    memmem::find_iter(chunk, RECORD_MAGIC)
        .find(|at| u64_at(chunk, at + 8) == Some(id))
        .and_then(|at| u64_at(chunk, at + 16))
}

/// Where the records end that stand whole in a chunk, one after another, and the id of the last.
pub(crate) fn whole_records(chunk: &[u8]) -> (usize, Option<u64>) {
    let (mut end, mut last) = (CHUNK_HEADER, None);
    while let Some((size, id)) = whole_record(chunk.get(end..).unwrap_or_default()) {
        // What follows was written before the chunk was used again.
        if last.is_some_and(|last: u64| last.checked_add(1) != Some(id)) {
            break;
        }
        end += size;
        last = Some(id);
    }
    (end, last)
}

/// The size and the id of a record that begins here, and ends with its size.
fn whole_record(bytes: &[u8]) -> Option<(usize, u64)> {
    let size = offset_at(bytes, 4)?;
    let closed = offset_at(bytes, size.checked_sub(4)?)? == size;
    let is_record = bytes.starts_with(RECORD_MAGIC) && size > RECORD_HEADER && closed;
    Some((size, u64_at(bytes, 8)?)).filter(|_| is_record)
}

/// The header of a log, marked as one that was not closed: then checksums that lag behind are no
/// fault.
pub(crate) fn as_open(mut header: Vec<u8>) -> Vec<u8> {
    if let Some(flags) = header.get_mut(120) {
        *flags |= 1;
    }
    header
}
