//! The documents of Winlogbeat and Elastic's other agents: nested, with dots in their keys, or with each value in
//! an array.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::data::{data_of_map, first, level_of, plain, written};
use super::fields::Parsed;
use super::form::document;
use crate::carrier::json::Object;
use crate::error::{Error, Result};
use crate::events::catalogue::Source;
use crate::events::output::Record;
use crate::events::security::{AUDIT_FAILURE, AUDIT_SUCCESS};
use crate::events::{SmolStr, WindowsEvent};

pub(super) fn beats(object: &Object<'_>) -> Result<Parsed> {
    let map = document(object.map()).unwrap_or(object.map());
    let get = |paths: &[&str]| {
        paths
            .iter()
            .find_map(|path| at(map, path))
            .map(first)
            .filter(|value| !value.is_null())
    };
    let text = |paths: &[&str]| {
        get(paths)
            .map(plain)
            .filter(|text| !text.trim().is_empty())
            .map(Cow::into_owned)
    };
    let number = |paths: &[&str]| text(paths).and_then(|text| text.trim().parse::<u64>().ok());
    let id = number(&["winlog.event_id", "event.code", "event_id"])
        .and_then(|id| u32::try_from(id & 0xffff).ok())
        .ok_or_else(|| Error::value(object.place().clone(), "the event has no id"))?;
    let mut event = WindowsEvent {
        provider: text(&["winlog.provider_name", "event.provider", "source_name"])
            .unwrap_or_default()
            .into(),
        id,
        record: number(&["winlog.record_id", "record_number"]),
        computer: text(&["winlog.computer_name", "computer_name"]).map(SmolStr::from),
        channel: text(&["winlog.channel", "log_name"]).map(SmolStr::from),
        level: text(&["log.level", "winlog.level", "level"]).and_then(|name| level_of(&name)),
        message: text(&["message"]),
        ..WindowsEvent::default()
    };
    event.keywords = match text(&["event.outcome"]).as_deref() {
        Some("success") => Some(AUDIT_SUCCESS),
        Some("failure") => Some(AUDIT_FAILURE),
        _ => None,
    }
    .filter(|_| Source::of(&event.provider) == Some(Source::Security));
    for path in [
        "winlog.event_data",
        "winlog.user_data",
        "event_data",
        "user_data",
    ] {
        if event.data.is_empty() {
            event.data = data_of_map(below(map, path).into_iter());
        }
    }
    let time = get(&["@timestamp", "winlog.time_created"]);
    let (written, remark) = written(time, || object.place().member("@timestamp"));
    Ok(Parsed {
        read: Record { event, written },
        remark,
    })
}

/// The value at a path, of which any part may be one key: documents are nested, or have dots in
/// their keys.
fn at<'m>(map: &'m Map<String, Value>, path: &str) -> Option<&'m Value> {
    map.get(path).or_else(|| {
        path.match_indices('.').find_map(|(dot, _)| {
            let (head, tail) = (path.get(..dot)?, path.get(dot + 1..)?);
            at(map.get(head)?.as_object()?, tail)
        })
    })
}

/// All values below a path, with the rest of their keys.
fn below<'m>(map: &'m Map<String, Value>, path: &str) -> Vec<(&'m str, &'m Value)> {
    let mut found: Vec<(&str, &Value)> = Vec::new();
    for (key, value) in map {
        let inside = |rest: &str| value.as_object().map(|inner| below(inner, rest));
        if key == path {
            match value {
                Value::Object(inner) => {
                    found.extend(inner.iter().map(|(key, value)| (key.as_str(), value)));
                }
                _ => found.push(("", value)),
            }
        } else if let Some(rest) = key
            .strip_prefix(path)
            .and_then(|rest| rest.strip_prefix('.'))
        {
            found.push((rest, value));
        } else if let Some(rest) = path
            .strip_prefix(key.as_str())
            .and_then(|rest| rest.strip_prefix('.'))
        {
            found.extend(inside(rest).unwrap_or_default());
        }
    }
    found
}
