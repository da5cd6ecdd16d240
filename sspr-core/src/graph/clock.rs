//! Time, as what waits sees it.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

/// A wait in progress.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A clock. All waits between requests go through it, so that a test can let a second pass as a
/// millisecond. The time-outs of connections are the network's own and do not.
pub trait Clock: Send + Sync {
    /// The time of day.
    fn now(&self) -> DateTime<Utc>;

    /// The time since some moment before the first call; it never goes back.
    fn elapsed(&self) -> Duration;

    /// Waits. The future is polled inside of a tokio runtime that keeps time.
    fn sleep(&self, duration: Duration) -> Sleep;
}

/// The clock of this machine, or one that runs faster.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    began: Instant,
    began_at: DateTime<Utc>,
    speed: u32,
}

impl SystemClock {
    /// The clock of this machine.
    pub fn new() -> Self {
        Self::faster(1)
    }

    /// A clock that begins now and runs this many times as fast, for tests.
    pub fn faster(speed: u32) -> Self {
        Self {
            began: Instant::now(),
            began_at: Utc::now(),
            speed: speed.max(1),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        if self.speed == 1 {
            // The machine's clock may be set right while a run lasts.
            return Utc::now();
        }
        let passed = chrono::TimeDelta::from_std(self.elapsed()).unwrap_or_default();
        self.began_at
            .checked_add_signed(passed)
            .unwrap_or(self.began_at)
    }

    fn elapsed(&self) -> Duration {
        self.began.elapsed().saturating_mul(self.speed)
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let speed = self.speed;
        Box::pin(async move { tokio::time::sleep(duration / speed).await })
    }
}
