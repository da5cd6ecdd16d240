//! Objects as PowerShell prints them in lists, with the fields of the same objects in JSON.

use serde_json::{Map, Value};

use super::sync::is_readable_time;
use crate::carrier::json::Object;
use crate::carrier::powershell_list::ListObject;
use crate::evidence::Locator;

/// An object that was printed as a list. Its values are texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrintedList {
    fields: Map<String, Value>,
    /// The line it begins on, counted from 1.
    pub line: u64,
}

impl PrintedList {
    /// Takes an object of a list. Times are kept only when they carry their zone: PowerShell
    /// prints them in the language of the machine.
    pub fn of(list: &ListObject) -> Self {
        let entries = list.entries();
        let is_time = |name: &str| name.contains("Time") && !name.contains("Interval");
        Self {
            line: entries.first().map_or(1, |entry| entry.line),
            fields: entries
                .iter()
                .filter(|entry| !is_time(&entry.name) || is_readable_time(&entry.value))
                .map(|entry| (entry.name.clone(), Value::String(entry.value.clone())))
                .collect(),
        }
    }

    /// The object, so that the same functions read it as read JSON.
    pub fn object(&self) -> Object<'_> {
        Object::new(&self.fields, Locator::Pointer(format!("/{}", self.line)))
    }
}
