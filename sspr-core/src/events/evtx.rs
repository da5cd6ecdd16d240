//! Windows logs in their own format, `.evtx`, chunk by chunk from a plain reader.
//!
//! A log needs no seeking, so a member of an archive is read without unpacking it, and no more of it
//! is in memory than a few chunks of 64 KiB.
//!
//! # What is not examined
//!
//! A chunk is self-contained: a record of a provider can only stand in it if the provider's name
//! does, in UTF-16. A chunk that holds no name of a wanted provider is *not examined*: its records
//! are counted by what its header says, none is decoded, and neither its checksums nor its records
//! are verified. In the others checksums are verified and every record is looked at, which takes a
//! few bytes to see whether it is wanted; only wanted records are decoded. [`EvtxSummary`] tells how
//! many chunks were not examined, and [`EvtxOptions::verify`] has all of them examined. Names are
//! searched for as they are given, and as the provider itself spells them where this library knows
//! it; a log that spells a provider in another way, or in its ANSI code page, needs `verify` as
//! well.
//!
//! # Records in slack space
//!
//! A chunk's header says where its records end and which is the last. The records up to there are
//! the log's. What follows is slack: older records, from before the chunk was used again, or newer
//! ones that a header of a live log does not know of yet. **A record in slack is read if and only if
//! it continues the numbering of the record before it and carries its size at its end as well**;
//! everything else in slack is passed over. Where the header's own checksum is wrong, and no record
//! could be found by it, the numbering may begin at the chunk's first record.
//!
//! # Damage
//!
//! A record that cannot be found or decoded costs itself, with its byte offset; the next one is the
//! next place where a whole record stands whose number is one of this chunk's. Wrong checksums are
//! told, and what they are of is read all the same; in a log that was not closed they are not told,
//! since there they lag behind. The log's header is not relied upon: chunks are read to the end of
//! the input, and chunks of zeros are passed over.
//!
//! # Two ways to decode
//!
//! Records of the forms that Windows writes are decoded by a plan that is worked out once for each
//! template of a chunk. Whatever else stands there (fragments without a template, values of rare
//! types, templates with entities or instructions) goes through the `evtx` crate, record by record.
//! Both give the same events.

mod binxml;
mod bytes;
mod chunk;
mod decode;
mod event;
mod file;
mod general;
mod instance;
pub(crate) mod live;
mod plans;
mod screen;
mod target;
mod template;
mod value;

use std::io::Read;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use super::LogItem;
use crate::error::Result;

/// What a log begins with.
const MAGIC: &[u8] = b"ElfFile\0";

/// Whether an input is a Windows log, by its first bytes.
pub fn is_evtx(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// How a log is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvtxOptions {
    /// Examine every chunk, also those without the name of a wanted provider.
    pub verify: bool,
    /// How many threads decode. The items come in the order of the log whatever their number.
    pub jobs: NonZeroUsize,
}

impl Default for EvtxOptions {
    /// One thread, and only the chunks that may hold what is wanted.
    fn default() -> Self {
        Self {
            verify: false,
            jobs: NonZeroUsize::MIN,
        }
    }
}

/// What was read of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EvtxSummary {
    /// Chunks with something in them.
    pub chunks: u64,
    /// Those of them that were not examined, because no wanted provider's name stands in them.
    pub not_examined: u64,
    /// Chunks of nothing but zeros.
    pub empty: u64,
    /// Records found in the chunks that were examined, whoever wrote them.
    pub records: u64,
    /// Those of them that the general decoder had to read.
    pub declined: u64,
}

impl EvtxSummary {
    fn add(&mut self, other: Self) {
        self.chunks += other.chunks;
        self.not_examined += other.not_examined;
        self.empty += other.empty;
        self.records += other.records;
        self.declined += other.declined;
    }
}

/// Reads a log of any length. Events of other providers than the wanted ones are passed over; no
/// wanted provider means all. The first record that can be read is always handed over, for it
/// tells which computer and log it is.
///
/// Every chunk gives a [`RecordSpan`](super::RecordSpan), decoded or not. What cannot be read is
/// handed over as a fault with its place, and the rest is read. The error returned is that the input
/// is no log, that it could not be read at all, or that the sink stopped.
pub fn read_evtx(
    reader: impl Read,
    wanted: &[&str],
    sink: &mut dyn FnMut(LogItem) -> ControlFlow<()>,
) -> Result<()> {
    read_evtx_with(reader, wanted, EvtxOptions::default(), sink).map(|_| ())
}

/// Reads a log as [`read_evtx`] does, with options, and tells what was examined.
pub fn read_evtx_with(
    reader: impl Read,
    wanted: &[&str],
    options: EvtxOptions,
    sink: &mut dyn FnMut(LogItem) -> ControlFlow<()>,
) -> Result<EvtxSummary> {
    file::read(reader, &screen::Wanted::new(wanted), options, sink)
}
