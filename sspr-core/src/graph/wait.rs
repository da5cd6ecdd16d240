//! How long to wait before something is tried again.

use std::time::Duration;

use super::random;
use super::settings::Bounds;

/// The longest wait that is not asked for by the server.
const LONGEST: Duration = Duration::from_secs(60);

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
    }
}
