//! What the cloud asks of a password and of a user principal name, before any list of banned
//! passwords is looked at.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// The rules that Microsoft Entra ID applies to the password of a cloud account.
///
/// A candidate is looked at and never kept: faults name the rule, not the text.
///
/// ```
/// use sspr::policy::{CloudPasswordFault, CloudPasswordRules};
///
/// let rules = CloudPasswordRules::default();
/// assert_eq!(rules.check("short"), [
///     CloudPasswordFault::TooShort { minimum: 8 },
///     CloudPasswordFault::TooFewClasses { found: 1, needed: 3 },
/// ]);
/// ```
///
/// People synchronised from on-premises obey the domain's policy instead; the cloud's rules reach
/// them only where the tenant enforces its policy for synced users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CloudPasswordRules {
    /// Least number of characters.
    pub minimum_length: u32,
    /// Greatest number of characters.
    pub maximum_length: u32,
    /// How many of the four classes of characters must occur; 0 in tenants for education, where
    /// complexity is not asked for.
    pub classes: u32,
}

impl Default for CloudPasswordRules {
    fn default() -> Self {
        Self {
            minimum_length: 8,
            maximum_length: 256,
            classes: 3,
        }
    }
}

/// The classes of characters that count towards complexity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum CharacterClass {
    Lower,
    Upper,
    Digit,
    Symbol,
}

/// A rule that a candidate breaks. The candidate itself is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "rule")]
pub enum CloudPasswordFault {
    /// It has too few characters.
    TooShort {
        /// The least number allowed.
        minimum: u32,
    },
    /// It has too many characters.
    TooLong {
        /// The greatest number allowed.
        maximum: u32,
    },
    /// Too few classes of characters occur.
    TooFewClasses {
        /// How many occur.
        found: u32,
        /// How many must.
        needed: u32,
    },
    /// Some characters are not allowed, such as all beyond ASCII.
    CharacterNotAllowed {
        /// How many.
        count: u32,
    },
}

/// The symbols a cloud password may hold, the blank included.
const SYMBOLS: &str = "@#$%^&*-_!+=[]{}|\\:',.?/`~\"();<> ";

impl CharacterClass {
    /// The class of a character that a cloud password may hold.
    pub fn of(c: char) -> Option<Self> {
        match c {
            'a'..='z' => Some(Self::Lower),
            'A'..='Z' => Some(Self::Upper),
            '0'..='9' => Some(Self::Digit),
            c if SYMBOLS.contains(c) => Some(Self::Symbol),
            _ => None,
        }
    }
}

impl CloudPasswordRules {
    /// The rules of a tenant for education.
    pub const EDUCATION: Self = Self {
        minimum_length: 8,
        maximum_length: 256,
        classes: 0,
    };

    /// The rules that a candidate breaks, none when it is acceptable. Lists of banned passwords
    /// are another matter.
    pub fn check(&self, candidate: &str) -> Vec<CloudPasswordFault> {
        let length = count(candidate.chars().count());
        let classes: BTreeSet<_> = candidate.chars().filter_map(CharacterClass::of).collect();
        let foreign = candidate
            .chars()
            .filter(|c| CharacterClass::of(*c).is_none())
            .count();
        let mut faults = Vec::new();
        if length < self.minimum_length {
            faults.push(CloudPasswordFault::TooShort {
                minimum: self.minimum_length,
            });
        }
        if length > self.maximum_length {
            faults.push(CloudPasswordFault::TooLong {
                maximum: self.maximum_length,
            });
        }
        if count(classes.len()) < self.classes {
            faults.push(CloudPasswordFault::TooFewClasses {
                found: count(classes.len()),
                needed: self.classes,
            });
        }
        if foreign > 0 {
            faults.push(CloudPasswordFault::CharacterNotAllowed {
                count: count(foreign),
            });
        }
        faults
    }
}

/// A rule that a user principal name breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "rule")]
pub enum UpnFault {
    /// It does not have the form `name@domain`.
    Form,
    /// The whole name is longer than 113 characters.
    TooLong,
    /// The part before the `@` is longer than 64 characters.
    LocalTooLong,
    /// The part behind the `@` is longer than 48 characters.
    DomainTooLong,
    /// A dot stands directly before the `@`.
    DotBeforeAt,
    /// A character before the `@` is not allowed.
    CharacterNotAllowed {
        /// Which.
        character: char,
    },
}

/// The rules that a user principal name breaks, none when it is acceptable.
pub fn check_upn(upn: &str) -> Vec<UpnFault> {
    let Some((local, domain)) = upn.rsplit_once('@') else {
        return vec![UpnFault::Form];
    };
    let mut faults = Vec::new();
    if local.is_empty() || domain.is_empty() {
        faults.push(UpnFault::Form);
    }
    if upn.chars().count() > 113 {
        faults.push(UpnFault::TooLong);
    }
    if local.chars().count() > 64 {
        faults.push(UpnFault::LocalTooLong);
    }
    if domain.chars().count() > 48 {
        faults.push(UpnFault::DomainTooLong);
    }
    if local.ends_with('.') {
        faults.push(UpnFault::DotBeforeAt);
    }
    let strange = local
        .chars()
        .find(|c| !c.is_ascii_alphanumeric() && !"'.-_!#^~".contains(*c));
    if let Some(character) = strange {
        faults.push(UpnFault::CharacterNotAllowed { character });
    }
    faults
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
