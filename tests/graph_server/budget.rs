//! Throttling: how much of which service an application may use in which time.

use std::collections::VecDeque;
use std::time::Duration;

use super::query::Query;

/// What a request counts towards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// Users, groups, licences, policies: resource units in ten seconds.
    Identity,
    /// Reports and audit: five requests in ten seconds.
    Reports,
    /// Conditional access: one request a second, and no word on how long to wait.
    ConditionalAccess,
    /// Batches themselves, sign-in and what is no resource.
    None,
}

/// The limits.
#[derive(Debug, Clone, Copy)]
pub struct Budgets {
    /// Resource units of the identity service in ten seconds; by the size of the tenant where
    /// absent.
    pub identity: Option<u32>,
    /// Requests for reports and audit in ten seconds.
    pub reports: u32,
    /// Requests for conditional access in a second.
    pub conditional_access: u32,
}

impl Default for Budgets {
    fn default() -> Self {
        Self {
            identity: None,
            reports: 5,
            conditional_access: 1,
        }
    }
}

impl Budgets {
    /// No limit that matters.
    pub fn unlimited() -> Self {
        Self {
            identity: Some(u32::MAX),
            reports: u32::MAX,
            conditional_access: u32::MAX,
        }
    }
}

/// The service of a request, and what it costs there.
pub(super) fn cost(query: &Query) -> (Service, u32) {
    let path = query.path.as_str();
    if path.starts_with("reports/") || path.starts_with("auditLogs/") {
        return (Service::Reports, 1);
    }
    if path.starts_with("identity/conditionalAccess") {
        return (Service::ConditionalAccess, 1);
    }
    let parts: Vec<_> = path.split('/').collect();
    let base: i64 = match parts.as_slice() {
        ["subscribedSkus", ..] | ["groups", _, "members", ..] => 3,
        ["groups", _, "transitiveMembers", ..] => 5,
        ["users"] | ["users", _, "licenseDetails"] => 2,
        _ => 1,
    };
    let top = query.top.as_deref().and_then(|top| top.parse::<u32>().ok());
    let cost = base - i64::from(query.select.is_some()) + i64::from(query.expand.is_some())
        - i64::from(top.is_some_and(|top| top < 20));
    (Service::Identity, u32::try_from(cost.max(1)).unwrap_or(1))
}

/// What was used lately.
#[derive(Debug)]
pub(super) struct Meters {
    budgets: Budgets,
    identity: u32,
    used: [VecDeque<(Duration, u32)>; 3],
}

/// What became of a request at the meter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Metered {
    /// Let through; the share of the limit that is used.
    Passed(f64),
    /// Refused: how long until the request would pass, where the service tells, and the name of
    /// the limit.
    Refused(Option<Duration>, u32),
}

impl Meters {
    /// Meters for a tenant of so many people.
    pub(super) fn new(budgets: Budgets, people: usize) -> Self {
        let by_size = match people {
            ..50 => 3500,
            50..=500 => 5000,
            _ => 8000,
        };
        Self {
            identity: budgets.identity.unwrap_or(by_size),
            budgets,
            used: Default::default(),
        }
    }

    /// Counts a request, also one that is refused.
    pub(super) fn charge(&mut self, service: Service, units: u32, now: Duration) -> Metered {
        let (place, limit, seconds, tells) = match service {
            Service::Identity => (0, self.identity, 10, true),
            Service::Reports => (1, self.budgets.reports, 10, true),
            Service::ConditionalAccess => (2, self.budgets.conditional_access, 1, false),
            Service::None => return Metered::Passed(0.0),
        };
        let window = Duration::from_secs(seconds);
        let used = &mut self.used[place];
        while used.front().is_some_and(|(at, _)| *at + window <= now) {
            used.pop_front();
        }
        used.push_back((now, units));
        let sum: u64 = used.iter().map(|(_, units)| u64::from(*units)).sum();
        if sum <= u64::from(limit) {
            #[expect(clippy::cast_precision_loss, reason = "a share for a header")]
            return Metered::Passed(sum as f64 / f64::from(limit));
        }
        // So much has to leave the window.
        let mut excess = sum - u64::from(limit);
        let mut free = now + window;
        for (at, units) in used.iter() {
            free = *at + window;
            excess = excess.saturating_sub(u64::from(*units));
            if excess == 0 {
                break;
            }
        }
        Metered::Refused(tells.then(|| free.saturating_sub(now)), limit)
    }
}
