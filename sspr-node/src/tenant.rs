//! `sspr.tenant`: the tenant, its clouds and domains.

use napi_derive::napi;
use sspr::tenant::{Cloud, Organization, StatedDomain, Synchronization, TenantDomain, inherit};

use crate::answers::{Graph, each};
use crate::fault::caught;
use crate::plain::Plain;
use crate::value::Json;

/// Reads Graph's `organization`, one object or a page; null when there is none in it.
#[napi(namespace = "tenant")]
pub fn parse_organization(json: Json<Graph>) -> napi::Result<Plain<Option<Organization>>> {
    caught(|| {
        let found = each(json.text(), |object| Ok(Organization::parse(object)))?;
        Ok(Plain(found.into_iter().next()))
    })
}

/// Reads Graph's `directory/onPremisesSynchronization`; null when there is nothing in it.
#[napi(namespace = "tenant")]
pub fn parse_synchronization(json: Json<Graph>) -> napi::Result<Plain<Option<Synchronization>>> {
    caught(|| {
        let found = each(json.text(), |object| Ok(Synchronization::parse(object)))?;
        Ok(Plain(found.into_iter().next()))
    })
}

/// Reads Graph's `domains`. Sub-domains take over what they inherit from their root domain.
#[napi(namespace = "tenant")]
pub fn parse_domains(json: Json<Graph>) -> napi::Result<Plain<Vec<TenantDomain>>> {
    caught(|| Ok(Plain(inherit(each(json.text(), StatedDomain::parse)?))))
}

/// The cloud that an initial domain, such as `contoso.onmicrosoft.com`, belongs to.
#[napi(namespace = "tenant")]
pub fn cloud_of_initial_domain(domain: String) -> Plain<Option<Cloud>> {
    Plain(Cloud::of_initial_domain(&domain))
}

/// The container of a distinguished name: all behind its first comma that is not escaped.
#[napi(namespace = "tenant")]
pub fn container_of(dn: String) -> String {
    sspr::tenant::container_of(&dn).to_owned()
}
