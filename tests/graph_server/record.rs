//! What the server saw. Secrets are not kept: of a token only whether it was the right one.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::budget::Service;
use super::faults::Fault;

/// A request, as it came, and what became of it.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The server's time since its start.
    pub at: Duration,
    /// `GET`, `POST`.
    pub method: String,
    /// Path and options as they were sent; of a request inside a batch its `url`, with the version.
    pub target: String,
    /// Names in lower case and values, without those of `authorization` and other secrets.
    pub headers: Vec<(String, String)>,
    /// Which token came with it.
    pub token: TokenSeen,
    /// The header `client-request-id`.
    pub client_request_id: Option<String>,
    /// Whether it came over TLS.
    pub tls: bool,
    /// The fields of a form, with the values of those that are no secret.
    pub form: Vec<(String, String)>,
    /// The budget that it counts towards.
    pub service: Service,
    /// Its cost in units of that budget.
    pub units: u32,
    /// The answer's status; 0 where no answer was sent.
    pub status: u16,
    /// What was made to go wrong.
    pub fault: Option<Fault>,
    /// It came before the time that an earlier answer to the same request named.
    pub early: bool,
    /// The batch that it was part of, as a place among the requests.
    pub inside: Option<usize>,
}

impl Recorded {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The value of a field of the form.
    pub fn field(&self, name: &str) -> Option<&str> {
        let found = self.form.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The token of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenSeen {
    /// None was sent.
    Missing,
    /// One that the server issued, and that is good.
    Right,
    /// One that the server issued, and whose time is over or that was revoked.
    Dead,
    /// Another one.
    Wrong,
}

/// All requests to one listener.
#[derive(Debug, Default)]
pub struct Log(Mutex<Vec<Recorded>>);

impl Log {
    /// Copies of all requests so far, in the order in which they came.
    pub fn all(&self) -> Vec<Recorded> {
        self.lock().clone()
    }

    /// How many requests came so far.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether none came.
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// The most units that any such stretch of the server's time saw, refused requests included.
    pub fn busiest(&self, service: Service, stretch: Duration) -> u32 {
        let records = self.lock();
        let mut costs: Vec<_> = records
            .iter()
            .filter(|record| record.service == service)
            .map(|record| (record.at, record.units))
            .collect();
        costs.sort_unstable();
        let (mut most, mut sum, mut first) = (0, 0, 0);
        for (at, units) in &costs {
            sum += units;
            while let Some((_, units)) = costs
                .get(first)
                .filter(|(start, _)| *at >= *start + stretch)
            {
                sum -= units;
                first += 1;
            }
            most = most.max(sum);
        }
        most
    }

    pub(super) fn push(&self, record: Recorded) -> usize {
        let mut records = self.lock();
        records.push(record);
        records.len() - 1
    }

    pub(super) fn change(&self, place: usize, change: impl FnOnce(&mut Recorded)) {
        if let Some(record) = self.lock().get_mut(place) {
            change(record);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Recorded>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
