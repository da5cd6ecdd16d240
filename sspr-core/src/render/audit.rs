//! Records of the tenant's audit log among events: for a terminal, as JSON lines and as CSV.

use serde::Serialize;

use super::events::{csv_line, seconds, stamp};
use super::page::{Ink, Page};
use crate::events::AuditRecord;
use crate::events::audit::{AuditResult, PROVIDER};
use crate::evidence::Locator;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    log: &'a str,
    place: &'a Locator,
    provider: &'static str,
    #[serde(flatten)]
    record: &'a AuditRecord,
    title: &'a str,
    user: Option<&'a str>,
}

/// A record as one line of a terminal, wrapped where it is longer than `width` columns. The word
/// `audit` stands where events have their id.
pub fn audit_row(record: &AuditRecord, width: usize, color: bool) -> String {
    const HANG: usize = 28;
    let ink = match record.result {
        AuditResult::Success | AuditResult::Unknown => Ink::Plain,
        AuditResult::Failure | AuditResult::Timeout => Ink::Bad,
    };
    let outcome = match (word(record.result), &record.reason) {
        ("", reason) => reason.clone().unwrap_or_default(),
        (word, Some(reason)) => format!("{word}: {}", reason.trim()),
        (word, None) => word.to_owned(),
    };
    let actor = { record.actor.iter() }.find(|actor| Some(*actor) != record.target.as_ref());
    let mut words = vec![record.name.clone()];
    words.extend(record.target.clone());
    words.extend(actor.map(|actor| format!("by {actor}")));
    words.push(outcome);
    words.retain(|word| !word.is_empty());
    let time = seconds(record.time);
    let mut page = Page::new(width, color);
    let lead = [(Ink::Dim, time.as_str()), (ink, " audit ")];
    page.hanging(0, &lead, HANG, Ink::Plain, &words.join(" \u{b7} "));
    page.finish()
}

/// A record as one line of JSON in camelCase, with a line feed at its end: all its fields, its log
/// and its place there. Its `provider` is `Entra audit`, its `title` the activity, its `user` the
/// person whose account it is.
pub fn audit_json(log: &str, record: &AuditRecord) -> String {
    let row = Row {
        log,
        place: &record.place,
        provider: PROVIDER,
        record,
        title: &record.name,
        user: record.target.as_deref(),
    };
    // It holds no map with keys that are not strings, and nothing that fails to serialise.
    let mut json = serde_json::to_string(&row).unwrap_or_default();
    json.push('\n');
    json
}

/// A record as one line of CSV under [`EVENT_COLUMNS`](super::EVENT_COLUMNS): its activity is the
/// title, its result the code, its reason the cause. It has no id, no computer and no tracking id.
pub fn audit_csv(log: &str, record: &AuditRecord) -> String {
    csv_line(&[
        stamp(record.time),
        String::new(),
        PROVIDER.to_owned(),
        String::new(),
        record.name.clone(),
        record.target.clone().unwrap_or_default(),
        String::new(),
        word(record.result).to_owned(),
        record.reason.clone().unwrap_or_default(),
        String::new(),
        log.to_owned(),
    ])
}

/// How it ended; nothing where the record does not say.
const fn word(result: AuditResult) -> &'static str {
    match result {
        AuditResult::Success => "success",
        AuditResult::Failure => "failure",
        AuditResult::Timeout => "timeout",
        AuditResult::Unknown => "",
    }
}

#[cfg(test)]
mod tests {
    use crate::events::audit::Activity;
    use crate::evidence::Locator;

    use super::*;

    fn record() -> AuditRecord {
        AuditRecord {
            id: None,
            time: "2026-05-20T15:40:00Z".parse().unwrap(),
            local_time: false,
            activity: Activity::AdminReset,
            name: "Reset password (by admin)".into(),
            result: AuditResult::Failure,
            reason: Some("=OnPremisesConnectivityError".into()),
            correlation: None,
            agent: None,
            method: None,
            actor: Some("admin@contoso.com".into()),
            actor_id: None,
            by_application: false,
            target: Some("jdoe@contoso.com".into()),
            target_id: None,
            place: Locator::Line(7),
        }
    }

    #[test]
    fn a_row_says_what_was_done_to_whom_by_whom_and_how_it_ended() {
        let row = audit_row(&record(), 160, false);
        assert_eq!(
            row,
            "2026-05-20 15:40:00 audit   Reset password (by admin) \u{b7} jdoe@contoso.com \u{b7} by \
             admin@contoso.com \u{b7} failure:\n                            =OnPremisesConnectivityError\n"
        );
        let own = AuditRecord {
            actor: record().target,
            ..record()
        };
        assert!(!audit_row(&own, 160, false).contains(" by jdoe"));
    }

    #[test]
    fn a_line_of_json_has_the_fields_that_events_have_too() {
        let value: serde_json::Value =
            serde_json::from_str(&audit_json("audit.csv", &record())).unwrap();
        for (name, expected) in [
            ("log", "audit.csv"),
            ("provider", "Entra audit"),
            ("time", "2026-05-20T15:40:00Z"),
            ("user", "jdoe@contoso.com"),
            ("activity", "adminReset"),
            ("result", "failure"),
        ] {
            assert_eq!(value[name], expected, "{name}");
        }
    }

    #[test]
    fn a_line_of_csv_has_as_many_fields_as_its_head_and_no_formula() {
        let line = audit_csv("audit.csv", &record());
        let commas = |text: &str| text.matches(',').count();
        assert_eq!(commas(&line), commas(crate::render::EVENT_COLUMNS));
        assert!(line.contains("'=OnPremises"), "{line}");
    }
}
