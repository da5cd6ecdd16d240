//! What a person of the evidence is entitled to.

use super::LicenceFacts;
use crate::carrier::json::read_objects;
use crate::error::{Error, Result};
use crate::evidence::Locator;
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
        let (licences, plans) = (person.licences(), person.plans());
        Some(answer(&self.tenant(), synced, licences, plans, operation))
    }
}

/// The same for one user as Microsoft Graph answers, with what the tenant owns. `None` where the
/// user's `onPremisesSyncEnabled` was not asked for.
pub fn entitlement_of_user(
    json: &[u8],
    tenant: &Tenant<'_>,
    operation: Operation,
) -> Result<Option<Entitlement>> {
    let users = read_objects(json, |object| {
        let mut user = UserRecord::parse(object);
        if let Some(fault) = user.faults.first() {
            return Err(fault.clone());
        }
        let synced = match user.synced {
            Field::Value(synced) => Some(synced),
            Field::Null => Some(false),
            Field::Absent => None,
        };
        // Null says that there are none.
        let licences = user.take_licences();
        let licences = licences
            .present()
            .then(|| licences.value().unwrap_or_default());
        let plans = user.plans;
        let plans = plans.present().then(|| plans.value().unwrap_or_default());
        Ok((synced, licences, plans))
    })?;
    match users.as_slice() {
        [(synced, licences, plans)] => Ok(synced
            .map(|synced| answer(tenant, synced, licences.as_ref(), plans.as_ref(), operation))),
        _ => Err(Error::value(Locator::Whole, "expected one user")),
    }
}

fn answer(
    tenant: &Tenant<'_>,
    synced: bool,
    licences: Option<&LicenceSet>,
    plans: Option<&PlanSet>,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::licensing::{Availability, Licensed};

    fn ask(user: &str) -> Result<Option<Entitlement>> {
        entitlement_of_user(user.as_bytes(), &Tenant::default(), Operation::Reset)
    }

    #[test]
    fn a_user_is_judged_by_the_plans_that_graph_answers() {
        let answer = ask(
            r#"{"id": "11111111-1111-1111-1111-111111111111", "onPremisesSyncEnabled": true,
            "assignedPlans": [{"servicePlanId": "41781fb2-bc02-4b7c-bd55-b576c07bb09d",
                               "capabilityStatus": "Enabled", "service": "AADPremiumService"}]}"#,
        );
        let answer = answer.unwrap().unwrap();
        assert_eq!(answer.licensed, Some(Licensed::Yes));
        assert_eq!(answer.technically_available, Availability::Yes);
    }

    #[test]
    fn what_was_not_asked_for_is_not_answered() {
        assert_eq!(
            ask("{\"id\": \"11111111-1111-1111-1111-111111111111\"}"),
            Ok(None)
        );
        assert!(ask("[]").is_err());
        assert!(ask("{\"value\": [{}, {}]}").is_err());
        assert!(ask("nonsense").is_err());
    }
}
