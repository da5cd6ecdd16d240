//! Long work: without the interpreter's lock, with progress, stopped by an exception or a signal,
//! and with a panic of the library raised as an error.

use std::any::Any;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use pyo3::exceptions::PyTypeError;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::{Borrowed, type_hint_identifier, type_hint_subscript};
use sspr::evidence::OnProgress;

use crate::errors::{self, OrRaise};
use crate::evidence::Progress;

/// How often signals are looked at when nobody hears of the progress.
const PACE: Duration = Duration::from_millis(50);

/// Runs long work outside the interpreter's lock. `progress` hears of it; what it raises stops the
/// work and is raised here, as is what a signal raises.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    progress: Option<Callback>,
    work: impl FnOnce(&mut OnProgress<'_>) -> sspr::Result<T> + Send,
) -> PyResult<T> {
    watched(py, progress, |watch| {
        work(&mut |progress| watch.hear(Some(&progress)))
    })
}

/// Runs long work that has no progress outside the interpreter's lock. It asks now and then whether to
/// stop; what a signal raises stops it, and is raised here.
pub(crate) fn stopped<T: Send>(
    py: Python<'_>,
    work: impl FnOnce(&mut dyn FnMut() -> ControlFlow<()>) -> sspr::Result<T> + Send,
) -> PyResult<T> {
    watched(py, None, |watch| work(&mut || watch.hear(None)))
}

fn watched<T: Send>(
    py: Python<'_>,
    progress: Option<Callback>,
    work: impl FnOnce(&mut Watch) -> sspr::Result<T> + Send,
) -> PyResult<T> {
    let mut watch = Watch::new(progress);
    let done = py.detach(|| catch_unwind(AssertUnwindSafe(|| work(&mut watch))));
    if let Some(raised) = watch.raised {
        return Err(raised);
    }
    match done {
        Ok(done) => done.or_raise(py),
        Err(panic) => Err(panicked(py, &*panic)),
    }
}

/// Runs work that nobody hears of and that cannot fail outside the interpreter's lock.
pub(crate) fn quietly<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> PyResult<T> {
    py.detach(|| catch_unwind(AssertUnwindSafe(work)))
        .map_err(|panic| panicked(py, &*panic))
}

/// The error for a panic of the library, which is a defect.
pub(crate) fn panicked(py: Python<'_>, panic: &(dyn Any + Send)) -> PyErr {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    let text = text.unwrap_or_else(|| "no message".to_owned());
    errors::internal(py, format!("a defect of the library: {text}"))
}

/// Who hears of progress.
pub(crate) struct Callback(Py<PyAny>);

impl Callback {
    pub(crate) fn call(&self, py: Python<'_>, progress: Progress) -> PyResult<()> {
        self.0.call1(py, (progress,)).map(drop)
    }
}

impl<'py> FromPyObject<'_, 'py> for Callback {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("collections.abc", "Callable"),
        PyStaticExpr::List {
            elts: &[type_hint_identifier!("sspr.evidence", "Progress")]
        },
        type_hint_identifier!("builtins", "object")
    );

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if object.is_callable() {
            Ok(Self(object.to_owned().unbind()))
        } else {
            Err(PyTypeError::new_err(
                "expected something that can be called with the progress",
            ))
        }
    }
}

/// Who hears of progress, and what was raised.
struct Watch {
    callback: Option<Callback>,
    next: Instant,
    raised: Option<PyErr>,
}

impl Watch {
    fn new(callback: Option<Callback>) -> Self {
        Self {
            callback,
            next: Instant::now() + PACE,
            raised: None,
        }
    }

    fn hear(&mut self, progress: Option<&sspr::evidence::Progress<'_>>) -> ControlFlow<()> {
        if self.callback.is_none() && Instant::now() < self.next {
            return ControlFlow::Continue(());
        }
        self.next = Instant::now() + PACE;
        let heard = Python::attach(|py| {
            py.check_signals()?;
            match (&self.callback, progress) {
                (Some(callback), Some(progress)) => callback.call(py, Progress::of(progress)),
                _ => Ok(()),
            }
        });
        match heard {
            Ok(()) => ControlFlow::Continue(()),
            Err(raised) => {
                self.raised = Some(raised);
                ControlFlow::Break(())
            }
        }
    }
}

/// Panics, so that a test can see what becomes of it.
#[pyfunction]
#[pyo3(name = "_panic")]
pub(crate) fn panic_for_a_test(py: Python<'_>) -> PyResult<()> {
    #[expect(clippy::panic, reason = "that is what it is for")]
    run(py, None, |_| panic!("on purpose"))
}
