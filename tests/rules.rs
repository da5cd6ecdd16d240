//! Every case of every rule.

use sspr_tests::cases;

#[test]
fn every_case_of_every_rule_comes_out_as_expected() {
    let mut failures = Vec::new();
    let only = std::env::var("SSPR_RULE").ok();
    for (file, rule) in cases::all() {
        if only
            .as_ref()
            .is_some_and(|only| !file.eq_ignore_ascii_case(only))
        {
            continue;
        }
        assert_eq!(
            file.to_uppercase(),
            rule.rule,
            "a file of cases is named like its rule"
        );
        for case in &rule.cases {
            for difference in case.differences(&rule.rule) {
                failures.push(format!("{} / {}: {difference}", rule.rule, case.name));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}
