//! Streaming the items of a JSON input.

use std::fmt;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::ops::ControlFlow;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::Object;
use super::ahead::look_ahead;
use super::elements::{Elements, Outcome};
use super::held::{Bounded, Budget, Field};
use super::tables::{ROWS, Rows, columns, held_rows};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{Limits, Locator};

/// What is known of the page or parent object that an item stands in, up to the item.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The fields of the surrounding object that were seen so far, without the array itself.
    pub fields: Map<String, Value>,
    /// The array's name: `value` for a page, `members` for an expanded group; empty at the top.
    pub array: String,
}

impl Page {
    /// `@odata.context`, which names the collection that was asked for.
    pub fn context(&self) -> Option<&str> {
        self.fields.get("@odata.context").and_then(Value::as_str)
    }

    /// `@odata.nextLink`, which says that another page follows.
    pub fn next_link(&self) -> Option<&str> {
        self.fields.get("@odata.nextLink").and_then(Value::as_str)
    }
}

/// What [`read_items`] meets.
#[derive(Debug)]
pub enum Event<'a> {
    /// An object, with the pages around it, the innermost last.
    Item(Object<'a>, &'a [Page]),
    /// The end of a page, with all its fields but the array.
    PageEnd(&'a Page, Locator),
    /// A value that is no object where an object was expected.
    Other(Locator),
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemsRead {
    /// How many objects were handed over.
    pub items: u64,
    /// How many lines were lost, for JSON lines.
    pub lines_lost: u64,
    /// The first fault. In one document all that follows a fault is lost; in JSON lines only the line.
    pub fault: Option<Error>,
}

/// Arrays that are streamed instead of being held as part of their object, unless they begin with a
/// text: PowerShell's `Members` of a group are names.
const STREAMED: [&str; 4] = ["value", MEMBERS, "tables", "records"];
/// The one of them whose object is an item too.
const MEMBERS: &str = "members";

/// Streams the objects of a UTF-8 JSON input of any length: one object, a page, an array of
/// objects or pages, several documents one after another, or one object a line. The rows of
/// tables with named columns, as Azure Monitor answers, are objects too, and so are the `records`
/// of diagnostic settings.
///
/// A page without items is an item itself, with its empty array, so that an empty answer can be
/// told from none; an object with an empty list of members keeps the list.
///
/// `item_bytes` bounds what one object may hold. A fault ends a document, and what stood before it
/// has been handed over; the sink ends the reading with [`ControlFlow::Break`].
pub fn read_items<R: Read>(
    reader: R,
    item_bytes: u64,
    sink: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
) -> Result<ItemsRead> {
    let (head, reader) = look_ahead(reader)?;
    let lines = is_lines(&head);
    let reader = BufReader::with_capacity(64 * 1024, Cursor::new(head).chain(reader));
    let mut walk = Walk {
        sink,
        pages: Vec::new(),
        read: ItemsRead::default(),
        stopped: false,
    };
    if lines {
        walk.lines(reader, item_bytes)?;
    } else {
        walk.documents(reader, item_bytes);
    }
    if walk.stopped {
        return Err(Error::new(
            ErrorCode::Cancelled,
            Locator::Whole,
            "stopped by the caller",
        ));
    }
    Ok(walk.read)
}

/// Streams the objects of one line of JSON lines, as [`read_items`] does those of all. An error costs the
/// line, and names it.
pub(crate) fn read_line(
    line: &[u8],
    number: u64,
    item_bytes: u64,
    sink: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
) -> Result<()> {
    Walk {
        sink,
        pages: Vec::new(),
        read: ItemsRead::default(),
        stopped: false,
    }
    .line(line, number, item_bytes)
}

/// Reads all objects of an input in memory, in any form that [`read_items`] takes. The first fault
/// is returned; a page without items gives none.
///
/// ```
/// use sspr::carrier::json::read_objects;
/// use sspr::licensing::SubscribedSku;
///
/// assert_eq!(read_objects(b"{\"value\": []}", SubscribedSku::parse)?, []);
/// assert!(read_objects(b"{\"value\": [1]}", SubscribedSku::parse).is_err());
/// # Ok::<(), sspr::Error>(())
/// ```
pub fn read_objects<T>(bytes: &[u8], parse: impl Fn(&Object<'_>) -> Result<T>) -> Result<Vec<T>> {
    let text = crate::carrier::text::decode(bytes)?;
    let mut objects = Vec::new();
    let mut fault = None;
    let item_bytes = Limits::default().item_bytes;
    let read = read_items(text.as_bytes(), item_bytes, &mut |event| {
        let parsed = match event {
            Event::Item(object, _) if is_empty_page(&object) => return ControlFlow::Continue(()),
            Event::Item(object, _) => parse(&object),
            Event::PageEnd(..) => return ControlFlow::Continue(()),
            Event::Other(place) => Err(Error::value(place, "expected an object")),
        };
        match parsed {
            Ok(object) => objects.push(object),
            Err(error) => {
                fault = Some(error);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    });
    match (fault, read) {
        (Some(error), _) | (None, Err(error)) => Err(error),
        (None, Ok(read)) => read.fault.map_or(Ok(objects), Err),
    }
}

/// Whether an item is a page without items.
pub(crate) fn is_empty_page(object: &Object<'_>) -> bool {
    object
        .entry("value")
        .is_some_and(|(_, value)| value.as_array().is_some_and(Vec::is_empty))
}

/// Whether each line is a document: the first line is a whole object and something follows it.
fn is_lines(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    let Some(end) = memchr::memchr(b'\n', head) else {
        return false;
    };
    let (first, rest) = head.split_at(end);
    first.starts_with(b"{")
        && rest.trim_ascii_start().starts_with(b"{")
        && serde_json::from_slice::<serde::de::IgnoredAny>(first).is_ok()
}

pub(super) struct Walk<'s> {
    sink: &'s mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
    pages: Vec<Page>,
    read: ItemsRead,
    stopped: bool,
}

impl Walk<'_> {
    fn lines<R: BufRead>(&mut self, mut reader: R, item_bytes: u64) -> Result<()> {
        let mut line = Vec::new();
        for number in 1_u64.. {
            line.clear();
            let mut bounded = (&mut reader).take(item_bytes);
            let read = bounded
                .read_until(b'\n', &mut line)
                .map_err(|error| Error::io(Locator::Line(number), error))?;
            if read == 0 {
                break;
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            if let Err(fault) = self.line(&line, number, item_bytes) {
                self.read.lines_lost += 1;
                self.read.fault.get_or_insert(fault);
                if line.last() != Some(&b'\n') && line.len() as u64 >= item_bytes {
                    skip_line(&mut reader)
                        .map_err(|error| Error::io(Locator::Line(number), error))?;
                }
            }
            if self.stopped {
                return Ok(());
            }
        }
        Ok(())
    }

    /// One line that is a document. An error costs the line.
    fn line(&mut self, line: &[u8], number: u64, item_bytes: u64) -> Result<()> {
        let budget = Budget::new(item_bytes);
        let mut document = serde_json::Deserializer::from_slice(line);
        let result = Node {
            walk: self,
            budget: &budget,
            pointer: format!("/{}", number.saturating_sub(1)),
            keeps_text: false,
        }
        .deserialize(&mut document);
        if self.stopped {
            return Ok(());
        }
        result.and_then(|_| document.end()).map_err(|error| {
            self.pages.clear();
            let place = Locator::Line(number);
            if budget.is_spent() {
                budget.error(place)
            } else {
                Error::syntax(place, plain(&error))
            }
        })
    }

    fn documents<R: Read>(&mut self, reader: R, item_bytes: u64) {
        let budget = Budget::new(item_bytes);
        let mut document =
            serde_json::Deserializer::from_reader(Bounded::new(reader, budget.clone()));
        for number in 0_u64.. {
            if document.end().is_ok() {
                break;
            }
            let result = Node {
                walk: self,
                budget: &budget,
                pointer: if number == 0 {
                    String::new()
                } else {
                    format!("/{number}")
                },
                keeps_text: false,
            }
            .deserialize(&mut document);
            if self.stopped {
                break;
            }
            if let Err(error) = result {
                let place = Locator::Line(error.line() as u64);
                self.read.fault = Some(match error.classify() {
                    _ if budget.is_spent() => budget.error(place),
                    serde_json::error::Category::Io => Error::io(place, error.into()),
                    serde_json::error::Category::Eof => {
                        Error::new(ErrorCode::Truncated, place, plain(&error))
                    }
                    _ => Error::syntax(place, plain(&error)),
                });
                break;
            }
        }
    }

    /// Hands an object over; `false` ends the walk.
    pub(super) fn item(&mut self, object: Object<'_>) -> bool {
        self.read.items += 1;
        self.stopped |= (self.sink)(Event::Item(object, &self.pages)).is_break();
        !self.stopped
    }

    /// Hands another event over; `false` ends the walk.
    pub(super) fn emit(&mut self, event: Event<'_>) -> bool {
        self.stopped |= (self.sink)(event).is_break();
        !self.stopped
    }
}

/// The error's text without its position, which the place tells.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn skip_line<R: BufRead>(reader: &mut R) -> std::io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        if let Some(end) = memchr::memchr(b'\n', buffer) {
            reader.consume(end + 1);
            return Ok(());
        }
        let length = buffer.len();
        reader.consume(length);
    }
}

