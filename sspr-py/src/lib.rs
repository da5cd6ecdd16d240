//! The Python package `sspr`, as the extension module `sspr._sspr`.
//!
//! The core decides; this crate converts types, releases the interpreter's lock and translates
//! errors. The package's Python files mirror the modules of the core by name and re-export what
//! stands here.
#![forbid(unsafe_code)]

mod command;
mod data;
mod directory;
mod errors;
mod events;
mod evidence;
mod explain;
mod forecast;
mod input;
mod json;
mod licensing;
mod policy;
mod readiness;
mod roundtrip;
mod schema;
mod snapshot;
mod tenant;
mod work;
mod writeback;

/// What is written in Rust. Import it from the modules of `sspr`.
#[pyo3::pymodule]
mod _sspr {
    use pyo3::prelude::*;
    use pyo3::types::PyTuple;
    use sspr::evidence::Limits;

    use crate::input::When;
    use crate::readiness::{Configuration, Report};

    #[pymodule_export]
    use crate::command::command;
    #[pymodule_export]
    use crate::work::panic_for_a_test;

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "that is what Python calls it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    /// Reads evidence and judges it: paths of files, folders and zip archives, tuples
    /// `(name, bytes)`, and binary file objects.
    ///
    /// The verdict is for `as_of`, or for now. `observed_at` is for evidence that does not tell
    /// itself when it was observed. `progress` hears of the work; what it raises stops it. Without
    /// any evidence the report says what to collect.
    #[pyfunction]
    #[pyo3(signature = (*evidence, as_of = None, observed_at = None, config = None, progress = None))]
    fn assess(
        py: Python<'_>,
        evidence: &Bound<'_, PyTuple>,
        as_of: Option<When>,
        observed_at: Option<When>,
        config: Option<&Configuration>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Report> {
        let sources = crate::snapshot::sources(evidence)?;
        let snapshot =
            crate::snapshot::read(py, sources, observed_at, Limits::default(), progress)?;
        let as_of = as_of.unwrap_or_else(When::now);
        crate::readiness::assess(py, &snapshot, as_of, config)
    }

    /// The words of every enumeration, for the test that holds the Python files to them.
    #[pyfunction]
    fn _words() -> Vec<(&'static str, &'static str, Vec<String>)> {
        let modules = [
            crate::directory::all(),
            crate::events::all(),
            crate::evidence::all(),
            crate::explain::all(),
            crate::forecast::all(),
            crate::licensing::all(),
            crate::policy::all(),
            crate::readiness::all(),
            crate::roundtrip::all(),
            crate::tenant::all(),
            crate::writeback::all(),
        ];
        modules.into_iter().flatten().collect()
    }

    /// The verdict on a tenant.
    #[pymodule]
    mod readiness {
        #[pymodule_export]
        use crate::readiness::{
            CollectEntry, Concerned, Configuration, EvidenceRef, Finding, LastProof, PeopleCount,
            Period, PhaseReport, Remedy, Report, Rule, assess, rule, rules,
        };
    }
}
