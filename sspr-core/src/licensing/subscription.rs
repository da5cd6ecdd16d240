//! What the tenant owns.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The state of a subscription or plan, in the order of a lapse.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CapabilityStatus {
    /// Normal.
    Enabled,
    /// Expired, in its grace period, still usable.
    Warning,
    /// Not assignable; data is kept.
    Suspended,
    /// Nobody can use it.
    LockedOut,
    /// Gone. A user's removed plans show this too.
    Deleted,
    /// A state that this version does not know.
    Other(String),
}

/// Units of a subscription by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrepaidUnits {
    /// Paid now.
    pub enabled: u32,
    /// Expired, in grace.
    pub warning: u32,
    /// Cancelled, can be revived.
    pub suspended: u32,
    /// Cancelled; absent in some clouds.
    pub locked_out: Option<u32>,
}

/// A plan inside a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServicePlan {
    /// The plan's id.
    pub id: Uuid,
    /// Such as `AAD_PREMIUM`.
    pub name: String,
    /// Whether its provisioning is `Disabled` or in `Error`.
    pub unavailable: bool,
}

/// A product that the tenant owns (`subscribedSkus`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscribedSku {
    /// The product's id.
    pub sku_id: Uuid,
    /// Such as `ENTERPRISEPACK`. Never a key: part numbers are not unique.
    pub part_number: String,
    /// Whether it is assigned to users, not to the company.
    pub for_users: bool,
    /// The state of the subscription.
    pub status: CapabilityStatus,
    /// Units in use.
    pub consumed: u32,
    /// Units owned.
    pub prepaid: PrepaidUnits,
    /// Its plans.
    pub plans: Vec<ServicePlan>,
}

/// A commercial subscription (`directory/subscriptions`), the only place that tells trials and ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompanySubscription {
    /// The product's id.
    pub sku_id: Uuid,
    /// Such as `ENTERPRISEPACK`.
    pub part_number: String,
    /// The state of the subscription.
    pub status: CapabilityStatus,
    /// Whether it is a trial.
    pub trial: bool,
    /// When its state changes next.
    pub next_lifecycle: Option<DateTime<Utc>>,
    /// Units.
    pub total: Option<u32>,
}
