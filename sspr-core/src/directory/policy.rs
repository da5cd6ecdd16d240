//! The password policy of a domain.

use serde::{Deserialize, Serialize};

use crate::time::Interval;

/// A password policy, as far as it is known. Absent fields are unknown, never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PasswordPolicy {
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
    /// How long a lockout lasts.
    pub lockout_duration: Option<Interval>,
    /// How long failed sign-ins are counted.
    pub lockout_window: Option<Interval>,
}

/// The password policy of a security template, with the GPO it belongs to, if that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TemplatePolicy {
    /// The GPO's id, in upper case with braces.
    pub gpo: Option<String>,
    /// The GPO's name.
    pub name: Option<String>,
    /// What it sets.
    pub policy: PasswordPolicy,
}

/// A domain controller.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DomainController {
    /// Its DNS host name.
    pub host: String,
    /// Its domain.
    pub domain: Option<String>,
    /// Such as `Windows Server 2019 Standard`.
    pub os: Option<String>,
    /// Such as `10.0 (17763)`.
    pub os_version: Option<String>,
    /// Whether it is read-only.
    pub read_only: Option<bool>,
    /// LDAP controls it supports (`supportedControl` of its rootDSE), if collected.
    pub controls: Option<Vec<String>>,
}
