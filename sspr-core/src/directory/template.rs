//! Security templates: `GptTmpl.inf` of a group policy, and what `secedit /export` writes.

use super::PolicyReadings;
use crate::carrier::inf::Inf;
use crate::error::{Error, ErrorCode};
use crate::evidence::{At, Locator, Provenance, Reading};
use crate::time::Interval;

/// The section that holds the password policy.
const SECTION: &str = "System Access";

/// The password policy of one machine, by `secedit /export`. That of a domain controller is its
/// domain's; that of any other machine says nothing about a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachinePolicy {
    /// The machine.
    pub host: String,
    /// Its policy.
    pub policy: PolicyReadings,
    /// The evidence.
    pub from: Provenance,
}

/// Whether a text is a security template: an INF file with Windows' signature or one of the
/// sections that are read here.
pub fn is_template(head: &str) -> bool {
    let first = head
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with(';'));
    first.is_some_and(|line| line.starts_with('[') && line.ends_with(']')) && {
        let head = head.to_ascii_lowercase();
        ["[system access]", "[privilege rights]", "[registry values]"]
            .iter()
            .any(|section| head.contains(section))
            || head.contains("signature=\"$chicago$\"")
    }
}

/// The password policy of a template. A key that is not there is not defined by the template, and
/// is absent, never zero. Lines that could not be read are in [`Inf::lost`].
pub fn parse_template(inf: &Inf) -> PolicyReadings {
    PolicyReadings {
        minimum_age: number(inf, "MinimumPasswordAge", 0, 999).map(days),
        maximum_age: number(inf, "MaximumPasswordAge", -1, 999).and_then(|value| match value {
            -1 => Ok(Interval::Never),
            0 => Err("expected 1 to 999 days, or -1 for never".into()),
            value => Ok(days(value)),
        }),
        minimum_length: number(inf, "MinimumPasswordLength", 0, 65_536).map(unsigned),
        history: number(inf, "PasswordHistorySize", 0, 65_535).map(unsigned),
        complexity: switch(inf, "PasswordComplexity"),
        reversible: switch(inf, "ClearTextPassword"),
        lockout_threshold: number(inf, "LockoutBadCount", 0, 65_535).map(unsigned),
        // 0 stands for "until an administrator unlocks" in the editor, -1 in the file.
        lockout_duration: number(inf, "LockoutDuration", -1, 99_999).map(|value| {
            if value <= 0 {
                Interval::Never
            } else {
                minutes(value)
            }
        }),
        lockout_window: number(inf, "ResetLockoutCount", 1, 99_999).map(minutes),
    }
}

fn number(inf: &Inf, key: &str, least: i64, most: i64) -> Reading<i64> {
    let Some(entry) = inf.entry(SECTION, key) else {
        return Reading::Absent;
    };
    let place = Locator::Line(entry.line);
    match entry.value.as_deref().map(|value| value.trim().parse()) {
        Some(Ok(value)) if (least..=most).contains(&value) => Reading::Value(At::new(value, place)),
        Some(Ok(_)) => Reading::Bad(Error::new(
            ErrorCode::Range,
            place,
            format!("{key} takes {least} to {most}"),
        )),
        _ => Reading::Bad(Error::value(place, format!("{key} takes a whole number"))),
    }
}

fn switch(inf: &Inf, key: &str) -> Reading<bool> {
    number(inf, key, 0, 1).map(|value| value == 1)
}

/// A number whose range was checked.
fn unsigned(value: i64) -> u32 {
    u32::try_from(value).unwrap_or_default()
}

fn days(value: i64) -> Interval {
    Interval::from_days(unsigned(value))
}

fn minutes(value: i64) -> Interval {
    Interval::from_minutes(unsigned(value))
}
