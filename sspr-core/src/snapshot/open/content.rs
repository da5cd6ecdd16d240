//! Recognising what one input is and reading it.

use std::io::{BufRead, BufReader, Cursor, Read};
use std::ops::ControlFlow;

use serde_json::Value;

use super::seen;
use crate::carrier::json::{Event, Object, is_empty_page, looks_like_json, read_items};
use crate::carrier::text::{encoding_of, utf8_reader};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{Limits, Locator, Strength};
use crate::snapshot::read::{BINARY, BinaryKind, Intake, ItemReader, JSON, TEXT, TextKind};

/// How many field names tell what an unknown object is.
const FIELDS_SHOWN: usize = 6;

/// How many things in a row that are of no known kind end the reading of an input: every kind has
/// to look at each of them, and hostile inputs can hold them by the hundred million.
const STRANGERS: u64 = 2_000_000;

/// What came of reading one input.
#[derive(Default)]
pub(super) struct Outcome {
    /// The kinds it was recognised as.
    pub(super) kinds: Vec<&'static str>,
    /// What ended the reading early.
    pub(super) end: Option<Error>,
}

impl Outcome {
    fn of(kind: &'static str, read: Result<()>) -> Self {
        Self {
            kinds: vec![kind],
            end: read.err(),
        }
    }

    fn nothing(reason: Error) -> Self {
        Self {
            kinds: Vec::new(),
            end: Some(reason),
        }
    }
}

/// Reads one input, of which `head` is the beginning and `rest` what follows.
pub(super) fn read_content(
    into: &mut Intake<'_>,
    head: &[u8],
    rest: &mut dyn Read,
    limits: &Limits,
) -> Outcome {
    let mut whole = Cursor::new(head).chain(rest);
    let binary = BINARY.iter().copied().flatten();
    if let Some(kind) = { binary }.find(|kind: &&BinaryKind| (kind.matches)(head)) {
        into.origin.strength.set(kind.strength);
        return Outcome::of(kind.name, (kind.read)(into, &mut whole));
    }
    let (text, _, _) = encoding_of(head).decode(head);
    let text = text.trim_start_matches('\u{feff}');
    if text.is_empty() || text.contains('\0') {
        return Outcome::nothing(seen::describe(head, text));
    }
    let mut utf8 = BufReader::with_capacity(64 * 1024, utf8_reader(head, whole));
    let texts = TEXT.iter().copied().flatten();
    if let Some(kind) = { texts }.find(|kind: &&TextKind| (kind.matches)(text)) {
        into.origin.strength.set(kind.strength);
        return Outcome::of(kind.name, (kind.read)(into, &mut utf8));
    }
    if looks_like_json(text) {
        return read_json(into, &mut utf8, limits);
    }
    Outcome::nothing(seen::describe(head, text))
}

/// Objects that no kind reads.
#[derive(Default)]
struct Unknown {
    count: u64,
    in_a_row: u64,
    place: Option<Locator>,
    fields: Vec<String>,
}

impl Unknown {
    fn add(&mut self, object: Option<&Object<'_>>, place: Locator) {
        self.count += 1;
        self.in_a_row += 1;
        if self.place.is_none() {
            self.place = Some(place);
        }
        if let (true, Some(object)) = (self.fields.is_empty(), object) {
            self.fields
                .extend(object.map().keys().take(FIELDS_SHOWN).cloned());
        }
    }

    fn error(&self) -> Option<Error> {
        Some(seen::unknown_json(&self.fields, self.place.clone()?))
    }

    /// Whether enough of the input has been seen.
    fn go_on(&self) -> ControlFlow<()> {
        if self.in_a_row < STRANGERS {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    }
}

fn read_json(into: &mut Intake<'_>, utf8: &mut dyn BufRead, limits: &Limits) -> Outcome {
    let kinds: Vec<_> = JSON.iter().copied().flatten().collect();
    let mut readers: Vec<Option<Box<dyn ItemReader>>> = kinds.iter().map(|_| None).collect();
    let mut last = 0;
    let mut unknown = Unknown::default();
    let read = read_items(utf8, limits.item_bytes, &mut |event| {
        match event {
            Event::Item(object, pages) => {
                let found = kinds
                    .get(last)
                    .filter(|kind| (kind.matches)(&object, pages))
                    .map(|_| last)
                    .or_else(|| kinds.iter().position(|kind| (kind.matches)(&object, pages)));
                let Some(index) = found else {
                    if is_empty_page(&object) {
                        return ControlFlow::Continue(());
                    }
                    unknown.add(Some(&object), object.place().clone());
                    return unknown.go_on();
                };
                last = index;
                unknown.in_a_row = 0;
                if let (Some(kind), Some(slot)) = (kinds.get(index), readers.get_mut(index)) {
                    into.collection.items += u64::from(!is_empty_page(&object));
                    into.origin.strength.set(if is_pascal_case(&object) {
                        kind.strength.min(Strength::Exported)
                    } else {
                        kind.strength
                    });
                    slot.get_or_insert_with(kind.reader)
                        .item(into, &object, pages);
                }
            }
            Event::PageEnd(page, _) => {
                into.collection.open = page.next_link().is_some();
                let count = page.fields.get("@odata.count").and_then(Value::as_u64);
                into.collection.count = into.collection.count.max(count);
            }
            Event::Other(place) => {
                unknown.add(None, place);
                return unknown.go_on();
            }
        }
        ControlFlow::Continue(())
    });
    let fault = match read {
        Err(_) if unknown.go_on().is_break() => {
            let message =
                format!("{STRANGERS} things in a row are of no known kind; the rest was not read");
            Some(Error::new(ErrorCode::Limit, Locator::Whole, message))
        }
        Ok(read) => {
            if let (Some(_), Some(more)) = (&read.fault, read.lines_lost.checked_sub(1)) {
                into.origin.faults.borrow_mut().count += more;
            }
            read.fault
        }
        Err(error) => Some(error),
    };
    if fault.is_some() {
        // A collection that breaks off is not whole, whatever its last whole page said.
        into.collection.open = true;
    }
    let mut names: Vec<&'static str> = Vec::new();
    for (kind, reader) in kinds.iter().zip(readers) {
        if let Some(mut reader) = reader {
            reader.finish(into);
            if !names.contains(&kind.name) {
                names.push(kind.name);
            }
        }
    }
    if names.is_empty() {
        let nothing = || {
            let message = "it is JSON, and it holds nothing";
            Error::new(ErrorCode::Unrecognised, Locator::Whole, message)
        };
        let reason = fault.or_else(|| unknown.error()).unwrap_or_else(nothing);
        return Outcome::nothing(reason);
    }
    if unknown.count > 0 {
        let more = unknown.count - 1;
        if let Some(error) = unknown.error() {
            into.origin.fault(error);
        }
        into.origin.faults.borrow_mut().count += more;
    }
    Outcome {
        kinds: names,
        end: fault,
    }
}

/// Whether the fields of an object are written as PowerShell writes them.
fn is_pascal_case(object: &Object<'_>) -> bool {
    let mut keys = object.map().keys().filter(|key| !key.starts_with('@'));
    keys.next()
        .is_some_and(|key| key.starts_with(|c: char| c.is_ascii_uppercase()))
}
