//! What callers hand over: paths, bytes, file objects, JSON in any form, times.

use std::borrow::Cow;
use std::io::{self, BufReader, Read};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use pyo3::exceptions::{PyException, PyTypeError};
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDateTime, PyDict, PyList, PyMemoryView, PyString, PyTuple, PyTzInfo};
use pyo3::{Borrowed, type_hint_identifier, type_hint_subscript, type_hint_union};
use sspr::evidence::Locator;
use sspr::snapshot::Input;
use sspr::{Error, ErrorCode};

use crate::{errors, feed};

const STR: PyStaticExpr = type_hint_identifier!("builtins", "str");
const BYTES: PyStaticExpr = type_hint_identifier!("builtins", "bytes");
const PATH: PyStaticExpr = type_hint_subscript!(type_hint_identifier!("os", "PathLike"), STR);
const READABLE: PyStaticExpr = type_hint_identifier!("sspr._types", "Readable");
const NAMED: PyStaticExpr =
    type_hint_subscript!(type_hint_identifier!("builtins", "tuple"), STR, BYTES);

/// How much is asked of a file object at once.
const CHUNK: usize = 256 * 1024;

/// A file, folder or archive by path, content with a name, or a file object.
pub(crate) enum Source {
    Path(PathBuf),
    Bytes(String, Vec<u8>),
    Stream(String, Stream),
}

impl<'py> FromPyObject<'_, 'py> for Source {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_union!(STR, PATH, NAMED, READABLE);

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(pair) = object.cast::<PyTuple>() {
            let (name, content): (String, Bound<'py, PyAny>) =
                pair.extract().map_err(|error: PyErr| {
                    if error.is_instance_of::<PyTypeError>(object.py()) || pair.len() != 2 {
                        wrong(&object)
                    } else {
                        error
                    }
                })?;
            let bytes = bytes_of(&content)?.ok_or_else(|| wrong(&content))?;
            return Ok(Self::Bytes(name, bytes));
        }
        if object.is_instance_of::<PyString>() || object.hasattr("__fspath__")? {
            return object.extract().map(Self::Path);
        }
        if object.hasattr("read")? {
            let name = object.getattr("name").ok();
            let name = name.and_then(|name| name.extract().ok());
            return Ok(Self::Stream(
                name.unwrap_or_else(|| "stream".to_owned()),
                Stream::new(object.to_owned().unbind()),
            ));
        }
        Err(wrong(&object))
    }
}

fn wrong(object: &Bound<'_, PyAny>) -> PyErr {
    let kind = object.get_type();
    let kind = kind
        .name()
        .map_or_else(|_| "?".to_owned(), |name| name.to_string());
    PyTypeError::new_err(format!(
        "expected a path, a tuple (name, bytes) or a binary file object, not {kind}"
    ))
}

impl Source {
    /// What its stream raises, for one that is a stream.
    pub(crate) fn raised(&self) -> Option<Raised> {
        match self {
            Self::Stream(_, stream) => Some(Arc::clone(&stream.raised)),
            _ => None,
        }
    }

    /// As evidence. A path that is not there is a slip of the hand, and raised.
    pub(crate) fn input(self, py: Python<'_>) -> PyResult<Input> {
        Ok(match self {
            Self::Path(path) => {
                std::fs::symlink_metadata(&path).map_err(|error| {
                    errors::raise(py, &feed::missing(&path.display().to_string(), error))
                })?;
                Input::path(path)
            }
            Self::Bytes(name, bytes) => Input::bytes(name, bytes),
            Self::Stream(name, stream) => Input::stream(name, stream.buffered()),
        })
    }
}

/// What a file object raised. It is raised again when the work has ended.
pub(crate) type Raised = Arc<Mutex<Option<PyErr>>>;

