//! One chunk after another into events, faults and spans.

use std::ops::ControlFlow;
use std::rc::Rc;

use hashbrown::HashMap;

use super::bytes::offset_at;
use super::chunk::{CHUNK, Header, RECORD_HEADER, Record, Step, span, walk};
use super::event::{data, is_left_out, slot, system};
use super::general::General;
use super::screen::Wanted;
use super::template::{EventPlan, Part, Plan, Source};
use super::value::{self, Calendar, Slot};
use super::{EvtxSummary, binxml};
use crate::error::{Error, ErrorCode};
use crate::events::{LogItem, WindowsEvent};
use crate::evidence::{At, Locator};

/// Takes what a chunk gives.
pub(super) type Sink<'s> = &'s mut dyn FnMut(LogItem) -> ControlFlow<()>;

/// An event to be handed over, with room for its fields.
type Room = Box<At<WindowsEvent>>;

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
    calendar: Calendar,
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
            calendar: Calendar::default(),
        }
    }

    /// Reads a chunk.
    pub(super) fn chunk(&mut self, piece: Piece<'_>, sink: Sink<'_>) -> ControlFlow<()> {
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
            sink(fault(error, None, Some((CHUNK - present) as u64)))?;
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
            return sink(LogItem::Span(span));
        }
        let mut steps = std::mem::take(&mut self.steps);
        walk(piece.bytes, &header, &mut steps);
        let flow = self.records(piece, &header, &steps, is_examined, sink);
        self.steps = steps;
        flow
    }

    fn records(
        &mut self,
        piece: Piece<'_>,
        header: &Header,
        steps: &[Step],
        is_examined: bool,
        sink: Sink<'_>,
    ) -> ControlFlow<()> {
        let Piece {
            bytes: chunk,
            present,
            offset,
        } = piece;
        if !header.has_magic {
            let bytes = steps.is_empty().then_some(present as u64);
            let error = Error::syntax(Locator::Byte(offset), "no chunk begins here");
            sink(fault(error, bytes.is_none().then_some(0), bytes))?;
        }
        if let Some(span) = span(chunk, steps) {
            sink(LogItem::Span(span))?;
        }
        if !is_examined {
            self.summary.not_examined += 1;
            return ControlFlow::Continue(());
        }
        if present == CHUNK && header.has_magic && !self.dirty {
            checksums(chunk, header, offset, sink)?;
        }
        let missing = missing(header, steps);
        if missing > 0 {
            let place = Locator::Byte(offset);
            let message =
                format!("{missing} of the records that this chunk's header counts cannot be found");
            sink(fault(Error::syntax(place, message), Some(missing), None))?;
        }
        let mut plans = Plans {
            chunk,
            wanted: self.wanted,
            known: HashMap::new(),
            calendar: &mut self.calendar,
            slots: Vec::new(),
            inner: Vec::new(),
        };
        let mut room: Option<Room> = None;
        let last = steps.iter().rev().flatten().next().copied();
        let mut general: Option<General> = None;
        for step in steps {
            let record = match step {
                Ok(record) => *record,
                Err((at, broken)) => {
                    let place = Locator::Byte(offset + *at as u64);
                    sink(fault(Error::syntax(place, broken.message()), Some(1), None))?;
                    continue;
                }
            };
            self.summary.records += 1;
            let all = !self.identified;
            let mut event = room.take().unwrap_or_else(|| empty(record.id));
            let read = match plans.record(record, all, &mut event.value) {
                Some(true) => Ok(()),
                Some(false) => {
                    room = Some(event);
                    continue;
                }
                None => {
                    self.summary.declined += 1;
                    let last = last.unwrap_or(record);
                    let general = general.get_or_insert_with(|| General::of(chunk, last));
                    general.event(record).map(|read| event.value = read)
                }
            };
            if let Err(error) = read {
                let place = Locator::Byte(offset + record.at as u64);
                let message = format!("record {}: {}", record.id, error.message);
                sink(fault(Error::new(error.code, place, message), Some(1), None))?;
            } else if all || self.wanted.has(&event.value.provider) {
                self.identified = true;
                event.value.record.get_or_insert(record.id);
                event.place = Locator::Record(record.id);
                sink(LogItem::Event(event))?;
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

fn empty(record: u64) -> Room {
    Box::new(At::new(WindowsEvent::default(), Locator::Record(record)))
}

/// Tells of the checksums that differ. What they are of was read all the same.
fn checksums(chunk: &[u8], header: &Header, offset: u64, sink: Sink<'_>) -> ControlFlow<()> {
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
        sink(fault(error, Some(0), None))?;
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

/// The plans of a chunk's templates, each worked out at its first use.
struct Plans<'c, 'w> {
    chunk: &'c [u8],
    wanted: &'w Wanted,
    known: HashMap<usize, Rc<Plan>>,
    calendar: &'w mut Calendar,
    /// The values of a record, and those of the fragment in it.
    slots: Vec<Slot<'c>>,
    inner: Vec<Slot<'c>>,
}

impl<'c> Plans<'c, '_> {
    fn plan(&mut self, definition: usize) -> Rc<Plan> {
        let (chunk, wanted) = (self.chunk, self.wanted);
        let plan = self.known.entry(definition).or_insert_with(|| {
            let root = binxml::definition(chunk, definition);
            Rc::new(root.map_or(Plan::Declined, |root| {
                Plan::of(&root, |name| wanted.has(name))
            }))
        });
        Rc::clone(plan)
    }

    /// Reads a record the fast way, and says whether it is wanted. Nothing when the general decoder
    /// has to read it. `all` tells that no event was handed over yet, so that any is wanted.
    fn record(&mut self, record: Record, all: bool, event: &mut WindowsEvent) -> Option<bool> {
        let body = record.at + RECORD_HEADER;
        let at = instance_at(self.chunk.get(body..record.body_end())?)? + body;
        let plan = self.plan(offset_at(self.chunk, at + 5)?);
        let Plan::Event(plan) = &*plan else {
            return None;
        };
        if plan.wanted == Some(false) && !all {
            return Some(false);
        }
        let end = record.body_end();
        let (_, fragments) = value::instance(self.chunk, at, end, &mut self.slots)?;
        if !all && plan.wanted.is_none() {
            let Source::Value(index) = plan.provider.source else {
                return None;
            };
            let provider = slot(&self.slots, index);
            if provider.kind != value::STRING || is_left_out(plan.provider.needs, &self.slots) {
                return None;
            }
            if !self.wanted.has_value(provider) {
                return Some(false);
            }
        }
        self.event(plan, fragments, event).map(|()| true)
    }

    fn event(
        &mut self,
        plan: &EventPlan,
        mut fragments: usize,
        event: &mut WindowsEvent,
    ) -> Option<()> {
        system(plan, &self.slots, self.calendar, event)?;
        event.data.clear();
        event.message = None;
        for part in &plan.parts {
            let index = match part {
                Part::Body(body) => {
                    data(body, &self.slots, &mut event.data)?;
                    continue;
                }
                Part::Fragment(index) => *index,
            };
            let slot = slot(&self.slots, index);
            if slot.is_fragment() {
                fragments = fragments.checked_sub(1)?;
                self.fragment(slot, event)?;
            } else if !slot.is_null() {
                return None;
            }
        }
        // One that stands elsewhere could be broken.
        (fragments == 0).then_some(())
    }

    /// A value that is an instance of a template in its turn.
    fn fragment(&mut self, fragment: Slot<'c>, event: &mut WindowsEvent) -> Option<()> {
        let Slot { at, bytes, .. } = fragment;
        let end = at + bytes.len();
        let at = at + instance_at(bytes)?;
        let (definition, fragments) = value::instance(self.chunk, at, end, &mut self.inner)?;
        if fragments > 0 {
            return None;
        }
        match &*self.plan(definition) {
            Plan::Body(body) => data(body, &self.inner, &mut event.data),
            Plan::Nothing => Some(()),
            Plan::Event(_) | Plan::Declined => None,
        }
    }
}

/// Where, in a stream that is one instance of a template, the instance's token ends.
fn instance_at(stream: &[u8]) -> Option<usize> {
    match stream {
        [binxml::FRAGMENT, _, _, _, binxml::INSTANCE, ..] => Some(5),
        _ => None,
    }
}
