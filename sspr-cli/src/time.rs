//! Times as arguments.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

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

#[cfg(test)]
mod tests {
    use super::parse;

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
