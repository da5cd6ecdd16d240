//! Operations that were seen before, by whichever log told of them.
//!
//! Servers write at once; the tenant's records come minutes to an hour later, or with the export of
//! the next day. By then the events are no longer held, so that the two sides of one operation meet by
//! what is remembered of it: its person and its time.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::WatchState;

/// How far apart the two sides of an operation may be: clocks differ by up to five minutes, and a
/// person takes some time.
const APART: TimeDelta = TimeDelta::minutes(10);

/// An operation that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Known {
    pub(super) at: DateTime<Utc>,
    /// It is counted among the failures, and told of if it was to be.
    pub(super) failed: bool,
    /// That nothing ended it was told.
    pub(super) unfinished: bool,
    /// The person, in lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    who: Option<String>,
    /// Who told of it so far.
    #[serde(default)]
    side: Side,
}

/// Who tells of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Side {
    Server,
    Tenant,
    #[default]
    Both,
}

impl Known {
    /// Whether the tenant told of it.
    pub(super) fn by_tenant(&self) -> bool {
        self.side != Side::Server
    }
}

/// An operation as it is seen now.
#[derive(Debug)]
pub(super) struct Seen {
    /// What tells that it is this one and no other, the best first.
    pub(super) keys: Vec<String>,
    /// The person, in lower case.
    pub(super) who: Option<String>,
    pub(super) at: DateTime<Utc>,
    pub(super) side: Side,
}

impl Seen {
    /// What is to be remembered of one that was not seen before.
    pub(super) fn known(&self) -> Known {
        Known {
            at: self.at,
            failed: false,
            unfinished: false,
            who: self.who.clone(),
            side: self.side,
        }
    }
}

/// The keys of operations, by person and time.
#[derive(Debug, Default)]
pub(super) struct People(BTreeSet<(String, DateTime<Utc>, String)>);

impl People {
    pub(super) fn of(state: &WatchState) -> Self {
        let mut people = Self::default();
        for (key, known) in &state.operations {
            people.note(key, known);
        }
        people
    }

    fn note(&mut self, key: &str, known: &Known) {
        if let Some(who) = &known.who {
            self.0.insert((who.clone(), known.at, key.to_owned()));
        }
    }

    /// Those of a person at about a time.
    fn near(&self, who: &str, at: DateTime<Utc>) -> impl Iterator<Item = &String> {
        let from = (who.to_owned(), at - APART, String::new());
        let of_person = self.0.range(from..);
        of_person
            .take_while(move |(other, when, _)| *other == who && *when <= at + APART)
            .map(|(_, _, key)| key)
    }
}

impl WatchState {
    /// The key under which an operation is remembered, and what is, if it was seen before: by one of
    /// its keys; or where the other side alone told of one of that person at that time, the nearest.
    pub(super) fn recall(&self, people: &People, seen: &Seen) -> (String, Option<Known>) {
        for key in &seen.keys {
            let key = self.same.get(key).unwrap_or(key);
            if let Some(known) = self.operations.get(key) {
                return (key.clone(), Some(known.clone()));
            }
        }
        let meets = |known: &Known| {
            matches!(
                (seen.side, known.side),
                (Side::Server, Side::Tenant) | (Side::Tenant, Side::Server)
            )
        };
        let near = { seen.who.iter() }.flat_map(|who| people.near(who, seen.at));
        let nearest = near
            .filter_map(|key| Some((key, self.operations.get(key)?)))
            .filter(|(_, known)| meets(known))
            .min_by_key(|(key, known)| ((known.at - seen.at).abs(), *key));
        match nearest {
            Some((key, known)) => (key.clone(), Some(known.clone())),
            None => (seen.keys.first().cloned().unwrap_or_default(), None),
        }
    }

    /// Remembers what is known of an operation now.
    pub(super) fn remember(&mut self, people: &mut People, key: &str, seen: &Seen, known: Known) {
        let known = Known {
            who: known.who.or_else(|| seen.who.clone()),
            side: if known.side == seen.side {
                seen.side
            } else {
                Side::Both
            },
            ..known
        };
        people.note(key, &known);
        self.operations.insert(key.to_owned(), known);
        for other in seen.keys.iter().filter(|other| *other != key) {
            self.same.insert(other.clone(), key.to_owned());
        }
    }

    /// Forgets operations from before a time.
    pub(super) fn forget(&mut self, before: DateTime<Utc>) {
        self.operations.retain(|_, known| known.at > before);
        let operations = &self.operations;
        self.same.retain(|_, key| operations.contains_key(key));
    }
}
