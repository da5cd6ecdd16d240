//! What a rule is.

use serde::{Deserialize, Serialize};

use super::{Context, Judgement, Names, Remedy};

/// One rule, with everything that is said of it wherever it appears.
#[derive(Debug)]
pub struct Rule {
    /// Such as `SSPR401`; stable for ever.
    pub code: &'static str,
    /// What it judges, as a short noun phrase that fits every verdict.
    pub title: &'static str,
    /// The phase it belongs to.
    pub phase: Phase,
    /// How much a failure weighs.
    pub severity: Severity,
    /// A gate: while it is unknown, so is its phase.
    pub gate: bool,
    /// It predicts trouble: a password written later than its evidence turns a failure into a warning.
    pub predicts: bool,
    /// The names of the facts it judges, the most telling first.
    pub needs: &'static [&'static str],
    /// Why it matters, in two or three sentences for an administrator.
    pub rationale: &'static str,
    /// Addresses of the documentation it rests on, the best first.
    pub sources: &'static [&'static str],
    /// The condition.
    pub judge: fn(&Context<'_>) -> Judgement,
    /// How to mend a failure, with this tenant's own names.
    pub remedy: fn(&Names) -> Remedy,
}

/// The part of the set-up that a rule belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Phase {
    /// Phase 1.
    CloudScope,
    /// Phase 2.
    WritebackServer,
    /// Phase 3.
    OnPremisesIntegration,
    /// Phase 4.
    DomainPolicy,
    /// Phase 5.
    UserVerification,
    /// Phase 6.
    EventLog,
    /// Who may benefit.
    Licensing,
    /// What the connector account may do.
    Permissions,
    /// The evidence itself. No phase of the set-up, and no cell on the screen.
    Evidence,
}

impl Phase {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 9] = [
        Self::CloudScope,
        Self::WritebackServer,
        Self::OnPremisesIntegration,
        Self::DomainPolicy,
        Self::UserVerification,
        Self::EventLog,
        Self::Licensing,
        Self::Permissions,
        Self::Evidence,
    ];

    /// What it is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::CloudScope => "Cloud scope and methods",
            Self::WritebackServer => "Writeback on the server",
            Self::OnPremisesIntegration => "Cloud-side on-premises integration",
            Self::DomainPolicy => "Domain password policy",
            Self::UserVerification => "End-user verification",
            Self::EventLog => "Event-log verification",
            Self::Licensing => "Licensing",
            Self::Permissions => "Directory permissions",
            Self::Evidence => "The evidence",
        }
    }

    /// The number of a phase of the set-up, 1 to 6.
    pub const fn number(self) -> Option<u8> {
        match self {
            Self::CloudScope => Some(1),
            Self::WritebackServer => Some(2),
            Self::OnPremisesIntegration => Some(3),
            Self::DomainPolicy => Some(4),
            Self::UserVerification => Some(5),
            Self::EventLog => Some(6),
            Self::Licensing | Self::Permissions | Self::Evidence => None,
        }
    }
}

/// How much a failure weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Severity {
    /// Good to know.
    Information,
    /// Worse, or less safe, than it should be.
    Warning,
    /// It will not work, for someone.
    Error,
}
