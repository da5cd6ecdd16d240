//! Which product grants which right, and what a person is entitled to.

mod subscription;

pub use subscription::{
    CapabilityStatus, CompanySubscription, PrepaidUnits, ServicePlan, SubscribedSku,
};
