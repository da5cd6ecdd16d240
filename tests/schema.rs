//! The JSON Schema of the report: checked in, and true.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sspr::readiness::{Options, Report, assess};
use sspr::render;
use sspr::snapshot::Snapshot;
use sspr_tests::{bless, cases};

#[test]
fn the_schema_in_the_repository_is_the_one_of_the_types() {
    let schema = Report::json_schema();
    for file in [
        "docs/report.schema.json",
        "sspr-core/data/report.schema.json",
    ] {
        bless::compare(Path::new(file), &schema);
    }
}

#[test]
fn reports_follow_their_schema() {
    let schema: Value = serde_json::from_str(&Report::json_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let as_of: DateTime<Utc> = "2026-11-20T12:00:00Z".parse().unwrap();
    let mut reports = vec![assess(&Snapshot::default(), &Options::at(as_of))];
    for (_, rule) in cases::all() {
        reports.extend(rule.cases.iter().map(cases::Case::report));
    }
    for report in reports {
        let report: Value = serde_json::from_str(&render::json(&report)).unwrap();
        let faults: Vec<_> = validator
            .iter_errors(&report)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

#[test]
fn a_stored_report_comes_back_the_same() {
    for (_, rule) in cases::all() {
        for case in &rule.cases {
            let stored = render::json(&case.report());
            let report = Report::from_json(stored.as_bytes()).unwrap();
            assert_eq!(render::json(&report), stored, "{}", case.name);
        }
    }
}

#[test]
fn what_is_no_report_of_this_form_is_refused_with_its_place() {
    let as_of: DateTime<Utc> = "2026-11-20T12:00:00Z".parse().unwrap();
    let stored = render::json(&assess(&Snapshot::default(), &Options::at(as_of)));
    let later = stored.replace("sspr-report/1", "sspr-report/9");
    let refused = Report::from_json(later.as_bytes()).unwrap_err();
    assert_eq!(refused.place.to_string(), "/schema");
    let refused = Report::from_json(b"{\n  \"schema\": 7 }").unwrap_err();
    assert_eq!(refused.place.to_string(), "line 2");
}

#[test]
fn a_report_with_a_strange_verdict_breaks_the_schema() {
    let schema: Value = serde_json::from_str(&Report::json_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let as_of: DateTime<Utc> = "2026-11-20T12:00:00Z".parse().unwrap();
    let report = assess(&Snapshot::default(), &Options::at(as_of));
    let mut report: Value = serde_json::from_str(&render::json(&report)).unwrap();
    assert!(validator.is_valid(&report));
    report["verdict"] = "perhaps".into();
    assert!(!validator.is_valid(&report));
}
