//! The settings of the Password reset blade.

use serde::{Deserialize, Serialize};

/// For whom self-service password reset is enabled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "scope")]
pub enum ResetScope {
    /// For nobody.
    None,
    /// For the members of one group, nested groups included.
    Selected {
        /// The group's id, if known.
        #[serde(default, rename = "groupId")]
        group_id: Option<uuid::Uuid>,
        /// The group's name, if known.
        #[serde(default, rename = "groupName")]
        group_name: Option<String>,
    },
    /// For everybody.
    All,
}

/// The numbers of security questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QuestionSettings {
    /// How many questions the tenant offers, if known.
    pub defined: Option<u32>,
    /// How many a user must answer to register, 3 to 5.
    pub required_to_register: Option<u32>,
    /// How many a user must answer to reset, 3 to 5.
    pub required_to_reset: Option<u32>,
}

/// "Password Rule Settings": banned passwords and smart lockout of the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PasswordRuleSettings {
    /// Whether the custom list of banned passwords is on.
    pub custom_list: Option<bool>,
    /// How many terms the custom list has. The terms themselves are not kept.
    pub custom_terms: Option<u32>,
    /// Whether Entra Password Protection is on for the on-premises domain.
    pub on_premises: Option<bool>,
    /// Whether it enforces there (`true`) or only audits (`false`).
    pub on_premises_enforced: Option<bool>,
    /// Failed sign-ins before smart lockout.
    pub lockout_threshold: Option<u32>,
    /// First lockout, in seconds.
    pub lockout_seconds: Option<u32>,
}
