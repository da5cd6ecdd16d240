//! Authentication methods: the legacy switches of the Password reset blade and the converged policy.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A method of the legacy Password reset blade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LegacyMethod {
    /// Approve a notification in the Authenticator app.
    MobileAppNotification,
    /// A code from an app or a token.
    MobileAppCode,
    /// A code sent to another mailbox.
    Email,
    /// A code by SMS, or a voice call.
    MobilePhone,
    /// A voice call to the office.
    OfficePhone,
    /// Answers to questions.
    SecurityQuestions,
}

/// How far a tenant has moved from the legacy policies to the authentication methods policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MigrationState {
    /// SSPR uses the legacy policy alone.
    PreMigration,
    /// SSPR uses both.
    MigrationInProgress,
    /// SSPR uses the authentication methods policy; only security questions stay behind.
    MigrationComplete,
}

/// The methods of the authentication methods policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are Graph's own")]
pub enum MethodKind {
    Email,
    Fido2,
    HardwareOath,
    MicrosoftAuthenticator,
    Sms,
    SoftwareOath,
    TemporaryAccessPass,
    Voice,
    X509Certificate,
    /// A method that this version does not know, by Graph's name.
    Other(String),
}

/// Whether a method is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MethodState {
    /// On for its targets.
    Enabled,
    /// Off for everybody.
    Disabled,
}

/// Whom a method or policy reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Target {
    /// Everybody.
    AllUsers,
    /// The members of a group.
    Group(GroupTarget),
}

/// A group that a method is targeted at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupTarget {
    /// The group's id.
    pub id: Uuid,
}

/// One method of the authentication methods policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConvergedMethod {
    /// Which method.
    pub kind: MethodKind,
    /// Whether it is on.
    pub state: MethodState,
    /// Whom it reaches.
    pub include: Vec<Target>,
    /// Whom it leaves out.
    pub exclude: Vec<Target>,
    /// For voice: whether the office phone counts (`isOfficePhoneAllowed`).
    pub office_phone: Option<bool>,
}
