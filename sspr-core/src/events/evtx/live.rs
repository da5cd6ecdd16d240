//! What a log that is being written tells at a glance: which records stand in which chunk.

use std::ops::RangeInclusive;

use memchr::memmem;

use super::bytes::u64_at;
use super::chunk::{RECORD_MAGIC, has_magic};

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

/// The header of a log, marked as one that was not closed: then checksums that lag behind are no
/// fault.
pub(crate) fn as_open(mut header: Vec<u8>) -> Vec<u8> {
    if let Some(flags) = header.get_mut(120) {
        *flags |= 1;
    }
    header
}
