//! Entra audit records.

use std::io::BufRead;

use super::{Intake, JsonKind, TextKind, events};
use crate::carrier::json::{Object, Page};
use crate::events::Filter;
use crate::events::audit::AuditRecord;
use crate::events::csv::{Holds, recognise};
use crate::evidence::Strength;
use crate::snapshot::Facts;

pub(super) const JSON: &[JsonKind] = &[JsonKind {
    name: "directoryAudits",
    strength: Strength::Observed,
    matches: |object, _| AuditRecord::matches(object),
    reader: || Box::new(audit),
}];

pub(super) const TEXT: &[TextKind] = &[TextKind {
    name: "directoryAudits",
    strength: Strength::Exported,
    matches: |head| recognise(head) == Some(Holds::Audit),
    read: |into, text: &mut dyn BufRead| events::read_table(into, text, &Filter::default()),
}];

pub(super) fn finish(facts: &mut Facts) {
    facts.audit.finish();
}

fn audit(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    match AuditRecord::parse(object) {
        Ok(Some(record)) => {
            let mut from = into.origin.at(record.place.clone());
            // What a record says was so when it was written.
            from.observed_at = Some(record.time);
            into.facts.take_audit(&record, &from);
        }
        Ok(None) => {}
        Err(error) => into.origin.fault(error),
    }
}

#[cfg(test)]
mod tests;
