//! Posting what a watch tells.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use serde::Serialize;
use sspr::carrier::secret::Secret;
use sspr::watch::PostSettings;

use super::{Watch, since_or_now};
use crate::data::data;
use crate::errors::{Fault, OrRaise};
use crate::input::When;
use crate::span::Span;
use crate::work;

/// Posts what a watch has to tell to a receiver, as JSON lines (`application/x-ndjson`), a notice a line.
///
/// Notices that were taken, with any status from 200 to 299, are crossed out; all others stay in `untold`
/// of the watch and are posted again: right at the next `send` after a first failure, then after 10
/// seconds, 20, 40, up to ten minutes, and not before the `Retry-After` that the receiver answered with, up
/// to an hour, which the state of the watch keeps. Who saves that state before and after loses no notice; a
/// receiver that sees an `id` again leaves it.
///
/// A redirect (307 or 308) is followed within the same scheme, host and port. A proxy that the environment
/// names is used, but for addresses of this machine. It belongs to one thread at a time.
#[pyclass(module = "sspr.watch")]
pub(crate) struct Post(sspr::watch::Post);

#[pymethods]
impl Post {
    /// Checks the arguments and prepares everything, without speaking to anybody.
    ///
    /// `url` is `https`, or `http` on this machine itself. `headers` go with every request, such as
    /// `{"Authorization": "Bearer …"}`. Neither the address, beyond its host, nor a value of a header is
    /// printed, in errors either; the library wipes its copies, and Python's own strings stay where they
    /// are until Python reuses their memory. `ca_file` holds certificates, in PEM, of authorities that are
    /// trusted beside those of the operating system. `timeout` is how long one request may take, from the
    /// connection to the beginning of the answer: a second to an hour, 30 seconds without it. What is wrong
    /// with them is an `InputError`, and a file that cannot be read a `SourceError`.
    #[new]
    #[pyo3(signature = (url, *, headers = None, ca_file = None, timeout = None))]
    fn new(
        py: Python<'_>,
        url: String,
        headers: Option<BTreeMap<String, String>>,
        ca_file: Option<PathBuf>,
        timeout: Option<Span>,
    ) -> PyResult<Self> {
        let mut settings = PostSettings::new(Secret::new(url));
        let headers = headers.unwrap_or_default().into_iter();
        settings.headers = headers
            .map(|(name, value)| (name, Secret::new(value)))
            .collect();
        settings.ca_file = ca_file;
        if let Some(timeout) = timeout {
            let time = timeout.0.duration().and_then(|time| time.to_std().ok());
            settings.timeout = time.unwrap_or(Duration::MAX);
        }
        py.detach(|| sspr::watch::Post::new(&settings))
            .or_raise(py)
            .map(Self)
    }

    /// The receiver's host, and its port where that is not the usual one.
    #[getter]
    fn host(&self) -> &str {
        self.0.host()
    }

    /// Posts the first of what a watch has to tell, as many as go into one request, and crosses out what was
    /// taken. It waits for the receiver outside the interpreter's lock, and Ctrl-C stops it, with which all
    /// notices are kept. `now` is the present time unless it is given. What the receiver did not take, and
    /// why, is in what it gives, and is not raised.
    #[pyo3(signature = (watch, now = None))]
    fn send(
        &mut self,
        py: Python<'_>,
        mut watch: PyRefMut<'_, Watch>,
        now: Option<When>,
    ) -> PyResult<Posted> {
        let now = since_or_now(now);
        let (post, watch) = (&mut self.0, &mut watch.0);
        work::stopped(py, |stop| post.send(watch, now, stop)).map(|posted| Posted(posted.into()))
    }

    fn __repr__(&self) -> String {
        format!("<Post to {}>", self.0.host())
    }
}

/// What came of posting, in fields.
#[derive(Clone, Default, PartialEq, Serialize)]
pub(crate) struct Came {
    taken: usize,
    until: Option<DateTime<Utc>>,
    why: Option<sspr::Error>,
}

impl From<sspr::watch::Posted> for Came {
    fn from(posted: sspr::watch::Posted) -> Self {
        let mut came = Self::default();
        match posted {
            sspr::watch::Posted::Taken(taken) => came.taken = taken,
            sspr::watch::Posted::Waiting(until) => came.until = Some(until),
            sspr::watch::Posted::Kept { why, until } => {
                (came.why, came.until) = (Some(why), Some(until));
            }
        }
        came
    }
}

data! {
    /// What came of posting.
    Posted in "sspr.watch" is Came {
        /// How many notices the receiver took, which are crossed out. There may be more.
        taken: usize = |it| it.taken,
        /// Nothing is posted before this time, after failures or because the receiver asked for it; `None`
        /// where notices were taken, and where there were none.
        until: Option<DateTime<Utc>> = |it| it.until,
        /// Why the receiver took none: an exception that is not raised. The code `connection` may pass by
        /// itself; the others want somebody to look. `None` where it was not asked.
        why: Option<Fault> = |it| it.why.clone().map(Fault),
    }
}
