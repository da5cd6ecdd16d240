//! Several logs at once, for [`sspr.snapshot`](crate::snapshot): operations, and what support asks for.

use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use sspr::events::Filter;

use crate::fault::{caught, invalid, own};
use crate::log::Wanted;
use crate::roundtrip::{Found, SupportBundle};
use crate::snapshot::Reading;
use crate::source::{Given, inputs, sources};
use crate::value::Whole;
use crate::work::{OnStep, Stop, Watch, promised};

/// Joins the logs among the inputs to operations.
#[napi(namespace = "loader")]
pub fn read_operations<'env>(
    env: &'env Env,
    given: Vec<Given<'_>>,
    reading: Reading,
    wanted: Wanted,
    stop: &Stop,
    hear: Option<OnStep<'_>>,
) -> napi::Result<Object<'env>> {
    let (options, filter) = (reading.options()?, wanted.filter(Filter::operations())?);
    let sources = sources(given);
    let watch = Watch::new(stop, hear)?;
    promised(
        env,
        move || {
            let inputs = inputs(sources);
            let read =
                sspr::snapshot::read_operations(inputs, &options, &filter, &mut |progress| {
                    watch.hears(&progress)
                });
            let read = read.map_err(|error| own(&error))?;
            Ok(Found::new(read.operations, read.summary, Some(read.logs)))
        },
        |found| found,
    )
}

/// Gathers what support asks for about one of the operations that were found.
#[napi(namespace = "loader")]
pub fn read_support<'env>(
    env: &'env Env,
    given: Vec<Given<'_>>,
    reading: Reading,
    found: &Found,
    number: Whole,
    stop: &Stop,
    hear: Option<OnStep<'_>>,
) -> napi::Result<Object<'env>> {
    let options = reading.options()?;
    let operation = caught(|| Ok(found.operation(number.get()?)))?;
    let operation = operation.ok_or_else(|| invalid("there is no such operation"))?;
    let sources = sources(given);
    let watch = Watch::new(stop, hear)?;
    promised(
        env,
        move || {
            let inputs = inputs(sources);
            sspr::snapshot::read_support(inputs, &options, operation, &mut |progress| {
                watch.hears(&progress)
            })
            .map_err(|error| own(&error))
        },
        SupportBundle::from,
    )
}
