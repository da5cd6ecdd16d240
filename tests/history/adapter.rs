//! The one place that knows the correlator: events with numbers in, operations out.

use sspr::carrier::json::Object;
use sspr::events::AuditRecord;
use sspr::evidence::{Locator, Provenance, SourceId, Strength};
use sspr::roundtrip::{Certainty, Correlator, Doubt, Link, Operation, Summary};

use super::score::Found;
use super::{History, Item, Machine};

/// The operations that the library finds in the logs of a history, taken one after another, and what else it
/// finds there.
pub fn find(history: &History) -> (Vec<Found>, Summary) {
    let mut found = Vec::new();
    let mut correlator = Correlator::default();
    // A log holds events of other providers too, and its reader tells how far they reach.
    let times = || history.events.iter().map(|event| event.shown);
    if let (Some(first), Some(last)) = (times().min(), times().max()) {
        for server in [Machine::First, Machine::Second] {
            correlator.push_span(server.name(history.options.two_domains), first, last);
        }
    }
    for (log, source) in history.logs.iter().zip(0..) {
        for number in &log.events {
            let from = Provenance {
                source: SourceId(source),
                locator: Locator::Record(*number as u64),
                observed_at: None,
                strength: Strength::Observed,
            };
            match history.item(*number) {
                Item::Event(event) => correlator.push_event(&event, &from),
                Item::Audit(_) => {
                    if let Some(record) = audit_record(history, *number) {
                        correlator.push_audit(&record, &from);
                    }
                }
            }
            found.extend(correlator.ready().map(|operation| read(&operation)));
        }
    }
    let summary = correlator.finish(&mut |operation| found.push(read(&operation)));
    (found, summary)
}

/// A record of the tenant's audit log as the library reads it; its place is the event's number.
pub fn audit_record(history: &History, number: usize) -> Option<AuditRecord> {
    let Item::Audit(record) = history.item(number) else {
        return None;
    };
    let object = Object::new(record.as_object()?, Locator::Record(number as u64));
    AuditRecord::parse(&object).ok().flatten()
}

fn read(operation: &Operation) -> Found {
    let numbers = |links: &[Link]| {
        links
            .iter()
            .filter_map(|link| match link.from.locator {
                Locator::Record(number) => usize::try_from(number).ok(),
                _ => None,
            })
            .collect()
    };
    Found {
        events: numbers(&operation.chain),
        context: numbers(&operation.context),
        kind: operation.kind,
        outcome: operation.outcome,
        uncertain: operation
            .chain
            .iter()
            .any(|link| link.certainty == Certainty::Uncertain),
        clock_set: { operation.chain.iter() }.any(|link| link.doubts.contains(&Doubt::ClockSet)),
    }
}
