//! What happens to verdicts when evidence is taken away.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use crate::readiness::{Finding, Options, Verdict, assess};
use crate::snapshot::{Input, ReadOptions, Snapshot};

/// Evidence: a name and a text each.
pub(super) type Pool = Vec<(&'static str, String)>;

/// The findings on some evidence whose codes begin so.
pub(super) fn findings(pool: &Pool, codes: &str) -> BTreeMap<Cow<'static, str>, Finding> {
    let inputs = pool.iter();
    let inputs = inputs.map(|(name, text)| Input::bytes(*name, text.as_bytes()));
    let go_on = &mut |_: crate::evidence::Progress<'_>| ControlFlow::Continue(());
    let snapshot = Snapshot::read(inputs.collect(), &ReadOptions::default(), go_on).unwrap();
    let options = Options::at("2026-11-20T12:00:00Z".parse().unwrap());
    let findings = assess(&snapshot, &options).findings.into_iter();
    findings
        .filter(|finding| finding.code.starts_with(codes))
        .map(|finding| (finding.code.clone(), finding))
        .collect()
}

/// The rules whose pass became a failure, or the reverse, when only some of the evidence is kept.
pub(super) fn turned(
    pool: &Pool,
    keep: &[bool],
    less: &[bool],
    codes: &str,
) -> Vec<Cow<'static, str>> {
    let chosen = |wanted: &dyn Fn(usize) -> bool| -> Pool {
        let kept = pool.iter().enumerate().filter(|(index, _)| wanted(*index));
        kept.map(|(_, piece)| piece.clone()).collect()
    };
    let is_kept = |index: usize| keep.get(index).copied().unwrap_or(true);
    let is_left = |index: usize| is_kept(index) && less.get(index).copied().unwrap_or(true);
    let more = findings(&chosen(&is_kept), codes);
    let fewer = findings(&chosen(&is_left), codes);
    let ends = [Verdict::Pass, Verdict::Fail];
    more.into_iter()
        .filter(|(code, finding)| {
            let other = fewer[code].verdict;
            other != finding.verdict && ends.contains(&other) && ends.contains(&finding.verdict)
        })
        .map(|(code, _)| code)
        .collect()
}
