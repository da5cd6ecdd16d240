//! Spans of time: `timedelta`, and `timedelta.max` for "never".

use chrono::Duration;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::PyDelta;
use pyo3::{Borrowed, type_hint_identifier};
use sspr::time::Interval;

use crate::errors;

const TIMEDELTA: PyStaticExpr = type_hint_identifier!("datetime", "timedelta");

/// A span of time, or "never".
pub(crate) struct Span(pub(crate) Interval);

impl<'py> IntoPyObject<'py> for Span {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = TIMEDELTA;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        match self.0.duration() {
            Some(span) => Ok(span.into_pyobject(py)?.into_any()),
            None => py.get_type::<PyDelta>().getattr("max"),
        }
    }
}

impl<'py> FromPyObject<'_, 'py> for Span {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = TIMEDELTA;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let span = object.cast::<PyDelta>()?;
        if span.eq(object.py().get_type::<PyDelta>().getattr("max")?)? {
            return Ok(Self(Interval::Never));
        }
        let span: Duration = span.extract()?;
        let ticks = span
            .num_microseconds()
            .and_then(|micros| micros.checked_mul(10));
        match ticks {
            Some(ticks) if ticks >= 0 => Ok(Self(Interval::from_ticks(ticks))),
            _ => Err(errors::value(
                "a span of time is not negative, and no longer than 29000 years",
            )),
        }
    }
}
