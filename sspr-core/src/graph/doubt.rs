//! Whose licences leave a doubt, so that `assignedPlans` are worth their size.
//!
//! Who is licensed follows from `licenseAssignmentStates` (or `assignedLicenses`) and the plans that
//! `subscribedSkus` list for each product. A doubt is left where a product is not among those of the
//! tenant, where a plan of it that carries the right is still being provisioned, and where the state
//! of an assignment is not one that is known.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::licensing::EntraPlan;

/// The tenant's products: which leave a doubt.
#[derive(Debug, Default)]
pub(super) struct Products {
    /// Whether each product's plans that carry the right are provisioned.
    settled: BTreeMap<Uuid, bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sku<'a> {
    sku_id: Uuid,
    #[serde(default, borrow)]
    service_plans: Vec<Plan<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Plan<'a> {
    service_plan_id: Uuid,
    #[serde(default, borrow)]
    provisioning_status: Option<Cow<'a, str>>,
}

impl Products {
    /// Adds an item of `subscribedSkus`. One that cannot be read is not known then.
    pub(super) fn add(&mut self, item: &RawValue) {
        let Ok(sku) = serde_json::from_str::<Sku<'_>>(item.get()) else {
            return;
        };
        let pending = sku.service_plans.iter().any(|plan| {
            let right = EntraPlan::of(plan.service_plan_id).is_some_and(EntraPlan::writeback);
            let status = plan.provisioning_status.as_deref().unwrap_or_default();
            right
                && status
                    .get(..7)
                    .is_some_and(|word| word.eq_ignore_ascii_case("pending"))
        });
        self.settled.insert(sku.sku_id, !pending);
    }

    /// Whether there are any.
    pub(super) fn is_empty(&self) -> bool {
        self.settled.is_empty()
    }
}

/// People whose licences leave a doubt, up to a bound.
#[derive(Debug)]
pub(super) struct Doubts<'p> {
    products: &'p Products,
    most: usize,
    pub(super) people: BTreeSet<Uuid>,
    /// How many more there are.
    pub(super) beyond: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User<'a> {
    id: Uuid,
    #[serde(default)]
    assigned_licenses: Option<Vec<Licence>>,
    #[serde(default, borrow)]
    license_assignment_states: Option<Vec<State<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Licence {
    sku_id: Uuid,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct State<'a> {
    sku_id: Uuid,
    #[serde(default, borrow)]
    state: Option<Cow<'a, str>>,
}

impl<'p> Doubts<'p> {
    pub(super) fn new(products: &'p Products, most: u32) -> Self {
        Self {
            products,
            most: usize::try_from(most).unwrap_or(usize::MAX),
            people: BTreeSet::new(),
            beyond: 0,
        }
    }

    /// Looks at an item of `users`. One that cannot be read is for the reader to report.
    pub(super) fn look(&mut self, item: &RawValue) {
        let Ok(user) = serde_json::from_str::<User<'_>>(item.get()) else {
            return;
        };
        let states = user.license_assignment_states.unwrap_or_default();
        let doubt = if states.is_empty() {
            let licences = user.assigned_licenses.unwrap_or_default();
            licences.iter().any(|licence| self.leaves(licence.sku_id))
        } else {
            states.iter().any(|row| match row.state.as_deref() {
                Some("Active" | "ActiveWithError") => self.leaves(row.sku_id),
                Some("Disabled" | "Error") => false,
                _ => true,
            })
        };
        if !doubt || self.people.contains(&user.id) {
            return;
        }
        if self.people.len() < self.most {
            self.people.insert(user.id);
        } else {
            self.beyond += 1;
        }
    }

    fn leaves(&self, product: Uuid) -> bool {
        !self
            .products
            .settled
            .get(&product)
            .copied()
            .unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const P1: &str = "41781fb2-bc02-4b7c-bd55-b576c07bb09d";
    const KNOWN: &str = "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46";
    const PENDING: &str = "5abc0000-0000-4000-8000-000000000001";
    const UNKNOWN: &str = "5abc0000-0000-4000-8000-000000000002";

    fn raw(value: &Value) -> Box<RawValue> {
        RawValue::from_string(value.to_string()).unwrap()
    }

    fn products() -> Products {
        let mut products = Products::default();
        for (sku, status) in [(KNOWN, "Success"), (PENDING, "PendingProvisioning")] {
            products.add(&raw(&json!({
                "skuId": sku, "servicePlans": [{ "servicePlanId": P1, "provisioningStatus": status }],
            })));
        }
        products
    }

    fn in_doubt(fields: &Value) -> bool {
        let products = products();
        let mut doubts = Doubts::new(&products, 1);
        let mut user = json!({ "id": "5abc0000-0000-4000-8000-0000000000aa" });
        for (name, value) in fields.as_object().unwrap() {
            user[name] = value.clone();
        }
        doubts.look(&raw(&user));
        !doubts.people.is_empty()
    }

    #[test]
    fn plans_are_read_where_the_products_leave_it_open_and_nowhere_else() {
        let state = |sku: &str, state: &str| {
            in_doubt(&json!({ "licenseAssignmentStates": [{ "skuId": sku, "state": state }] }))
        };
        assert!(!state(KNOWN, "Active") && !state(UNKNOWN, "Error") && !state(KNOWN, "Disabled"));
        assert!(
            state(UNKNOWN, "Active") && state(PENDING, "ActiveWithError") && state(KNOWN, "New")
        );
        let merged = |sku: &str| in_doubt(&json!({ "assignedLicenses": [{ "skuId": sku }] }));
        assert!(!merged(KNOWN) && merged(UNKNOWN));
        assert!(!in_doubt(&json!({})) && !in_doubt(&json!({ "assignedLicenses": null })));
    }

    #[test]
    fn no_more_than_the_bound_are_kept_and_the_rest_is_counted() {
        let products = Products::default();
        let mut doubts = Doubts::new(&products, 2);
        for index in [1, 2, 2, 3, 4] {
            let id = format!("5abc0000-0000-4000-8000-{index:012}");
            doubts.look(&raw(
                &json!({ "id": id, "assignedLicenses": [{ "skuId": UNKNOWN }] }),
            ));
        }
        assert_eq!((doubts.people.len(), doubts.beyond), (2, 2));
    }
}
