//! What a person of the evidence is entitled to.

use super::LicenceFacts;
use crate::licensing::{
    Assignment, CapabilityStatus, Entitlement, Holding, Identity, Operation, Tenant,
};
use crate::tenant::{Field, LicenceSet, PersonRef, PlanSet, PlanStatus, UserRecord};

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
        let synced = person.flags().synced()?;
        let held = (person.plans(), person.licences());
        Some(answer(&self.tenant(), held, synced, operation))
    }
}

/// The same answer about a user of Graph alone, by what a tenant owns. A user of whom Graph says
/// null for `onPremisesSyncEnabled` is of the cloud; without that field there is no answer.
pub fn entitlement_of(
    user: &UserRecord<'_>,
    tenant: &Tenant<'_>,
    operation: Operation,
) -> Option<Entitlement> {
    let synced = match user.synced {
        Field::Absent => return None,
        Field::Null => false,
        Field::Value(synced) => synced,
    };
    // The rows of each source say more than the merged result.
    let licences = match (&user.states, &user.licences) {
        (Field::Value(states), _) if !states.0.is_empty() => Some(states),
        (_, Field::Value(merged)) => Some(merged),
        (Field::Value(states), _) => Some(states),
        _ => None,
    };
    let plans = match &user.plans {
        Field::Value(plans) => Some(plans),
        Field::Absent | Field::Null => None,
    };
    Some(answer(tenant, (plans, licences), synced, operation))
}

fn answer(
    tenant: &Tenant<'_>,
    (plans, licences): (Option<&PlanSet>, Option<&LicenceSet>),
    synced: bool,
    operation: Operation,
) -> Entitlement {
    let identity = if synced {
        Identity::Synced
    } else {
        Identity::CloudOnly
    };
    let plans: Option<Vec<_>> = plans.map(|set| {
        set.0
            .iter()
            .map(|(plan, status)| (*plan, status_of(*status)))
            .collect()
    });
    let assignments: Option<Vec<_>> = licences.map(|set| {
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
    tenant.entitlement(&holding, identity, operation)
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
