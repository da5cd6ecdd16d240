//! `sspr.evidence`: strength, subjects, what is missing, progress.

use pyo3::prelude::*;
use sspr::evidence::Stage;

use crate::data::{data, words};
use crate::errors;

data! {
    wire
    /// One missing fact.
    Missing in "sspr.evidence" is sspr::evidence::Missing {
        /// The fact's name, such as `domain.minimumPasswordAge`.
        fact: &str = |it| &it.fact,
        /// Of which server, domain or connector.
        subject: Option<&str> = |it| it.subject.as_deref(),
        /// Why it is absent: `notCollected`, `null`, `notAvailable`, `noPermission`, `unreadable`.
        why: String = |it| why(&it.gap),
    }
}

fn why(gap: &sspr::evidence::Gap) -> String {
    let gap = serde_json::to_value(gap).unwrap_or_default();
    errors::word(&gap.get("why"))
}

data! {
    wire
    /// Whom or what a file is about.
    Subject in "sspr.evidence" is sspr::evidence::Subject {
        /// The kind of subject.
        kind: SubjectType = |it| SubjectType(it.kind),
        /// Its id, if it has one.
        id: Option<&str> = |it| it.id.as_deref(),
        /// Its name, if it has one.
        name: Option<&str> = |it| it.name.as_deref(),
    }
}

/// How far long work has come.
#[pyclass(frozen, module = "sspr.evidence")]
pub(crate) struct Progress {
    /// What is being done: `recognising`, `reading`, `collecting` or `judging`.
    #[pyo3(get)]
    stage: &'static str,
    /// The input it is done to, or the part of a directory, if it is one.
    #[pyo3(get)]
    name: Option<String>,
    /// Bytes of this input read so far.
    #[pyo3(get)]
    bytes: u64,
    /// Bytes of this input in all, if known.
    #[pyo3(get)]
    total: Option<u64>,
}

impl Progress {
    pub(crate) fn of(progress: &sspr::evidence::Progress<'_>) -> Self {
        let (stage, name) = match progress.stage {
            Stage::Recognising(name) => ("recognising", Some(name.to_owned())),
            Stage::Reading(name) => ("reading", Some(name.to_owned())),
            Stage::Collecting { part, .. } => ("collecting", Some(part.to_owned())),
            _ => ("judging", None),
        };
        Self {
            stage,
            name,
            bytes: progress.bytes,
            total: progress.total,
        }
    }
}

#[pymethods]
impl Progress {
    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        crate::data::repr(
            slf.as_any(),
            "Progress",
            &["stage", "name", "bytes", "total"],
        )
    }
}

words! {
    Strength in "sspr.evidence" is sspr::evidence::Strength { Inferred, Attested, Exported, Observed };
    SubjectType in "sspr.evidence" is sspr::evidence::SubjectType { Tenant, Host, Domain, Gpo, Group, Role, User };
}

/// What a collector did not get, in its own words.
pub(crate) fn gaps(gaps: &[sspr::evidence::NotAvailable]) -> Vec<String> {
    gaps.iter()
        .map(|gap| match &gap.detail {
            Some(detail) => format!("{}: {detail}", gap.what),
            None => gap.what.clone(),
        })
        .collect()
}
