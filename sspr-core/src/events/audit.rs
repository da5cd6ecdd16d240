//! Entra audit records about passwords, in every shape that they leave the tenant in.
//!
//! | shape | how it is known |
//! |---|---|
//! | Graph's `directoryAudits`, the portal's JSON download | `activityDisplayName`, `activityDateTime` |
//! | the same from PowerShell | the same in PascalCase |
//! | a row of `AuditLogs` of Log Analytics or Sentinel | `OperationName` and `TimeGenerated` beside columns of the table |
//! | a record of an event hub or a storage account | `category` is `AuditLogs`, and the record stands in `properties` |
//! | the portal's CSV download | by [`read_log`](super::read_log) |
//!
//! Sources: <https://learn.microsoft.com/graph/api/resources/directoryaudit>,
//! <https://learn.microsoft.com/azure/azure-monitor/reference/tables/auditlogs>,
//! <https://learn.microsoft.com/entra/identity/monitoring-health/reference-azure-monitor-audit-log-schema>.

mod activity;
#[cfg(feature = "arrow")]
mod arrow;
mod object;
mod row;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[cfg(feature = "arrow")]
pub use self::arrow::AuditColumns;
pub(super) use self::row::PortalColumns;
use crate::evidence::Locator;

/// The service that writes the records of password reset.
pub const SERVICE: &str = "Self-service Password Management";

/// The name that stands for audit records where a [`Filter`](super::Filter) names providers. Its
/// last word alone does too.
pub const PROVIDER: &str = "Entra audit";

/// One record of the tenant's audit log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditRecord {
    /// Its id.
    pub id: Option<String>,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// The carrier gives a local time and nobody stated its zone: `time` is that local time, taken
    /// for UTC.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub local_time: bool,
    /// What happened.
    pub activity: Activity,
    /// The activity in its own words.
    pub name: String,
    /// How it ended.
    pub result: AuditResult,
    /// Why, in the service's words.
    pub reason: Option<String>,
    /// What all records of one flow share.
    pub correlation: Option<Uuid>,
    /// Which agent wrote the password back, where the record says it.
    pub agent: Option<Agent>,
    /// How the person proved to be the owner, where the record of a self-service reset or unlock
    /// says it, in the service's words.
    pub method: Option<String>,
    /// The user principal name of who did it, or the name of the application.
    pub actor: Option<String>,
    /// The object id of who did it; of an application its service principal.
    pub actor_id: Option<Uuid>,
    /// Whether an application did it.
    pub by_application: bool,
    /// The user principal name of whose account it is, else its id.
    pub target: Option<String>,
    /// The object id of whose account it is.
    pub target_id: Option<Uuid>,
    /// Where it stands. It is no part of the JSON form.
    #[serde(skip)]
    pub place: Locator,
}

/// What an audit record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Activity {
    /// Writeback was switched on for the directory.
    WritebackEnabled,
    /// Writeback was switched off for the directory.
    WritebackDisabled,
    /// The policy of the Password reset blade changed.
    PolicyChanged,
    /// A self-service reset, with its final result.
    Reset,
    /// A self-service change.
    Change,
    /// A self-service unlock.
    Unlock,
    /// An administrator's reset in the Entra admin center or through Graph.
    AdminReset,
    /// A reset that the directory itself records, whoever asked for it.
    DirectoryReset,
    /// One step of a self-service flow.
    Progress,
    /// A person was held back for 24 hours.
    Blocked,
    /// A person registered, or saved security information.
    Registered,
    /// Any other activity of the service.
    Other,
}

/// How an activity ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are Graph's own")]
pub enum AuditResult {
    Success,
    Failure,
    Timeout,
    Unknown,
}

/// Which agent wrote a password back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Agent {
    /// Entra Connect.
    EntraConnect,
    /// Cloud sync.
    CloudSync,
    /// Nobody: the password was set in the cloud alone.
    None,
}

/// How the cloud object of a person is written in the events of the writeback service, before its
/// object id.
const ANCHOR: &str = "User_";

impl AuditRecord {
    /// Whether an administrator reset somebody's password where nothing was written back.
    pub fn not_written_back(&self) -> bool {
        self.activity == Activity::AdminReset
            && self.result == AuditResult::Success
            && self.agent == Some(Agent::None)
    }

    /// Whether it is about the person whom the events of the writeback service call so:
    /// [`Message::cloud_anchor`](super::Message::cloud_anchor), `User_` and the object id.
    pub fn is_about(&self, cloud_anchor: &str) -> bool {
        let anchor = cloud_anchor.trim();
        let id = anchor
            .split_at_checked(ANCHOR.len())
            .filter(|(prefix, _)| prefix.eq_ignore_ascii_case(ANCHOR))
            .and_then(|(_, id)| Uuid::try_parse(id).ok());
        id.is_some() && id == self.target_id
    }

    /// Words of which each row of a table holds one that is read, in any case.
    pub(super) const MARKS: [&str; 2] = activity::MARKS;

    /// Whether a provider that a filter names means audit records.
    pub fn is_provider(name: &str) -> bool {
        name.eq_ignore_ascii_case(PROVIDER)
            || name.eq_ignore_ascii_case("audit")
            || name.eq_ignore_ascii_case(SERVICE)
    }
}
