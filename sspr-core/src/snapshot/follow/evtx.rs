//! A log in Windows' own format while it is written: which chunks have something new.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::{Change, Found};
use crate::error::{Error, Result};
use crate::events::evtx::live::{
    CHUNK, CHUNK_HEAD, ChunkIds, HEADER_BLOCK, as_open, ticks_of, whole_records,
};
use crate::events::{EvtxOptions, LogItem, read_evtx_with};
use crate::evidence::{Locator, OnProgress};
use crate::snapshot::open::watched::{Tally, Watched};

/// How far a log was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place {
    /// The highest id of a record that was read.
    record: u64,
    /// When that record was written, in Windows' ticks: another record of the same id is of another
    /// log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ticks: Option<u64>,
    /// How many chunks there were.
    chunks: u64,
    /// The chunk that was still being written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    live: Option<u64>,
    /// Where in it a record was promised and did not stand: it is damaged only if it stays so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    doubt: Option<u64>,
}

impl Place {
    /// The highest id of a record that was read.
    pub(super) fn reached(&self) -> u64 {
        self.record
    }
}

/// Reads what is new in a log.
pub(super) fn read(
    file: &mut File,
    before: Option<&Place>,
    wanted: &[&str],
    found: &mut Found<'_, '_>,
    progress: &mut OnProgress<'_>,
) -> Result<(Place, Option<Change>)> {
    let mut log = Log::open(file, found.name, progress)?;
    let mut change = None;
    let mut before = before.cloned();
    if let Some(place) = &before {
        match log.continues(place)? {
            Some(first) if first > place.record + 1 => {
                change = Some(Change::Missed(place.record + 1, first));
            }
            Some(_) => {}
            None => {
                change = Some(Change::Replaced);
                before = None;
            }
        }
    }
    let place = before.unwrap_or_default();
    let newest = log.newest();
    let is_live = |chunk: u64, ids: &ChunkIds| {
        Some(chunk) == newest
            || newest.is_some_and(|newest| chunk == newest + 1) && *ids == ChunkIds::Damaged
    };
    let (mut whole, mut live, mut last) = (Vec::new(), Vec::new(), place.record);
    for (chunk, ids) in (0..).zip(&log.chunks) {
        if is_live(chunk, ids) {
            live.push(chunk);
            continue;
        }
        let has_news = match ids {
            ChunkIds::Blank => false,
            ChunkIds::Known(ids) => {
                last = last.max(*ids.end());
                *ids.end() > place.record
            }
            ChunkIds::Damaged => chunk >= place.chunks,
        };
        if has_news || place.live == Some(chunk) {
            whole.push(chunk);
        }
    }
    let mut next = Place {
        record: last,
        ticks: None,
        chunks: log.chunks.len() as u64,
        live: newest,
        doubt: None,
    };
    log.chunks_of(&whole, wanted, &mut |item| match &item {
        LogItem::Event(event) if event.value.record.is_some_and(|id| id <= place.record) => {
            ControlFlow::Continue(())
        }
        _ => found.item(item),
    })?;
    for chunk in live {
        log.live(chunk, &place, &mut next, wanted, found)?;
    }
    next.ticks = log.ticks(next.record)?;
    Ok((next, change))
}

/// A file and what its chunks say.
struct Log<'f, 'p> {
    file: &'f mut File,
    name: &'f str,
    progress: &'f mut OnProgress<'p>,
    header: Vec<u8>,
    chunks: Vec<ChunkIds>,
}

impl<'f, 'p> Log<'f, 'p> {
    fn open(file: &'f mut File, name: &'f str, progress: &'f mut OnProgress<'p>) -> Result<Self> {
        let mut header = Vec::new();
        file.rewind().map_err(failed)?;
        { &mut *file }
            .take(HEADER_BLOCK)
            .read_to_end(&mut header)
            .map_err(failed)?;
        let header = as_open(header);
        let mut chunks = Vec::new();
        let mut head = Vec::with_capacity(CHUNK_HEAD);
        loop {
            head.clear();
            let at = start(chunks.len() as u64);
            file.seek(SeekFrom::Start(at)).map_err(failed)?;
            let read = { &mut *file }
                .take(CHUNK_HEAD as u64)
                .read_to_end(&mut head)
                .map_err(failed)?;
            if read < CHUNK_HEAD {
                break;
            }
            chunks.push(ChunkIds::of(&head));
        }
        Ok(Self {
            file,
            name,
            progress,
            header,
            chunks,
        })
    }

    fn known(&self) -> impl Iterator<Item = (u64, &std::ops::RangeInclusive<u64>)> {
        (0..)
            .zip(&self.chunks)
            .filter_map(|(chunk, ids)| match ids {
                ChunkIds::Known(ids) => Some((chunk, ids)),
                ChunkIds::Blank | ChunkIds::Damaged => None,
            })
    }

    /// The chunk with the latest records.
    fn newest(&self) -> Option<u64> {
        self.known()
            .max_by_key(|(_, ids)| *ids.end())
            .map(|(chunk, _)| chunk)
    }

