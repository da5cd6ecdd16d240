//! Pages that are generated from the code.

use std::path::Path;

use sspr_tests::{bless, rules_page};

#[test]
fn the_page_of_the_rules_is_the_one_of_the_code() {
    bless::compare(Path::new("docs/rules.md"), &rules_page::page());
}
