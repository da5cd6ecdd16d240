//! The arrays whose elements are handed over as they are read.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::held::{Budget, Held};
use super::items::{Node, Walk, each};

/// The value of a field that is streamed when it is an array, and held otherwise.
pub(super) struct Elements<'w, 's> {
    pub(super) walk: &'w mut Walk<'s>,
    pub(super) budget: &'w Budget,
    pub(super) pointer: String,
}

pub(super) enum Outcome {
    /// So many elements.
    Streamed(u64),
    Held(Value),
}

impl<'de> DeserializeSeed<'de> for Elements<'_, '_> {
    type Value = Outcome;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outcome, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Elements<'_, '_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Outcome, A::Error> {
        let before = self.budget.enter();
        let first = access.next_element_seed(Node {
            walk: &mut *self.walk,
            budget: self.budget,
            pointer: format!("{}/0", self.pointer),
            keeps_text: true,
        })?;
        if let Some(Some(text)) = first {
            self.budget.stay(before);
            return Held(self.budget).go_on(text, access).map(Outcome::Held);
        }
        let streamed = match first {
            None => Ok(0),
            Some(_) => each(self.walk, self.budget, &self.pointer, access, 1),
        };
        self.budget.leave(before);
        streamed.map(Outcome::Streamed)
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Outcome, A::Error> {
        Held(self.budget).visit_map(access).map(Outcome::Held)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Outcome, E> {
        Held(self.budget).visit_unit().map(Outcome::Held)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Outcome, E> {
        Held(self.budget).visit_bool(value).map(Outcome::Held)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Outcome, E> {
        Held(self.budget).visit_i64(value).map(Outcome::Held)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Outcome, E> {
        Held(self.budget).visit_u64(value).map(Outcome::Held)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Outcome, E> {
        Held(self.budget).visit_f64(value).map(Outcome::Held)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Outcome, E> {
        Held(self.budget).visit_str(value).map(Outcome::Held)
    }
}