/// An object that is an item or a page, or an array of them.
pub(super) struct Node<'w, 's> {
    pub(super) walk: &'w mut Walk<'s>,
    pub(super) budget: &'w Budget,
    pub(super) pointer: String,
    /// A text is given back instead of being handed over.
    pub(super) keeps_text: bool,
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array of objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        self.budget.refill();
        let depth = self.walk.pages.len();
        self.walk.pages.push(Page::default());
        let (mut streamed, mut empty) = (false, false);
        while let Some(key) = access.next_key::<String>()? {
            let known = STREAMED.iter().any(|name| key.eq_ignore_ascii_case(name));
            let table = (key.eq_ignore_ascii_case(ROWS) && !streamed)
                .then(|| {
                    self.walk
                        .pages
                        .last()
                        .and_then(|page| columns(&page.fields))
                })
                .flatten();
            let value = if let Some(columns) = table {
                if let Some(page) = self.walk.pages.last_mut() {
                    page.array.clone_from(&key);
                }
                access.next_value_seed(Rows {
                    walk: &mut *self.walk,
                    budget: self.budget,
                    pointer: format!("{}/{key}", self.pointer),
                    columns,
                })?;
                streamed = true;
                continue;
            } else if known && !streamed {
                if let Some(page) = self.walk.pages.last_mut() {
                    page.array.clone_from(&key);
                }
                let pointer = format!("{}/{key}", self.pointer);
                let outcome = access.next_value_seed(Elements {
                    walk: &mut *self.walk,
                    budget: self.budget,
                    pointer,
                })?;
                match outcome {
                    Outcome::Streamed(0) => {
                        empty = true;
                        Value::Array(Vec::new())
                    }
                    Outcome::Streamed(_) => {
                        streamed = true;
                        continue;
                    }
                    Outcome::Held(value) => value,
                }
            } else {
                access.next_value_seed(Field(self.budget))?
            };
            if let Some(page) = self.walk.pages.last_mut() {
                page.fields.insert(key, value);
            }
        }
        let mut page = self.walk.pages.pop().unwrap_or_default();
        self.walk.pages.truncate(depth);
        if !streamed {
            page.array.clear();
        }
        let place = Locator::Pointer(self.pointer.clone());
        // A page ends; an object with streamed members ends their list, and is an item itself.
        let ended = streamed || empty;
        let is_item = !streamed || page.array.eq_ignore_ascii_case(MEMBERS);
        let go_on = if let Some((columns, rows)) = take_table(&mut page.fields) {
            held_rows(self.walk, &columns, rows, &self.pointer)
                && self.walk.emit(Event::PageEnd(&page, place))
        } else {
            (!ended || self.walk.emit(Event::PageEnd(&page, place.clone())))
                && (!is_item || self.walk.item(Object::new(&page.fields, place)))
        };
        self.budget.refill();
        if go_on {
            Ok(None)
        } else {
            Err(A::Error::custom("stopped"))
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        each(self.walk, self.budget, &self.pointer, access, 0).map(|_| None)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        self.other()
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Self::Value, E> {
        self.other()
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Self::Value, E> {
        self.other()
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Self::Value, E> {
        self.other()
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Self::Value, E> {
        self.other()
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        if self.keeps_text {
            return Ok(Some(text.into()));
        }
        self.other()
    }
}

impl Node<'_, '_> {
    fn other<E: serde::de::Error>(self) -> Result<Option<Value>, E> {
        let place = Locator::Pointer(self.pointer);
        if self.walk.emit(Event::Other(place)) {
            Ok(None)
        } else {
            Err(E::custom("stopped"))
        }
    }
}

/// The columns and rows of a table whose rows came first.
fn take_table(fields: &mut Map<String, Value>) -> Option<(Vec<String>, Vec<Value>)> {
    let key = fields
        .keys()
        .find(|key| key.eq_ignore_ascii_case(ROWS))?
        .clone();
    fields.get(&key).filter(|rows| rows.is_array())?;
    let columns = columns(fields)?;
    let Some(Value::Array(rows)) = fields.remove(&key) else {
        return None;
    };
    Some((columns, rows))
}

/// Hands all elements over from the one with this index on, and says how many there are.
pub(super) fn each<'de, A: SeqAccess<'de>>(
    walk: &mut Walk<'_>,
    budget: &Budget,
    pointer: &str,
    mut access: A,
    mut index: u64,
) -> Result<u64, A::Error> {
    loop {
        budget.refill();
        let node = Node {
            walk: &mut *walk,
            budget,
            pointer: format!("{pointer}/{index}"),
            keeps_text: false,
        };
        if access.next_element_seed(node)?.is_none() {
            return Ok(index);
        }
        index += 1;
    }
}
