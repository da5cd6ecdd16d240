//! Times as arguments.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

/// RFC 3339, or a date, which means its midnight in UTC.
pub(crate) fn parse(text: &str) -> Result<DateTime<Utc>, String> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.with_timezone(&Utc));
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map(|date| date.and_time(NaiveTime::MIN).and_utc())
        .map_err(|_| "write 2026-11-20T09:00:00Z, or 2026-11-20 for midnight UTC".to_owned())
}

/// A length of time: a number and `s`, `m`, `h` or `d`.
pub(crate) fn length(text: &str) -> Result<TimeDelta, String> {
    let wrong = || "write a number and a unit, such as 30s, 10m, 2h or 1d".to_owned();
    let text = text.trim();
    let unit = text.chars().next_back().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return Err(wrong()),
    };
    let number: u32 = text
        .strip_suffix(unit)
        .and_then(|number| number.parse().ok())
        .ok_or_else(wrong)?;
    Ok(TimeDelta::seconds(i64::from(number) * seconds))
}

#[cfg(test)]
mod tests {
    use super::{length, parse};

    #[test]
    fn a_length_has_a_unit() {
        let seconds = |text: &str| length(text).map(|length| length.num_seconds());
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("15m"), Ok(900));
        assert_eq!(seconds("2h"), Ok(7_200));
        assert_eq!(seconds("1d"), Ok(86_400));
        for wrong in ["", "10", "m", "-1s", "1.5h", "1w", "1 \u{20ac}"] {
            assert!(length(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_date_is_its_midnight_and_an_offset_is_honoured() {
        let time = |text: &str| parse(text).map(|time| time.to_rfc3339());
        assert_eq!(time("2026-11-20"), Ok("2026-11-20T00:00:00+00:00".into()));
        assert_eq!(
            time("2026-11-20T09:00:00+01:00"),
            Ok("2026-11-20T08:00:00+00:00".into())
        );
        for wrong in ["", "2026-11-20T09:00:00", "20.11.2026", "2026-13-01", "now"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