/// Raises what a file object raised: an interrupt as it is, everything else as the cause of an error
/// of the family.
pub(crate) fn raise_again(py: Python<'_>, raised: &[Raised]) -> PyResult<()> {
    for raised in raised {
        let taken = raised.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(cause) = taken {
            if !cause.is_instance_of::<PyException>(py) {
                return Err(cause);
            }
            let message = format!("the file object could not be read: {cause}");
            let error = errors::raise(py, &Error::new(ErrorCode::Io, Locator::Whole, message));
            error.set_cause(py, Some(cause));
            return Err(error);
        }
    }
    Ok(())
}

/// A binary file object as a reader.
pub(crate) struct Stream {
    file: Py<PyAny>,
    raised: Raised,
}

impl Stream {
    fn new(file: Py<PyAny>) -> Self {
        Self {
            file,
            raised: Raised::default(),
        }
    }

    /// With few calls of `read`.
    pub(crate) fn buffered(self) -> BufReader<Self> {
        BufReader::with_capacity(CHUNK, self)
    }

    fn fill(&self, py: Python<'_>, buffer: &mut [u8]) -> PyResult<usize> {
        let read = self.file.call_method1(py, "read", (buffer.len(),))?;
        let Some(bytes) = bytes_of(read.bind(py))? else {
            let kind = read.bind(py).get_type();
            return Err(PyTypeError::new_err(format!(
                "read() gave {}, not bytes; open the file in binary mode",
                kind.name()?
            )));
        };
        match buffer.get_mut(..bytes.len()) {
            Some(start) => {
                start.copy_from_slice(&bytes);
                Ok(bytes.len())
            }
            None => Err(PyTypeError::new_err(
                "read() gave more bytes than it was asked for",
            )),
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Python::attach(|py| {
            self.fill(py, buffer).map_err(|raised| {
                let error = io::Error::other(raised.to_string());
                *self.raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(raised);
                error
            })
        })
    }
}

/// The bytes of a bytes-like object; `None` for anything else.
fn bytes_of(object: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
    if object.is_instance_of::<PyMemoryView>() {
        let bytes = object.py().get_type::<PyBytes>().call1((object,))?;
        return Ok(Some(bytes.extract()?));
    }
    Ok(object.extract::<Cow<'_, [u8]>>().ok().map(Cow::into_owned))
}

/// One document: its bytes, its text, or the objects that Python's `json` made of it.
pub(crate) struct Document(pub(crate) Vec<u8>);

impl<'py> FromPyObject<'_, 'py> for Document {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_union!(
        STR,
        BYTES,
        type_hint_subscript!(
            type_hint_identifier!("builtins", "dict"),
            STR,
            type_hint_identifier!("typing", "Any")
        ),
        type_hint_subscript!(
            type_hint_identifier!("builtins", "list"),
            type_hint_identifier!("typing", "Any")
        )
    );

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(text) = object.cast::<PyString>() {
            return Ok(Self(text.to_cow()?.into_owned().into_bytes()));
        }
        if object.is_instance_of::<PyDict>() || object.is_instance_of::<PyList>() {
            let json = object.py().import("json")?;
            let text: String = json.call_method1("dumps", (object,))?.extract()?;
            return Ok(Self(text.into_bytes()));
        }
        bytes_of(&object)?.map(Self).ok_or_else(|| {
            let kind = object.get_type();
            let kind = kind
                .name()
                .map_or_else(|_| "?".to_owned(), |name| name.to_string());
            PyTypeError::new_err(format!(
                "expected JSON as text, bytes, dict or list, not {kind}"
            ))
        })
    }
}

/// An aware time.
pub(crate) struct When(pub(crate) DateTime<Utc>);

impl<'py> FromPyObject<'_, 'py> for When {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_identifier!("datetime", "datetime");

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let time = object.cast::<PyDateTime>()?;
        if time.call_method0("utcoffset")?.is_none() {
            return Err(errors::value(
                "a time without a time zone; say for instance datetime.now(timezone.utc)",
            ));
        }
        let utc = PyTzInfo::utc(object.py())?;
        time.call_method1("astimezone", (utc,))?.extract().map(Self)
    }
}
