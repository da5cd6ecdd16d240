//! Times and time spans as Windows, .NET, LDAP and Graph write them.

pub mod local;

use std::fmt;

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, TimeZone, Utc};
use serde::{Deserialize, Serialize};

/// 100-nanosecond ticks in a second.
pub const TICKS_PER_SECOND: i64 = 10_000_000;
/// 100-nanosecond ticks in a day.
pub const TICKS_PER_DAY: i64 = 86_400 * TICKS_PER_SECOND;
/// Seconds from 1601-01-01, the zero of Windows file times, to 1970-01-01.
const FILETIME_EPOCH: i64 = 11_644_473_600;

/// A span of time in 100-nanosecond ticks, never negative, or `Never`.
///
/// Directory attributes store spans as negative ticks, with 0 or the least integer for "never"
/// where the attribute allows it; .NET prints positive ticks; templates count days or minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Interval {
    /// So many ticks.
    Ticks(i64),
    /// Without end.
    Never,
}

impl Interval {
    /// No time at all.
    pub const ZERO: Self = Self::Ticks(0);

    /// From ticks of either sign; the least integer, which directories use for it, is `Never`.
    pub const fn from_ticks(ticks: i64) -> Self {
        match ticks.checked_abs() {
            Some(ticks) => Self::Ticks(ticks),
            None => Self::Never,
        }
    }

    /// From days. What ticks cannot count, 29,000 years and more, becomes the longest span.
    pub const fn from_days(days: u32) -> Self {
        Self::Ticks((days as i64).saturating_mul(TICKS_PER_DAY))
    }

    /// From minutes.
    pub const fn from_minutes(minutes: u32) -> Self {
        Self::Ticks(minutes as i64 * 60 * TICKS_PER_SECOND)
    }

    /// .NET's text form `[-][d.]hh:mm:ss[.fffffff]`, or a bare number of ticks.
    pub fn parse_dotnet(text: &str) -> Option<Self> {
        let text = text.trim();
        let body = text.strip_prefix('-').unwrap_or(text);
        if !body.contains(':') {
            return text.parse().ok().map(Self::from_ticks);
        }
        let (days, clock) = match body.split_once('.') {
            Some((days, rest)) if !days.contains(':') => (days.parse::<u32>().ok()?, rest),
            _ => (0, body),
        };
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
        let mut parts = clock.split(':').map(|part| part.parse::<u32>().ok());
        let (hours, minutes) = (parts.next()??, parts.next()??);
        let seconds = parts.next().unwrap_or(Some(0))?;
        if parts.next().is_some()
            || hours > 23
            || minutes > 59
            || seconds > 59
            || fraction.len() > 7
        {
            return None;
        }
        let fraction = match fraction {
            "" => 0,
            digits => format!("{digits:0<7}").parse::<u32>().ok()?,
        };
        let seconds = i64::from(days) * 86_400 + i64::from(hours * 3_600 + minutes * 60 + seconds);
        // One tick more than can be counted is the least integer.
        let ticks = seconds.checked_mul(TICKS_PER_SECOND)?;
        let ticks = ticks.checked_add(i64::from(fraction));
        Some(ticks.map_or(Self::Never, Self::Ticks))
    }

    /// Whether it is no time at all.
    pub const fn is_zero(self) -> bool {
        matches!(self, Self::Ticks(0))
    }

    /// In ticks, unless without end.
    pub const fn ticks(self) -> Option<i64> {
        match self {
            Self::Ticks(ticks) => Some(ticks),
            Self::Never => None,
        }
    }

    /// In days, with a fraction, unless without end.
    #[expect(clippy::cast_precision_loss, reason = "shown to people")]
    pub fn days(self) -> Option<f64> {
        self.ticks()
            .map(|ticks| ticks as f64 / TICKS_PER_DAY as f64)
    }

    /// As a duration, unless without end.
    pub fn duration(self) -> Option<Duration> {
        self.ticks().map(|ticks| Duration::microseconds(ticks / 10))
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(ticks) = self.ticks() else {
            return f.write_str("never");
        };
        let seconds = ticks / TICKS_PER_SECOND;
        let (amount, unit) = match seconds {
            0 => return f.write_str("0"),
            s if s % 86_400 == 0 => (s / 86_400, "day"),
            s if s % 3_600 == 0 => (s / 3_600, "hour"),
            s if s % 60 == 0 => (s / 60, "minute"),
            s => (s, "second"),
        };
        write!(f, "{amount} {unit}{}", if amount == 1 { "" } else { "s" })
    }
}

