//! What a person of the evidence is entitled to.

use super::LicenceFacts;
use crate::licensing::{
    Assignment, CapabilityStatus, Entitlement, Holding, Identity, Operation, Tenant,
};
use crate::tenant::{PersonRef, PlanStatus};

impl LicenceFacts {
    /// What the tenant owns, as far as it is known.
    pub fn tenant(&self) -> Tenant<'_> {
        Tenant {
            skus: self.skus.value().map(Vec::as_slice),
            subscriptions: self
                .subscriptions
                .value()
                .map(Vec::as_slice)
                .unwrap_or_default(),
        }
    }

    /// Whether a person is licensed for an operation, and whether the tenant makes it available.
    /// `None` where it is not known whether the person is synchronised. People with the same
    /// [`PersonRef::licence_key`] who are synchronised alike have the same answer.
    pub fn entitlement(&self, person: &PersonRef<'_>, operation: Operation) -> Option<Entitlement> {
        let identity = if person.flags().synced()? {
            Identity::Synced
        } else {
            Identity::CloudOnly
        };
        let plans: Option<Vec<_>> = person.plans().map(|set| {
            set.0
                .iter()
                .map(|(plan, status)| (*plan, status_of(*status)))
                .collect()
        });
        let assignments: Option<Vec<_>> = person.licences().map(|set| {
            set.0
                .iter()
                .map(|row| Assignment {
                    product: row.sku,
                    disabled: &row.disabled,
                    group: row.group,
                    active: row.active,
                    error: row.error.as_deref(),
                })
                .collect()
        });
        let holding = Holding {
            plans: plans.as_deref(),
            assignments: assignments.as_deref(),
        };
        Some(self.tenant().entitlement(&holding, identity, operation))
    }
}

fn status_of(status: PlanStatus) -> CapabilityStatus {
    match status {
        PlanStatus::Enabled => CapabilityStatus::Enabled,
        PlanStatus::Warning => CapabilityStatus::Warning,
        PlanStatus::Suspended => CapabilityStatus::Suspended,
        PlanStatus::LockedOut => CapabilityStatus::LockedOut,
        PlanStatus::Deleted => CapabilityStatus::Deleted,
        PlanStatus::Other => CapabilityStatus::Other("unknown".into()),
    }
}
