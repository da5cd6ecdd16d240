//! What every rule must have.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use sspr::readiness::collect::step_for;
use sspr::readiness::rules::ALL;
use sspr_tests::cases;

/// Verdicts that a rule cannot give, with the reason.
const EXEMPT: &[(&str, &str, &str)] = &[
    (
        "SSPR901",
        "unknown",
        "a verdict on the evidence needs no further fact",
    ),
    (
        "SSPR902",
        "unknown",
        "a verdict on the evidence needs no further fact",
    ),
    (
        "SSPR903",
        "unknown",
        "a verdict on the evidence needs no further fact",
    ),
    (
        "SSPR905",
        "unknown",
        "a verdict on the evidence needs no further fact",
    ),
];

/// Rules that judge the evidence itself and so name no fact.
const WITHOUT_NEEDS: &[&str] = &["SSPR901", "SSPR902", "SSPR903", "SSPR905"];

#[test]
fn the_folder_of_rules_and_the_list_are_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sspr-core/src/readiness/rules");
    let files: BTreeSet<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| {
            name.strip_prefix("sspr")
                .is_some_and(|n| n.parse::<u32>().is_ok())
        })
        .map(|name| name.to_uppercase())
        .collect();
    let listed: BTreeSet<_> = ALL.iter().map(|rule| rule.code.to_owned()).collect();
    assert_eq!(files, listed);
}

#[test]
fn codes_are_sorted_and_unique() {
    assert!(ALL.is_sorted_by(|a, b| a.code < b.code));
}

#[test]
fn every_rule_has_cases_that_pass_fail_and_are_unknown() {
    let cases: BTreeMap<_, _> = cases::all()
        .into_iter()
        .map(|(_, rule)| (rule.rule, rule.cases))
        .collect();
    let mut lacking = Vec::new();
    for rule in ALL {
        let own = cases.get(rule.code).map(Vec::as_slice).unwrap_or_default();
        for verdict in ["pass", "fail", "unknown"] {
            let exempt = EXEMPT
                .iter()
                .any(|(code, exempt, _)| *code == rule.code && *exempt == verdict);
            let has = own.iter().any(|case| case.expect.verdict == verdict);
            if !has && !exempt {
                lacking.push(format!("{} has no case that is {verdict}", rule.code));
            }
        }
    }
    for code in cases.keys() {
        if !ALL.iter().any(|rule| rule.code == code) {
            lacking.push(format!("there are cases of {code}, which is no rule"));
        }
    }
    assert!(lacking.is_empty(), "\n{}", lacking.join("\n"));
}

#[test]
fn every_rule_names_its_sources_and_speaks_in_sentences() {
    for rule in ALL {
        assert!(!rule.sources.is_empty(), "{} has no source", rule.code);
        assert!(
            rule.sources.iter().all(|page| page.starts_with("https://")),
            "{}: a source is no address",
            rule.code
        );
        assert!(rule.rationale.ends_with('.'), "{}: rationale", rule.code);
        assert!(!rule.title.ends_with('.'), "{}: title", rule.code);
    }
}

#[test]
fn every_rule_names_facts_that_can_be_collected() {
    for rule in ALL {
        assert!(
            !rule.needs.is_empty() || WITHOUT_NEEDS.contains(&rule.code),
            "{} needs nothing",
            rule.code
        );
        for fact in rule.needs {
            assert!(step_for(fact).is_some(), "{}: {fact}", rule.code);
        }
    }
}

#[test]
fn every_rule_and_phase_can_be_explained() {
    for rule in ALL {
        let answer = sspr::explain::explain(rule.code);
        assert!(answer.found(), "{}", rule.code);
        assert!(answer.text(80, false).contains(rule.title), "{}", rule.code);
    }
    for phase in 1..=6 {
        assert!(sspr::explain::explain(&format!("phase{phase}")).found());
    }
}