impl Serialize for Interval {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.ticks() {
            Some(ticks) => serializer.serialize_i64(ticks / TICKS_PER_SECOND),
            None => serializer.serialize_str("never"),
        }
    }
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Seconds(u32),
            Word(String),
        }
        match Form::deserialize(deserializer)? {
            Form::Seconds(seconds) => Ok(Self::Ticks(i64::from(seconds) * TICKS_PER_SECOND)),
            Form::Word(word) if word == "never" => Ok(Self::Never),
            Form::Word(_) => Err(serde::de::Error::custom("expected seconds or \"never\"")),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Interval {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Interval".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Whole seconds, or \"never\".",
            "anyOf": [{"type": "integer", "minimum": 0}, {"const": "never"}]
        })
    }
}

/// A Windows file time: ticks since 1601-01-01 UTC. Zero and the greatest integer mean "no time".
pub fn from_filetime(ticks: i64) -> Option<DateTime<Utc>> {
    if ticks <= 0 || ticks == i64::MAX {
        return None;
    }
    let nanos = u32::try_from(ticks % TICKS_PER_SECOND).ok()? * 100;
    DateTime::from_timestamp(ticks / TICKS_PER_SECOND - FILETIME_EPOCH, nanos)
}

/// A time as JSON carries it: RFC 3339, PowerShell's `/Date(ms)/`, or ISO 8601 that ends in `Z` or
/// an offset. A time without its zone is no time.
pub fn parse_json(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Some(inner) = text
        .strip_prefix("/Date(")
        .or_else(|| text.strip_prefix("\\/Date("))
    {
        // Some writers add the local offset, which does not change the instant.
        let digits = inner.trim_end_matches(['\\', '/', ')']);
        let end = digits
            .char_indices()
            .skip(1)
            .find(|(_, c)| matches!(c, '+' | '-'))
            .map_or(digits.len(), |(index, _)| index);
        let millis: i64 = digits.get(..end)?.parse().ok()?;
        return Utc.timestamp_millis_opt(millis).single();
    }
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|time| time.with_timezone(&Utc))
}

/// RFC 3339 in its usual form, `2026-11-20T08:00:01.1234567Z` or with an offset in place of the `Z`, without
/// an allocation and in some nanoseconds. Nothing when it is not of that very form; then
/// [`parse_json`] may still read it, and what both read is the same.
pub(crate) fn quick_rfc3339(text: &[u8]) -> Option<DateTime<Utc>> {
    let digit = |at: usize| {
        let digit = text.get(at)?.wrapping_sub(b'0');
        (digit < 10).then_some(u32::from(digit))
    };
    let two = |at: usize| Some(digit(at)? * 10 + digit(at + 1)?);
    let is = |at: usize, byte: u8| (text.get(at) == Some(&byte)).then_some(());
    is(4, b'-')?;
    is(7, b'-')?;
    is(10, b'T')?;
    is(13, b':')?;
    is(16, b':')?;
    let date = NaiveDate::from_ymd_opt(
        i32::try_from(two(0)? * 100 + two(2)?).ok()?,
        two(5)?,
        two(8)?,
    )?;
    let mut at = 19;
    let mut nanos = 0;
    if text.get(at) == Some(&b'.') {
        let mut scale = 100_000_000;
        at += 1;
        let first = at;
        while let Some(digit) = digit(at) {
            if scale == 0 {
                return None;
            }
            nanos += digit * scale;
            scale /= 10;
            at += 1;
        }
        (at > first).then_some(())?;
    }
    let (hour, minute, second) = (two(11)?, two(14)?, two(17)?);
    let time = date.and_hms_nano_opt(hour, minute, second, nanos)?;
    let offset = match text.get(at)? {
        b'Z' if text.len() == at + 1 => 0,
        sign @ (b'+' | b'-') if text.len() == at + 6 => {
            is(at + 3, b':')?;
            let (hours, minutes) = (two(at + 1)?, two(at + 4)?);
            (hours < 24 && minutes < 60).then_some(())?;
            let seconds = i64::from(hours * 3600 + minutes * 60);
            if *sign == b'+' { seconds } else { -seconds }
        }
        _ => return None,
    };
    time.checked_sub_signed(Duration::seconds(offset))
        .map(|time| time.and_utc())
}

