//! How long to wait before something is tried again.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::random;
use super::settings::Bounds;

/// The longest wait that is not asked for by the server.
const LONGEST: Duration = Duration::from_secs(60);

/// What a `Retry-After` asks for: seconds, with decimals perhaps, or a date.
pub(super) fn retry_after(header: &str, now: DateTime<Utc>) -> Option<Duration> {
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

/// The attempts of one request, and how long it has waited between them.
#[derive(Debug, Default)]
pub(super) struct Patience {
    failures: u32,
    waited: Duration,
}

impl Patience {
    /// How long to wait after one more failure, or `None` where it has failed often or long enough.
    pub(super) fn wait(&mut self, asked: Option<Duration>, bounds: &Bounds) -> Option<Duration> {
        self.failures += 1;
        if self.failures >= bounds.attempts {
            return None;
        }
        let wait = if let Some(asked) = asked {
            // Never sooner than asked, and not all at the same moment.
            let asked = asked.min(Duration::from_secs(bounds.retry_after_seconds));
            let spread = asked.mul_f64(0.1).max(Duration::from_millis(100));
            asked + spread.mul_f64(random::fraction())
        } else {
            let doubled = Duration::from_millis(500) * 2_u32.pow(self.failures.min(10));
            doubled.min(LONGEST).mul_f64(0.5 + 0.5 * random::fraction())
        };
        self.waited += wait;
        (self.waited <= Duration::from_secs(bounds.wait_seconds)).then_some(wait)
    }

    /// How often it has failed.
    pub(super) fn failures(&self) -> u32 {
        self.failures
    }
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
        fn waits_are_bounded_in_number_and_time_and_never_shorter_than_asked(
            attempts in 1_u32..20, total in 0_u64..2_000, asked in proptest::option::of(0_u64..10_000),
        ) {
            let bounds = Bounds { attempts, wait_seconds: total, ..Bounds::default() };
            let mut patience = Patience::default();
            let (mut sum, mut count) = (Duration::ZERO, 0);
            while let Some(wait) = patience.wait(asked.map(Duration::from_secs), &bounds) {
                let least = asked.unwrap_or(0).min(bounds.retry_after_seconds);
                prop_assert!(wait >= Duration::from_secs(least));
                sum += wait;
                count += 1;
            }
            prop_assert!(sum <= Duration::from_secs(total) && count < attempts);
        }

        #[test]
        fn any_header_gives_a_wait_or_nothing(text in ".{0,24}") {
            let _ = retry_after(&text, DateTime::UNIX_EPOCH);
        }
    }
}
