//! What Rust says of the shared cases and of the two invented tenants, written down for the suites of
//! the other languages.
#![expect(clippy::expect_used, reason = "test support")]

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use serde_json::json;
use sspr::readiness::{Options, assess};
use sspr::render;
use sspr::snapshot::{Input, ReadOptions, Snapshot};

use crate::cases;

/// The folders of the invented tenants, and the time of their verdicts.
pub const TENANTS: [&str; 2] = ["contoso", "fabrikam"];
/// The time that the invented tenants are judged for.
pub const AS_OF: &str = "2026-11-20T12:00:00Z";

/// Writes `cases.json`, an array with the inputs of every case as text, and for each of its elements
/// the report as `N.json`; and `contoso.json` and `fabrikam.json`, each with `.md`, `.html` and
/// `.txt` beside it.
///
/// # Panics
///
/// When files cannot be read or written.
pub fn write(folder: &Path) {
    let save = |name: &str, text: &str| {
        fs::write(folder.join(name), text).expect("a file can be written");
    };
    let mut index = Vec::new();
    for (_, rule) in cases::all() {
        for case in &rule.cases {
            let evidence: Vec<_> = case
                .evidence
                .iter()
                .map(|one| json!({"name": one.name, "text": String::from_utf8_lossy(&one.bytes())}))
                .collect();
            save(
                &format!("{}.json", index.len()),
                &render::json(&case.report()),
            );
            index.push(json!({
                "rule": rule.rule,
                "name": case.name,
                "asOf": case.as_of,
                "observedAt": case.observed_at,
                "config": case.config,
                "evidence": evidence,
            }));
        }
    }
    save("cases.json", &json!(index).to_string());
    for tenant in TENANTS {
        let report = of_tenant(tenant);
        save(&format!("{tenant}.json"), &render::json(&report));
        save(&format!("{tenant}.md"), &render::markdown(&report, true));
        save(&format!("{tenant}.html"), &render::html(&report));
        let plain = render::TextOptions::default();
        save(&format!("{tenant}.txt"), &render::text(&report, &plain));
    }
}

fn of_tenant(name: &str) -> sspr::readiness::Report {
    // The suites give the same path, which the report repeats.
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let repository = tests.parent().expect("it is a folder of the repository");
    let inputs = vec![Input::path(repository.join("examples").join(name))];
    let mut go_on = |_: sspr::evidence::Progress<'_>| ControlFlow::Continue(());
    let snapshot = Snapshot::read(inputs, &ReadOptions::default(), &mut go_on);
    let as_of = AS_OF.parse().expect("this is a time");
    assess(
        &snapshot.expect("nobody stops the work"),
        &Options::at(as_of),
    )
}
