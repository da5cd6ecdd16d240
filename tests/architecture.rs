//! The modules of the core keep to their layers: each uses those below it, never one above it, and
//! no two of one layer use each other.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The layers of the core, the lowest first. `docs/architecture.md` says what lives where.
const LAYERS: &[&[&str]] = &[
    &["error", "evidence", "time"],
    &["carrier", "http"],
    &["directory"],
    &["events", "licensing", "policy", "tenant"],
    &["graph", "ldap", "roundtrip", "writeback"],
    &["snapshot"],
    &["forecast", "readiness", "watch"],
    &["explain"],
    &["render"],
];

/// The two that are one foundation: an error names a place, and reading a place can go wrong.
const FOUNDATION: &[&str] = &["error", "evidence"];

#[test]
fn every_module_stands_in_a_layer() {
    for module in sources().keys() {
        assert!(layer(module).is_some(), "{module} stands in no layer");
    }
}

#[test]
fn a_module_uses_only_the_layers_below_it() {
    let mut faults = Vec::new();
    for (module, files) in &sources() {
        for file in files {
            let text = fs::read_to_string(file).expect("the source can be read");
            for used in uses(without_tests(&text)) {
                if used != *module && !may_use(module, &used) {
                    faults.push(format!("{}: {module} uses {used}", file.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn paths_are_found_in_every_form() {
    let text = "use crate::time::Interval;\nuse crate::{\n    error::{Error, Result},\n    carrier,\n};\n\
                // crate::render\nfn f() -> crate::tenant::People {}";
    assert_eq!(uses(text), ["carrier", "error", "tenant", "time"]);
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

fn may_use(module: &str, used: &str) -> bool {
    let (Some(from), Some(to)) = (layer(module), layer(used)) else {
        // Names that are no module, such as a macro at the root of the crate.
        return layer(used).is_none();
    };
    to < from || FOUNDATION.contains(&module) && FOUNDATION.contains(&used)
}

/// The source files of each module of the core.
fn sources() -> BTreeMap<String, Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sspr-core/src");
    let mut modules = BTreeMap::new();
    for entry in fs::read_dir(&root).expect("the core has sources").flatten() {
        let path = entry.path();
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name != "lib" {
            collect(&path, modules.entry(name).or_insert_with(Vec::new));
        }
    }
    modules
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path)
            .expect("the folder can be read")
            .flatten()
        {
            collect(&entry.path(), files);
        }
    } else if path.extension().is_some_and(|ext| ext == "rs") && !path.ends_with("tests.rs") {
        files.push(path.to_owned());
    }
}

/// The text up to its unit tests, which may use anything.
fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]\nmod tests")
        .map_or(text, |at| &text[..at])
}

/// The first segments of all paths that begin with `crate::`, comments apart.
fn uses(text: &str) -> Vec<String> {
    let text: String = text
        .lines()
        .map(|line| line.find("//").map_or(line, |at| &line[..at]))
        .collect();
    let mut names = Vec::new();
    for (at, found) in text.match_indices("crate::") {
        let rest = &text[at + found.len()..];
        match rest.strip_prefix('{') {
            Some(group) => names.extend(first_segments(group)),
            None => names.push(identifier(rest)),
        }
    }
    names.sort();
    names.dedup();
    names
}

/// The first segments of the items of a group, up to its closing brace.
fn first_segments(group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let (mut depth, mut expected) = (0, true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => expected = true,
            _ if depth == 0 && expected && !c.is_whitespace() => {
                names.push(identifier(&group[at..]));
                expected = false;
            }
            _ => {}
        }
    }
    names
}

fn identifier(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect()
}
