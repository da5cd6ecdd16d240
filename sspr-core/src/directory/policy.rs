//! The password policy of a domain.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::gpo::GpoId;
use crate::time::Interval;

/// Most characters that a domain may ask for.
const LONGEST_MINIMUM: u32 = 256;

/// The settings of a password policy, as far as they are known, with or without sense.
///
/// Absent fields are unknown, never zero. [`PasswordPolicy`] takes only settings that a domain can
/// have in force; [`PasswordPolicyDraft::faults`] lists all that stands against it. Spans are whole
/// seconds or `"never"` when written as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PasswordPolicyDraft {
    /// How long a password must be kept.
    pub minimum_age: Option<Interval>,
    /// How long a password may be kept.
    pub maximum_age: Option<Interval>,
    /// Least length in characters.
    pub minimum_length: Option<u32>,
    /// How many old passwords are remembered.
    pub history: Option<u32>,
    /// Whether complexity is required.
    pub complexity: Option<bool>,
    /// Whether passwords are stored reversibly.
    pub reversible: Option<bool>,
    /// Failed sign-ins before a lockout; 0 is never.
    pub lockout_threshold: Option<u32>,
    /// How long a lockout lasts; `Never` means until an administrator unlocks.
    pub lockout_duration: Option<Interval>,
    /// How long failed sign-ins are counted.
    pub lockout_window: Option<Interval>,
}

/// A password policy that a domain can have in force, as far as it is known.
///
/// ```
/// use sspr::directory::{PasswordPolicy, PasswordPolicyDraft};
/// use sspr::time::Interval;
///
/// let draft = PasswordPolicyDraft {
///     minimum_age: Some(Interval::from_days(1)),
///     maximum_age: Some(Interval::from_days(42)),
///     ..PasswordPolicyDraft::default()
/// };
/// assert!(PasswordPolicy::try_from(draft).is_ok());
///
/// let wrong = PasswordPolicyDraft { minimum_age: Some(Interval::from_days(60)), ..draft };
/// let faults = PasswordPolicy::try_from(wrong).unwrap_err();
/// assert_eq!(faults.0[0].field, "minimumAge");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PasswordPolicyDraft", into = "PasswordPolicyDraft")]
pub struct PasswordPolicy(PasswordPolicyDraft);

/// One thing that is wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyFault {
    /// The field, such as `minimumAge`.
    pub field: &'static str,
    /// What is wrong with it.
    pub message: &'static str,
}

/// Everything that is wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct PolicyFaults(pub Vec<PolicyFault>);

impl fmt::Display for PolicyFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "; " };
            write!(f, "{comma}{}: {}", fault.field, fault.message)?;
        }
        Ok(())
    }
}

impl PasswordPolicyDraft {
    /// Everything that a domain would refuse, by the constraints that Active Directory puts on
    /// these attributes (MS-SAMR 3.1.1.6).
    pub fn faults(&self) -> Vec<PolicyFault> {
        let mut faults = Vec::new();
        let mut fault = |field, message| faults.push(PolicyFault { field, message });
        if let (Some(minimum), Some(maximum @ Interval::Ticks(_))) =
            (self.minimum_age, self.maximum_age)
            && !maximum.is_zero()
            && minimum >= maximum
        {
            fault("minimumAge", "must be shorter than the maximum age");
        }
        if self.maximum_age.is_some_and(Interval::is_zero) {
            fault("maximumAge", "no time at all; without end it is `never`");
        }
        if self.minimum_length.is_some_and(|n| n > LONGEST_MINIMUM) {
            fault("minimumLength", "more than 256 characters");
        }
        if self.lockout_duration.is_some_and(Interval::is_zero) {
            fault(
                "lockoutDuration",
                "no time at all; until an administrator unlocks it is `never`",
            );
        }
        if let (Some(window), Some(duration)) = (self.lockout_window, self.lockout_duration)
            && !duration.is_zero()
            && window > duration
        {
            fault("lockoutWindow", "longer than the lockout itself");
        }
        faults
    }
}

impl PasswordPolicy {
    /// Its settings.
    pub const fn settings(&self) -> &PasswordPolicyDraft {
        &self.0
    }
}

impl TryFrom<PasswordPolicyDraft> for PasswordPolicy {
    type Error = PolicyFaults;

    fn try_from(draft: PasswordPolicyDraft) -> Result<Self, PolicyFaults> {
        let faults = draft.faults();
        if faults.is_empty() {
            Ok(Self(draft))
        } else {
            Err(PolicyFaults(faults))
        }
    }
}

impl From<PasswordPolicy> for PasswordPolicyDraft {
    fn from(policy: PasswordPolicy) -> Self {
        policy.0
    }
}

/// The password policy of a security template, with the GPO it belongs to, if that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TemplatePolicy {
    /// The GPO's id.
    pub gpo: Option<GpoId>,
    /// The GPO's name.
    pub name: Option<String>,
    /// The DNS name of the GPO's domain.
    pub domain: Option<String>,
    /// What it sets. A key that the template does not have is not defined by it.
    pub policy: PasswordPolicyDraft,
    /// Whether all of the template could be read, so that there is nothing else in it.
    pub whole: bool,
}

impl TemplatePolicy {
    /// Whether it is known which GPO it belongs to.
    pub fn is_attributed(&self) -> bool {
        self.gpo.is_some() || self.name.is_some()
    }
}
