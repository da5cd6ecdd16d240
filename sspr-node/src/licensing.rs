//! `sspr.licensing`: which product grants which right, and what a person is entitled to.

use napi_derive::napi;
use serde::Serialize;
use sspr::licensing::{
    Catalogue, CompanySubscription, Entitlement, Operation, Product, SubscribedSku, Tenant,
};
use sspr::snapshot::facts::entitlement_of_user;

use crate::answers::{Graph, each};
use crate::fault::{caught, own};
use crate::plain::Plain;
use crate::value::Json;

/// Products by name, part number or id, in any case.
#[napi(namespace = "licensing")]
pub fn find_products(text: String) -> napi::Result<Plain<Vec<Product>>> {
    caught(|| {
        let found = Catalogue::get().find(&text);
        Ok(Plain(found.into_iter().cloned().collect()))
    })
}

/// The product with this id (`skuId`).
#[napi(namespace = "licensing")]
pub fn product(id: String) -> Plain<Option<Product>> {
    let id = uuid::Uuid::try_parse(id.trim()).ok();
    Plain(id.and_then(|id| Catalogue::get().by_id(id)).cloned())
}

/// Every product of the catalogue.
#[napi(namespace = "licensing")]
pub fn products() -> Plain<Vec<Product>> {
    Plain(Catalogue::get().products().to_vec())
}

/// Reads Graph's `subscribedSkus`.
#[napi(namespace = "licensing")]
pub fn parse_subscribed_skus(json: Json<Graph>) -> napi::Result<Plain<Vec<SubscribedSku>>> {
    caught(|| each(json.text(), SubscribedSku::parse).map(Plain))
}

/// Reads Graph's `directory/subscriptions`.
#[napi(namespace = "licensing")]
pub fn parse_subscriptions(json: Json<Graph>) -> napi::Result<Plain<Vec<CompanySubscription>>> {
    caught(|| each(json.text(), CompanySubscription::parse).map(Plain))
}

/// The two answers about a person and an operation, with the nearest cause in words.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entitled {
    /// The answers.
    #[serde(flatten)]
    answer: Entitlement,
    /// The nearest cause, as a sentence without its full stop.
    because: String,
}

impl From<Entitlement> for Entitled {
    fn from(answer: Entitlement) -> Self {
        Self {
            because: answer.cause.to_string(),
            answer,
        }
    }
}

/// Whether a user of Graph is licensed for an operation (`reset` without one), and whether the
/// tenant makes it available. `skus` is Graph's `subscribedSkus`, `subscriptions` its
/// `directory/subscriptions`; null stands for what was not collected. The answer is null where
/// the user does not tell whether it is synchronised (`onPremisesSyncEnabled`).
#[napi(namespace = "licensing")]
pub fn entitlement(
    user: Json<Graph>,
    skus: Option<Json<Graph>>,
    operation: Option<Json<Operation>>,
    subscriptions: Option<Json<Graph>>,
) -> napi::Result<Plain<Option<Entitled>>> {
    let operation = operation.map_or(Ok(Operation::Reset), |word| word.word())?;
    caught(|| {
        let skus = skus
            .map(|skus| each(skus.text(), SubscribedSku::parse))
            .transpose()?;
        let subscriptions = subscriptions
            .map(|json| each(json.text(), CompanySubscription::parse))
            .transpose()?
            .unwrap_or_default();
        let tenant = Tenant {
            skus: skus.as_deref(),
            subscriptions: &subscriptions,
        };
        let answer = entitlement_of_user(user.text().as_bytes(), &tenant, operation);
        let answer = answer.map_err(|error| own(&error))?;
        Ok(Plain(answer.map(Into::into)))
    })
}
