//! Authentication methods: the legacy switches of the Password reset blade and the converged policy.

use std::fmt;

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

impl LegacyMethod {
    /// All of them, in the order of the blade.
    pub const ALL: [Self; 6] = [
        Self::MobileAppNotification,
        Self::MobileAppCode,
        Self::Email,
        Self::MobilePhone,
        Self::OfficePhone,
        Self::SecurityQuestions,
    ];

    /// The blade's own words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::MobileAppNotification => "Mobile app notification",
            Self::MobileAppCode => "Mobile app code",
            Self::Email => "Email",
            Self::MobilePhone => "Mobile phone",
            Self::OfficePhone => "Office phone",
            Self::SecurityQuestions => "Security questions",
        }
    }
}

impl fmt::Display for LegacyMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
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

impl MigrationState {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [
        Self::PreMigration,
        Self::MigrationInProgress,
        Self::MigrationComplete,
    ];

    /// Whether the legacy methods count, security questions apart, which always do.
    pub const fn respects_legacy(self) -> bool {
        !matches!(self, Self::MigrationComplete)
    }

    /// Whether the methods of the authentication methods policy count for a reset.
    pub const fn uses_converged(self) -> bool {
        !matches!(self, Self::PreMigration)
    }
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

impl MethodKind {
    /// The kind of a configuration's `id`, in any case; what is not known keeps its name.
    pub fn from_id(id: &str) -> Self {
        const KNOWN: [(&str, MethodKind); 9] = [
            ("Email", MethodKind::Email),
            ("Fido2", MethodKind::Fido2),
            ("HardwareOath", MethodKind::HardwareOath),
            ("MicrosoftAuthenticator", MethodKind::MicrosoftAuthenticator),
            ("Sms", MethodKind::Sms),
            ("SoftwareOath", MethodKind::SoftwareOath),
            ("TemporaryAccessPass", MethodKind::TemporaryAccessPass),
            ("Voice", MethodKind::Voice),
            ("X509Certificate", MethodKind::X509Certificate),
        ];
        let id = id.trim();
        KNOWN
            .into_iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(id))
            .map_or_else(|| Self::Other(id.to_owned()), |(_, kind)| kind)
    }

    /// The policy's own words.
    pub fn title(&self) -> &str {
        match self {
            Self::Email => "Email OTP",
            Self::Fido2 => "Passkey (FIDO2)",
            Self::HardwareOath => "Hardware OATH tokens",
            Self::MicrosoftAuthenticator => "Microsoft Authenticator",
            Self::Sms => "SMS",
            Self::SoftwareOath => "Third-party software OATH tokens",
            Self::TemporaryAccessPass => "Temporary Access Pass",
            Self::Voice => "Voice call",
            Self::X509Certificate => "Certificate-based authentication",
            Self::Other(name) => name,
        }
    }

    /// Whether a reset can use it. Passkeys, Windows Hello, certificates and the Temporary Access
    /// Pass sign in and do not reset.
    pub const fn resets_passwords(&self) -> bool {
        matches!(
            self,
            Self::Email
                | Self::HardwareOath
                | Self::MicrosoftAuthenticator
                | Self::Sms
                | Self::SoftwareOath
                | Self::Voice
        )
    }
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
    /// Whom it reaches; absent when the evidence does not tell.
    #[serde(default)]
    pub include: Option<Vec<Target>>,
    /// Whom it leaves out; absent when the evidence does not tell.
    #[serde(default)]
    pub exclude: Option<Vec<Target>>,
    /// For voice: whether the office phone counts (`isOfficePhoneAllowed`).
    #[serde(default)]
    pub office_phone: Option<bool>,
}

impl ConvergedMethod {
    /// A method that is on for everybody.
    pub fn for_all(kind: MethodKind) -> Self {
        Self {
            kind,
            state: MethodState::Enabled,
            include: Some(vec![Target::AllUsers]),
            exclude: Some(Vec::new()),
            office_phone: None,
        }
    }

    /// Whether it is on, and not known to reach nobody.
    pub fn is_on(&self) -> bool {
        self.state == MethodState::Enabled
            && self
                .include
                .as_ref()
                .is_none_or(|targets| !targets.is_empty())
    }

    /// Whether it reaches everybody without exception, when the targets are known.
    pub fn reaches_everybody(&self) -> Option<bool> {
        let (include, exclude) = (self.include.as_ref()?, self.exclude.as_ref()?);
        Some(self.is_on() && include.contains(&Target::AllUsers) && exclude.is_empty())
    }
}
