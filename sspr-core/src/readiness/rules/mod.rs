//! The rules, one a file, and the list of all of them.

use super::Rule;

mod sspr401;

/// Every rule, by code.
pub const ALL: &[&Rule] = &[&sspr401::RULE];

/// The rule of a code, in any case.
pub fn find(code: &str) -> Option<&'static Rule> {
    ALL.iter()
        .copied()
        .find(|rule| rule.code.eq_ignore_ascii_case(code.trim()))
}

/// What every rule file uses.
mod prelude {
    pub(super) use crate::evidence::Unknown;
    pub(super) use crate::readiness::{
        Context, Judgement, Names, Outcome, Phase, Remedy, Rule, Severity, Subjects, quoted,
    };
}
