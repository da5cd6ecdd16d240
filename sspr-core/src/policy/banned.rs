//! Entra Password Protection: how a candidate fares against banned passwords.
//!
//! The list of Microsoft is secret, so every answer is partial: "refused" rests on the terms that
//! were given, "accepted" is never proof. Source: "Eliminate bad passwords using Microsoft Entra
//! Password Protection".

use serde::Serialize;

/// The least score that is accepted.
const ENOUGH: usize = 5;
/// Names shorter than this are not looked for.
const SHORTEST_NAME: usize = 4;
/// Most terms that a custom list may have.
pub const MOST_TERMS: usize = 1_000;

/// Banned terms and names, ready to be compared with candidates.
///
/// ```
/// use sspr::policy::{BannedPasswords, BannedVerdict};
///
/// let banned = BannedPasswords::new(["contoso", "blank"], ["Poll"]);
/// assert_eq!(banned.judge("C0ntos0Blank12"), BannedVerdict::TooWeak { score: 4 });
/// assert_eq!(banned.judge("ContoS0Bl@nkf9!"), BannedVerdict::Accepted { score: 5 });
/// assert_eq!(banned.judge("p0LL23fb"), BannedVerdict::ContainsName);
/// ```
#[derive(Debug, Clone, Default)]
pub struct BannedPasswords {
    terms: Vec<Vec<char>>,
    names: Vec<Vec<char>>,
}

/// How a candidate fares. The candidate itself is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "verdict")]
pub enum BannedVerdict {
    /// Nothing that was given stands against it. Microsoft's own list may.
    Accepted {
        /// Its score.
        score: usize,
    },
    /// It contains a name of the person or the tenant.
    ContainsName,
    /// As a whole it is a banned term, or one edit away from one.
    IsBannedTerm,
    /// Its score is below 5.
    TooWeak {
        /// Its score: one point for each banned term and each other character.
        score: usize,
    },
}

/// A term that a custom list cannot hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "camelCase")]
pub enum TermFault {
    /// Fewer than four characters.
    #[error("a banned term has at least 4 characters")]
    TooShort,
    /// More than sixteen characters.
    #[error("a banned term has at most 16 characters")]
    TooLong,
}

impl BannedPasswords {
    /// From the terms of a custom list and the names that must not occur: the person's first and
    /// last name and the tenant's name.
    pub fn new<'a>(
        terms: impl IntoIterator<Item = &'a str>,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let normal = |text: &str| normalise(text).collect::<Vec<_>>();
        Self {
            terms: terms
                .into_iter()
                .map(normal)
                .filter(|term| !term.is_empty())
                .collect(),
            names: names
                .into_iter()
                .map(normal)
                .filter(|name| name.len() >= SHORTEST_NAME)
                .collect(),
        }
    }

    /// Whether the portal would take a term into the custom list.
    pub fn check_term(term: &str) -> Result<(), TermFault> {
        match term.chars().count() {
            0..4 => Err(TermFault::TooShort),
            4..=16 => Ok(()),
            _ => Err(TermFault::TooLong),
        }
    }

    /// Judges a candidate, which is not kept.
    ///
    /// It is normalised (lower case; 0, 1, $ and @ read as o, l, s and a), refused outright when
    /// it contains a name or is within one edit of a banned term, and else scored. Microsoft does
    /// not say how overlapping terms are counted; the lowest score counts here.
    pub fn judge(&self, candidate: &str) -> BannedVerdict {
        // Room for all from the start: a buffer that grows leaves copies that nobody wipes.
        let mut text = zeroize::Zeroizing::new(Vec::with_capacity(candidate.len() * 3));
        text.extend(normalise(candidate));
        if self.names.iter().any(|name| contains(&text, name)) {
            return BannedVerdict::ContainsName;
        }
        if self.terms.iter().any(|term| within_one_edit(&text, term)) {
            return BannedVerdict::IsBannedTerm;
        }
        let score = self.score(&text);
        if score < ENOUGH {
            BannedVerdict::TooWeak { score }
        } else {
            BannedVerdict::Accepted { score }
        }
    }

    /// The lowest score over all ways to cut the text into banned terms and single characters.
    fn score(&self, text: &[char]) -> usize {
        let mut best = vec![usize::MAX; text.len() + 1];
        if let Some(first) = best.first_mut() {
            *first = 0;
        }
        for start in 0..text.len() {
            let points = best
                .get(start)
                .map_or(usize::MAX, |points| points.saturating_add(1));
            let rest = text.get(start..).unwrap_or_default();
            let steps = self
                .terms
                .iter()
                .filter(|term| rest.starts_with(term))
                .map(Vec::len);
            for step in steps.chain([1]) {
                if let Some(slot) = best.get_mut(start + step) {
                    *slot = points.min(*slot);
                }
            }
        }
        best.last().copied().unwrap_or_default()
    }
}

