//! A record's values, put where its templates' plans say: the typed event.

use super::instance::Slots;
use super::template::{
    Body, BodyKind, Branch, BranchContent, Datum, EventPlan, Field, Source, is_plain,
};
use super::value::{self, Calendar, Slot};
use crate::events::{EventDatum, SmolStr, WindowsEvent};
use crate::time::parse_json;

/// Puts a text in the place of another, whose memory is used again.
fn assign(into: &mut String, text: &str) {
    if into.capacity() < text.len() {
        *into = String::from(text);
    } else {
        into.clear();
        into.push_str(text);
    }
}

/// What the records before tell of the next one, which is mostly of the same day, provider, machine
/// and log.
#[derive(Debug, Default)]
pub(super) struct Before {
    calendar: Calendar,
    provider: Last,
    computer: Last,
    channel: Last,
}

/// A value in UTF-16, and the text that it is.
#[derive(Debug, Default)]
struct Last {
    bytes: Vec<u8>,
    text: SmolStr,
}

impl Last {
    #[inline]
    fn text(&mut self, utf16: &[u8]) -> &SmolStr {
        if self.bytes != utf16 {
            self.text = value::utf16(utf16).into();
            utf16.clone_into(&mut self.bytes);
        }
        &self.text
    }
}

/// Types of values, a bit for each.
#[expect(clippy::indexing_slicing, reason = "it runs at compile time")]
const fn kinds(kinds: &[u8]) -> u32 {
    let (mut bits, mut at) = (0, 0);
    while at < kinds.len() {
        bits |= 1 << kinds[at];
        at += 1;
    }
    bits
}

const IDS: u32 = kinds(&[value::U16, value::U32, value::U8]);
const LEVELS: u32 = kinds(&[value::U8]);
const HEX: u32 = kinds(&[value::HEX64, value::HEX32]);
const NUMBERS: u32 = kinds(&[value::U64, value::U32]);

/// Puts in the fields of `System`. Nothing when one holds what it rarely does: then the general
/// decoder reads the record.
pub(super) fn system(
    plan: &EventPlan,
    slots: Slots<'_, '_>,
    before: &mut Before,
    event: &mut WindowsEvent,
) -> Option<()> {
    match resolve(&plan.provider, slots) {
        Resolved::Text(text) => event.provider.clone_from(text),
        Resolved::Value(slot) if slot.kind == value::STRING => {
            event.provider.clone_from(before.provider.text(slot.bytes));
            is_plain(&event.provider).then_some(())?;
        }
        _ => return None,
    }
    let id = number(&plan.id, slots, IDS, |id| {
        id.trim().parse::<u32>().ok().map(u64::from)
    })??;
    // Some writers put the qualifiers into the upper half.
    event.id = u32::try_from(id & 0xffff).ok()?;
    event.level = number(&plan.level, slots, LEVELS, |level| {
        level.trim().parse().ok()
    })?
    .and_then(|level| u8::try_from(level).ok());
    event.keywords = number(&plan.keywords, slots, HEX, |keywords| {
        u64::from_str_radix(keywords.trim().trim_start_matches("0x"), 16).ok()
    })?;
    event.record = number(&plan.record, slots, NUMBERS, |record| {
        record.trim().parse().ok()
    })?;
    event.time = match resolve(&plan.time, slots) {
        Resolved::Nothing => None,
        Resolved::Text(text) => parse_json(text),
        Resolved::Value(slot) if slot.kind == value::FILETIME => {
            Some(before.calendar.filetime(value::u64_of(slot.bytes)?)?)
        }
        Resolved::Value(_) => return None,
    };
    event.local_time = false;
    event.message = None;
    event.computer = word(&plan.computer, slots, &mut before.computer)?;
    event.channel = word(&plan.channel, slots, &mut before.channel)?;
    Some(())
}

/// The data strings of an event, put in the place of those of another.
pub(super) struct Data<'e> {
    strings: &'e mut Vec<EventDatum>,
    count: usize,
}

impl<'e> Data<'e> {
    pub(super) fn new(strings: &'e mut Vec<EventDatum>) -> Self {
        Self { strings, count: 0 }
    }

    /// Adds one, with this name and whatever text.
    #[inline]
    fn add(&mut self, name: Option<&SmolStr>) -> Option<&mut String> {
        if self.strings.len() == self.count {
            self.strings.push(EventDatum::default());
        }
        self.count += 1;
        let datum = self.strings.get_mut(self.count - 1)?;
        datum.name = name.cloned();
        Some(&mut datum.value)
    }

    /// There are no more.
    pub(super) fn finish(self) {
        self.strings.truncate(self.count);
    }
}

