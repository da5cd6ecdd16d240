//! What a watch knows, and how it is kept between runs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::io::Write;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Notice;
use super::notice::digest;
use crate::error::{Error, ErrorCode, Result};
use crate::events::WindowsEvent;
use crate::evidence::{At, Locator};
use crate::roundtrip::Outcome;
use crate::snapshot::Followings;

/// What a state says it is.
const SCHEMA: &str = "sspr-watch/1";
/// How many events are known again. A tenant of 50,000 people has some hundred operations a day.
const HEARD: usize = 20_000;

/// What a watch knows: how far each file was read, what was told, and what is usual. It is JSON, and
/// holds names of people but no password and no text of an event older than half an hour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WatchState {
    schema: String,
    /// Events from this time on are told of.
    pub since: DateTime<Utc>,
    /// Notices that were not yet confirmed to be told.
    pub untold: Vec<Notice>,
    pub(super) files: Followings,
    /// Events that came already.
    pub(super) heard: Heard,
    /// The latest events, by which those that follow are joined to operations.
    pub(super) window: Vec<Kept>,
    /// Operations of the last days, by their keys.
    pub(super) operations: BTreeMap<String, Known>,
    /// By the hour.
    pub(super) hours: BTreeMap<DateTime<Utc>, Hour>,
    /// Signs of life, by computer.
    pub(super) beats: BTreeMap<String, Beats>,
    /// What is silent, and since when.
    pub(super) silent: BTreeMap<String, DateTime<Utc>>,
    /// Troubles of the service, by computer and event: when they were told last.
    pub(super) troubles: BTreeMap<String, DateTime<Utc>>,
}

/// An event and its log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Kept {
    pub(super) log: String,
    pub(super) place: Locator,
    pub(super) event: WindowsEvent,
}

impl Kept {
    pub(super) fn at(&self) -> At<WindowsEvent> {
        At {
            value: self.event.clone(),
            place: self.place.clone(),
        }
    }
}

/// An operation that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Known {
    pub(super) at: DateTime<Utc>,
    /// It is counted among the failures, and told of if it was to be.
    pub(super) failed: bool,
    /// That nothing ended it was told.
    pub(super) unfinished: bool,
}

/// What an hour brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Hour {
    pub(super) operations: u64,
    pub(super) failures: u64,
}

impl Hour {
    pub(super) fn add(&mut self, outcome: Outcome) {
        self.operations += 1;
        self.failures += u64::from(matches!(outcome, Outcome::Failed | Outcome::Refused));
    }
}

/// Signs of life of a writeback service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Beats {
    pub(super) last: DateTime<Utc>,
    /// How many there were, up to a few.
    pub(super) count: u64,
}

/// Events that came already, the latest of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "VecDeque<String>", into = "VecDeque<String>")]
pub(super) struct Heard {
    keys: BTreeSet<String>,
    order: VecDeque<String>,
}

impl Heard {
    /// Whether an event is new; from now on it is not.
    pub(super) fn is_new(&mut self, event: &WindowsEvent) -> bool {
        let text = event.text();
        let key = digest(&[
            event.provider.to_lowercase().as_str(),
            &event.id.to_string(),
            &event.record.map(|id| id.to_string()).unwrap_or_default(),
            &event.time.map(|time| time.to_rfc3339()).unwrap_or_default(),
            &event.computer.as_deref().unwrap_or_default().to_lowercase(),
            &text,
        ]);
        if !self.keys.insert(key.clone()) {
            return false;
        }
        self.order.push_back(key);
        if self.order.len() > HEARD
            && let Some(oldest) = self.order.pop_front()
        {
            self.keys.remove(&oldest);
        }
        true
    }
}

impl From<VecDeque<String>> for Heard {
    fn from(order: VecDeque<String>) -> Self {
        let keys = order.iter().cloned().collect();
        Self { keys, order }
    }
}

impl From<Heard> for VecDeque<String> {
    fn from(heard: Heard) -> Self {
        heard.order
    }
}

impl WatchState {
    /// Of a watch that begins: events from `since` on are told of.
    pub fn new(since: DateTime<Utc>) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            since,
            untold: Vec::new(),
            files: Followings::new(),
            heard: Heard::default(),
            window: Vec::new(),
            operations: BTreeMap::new(),
            hours: BTreeMap::new(),
            beats: BTreeMap::new(),
            silent: BTreeMap::new(),
            troubles: BTreeMap::new(),
        }
    }

    /// Reads a state from its JSON.
    pub fn from_json(json: &str) -> Result<Self> {
        let help = "begin anew with another file, or move this one away";
        let damaged = |place| {
            Error::syntax(place, "this is no state of a watch, or it is damaged").with_help(help)
        };
        let at_line = |error: serde_json::Error| damaged(Locator::Line(error.line() as u64));
        let state: Self = serde_json::from_str(json).map_err(at_line)?;
        if state.schema != SCHEMA {
            let message = "this state was written by another version";
            let error = Error::new(ErrorCode::Unsupported, Locator::Whole, message);
            return Err(error.with_help(help));
        }
        if !can_be_reckoned_with(&serde_json::from_str(json).map_err(at_line)?) {
            return Err(damaged(Locator::Whole));
        }
        Ok(state)
    }

    /// The state as JSON.
    pub fn to_json(&self) -> String {
        // It holds no map with keys that are not strings, and nothing that fails to serialise.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a state that [`save`](Self::save) wrote; `None` where there is no file.
    pub fn load(path: &Path) -> Result<Option<Self>> {
        match fs::read_to_string(path) {
            Ok(json) => Self::from_json(&json)
                .map(Some)
                .map_err(|error| within(error, path)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(within(Error::io(Locator::Whole, error), path)),
        }
    }

    /// Writes the state: whatever happens, the file holds this state or the one before.
    pub fn save(&self, path: &Path) -> Result<()> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let write = || {
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(self.to_json().as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(path).map_err(|error| error.error)?;
            Ok(())
        };
        write().map_err(|error| within(Error::io(Locator::Whole, error), path))
    }
}

/// Whether no time in it has a year beyond four digits: a day before or after it may be none.
fn can_be_reckoned_with(value: &Value) -> bool {
    let is_near =
        |text: &String| !text.starts_with(['+', '-']) || text.parse::<DateTime<Utc>>().is_err();
    match value {
        Value::String(text) => is_near(text),
        Value::Array(items) => items.iter().all(can_be_reckoned_with),
        Value::Object(members) => members
            .iter()
            .all(|(name, value)| is_near(name) && can_be_reckoned_with(value)),
        _ => true,
    }
}

fn within(error: Error, path: &Path) -> Error {
    Error {
        place: error.place.within(path.display().to_string()),
        ..error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_with_a_time_that_cannot_be_reckoned_with_is_damaged() {
        let state = WatchState::new("2026-11-20T08:00:00Z".parse().unwrap());
        let json = state.to_json();
        assert_eq!(WatchState::from_json(&json).unwrap(), state);
        for (from, to) in [
            ("2026-11-20T08:00:00Z", "-262143-01-01T00:00:00Z"),
            (
                "\"silent\":{",
                "\"silent\":{\"a\":\"+262142-12-31T23:59:59Z\"",
            ),
            (
                "\"hours\":{",
                "\"hours\":{\"-9999-01-01T00:00:00Z\":{\"operations\":1,\"failures\":0}",
            ),
        ] {
            assert!(json.contains(from));
            let error = WatchState::from_json(&json.replace(from, to)).unwrap_err();
            assert_eq!(error.code, ErrorCode::Syntax, "{to}");
            assert!(error.help.is_some());
        }
    }
}
