//! Several logs at once, for [`sspr.snapshot`](crate::snapshot): operations, and what support asks for.

use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use sspr::events::Filter;
use sspr::evidence::OnProgress;

use crate::log::Wanted;
use crate::roundtrip::{Found, SupportBundle};
use crate::snapshot::Reading;
use crate::source::{Given, reading};
use crate::value::Whole;
use crate::work::{OnStep, Stop};

/// Joins the logs among the inputs to operations.
#[napi(namespace = "loader")]
pub fn read_operations<'env>(
    env: &'env Env,
    inputs: Vec<Given<'_>>,
    how: Reading,
    wanted: Wanted,
    stop: &Stop,
    hear: Option<OnStep<'_>>,
) -> napi::Result<Object<'env>> {
    let (options, filter) = (how.options()?, wanted.filter(Filter::operations())?);
    let read = move |inputs, progress: &mut OnProgress<'_>| {
        let read = sspr::snapshot::read_operations(inputs, &options, &filter, progress)?;
        Ok(Found::new(read.operations, read.summary, Some(read.logs)))
    };
    reading(env, inputs, stop, hear, read, |found| found)
}

/// Gathers what support asks for about one of the operations that were found.
#[napi(namespace = "loader")]
pub fn read_support<'env>(
    env: &'env Env,
    inputs: Vec<Given<'_>>,
    how: Reading,
    found: &Found,
    number: Whole,
    stop: &Stop,
    hear: Option<OnStep<'_>>,
) -> napi::Result<Object<'env>> {
    let options = how.options()?;
    let operation = found.operation(&number)?;
    let read = move |inputs, progress: &mut OnProgress<'_>| {
        sspr::snapshot::read_support(inputs, &options, operation, progress)
    };
    reading(env, inputs, stop, hear, read, SupportBundle::from)
}
