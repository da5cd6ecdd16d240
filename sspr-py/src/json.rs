//! Plain data across the boundary: what serde writes, as Python's own dicts, lists and scalars.

use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use pyo3::{type_hint_identifier, type_hint_subscript};
use serde::Serialize;
use serde_json::Value;

use crate::errors;

/// A value as serde writes it, with the names of the JSON form.
pub(crate) struct Json(Value);

impl Json {
    pub(crate) fn of(value: &impl Serialize) -> Self {
        // The types of the core hold no map with keys that are not strings, and nothing else that
        // fails to serialise.
        Self(serde_json::to_value(value).unwrap_or_default())
    }
}

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        Self(value.clone())
    }
}

impl<'py> IntoPyObject<'py> for Json {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("builtins", "dict"),
        type_hint_identifier!("builtins", "str"),
        type_hint_identifier!("typing", "Any")
    );

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        object(py, &self.0)
    }
}

/// A dict that was made by hand.
pub(crate) struct Plain<'py>(pub(crate) Bound<'py, PyDict>);

impl<'py> IntoPyObject<'py> for Plain<'py> {
    type Target = PyDict;
    type Output = Bound<'py, PyDict>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = Json::OUTPUT_TYPE;

    fn into_pyobject(self, _: Python<'py>) -> PyResult<Self::Output> {
        Ok(self.0)
    }
}

fn object<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(value) => value.into_pyobject(py)?.to_owned().into_any(),
        Value::Number(value) => match (value.as_i64(), value.as_u64(), value.as_f64()) {
            (Some(value), _, _) => value.into_pyobject(py)?.into_any(),
            (_, Some(value), _) => value.into_pyobject(py)?.into_any(),
            (_, _, value) => value.into_pyobject(py)?,
        },
        Value::String(value) => value.into_pyobject(py)?.into_any(),
        Value::Array(values) => {
            let list = PyList::empty(py);
            for value in values {
                list.append(object(py, value)?)?;
            }
            list.into_any()
        }
        Value::Object(members) => {
            let dict = PyDict::new(py);
            for (name, value) in members {
                dict.set_item(name, object(py, value)?)?;
            }
            dict.into_any()
        }
    })
}

/// Indented JSON with a line feed at its end, as every JSON of this library is.
pub(crate) fn text(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads what [`text`] wrote.
pub(crate) fn parse<T: serde::de::DeserializeOwned>(text: &str) -> PyResult<T> {
    serde_json::from_str(text).map_err(|error| {
        Python::attach(|py| {
            let place = sspr::evidence::Locator::Line(error.line() as u64);
            errors::raise(py, &sspr::Error::syntax(place, error.to_string()))
        })
    })
}
