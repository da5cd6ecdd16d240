//! Properties that hold for every report, whatever the evidence.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use sspr::readiness::{Finding, Options, Report, Verdict, assess};
use sspr::snapshot::{Input, ReadOptions, Snapshot};

/// The evidence of an example: name and bytes of every file.
fn example(name: &str) -> Vec<(String, Vec<u8>)> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, files);
            } else {
                files.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples")
        .join(name);
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path
                .strip_prefix(&root)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            (name, fs::read(path).unwrap())
        })
        .collect()
}

fn report(files: &[&(String, Vec<u8>)]) -> Report {
    let inputs = files
        .iter()
        .map(|(name, bytes)| Input::bytes(name, bytes.clone()))
        .collect();
    let snapshot = Snapshot::read(inputs, &ReadOptions::default(), &mut |_| {
        ControlFlow::Continue(())
    })
    .unwrap();
    assess(
        &snapshot,
        &Options::at("2026-11-20T12:00:00Z".parse().unwrap()),
    )
}

/// Rules over an open set of things, for which the property holds item by item; and the rules
/// about the evidence itself, which has to change when evidence is taken away.
const OPEN_SETS: &[&str] = &[
    "SSPR202", "SSPR228", "SSPR410", "SSPR413", "SSPR601", "SSPR602", "SSPR603", "SSPR604",
    "SSPR606", "SSPR607", "SSPR608", "SSPR611", "SSPR614", "SSPR901", "SSPR902", "SSPR903",
    "SSPR904", "SSPR905",
];

/// Whether a verdict may turn into another one when evidence is taken away.
fn may_turn(full: &Finding, part: &Finding) -> bool {
    let settled = |verdict| matches!(verdict, Verdict::Pass | Verdict::Fail);
    if !settled(full.verdict) || !settled(part.verdict) || full.verdict == part.verdict {
        return true;
    }
    // A later password proves what an older export denies, and the reverse: both are contrary
    // later facts, and the side that rests on the proof is marked as inferred.
    OPEN_SETS.contains(&&*full.code) || full.inferred || part.inferred
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn taking_evidence_away_never_turns_a_pass_into_a_failure_nor_back(
        keep in proptest::collection::vec(any::<prop::sample::Index>(), 0..40),
        name in prop_oneof![Just("contoso"), Just("fabrikam")],
    ) {
        let files = example(name);
        let whole: BTreeMap<_, _> = report(&files.iter().collect::<Vec<_>>())
            .findings.into_iter().map(|finding| (finding.code.clone(), finding)).collect();
        let mut kept: Vec<_> = keep.iter().map(|index| index.index(files.len())).collect();
        kept.sort_unstable();
        kept.dedup();
        let kept: Vec<_> = kept.into_iter().map(|index| &files[index]).collect();
        for finding in report(&kept).findings {
            let full = &whole[&finding.code];
            prop_assert!(
                may_turn(full, &finding),
                "{} in {name}: {:?} with everything ({}), {:?} with {:?} ({})",
                finding.code, full.verdict, full.message, finding.verdict,
                kept.iter().map(|(name, _)| name).collect::<Vec<_>>(), finding.message,
            );
        }
    }

    #[test]
    fn the_order_of_arguments_never_changes_a_report(
        order in Just((0..example("contoso").len()).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let files = example("contoso");
        let shuffled: Vec<_> = order.iter().map(|&index| &files[index]).collect();
        let expected = serde_json::to_string(&report(&files.iter().collect::<Vec<_>>())).unwrap();
        prop_assert_eq!(serde_json::to_string(&report(&shuffled)).unwrap(), expected);
    }
}
