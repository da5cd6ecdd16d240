//! What goes wrong, by plan or by chance.

use std::collections::HashMap;
use std::time::Duration;

use super::dice::Dice;

/// One thing that goes wrong with one answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// The answer comes so much later, in the server's time.
    Latency(Duration),
    /// The body pauses so long in its middle, in the server's time.
    Pause(Duration),
    /// The connection is reset instead of an answer.
    Reset,
    /// The connection is reset inside the body.
    ResetInside,
    /// The connection is closed in order inside the body.
    Truncated,
    /// The body has its announced length and is no JSON: cut, or with bytes that do not belong.
    Malformed,
    /// A page of HTML with status 200 instead of JSON.
    WrongType,
    /// 429, with or without a word on how long to wait.
    TooMany(RetryAfter),
    /// A status of a service that fails, as JSON, HTML or nothing at all.
    Outage(u16, RetryAfter),
    /// 401, though the token is right.
    Unauthorized,
    /// 401, and the token is dead from now on.
    Revoked,
    /// 401 that asks for a token with claims, as continuous access evaluation does; the token is
    /// dead from now on.
    Claims,
    /// The next link leads to this page once more.
    DuplicatePage,
    /// The next link is the link of this page.
    RepeatedLink,
    /// The next link leads elsewhere.
    ForeignLink(Elsewhere),
    /// 307 to another path of this server, which answers.
    Redirect,
    /// 307 to elsewhere.
    ForeignRedirect(Elsewhere),
    /// The skip token has expired; the first page never has one.
    ExpiredSkipToken,
}

/// A place that is not the configured root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elsewhere {
    /// The name of another host, where the foreign listener listens.
    Host,
    /// The same host and port without TLS.
    Scheme,
    /// The same host and the port of the foreign listener.
    Port,
}

/// How long a client is told to wait.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RetryAfter {
    /// So many seconds.
    Seconds(u32),
    /// A decimal number of seconds.
    Decimal(f32),
    /// The time of day so many seconds from now.
    Date(u32),
    /// Nothing.
    Missing,
    /// A day.
    Huge,
    /// No number and no date.
    Nonsense,
}

/// What goes wrong.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    chances: Vec<(f64, Fault)>,
    planned: Vec<Planned>,
    at_once: Option<u32>,
}

#[derive(Debug, Clone)]
struct Planned {
    path: String,
    requests: std::ops::Range<u32>,
    fault: Fault,
}

impl Faults {
    /// Nothing goes wrong.
    pub fn none() -> Self {
        Self::default()
    }

    /// This share of the requests to Graph fails, in all ways that an honest server recovers
    /// from, at most three times in a row for the same request.
    pub fn mixed(share: f64) -> Self {
        let kinds = [
            (3, Fault::TooMany(RetryAfter::Seconds(1))),
            (2, Fault::TooMany(RetryAfter::Decimal(0.249))),
            (2, Fault::TooMany(RetryAfter::Date(2))),
            (2, Fault::TooMany(RetryAfter::Missing)),
            (1, Fault::TooMany(RetryAfter::Nonsense)),
            (2, Fault::Outage(503, RetryAfter::Seconds(1))),
            (2, Fault::Outage(503, RetryAfter::Missing)),
            (1, Fault::Outage(500, RetryAfter::Missing)),
            (1, Fault::Outage(502, RetryAfter::Missing)),
            (2, Fault::Outage(504, RetryAfter::Missing)),
            (2, Fault::Reset),
            (2, Fault::ResetInside),
            (2, Fault::Truncated),
            (2, Fault::Malformed),
            (2, Fault::WrongType),
            (1, Fault::Unauthorized),
            (1, Fault::Revoked),
            (2, Fault::DuplicatePage),
            (1, Fault::RepeatedLink),
            (2, Fault::Latency(Duration::from_secs(2))),
            (1, Fault::Pause(Duration::from_secs(1))),
        ];
        let total: u32 = kinds.iter().map(|(weight, _)| weight).sum();
        kinds
            .into_iter()
            .fold(Self::default().at_most(3), |faults, (weight, fault)| {
                faults.chance(share * f64::from(weight) / f64::from(total), fault)
            })
    }

    /// This share of the requests to Graph goes wrong so.
    #[must_use]
    pub fn chance(mut self, share: f64, fault: Fault) -> Self {
        self.chances.push((share, fault));
        self
    }

    /// By chance, the same request goes wrong so often in a row at most.
    #[must_use]
    pub fn at_most(mut self, times: u32) -> Self {
        self.at_once = Some(times);
        self
    }

    /// The n-th request, counted from 1, whose path and options contain the text goes wrong so.
    #[must_use]
    pub fn on(self, path: &str, nth: u32, fault: Fault) -> Self {
        self.during(path, nth..nth + 1, fault)
    }

    /// So do all of these requests, counted from 1.
    #[must_use]
    pub fn during(mut self, path: &str, requests: std::ops::Range<u32>, fault: Fault) -> Self {
        self.planned.push(Planned {
            path: path.into(),
            requests,
            fault,
        });
        self
    }
}

/// The faults of one run.
#[derive(Debug)]
pub(super) struct Plan {
    faults: Faults,
    seed: u64,
    seen: Vec<u32>,
    tries: HashMap<String, (u64, u32)>,
}

impl Plan {
    pub(super) fn new(faults: Faults, seed: u64) -> Self {
        Self {
            seen: vec![0; faults.planned.len()],
            tries: HashMap::new(),
            faults,
            seed,
        }
    }

    /// What goes wrong with this request. `key` is the same for every try of one request,
    /// whatever its skip token; only a request to Graph has one.
    pub(super) fn draw(&mut self, target: &str, key: Option<&str>) -> Option<Fault> {
        let mut found = None;
        for (planned, seen) in self.faults.planned.iter().zip(&mut self.seen) {
            if target.contains(&planned.path) {
                *seen += 1;
                if planned.requests.contains(seen) {
                    found = found.or(Some(planned.fault));
                }
            }
        }
        let Some(key) = key.filter(|_| !self.faults.chances.is_empty()) else {
            return found;
        };
        let (tries, in_a_row) = self.tries.entry(key.to_owned()).or_default();
        let mut dice = Dice::of(self.seed, key, *tries);
        *tries += 1;
        let mut share = dice.share();
        for (chance, fault) in &self.faults.chances {
            share -= chance;
            if share < 0.0 && self.faults.at_once.is_none_or(|most| *in_a_row < most) {
                *in_a_row += 1;
                return found.or(Some(*fault));
            }
        }
        *in_a_row = 0;
        found
    }
}
