//! Security templates: `GptTmpl.inf` of a group policy, and what `secedit /export` writes.

use super::{PolicyReadings, PolicySetting};
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
    of_numbers(|setting| {
        let Some(entry) = inf.entry(SECTION, setting.key()) else {
            return Reading::Absent;
        };
        let place = Locator::Line(entry.line);
        match entry.value.as_deref().map(|value| value.trim().parse()) {
            Some(Ok(value)) => Reading::Value(At::new(value, place)),
            _ => Reading::Bad(Error::value(
                place,
                format!("{} takes a whole number", setting.key()),
            )),
        }
    })
}

/// The settings of a group policy as its numbers: ages in days, the lockout in minutes, switches
/// as 0 and 1 (MS-GPSB 2.2.1.1 and 2.2.1.2).
pub(super) fn of_numbers(number: impl Fn(PolicySetting) -> Reading<i64>) -> PolicyReadings {
    use PolicySetting as S;
    let within = |setting: S, least, most| match number(setting) {
        Reading::Value(At { value, place }) if !(least..=most).contains(&value) => {
            let takes = format!("{} takes {least} to {most}", setting.key());
            Reading::Bad(Error::new(ErrorCode::Range, place, takes))
        }
        reading => reading,
    };
    let switch = |setting| within(setting, 0, 1).map(|value| value == 1);
    PolicyReadings {
        minimum_age: within(S::MinimumAge, 0, 999).map(days),
        maximum_age: within(S::MaximumAge, -1, 999).and_then(|value| match value {
            -1 => Ok(Interval::Never),
            0 => Err("expected 1 to 999 days, or -1 for never".into()),
            value => Ok(days(value)),
        }),
        minimum_length: within(S::MinimumLength, 0, 65_536).map(unsigned),
        history: within(S::History, 0, 65_535).map(unsigned),
        complexity: switch(S::Complexity),
        reversible: switch(S::Reversible),
        lockout_threshold: within(S::LockoutThreshold, 0, 65_535).map(unsigned),
        // 0 stands for "until an administrator unlocks" in the editor, -1 in the file.
        lockout_duration: within(S::LockoutDuration, -1, 99_999).map(|value| {
            if value <= 0 {
                Interval::Never
            } else {
                minutes(value)
            }
        }),
        lockout_window: within(S::LockoutWindow, 1, 99_999).map(minutes),
    }
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
