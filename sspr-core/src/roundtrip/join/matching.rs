//! Giving events to operations, one to one, the nearest first.

use std::collections::BTreeMap;

/// An event that an operation may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    /// How far apart they are, in microseconds, with what else speaks against it.
    pub(super) cost: i64,
    /// The event.
    pub(super) one: u32,
    /// The operation.
    pub(super) draft: u32,
}

/// An event that an operation gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) one: u32,
    pub(super) draft: u32,
    /// Other operations for which nearly as much speaks, and that get no better one.
    pub(super) others: Vec<u32>,
}

/// Matches each event with one operation at most, and each operation with one event. Costs that
/// differ by less than `margin` are no decision.
pub(super) fn matched(mut candidates: Vec<Candidate>, margin: i64) -> Vec<Match> {
    candidates.sort_unstable();
    let mut of_one: BTreeMap<u32, Candidate> = BTreeMap::new();
    let mut of_draft: BTreeMap<u32, i64> = BTreeMap::new();
    for candidate in &candidates {
        if !of_one.contains_key(&candidate.one) && !of_draft.contains_key(&candidate.draft) {
            of_one.insert(candidate.one, *candidate);
            of_draft.insert(candidate.draft, candidate.cost);
        }
    }
    let mut others: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for candidate in &candidates {
        let Some(chosen) = of_one.get(&candidate.one) else {
            continue;
        };
        let has_better = of_draft
            .get(&candidate.draft)
            .is_some_and(|cost| *cost <= candidate.cost);
        if candidate.draft != chosen.draft && candidate.cost - chosen.cost <= margin && !has_better
        {
            others
                .entry(candidate.one)
                .or_default()
                .push(candidate.draft);
        }
    }
    of_one
        .into_values()
        .map(|candidate| Match {
            one: candidate.one,
            draft: candidate.draft,
            others: others.remove(&candidate.one).unwrap_or_default(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(of: &[(i64, u32, u32)]) -> Vec<Candidate> {
        of.iter()
            .map(|(cost, one, draft)| Candidate {
                cost: *cost,
                one: *one,
                draft: *draft,
            })
            .collect()
    }

    #[test]
    fn the_nearest_comes_first_and_nobody_gets_two() {
        let found = matched(candidates(&[(5, 1, 1), (1, 2, 1), (9, 1, 2), (8, 2, 2)]), 0);
        let pairs: Vec<_> = found.iter().map(|m| (m.one, m.draft)).collect();
        assert_eq!(pairs, [(1, 2), (2, 1)]);
        assert!(found.iter().all(|m| m.others.is_empty()));
    }

    #[test]
    fn what_is_nearly_as_near_and_has_nothing_better_is_named() {
        let found = matched(candidates(&[(5, 1, 1), (6, 1, 2)]), 10);
        assert_eq!(found[0].others, [2]);
        let found = matched(candidates(&[(5, 1, 1), (6, 1, 2), (4, 3, 2)]), 10);
        assert!(found.iter().all(|m| m.others.is_empty()));
    }
}
