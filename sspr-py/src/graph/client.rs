//! A client for whoever wants single answers.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3::{type_hint_identifier, type_hint_union};
use sspr::graph::Settings;

use super::named;
use super::sign_in::{SignIn, Slot, keep, take};
use super::{Bounds, Rates};
use crate::errors::{self, OrRaise};
use crate::work;

/// A client that only reads: one answer, all pages of a list, or several answers at once, within the
/// documented rates, with waits and repetitions where Graph asks for them. Paths begin with the
/// version, such as `/v1.0/users?$top=999`.
#[pyclass(frozen, module = "sspr.graph")]
pub(crate) struct Client {
    inner: sspr::graph::Client,
    sign_in: SignIn,
    /// What a signal raised while it waited.
    signalled: Slot,
}

#[pymethods]
impl Client {
    /// Prepares a client without asking anybody.
    #[new]
    #[pyo3(signature = (
        sign_in, *, tenant = None, client_id = None, cloud = "global", root = None, authority = None,
        ca_file = None, rates = None, bounds = None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        py: Python<'_>,
        sign_in: &SignIn,
        tenant: Option<String>,
        client_id: Option<String>,
        cloud: &str,
        root: Option<String>,
        authority: Option<String>,
        ca_file: Option<PathBuf>,
        rates: Option<&Rates>,
        bounds: Option<&Bounds>,
    ) -> PyResult<Self> {
        let settings = Settings {
            tenant,
            client_id,
            cloud: named(cloud)?,
            root,
            authority,
            ca_file,
            rates: rates.map(|rates| rates.0).unwrap_or_default(),
            bounds: bounds.map(|bounds| bounds.0).unwrap_or_default(),
            ..Settings::new("")
        };
        let signalled = Slot::default();
        let slot = Arc::clone(&signalled);
        let inner = sspr::graph::Client::new(&settings, Arc::clone(&sign_in.inner))
            .or_raise(py)?
            .watched(move || {
                match Python::attach(|py| -> PyResult<()> {
                    py.check_signals()?;
                    Ok(())
                }) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(raised) => {
                        keep(&slot, Some(raised));
                        ControlFlow::Break(())
                    }
                }
            });
        Ok(Self {
            inner,
            sign_in: sign_in.clone(),
            signalled,
        })
    }

    /// One answer: a JSON object, as its bytes.
    fn get<'py>(&self, py: Python<'py>, path: String) -> PyResult<Bound<'py, PyBytes>> {
        let answer = self.ask(py, move |client| client.get(&path))?;
        Ok(PyBytes::new(py, &answer))
    }

    /// All pages of a list, each as its bytes. A list that cannot be read to its end is an error.
    fn pages<'py>(&self, py: Python<'py>, path: String) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let pages = self.ask(py, move |client| {
            let mut pages = Vec::new();
            client.pages(&path, &mut |page| {
                pages.push(page.to_vec());
                ControlFlow::Continue(())
            })?;
            Ok(pages)
        })?;
        Ok(pages.iter().map(|page| PyBytes::new(py, page)).collect())
    }

    /// Answers to several paths of v1.0, in their order: the bytes of each, or the exception that
    /// says why there are none.
    fn batch(&self, py: Python<'_>, paths: Vec<String>) -> PyResult<Vec<Answer>> {
        let answers = self.ask(py, move |client| {
            let paths: Vec<_> = paths.iter().map(String::as_str).collect();
            client.batch(&paths)
        })?;
        Ok(answers.into_iter().map(Answer).collect())
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.inner)
    }
}

impl Client {
    fn ask<T: Send>(
        &self,
        py: Python<'_>,
        ask: impl FnOnce(&sspr::graph::Client) -> sspr::Result<T> + Send,
    ) -> PyResult<T> {
        let asked = work::run(py, None, |_| ask(&self.inner));
        match take(&self.signalled) {
            Some(raised) => Err(raised),
            None => self.sign_in.raised(asked),
        }
    }
}

/// One answer of a batch.
pub(crate) struct Answer(sspr::Result<Vec<u8>>);

impl<'py> IntoPyObject<'py> for Answer {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = type_hint_union!(
        type_hint_identifier!("builtins", "bytes"),
        type_hint_identifier!("sspr._errors", "SsprError")
    );

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        match self.0 {
            Ok(bytes) => Ok(PyBytes::new(py, &bytes).into_any()),
            Err(error) => errors::Fault(error).into_pyobject(py),
        }
    }
}
