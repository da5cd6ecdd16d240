//! The types of the package for Node are what the sources generate.

use std::path::Path;

use sspr_tests::{bless, types};

#[test]
fn the_types_of_node_are_what_the_sources_generate() {
    bless::compare(Path::new("sspr-node/index.d.ts"), &types::page());
}
