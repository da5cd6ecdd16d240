//! `sspr.schema`: the JSON Schemas of what this package writes.

use pyo3::prelude::*;

use crate::errors;

/// The JSON Schema (draft 2020-12) of a form of this package, as text: `report`.
#[pyfunction]
pub(crate) fn schema(name: &str) -> PyResult<&'static str> {
    match name {
        "report" => Ok(sspr::readiness::REPORT_JSON_SCHEMA),
        _ => Err(errors::value("there is one schema: report")),
    }
}
