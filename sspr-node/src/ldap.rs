//! `sspr.ldap`: reading a directory, and writing what was read as evidence.

use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use sspr::ldap::{PlannedSearch, Secret, Settings};

use crate::fault::{caught, own};
use crate::plain::Plain;
use crate::value::Json;
use crate::work::{OnStep, Stop, Watch, promised};

/// Reads a directory and writes an evidence folder.
#[napi(namespace = "loader")]
pub fn collect_directory<'env>(
    env: &'env Env,
    settings: Json<Settings>,
    password: String,
    stop: &Stop,
    hear: Option<OnStep<'_>>,
) -> napi::Result<Object<'env>> {
    let secret = Secret::new(password);
    let settings = settings.read()?;
    let watch = Watch::new(stop, hear)?;
    promised(
        env,
        move || {
            sspr::ldap::collect(&settings, Some(&secret), &mut |progress| {
                watch.hears(&progress)
            })
            .map_err(|error| own(&error))
        },
        Plain,
    )
}

/// Every search that `collect` would make with these settings, without asking any server. What only
/// the server knows stands in angle brackets.
#[napi(namespace = "ldap")]
pub fn plan(settings: Json<Settings>) -> napi::Result<Plain<Vec<PlannedSearch>>> {
    let settings: Settings = settings.read()?;
    caught(|| {
        sspr::ldap::plan(&settings)
            .map(Plain)
            .map_err(|error| own(&error))
    })
}
