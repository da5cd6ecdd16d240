//! Times as people's machines print them: without a zone, and with day and month in an order that
//! only the whole file tells.
//!
//! [`Written`] is what one cell says, [`Order`] gathers from all cells whether day or month comes
//! first, and a [`Zone`] makes an instant of a local time. What stays open is marked
//! in the [`Stamp`], never guessed in silence.
//!
//! ```
//! use sspr::time::local::{Order, Written, Zone};
//!
//! let cells = ["1/5/2026 9:00:01 AM", "1/13/2026 9:00:01 AM"];
//! let written: Vec<_> = cells.iter().filter_map(|cell| Written::parse(cell)).collect();
//! let mut order = Order::default();
//! for time in &written {
//!     order.see(time);
//! }
//! let zone: Zone = "Europe/Berlin".parse()?;
//! let stamp = written[0].stamp(order.decided(), Some(zone));
//! assert_eq!(stamp.time.to_rfc3339(), "2026-01-05T08:00:01+00:00");
//! assert!(!stamp.uncertain);
//! # Ok::<(), sspr::time::local::UnknownZone>(())
//! ```

use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta,
    TimeZone, Utc,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{TICKS_PER_SECOND, from_filetime, parse_json};

/// A zone that a person states: one of the IANA database, or a fixed offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// Such as `Europe/Berlin`, with its summer times.
    Named(Tz),
    /// Such as `+01:00`, all year.
    Fixed(FixedOffset),
}

/// A text that names no time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this names no time zone that is known here: give a name of the IANA database such as `Europe/Berlin`, or an \
     offset such as `+01:00`; Windows' own names, such as `W. Europe Standard Time`, are not read"
)]
pub struct UnknownZone;

/// `Europe/Berlin` in any case, `UTC`, or an offset: `Z`, `+01:00`, `-0530`, `+2`.
impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(text: &str) -> Result<Self, UnknownZone> {
        let text = text.trim();
        if let Some(offset) = offset(text) {
            return Ok(Self::Fixed(offset));
        }
        let known = chrono_tz::TZ_VARIANTS
            .iter()
            .find(|zone| zone.name().eq_ignore_ascii_case(text));
        known.copied().map(Self::Named).ok_or(UnknownZone)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(zone) => f.write_str(zone.name()),
            Self::Fixed(offset) => offset.fmt(f),
        }
    }
}

/// An offset from UTC, as [`Zone`] reads it.
fn offset(text: &str) -> Option<FixedOffset> {
    if text.eq_ignore_ascii_case("z") {
        return FixedOffset::east_opt(0);
    }
    let (sign, digits) = match text.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, text.strip_prefix('-')?),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "0"),
    };
    let number = |part: &str| {
        let plain = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse::<i32>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 18 && minutes < 60)
        .then(|| FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60)))
        .flatten()
}

impl Zone {
    /// The instant of a local time. In the hour that is struck twice it is the earlier one, in the
    /// hour that is left out it is counted on from before; both are marked.
    pub fn stamp(&self, local: NaiveDateTime) -> Stamp {
        match self {
            Self::Named(zone) => stamp_in(zone, local),
            Self::Fixed(offset) => stamp_in(offset, local),
        }
    }
}

fn stamp_in<T: TimeZone>(zone: &T, local: NaiveDateTime) -> Stamp {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(time) => Stamp {
            time: time.with_timezone(&Utc),
            uncertain: false,
        },
        LocalResult::Ambiguous(earlier, _) => Stamp {
            time: earlier.with_timezone(&Utc),
            uncertain: true,
        },
        LocalResult::None => {
            // No clock showed it. Clocks are not put forward by more than a day.
            let before = local.checked_sub_signed(TimeDelta::days(1));
            let offset = before
                .and_then(|before| zone.offset_from_local_datetime(&before).earliest())
                .map(|offset| offset.fix());
            let time = offset
                .and_then(|offset| offset.from_local_datetime(&local).single())
                .map_or_else(|| local.and_utc(), |time| time.with_timezone(&Utc));
            Stamp {
                time,
                uncertain: true,
            }
        }
    }
}

/// An instant, and whether it can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The instant; of a local time without a zone, that time taken for UTC.
    pub time: DateTime<Utc>,
    /// The zone is not known, day and month may be the other way round, or the hour was struck
    /// twice or not at all.
    pub uncertain: bool,
}

