//! Windows logs, as `.evtx` and as XML.

use std::io::{BufRead, Read};
use std::ops::ControlFlow;

use super::{BinaryKind, Intake, TextKind};
use crate::error::{Error, Result};
use crate::events::catalogue::Source;
use crate::events::{LogItem, RecordSpan, is_event_xml, is_evtx, read_evtx, read_xml};
use crate::evidence::Strength;
use crate::snapshot::Facts;
use crate::snapshot::facts::{EVENT_LOG, LogKey};

pub(super) const TEXT: &[TextKind] = &[TextKind {
    name: "eventXml",
    strength: Strength::Observed,
    matches: is_event_xml,
    read: |into, text: &mut dyn BufRead| read(into, |sink| read_xml(text, sink)),
}];

pub(super) const BINARY: &[BinaryKind] = &[BinaryKind {
    name: "eventLog",
    strength: Strength::Observed,
    matches: is_evtx,
    read: |into, log: &mut dyn Read| read(into, |sink| read_evtx(log, WANTED, sink)),
}];

/// The providers that facts come from.
const WANTED: &[&str] = &[
    Source::Writeback.provider(),
    Source::Engine.provider(),
    Source::HashSync.provider(),
    Source::Security.provider(),
    Source::ProtectionAgent.provider(),
    EVENT_LOG,
];

/// All evidence has been read: who people are is known, and events can be joined.
pub(super) fn finish(facts: &mut Facts) {
    facts.finish_events();
}

type Sink<'s> = &'s mut dyn FnMut(LogItem) -> ControlFlow<()>;

fn read(into: &mut Intake<'_>, run: impl FnOnce(Sink<'_>) -> Result<()>) -> Result<()> {
    let mut log: Option<LogKey> = None;
    // What comes before the first event waits for the name of the log.
    let mut spans: Vec<RecordSpan> = Vec::new();
    let mut faults: Vec<(Error, u64)> = Vec::new();
    let mut bytes_lost = 0_u64;
    // An option's time is of all evidence: of this log it does not say that it reaches so far.
    let exported = into.origin.stated_time();
    let mut latest = None;
    let mut items = 0;
    let (facts, origin) = (&mut *into.facts, into.origin);
    let result = run(&mut |item| {
        match item {
            LogItem::Event(event) => {
                items += 1;
                let mut from = origin.at(event.place);
                // What a record says was so when it was written.
                from.observed_at = event.value.time;
                latest = latest.max(event.value.time);
                let key = facts.events.take(&event.value, &from);
                log.get_or_insert(key);
            }
            LogItem::Audit(record) => {
                items += 1;
                let mut from = origin.at(record.place.clone());
                from.observed_at = Some(record.time);
                facts.take_audit(&record, &from);
            }
            LogItem::Span(span) => {
                latest = latest.max(Some(span.last));
                match &log {
                    Some(log) => facts.events.span(log, span),
                    None => join(&mut spans, span),
                }
            }
            LogItem::Fault {
                error,
                records,
                bytes,
            } => {
                bytes_lost += bytes.unwrap_or_default();
                // A fault that costs no record, or an unknown number of them, counts as such.
                let records = records.unwrap_or(1);
                origin.fault(error.clone());
                match &log {
                    Some(log) => {
                        let from = origin.at(error.place.clone());
                        facts.events.lost(log, records, &error, &from);
                    }
                    None => faults.push((error, records)),
                }
                faults.truncate(100);
            }
        }
        ControlFlow::Continue(())
    });
    if let Some(log) = &log {
        for span in spans {
            facts.events.span(log, span);
        }
        for (error, records) in faults {
            let from = origin.at(error.place.clone());
            facts.events.lost(log, records, &error, &from);
        }
        facts.events.observed(log, exported);
    }
    if bytes_lost > 0 {
        origin.faults.borrow_mut().bytes = Some(bytes_lost);
    }
    if exported.is_none() {
        origin.observed_at.set(latest.or(origin.observed_at.get()));
    }
    into.collection.items += items;
    result
}

/// Spans that wait are kept as one.
fn join(spans: &mut Vec<RecordSpan>, span: RecordSpan) {
    match spans.first_mut() {
        Some(known) => {
            known.records += span.records;
            known.first = known.first.min(span.first);
            known.last = known.last.max(span.last);
        }
        None => spans.push(span),
    }
}
