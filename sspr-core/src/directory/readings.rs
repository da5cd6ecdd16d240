//! A password policy as it was read: each setting with its place.

use serde::Serialize;

use super::PasswordPolicyDraft;
use super::attributes::zero_is_never;
use crate::carrier::json::Object;
use crate::carrier::powershell_list::ListObject;
use crate::error::Error;
use crate::evidence::{Locator, Reading};
use crate::time::Interval;

/// The settings of a password policy as one input has them, each with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyReadings {
    /// How long a password must be kept.
    pub minimum_age: Reading<Interval>,
    /// How long a password may be kept.
    pub maximum_age: Reading<Interval>,
    /// Least length in characters.
    pub minimum_length: Reading<u32>,
    /// How many old passwords are remembered.
    pub history: Reading<u32>,
    /// Whether complexity is required.
    pub complexity: Reading<bool>,
    /// Whether passwords are stored reversibly.
    pub reversible: Reading<bool>,
    /// Failed sign-ins before a lockout; 0 is never.
    pub lockout_threshold: Reading<u32>,
    /// How long a lockout lasts; `Never` means until an administrator unlocks.
    pub lockout_duration: Reading<Interval>,
    /// How long failed sign-ins are counted.
    pub lockout_window: Reading<Interval>,
}

impl Default for PolicyReadings {
    fn default() -> Self {
        Self {
            minimum_age: Reading::Absent,
            maximum_age: Reading::Absent,
            minimum_length: Reading::Absent,
            history: Reading::Absent,
            complexity: Reading::Absent,
            reversible: Reading::Absent,
            lockout_threshold: Reading::Absent,
            lockout_duration: Reading::Absent,
            lockout_window: Reading::Absent,
        }
    }
}

impl PolicyReadings {
    /// The values that could be read.
    pub fn draft(&self) -> PasswordPolicyDraft {
        PasswordPolicyDraft {
            minimum_age: self.minimum_age.value().copied(),
            maximum_age: self.maximum_age.value().copied(),
            minimum_length: self.minimum_length.value().copied(),
            history: self.history.value().copied(),
            complexity: self.complexity.value().copied(),
            reversible: self.reversible.value().copied(),
            lockout_threshold: self.lockout_threshold.value().copied(),
            lockout_duration: self.lockout_duration.value().copied(),
            lockout_window: self.lockout_window.value().copied(),
        }
    }

    /// Whether no setting was read.
    pub fn is_empty(&self) -> bool {
        self.draft() == PasswordPolicyDraft::default()
    }

    /// The faults of values that could not be read.
    pub fn faults(&self) -> impl Iterator<Item = &Error> {
        [
            fault(&self.minimum_age),
            fault(&self.maximum_age),
            fault(&self.minimum_length),
            fault(&self.history),
            fault(&self.complexity),
            fault(&self.reversible),
            fault(&self.lockout_threshold),
            fault(&self.lockout_duration),
            fault(&self.lockout_window),
        ]
        .into_iter()
        .flatten()
    }

    /// Where the first setting stands.
    pub fn place(&self) -> Option<&Locator> {
        [
            place(&self.minimum_age),
            place(&self.maximum_age),
            place(&self.minimum_length),
            place(&self.history),
            place(&self.complexity),
            place(&self.reversible),
            place(&self.lockout_threshold),
            place(&self.lockout_duration),
            place(&self.lockout_window),
        ]
        .into_iter()
        .flatten()
        .next()
    }
}

/// The fields that PowerShell prints, as JSON or as a list.
pub(super) trait CmdletFields {
    fn interval(&self, name: &str) -> Reading<Interval>;
    fn integer(&self, name: &str) -> Reading<i64>;
    fn bool(&self, name: &str) -> Reading<bool>;
}

impl CmdletFields for Object<'_> {
    fn interval(&self, name: &str) -> Reading<Interval> {
        self.interval(name)
    }

    fn integer(&self, name: &str) -> Reading<i64> {
        self.integer(name)
    }

    fn bool(&self, name: &str) -> Reading<bool> {
        self.bool(name)
    }
}

impl CmdletFields for ListObject {
    fn interval(&self, name: &str) -> Reading<Interval> {
        self.interval(name)
    }

    fn integer(&self, name: &str) -> Reading<i64> {
        self.integer(name)
    }

    fn bool(&self, name: &str) -> Reading<bool> {
        self.bool(name)
    }
}

impl PolicyReadings {
    /// The settings as the cmdlets of the domain's policy and of fine-grained policies name them.
    /// Spans are positive there, and 0 in `MaxPasswordAge` and `LockoutDuration` means never.
    pub(super) fn of_cmdlet(object: &impl CmdletFields) -> Self {
        Self {
            minimum_age: object.interval("MinPasswordAge"),
            maximum_age: object.interval("MaxPasswordAge").map(zero_is_never),
            minimum_length: object.integer("MinPasswordLength").and_then(count),
            history: object.integer("PasswordHistoryCount").and_then(count),
            complexity: object.bool("ComplexityEnabled"),
            reversible: object.bool("ReversibleEncryptionEnabled"),
            lockout_threshold: object.integer("LockoutThreshold").and_then(count),
            lockout_duration: object.interval("LockoutDuration").map(zero_is_never),
            lockout_window: object.interval("LockoutObservationWindow"),
        }
    }
}

/// A count that is not negative.
pub(super) fn count(value: i64) -> Result<u32, String> {
    u32::try_from(value).map_err(|_| "expected a count".into())
}

fn fault<T>(reading: &Reading<T>) -> Option<&Error> {
    match reading {
        Reading::Bad(error) => Some(error),
        _ => None,
    }
}

fn place<T>(reading: &Reading<T>) -> Option<&Locator> {
    match reading {
        Reading::Value(at) => Some(&at.place),
        _ => None,
    }
}