/// Which of day and month is written first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DateOrder {
    /// 13/1/2026 is in January.
    DayFirst,
    /// 1/13/2026 is in January.
    MonthFirst,
}

/// What one printed time says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// An instant: it came with its zone.
    Instant(DateTime<Utc>),
    /// A local time, with the order that it proves when one of its numbers can be no month.
    Local(NaiveDateTime, Option<DateOrder>),
    /// A local time whose day and month may stand either way.
    Either {
        /// Read with the day first.
        day_first: NaiveDateTime,
        /// Read with the month first.
        month_first: NaiveDateTime,
        /// The hour is written with a half of the day, as is usual where the month comes first.
        half_day: bool,
    },
}

impl Written {
    /// Reads a time: ISO 8601 with or without an offset, `/Date(ms)/`, .NET's ticks (local, as
    /// `TimeCreated` is), file time, Unix seconds or milliseconds, or a date of any Windows locale with
    /// Western digits, its numbers separated by slashes, dots, hyphens or blanks, the year in four
    /// digits unless dots separate them.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return number(text.parse().ok()?);
        }
        if let Some(instant) = parse_json(text) {
            return Some(Self::Instant(instant));
        }
        if text.starts_with("/Date(") {
            return None;
        }
        locale(text)
    }

    /// The instant, in the order that the file decided and the zone that a person stated.
    /// Without an order the likelier one is taken, and the stamp is uncertain.
    pub fn stamp(&self, order: Option<DateOrder>, zone: Option<Zone>) -> Stamp {
        let (local, open) = match *self {
            Self::Instant(time) => {
                return Stamp {
                    time,
                    uncertain: false,
                };
            }
            Self::Local(local, _) => (local, false),
            Self::Either {
                day_first,
                month_first,
                half_day,
            } => {
                let month_comes_first = match order {
                    Some(order) => order == DateOrder::MonthFirst,
                    None => half_day,
                };
                let local = if month_comes_first {
                    month_first
                } else {
                    day_first
                };
                (local, order.is_none())
            }
        };
        let stamp = zone.map_or_else(
            || Stamp {
                time: local.and_utc(),
                uncertain: true,
            },
            |zone| zone.stamp(local),
        );
        Stamp {
            uncertain: stamp.uncertain || open,
            ..stamp
        }
    }
}

/// A time as a bare number: its size tells the unit.
fn number(number: i64) -> Option<Written> {
    /// Ticks from the year 1 to 1970.
    const UNIX_EPOCH: i64 = 621_355_968_000_000_000;
    match number {
        100_000_000..=9_999_999_999 => DateTime::from_timestamp(number, 0).map(Written::Instant),
        100_000_000_000..=9_999_999_999_999 => {
            DateTime::from_timestamp_millis(number).map(Written::Instant)
        }
        116_444_736_000_000_000..=200_000_000_000_000_000 => {
            from_filetime(number).map(Written::Instant)
        }
        UNIX_EPOCH..=700_000_000_000_000_000 => {
            let ticks = number - UNIX_EPOCH;
            let nanos = u32::try_from(ticks % TICKS_PER_SECOND).ok()? * 100;
            let time = DateTime::from_timestamp(ticks / TICKS_PER_SECOND, nanos)?;
            Some(Written::Local(time.naive_utc(), None))
        }
        _ => None,
    }
}

/// A date and an hour as a locale writes them.
fn locale(text: &str) -> Option<Written> {
    let mut rest = text;
    let (first, separator) = field(&mut rest)?;
    let (second, again) = field(&mut rest)?;
    let third = digits(&mut rest)?;
    // Korean and Hungarian dates end in a dot.
    rest = rest.trim_start_matches('.');
    let (time, half_day) = clock(rest.trim_start_matches(['T', ',']).trim())?;
    if separator != again {
        return None;
    }
    let date = |year: Digits, month: Digits, day: Digits| {
        (month.length <= 2 && day.length <= 2)
            .then(|| NaiveDate::from_ymd_opt(year.value.try_into().ok()?, month.value, day.value))
            .flatten()
            .map(|date| date.and_time(time))
    };
    if first.length == 4 {
        return Some(Written::Local(date(first, second, third)?, None));
    }
    let year = match third.length {
        4 => third,
        2 if separator == '.' => Digits {
            value: 2000 + third.value,
            length: 4,
        },
        _ => return None,
    };
    let (day_first, month_first) = (date(year, second, first), date(year, first, second));
    match (day_first, month_first) {
        // Where dots separate, the day comes first.
        (Some(day_first), _) if separator == '.' => Some(Written::Local(day_first, None)),
        (Some(day_first), Some(month_first)) if day_first == month_first => {
            Some(Written::Local(day_first, None))
        }
        (Some(day_first), Some(month_first)) => Some(Written::Either {
            day_first,
            month_first,
            half_day,
        }),
        (Some(local), None) => Some(Written::Local(local, Some(DateOrder::DayFirst))),
        (None, Some(local)) if separator != '.' => {
            Some(Written::Local(local, Some(DateOrder::MonthFirst)))
        }
        _ => None,
    }
}

