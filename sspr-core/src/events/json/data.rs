//! Values and data strings as the forms write them.

use std::borrow::Cow;

use serde_json::Value;

use crate::error::Error;
use crate::events::{EventDatum, parse_event};
use crate::evidence::Locator;
use crate::time::local::Written;

/// The first of Kibana's values.
pub(super) fn first(value: &Value) -> &Value {
    match value {
        Value::Array(items) => items.first().unwrap_or(&Value::Null),
        single => single,
    }
}

/// Data by name. `param1` and the like stand for strings without a name, in the order of their
/// numbers.
pub(super) fn data_of_map<'m, K: AsRef<str>>(
    map: impl Iterator<Item = (K, &'m Value)>,
) -> Vec<EventDatum> {
    let (mut numbered, mut named) = (Vec::new(), Vec::new());
    for (key, value) in map {
        let key = key.as_ref();
        let value = first(value);
        if value.is_null() || matches!(key, "Binary" | "xml_name") {
            continue;
        }
        let value = plain(value).into_owned();
        let lower = key.to_ascii_lowercase();
        let number = match lower.as_str() {
            "data" | "" => Some(0),
            other => other
                .strip_prefix("param")
                .or_else(|| other.strip_prefix("data_"))
                .and_then(|number| number.parse::<u32>().ok()),
        };
        match number {
            Some(number) => numbered.push((number, EventDatum { name: None, value })),
            None => named.push(EventDatum {
                name: Some(key.into()),
                value,
            }),
        }
    }
    numbered.sort_by_key(|(number, _)| *number);
    let mut data: Vec<_> = numbered.into_iter().map(|(_, datum)| datum).collect();
    data.extend(named);
    data
}

/// The data of `<EventData>`, whatever stands around it.
pub(super) fn data_of_xml(xml: &str) -> Vec<EventDatum> {
    let body = xml
        .find("<EventData")
        .zip(xml.rfind("</EventData>"))
        .and_then(|(start, end)| xml.get(start..end))
        .unwrap_or_default();
    let event = format!(
        "<Event><System><Provider Name='-'/><EventID>0</EventID></System>{body}</EventData></Event>"
    );
    parse_event(&event).map_or_else(|_| Vec::new(), |event| event.data)
}

/// The strings of `<Param>…</Param><Param>…</Param>`.
pub(super) fn parameters(xml: &str) -> Vec<EventDatum> {
    let mut data = String::from("<EventData>");
    data.push_str(
        &xml.replace("<Param", "<Data")
            .replace("</Param>", "</Data>"),
    );
    data.push_str("</EventData>");
    data_of_xml(&data)
}

/// A level by its name in English, which most programs write whatever the machine's language.
pub(super) fn level_of(name: &str) -> Option<u8> {
    match name.trim().to_ascii_lowercase().as_str() {
        "critical" => Some(1),
        "error" => Some(2),
        "warning" => Some(3),
        "information" | "info" | "informational" => Some(4),
        "verbose" => Some(5),
        "logalways" => Some(0),
        _ => None,
    }
}

/// A value as the text that it stands for.
pub(super) fn plain(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Null => Cow::Borrowed(""),
        // A SID and its like, as PowerShell prints them.
        Value::Object(map) => match map.get("Value") {
            Some(Value::String(text)) => Cow::Borrowed(text),
            _ => Cow::Owned(value.to_string()),
        },
        other => Cow::Owned(other.to_string()),
    }
}

pub(super) fn written(
    value: Option<&Value>,
    place: impl Fn() -> Locator,
) -> (Option<Written>, Option<Error>) {
    let value = value.and_then(|value| match value {
        // PowerShell's object around a date.
        Value::Object(map) => ["value", "DateTime"].iter().find_map(|key| map.get(*key)),
        other => Some(other),
    });
    match value {
        None | Some(Value::Null) => (None, None),
        Some(value) => match Written::parse(&plain(value)) {
            Some(written) => (Some(written), None),
            None => (
                None,
                Some(Error::value(
                    place(),
                    "the time of this event cannot be read; the event is kept without it",
                )),
            ),
        },
    }
}
