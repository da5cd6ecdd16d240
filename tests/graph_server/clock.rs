//! The server's time, which may run faster than the world's.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

/// A clock whose second may be a millisecond.
#[derive(Debug, Clone)]
pub struct Clock {
    started: Instant,
    epoch: DateTime<Utc>,
    pace: f64,
}

impl Clock {
    /// A clock that starts at `epoch` and counts `pace` seconds in one real second.
    pub fn start(epoch: DateTime<Utc>, pace: f64) -> Self {
        Self {
            started: Instant::now(),
            epoch,
            pace,
        }
    }

    /// The server's time since its start.
    pub fn now(&self) -> Duration {
        self.started.elapsed().mul_f64(self.pace)
    }

    /// The server's time of day.
    pub fn time(&self) -> DateTime<Utc> {
        self.at(self.now())
    }

    /// The time of day so long after the start.
    pub fn at(&self, since: Duration) -> DateTime<Utc> {
        self.epoch + chrono::Duration::from_std(since).unwrap_or_default()
    }

    /// How long a time of the server takes in the world.
    pub fn real(&self, served: Duration) -> Duration {
        served.div_f64(self.pace)
    }
}

/// A time as an HTTP header carries it.
pub(super) fn http_date(time: DateTime<Utc>) -> String {
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
