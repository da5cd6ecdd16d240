//! `sspr.licensing`: which product grants which right, and what a person is entitled to.

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use sspr::carrier::json::read_objects;
use sspr::licensing::{CapabilityStatus, Catalogue};

use crate::data::{data, taken, words};
use crate::errors::{self, OrRaise};
use crate::input::Document;

/// Products whose id, part number or name a text is or names, the best first.
#[pyfunction]
pub(crate) fn find_products(text: &str) -> Vec<Product> {
    Catalogue::get()
        .find(text)
        .into_iter()
        .cloned()
        .map(Product)
        .collect()
}

/// The product of an id (`skuId`); `None` for one that the catalogue does not have.
#[pyfunction]
pub(crate) fn product(id: &str) -> PyResult<Option<Product>> {
    let id = id
        .parse()
        .map_err(|_| errors::value("a product's id is a GUID"))?;
    Ok(Catalogue::get().by_id(id).cloned().map(Product))
}

/// Whether a user is licensed for an operation, and whether the tenant makes it available.
///
/// `user`, `skus` and `subscriptions` are Graph's answers for a user with
/// `onPremisesSyncEnabled`, `assignedPlans` and `licenseAssignmentStates`, for `subscribedSkus` and
/// for `directory/subscriptions`: as text, bytes, or what Python's `json` made of them. `None` for
/// `skus` says that they were not collected. The answer is `None` where it is not known whether the
/// user is synchronised.
#[pyfunction]
#[pyo3(signature = (
    user, skus, *, operation = Operation(sspr::licensing::Operation::Reset), subscriptions = None,
))]
pub(crate) fn entitlement(
    py: Python<'_>,
    user: Document,
    skus: Option<Document>,
    operation: Operation,
    subscriptions: Option<Document>,
) -> PyResult<Option<Entitlement>> {
    let skus = skus.map(|skus| read_objects(&skus.0, sspr::licensing::SubscribedSku::parse));
    let subscriptions = subscriptions.map(|subscriptions| {
        read_objects(
            &subscriptions.0,
            sspr::licensing::CompanySubscription::parse,
        )
    });
    let skus = skus.transpose().or_raise(py)?;
    let subscriptions = subscriptions.transpose().or_raise(py)?.unwrap_or_default();
    let tenant = sspr::licensing::Tenant {
        skus: skus.as_deref(),
        subscriptions: &subscriptions,
    };
    sspr::snapshot::facts::entitlement_of_user(&user.0, &tenant, operation.0)
        .or_raise(py)
        .map(|answer| answer.map(Entitlement))
}

/// Reads Graph's `subscribedSkus`: a page, an array or one product.
#[pyfunction]
pub(crate) fn parse_subscribed_skus(
    py: Python<'_>,
    json: Document,
) -> PyResult<Vec<SubscribedSku>> {
    let all = read_objects(&json.0, sspr::licensing::SubscribedSku::parse).or_raise(py)?;
    Ok(all.into_iter().map(SubscribedSku).collect())
}

/// Reads Graph's `directory/subscriptions`: a page, an array or one subscription.
#[pyfunction]
pub(crate) fn parse_subscriptions(
    py: Python<'_>,
    json: Document,
) -> PyResult<Vec<CompanySubscription>> {
    let all = read_objects(&json.0, sspr::licensing::CompanySubscription::parse).or_raise(py)?;
    Ok(all.into_iter().map(CompanySubscription).collect())
}

/// The state of a subscription in a word, such as `enabled`; as Graph spells it where it is not
/// known here.
fn status(status: &CapabilityStatus) -> String {
    match status {
        CapabilityStatus::Other(word) => word.clone(),
        known => errors::word(known),
    }
}

data! {
    wire
    /// The nearest cause of an answer.
    Cause in "sspr.licensing" is sspr::licensing::Cause {
        /// Which cause, such as `noLicence` or `planDisabled`.
        kind: String = |it| field(it, "cause"),
        /// The id of the product that it is about.
        product: Option<String> = |it| optional(it, "product"),
        /// The id of the group that assigns it.
        group: Option<String> = |it| optional(it, "group"),
        /// The error that Graph names.
        error: Option<String> = |it| optional(it, "error"),
    }

    /// It in words.
    fn __str__(&self) -> String {
        self.0.to_string()
    }
}

fn optional(cause: &sspr::licensing::Cause, name: &str) -> Option<String> {
    let value = serde_json::to_value(cause).unwrap_or_default();
    value
        .get(name)
        .and_then(|value| value.as_str())
        .map(str::to_owned)
}

fn field(cause: &sspr::licensing::Cause, name: &str) -> String {
    optional(cause, name).unwrap_or_default()
}

