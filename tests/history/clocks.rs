//! The clocks of the machines: each is off by its own amount and drifts.

use chrono::{DateTime, TimeDelta, Utc};

use super::dice::Dice;

/// A machine that writes a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Machine {
    /// The first server of Entra Connect.
    First,
    /// The server that takes over.
    Second,
    /// A domain controller, from 0 to 2.
    Controller(u8),
    /// The tenant's audit log.
    Cloud,
}

/// All machines.
pub const MACHINES: [Machine; 6] = [
    Machine::First,
    Machine::Second,
    Machine::Controller(0),
    Machine::Controller(1),
    Machine::Controller(2),
    Machine::Cloud,
];

impl Machine {
    pub(super) fn index(self) -> usize {
        match self {
            Self::First => 0,
            Self::Second => 1,
            Self::Controller(number) => 2 + usize::from(number),
            Self::Cloud => 5,
        }
    }
}

/// A clock that an administrator, or the time service, sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockSet {
    /// Whose.
    pub machine: Machine,
    /// When.
    pub at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy)]
struct Clock {
    /// By how many milliseconds it is ahead at the beginning.
    ahead: i64,
    /// Milliseconds a day.
    drift: i64,
    /// When it is set, and by how much it is ahead from then on.
    set: Option<(DateTime<Utc>, i64)>,
}

/// The clocks of all machines.
#[derive(Debug, Clone)]
pub(super) struct Clocks {
    start: DateTime<Utc>,
    clocks: Vec<Clock>,
}

/// No clock is further from the truth, so that any two differ by less than five minutes.
const FARTHEST: i64 = 145_000;

impl Clocks {
    pub(super) fn draw(
        seed: u64,
        start: DateTime<Utc>,
        days: i64,
        set: bool,
    ) -> (Self, Option<ClockSet>) {
        let mut dice = Dice::of(seed, 2);
        let drift = (40_000 / days.max(1)).min(2_000);
        let farthest = FARTHEST - drift * days;
        let mut clocks: Vec<_> = MACHINES
            .iter()
            .map(|_| Clock {
                ahead: dice.between(-farthest, farthest),
                drift: dice.between(-drift, drift + 1),
                set: None,
            })
            .collect();
        let mut clock_set = None;
        if set {
            let machine = dice.pick(&MACHINES[..5]);
            let hours = dice.between(days * 24 * 2 / 5, days * 24 * 3 / 5);
            let at = start + TimeDelta::hours(hours);
            clocks[machine.index()].set = Some((at, dice.between(-farthest, farthest)));
            clock_set = Some(ClockSet { machine, at });
        }
        (Self { start, clocks }, clock_set)
    }

    /// What the machine's clock shows at a time.
    pub(super) fn show(&self, machine: Machine, at: DateTime<Utc>) -> DateTime<Utc> {
        let clock = self.clocks[machine.index()];
        let ahead = match clock.set {
            Some((set, ahead)) if at >= set => ahead,
            _ => clock.ahead,
        };
        let drifted = (at - self.start).num_milliseconds() * clock.drift / 86_400_000;
        at + TimeDelta::milliseconds(ahead + drifted)
    }
}
