//! The `sspr` command, carried by the package.

use std::ffi::OsString;

use pyo3::prelude::*;

use crate::work;

/// Runs the `sspr` command on this process's own streams, with the arguments after its name, and
/// gives its exit code.
#[pyfunction]
pub(crate) fn command(py: Python<'_>, args: Vec<OsString>) -> PyResult<u8> {
    work::quietly(py, || sspr_cli::run_in_process(args))
}