data! {
    /// A product that can be bought.
    Product in "sspr.licensing" is sspr::licensing::Product {
        /// Its id (`skuId`), the only key.
        id: String = |it| it.id.to_string(),
        /// Its part number (`skuPartNumber`), such as `ENTERPRISEPACK`. Not unique.
        part_number: &str = |it| it.part_number,
        /// What it is called.
        name: &str = |it| it.name,
        /// Other names of it in the same table.
        other_names: Vec<&'static str> = |it| it.other_names.clone(),
        /// What speaks for a right to reset or write back; `None` when nothing does.
        ground: Option<Ground> = |it| it.ground.map(Ground),
        /// The Entra ID plans it holds.
        plans: Vec<EntraPlan> = |it| it.plans.iter().copied().map(EntraPlan).collect(),
        /// Meant for rooms or shared devices.
        for_devices: bool = |it| it.for_devices,
    }
}

data! {
    wire
    /// The two answers about a person and an operation. They are never merged: without a licence an
    /// operation may work and still be a matter of compliance.
    Entitlement in "sspr.licensing" is sspr::licensing::Entitlement {
        /// Whether the person is licensed; `None` when the evidence cannot tell.
        licensed: Option<Licensed> = |it| it.licensed.map(Licensed),
        /// Whether the tenant makes it available.
        technically_available: Availability = |it| Availability(it.technically_available),
        /// The nearest cause of the first answer.
        cause: Cause = |it| Cause(it.cause.clone()),
        /// Whether the first answer was derived from assignments and the tenant's products, as
        /// `assignedPlans` were not collected.
        derived: bool = |it| it.derived,
    }
}

data! {
    wire
    /// A product that the tenant owns (`subscribedSkus`).
    SubscribedSku in "sspr.licensing" is sspr::licensing::SubscribedSku {
        /// The product's id.
        sku_id: String = |it| it.sku_id.to_string(),
        /// Such as `ENTERPRISEPACK`. Never a key: part numbers are not unique.
        part_number: &str = |it| &it.part_number,
        /// Whether it is assigned to users, not to the company.
        for_users: bool = |it| it.for_users,
        /// The state of the subscription.
        status: String = |it| status(&it.status),
        /// Units in use.
        consumed: u32 = |it| it.consumed,
        /// Units owned.
        prepaid: PrepaidUnits = |it| PrepaidUnits(it.prepaid),
        /// Its plans.
        plans: Vec<ServicePlan> = |it| it.plans.iter().cloned().map(ServicePlan).collect(),
    }
    /// Whether it grants writeback.
    #[getter]
    fn grants_writeback(&self) -> bool {
        self.0.grants_writeback()
    }
}

data! {
    wire
    /// A commercial subscription (`directory/subscriptions`), the only place that tells trials and ends.
    CompanySubscription in "sspr.licensing" is sspr::licensing::CompanySubscription {
        /// The product's id.
        sku_id: String = |it| it.sku_id.to_string(),
        /// Such as `ENTERPRISEPACK`.
        part_number: &str = |it| &it.part_number,
        /// The state of the subscription.
        status: String = |it| status(&it.status),
        /// Whether it is a trial.
        trial: bool = |it| it.trial,
        /// When its state changes next.
        next_lifecycle: Option<DateTime<Utc>> = |it| it.next_lifecycle,
        /// Units.
        total: Option<u32> = |it| it.total,
    }
}

data! {
    wire
    /// A plan inside a product.
    ServicePlan in "sspr.licensing" is sspr::licensing::ServicePlan {
        /// The plan's id.
        id: String = |it| it.id.to_string(),
        /// Such as `AAD_PREMIUM`.
        name: &str = |it| &it.name,
        /// Whether its provisioning is `Disabled` or in `Error`.
        unavailable: bool = |it| it.unavailable,
    }
}

data! {
    wire
    /// Units of a subscription by state.
    PrepaidUnits in "sspr.licensing" is sspr::licensing::PrepaidUnits {
        /// Paid now.
        enabled: u32 = |it| it.enabled,
        /// Expired, in grace.
        warning: u32 = |it| it.warning,
        /// Cancelled, can be revived.
        suspended: u32 = |it| it.suspended,
        /// Cancelled; absent in some clouds.
        locked_out: Option<u32> = |it| it.locked_out,
    }
}

words! {
    Certainty in "sspr.licensing" is sspr::licensing::Certainty { Granted, Historical, Ambiguous };
    Identity in "sspr.licensing" is sspr::licensing::Identity { CloudOnly, Synced };
    Operation in "sspr.licensing" is sspr::licensing::Operation { Change, Reset, Unlock };
    Need in "sspr.licensing" is sspr::licensing::Need { Nothing, CloudReset, Writeback };
    Licensed in "sspr.licensing" is sspr::licensing::Licensed { Yes, No, Ambiguous };
    Availability in "sspr.licensing" is sspr::licensing::Availability { Yes, No, Unknown };
    Ground in "sspr.licensing" is sspr::licensing::Ground { EntraPremium, BusinessStandard, EntraBasic, Office365, EntraBasicEdu, BusinessBasic, OfficeApps, EntraSmallBusiness, EntraEdu }, open;
    EntraPlan in "sspr.licensing" is sspr::licensing::EntraPlan { Premium, PremiumP2, Basic, BasicEdu, SmallBusiness, Edu };
}

taken! {
    Operation in "sspr.licensing";
}
