//! How long a server asks to wait.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// What a `Retry-After` asks for: seconds, with decimals perhaps, or a date.
pub(crate) fn retry_after(header: &str, now: DateTime<Utc>) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<f64>() {
        let seconds = if seconds.is_nan() {
            0.0
        } else {
            seconds.max(0.0)
        };
        return Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    }
    let date = DateTime::parse_from_rfc2822(header).ok()?;
    Some((date.to_utc() - now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_form_of_the_header_is_understood() {
        let now = "2026-11-20T09:00:00Z".parse().unwrap();
        let wait = |text: &str| retry_after(text, now);
        assert_eq!(wait("3"), Some(Duration::from_secs(3)));
        assert_eq!(wait(" 0.249 "), Some(Duration::from_millis(249)));
        assert_eq!(wait("-5"), Some(Duration::ZERO));
        assert_eq!(wait("NaN"), Some(Duration::ZERO));
        assert_eq!(wait("1e300"), Some(Duration::MAX));
        assert_eq!(
            wait("Fri, 20 Nov 2026 09:00:07 GMT"),
            Some(Duration::from_secs(7))
        );
        assert_eq!(wait("Fri, 20 Nov 2026 08:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("soon"), None);
        assert_eq!(wait(""), None);
    }

    proptest! {
        #[test]
        fn any_header_gives_a_wait_or_nothing(text in ".{0,24}") {
            let _ = retry_after(&text, DateTime::UNIX_EPOCH);
        }
    }
}
