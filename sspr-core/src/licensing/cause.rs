//! Why a person is licensed or not.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CapabilityStatus, Catalogue, Ground};

/// The nearest cause of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "cause"
)]
#[non_exhaustive]
pub enum Cause {
    /// No licence is needed.
    NotNeeded,
    /// A licence grants it.
    Granted {
        /// The product, if known.
        product: Option<Uuid>,
    },
    /// A licence grants it, in its grace period.
    GracePeriod {
        /// The product, if known.
        product: Option<Uuid>,
        /// When the grace ends, if `directory/subscriptions` tell.
        until: Option<DateTime<Utc>>,
    },
    /// The person holds no licence at all.
    NoLicence,
    /// The person holds licences, and none of them carries the right.
    WithoutRight,
    /// The licence that would grant it could not be assigned.
    AssignmentError {
        /// The product.
        product: Uuid,
        /// The group that assigns it, if any.
        group: Option<Uuid>,
        /// The error that Graph names.
        error: Option<String>,
    },
    /// The plan that would grant it is switched off in the assignment.
    PlanDisabled {
        /// The product.
        product: Uuid,
        /// The group that assigns it, if any.
        group: Option<Uuid>,
    },
    /// The subscription that would grant it is no longer usable.
    Lapsed {
        /// The product, if known.
        product: Option<Uuid>,
        /// Its state.
        status: CapabilityStatus,
    },
    /// A licence carries the right and the person's plans do not show it: the assignment is recent,
    /// or the evidence is of different times.
    Pending {
        /// The product.
        product: Uuid,
    },
    /// Microsoft's pages disagree on the product.
    AmbiguousProduct {
        /// The product.
        product: Uuid,
        /// What speaks for it.
        ground: Ground,
    },
    /// The product is in neither the catalogue nor the tenant's list.
    UnknownProduct {
        /// The product.
        product: Uuid,
    },
    /// The person's licences were not collected.
    LicencesNotCollected,
    /// The state of the tenant's products was not collected.
    ProductsNotCollected,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |id: &Uuid| {
            Catalogue::get().by_id(*id).map_or_else(
                || format!("product {id}"),
                |product| product.name.to_owned(),
            )
        };
        match self {
            Self::NotNeeded => f.write_str("no licence is needed"),
            Self::Granted { product: None } => {
                f.write_str("Microsoft Entra ID P1 or P2 is assigned")
            }
            Self::Granted { product: Some(id) } => write!(f, "{} is assigned", name(id)),
            Self::GracePeriod { product, until } => {
                let product = product
                    .as_ref()
                    .map_or_else(|| "the licence".to_owned(), name);
                write!(f, "{product} has expired and is in its grace period")?;
                until.map_or(Ok(()), |until| {
                    write!(f, " until {}", until.format("%Y-%m-%d"))
                })
            }
            Self::NoLicence => f.write_str("no licence is assigned"),
            Self::WithoutRight => f.write_str("no assigned licence carries the right"),
            Self::AssignmentError { product, error, .. } => write!(
                f,
                "{} could not be assigned ({})",
                name(product),
                error.as_deref().unwrap_or("no reason given")
            ),
            Self::PlanDisabled { product, group } => write!(
                f,
                "the Entra ID plan of {} is switched off in the assignment{}",
                name(product),
                group.map_or_else(String::new, |group| format!(" by group {group}"))
            ),
            Self::Lapsed { product, status } => {
                let product = product
                    .as_ref()
                    .map_or_else(|| "Microsoft Entra ID P1 or P2".to_owned(), name);
                write!(f, "the subscription of {product} is {status}")
            }
            Self::Pending { product } => write!(
                f,
                "{} carries the right and the person's plans do not show it yet",
                name(product)
            ),
            Self::AmbiguousProduct { product, ground } => {
                write!(f, "{} {}", name(product), ground.reason())
            }
            Self::UnknownProduct { product } => {
                write!(f, "product {product} is not in the catalogue")
            }
            Self::LicencesNotCollected => f.write_str("the person's licences were not collected"),
            Self::ProductsNotCollected => {
                f.write_str("the state of the tenant's products was not collected")
            }
        }
    }
}
