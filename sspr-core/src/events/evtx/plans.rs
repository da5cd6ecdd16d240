//! The plans of templates, each worked out at its first use, and what records become by them.

use std::ops::Range;
use std::rc::Rc;

use hashbrown::HashMap;

use super::binxml;
use super::bytes::offset_at;
use super::chunk::{RECORD_HEADER, Record};
use super::event::{Before, Data, data, system};
use super::instance::{Slots, Values};
use super::screen::Wanted;
use super::template::{EventPlan, Part, Plan, Source};
use super::value::{self, Slot};
use crate::events::WindowsEvent;

/// A definition may be longer, and more of them known, but is worked out anew for each chunk then.
const MOST_BYTES: usize = 16 * 1024;
const MOST_KNOWN: usize = 128;

/// The plans of a log's templates. A template stands in each chunk anew, as a rule at the same place.
pub(super) struct Plans<'w> {
    wanted: &'w Wanted,
    /// By where the definition stands in its chunk.
    known: HashMap<usize, Known>,
    /// The number of the chunk that is read.
    chunk: u64,
    before: Before,
    /// The values of a record, and those of the fragment in it.
    values: Values,
    inner: Values,
    names: Vec<Range<usize>>,
    /// The plans that were used last, of which a run of records is, and where their definitions stand:
    /// of the record, and of the fragment in it.
    last: Option<(usize, Rc<Plan>)>,
    last_inner: Option<(usize, Rc<Plan>)>,
}

/// A plan, and what it was worked out from.
struct Known {
    plan: Rc<Plan>,
    /// The last chunk that it was found to be right for.
    chunk: u64,
    /// The bytes of the definition and of the names that it shares, with where they stand; none where
    /// it is for one chunk alone.
    from: Vec<(usize, Vec<u8>)>,
}

impl<'w> Plans<'w> {
    pub(super) fn new(wanted: &'w Wanted) -> Self {
        Self {
            wanted,
            known: HashMap::new(),
            chunk: 0,
            before: Before::default(),
            values: Values::default(),
            inner: Values::default(),
            names: Vec::new(),
            last: None,
            last_inner: None,
        }
    }

    /// Another chunk begins, in which everything may stand elsewhere.
    pub(super) fn next_chunk(&mut self) {
        self.chunk += 1;
        self.last = None;
        self.last_inner = None;
        if self.known.len() >= MOST_KNOWN {
            self.known.clear();
        }
    }

    fn plan(&mut self, chunk: &[u8], definition: usize) -> Rc<Plan> {
        if let Some(known) = self.known.get_mut(&definition)
            && (known.chunk == self.chunk || known.stands_in(chunk))
        {
            known.chunk = self.chunk;
            return Rc::clone(&known.plan);
        }
        let root = binxml::definition(chunk, definition, &mut self.names);
        let plan = Rc::new(root.map_or(Plan::Declined, |root| {
            Plan::of(&root, |name| self.wanted.has(name))
        }));
        let known = Known {
            plan: Rc::clone(&plan),
            chunk: self.chunk,
            from: self.origin(chunk, definition).unwrap_or_default(),
        };
        self.known.insert(definition, known);
        plan
    }

    /// What the plan that was just made depends on; nothing where that is too much to be kept.
    fn origin(&self, chunk: &[u8], definition: usize) -> Option<Vec<(usize, Vec<u8>)>> {
        // Where the next definition stands, and an id, come first.
        let start = definition.checked_add(20)?;
        let end = start.checked_add(4 + offset_at(chunk, start)?)?;
        let is_elsewhere = |name: &&Range<usize>| name.start < start || end < name.end;
        let names = self.names.iter().filter(is_elsewhere).cloned();
        let parts = std::iter::once(start..end).chain(names);
        let bytes: usize = parts.clone().map(|part| part.len()).sum();
        if bytes > MOST_BYTES || self.known.len() >= MOST_KNOWN {
            return None;
        }
        parts
            .map(|part| Some((part.start, chunk.get(part)?.to_vec())))
            .collect()
    }