/// Lower case, with the substitutions that Microsoft documents. The true table may be longer.
fn normalise(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase).map(|c| match c {
        '0' => 'o',
        '1' => 'l',
        '$' => 's',
        '@' => 'a',
        other => other,
    })
}

fn contains(text: &[char], part: &[char]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Whether one character added, removed or replaced makes the two equal.
fn within_one_edit(a: &[char], b: &[char]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    if short.len() == long.len() {
        rest(short, same + 1) == rest(long, same + 1)
    } else {
        rest(short, same) == rest(long, same + 1)
    }
}

fn rest(text: &[char], from: usize) -> &[char] {
    text.get(from..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_edit_from_a_banned_term_is_refused() {
        let banned = BannedPasswords::new(["abcdef"], []);
        for near in [
            "abcdef", "abcdeg", "abcdefg", "abcde", "ABCDEF", "@bcdef", "bcdef", "abxdef",
        ] {
            assert_eq!(banned.judge(near), BannedVerdict::IsBannedTerm, "{near}");
        }
        for far in ["abcdefgh", "badcfe", "abcd!x"] {
            assert_ne!(banned.judge(far), BannedVerdict::IsBannedTerm, "{far}");
        }
    }

    // Microsoft's page writes the normalised example with its digits kept ("contosoblank12") where
    // its own table reads 1 as l; the score is 4 either way.
    #[test]
    fn each_term_and_each_other_character_is_a_point() {
        let banned = BannedPasswords::new(["contoso", "blank"], []);
        assert_eq!(
            banned.judge("C0ntos0Blank12"),
            BannedVerdict::TooWeak { score: 4 }
        );
        assert_eq!(
            banned.judge("ContoS0Bl@nkf9!"),
            BannedVerdict::Accepted { score: 5 }
        );
    }

    #[test]
    fn overlapping_terms_give_the_lowest_score() {
        let banned = BannedPasswords::new(["abcd", "cdefgh"], []);
        assert_eq!(
            banned.judge("abcdefgh"),
            BannedVerdict::TooWeak { score: 3 }
        );
    }

    #[test]
    fn short_names_are_not_looked_for() {
        let banned = BannedPasswords::new([], ["Ann", "Poll"]);
        assert_eq!(banned.judge("p0LL23fb"), BannedVerdict::ContainsName);
        assert_eq!(
            banned.judge("annabcd9"),
            BannedVerdict::Accepted { score: 8 }
        );
    }

    #[test]
    fn the_custom_list_takes_terms_of_four_to_sixteen_characters() {
        assert_eq!(BannedPasswords::check_term("abc"), Err(TermFault::TooShort));
        assert_eq!(BannedPasswords::check_term("abcd"), Ok(()));
        assert_eq!(
            BannedPasswords::check_term(&"a".repeat(17)),
            Err(TermFault::TooLong)
        );
    }

    proptest! {
        #[test]
        fn without_terms_every_character_is_a_point(candidate in "[a-z0-9!]{0,20}") {
            let score = candidate.chars().count();
            let expected = if score < 5 { BannedVerdict::TooWeak { score } } else { BannedVerdict::Accepted { score } };
            prop_assert_eq!(BannedPasswords::default().judge(&candidate), expected);
        }

        #[test]
        fn a_longer_list_never_raises_a_score(candidate in "[a-d]{0,12}", terms in proptest::collection::vec("[a-d]{2,4}", 0..6)) {
            let score = |terms: &[String]| {
                BannedPasswords::new(terms.iter().map(String::as_str), []).score(&candidate.chars().collect::<Vec<_>>())
            };
            prop_assert!(score(&terms) <= score(terms.get(1..).unwrap_or_default()));
        }

        #[test]
        fn any_text_is_judged(candidate in ".{0,60}") {
            let _ = BannedPasswords::new(["contoso"], ["Fabrikam"]).judge(&candidate);
        }
    }
}
