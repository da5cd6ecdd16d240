//! How often something is asked.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use tokio::sync::{Mutex, Notify};

use super::clock::Clock;
use super::settings::Rates;

/// Services of Graph that count apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Budget {
    /// The directory.
    Identity,
    /// Reports and audit records.
    Reports,
    /// Policies of conditional access.
    ConditionalAccess,
}

/// A limit for each service.
pub(super) struct Limiters {
    identity: Limiter,
    reports: Limiter,
    conditional_access: Limiter,
}

impl Limiters {
    pub(super) fn new(rates: &Rates) -> Self {
        let ten = Duration::from_secs(10);
        Self {
            identity: Limiter::new(rates.identity_units, ten),
            reports: Limiter::new(rates.reports, ten),
            conditional_access: Limiter::new(rates.conditional_access, Duration::from_secs(1)),
        }
    }

    pub(super) fn of(&self, budget: Budget) -> &Limiter {
        match budget {
            Budget::Identity => &self.identity,
            Budget::Reports => &self.reports,
            Budget::ConditionalAccess => &self.conditional_access,
        }
    }
}

/// At most so many units in any window of this length.
///
/// A unit is given back a whole window after its request was *answered*. The server saw the request
/// before that, so that its own count in any such window is never above the limit, however long
/// requests are under way.
pub(super) struct Limiter {
    units: u32,
    window: Duration,
    used: RefCell<Vec<Used>>,
    next: Cell<u64>,
    /// Nothing is sent before this time: the service asked to be left alone.
    held: Cell<Duration>,
    /// One waits at a time, so that all are served in turn.
    turn: Mutex<()>,
    answered: Notify,
}

struct Used {
    number: u64,
    units: u32,
    /// When it counts no more, once that is known.
    until: Option<Duration>,
}

impl Limiter {
    fn new(units: u32, window: Duration) -> Self {
        Self {
            units,
            window,
            used: RefCell::new(Vec::new()),
            next: Cell::new(0),
            held: Cell::new(Duration::ZERO),
            turn: Mutex::new(()),
            answered: Notify::new(),
        }
    }

    /// Waits until so many units are free, and takes them until the request is answered.
    pub(super) async fn take<'a>(&'a self, units: u32, clock: &'a dyn Clock) -> Taken<'a> {
        let units = units.min(self.units);
        let _turn = self.turn.lock().await;
        loop {
            let now = clock.elapsed();
            self.used
                .borrow_mut()
                .retain(|used| used.until.is_none_or(|until| until > now));
            let in_use: u32 = self.used.borrow().iter().map(|used| used.units).sum();
            let held = self.held.get();
            if held > now {
                clock.sleep(held.saturating_sub(now)).await;
                continue;
            }
            if in_use + units <= self.units {
                break;
            }
            let next = self
                .used
                .borrow()
                .iter()
                .filter_map(|used| used.until)
                .min();
            match next {
                Some(until) => clock.sleep(until.saturating_sub(now)).await,
                None => self.answered.notified().await,
            }
        }
        let number = self.next.get();
        self.next.set(number + 1);
        let until = None;
        self.used.borrow_mut().push(Used {
            number,
            units,
            until,
        });
        Taken {
            limiter: self,
            number,
            clock,
        }
    }

    /// Sends nothing for so long, as the service asked.
    pub(super) fn hold(&self, wait: Duration, clock: &dyn Clock) {
        let until = clock.elapsed().saturating_add(wait);
        self.held.set(self.held.get().max(until));
    }
}

/// Units in use by a request that is under way.
pub(super) struct Taken<'a> {
    limiter: &'a Limiter,
    number: u64,
    clock: &'a dyn Clock,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let until = self.clock.elapsed().saturating_add(self.limiter.window);
        let mut all = self.limiter.used.borrow_mut();
        if let Some(used) = all.iter_mut().find(|used| used.number == self.number) {
            used.until = Some(until);
        }
        self.limiter.answered.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use futures_util::future::join_all;

    use super::*;
    use crate::graph::clock::SystemClock;

    #[test]
    fn no_window_of_arrivals_holds_more_than_the_limit() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let clock = SystemClock::faster(1_000);
        let limiter = Limiter::new(5, Duration::from_secs(10));
        let seen = Rc::new(RefCell::new(Vec::new()));
        let one = |index: u64| {
            let (limiter, clock, seen) = (&limiter, &clock, Rc::clone(&seen));
            async move {
                let taken = limiter.take(1, clock).await;
                // The way to the server takes its time, differently each time.
                clock.sleep(Duration::from_millis(index % 4 * 700)).await;
                seen.borrow_mut().push(clock.elapsed());
                clock.sleep(Duration::from_millis(index % 3 * 300)).await;
                drop(taken);
            }
        };
        runtime.block_on(join_all((0..23).map(one)));
        let mut seen = seen.borrow().clone();
        seen.sort();
        assert_eq!(seen.len(), 23);
        for six in seen.windows(6) {
            assert!(six[5] >= six[0] + Duration::from_secs(10), "{six:?}");
        }
    }

    #[test]
    fn a_service_that_asks_for_rest_is_left_alone() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let clock = SystemClock::faster(1_000);
        let limiter = Limiter::new(5, Duration::from_secs(10));
        limiter.hold(Duration::from_secs(3), &clock);
        let before = clock.elapsed();
        drop(runtime.block_on(limiter.take(1, &clock)));
        assert!(clock.elapsed() >= before + Duration::from_millis(2_900));
    }
}