/// The data strings of a body, added to an event's.
pub(super) fn data(body: &Body, slots: Slots<'_, '_>, into: &mut Data<'_>) -> Option<()> {
    if slots.leave_out(body.needs) {
        return Some(());
    }
    match &body.kind {
        BodyKind::Event(data) => {
            let free = into.strings.len() - into.count;
            if into.strings.capacity() == 0 {
                *into.strings = Vec::with_capacity(data.len());
            } else {
                into.strings.reserve(data.len().saturating_sub(free));
            }
            data.iter()
                .try_for_each(|datum| self::datum(datum, slots, into))
        }
        BodyKind::User(branches) => branches
            .iter()
            .try_for_each(|branch| self::branch(branch, slots, into)),
    }
}

fn datum(datum: &Datum, slots: Slots<'_, '_>, into: &mut Data<'_>) -> Option<()> {
    if slots.leave_out(datum.needs) {
        return Some(());
    }
    let name = match &datum.name {
        Source::Nowhere => return texts(&datum.value, slots, None, into),
        Source::Text(name) => return texts(&datum.value, slots, Some(name), into),
        Source::Value(index) => {
            let slot = slots.get(*index);
            (slot.kind == value::STRING).then(|| SmolStr::from(value::utf16(slot.bytes)))?
        }
    };
    is_plain(&name).then_some(())?;
    texts(&datum.value, slots, Some(&name), into)
}

fn branch(branch: &Branch, slots: Slots<'_, '_>, into: &mut Data<'_>) -> Option<()> {
    if slots.leave_out(branch.needs) {
        return Some(());
    }
    match &branch.content {
        BranchContent::Leaf(source) => texts(source, slots, Some(&branch.name), into),
        BranchContent::Branches(branches) => {
            // With all its elements left out, it would be a leaf itself.
            if branches.iter().all(|child| slots.leave_out(child.needs)) {
                return None;
            }
            branches
                .iter()
                .try_for_each(|child| self::branch(child, slots, into))
        }
    }
}

/// The text of an element, or of each of the elements that an array makes of it.
fn texts(
    source: &Source,
    slots: Slots<'_, '_>,
    name: Option<&SmolStr>,
    into: &mut Data<'_>,
) -> Option<()> {
    match source {
        Source::Nowhere => into.add(name)?.clear(),
        Source::Text(text) => assign(into.add(name)?, text),
        Source::Value(index) => match slots.get(*index) {
            Slot {
                kind: value::STRINGS,
                bytes,
                ..
            } => {
                let first = into.add(name)?;
                if value::only_string_into(bytes, first) {
                    return Some(());
                }
                let mut strings = value::strings(bytes);
                *first = strings.next().unwrap_or_default();
                for string in strings {
                    *into.add(name)? = string;
                }
            }
            slot => value::text_into(slot, into.add(name)?)?,
        },
    }
    Some(())
}

enum Resolved<'p, 'c> {
    Nothing,
    Text(&'p SmolStr),
    Value(Slot<'c>),
}

fn resolve<'p, 'c>(field: &'p Field, slots: Slots<'_, 'c>) -> Resolved<'p, 'c> {
    if slots.leave_out(field.needs) {
        return Resolved::Nothing;
    }
    match &field.source {
        Source::Nowhere => Resolved::Nothing,
        Source::Text(text) => Resolved::Text(text),
        Source::Value(index) => match slots.get(*index) {
            slot if slot.is_null() => Resolved::Nothing,
            slot => Resolved::Value(slot),
        },
    }
}

/// A number of one of some types. The outer option is whether the fast way can tell.
#[expect(clippy::option_option, reason = "the inner option is the field's own")]
fn number(
    field: &Field,
    slots: Slots<'_, '_>,
    kinds: u32,
    parse: impl Fn(&str) -> Option<u64>,
) -> Option<Option<u64>> {
    match resolve(field, slots) {
        Resolved::Nothing => Some(None),
        Resolved::Text(text) => Some(parse(text)),
        Resolved::Value(slot) if slot.kind < 32 && kinds >> slot.kind & 1 == 1 => {
            Some(value::u64_of(slot.bytes))
        }
        Resolved::Value(_) => None,
    }
}

/// A word without blanks around it; nothing in it where no other text is. The outer option is whether
/// the fast way can tell.
#[expect(clippy::option_option, reason = "the inner option is the field's own")]
fn word(field: &Field, slots: Slots<'_, '_>, last: &mut Last) -> Option<Option<SmolStr>> {
    match resolve(field, slots) {
        Resolved::Nothing => Some(None),
        // Trimmed when the plan was made.
        Resolved::Text(text) => Some((!text.is_empty()).then(|| text.clone())),
        Resolved::Value(slot) if slot.kind == value::STRING => {
            let text = last.text(slot.bytes);
            let word = text.trim();
            Some(if word.len() == text.len() {
                (!word.is_empty()).then(|| text.clone())
            } else {
                (!word.is_empty()).then(|| word.into())
            })
        }
        Resolved::Value(_) => None,
    }
}
