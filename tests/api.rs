//! The table of what each language calls each thing, held against Rust.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;
use sspr_tests::bless;

#[path = "api/rust.rs"]
mod rust;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rust: Option<String>,
    python: Option<String>,
    node: Option<String>,
    why: Option<String>,
}

fn table() -> Vec<Entry> {
    let table: Table = toml::from_str(include_str!("api.toml")).unwrap();
    table.entry
}

#[test]
fn every_rust_name_of_the_table_is_there() {
    // What the table generates is a module of this test, so that it compiles.
    let (mut uses, mut methods) = (BTreeSet::new(), BTreeSet::new());
    for path in table().into_iter().filter_map(|entry| entry.rust) {
        let mut parts = path.rsplit("::");
        let capital =
            |part: Option<&str>| part.is_some_and(|part| part.starts_with(char::is_uppercase));
        let _name = parts.next();
        if capital(parts.next()) {
            methods.insert(path);
        } else {
            uses.insert(path);
        }
    }
    let mut text = String::from(
        "//! Generated from `api.toml`: every name of Rust in it, so that one that is not there does not\n\
         //! compile.\n#![allow(unused_imports, reason = \"they only have to be there\")]\n\n",
    );
    for path in uses {
        let _ = writeln!(text, "use {path} as _;");
    }
    text.push_str("\n/// Functions of types.\n#[rustfmt::skip]\npub(crate) fn methods() {\n");
    for path in methods {
        let _ = writeln!(text, "    let _ = {path};");
    }
    text.push_str("}\n");
    bless::compare(Path::new("tests/api/rust.rs"), &text);
    rust::methods();
}

#[test]
fn names_stand_in_the_table_once_and_gaps_have_a_reason() {
    let (mut python, mut node) = (BTreeSet::new(), BTreeSet::new());
    for entry in table() {
        let name = entry.python.clone().or(entry.node.clone()).unwrap();
        if let Some(name) = entry.python {
            assert!(python.insert(name.clone()), "{name} stands there twice");
        }
        if let Some(name) = entry.node {
            assert!(node.insert(name.clone()), "{name} stands there twice");
        }
        assert!(
            entry.rust.is_some() || entry.why.is_some(),
            "{name} has no reason"
        );
    }
    assert!(python.len() > 150);
}
