//! The single settings of a password policy, where one after another is compared.

use std::fmt;

use serde::Serialize;

use super::PasswordPolicyDraft;
use crate::time::Interval;

/// One setting of a password policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum PolicySetting {
    MinimumAge,
    MaximumAge,
    MinimumLength,
    History,
    Complexity,
    Reversible,
    LockoutThreshold,
    LockoutDuration,
    LockoutWindow,
}

/// The value of a setting. Displayed as an administrator reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SettingValue {
    /// A span of time.
    Span(Interval),
    /// A number.
    Count(u32),
    /// A switch.
    Switch(bool),
}

impl PolicySetting {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::MinimumAge,
        Self::MaximumAge,
        Self::MinimumLength,
        Self::History,
        Self::Complexity,
        Self::Reversible,
        Self::LockoutThreshold,
        Self::LockoutDuration,
        Self::LockoutWindow,
    ];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MinimumAge => "minimum age",
            Self::MaximumAge => "maximum age",
            Self::MinimumLength => "minimum length",
            Self::History => "history",
            Self::Complexity => "complexity",
            Self::Reversible => "reversible encryption",
            Self::LockoutThreshold => "lockout threshold",
            Self::LockoutDuration => "lockout duration",
            Self::LockoutWindow => "lockout window",
        }
    }

    /// Its name in security templates and in the reports of group policy.
    pub const fn key(self) -> &'static str {
        match self {
            Self::MinimumAge => "MinimumPasswordAge",
            Self::MaximumAge => "MaximumPasswordAge",
            Self::MinimumLength => "MinimumPasswordLength",
            Self::History => "PasswordHistorySize",
            Self::Complexity => "PasswordComplexity",
            Self::Reversible => "ClearTextPassword",
            Self::LockoutThreshold => "LockoutBadCount",
            Self::LockoutDuration => "LockoutDuration",
            Self::LockoutWindow => "ResetLockoutCount",
        }
    }

    /// The setting of a name of [`Self::key`], in any case.
    pub fn of_key(key: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|setting| setting.key().eq_ignore_ascii_case(key))
    }

    /// Its value in a policy, if the policy defines it.
    pub fn of(self, policy: &PasswordPolicyDraft) -> Option<SettingValue> {
        use SettingValue::{Count, Span, Switch};
        match self {
            Self::MinimumAge => policy.minimum_age.map(Span),
            Self::MaximumAge => policy.maximum_age.map(Span),
            Self::MinimumLength => policy.minimum_length.map(Count),
            Self::History => policy.history.map(Count),
            Self::Complexity => policy.complexity.map(Switch),
            Self::Reversible => policy.reversible.map(Switch),
            Self::LockoutThreshold => policy.lockout_threshold.map(Count),
            Self::LockoutDuration => policy.lockout_duration.map(Span),
            Self::LockoutWindow => policy.lockout_window.map(Span),
        }
    }
}

impl fmt::Display for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Span(span) => span.fmt(f),
            Self::Count(count) => count.fmt(f),
            Self::Switch(on) => f.write_str(if *on { "on" } else { "off" }),
        }
    }
}
