//! Events from wherever they come, joined to operations.

use chrono::TimeDelta;
use pyo3::prelude::*;
use sspr::evidence::{Locator, Provenance, SourceId, Strength};

use super::Operation;
use super::settings::{self, ConnectorAccount, PersonFacts};
use super::summary::Summary;
use crate::errors;
use crate::events::Event;
use crate::events::audit::AuditRecord;
use crate::input::When;
use crate::work;

/// Joins events and records of all sources to operations, in whatever order they come: ascending,
/// descending, or one log after another, with what is delivered again. For events that come from
/// elsewhere; `sspr.snapshot.read_operations` reads logs by itself.
///
/// Events are held in some 150 bytes each until `finish`. It belongs to one thread at a time.
#[pyclass(module = "sspr.roundtrip")]
pub(crate) struct Correlator {
    inner: sspr::roundtrip::Correlator,
    hold: usize,
}

#[pymethods]
impl Correlator {
    /// A correlator that knows what is said here.
    ///
    /// `people` says who the people are, as far as lists tell. `connectors` are the accounts that
    /// write passwords into the domain; where there is none they are inferred. `skew` is how far two
    /// clocks may differ, 5 minutes unless said otherwise; `follow` how long after a write the hash
    /// synchronisation and the sign-ins that follow it are looked for, 24 hours; `hold` how many
    /// events are held at most, 2,000,000, which take some 400 MB: beyond it the half that lies
    /// farthest from the present event is joined and leaves, see `ready`.
    #[new]
    #[pyo3(signature = (
        *, people = None, connectors = None, skew = None, follow = None, hold = None,
    ))]
    fn new(
        people: Option<Vec<Py<PersonFacts>>>,
        connectors: Option<Vec<Py<ConnectorAccount>>>,
        skew: Option<TimeDelta>,
        follow: Option<TimeDelta>,
        hold: Option<usize>,
    ) -> PyResult<Self> {
        let settings = settings::of(people, connectors, skew, follow, hold)?;
        Ok(Self {
            hold: settings.hold,
            inner: sspr::roundtrip::Correlator::new(settings),
        })
    }

    /// Takes an event of a Windows log, whoever wrote it. Events that have nothing to do with
    /// operations are ignored. `source` is a number for its log, which the links of operations repeat.
    #[pyo3(signature = (event, *, source = 0))]
    fn push_event(&mut self, py: Python<'_>, event: &Event, source: u32) -> PyResult<()> {
        let event = &*event.0;
        let from = from(source, event.place.clone(), event.value.time.map(When));
        self.push(py, |inner| inner.push_event(&event.value, &from))
    }

    /// Takes a record of the tenant's audit log.
    #[pyo3(signature = (record, *, source = 0))]
    fn push_audit(&mut self, py: Python<'_>, record: &AuditRecord, source: u32) -> PyResult<()> {
        let record = &*record.0;
        let from = from(source, record.place.clone(), Some(When(record.time)));
        self.push(py, |inner| inner.push_audit(record, &from))
    }

    /// Takes the time that the directory keeps of a person's last password (`pwdLastSet`), with the
    /// user principal name, the account name or both.
    #[pyo3(signature = (at, *, user = None, account = None, domain = None, source = 0))]
    fn push_password_set(
        &mut self,
        py: Python<'_>,
        at: When,
        user: Option<String>,
        account: Option<String>,
        domain: Option<String>,
        source: u32,
    ) -> PyResult<()> {
        if user.is_none() && account.is_none() {
            return Err(errors::value(
                "it takes a user principal name or an account name",
            ));
        }
        let set = sspr::roundtrip::PasswordSet {
            user,
            account,
            domain,
            at: at.0,
        };
        let from = from(source, Locator::Whole, None);
        self.push(py, |inner| inner.push_password_set(&set, &from))
    }

    /// The Application log of a machine is there from `first` to `last`: what it does not hold of
    /// that time was not written. Without it the first and the last event of its writeback service
    /// bound the time.
    fn push_span(&mut self, host: &str, first: When, last: When) {
        self.inner.push_span(host, first.0, last.0);
    }

    /// How many events wait to be joined.
    #[getter]
    fn held(&self) -> usize {
        self.inner.held()
    }

    /// The operations that have left early, which happens beyond `hold` only.
    fn ready(&mut self) -> Vec<Operation> {
        self.inner.ready().map(Operation).collect()
    }

    /// All operations that are left, by time, and what else was found. The interpreter's lock is
    /// released meanwhile. It can be used anew afterwards, and knows what it was told when it was made.
    fn finish(&mut self, py: Python<'_>) -> PyResult<(Vec<Operation>, Summary)> {
        let inner = &mut self.inner;
        work::quietly(py, || {
            let mut operations = Vec::new();
            let summary = inner.finish(&mut |operation| operations.push(Operation(operation)));
            (operations, Summary(summary))
        })
    }

    fn __repr__(&self) -> String {
        format!("<Correlator that holds {} events>", self.inner.held())
    }
}

impl Correlator {
    /// Pushes something. A push beyond `hold` joins all, which takes its time.
    fn push(
        &mut self,
        py: Python<'_>,
        push: impl FnOnce(&mut sspr::roundtrip::Correlator) + Send,
    ) -> PyResult<()> {
        let inner = &mut self.inner;
        if inner.held() < self.hold {
            push(inner);
            return Ok(());
        }
        work::quietly(py, || push(inner))
    }
}

fn from(source: u32, locator: Locator, observed_at: Option<When>) -> Provenance {
    Provenance {
        source: SourceId(source),
        locator,
        observed_at: observed_at.map(|at| at.0),
        strength: Strength::Observed,
    }
}
