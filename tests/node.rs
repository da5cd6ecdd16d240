//! The package for Node, driven by Node's own test runner over `tests/node`.

use std::fs;
use std::path::Path;
use std::process::Command;

use sspr_tests::{bindings, graph_server, log_reports, reports, round_trips};

#[test]
fn the_suite_of_node_passes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let scratch = tempfile::tempdir().unwrap();
    // A package in an empty place: what is published, and the addon beside it.
    let package = scratch.path().join("node_modules/sspr");
    for folder in ["bin", "lib"] {
        fs::create_dir_all(package.join(folder)).unwrap();
    }
    for file in [
        "package.json",
        "index.js",
        "index.mjs",
        "index.d.ts",
        "bin/sspr.js",
        "lib/addon.js",
        "lib/logs.js",
        "lib/work.js",
        "README.md",
    ] {
        fs::copy(root.join("sspr-node").join(file), package.join(file)).unwrap();
    }
    fs::copy(
        bindings::library("sspr-node", "sspr_node"),
        package.join("sspr.node"),
    )
    .unwrap();
    let reported = scratch.path().join("reports");
    fs::create_dir(&reported).unwrap();
    reports::write(&reported);
    round_trips::write(&reported);
    log_reports::write(&reported);
    let _graph = graph_server::for_suite(&reported);
    // What the table says that Node has.
    let table: toml::Table = toml::from_str(include_str!("api.toml")).unwrap();
    let entries = table["entry"].as_array().unwrap();
    let names: Vec<_> = entries
        .iter()
        .filter_map(|entry| entry.get("node")?.as_str())
        .collect();
    let names = serde_json::to_string(&names).unwrap();
    fs::write(reported.join("api.json"), names).unwrap();
    let suite = scratch.path().join("suite");
    fs::create_dir(&suite).unwrap();
    let mut files = Vec::new();
    for file in fs::read_dir(root.join("tests/node")).unwrap() {
        let file = file.unwrap();
        let copy = suite.join(file.file_name());
        fs::copy(file.path(), &copy).unwrap();
        if file.file_name().to_string_lossy().ends_with(".test.mjs") {
            files.push(copy);
        }
    }
    files.sort();
    bindings::run(
        Command::new("node")
            .arg("--test")
            .args(files)
            .env("SSPR_REPORTS", &reported)
            .env("SSPR_ROOT", fs::canonicalize(&root).unwrap())
            .env_remove("NODE_OPTIONS"),
    );
}
