//! What `net accounts` prints, in any language.
//!
//! Labels, words and the code page follow the language of Windows; the order of the lines does
//! not. So the eight lines of the policy, and the ninth with the computer's role, are read by
//! position: a number is a number, and a word stands for "none" or "never".

use serde::{Deserialize, Serialize};

use super::PolicyReadings;
use crate::error::{Error, Result};
use crate::evidence::{At, Locator, Reading};
use crate::time::Interval;

/// What `net accounts` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetAccounts {
    /// The policy. Complexity is not printed.
    pub policy: PolicyReadings,
    /// The machine that answered, when its role is printed in a word that is known.
    pub role: Option<ComputerRole>,
}

/// The role of the machine that answered `net accounts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ComputerRole {
    /// `PRIMARY`: the PDC emulator.
    Primary,
    /// `BACKUP`: another domain controller.
    Backup,
    /// `WORKSTATION`: the machine's own policy.
    Workstation,
    /// `SERVER`: the machine's own policy.
    Server,
}

impl ComputerRole {
    /// Whether a domain controller answered, so that the policy is the domain's.
    pub const fn is_controller(self) -> bool {
        matches!(self, Self::Primary | Self::Backup)
    }
}

/// Whether a text holds the nine lines of `net accounts`.
pub fn is_net_accounts(head: &str) -> bool {
    find(head).is_some()
}

/// Reads the output of `net accounts`, with or without a prompt before it.
pub fn parse_net_accounts(text: &str) -> Result<NetAccounts> {
    let Some(
        [
            _,
            minimum,
            maximum,
            length,
            history,
            threshold,
            duration,
            window,
            role,
        ],
    ) = find(text)
    else {
        return Err(Error::syntax(
            Locator::Whole,
            "expected the nine lines of `net accounts`, from the forced logoff to the computer's role",
        ));
    };
    Ok(NetAccounts {
        policy: PolicyReadings {
            minimum_age: minimum.read(None, Interval::from_days),
            maximum_age: maximum.read(Some(Interval::Never), Interval::from_days),
            minimum_length: length.read(None, |number| number),
            history: history.read(Some(0), |number| number),
            complexity: Reading::Absent,
            reversible: Reading::Absent,
            lockout_threshold: threshold.read(Some(0), |number| number),
            // What a word means in these two is not documented, and none is guessed.
            lockout_duration: duration.read_number(minutes_or_never),
            lockout_window: window.read_number(Interval::from_minutes),
        },
        role: match role.value.to_ascii_uppercase().as_str() {
            "PRIMARY" => Some(ComputerRole::Primary),
            "BACKUP" => Some(ComputerRole::Backup),
            "WORKSTATION" => Some(ComputerRole::Workstation),
            "SERVER" => Some(ComputerRole::Server),
            _ => None,
        },
    })
}

fn minutes_or_never(minutes: u32) -> Interval {
    match minutes {
        0 => Interval::Never,
        minutes => Interval::from_minutes(minutes),
    }
}

/// A line with a label and a value.
#[derive(Clone, Copy)]
struct ValueLine<'a> {
    label: &'a str,
    value: &'a str,
    number: u64,
}

impl<'a> ValueLine<'a> {
    fn parse(line: &'a str, number: u64) -> Option<Self> {
        let line = line.trim();
        let (label, value) = match line.rsplit_once([':', '\u{ff1a}']) {
            Some((label, value)) if value.starts_with([' ', '\t', '\u{3000}']) => (label, value),
            // Some languages print no colon; two blanks part the columns then.
            _ => line.rsplit_once("  ")?,
        };
        let (label, value) = (label.trim(), value.trim());
        let plausible = label.chars().count() >= 3 && !value.is_empty() && value.len() <= 40;
        plausible.then_some(Self {
            label,
            value,
            number,
        })
    }

    fn count(&self) -> Option<u32> {
        self.value.parse().ok()
    }

    fn read<T>(&self, word: Option<T>, number: impl FnOnce(u32) -> T) -> Reading<T> {
        let place = Locator::Line(self.number);
        match self.count().map(number).or(word) {
            Some(value) => Reading::Value(At::new(value, place)),
            None => Reading::Bad(Error::value(place, "expected a whole number")),
        }
    }

    fn read_number<T>(&self, number: impl FnOnce(u32) -> T) -> Reading<T> {
        if self.count().is_some() {
            self.read(None, number)
        } else {
            Reading::Absent
        }
    }
}

/// The nine lines that stand together and have the shape of the policy: a number for the least
/// age and the length, a number or a word elsewhere, a word for the role.
fn find(text: &str) -> Option<[ValueLine<'_>; 9]> {
    let lines: Vec<_> = (1_u64..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .take(2_000)
        .map(|(number, line)| ValueLine::parse(line, number))
        .collect();
    lines.windows(9).find_map(|window| {
        let lines: Vec<_> = window.iter().copied().flatten().collect();
        let lines: [ValueLine<'_>; 9] = lines.try_into().ok()?;
        let [
            _,
            minimum,
            maximum,
            length,
            history,
            threshold,
            duration,
            window,
            role,
        ] = lines;
        let numbers = [minimum, length].iter().all(|line| line.count().is_some());
        let words = [maximum, history, threshold, duration, window]
            .iter()
            .all(|line| line.count().is_some() || is_word(line.value));
        // Labels are phrases. The lists and registry dumps of other tools have bare names there.
        let phrases = lines
            .iter()
            .filter(|line| line.label.contains(' ') || !line.label.is_ascii())
            .count();
        (numbers && words && is_word(role.value) && phrases >= 5).then_some(lines)
    })
}

/// Whether a value is a word, in any script.
fn is_word(value: &str) -> bool {
    !value.starts_with(|c: char| c.is_ascii_digit()) && !value.contains([':', '=', '\\', '/'])
}