/// LDAP's generalised time, such as `20261120090000.0Z`.
pub fn parse_generalized(text: &str) -> Option<DateTime<Utc>> {
    let body = text.trim().strip_suffix('Z')?;
    let body = body.split_once(['.', ',']).map_or(body, |(whole, _)| whole);
    NaiveDateTime::parse_from_str(body, "%Y%m%d%H%M%S")
        .ok()
        .map(|time| time.and_utc())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spans_that_ticks_cannot_count_are_the_longest_or_refused() {
        assert_eq!(Interval::from_days(u32::MAX), Interval::Ticks(i64::MAX));
        assert!(Interval::from_minutes(u32::MAX) < Interval::from_days(u32::MAX));
        for text in [
            "4294967295.00:00:00",
            "-9223372036854775808:00",
            "--5.00:00:00",
            "1.-3:00:00",
            "00:00:00.-1",
            "99999999999999.00:00:00",
        ] {
            assert_eq!(Interval::parse_dotnet(text), None, "{text}");
        }
    }

    #[test]
    fn directory_spans_are_negative_and_the_least_integer_is_never() {
        assert_eq!(
            Interval::from_ticks(-864_000_000_000),
            Interval::from_days(1)
        );
        assert_eq!(Interval::from_ticks(0), Interval::ZERO);
        assert_eq!(Interval::from_ticks(i64::MIN), Interval::Never);
    }

    #[test]
    fn dotnet_spans_are_read_in_all_their_forms() {
        let parse = Interval::parse_dotnet;
        assert_eq!(parse("1.00:00:00"), Some(Interval::from_days(1)));
        assert_eq!(parse("00:30:00"), Some(Interval::from_minutes(30)));
        assert_eq!(parse("864000000000"), Some(Interval::from_days(1)));
        assert_eq!(parse("00:00:00.5000000"), Some(Interval::Ticks(5_000_000)));
        assert_eq!(parse("-10675199.02:48:05.4775808"), Some(Interval::Never));
        for wrong in ["", "1 day", "25:00:00", "1.2.3:00", "00:61:00", "1:2:3:4"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn spans_are_shown_in_the_largest_whole_unit() {
        assert_eq!(Interval::from_days(1).to_string(), "1 day");
        assert_eq!(Interval::from_minutes(90).to_string(), "90 minutes");
        assert_eq!(Interval::from_minutes(120).to_string(), "2 hours");
        assert_eq!(Interval::Never.to_string(), "never");
        assert_eq!(Interval::ZERO.to_string(), "0");
    }

    #[test]
    fn json_times_need_a_zone() {
        let expected = "2026-01-05T08:00:01Z".parse::<DateTime<Utc>>().ok();
        assert_eq!(parse_json("2026-01-05T08:00:01Z"), expected);
        assert_eq!(parse_json("2026-01-05T09:00:01+01:00"), expected);
        assert_eq!(parse_json("/Date(1767600001000)/"), expected);
        assert_eq!(parse_json("/Date(1767600001000+0100)/"), expected);
        assert_eq!(parse_json("2026-01-05T08:00:01"), None);
        assert_eq!(parse_json("/Date(x)/"), None);
    }

    #[test]
    fn file_times_have_two_words_for_never() {
        assert_eq!(from_filetime(0), None);
        assert_eq!(from_filetime(i64::MAX), None);
        assert_eq!(
            from_filetime(FILETIME_EPOCH * TICKS_PER_SECOND).map(|time| time.timestamp()),
            Some(0)
        );
    }

    #[test]
    fn generalised_times_are_read_with_and_without_a_fraction() {
        let expected = "2026-11-20T09:00:00Z".parse::<DateTime<Utc>>().ok();
        assert_eq!(parse_generalized("20261120090000.0Z"), expected);
        assert_eq!(parse_generalized("20261120090000Z"), expected);
        assert_eq!(parse_generalized("20261120090000"), None);
    }

    proptest! {
        #[test]
        fn the_quick_way_reads_times_as_the_long_one_does(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,10})?(Z|z|[+-][0-9]{2}:[0-9]{2}|)",
        ) {
            if let Some(quick) = quick_rfc3339(text.as_bytes()) {
                prop_assert_eq!(Some(quick), parse_json(&text));
            }
        }

        #[test]
        fn no_text_makes_a_time_panic(text in ".{0,40}") {
            let _ = (parse_json(&text), parse_generalized(&text), Interval::parse_dotnet(&text));
        }

        #[test]
        fn a_span_is_never_negative(text in "-{0,2}[0-9]{0,20}[.:]?-?[0-9]{0,3}:?[0-9]{0,2}[:.]?-?[0-9]{0,7}", days in any::<u32>()) {
            for span in [Interval::parse_dotnet(&text), Some(Interval::from_days(days)), Some(Interval::from_minutes(days))] {
                prop_assert!(span.and_then(Interval::ticks).is_none_or(|ticks| ticks >= 0), "{text}: {span:?}");
            }
        }

        #[test]
        fn no_number_makes_a_time_panic(ticks in any::<i64>()) {
            let span = Interval::from_ticks(ticks);
            let _ = (from_filetime(ticks), span.to_string(), span.duration(), span.days());
        }
    }
}
