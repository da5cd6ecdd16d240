//! A record's values, put where its templates' plans say: the typed event.

use super::template::{
    Body, BodyKind, Branch, BranchContent, Datum, EventPlan, Field, Source, is_plain,
};
use super::value::{self, Calendar, Slot};
use crate::events::{EventDatum, WindowsEvent};
use crate::time::parse_json;

/// The values of one instance.
pub(super) type Slots<'s, 'c> = &'s [Slot<'c>];

/// A value; one past the last is as good as none.
pub(super) fn slot<'c>(slots: Slots<'_, 'c>, index: u16) -> Slot<'c> {
    slots.get(usize::from(index)).copied().unwrap_or(Slot {
        kind: value::NULL,
        at: 0,
        bytes: &[],
    })
}

/// Whether an element that depends on a value is left out. A value past the last is no dependency.
pub(super) fn is_left_out(needs: Option<u16>, slots: Slots<'_, '_>) -> bool {
    needs
        .and_then(|index| slots.get(usize::from(index)))
        .is_some_and(Slot::is_null)
}

/// Puts in the fields of `System`. Nothing when one holds what it rarely does: then the general
/// decoder reads the record.
pub(super) fn system(
    plan: &EventPlan,
    slots: Slots<'_, '_>,
    calendar: &mut Calendar,
    event: &mut WindowsEvent,
) -> Option<()> {
    event.provider = match resolve(&plan.provider, slots) {
        Resolved::Text(text) => text.to_owned(),
        Resolved::Value(slot) if slot.kind == value::STRING => {
            Some(value::utf16(slot.bytes)).filter(|name| is_plain(name))?
        }
        _ => return None,
    };
    let ids = &[value::U16, value::U32, value::U8];
    let id = number(&plan.id, slots, ids, |id| {
        id.trim().parse::<u32>().ok().map(u64::from)
    })??;
    // Some writers put the qualifiers into the upper half.
    event.id = u32::try_from(id & 0xffff).ok()?;
    event.level = number(&plan.level, slots, &[value::U8], |level| {
        level.trim().parse().ok()
    })?
    .and_then(|level| u8::try_from(level).ok());
    let hex = &[value::HEX64, value::HEX32];
    event.keywords = number(&plan.keywords, slots, hex, |keywords| {
        u64::from_str_radix(keywords.trim().trim_start_matches("0x"), 16).ok()
    })?;
    let numbers = &[value::U64, value::U32];
    event.record = number(&plan.record, slots, numbers, |record| {
        record.trim().parse().ok()
    })?;
    event.time = match resolve(&plan.time, slots) {
        Resolved::Nothing => None,
        Resolved::Text(text) => parse_json(text),
        Resolved::Value(slot) if slot.kind == value::FILETIME => {
            Some(calendar.filetime(value::u64_of(slot.bytes)?)?)
        }
        Resolved::Value(_) => return None,
    };
    event.computer = word(&plan.computer, slots)?;
    event.channel = word(&plan.channel, slots)?;
    Some(())
}

/// The data strings of a body, added to an event's.
pub(super) fn data(body: &Body, slots: Slots<'_, '_>, into: &mut Vec<EventDatum>) -> Option<()> {
    if is_left_out(body.needs, slots) {
        return Some(());
    }
    match &body.kind {
        BodyKind::Event(data) => {
            into.reserve(data.len());
            data.iter()
                .try_for_each(|datum| self::datum(datum, slots, into))
        }
        BodyKind::User(branches) => branches
            .iter()
            .try_for_each(|branch| self::branch(branch, slots, into)),
    }
}

fn datum(datum: &Datum, slots: Slots<'_, '_>, into: &mut Vec<EventDatum>) -> Option<()> {
    if is_left_out(datum.needs, slots) {
        return Some(());
    }
    let name = match &datum.name {
        Source::Nowhere => None,
        Source::Text(name) => Some(name.clone()),
        Source::Value(index) => {
            let slot = slot(slots, *index);
            let name = (slot.kind == value::STRING).then(|| value::utf16(slot.bytes))?;
            Some(name).filter(|name| is_plain(name)).map(Some)?
        }
    };
    texts(&datum.value, slots, name, into)
}

fn branch(branch: &Branch, slots: Slots<'_, '_>, into: &mut Vec<EventDatum>) -> Option<()> {
    if is_left_out(branch.needs, slots) {
        return Some(());
    }
    match &branch.content {
        BranchContent::Leaf(source) => texts(source, slots, Some(branch.name.clone()), into),
        BranchContent::Branches(branches) => {
            // With all its elements left out, it would be a leaf itself.
            if branches.iter().all(|child| is_left_out(child.needs, slots)) {
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
    name: Option<String>,
    into: &mut Vec<EventDatum>,
) -> Option<()> {
    let value = match source {
        Source::Nowhere => String::new(),
        Source::Text(text) => text.clone(),
        Source::Value(index) => match slot(slots, *index) {
            Slot {
                kind: value::STRINGS,
                bytes,
                ..
            } => {
                let mut strings = value::strings(bytes);
                let mut value = strings.next().unwrap_or_default();
                for next in strings {
                    let value = std::mem::replace(&mut value, next);
                    let name = name.clone();
                    into.push(EventDatum { name, value });
                }
                value
            }
            slot => value::text(slot)?,
        },
    };
    into.push(EventDatum { name, value });
    Some(())
}

enum Resolved<'p, 'c> {
    Nothing,
    Text(&'p str),
    Value(Slot<'c>),
}

fn resolve<'p, 'c>(field: &'p Field, slots: Slots<'_, 'c>) -> Resolved<'p, 'c> {
    if is_left_out(field.needs, slots) {
        return Resolved::Nothing;
    }
    match &field.source {
        Source::Nowhere => Resolved::Nothing,
        Source::Text(text) => Resolved::Text(text),
        Source::Value(index) => match slot(slots, *index) {
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
    kinds: &[u8],
    parse: impl Fn(&str) -> Option<u64>,
) -> Option<Option<u64>> {
    match resolve(field, slots) {
        Resolved::Nothing => Some(None),
        Resolved::Text(text) => Some(parse(text)),
        Resolved::Value(slot) if kinds.contains(&slot.kind) => Some(value::u64_of(slot.bytes)),
        Resolved::Value(_) => None,
    }
}

#[expect(clippy::option_option, reason = "the inner option is the field's own")]
fn word(field: &Field, slots: Slots<'_, '_>) -> Option<Option<String>> {
    let text = match resolve(field, slots) {
        Resolved::Nothing => return Some(None),
        // Trimmed when the plan was made.
        Resolved::Text(text) => return Some((!text.is_empty()).then(|| text.to_owned())),
        Resolved::Value(slot) if slot.kind == value::STRING => value::utf16(slot.bytes),
        Resolved::Value(_) => return None,
    };
    let word = text.trim();
    Some(match word.len() {
        0 => None,
        length if length == text.len() => Some(text),
        _ => Some(word.to_owned()),
    })
}
