//! The clocks of the machines: each is off by its own amount and drifts.

use chrono::{DateTime, TimeDelta, Utc};

use super::dice::Dice;
use super::truth::{Role, TrueEvent};

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
    /// When, by the cloud's clock, with which all others are compared.
    pub at: DateTime<Utc>,
    /// By how many milliseconds it moved.
    pub by: i64,
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

/// A clock is set right where it is off by so many milliseconds.
const WORTH_IT: i64 = 15_000;
/// So many events lie on either side of the moment at which a clock is set.
const ENOUGH: usize = 20;

/// No clock is further from the truth, so that any two differ by less than five minutes.
const FARTHEST: i64 = 145_000;

impl Clocks {
    pub(super) fn draw(seed: u64, start: DateTime<Utc>, days: i64) -> Self {
        let mut dice = Dice::of(seed, 2);
        let drift = (40_000 / days.max(1)).min(2_000);
        let farthest = FARTHEST - drift * days;
        let clocks = MACHINES
            .iter()
            .map(|_| Clock {
                ahead: dice.between(-farthest, farthest),
                drift: dice.between(-drift, drift + 1),
                set: None,
            })
            .collect();
        Self { start, clocks }
    }

    /// Sets one clock right while an operation is under way, in the middle fifth of the history: some of its events
    /// show the time before, others that after.
    pub(super) fn set_right(
        &mut self,
        seed: u64,
        days: i64,
        events: &[TrueEvent],
    ) -> Option<ClockSet> {
        let mut dice = Dice::of(seed, 5);
        let middle = |share: i64| self.start + TimeDelta::hours(days * 24 * share / 5);
        let (from, until) = (middle(2), middle(3));
        let of = |machine| {
            let core = move |event: &&TrueEvent| {
                event.machine == machine && matches!(event.role, Role::Core(_))
            };
            events.iter().filter(core)
        };
        let mut moments = Vec::new();
        for machine in &MACHINES[..5] {
            let mut times: Vec<_> = of(*machine).map(|event| event.at).collect();
            times.sort_unstable();
            let inner = times.len().saturating_sub(ENOUGH);
            for at in times.into_iter().take(inner).skip(ENOUGH) {
                let off = (self.show(*machine, at) - at).num_milliseconds();
                if off.abs() >= WORTH_IT && from <= at && at < until {
                    moments.push((*machine, at, off));
                }
            }
        }
        let (machine, at, off) = *moments.get(dice.below(moments.len()))?;
        let at = at - TimeDelta::milliseconds(dice.pick(&[0, 1, 300]));
        let clock = &mut self.clocks[machine.index()];
        // A time service leaves it off by a second at most.
        let left = dice.between(-1_000, 1_000);
        clock.set = Some((at, clock.ahead - off + left));
        Some(ClockSet {
            machine,
            at: self.show(Machine::Cloud, at),
            by: left - off,
        })
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
