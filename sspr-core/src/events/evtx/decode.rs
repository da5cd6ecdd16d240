//! One chunk after another into events, faults and spans.

use std::ops::ControlFlow;

use super::EvtxSummary;
use super::chunk::{CHUNK, Header, Step, cut, span, walk};
use super::general::General;
use super::plans::Plans;
use super::screen::Wanted;
use super::target::Target;
use crate::error::{Error, ErrorCode};
use crate::events::LogItem;
use crate::evidence::Locator;

/// A chunk, and where it stands in its log.
#[derive(Clone, Copy)]
pub(super) struct Piece<'c> {
    /// As long as a chunk.
    pub(super) bytes: &'c [u8],
    /// How many bytes were there; zeros stand behind them.
    pub(super) present: usize,
    pub(super) offset: u64,
}

/// Decodes chunks, with what is the same for all chunks of a log.
pub(super) struct Decoder<'w> {
    pub(super) wanted: &'w Wanted,
    /// Every chunk is examined.
    pub(super) verify: bool,
    /// The log was not closed: its checksums may lag behind.
    pub(super) dirty: bool,
    /// An event has been handed over, which tells whose log it is.
    pub(super) identified: bool,
    pub(super) summary: EvtxSummary,
    steps: Vec<Step>,
    plans: Plans<'w>,
}

impl<'w> Decoder<'w> {
    pub(super) fn new(wanted: &'w Wanted, verify: bool, dirty: bool) -> Self {
        Self {
            wanted,
            verify,
            dirty,
            identified: false,
            summary: EvtxSummary::default(),
            steps: Vec::new(),
            plans: Plans::new(wanted),
        }
    }

    /// Reads a chunk.
    pub(super) fn chunk(&mut self, piece: Piece<'_>, target: &mut impl Target) -> ControlFlow<()> {
        let Piece {
            present, offset, ..
        } = piece;
        if piece.bytes.iter().all(|byte| *byte == 0) {
            self.summary.empty += 1;
            return ControlFlow::Continue(());
        }
        self.summary.chunks += 1;
        if present < CHUNK {
            let error = Error::new(
                ErrorCode::Truncated,
                Locator::Byte(offset + present as u64),
                "the log ends inside a chunk",
            );
            target.other(fault(error, None, Some((CHUNK - present) as u64)))?;
        }
        let Some(header) = Header::of(piece.bytes) else {
            return ControlFlow::Continue(());
        };
        let is_examined = self.verify
            || !self.identified
            || !header.has_magic
            || self.wanted.may_be_in(piece.bytes);
        // With a header at odds with its records they are counted one by one.
        if !is_examined && let Some(span) = header.span(piece.bytes) {
            self.summary.not_examined += 1;
            return target.other(LogItem::Span(span));
        }
        let mut steps = std::mem::take(&mut self.steps);
        walk(piece.bytes, &header, &mut steps);
        cut(&mut steps, present);
        let flow = self.records(piece, &header, &steps, is_examined, target);
        self.steps = steps;
        flow
    }

    fn records(
        &mut self,
        piece: Piece<'_>,
        header: &Header,
        steps: &[Step],
        is_examined: bool,
        target: &mut impl Target,
    ) -> ControlFlow<()> {
        let Piece {
            bytes: chunk,
            present,
            offset,
        } = piece;
        if !header.has_magic {
            let bytes = steps.is_empty().then_some(present as u64);
            let error = Error::syntax(Locator::Byte(offset), "no chunk begins here");
            target.other(fault(error, bytes.is_none().then_some(0), bytes))?;
        }
        if let Some(span) = span(chunk, steps) {
            target.other(LogItem::Span(span))?;
        }
        if !is_examined {
            self.summary.not_examined += 1;
            return ControlFlow::Continue(());
        }
        if present == CHUNK && header.has_magic && !self.dirty {
            checksums(chunk, header, offset, target)?;
        }
        let missing = missing(header, steps);
        if missing > 0 {
            let place = Locator::Byte(offset);
            let message =
                format!("{missing} of the records that this chunk's header counts cannot be found");
            target.other(fault(Error::syntax(place, message), Some(missing), None))?;
        }
        self.plans.next_chunk();
        let last = steps.iter().rev().flatten().next().copied();
        let mut general: Option<General> = None;
        for step in steps {
            let record = match step {
                Ok(record) => *record,
                Err((at, broken)) => {
                    let place = Locator::Byte(offset + *at as u64);
                    target.other(fault(Error::syntax(place, broken.message()), Some(1), None))?;
                    continue;
                }
            };
            self.summary.records += 1;
            let all = !self.identified;
            let event = target.room();
            let read = self.plans.record(chunk, record, all, &mut event.value);
            let read = read.map_or_else(
                || {
                    self.summary.declined += 1;
                    let last = last.unwrap_or(record);
                    let general = general.get_or_insert_with(|| General::of(chunk, last));
                    general.event(record).map(|read| {
                        event.value = read;
                        all || self.wanted.has(&event.value.provider)
                    })
                },
                Ok,
            );
            match read {
                Ok(false) => {}
                Ok(true) => {
                    self.identified = true;
                    event.value.record.get_or_insert(record.id);
                    event.place = Locator::Record(record.id);
                    target.keep()?;
                }
                Err(error) => {
                    let place = Locator::Byte(offset + record.at as u64);
                    let message = format!("record {}: {}", record.id, error.message);
                    target.other(fault(Error::new(error.code, place, message), Some(1), None))?;
                }
            }
        }
        ControlFlow::Continue(())
    }
}

/// How many records a header counts beyond those that were found or are told of as damage.
fn missing(header: &Header, steps: &[Step]) -> u64 {
    let counted = header.count().filter(|_| header.is_intact);
    counted
        .unwrap_or_default()
        .saturating_sub(steps.len() as u64)
}

/// Tells of the checksums that differ. What they are of was read all the same.
fn checksums(
    chunk: &[u8],
    header: &Header,
    offset: u64,
    target: &mut impl Target,
) -> ControlFlow<()> {
    let parts = [
        (header.is_intact, "header"),
        (header.matches(chunk), "records"),
    ];
    for (_, part) in parts.iter().filter(|(holds, _)| !holds) {
        let error = Error::new(
            ErrorCode::Checksum,
            Locator::Byte(offset),
            format!(
                "the checksum of this chunk's {part} differs from the content; its records were read all the same"
            ),
        );
        target.other(fault(error, Some(0), None))?;
    }
    ControlFlow::Continue(())
}

pub(super) fn fault(error: Error, records: Option<u64>, bytes: Option<u64>) -> LogItem {
    LogItem::Fault {
        error,
        records,
        bytes,
    }
}
