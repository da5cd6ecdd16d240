//! What is known of one operation.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{Link, Stage, StageName};
use crate::events::causes::RootCause;
use crate::events::{HResult, OperationKind, SmolStr};

/// One operation, followed from its first event to its last.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// What was asked for.
    pub kind: Kind,
    /// How it ended.
    pub outcome: Outcome,
    /// Whose password it is.
    pub person: Person,
    /// The administrator who asked for it, by user principal name.
    pub admin: Option<String>,
    /// The administrator is the person: probably a change in My Sign-Ins without the old password.
    pub probably_own: bool,
    /// The id that the events share.
    pub tracking_id: Option<Uuid>,
    /// The server that carried it out, as its events name it.
    pub host: Option<SmolStr>,
    /// The time of the first event.
    pub start: Option<DateTime<Utc>>,
    /// The time of the first event that ends it.
    pub end: Option<DateTime<Utc>>,
    /// The account was unlocked with it.
    pub unlock: Option<bool>,
    /// The password must be changed at the next logon.
    pub force_change: Option<bool>,
    /// The engine's result code.
    pub code: Option<HResult>,
    /// Why it failed or was refused.
    pub cause: Option<&'static RootCause>,
    /// Its events, by time: those of the writeback service, the engine's, the connector account's
    /// on the person, and the record that closes it in the cloud. No event is among those of two
    /// operations.
    pub chain: Vec<Link>,
    /// What goes with it, by time: steps of the flow, hash synchronisation, sign-ins, a lockout
    /// before it; and events that another operation has, and that may be this one's.
    pub context: Vec<Link>,
    /// The stages that it reached, by their order, and the time between them.
    pub stages: Vec<Stage>,
    /// What else is to be known of it.
    pub notes: Vec<Note>,
}

/// Something to be known of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Note {
    /// The domain has the new password, and the cloud could not take it
    /// (`OnPremisesSuccessCloudFailure`): the person waits some minutes.
    CloudFailedAfterwards,
    /// The cloud says that it failed, and the domain took it.
    CloudDisagrees,
    /// The domain says that it took the password, and the service says that it failed.
    ServiceDisagrees,
    /// No event of the service ends it: how it ended is known from the domain or the cloud.
    EndMissing,
    /// No event of the service begins it.
    StartMissing,
    /// The protection agent of the domain controller refused the password.
    ProtectionAgent,
    /// The person's account was locked out before.
    LockedOutBefore,
    /// Events of several servers carry its tracking id.
    SeveralServers,
}

impl Operation {
    /// The time from start to end. Windows' clock can step, so it may be negative.
    pub fn duration(&self) -> Option<TimeDelta> {
        Some(self.end? - self.start?)
    }

    /// The stage of a name, if it was reached.
    pub fn stage(&self, name: StageName) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.name == name)
    }

    /// Milliseconds from the person's last step in the cloud to the domain, where the clocks are
    /// matched.
    pub fn cloud_to_domain(&self) -> Option<i64> {
        let requested = self.stage(StageName::Requested)?;
        let written = self.stage(StageName::Written)?;
        let matched = self
            .stages
            .iter()
            .filter(|stage| stage.name > StageName::Requested && stage.name <= StageName::Written)
            .all(|stage| stage.matched);
        matched.then(|| (written.at - requested.at).num_milliseconds())
    }

    /// The time of the end, else of the start, else of its first event.
    pub fn time(&self) -> Option<DateTime<Utc>> {
        self.end
            .or(self.start)
            .or_else(|| self.chain.iter().find_map(|link| link.time))
    }

    /// The event that ended it: of a success the success, else the first that tells most.
    pub fn decisive(&self) -> Option<&Link> {
        let of = |ids: fn(u32) -> bool| self.chain.iter().find(|link| link.event.is_some_and(ids));
        match self.outcome {
            Outcome::Written => of(|id| matches!(id, 31002 | 31005 | 31007 | 31010 | 31013)),
            _ => of(|id| (33001..=33999).contains(&id)).or_else(|| {
                of(|id| {
                    (32000..=32999).contains(&id) || matches!(id, 31003 | 31008 | 31011 | 31014)
                })
            }),
        }
        .or(self.chain.last())
    }
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// A user who forgot the password.
    Reset,
    /// A user who knows the old password.
    Change,
    /// An administrator for a user, or a change in My Sign-Ins without the old password.
    AdminReset,
    /// An unlock without a new password.
    Unlock,
    /// Writeback being switched on.
    Onboarding,
    /// Writeback being switched off.
    Offboarding,
    /// The events at hand do not say.
    Unknown,
}

impl Kind {
    /// The kind of password operation, if it is one and known.
    pub const fn password(self) -> Option<OperationKind> {
        match self {
            Self::Reset => Some(OperationKind::Reset),
            Self::Change => Some(OperationKind::Change),
            Self::AdminReset => Some(OperationKind::AdminReset),
            Self::Unlock => Some(OperationKind::Unlock),
            Self::Onboarding | Self::Offboarding | Self::Unknown => None,
        }
    }

    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Change => "change",
            Self::AdminReset => "adminReset",
            Self::Unlock => "unlock",
            Self::Onboarding => "onboarding",
            Self::Offboarding => "offboarding",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it is about the service and not about a person's password.
    pub const fn is_service(self) -> bool {
        matches!(self, Self::Onboarding | Self::Offboarding)
    }
}

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// The domain took it.
    Written,
    /// The domain refused it, for the password's or the account's sake.
    Refused,
    /// It failed, and an administrator has to mend something.
    Failed,
    /// It began, and no event ends it.
    Unfinished,
    /// It was done in the cloud alone.
    CloudOnly,
    /// It ended, and the events at hand do not say how.
    Unknown,
}

impl Outcome {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unfinished => "unfinished",
            Self::CloudOnly => "cloudOnly",
            Self::Unknown => "unknown",
        }
    }
}

/// Whose password it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// The user principal name.
    pub user: Option<String>,
    /// The cloud object, `User_` and its id.
    pub cloud_anchor: Option<String>,
    /// The immutable id, in base 64.
    pub source_anchor: Option<String>,
    /// The account name in the domain, as a domain controller tells it.
    pub account: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_in_json() {
        use Kind::{AdminReset, Change, Offboarding, Onboarding, Reset, Unlock};
        use Outcome::{CloudOnly, Failed, Refused, Unfinished, Written};
        for kind in [
            Reset,
            Change,
            AdminReset,
            Unlock,
            Onboarding,
            Offboarding,
            Kind::Unknown,
        ] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        for outcome in [
            Written,
            Refused,
            Failed,
            Unfinished,
            CloudOnly,
            Outcome::Unknown,
        ] {
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.name());
        }
    }
}
