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

/// How many methods a reset takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub enum MethodsRequired {
    /// One.
    One,
    /// Two, which Microsoft recommends.
    Two,
}

impl MethodsRequired {
    /// As a number.
    pub const fn count(self) -> u32 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }
}

impl TryFrom<u32> for MethodsRequired {
    type Error = String;

    fn try_from(count: u32) -> Result<Self, String> {
        match count {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            _ => Err("a reset takes 1 or 2 methods".to_owned()),
        }
    }
}

impl From<MethodsRequired> for u32 {
    fn from(required: MethodsRequired) -> Self {
        required.count()
    }
}

/// The numbers of security questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QuestionSettings {
    /// How many questions the tenant offers, if known.
    #[serde(default)]
    pub defined: Option<u32>,
    /// How many a user must answer to register, 3 to 5.
    #[serde(default)]
    pub required_to_register: Option<u32>,
    /// How many a user must answer to reset, 3 to 5.
    #[serde(default)]
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

impl PasswordRuleSettings {
    /// What holds in a tenant where nobody has saved these settings: no custom list, nothing on
    /// the domain, lockout for 60 seconds after 10 failed sign-ins.
    pub const DEFAULTS: Self = Self {
        custom_list: Some(false),
        custom_terms: Some(0),
        on_premises: Some(false),
        on_premises_enforced: Some(false),
        lockout_threshold: Some(10),
        lockout_seconds: Some(60),
    };
}
