//! Entra audit records.

use super::{Intake, JsonKind};
use crate::carrier::json::{Object, Page};
use crate::events::audit::AuditRecord;
use crate::evidence::Strength;
use crate::snapshot::Facts;

pub(super) const JSON: &[JsonKind] = &[JsonKind {
    name: "directoryAudits",
    strength: Strength::Observed,
    matches: |object, _| AuditRecord::matches(object),
    reader: || Box::new(audit),
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
