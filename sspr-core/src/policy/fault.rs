//! Faults of a policy draft: which setting breaks which rule, and what is allowed.

use std::fmt;

use serde::Serialize;

/// One setting that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyFault {
    /// The setting, named as in the draft's JSON, such as `reconfirmDays`.
    pub field: &'static str,
    /// The rule it breaks.
    pub rule: PolicyRule,
    /// What the draft says.
    pub found: String,
    /// What is allowed.
    pub allowed: String,
}

/// The rules that a policy keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum PolicyRule {
    /// The setting must be given.
    Missing,
    /// The number lies outside its range.
    Range,
    /// A scope of selected users needs a group.
    GroupNeeded,
    /// No more questions can be asked at a reset than were registered.
    ResetWithinRegistered,
    /// No more questions can be registered than are defined.
    RegisteredWithinDefined,
    /// The numbers of questions must be given where security questions are on.
    QuestionsNeeded,
    /// A customised helpdesk link needs a mail address or a web address.
    HelpdeskAddress,
    /// Fewer methods are usable than a reset takes.
    EnoughMethods,
}

impl fmt::Display for PolicyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: found {}, allowed is {}",
            self.field, self.found, self.allowed
        )
    }
}

/// All faults of a draft, in the order of its settings. Never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PolicyFaults(Vec<PolicyFault>);

impl PolicyFaults {
    pub(super) fn new(faults: Vec<PolicyFault>) -> Self {
        Self(faults)
    }

    /// The faults.
    pub fn iter(&self) -> std::slice::Iter<'_, PolicyFault> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a PolicyFaults {
    type Item = &'a PolicyFault;
    type IntoIter = std::slice::Iter<'a, PolicyFault>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for PolicyFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for PolicyFaults {}
