//! What a person is asked about, and what the answer is made of.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CapabilityStatus, Cause};

/// Where a person's password is managed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Identity {
    /// In Entra ID.
    CloudOnly,
    /// In Active Directory, synchronised to Entra ID.
    Synced,
}

/// What a person wants to do in the cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Operation {
    /// Set a new password, knowing the old one.
    Change,
    /// Set a new password, having forgotten the old one.
    Reset,
    /// Unlock the account and keep the password.
    Unlock,
}

/// The right that an operation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Need {
    /// None: a cloud-only person may change a known password with the free edition.
    Nothing,
    /// To reset the password of a cloud-only account.
    CloudReset,
    /// To write back to Active Directory.
    Writeback,
}

impl Need {
    /// What an operation takes. Whatever a synced person does in the cloud is a writeback, the
    /// change of a known password included; a cloud-only account is unlocked by its reset.
    pub const fn of(identity: Identity, operation: Operation) -> Self {
        match (identity, operation) {
            (Identity::Synced, _) => Self::Writeback,
            (Identity::CloudOnly, Operation::Change) => Self::Nothing,
            (Identity::CloudOnly, Operation::Reset | Operation::Unlock) => Self::CloudReset,
        }
    }
}

/// One licence of a person: a row of `licenseAssignmentStates` or `assignedLicenses`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignment<'a> {
    /// The product.
    pub product: Uuid,
    /// Plans that are switched off in this assignment.
    pub disabled: &'a [Uuid],
    /// The group that assigns it, if any.
    pub group: Option<Uuid>,
    /// Whether it grants anything: state `Active` or `ActiveWithError`.
    pub active: bool,
    /// The error that Graph names, if any.
    pub error: Option<&'a str>,
}

/// What is known of a person's licences; `None` where it was not collected.
#[derive(Debug, Clone, Copy, Default)]
pub struct Holding<'a> {
    /// `assignedPlans`: the primary evidence, which already counts groups, disabled plans and expiry.
    pub plans: Option<&'a [(Uuid, CapabilityStatus)]>,
    /// The licences that the plans come from.
    pub assignments: Option<&'a [Assignment<'a>]>,
}

/// Whether a person may use an operation by the terms of the licences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Licensed {
    /// A licence grants it, or none is needed.
    Yes,
    /// No licence grants it.
    No,
    /// Microsoft's pages disagree about the person's product, or the product is not known here.
    Ambiguous,
}

/// Whether the tenant owns what switches the operation on. It is a question of the tenant: Entra
/// does not enforce the licence of each person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Availability {
    /// A usable product of the tenant grants it.
    Yes,
    /// None does.
    No,
    /// What the tenant owns was not collected, or is ambiguous.
    Unknown,
}

/// The two answers about a person and an operation. They are never merged: without a licence an
/// operation may work and still be a matter of compliance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entitlement {
    /// Whether the person is licensed; `None` when the evidence cannot tell.
    pub licensed: Option<Licensed>,
    /// Whether the tenant makes it available.
    pub technically_available: Availability,
    /// The nearest cause of the first answer.
    pub cause: Cause,
    /// Whether the first answer was derived from assignments and the tenant's products, as
    /// `assignedPlans` were not collected.
    pub derived: bool,
}
