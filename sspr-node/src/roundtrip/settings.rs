//! What the correlator is told beforehand.

use chrono::TimeDelta;
use napi::Result;
use serde::Deserialize;
use sspr::roundtrip::{ConnectorAccount, PersonFacts};

use crate::fault::invalid;

/// What is known before events are joined, and bounds.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Settings {
    /// Who the people are, as far as lists tell; nobody without it. It makes joins more certain.
    people: Vec<PersonFacts>,
    /// The accounts that write passwords into the domain; inferred without it.
    connectors: Vec<ConnectorAccount>,
    /// How far two clocks may differ, in milliseconds; 5 minutes without it.
    skew: Option<u64>,
    /// How long after a write the hash synchronisation and the sign-ins that follow it are looked
    /// for, in milliseconds; 24 hours without it.
    follow: Option<u64>,
    /// How many events are held at most; 2,000,000 without it, which take some 400 MB. Beyond it the
    /// half that lies farthest from the present event is joined and leaves.
    hold: Option<usize>,
}

impl Settings {
    /// As the core knows them.
    pub(crate) fn known(self) -> Result<sspr::roundtrip::Settings> {
        let usual = sspr::roundtrip::Settings::default();
        Ok(sspr::roundtrip::Settings {
            people: self.people,
            connectors: self.connectors,
            skew: self.skew.map_or(Ok(usual.skew), span)?,
            follow: self.follow.map_or(Ok(usual.follow), span)?,
            hold: self.hold.unwrap_or(usual.hold),
        })
    }
}

/// A length of time. Beyond a thousand years sums with times would overflow.
fn span(milliseconds: u64) -> Result<TimeDelta> {
    const MOST: u64 = 1_000 * 366 * 86_400_000;
    i64::try_from(milliseconds)
        .ok()
        .filter(|_| milliseconds <= MOST)
        .and_then(TimeDelta::try_milliseconds)
        .ok_or_else(|| invalid(&format!("{milliseconds} milliseconds are too long here")))
}
