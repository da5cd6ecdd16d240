//! Answers of Azure Monitor: `{"tables": [{"columns": [{"name", "type"}], "rows": [[…]]}]}`. Each row is
//! handed over as the object that it stands for, with its columns as fields.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::Object;
use super::held::{Budget, Held};
use super::items::{Event, Walk};
use crate::evidence::Locator;

/// The array of a table's rows.
pub(super) const ROWS: &str = "rows";

/// The names of a table's columns, when these are the fields of a table. The query service writes
/// `name`, an older one `ColumnName`.
pub(super) fn columns(table: &Map<String, Value>) -> Option<Vec<String>> {
    let (_, columns) = table
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case("columns"))?;
    let name = |column: &Value| {
        let column = column.as_object()?;
        let (_, name) = column.iter().find(|(key, _)| {
            key.eq_ignore_ascii_case("name") || key.eq_ignore_ascii_case("columnname")
        })?;
        name.as_str().map(str::to_owned)
    };
    columns.as_array()?.iter().map(name).collect()
}

/// Hands over the rows of a table as they are read, and says how many there are.
pub(super) struct Rows<'w, 's> {
    pub(super) walk: &'w mut Walk<'s>,
    pub(super) budget: &'w Budget,
    pub(super) pointer: String,
    pub(super) columns: Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Rows<'_, '_> {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_, '_> {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<u64, A::Error> {
        let before = self.budget.enter();
        let mut index = 0;
        loop {
            self.budget.refill();
            let Some(row) = access.next_element_seed(Held(self.budget))? else {
                break;
            };
            let place = Locator::Pointer(format!("{}/{index}", self.pointer));
            if !hand_over(self.walk, &self.columns, row, place) {
                return Err(A::Error::custom("stopped"));
            }
            index += 1;
        }
        self.budget.leave(before);
        Ok(index)
    }
}

/// Hands over the rows of a table that was held whole, for its rows came before its columns.
/// `false` ends the walk.
pub(super) fn held_rows(
    walk: &mut Walk<'_>,
    columns: &[String],
    rows: Vec<Value>,
    pointer: &str,
) -> bool {
    rows.into_iter().enumerate().all(|(index, row)| {
        let place = Locator::Pointer(format!("{pointer}/{ROWS}/{index}"));
        hand_over(walk, columns, row, place)
    })
}

fn hand_over(walk: &mut Walk<'_>, columns: &[String], row: Value, place: Locator) -> bool {
    match row {
        Value::Array(cells) if cells.len() == columns.len() => {
            let fields: Map<_, _> = columns.iter().cloned().zip(cells).collect();
            walk.item(Object::new(&fields, place))
        }
        // Some clients make objects of the rows themselves.
        Value::Object(fields) => walk.item(Object::new(&fields, place)),
        _ => walk.emit(Event::Other(place)),
    }
}