/// A number as it is written.
#[derive(Clone, Copy)]
struct Digits {
    value: u32,
    length: usize,
}

fn digits(rest: &mut &str) -> Option<Digits> {
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (number, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(Digits {
        value: number.parse().ok().filter(|_| length <= 4)?,
        length,
    })
}

/// A number and the separator after it, with the blank that some locales put there.
fn field(rest: &mut &str) -> Option<(Digits, char)> {
    let number = digits(rest)?;
    let separator = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '/' | '.' | '-'))?;
    *rest = rest.get(1..)?.trim_start();
    Some((number, separator))
}

/// An hour: `9:00`, `9:00:01`, `09.00.01`, with fractions, and with a half of the day before or after it.
fn clock(text: &str) -> Option<(NaiveTime, bool)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let (before, rest) = text.split_at_checked(start)?;
    let mut rest = rest;
    let hour = digits(&mut rest)?;
    let minute = unit(&mut rest)?;
    let second = unit(&mut rest).unwrap_or(0);
    let fraction = match rest.strip_prefix(['.', ',']) {
        None => 0,
        Some(after) => {
            let length = after.bytes().take_while(u8::is_ascii_digit).count();
            let (digits, after) = after.split_at_checked(length)?;
            rest = after;
            (1..=9).contains(&length).then_some(())?;
            format!("{digits:0<9}").parse().ok()?
        }
    };
    let hour = match (half(before), half(rest)) {
        (Half::None, Half::None) => {
            return Some((nano(hour.value, minute, second, fraction)?, false));
        }
        (Half::Morning, Half::None) | (Half::None, Half::Morning) => hour.value % 12,
        (Half::Afternoon, Half::None) | (Half::None, Half::Afternoon) => hour.value % 12 + 12,
        _ => return None,
    };
    Some((nano(hour, minute, second, fraction)?, true))
}

fn nano(hour: u32, minute: u32, second: u32, fraction: u32) -> Option<NaiveTime> {
    NaiveTime::from_hms_nano_opt(hour, minute, second, fraction)
}

/// Two digits after a colon, or after a dot where that separates hours.
fn unit(rest: &mut &str) -> Option<u32> {
    let after = rest.strip_prefix([':', '.'])?;
    let two = after.get(..2)?;
    let ends = !after.get(2..)?.starts_with(|c: char| c.is_ascii_digit());
    if !ends || !two.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    *rest = after.get(2..)?;
    two.parse().ok()
}

enum Half {
    None,
    Morning,
    Afternoon,
    Unknown,
}

fn half(text: &str) -> Half {
    let word: String = text
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    match word.as_str() {
        // French, and a time of day in words, add nothing.
        "" | "uhr" => Half::None,
        "am" | "上午" | "午前" | "오전" | "πμ" | "ص" | "sa" => Half::Morning,
        "pm" | "下午" | "午後" | "오후" | "μμ" | "م" | "ch" => Half::Afternoon,
        _ => Half::Unknown,
    }
}

/// What the times of a file say together about the order of day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order {
    day_first: bool,
    month_first: bool,
}

impl Order {
    /// Looks at one time.
    pub fn see(&mut self, written: &Written) {
        match written {
            Written::Local(_, Some(DateOrder::DayFirst)) => self.day_first = true,
            Written::Local(_, Some(DateOrder::MonthFirst)) => self.month_first = true,
            _ => {}
        }
    }

    /// The order, when some time proves it and none proves the other.
    pub fn decided(&self) -> Option<DateOrder> {
        match (self.day_first, self.month_first) {
            (true, false) => Some(DateOrder::DayFirst),
            (false, true) => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }

    /// Whether times were seen that prove either order: the file is put together from several.
    pub fn contradicts_itself(&self) -> bool {
        self.day_first && self.month_first
    }
}

#[cfg(test)]
mod tests;