    /// The first record of which nothing is known yet, if this is the log that was read before.
    fn continues(&mut self, place: &Place) -> Result<Option<u64>> {
        let ends = self.known().map(|(_, ids)| *ids.end());
        // A header may lag behind the records that were read from the last chunk.
        let is_behind = ends.max().is_none_or(|last| last < place.record);
        let ticks = self.ticks(place.record)?;
        if place.record == 0 || (ticks.is_some() && ticks == place.ticks) {
            return Ok(Some(place.record + 1));
        }
        if is_behind || (ticks.is_some() && place.ticks.is_some()) {
            return Ok(None);
        }
        let starts = self.known().map(|(_, ids)| *ids.start());
        let first = starts.min().unwrap_or(place.record);
        Ok(Some(first.max(place.record + 1)))
    }

    /// When a record was written that may stand in one of the chunks.
    fn ticks(&mut self, record: u64) -> Result<Option<u64>> {
        let newest = self.newest();
        let candidates: Vec<_> = self
            .known()
            .filter(|(chunk, ids)| {
                ids.contains(&record) || Some(*chunk) == newest && record > *ids.end()
            })
            .map(|(chunk, _)| chunk)
            .collect();
        for chunk in candidates {
            if let Some(ticks) = ticks_of(&self.bytes(chunk)?, record) {
                return Ok(Some(ticks));
            }
        }
        Ok(None)
    }

    fn bytes(&mut self, chunk: u64) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(CHUNK);
        self.file
            .seek(SeekFrom::Start(start(chunk)))
            .map_err(failed)?;
        { &mut *self.file }
            .take(CHUNK as u64)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        Ok(bytes)
    }

    /// Reads some chunks.
    fn chunks_of(
        &mut self,
        chunks: &[u64],
        wanted: &[&str],
        sink: &mut dyn FnMut(LogItem) -> ControlFlow<()>,
    ) -> Result<()> {
        if chunks.is_empty() {
            return Ok(());
        }
        let reader = io::Cursor::new(self.header.clone()).chain(Chunks {
            file: self.file,
            rest: chunks,
            left: 0,
        });
        let total = HEADER_BLOCK + (chunks.len() * CHUNK) as u64;
        let tally = Tally::default();
        let reader = Watched::new(reader, self.name, Some(total), &tally, self.progress);
        read_evtx_with(reader, wanted, EvtxOptions::default(), &mut |mut item| {
            if let LogItem::Fault { error, .. } = &mut item
                && let Locator::Byte(byte) = &mut error.place
            {
                // It was counted in the chunks that were read alone.
                let inside = byte.saturating_sub(HEADER_BLOCK);
                let index = usize::try_from(inside / CHUNK as u64).unwrap_or(usize::MAX);
                if let Some(chunk) = chunks.get(index) {
                    *byte = start(*chunk) + inside % CHUNK as u64;
                }
            }
            sink(item)
        })?;
        Ok(())
    }

    /// Reads a chunk that is being written, up to what is not whole yet. What of it cannot be read
    /// is told when it is full.
    fn live(
        &mut self,
        chunk: u64,
        place: &Place,
        next: &mut Place,
        wanted: &[&str],
        found: &mut Found<'_, '_>,
    ) -> Result<()> {
        let promised = match self
            .chunks
            .get(usize::try_from(chunk).unwrap_or(usize::MAX))
        {
            Some(ChunkIds::Known(ids)) => *ids.end(),
            _ => 0,
        };
        let mut bytes = self.bytes(chunk)?;
        bytes.resize(CHUNK, 0);
        let (end, last) = whole_records(&bytes);
        let mut read = last.unwrap_or_default();
        if promised > read {
            let at = start(chunk) + end as u64;
            next.doubt = Some(at);
            if place.doubt == Some(at) {
                // It stayed as it is: this is damage, and the rest is read.
                read = promised;
            } else if let Some(rest) = bytes.get_mut(end..) {
                rest.fill(0);
            }
        }
        let reader = self.header.as_slice().chain(bytes.as_slice());
        read_evtx_with(reader, wanted, EvtxOptions::default(), &mut |item| {
            if let LogItem::Event(event) = &item {
                let id = event.value.record.unwrap_or_default();
                read = read.max(id);
                if id <= place.record {
                    return ControlFlow::Continue(());
                }
            }
            match item {
                LogItem::Fault { .. } => ControlFlow::Continue(()),
                item => found.item(item),
            }
        })?;
        next.record = next.record.max(read);
        Ok(())
    }
}

/// Chunks out of a file, one after another.
struct Chunks<'f, 'c> {
    file: &'f mut File,
    rest: &'c [u64],
    left: usize,
}

impl Read for Chunks<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            let Some((chunk, rest)) = self.rest.split_first() else {
                return Ok(0);
            };
            self.file.seek(SeekFrom::Start(start(*chunk)))?;
            self.rest = rest;
            self.left = CHUNK;
        }
        let most = into.len().min(self.left);
        let read = self.file.read(into.get_mut(..most).unwrap_or_default())?;
        self.left -= read;
        if read == 0 {
            // The file was cut meanwhile.
            self.rest = &[];
            self.left = 0;
        }
        Ok(read)
    }
}

fn start(chunk: u64) -> u64 {
    HEADER_BLOCK + chunk * CHUNK as u64
}

fn failed(error: io::Error) -> Error {
    Error::io(Locator::Whole, error)
}