    /// Reads a record the fast way, and says whether it is wanted. Nothing when the general decoder
    /// has to read it. `all` tells that no event was handed over yet, so that any is wanted.
    pub(super) fn record(
        &mut self,
        chunk: &[u8],
        record: Record,
        all: bool,
        event: &mut WindowsEvent,
    ) -> Option<bool> {
        let body = record.at + RECORD_HEADER;
        let at = instance_at(chunk.get(body..record.body_end())?)? + body;
        let definition = offset_at(chunk, at + 5)?;
        let shared = match self.last.take() {
            Some((known, plan)) if known == definition => plan,
            _ => self.plan(chunk, definition),
        };
        let read = self.read(chunk, record, at, &shared, all, event);
        self.last = Some((definition, shared));
        read
    }

    fn read(
        &mut self,
        chunk: &[u8],
        record: Record,
        at: usize,
        plan: &Plan,
        all: bool,
        event: &mut WindowsEvent,
    ) -> Option<bool> {
        let Plan::Event(plan) = plan else {
            return None;
        };
        if plan.wanted == Some(false) && !all {
            return Some(false);
        }
        let mut values = std::mem::take(&mut self.values);
        let read = values.read(chunk, at, record.body_end());
        let read = read.and_then(|(_, fragments)| {
            let slots = values.slots(chunk);
            if !all && plan.wanted.is_none() && !self.is_wanted(plan, slots)? {
                return Some(false);
            }
            self.event(plan, slots, fragments, event).map(|()| true)
        });
        self.values = values;
        read
    }

    /// Whether a provider that is named by a value is wanted.
    fn is_wanted(&self, plan: &EventPlan, slots: Slots<'_, '_>) -> Option<bool> {
        let Source::Value(index) = plan.provider.source else {
            return None;
        };
        let provider = slots.get(index);
        if provider.kind != value::STRING || slots.leave_out(plan.provider.needs) {
            return None;
        }
        Some(self.wanted.has_value(provider))
    }

    fn event(
        &mut self,
        plan: &EventPlan,
        slots: Slots<'_, '_>,
        mut fragments: usize,
        event: &mut WindowsEvent,
    ) -> Option<()> {
        system(plan, slots, &mut self.before, event)?;
        let mut strings = Data::new(&mut event.data);
        for part in &plan.parts {
            let index = match part {
                Part::Body(body) => {
                    data(body, slots, &mut strings)?;
                    continue;
                }
                Part::Fragment(index) => *index,
            };
            let slot = slots.get(index);
            if slot.is_fragment() {
                fragments = fragments.checked_sub(1)?;
                self.fragment(slots.chunk, slot, &mut strings)?;
            } else if !slot.is_null() {
                return None;
            }
        }
        strings.finish();
        // One that stands elsewhere could be broken.
        (fragments == 0).then_some(())
    }

    /// A value that is an instance of a template in its turn.
    fn fragment(&mut self, chunk: &[u8], fragment: Slot<'_>, into: &mut Data<'_>) -> Option<()> {
        let Slot { at, bytes, .. } = fragment;
        let end = at + bytes.len();
        let at = at + instance_at(bytes)?;
        let mut inner = std::mem::take(&mut self.inner);
        let read = inner.read(chunk, at, end);
        let read = read.filter(|(_, fragments)| *fragments == 0);
        let read = read.and_then(|(definition, _)| {
            let plan = match self.last_inner.take() {
                Some((known, plan)) if known == definition => plan,
                _ => self.plan(chunk, definition),
            };
            let read = match &*plan {
                Plan::Body(body) => data(body, inner.slots(chunk), into),
                Plan::Nothing => Some(()),
                Plan::Event(_) | Plan::Declined => None,
            };
            self.last_inner = Some((definition, plan));
            read
        });
        self.inner = inner;
        read
    }
}

impl Known {
    /// Whether this chunk has the same there.
    fn stands_in(&self, chunk: &[u8]) -> bool {
        let same = |(at, bytes): &(usize, Vec<u8>)| {
            chunk.get(*at..).is_some_and(|rest| rest.starts_with(bytes))
        };
        !self.from.is_empty() && self.from.iter().all(same)
    }
}

/// Where, in a stream that is one instance of a template, the instance's token ends.
fn instance_at(stream: &[u8]) -> Option<usize> {
    match stream {
        [binxml::FRAGMENT, _, _, _, binxml::INSTANCE, ..] => Some(5),
        _ => None,
    }
}
