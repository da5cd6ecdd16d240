//! What Rust says of the shared cases and of the two invented tenants, written into a folder where
//! the suites of other languages find it.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;

use serde_json::{Value, json};
use sspr::readiness::{Options, Report, assess};
use sspr::render;
use sspr::snapshot::{Input, ReadOptions, Snapshot};

use crate::cases;

/// Writes `index.json`, a list of the cases, beside the evidence and the report of each. A case has
/// `name`, `asOf`, `observedAt`, `config`, `evidence` (a list of `name` and `file`, or one `path`)
/// and `report`, the file that holds its report as JSON, `.md` and `.txt` beside it.
pub fn write(folder: &Path) -> io::Result<()> {
    let mut index = Vec::new();
    for (file, rule) in cases::all() {
        for (number, case) in rule.cases.iter().enumerate() {
            let mut evidence = Vec::new();
            for (part, given) in case.evidence.iter().enumerate() {
                let path = format!("{file}-{number}-{part}");
                fs::write(folder.join(&path), given.bytes())?;
                evidence.push(json!({ "name": given.name, "file": path }));
            }
            index.push(json!({
                "name": format!("{} / {}", rule.rule, case.name),
                "asOf": case.as_of,
                "observedAt": case.observed_at,
                "config": case.config,
                "evidence": evidence,
                "report": report(folder, &format!("{file}-{number}"), &case.report())?,
            }));
        }
    }
    for tenant in ["contoso", "fabrikam"] {
        index.push(example(folder, tenant)?);
    }
    fs::write(folder.join("index.json"), Value::from(index).to_string())
}

fn example(folder: &Path, tenant: &str) -> io::Result<Value> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let path = fs::canonicalize(examples)?.join(tenant);
    let as_of = "2026-11-20T12:00:00Z".parse().unwrap_or_default();
    let inputs = vec![Input::path(&path)];
    let snapshot = Snapshot::read(inputs, &ReadOptions::default(), &mut |_| {
        ControlFlow::Continue(())
    })?;
    Ok(json!({
        "name": tenant,
        "asOf": as_of,
        "observedAt": null,
        "config": "",
        "evidence": [{ "path": path }],
        "report": report(folder, tenant, &assess(&snapshot, &Options::at(as_of)))?,
    }))
}

fn report(folder: &Path, name: &str, report: &Report) -> io::Result<String> {
    let file = format!("{name}.report.json");
    let write =
        |ending: &str, text: String| fs::write(folder.join(format!("{file}{ending}")), text);
    write("", render::json(report))?;
    write(".md", render::markdown(report, true))?;
    write(
        ".txt",
        render::text(report, &render::TextOptions::default()),
    )?;
    Ok(file)
}
