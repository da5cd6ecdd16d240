//! Which product grants which right, and what a person is entitled to.
//!
//! Two questions are asked of a person and an operation, and they have two answers that are never
//! merged: is the person *licensed*, which is a matter of compliance, and is the operation
//! *technically available*, which depends on what the tenant owns. [`Tenant::entitlement`] answers
//! both and names the nearest cause. [`Catalogue`] knows the products.

mod catalogue;
mod cause;
mod entitlement;
mod subscription;
mod tenant;

pub use catalogue::{Catalogue, Certainty, EntraPlan, Ground, Product};
pub use cause::Cause;
pub use entitlement::{
    Assignment, Availability, Entitlement, Holding, Identity, Licensed, Need, Operation,
};
pub use subscription::{
    CapabilityStatus, CompanySubscription, PrepaidUnits, ServicePlan, SubscribedSku,
};
pub use tenant::Tenant;
