//! What one item may take: the bytes it is read from, and the memory of the values that are held.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read};
use std::rc::Rc;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorCode};
use crate::evidence::Locator;

/// How many bytes are read at once.
const BLOCK: usize = 16 * 1024;
/// What a value takes in memory beside its text, in an array and in an object: a few bytes of
/// JSON could otherwise become a hundred bytes of memory.
const ELEMENT: u64 = 32;
const FIELD: u64 = 96;

/// How much the current item may still take.
#[derive(Clone)]
pub(super) struct Budget(Rc<Amounts>);

struct Amounts {
    left: Cell<u64>,
    /// What an item may take, after what the pages around it hold.
    each: Cell<u64>,
    most: u64,
}

impl Budget {
    pub(super) fn new(most: u64) -> Self {
        Self(Rc::new(Amounts {
            left: Cell::new(most),
            each: Cell::new(most),
            most,
        }))
    }

    /// A new item begins.
    pub(super) fn refill(&self) {
        self.0.left.set(self.0.each.get());
    }

    /// The items of a page begin: what the page holds so far counts against each of them, so that
    /// pages within pages hold no more than one. Returns what [`leave`](Self::leave) wants.
    pub(super) fn enter(&self) -> u64 {
        self.0.each.replace(self.0.left.get())
    }

    /// The items of a page end, and the page goes on with what it had left.
    pub(super) fn leave(&self, before: u64) {
        self.0.left.set(self.0.each.replace(before));
    }

    /// What looked like the items of a page is a value of it after all, and counts against it.
    pub(super) fn stay(&self, before: u64) {
        self.0.each.set(before);
    }

    /// Whether an item took more than it may.
    pub(super) fn is_spent(&self) -> bool {
        self.0.left.get() == 0
    }

    /// That an item took more than it may.
    pub(super) fn error(&self, place: Locator) -> Error {
        let most = self.0.most;
        let message = format!("one JSON item is larger than {most} bytes");
        Error::new(ErrorCode::Limit, place, message)
    }

    fn spend(&self, bytes: u64) -> bool {
        let left = self.0.left.get().saturating_sub(bytes);
        self.0.left.set(left);
        left > 0
    }

    fn hold<E: serde::de::Error>(&self, bytes: u64) -> Result<(), E> {
        if self.spend(bytes) {
            Ok(())
        } else {
            Err(E::custom(self.error(Locator::Whole).message))
        }
    }
}

/// A reader that stops when an item takes too much. `serde_json` asks for one byte at a time, so
/// the budget follows what it has parsed.
pub(super) struct Bounded<R> {
    inner: R,
    budget: Budget,
    block: Vec<u8>,
    at: usize,
}

impl<R: Read> Bounded<R> {
    pub(super) fn new(inner: R, budget: Budget) -> Self {
        Self {
            inner,
            budget,
            block: Vec::new(),
            at: 0,
        }
    }

    #[cold]
    fn fill(&mut self) -> io::Result<()> {
        self.at = 0;
        self.block.resize(BLOCK, 0);
        let read = loop {
            match self.inner.read(&mut self.block) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.block.truncate(*read.as_ref().unwrap_or(&0));
        read.map(|_| ())
    }
}

impl<R: Read> Read for Bounded<R> {
    #[inline]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.block.len() {
            self.fill()?;
        }
        let (Some(slot), Some(byte)) = (buffer.first_mut(), self.block.get(self.at)) else {
            return Ok(0);
        };
        if !self.budget.spend(1) {
            return Err(self.budget.error(Locator::Whole).into());
        }
        *slot = *byte;
        self.at += 1;
        Ok(1)
    }
}

/// Reads a value that is held in memory, and charges for it.
pub(super) struct Held<'b>(pub(super) &'b Budget);

impl<'de> DeserializeSeed<'de> for Held<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Held<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        self.rest(Vec::new(), access)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let value = access.next_value_seed(Field(self.0))?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }
}

impl Held<'_> {
    /// The rest of an array whose first element was read.
    pub(super) fn go_on<'de, A: SeqAccess<'de>>(
        self,
        first: Value,
        access: A,
    ) -> Result<Value, A::Error> {
        self.0.hold::<A::Error>(ELEMENT)?;
        self.rest(vec![first], access)
    }

    fn rest<'de, A: SeqAccess<'de>>(
        self,
        mut items: Vec<Value>,
        mut access: A,
    ) -> Result<Value, A::Error> {
        while let Some(item) = access.next_element_seed(Held(self.0))? {
            self.0.hold::<A::Error>(ELEMENT)?;
            items.push(item);
        }
        Ok(Value::Array(items))
    }
}

/// Reads the value of a field that is held in memory, and charges for both.
pub(super) struct Field<'b>(pub(super) &'b Budget);

impl<'de> DeserializeSeed<'de> for Field<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.0.hold::<D::Error>(FIELD)?;
        deserializer.deserialize_any(Held(self.0))
    }
}
