//! What all that hands over items while it reads has in common.

use pyo3::prelude::*;

use crate::feed::Losses;

/// A class whose objects hand over items while they read.
pub(crate) trait Stream {
    type Item;

    /// The next one.
    fn step(&mut self, py: Python<'_>) -> PyResult<Option<Self::Item>>;

    /// Lets go of the source.
    fn end(&mut self);

    /// What could not be read so far.
    fn losses(&self) -> &Losses;

    /// What is left of the items, as an Arrow stream.
    fn table<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>>;
}

/// The methods that the class of a [`Stream`] has in Python, and more of its own.
macro_rules! stream {
    ($name:ident of $item:ty { $($more:tt)* }) => {
        #[pyo3::pymethods]
        impl $name {
            fn __iter__(slf: pyo3::PyRef<'_, Self>) -> pyo3::PyRef<'_, Self> {
                slf
            }

            fn __next__(&mut self, py: pyo3::Python<'_>) -> pyo3::PyResult<Option<$item>> {
                $crate::stream::Stream::step(self, py)
            }

            /// How many records could not be read so far.
            #[getter]
            fn lost(&self) -> u64 {
                $crate::stream::Stream::losses(self).count()
            }

            /// The first faults so far, each with its place.
            #[getter]
            fn faults(&self) -> Vec<$crate::errors::Fault> {
                $crate::stream::Stream::losses(self).first()
            }

            /// Stops reading and lets go of the source.
            fn close(&mut self) {
                $crate::stream::Stream::end(self);
            }

            fn __enter__(slf: pyo3::PyRef<'_, Self>) -> pyo3::PyRef<'_, Self> {
                slf
            }

            #[pyo3(signature = (*_exception: "object"))]
            fn __exit__(&mut self, _exception: &pyo3::Bound<'_, pyo3::types::PyTuple>) {
                $crate::stream::Stream::end(self);
            }

            /// What is left as an Arrow stream, for pyarrow, polars, pandas and `DuckDB`.
            #[pyo3(signature = (requested_schema = None))]
            fn __arrow_c_stream__<'py>(
                &mut self,
                py: pyo3::Python<'py>,
                requested_schema: Option<&pyo3::Bound<'py, pyo3::PyAny>>,
            ) -> pyo3::PyResult<pyo3::Bound<'py, pyo3::PyAny>> {
                // The protocol lets a producer give its own schema, and the consumer casts.
                let _ = requested_schema;
                $crate::stream::Stream::table(self, py)
            }

            $($more)*
        }
    };
}
pub(crate) use stream;
