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
use super::value::{self, Slot};
use super::{EvtxSummary, binxml};
use crate::error::{Error, ErrorCode};
use crate::events::{LogItem, WindowsEvent};
use crate::evidence::{At, Locator};

/// Takes what a chunk gives.
pub(super) type Sink<'s> = &'s mut dyn FnMut(LogItem) -> ControlFlow<()>;

/// What becomes of a record.
enum Outcome {
    Event(WindowsEvent),
    /// It is another provider's.
    Passed,
    /// The general decoder has to read it.
    Declined,
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
        }
    }

    /// Reads a chunk of which `present` bytes are there, and zeros behind them.
    pub(super) fn chunk(
        &mut self,
        chunk: &[u8],
        present: usize,
        offset: u64,
        sink: Sink<'_>,
    ) -> ControlFlow<()> {
        if chunk.iter().all(|byte| *byte == 0) {
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
        let Some(header) = Header::of(chunk) else {
            return ControlFlow::Continue(());
        };
        let is_examined =
            self.verify || !self.identified || !header.has_magic || self.wanted.may_be_in(chunk);
        if !is_examined {
            if let Some(span) = header.span(chunk) {
                self.summary.not_examined += 1;
                return sink(LogItem::Span(span));
            }
            // A header at odds with its records: they are counted one by one.
        }
        let mut steps = std::mem::take(&mut self.steps);
        walk(chunk, &header, &mut steps);
        let flow = self.records(chunk, &header, &steps, is_examined, present, offset, sink);
        self.steps = steps;
        flow
    }

    #[expect(clippy::too_many_arguments, reason = "all that is known of one chunk")]
    fn records(
        &mut self,
        chunk: &[u8],
        header: &Header,
        steps: &[Step],
        is_examined: bool,
        present: usize,
        offset: u64,
        sink: Sink<'_>,
    ) -> ControlFlow<()> {
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
        let mut plans = Plans {
            chunk,
            wanted: self.wanted,
            plans: HashMap::new(),
        };
        let (mut slots, mut inner) = (Vec::new(), Vec::new());
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
            let outcome = plans
                .record(record, all, &mut slots, &mut inner)
                .unwrap_or(Outcome::Declined);
            let event = match outcome {
                Outcome::Event(event) => Ok(event),
                Outcome::Passed => continue,
                Outcome::Declined => {
                    self.summary.declined += 1;
                    let last = last.unwrap_or(record);
                    let general = general.get_or_insert_with(|| General::of(chunk, last));
                    match general.event(record) {
                        Ok(event) if !all && !self.wanted.has(&event.provider) => continue,
                        read => read,
                    }
                }
            };
            match event {
                Ok(mut event) => {
                    self.identified = true;
                    event.record.get_or_insert(record.id);
                    let event = At::new(event, Locator::Record(record.id));
                    sink(LogItem::Event(Box::new(event)))?;
                }
                Err(error) => {
                    let place = Locator::Byte(offset + record.at as u64);
                    let message = format!("record {}: {}", record.id, error.message);
                    sink(fault(Error::new(error.code, place, message), Some(1), None))?;
                }
            }
        }
        ControlFlow::Continue(())
    }
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
    plans: HashMap<usize, Rc<Plan>>,
}

impl<'c> Plans<'c, '_> {
    fn plan(&mut self, definition: usize) -> Rc<Plan> {
        let (chunk, wanted) = (self.chunk, self.wanted);
        let plan = self.plans.entry(definition).or_insert_with(|| {
            let root = binxml::definition(chunk, definition);
            Rc::new(root.map_or(Plan::Declined, |root| {
                Plan::of(&root, |name| wanted.has(name))
            }))
        });
        Rc::clone(plan)
    }

    /// Reads a record the fast way; `all` tells that no event was handed over yet, so that any
    /// is wanted.
    fn record(
        &mut self,
        record: Record,
        all: bool,
        slots: &mut Vec<Slot<'c>>,
        inner: &mut Vec<Slot<'c>>,
    ) -> Option<Outcome> {
        let body = record.at + RECORD_HEADER;
        let at = instance_at(self.chunk.get(body..record.body_end())?)? + body;
        let plan = self.plan(offset_at(self.chunk, at + 5)?);
        let Plan::Event(plan) = &*plan else {
            return None;
        };
        if plan.wanted == Some(false) && !all {
            return Some(Outcome::Passed);
        }
        value::instance(self.chunk, at, record.body_end(), slots)?;
        if !all && plan.wanted.is_none() {
            let Source::Value(index) = plan.provider.source else {
                return None;
            };
            let provider = slot(slots, index);
            if provider.kind != value::STRING || is_left_out(plan.provider.needs, slots) {
                return None;
            }
            if !self.wanted.has_value(provider) {
                return Some(Outcome::Passed);
            }
        }
        self.event(record, plan, slots, inner).map(Outcome::Event)
    }

    fn event(
        &mut self,
        record: Record,
        plan: &EventPlan,
        slots: &[Slot<'c>],
        inner: &mut Vec<Slot<'c>>,
    ) -> Option<WindowsEvent> {
        let mut event = system(plan, slots, record.id)?;
        let is_fragment = |slot: &Slot<'_>| slot.kind == value::BINXML && !slot.is_null();
        let mut fragments = slots.iter().filter(|slot| is_fragment(slot)).count();
        for part in &plan.parts {
            let index = match part {
                Part::Body(body) => {
                    data(body, slots, &mut event.data)?;
                    continue;
                }
                Part::Fragment(index) => *index,
            };
            let slot = slot(slots, index);
            if slot.is_null() {
                continue;
            }
            if !is_fragment(&slot) {
                return None;
            }
            fragments = fragments.checked_sub(1)?;
            self.fragment(slot, inner, &mut event)?;
        }
        // A fragment that stands elsewhere, and could be broken.
        (fragments == 0).then_some(event)
    }

    /// A value that is an instance of a template in its turn.
    fn fragment(
        &mut self,
        fragment: Slot<'c>,
        slots: &mut Vec<Slot<'c>>,
        event: &mut WindowsEvent,
    ) -> Option<()> {
        let Slot { at, bytes, .. } = fragment;
        let end = at + bytes.len();
        let at = at + instance_at(bytes)?;
        let definition = value::instance(self.chunk, at, end, slots)?;
        if slots
            .iter()
            .any(|slot| slot.kind == value::BINXML && !slot.is_null())
        {
            return None;
        }
        match &*self.plan(definition) {
            Plan::Body(body) => data(body, slots, &mut event.data),
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
