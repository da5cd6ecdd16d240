//! What the tenant owns.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::carrier::json::Object;
use crate::error::{Error, Result};
use crate::evidence::Reading;

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

impl CapabilityStatus {
    /// The state that Graph calls by this word, in any case.
    pub fn parse(word: &str) -> Self {
        [
            ("Enabled", Self::Enabled),
            ("Warning", Self::Warning),
            ("Suspended", Self::Suspended),
            ("LockedOut", Self::LockedOut),
            ("Deleted", Self::Deleted),
        ]
        .into_iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word.trim()))
        .map_or_else(|| Self::Other(word.to_owned()), |(_, status)| status)
    }

    /// Whether people can use what is in this state; `None` for a state that is not known here.
    pub const fn usable(&self) -> Option<bool> {
        match self {
            Self::Enabled | Self::Warning => Some(true),
            Self::Suspended | Self::LockedOut | Self::Deleted => Some(false),
            Self::Other(_) => None,
        }
    }
}

impl std::fmt::Display for CapabilityStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Enabled => "enabled",
            Self::Warning => "in its grace period",
            Self::Suspended => "suspended",
            Self::LockedOut => "locked out",
            Self::Deleted => "deleted",
            Self::Other(word) => word,
        })
    }
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

impl SubscribedSku {
    /// Reads an item of Graph's `subscribedSkus`, or what `Get-MgSubscribedSku` prints of it.
    /// The id, the state and the plans must be there; counts that are missing are 0.
    pub fn parse(object: &Object<'_>) -> Result<Self> {
        let units = object.object("prepaidUnits").found().map(|at| at.value);
        let count = |name: &str| {
            let units = units.as_ref()?;
            u32::try_from(units.integer(name).found()?.value).ok()
        };
        let plans = required(object, "servicePlans", object.objects("servicePlans"))?;
        Ok(Self {
            sku_id: required(object, "skuId", object.guid("skuId"))?,
            part_number: text(object, "skuPartNumber"),
            for_users: !text(object, "appliesTo").eq_ignore_ascii_case("Company"),
            status: required(
                object,
                "capabilityStatus",
                status(object, "capabilityStatus"),
            )?,
            consumed: object
                .integer("consumedUnits")
                .found()
                .and_then(|at| u32::try_from(at.value).ok())
                .unwrap_or_default(),
            prepaid: PrepaidUnits {
                enabled: count("enabled").unwrap_or_default(),
                warning: count("warning").unwrap_or_default(),
                suspended: count("suspended").unwrap_or_default(),
                locked_out: count("lockedOut"),
            },
            plans: plans
                .iter()
                .map(|plan| {
                    let state = text(plan, "provisioningStatus");
                    Ok(ServicePlan {
                        id: required(plan, "servicePlanId", plan.guid("servicePlanId"))?,
                        name: text(plan, "servicePlanName"),
                        unavailable: state.eq_ignore_ascii_case("Disabled")
                            || state.eq_ignore_ascii_case("Error"),
                    })
                })
                .collect::<Result<_>>()?,
        })
    }

    /// Whether it holds a plan that grants writeback and is provisioned.
    pub fn grants_writeback(&self) -> bool {
        self.plans.iter().any(|plan| {
            !plan.unavailable
                && super::EntraPlan::of(plan.id).is_some_and(super::EntraPlan::writeback)
        })
    }
}

impl CompanySubscription {
    /// Reads an item of Graph's `directory/subscriptions`. The id and the state must be there.
    pub fn parse(object: &Object<'_>) -> Result<Self> {
        Ok(Self {
            sku_id: required(object, "skuId", object.guid("skuId"))?,
            part_number: text(object, "skuPartNumber"),
            status: required(object, "status", status(object, "status"))?,
            trial: required(object, "isTrial", object.bool("isTrial"))?,
            next_lifecycle: object
                .time("nextLifecycleDateTime")
                .found()
                .map(|at| at.value),
            total: object
                .integer("totalLicenses")
                .found()
                .and_then(|at| u32::try_from(at.value).ok()),
        })
    }
}

fn text(object: &Object<'_>, name: &str) -> String {
    object
        .text(name)
        .value()
        .map(|text| (*text).to_owned())
        .unwrap_or_default()
}

fn status(object: &Object<'_>, name: &str) -> Reading<CapabilityStatus> {
    object.words(name).map(CapabilityStatus::parse)
}

fn required<T>(object: &Object<'_>, name: &str, reading: Reading<T>) -> Result<T> {
    match reading {
        Reading::Value(at) => Ok(at.value),
        Reading::Bad(error) => Err(error),
        Reading::Absent | Reading::Null(_) => Err(Error::value(
            object.place().member(name),
            format!("{name} is missing"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::evidence::Locator;

    fn e3() -> Value {
        json!({
            "skuId": "05e9a617-0261-4cee-bb44-138d3ef5d965", "skuPartNumber": "SPE_E3", "appliesTo": "User",
            "capabilityStatus": "Warning", "consumedUnits": 37,
            "prepaidUnits": { "enabled": 0, "suspended": 0, "warning": 50 },
            "servicePlans": [
                { "servicePlanId": "41781FB2-bc02-4b7c-bd55-b576c07bb09d", "servicePlanName": "AAD_PREMIUM",
                  "provisioningStatus": "Success", "appliesTo": "User" },
            ],
        })
    }

    fn parse(value: &Value) -> Result<SubscribedSku> {
        SubscribedSku::parse(&Object::new(value.as_object().unwrap(), Locator::Whole))
    }

    #[test]
    fn a_product_in_its_grace_period_is_read_whole() {
        let sku = parse(&e3()).unwrap();
        assert_eq!(sku.status, CapabilityStatus::Warning);
        assert_eq!(sku.prepaid.warning, 50);
        assert_eq!(sku.prepaid.locked_out, None, "some clouds do not have it");
        assert!(sku.grants_writeback());
    }

    #[test]
    fn a_plan_that_is_not_provisioned_grants_nothing() {
        let mut value = e3();
        value["servicePlans"][0]["provisioningStatus"] = json!("Disabled");
        assert!(!parse(&value).unwrap().grants_writeback());
    }

    #[test]
    fn plans_cut_short_by_powershell_are_no_empty_list() {
        let mut value = e3();
        value["servicePlans"] = json!(
            "Microsoft.Graph.PowerShell.Models.MicrosoftGraphServicePlanInfo Microsoft.Graph.PowerShell.Models.MicrosoftGraphServicePlanInfo"
        );
        let error = parse(&value).unwrap_err();
        assert!(error.help.unwrap().contains("-Depth"));
    }

    #[test]
    fn a_state_that_is_not_known_is_kept_by_its_name() {
        let mut value = e3();
        value["capabilityStatus"] = json!("Resting");
        let status = parse(&value).unwrap().status;
        assert_eq!(status, CapabilityStatus::Other("Resting".into()));
        assert_eq!(status.usable(), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_value_in_any_field_is_read_or_refused_with_a_place(
            field in 0_usize..7, text in ".{0,12}", number in any::<i64>(),
        ) {
            for junk in [json!(text), json!(number), json!([number]), json!({ "a": text }), Value::Null] {
                let mut value = e3();
                let name = value.as_object().unwrap().keys().nth(field).unwrap().clone();
                value[&name] = junk;
                if let Err(error) = parse(&value) {
                    prop_assert_ne!(error.place, Locator::Whole);
                }
            }
        }
    }
}
