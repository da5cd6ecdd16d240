//! Errors of the core as exceptions of the package's one family.

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyType};
use serde::Serialize;
use sspr::{Error, ErrorCode};

const MODULE: &str = "sspr._errors";

/// What an exception says.
pub(crate) struct Said<'a> {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) place: Option<String>,
    pub(crate) help: Option<&'a str>,
}

/// An exception of a class of the family. Whatever goes wrong in building it is raised instead.
fn build(class: &Bound<'_, PyType>, said: &Said<'_>, more: &Bound<'_, PyDict>) -> PyErr {
    let built = || {
        more.set_item("code", &said.code)?;
        more.set_item("place", &said.place)?;
        more.set_item("help", said.help)?;
        class.call((&said.message,), Some(more))
    };
    match built() {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}

/// The exception for an error of the core: the class follows from the code.
pub(crate) fn raise(py: Python<'_>, error: &Error) -> PyErr {
    static SOURCE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static CANCELLED: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = match error.code {
        ErrorCode::Io => SOURCE.import(py, MODULE, "SourceError"),
        ErrorCode::Cancelled => CANCELLED.import(py, MODULE, "Cancelled"),
        _ => input_error(py),
    };
    let said = Said {
        code: word(&error.code),
        message: error.to_string(),
        place: Some(error.place.to_string()),
        help: error.help.as_deref(),
    };
    match class {
        Ok(class) => build(class, &said, &PyDict::new(py)),
        Err(failure) => failure,
    }
}

/// A value that an argument does not take.
pub(crate) fn value(message: impl Into<String>) -> PyErr {
    let said = Said {
        code: word(&ErrorCode::Value),
        message: message.into(),
        place: None,
        help: None,
    };
    Python::attach(|py| match input_error(py) {
        Ok(class) => build(class, &said, &PyDict::new(py)),
        Err(failure) => failure,
    })
}

fn input_error(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, MODULE, "InputError")
}

/// A defect of the library itself.
pub(crate) fn internal(py: Python<'_>, message: String) -> PyErr {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let said = Said {
        code: "internal".to_owned(),
        message,
        place: None,
        help: Some("please report it, with the call that led to it"),
    };
    match CLASS.import(py, MODULE, "InternalError") {
        Ok(class) => build(class, &said, &PyDict::new(py)),
        Err(failure) => failure,
    }
}

/// Everything that is wrong with a draft, at once. Each fault has a `field` and says what is wrong.
pub(crate) fn faults<'py>(
    py: Python<'py>,
    message: String,
    faults: impl Iterator<Item = impl IntoPyObject<'py>>,
) -> PyErr {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let said = Said {
        code: "policy".to_owned(),
        message,
        place: None,
        help: None,
    };
    let more = PyDict::new(py);
    let filled = faults
        .map(|fault| fault.into_bound_py_any(py))
        .collect::<PyResult<Vec<_>>>()
        .and_then(|faults| more.set_item("faults", PyList::new(py, faults)?));
    match filled.and_then(|()| CLASS.import(py, MODULE, "PolicyError")) {
        Ok(class) => build(class, &said, &more),
        Err(failure) => failure,
    }
}

/// The word that serde writes for a value that is a word.
pub(crate) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// A result of the core as one of Python.
pub(crate) trait OrRaise<T> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T>;
}

impl<T> OrRaise<T> for sspr::Result<T> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T> {
        self.map_err(|error| raise(py, &error))
    }
}

/// An error that is a value: an exception that nobody raised.
pub(crate) struct Fault(pub(crate) Error);

impl<'py> IntoPyObject<'py> for Fault {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    const OUTPUT_TYPE: pyo3::inspect::PyStaticExpr =
        pyo3::type_hint_identifier!("sspr._errors", "SsprError");

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        Ok(raise(py, &self.0).into_value(py).into_bound(py).into_any())
    }
}
