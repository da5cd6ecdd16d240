//! Reading the fields of a JSON object without regard to case.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::error::{Error, ErrorCode};
use crate::evidence::{At, Locator, Reading};
use crate::time;

/// A JSON object and its place. Field names match in any case, as Graph prints camelCase and
/// PowerShell PascalCase.
#[derive(Debug, Clone)]
pub struct Object<'a> {
    map: &'a Map<String, Value>,
    place: Locator,
}

impl<'a> Object<'a> {
    /// An object at a JSON pointer.
    pub fn new(map: &'a Map<String, Value>, place: Locator) -> Self {
        Self { map, place }
    }

    /// Its place.
    pub fn place(&self) -> &Locator {
        &self.place
    }

    /// The underlying map.
    pub fn map(&self) -> &'a Map<String, Value> {
        self.map
    }

    /// Whether it has all these fields, null or not.
    pub fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.entry(name).is_some())
    }

    /// The field as it stands, with the name it has here.
    pub fn entry(&self, name: &str) -> Option<(&'a str, &'a Value)> {
        self.map.get_key_value(name).map_or_else(
            || {
                self.map
                    .iter()
                    .find(|(key, _)| key.eq_ignore_ascii_case(name))
                    .map(|(key, value)| (key.as_str(), value))
            },
            |(key, value)| Some((key.as_str(), value)),
        )
    }

    /// Any field, whatever its kind.
    pub fn field(&self, name: &str) -> Reading<&'a Value> {
        match self.entry(name) {
            None => Reading::Absent,
            Some((key, Value::Null)) => Reading::Null(self.place.member(key)),
            Some((key, value)) => Reading::Value(At::new(value, self.place.member(key))),
        }
    }

    /// A text.
    pub fn text(&self, name: &str) -> Reading<&'a str> {
        self.field(name)
            .and_then(|value| value.as_str().ok_or_else(|| wants("text", value)))
    }

    /// A text; an empty one counts as null.
    pub fn words(&self, name: &str) -> Reading<&'a str> {
        match self.text(name) {
            Reading::Value(at) if at.value.trim().is_empty() => Reading::Null(at.place),
            reading => reading,
        }
    }

    /// A boolean. PowerShell and the group settings print some as text.
    pub fn bool(&self, name: &str) -> Reading<bool> {
        self.field(name).and_then(|value| match value {
            Value::Bool(value) => Ok(*value),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            other => Err(wants("true or false", other)),
        })
    }

    /// A whole number, also when printed as text.
    pub fn integer(&self, name: &str) -> Reading<i64> {
        self.field(name).and_then(|value| {
            match value {
                Value::Number(number) => number.as_i64(),
                Value::String(text) => text.trim().parse().ok(),
                _ => None,
            }
            .ok_or_else(|| wants("a whole number", value))
        })
    }

    /// A GUID, with or without braces, in any case.
    pub fn guid(&self, name: &str) -> Reading<Uuid> {
        self.text(name)
            .and_then(|text| Uuid::try_parse(text.trim()).map_err(|_| "not a GUID".to_owned()))
    }

    /// A time in any form that Graph and PowerShell print: ISO 8601 with an offset, `/Date(ms)/`,
    /// or PowerShell's object around it.
    pub fn time(&self, name: &str) -> Reading<DateTime<Utc>> {
        self.field(name).and_then(|value| {
            let text = match value {
                Value::String(text) => Some(text.as_str()),
                Value::Object(map) => map
                    .get("value")
                    .or_else(|| map.get("DateTime"))
                    .and_then(Value::as_str),
                _ => None,
            };
            text.and_then(time::parse_json)
                .ok_or_else(|| wants("a time with its zone", value))
        })
    }

    /// A time span: .NET's object with `Ticks`, `d.hh:mm:ss`, or a number of ticks.
    pub fn interval(&self, name: &str) -> Reading<time::Interval> {
        self.field(name).and_then(|value| {
            match value {
                Value::Object(map) => map
                    .get("Ticks")
                    .and_then(Value::as_i64)
                    .map(time::Interval::from_ticks),
                Value::Number(number) => number.as_i64().map(time::Interval::from_ticks),
                Value::String(text) => time::Interval::parse_dotnet(text),
                _ => None,
            }
            .ok_or_else(|| wants("a time span", value))
        })
    }

    /// An enumeration that PowerShell prints as its word or its number.
    pub fn choice<T: Copy>(&self, name: &str, choices: &[(&str, i64, T)]) -> Reading<T> {
        self.field(name).and_then(|value| {
            let number = match value {
                Value::Number(number) => number.as_i64(),
                Value::String(text) => text.trim().parse().ok(),
                _ => None,
            };
            let word = value.as_str().unwrap_or_default().trim();
            choices
                .iter()
                .find(|(known, code, _)| known.eq_ignore_ascii_case(word) || number == Some(*code))
                .map(|(_, _, value)| *value)
                .ok_or_else(|| {
                    let known: Vec<_> = choices.iter().map(|(word, _, _)| *word).collect();
                    format!("expected one of {}", known.join(", "))
                })
        })
    }

    /// An object inside this one.
    pub fn object(&self, name: &str) -> Reading<Object<'a>> {
        match self.nested(name, "an object") {
            Reading::Value(at) => match at.value {
                Value::Object(map) => {
                    let place = at.place.clone();
                    Reading::Value(At::new(Object::new(map, at.place), place))
                }
                other => Reading::Bad(Error::value(at.place, wants("an object", other))),
            },
            Reading::Absent => Reading::Absent,
            Reading::Null(place) => Reading::Null(place),
            Reading::Bad(error) => Reading::Bad(error),
        }
    }

    /// An array inside this object. PowerShell prints an array of one as its only element, and
    /// that is accepted.
    pub fn array(&self, name: &str) -> Reading<Vec<At<&'a Value>>> {
        match self.nested(name, "an array") {
            Reading::Value(At { value, place }) => {
                let items = match value {
                    Value::Array(items) => items
                        .iter()
                        .enumerate()
                        .map(|(index, item)| At::new(item, place.member(&index.to_string())))
                        .collect(),
                    single => vec![At::new(single, place.clone())],
                };
                Reading::Value(At::new(items, place))
            }
            Reading::Absent => Reading::Absent,
            Reading::Null(place) => Reading::Null(place),
            Reading::Bad(error) => Reading::Bad(error),
        }
    }

    /// The objects of an array inside this object; other elements are left out.
    pub fn objects(&self, name: &str) -> Reading<Vec<Object<'a>>> {
        self.array(name).map(|items| {
            items
                .into_iter()
                .filter_map(|At { value, place }| {
                    value.as_object().map(|map| Object::new(map, place))
                })
                .collect()
        })
    }

    /// The texts of an array inside this object; other elements are left out.
    pub fn texts(&self, name: &str) -> Reading<Vec<&'a str>> {
        self.array(name).map(|items| {
            items
                .into_iter()
                .filter_map(|at| at.value.as_str())
                .collect()
        })
    }

    /// A field that must be nested, unless PowerShell cut it short.
    fn nested(&self, name: &str, _wanted: &str) -> Reading<&'a Value> {
        match self.field(name) {
            Reading::Value(at) if cut_short(at.value) => Reading::Bad(
                Error::new(
                    ErrorCode::Truncated,
                    at.place,
                    "PowerShell cut this value short at its depth",
                )
                .with_help("export again with `ConvertTo-Json -Depth 10`"),
            ),
            reading => reading,
        }
    }
}

/// Whether a value is what PowerShell prints in place of something deeper than `-Depth`: the name
/// of a .NET type, or a hash table on one line.
pub fn cut_short(value: &Value) -> bool {
    let Value::String(text) = value else {
        return false;
    };
    let text = text.trim();
    // An array is printed as its elements' types, one after another.
    let types = |word: &str| word.starts_with("Microsoft.") && word.matches('.').count() >= 2;
    (text.starts_with("@{") && text.ends_with('}'))
        || text.starts_with("System.")
        || !text.is_empty() && text.split_ascii_whitespace().all(types)
}

fn wants(what: &str, found: &Value) -> String {
    let found = match found {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    format!("expected {what}, found {found} that cannot be read as one")
}
