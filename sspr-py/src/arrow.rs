//! Tables handed to other libraries through Arrow's C data interface, without a dependency on any.

use arrow_array::RecordBatchReader;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// A table as what `__arrow_c_stream__` gives.
pub(crate) fn stream(
    py: Python<'_>,
    table: impl RecordBatchReader + Send + 'static,
) -> PyResult<Bound<'_, PyAny>> {
    let stream = FFI_ArrowArrayStream::new(Box::new(table));
    PyCapsule::new_with_value(py, stream, c"arrow_array_stream").map(Bound::into_any)
}
