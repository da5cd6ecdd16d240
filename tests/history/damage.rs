//! What becomes of events on their way into the collected logs: they are lost, repeated, forwarded.

use std::cmp::Reverse;

use super::clocks::{MACHINES, Machine};
use super::dice::Dice;
use super::truth::TrueEvent;
use super::{Log, Options};

/// Puts the events into the order of writing, numbers them, and collects the logs.
pub(super) fn collect(options: &Options, events: &mut [TrueEvent]) -> Vec<Log> {
    let mut dice = Dice::of(options.seed, 4);
    // Stable: of one moment, the order in which they happened stays.
    events.sort_by_key(|event| (event.machine, event.at));
    let mut logs = Vec::new();
    let mut forwarded = Vec::new();
    for machine in MACHINES {
        let first = events.partition_point(|event| event.machine < machine);
        let mut numbers = Vec::new();
        for (event, number) in events.iter_mut().zip(0..).skip(first) {
            if event.machine != machine {
                break;
            }
            event.record = 40_001 + (number - first) as u64;
            if dice.permille(options.lost) {
                event.lost = true;
                continue;
            }
            numbers.push(number);
            if dice.permille(options.repeated) {
                numbers.push(number);
            }
            if machine != Machine::Cloud && dice.permille(options.forwarded) {
                forwarded.push(number);
            }
        }
        if options.reversed && dice.percent(50) {
            numbers.reverse();
        }
        logs.push(Log {
            name: match machine {
                Machine::Cloud => "audit".to_owned(),
                _ => machine.name(options.two_domains).replace('.', "-"),
            },
            machine: Some(machine),
            events: numbers,
        });
    }
    if !forwarded.is_empty() {
        // The collector writes them as they come, and reads them from the newest on.
        forwarded.sort_by_key(|number| (events[*number].at, *number));
        if options.reversed {
            forwarded.sort_by_key(|number| Reverse((events[*number].at, *number)));
        }
        logs.push(Log {
            name: "collector".to_owned(),
            machine: None,
            events: forwarded,
        });
    }
    logs
}
