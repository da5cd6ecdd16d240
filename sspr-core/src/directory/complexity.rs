//! "Password must meet complexity requirements", exactly.

use serde::Serialize;

/// The names of an account that its password must not contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccountNames<'a> {
    /// `sAMAccountName`.
    pub account: &'a str,
    /// `displayName`.
    pub display: Option<&'a str>,
}

/// What stands against a candidate. The candidate itself is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "rule")]
pub enum ComplexityFault {
    /// It contains the account name.
    ContainsAccountName,
    /// It contains a part of the display name.
    ContainsNamePart,
    /// Too few of the five classes of characters occur; three are needed.
    TooFewClasses {
        /// How many occur.
        found: u8,
    },
}

/// The outcome of the complexity rule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Complexity {
    /// What stands against the candidate, none when it is complex enough.
    pub faults: Vec<ComplexityFault>,
    /// Whether the answer hangs on the space counting as a special character, which no
    /// documentation says.
    pub hangs_on_space: bool,
}

/// Names and parts shorter than this are not looked for.
const SHORTEST_NAME: usize = 3;
/// How many of the five classes must occur.
const CLASSES: u8 = 3;
const SPECIAL: &str = "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/";
/// What parts of a display name are separated by.
const SEPARATORS: &[char] = &[' ', ',', '.', '\t', '-', '_', '#'];

impl Complexity {
    /// Looks at a candidate, which is not kept.
    ///
    /// Three of five classes must occur: upper-case letters, lower-case letters, the digits 0 to
    /// 9, the special characters of Microsoft's list, and letters without case. The account name
    /// must not occur as a whole, nor any part of the display name, when they have at least three
    /// characters; case does not matter. Source: "Password must meet complexity requirements".
    pub fn of(candidate: &str, names: AccountNames<'_>) -> Self {
        let mut faults = Vec::new();
        let lower = zeroize::Zeroizing::new(candidate.to_lowercase());
        let contains = |name: &str| {
            name.chars().count() >= SHORTEST_NAME && lower.contains(&name.to_lowercase())
        };
        if contains(names.account) {
            faults.push(ComplexityFault::ContainsAccountName);
        }
        if names
            .display
            .is_some_and(|display| display.split(SEPARATORS).any(contains))
        {
            faults.push(ComplexityFault::ContainsNamePart);
        }
        let found = classes(candidate);
        let hangs_on_space =
            faults.is_empty() && found + 1 == CLASSES && only_special_is_space(candidate);
        if found < CLASSES {
            faults.push(ComplexityFault::TooFewClasses { found });
        }
        Self {
            faults,
            hangs_on_space,
        }
    }
}

fn classes(candidate: &str) -> u8 {
    let any = |test: fn(char) -> bool| u8::from(candidate.chars().any(test));
    any(char::is_uppercase)
        + any(char::is_lowercase)
        + any(|c| c.is_ascii_digit())
        + any(|c| SPECIAL.contains(c))
        + any(|c| c.is_alphabetic() && !c.is_uppercase() && !c.is_lowercase())
}

fn only_special_is_space(candidate: &str) -> bool {
    candidate.contains(' ') && !candidate.chars().any(|c| SPECIAL.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: AccountNames<'_> = AccountNames {
        account: "ehagens",
        display: Some("Erin M. Hagens"),
    };

    fn faults(candidate: &str) -> Vec<ComplexityFault> {
        Complexity::of(candidate, NAMES).faults
    }

    #[test]
    fn three_of_five_classes_are_enough() {
        for enough in [
            "Sunny2day",
            "sunny-2day",
            "SUNNY-2DAY",
            "Ünny2day",
            "Σunny漢",
            "漢字ab9",
        ] {
            assert_eq!(faults(enough), [], "{enough}");
        }
        for (few, found) in [
            ("sunny2day", 2),
            ("sunnyday", 1),
            ("SUNNYday", 2),
            ("sunny€2day", 2),
            ("", 0),
        ] {
            assert_eq!(
                faults(few),
                [ComplexityFault::TooFewClasses { found }],
                "{few}"
            );
        }
    }

    #[test]
    fn the_account_name_and_parts_of_the_display_name_are_refused_in_any_case() {
        assert_eq!(
            faults("x-EHAGENS-1a"),
            [
                ComplexityFault::ContainsAccountName,
                ComplexityFault::ContainsNamePart
            ]
        );
        assert_eq!(faults("1-My-eRiN"), [ComplexityFault::ContainsNamePart]);
        // One letter is no part, and parts of parts are not looked for.
        assert_eq!(faults("M-agen-1"), []);
    }

    #[test]
    fn a_name_of_two_characters_may_occur() {
        let names = AccountNames {
            account: "jd",
            display: Some("J D"),
        };
        assert_eq!(Complexity::of("jd-Monday-1", names).faults, []);
    }

    #[test]
    fn an_answer_that_hangs_on_a_space_says_so() {
        let answer = Complexity::of("two words 2", AccountNames::default());
        assert!(answer.hangs_on_space);
        assert!(!Complexity::of("Two words 2", AccountNames::default()).hangs_on_space);
        assert!(!Complexity::of("two-words 2", AccountNames::default()).hangs_on_space);
    }
}
