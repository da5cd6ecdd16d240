//! The tenant: its clouds, domains, sign-in and people.

mod organization;
mod people;
mod registration;
mod user;

use serde::{Deserialize, Serialize};

pub use organization::{Organization, StatedDomain, Synchronization, inherit};
pub use people::{
    AppliedPolicies, DirectoryNames, LicenceRow, LicenceSet, People, PersonFlags, PersonMut,
    PersonRef, PlanSet,
};
pub use registration::{Registration, RegistrationTotals};
pub use user::{Field, UserRecord};

/// Whether identities come from an on-premises directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SyncState {
    /// Synchronised now.
    On,
    /// Was synchronised once.
    Off,
    /// Never synchronised.
    Never,
}

/// A Microsoft cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Cloud {
    /// The public cloud, GCC included.
    Public,
    /// US Government: GCC High and DoD.
    UsGovernment,
    /// Operated by 21Vianet.
    China,
}

/// How users sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SignInType {
    /// Password hash synchronisation.
    PasswordHashSync,
    /// Pass-through authentication.
    PassThrough,
    /// Federation.
    Federated,
}

/// A domain of the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantDomain {
    /// Its DNS name.
    pub name: String,
    /// Federated instead of managed.
    pub federated: bool,
    /// The `*.onmicrosoft.com` name the tenant was made with.
    pub initial: bool,
    /// Verified.
    pub verified: bool,
    /// Days a cloud password is valid; `None` where the answer was null, 2147483647 for ever.
    pub password_validity_days: Option<u32>,
}

/// The status of an assigned plan, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are Graph's own")]
pub enum PlanStatus {
    Enabled,
    Warning,
    Suspended,
    LockedOut,
    Deleted,
    Other,
}

/// The container of a distinguished name: all behind its first comma that is not escaped.
pub fn container_of(dn: &str) -> &str {
    let mut escaped = false;
    for (index, c) in dn.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ',' => return dn.get(index + 1..).unwrap_or_default(),
            _ => {}
        }
    }
    ""
}
