//! `sspr.graph`: reading a tenant through Microsoft Graph, and writing what was read as evidence.

pub(crate) mod client;
pub(crate) mod sign_in;

use std::path::PathBuf;

use pyo3::prelude::*;
use sspr::graph::{GraphCloud, Settings};

use crate::data::data;
use crate::errors::{self, OrRaise};
use crate::work::{self, Callback};
use sign_in::SignIn;

/// Reads a tenant through Microsoft Graph and writes an evidence folder that `sspr.assess` takes.
///
/// Nothing is changed in the tenant: only GET, and batches of GETs, exist. `cloud` is `global`,
/// `usGovernment`, `usGovernmentDod` or `china`; `root` and `authority` name any other. `scope_group`
/// is the object id of the group that self-service reset is on for. What `progress` raises stops the
/// run, which goes on with `resume`; so does what a token provider raises, and it is raised here.
#[pyfunction]
#[pyo3(signature = (
    folder, sign_in, *, tenant = None, client_id = None, cloud = "global", root = None,
    authority = None, ca_file = None, scope_group = None, audit_days = 30, beta = false,
    gzip = false, resume = false, rates = None, bounds = None, progress = None,
))]
#[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
pub(crate) fn collect(
    py: Python<'_>,
    folder: PathBuf,
    sign_in: &SignIn,
    tenant: Option<String>,
    client_id: Option<String>,
    cloud: &str,
    root: Option<String>,
    authority: Option<String>,
    ca_file: Option<PathBuf>,
    scope_group: Option<String>,
    audit_days: u32,
    beta: bool,
    gzip: bool,
    resume: bool,
    rates: Option<&Rates>,
    bounds: Option<&Bounds>,
    progress: Option<Callback>,
) -> PyResult<Collected> {
    let settings = Settings {
        tenant,
        client_id,
        cloud: named(cloud)?,
        root,
        authority,
        ca_file,
        scope_group,
        audit_days,
        beta,
        gzip,
        resume,
        rates: rates.map(|rates| rates.0).unwrap_or_default(),
        bounds: bounds.map(|bounds| bounds.0).unwrap_or_default(),
        ..Settings::new(folder)
    };
    sign_in
        .raised(work::run(py, progress, |progress| {
            sspr::graph::collect(&settings, &sign_in.inner, progress)
        }))
        .map(Collected)
}

/// Every request that `collect` would make, without asking any server. What only the tenant knows
/// stands in angle brackets.
#[pyfunction]
#[pyo3(signature = (
    *, cloud = "global", root = None, scope_group = None, audit_days = 30, beta = false,
))]
pub(crate) fn plan(
    py: Python<'_>,
    cloud: &str,
    root: Option<String>,
    scope_group: Option<String>,
    audit_days: u32,
    beta: bool,
) -> PyResult<Vec<PlannedRequest>> {
    let settings = Settings {
        cloud: named(cloud)?,
        root,
        scope_group,
        audit_days,
        beta,
        ..Settings::new("evidence")
    };
    let requests = sspr::graph::plan(&settings).or_raise(py)?;
    Ok(requests.into_iter().map(PlannedRequest).collect())
}

/// What Graph does not tell, and where to get it.
#[pyfunction]
pub(crate) fn elsewhere() -> Vec<Elsewhere> {
    sspr::graph::ELSEWHERE
        .iter()
        .copied()
        .map(Elsewhere)
        .collect()
}

fn named(cloud: &str) -> PyResult<GraphCloud> {
    serde_json::from_value(cloud.into())
        .map_err(|_| errors::value(format!("`{cloud}` is no cloud that has a name here")))
}

data! {
    /// What was collected.
    Collected in "sspr.graph" is sspr::graph::Collected {
        /// The folder with the evidence.
        folder: PathBuf = |it| it.folder.clone(),
        /// The tenant's id.
        tenant: Option<&str> = |it| it.tenant.as_deref(),
        /// Its initial domain, such as `contoso.onmicrosoft.com`.
        initial_domain: Option<&str> = |it| it.initial_domain.as_deref(),
        /// Files, the manifest apart.
        files: u64 = |it| it.files,
        /// People in the list of users.
        people: u64 = |it| it.people,
        /// Bytes received in this run, unpacked.
        received: u64 = |it| it.received,
        /// What is not there, in the collector's words.
        not_available: Vec<String> = |it| crate::evidence::gaps(&it.not_available),
        /// Whether nothing was cut short. What was can be read on with `resume`.
        complete: bool = |it| it.complete,
    }
}

data! {
    /// A request that `collect` will make.
    PlannedRequest in "sspr.graph" is sspr::graph::PlannedRequest {
        /// The part of the evidence it is for, such as `users`.
        part: &str = |it| it.part,
        /// What it is for, in a sentence.
        why: &str = |it| it.why,
        /// `GET`, or `GET in $batch` where twenty go in one envelope.
        method: &str = |it| it.method,
        /// The address, readable. What only the tenant knows stands in angle brackets.
        url: &str = |it| &it.url,
        /// The least permission that gives it.
        permission: &str = |it| it.permission,
        /// Whether it is of the beta version, which may change any day.
        beta: bool = |it| it.beta,
    }
}

data! {
    /// Something that Graph does not tell, and where to get it.
    Elsewhere in "sspr.graph" is sspr::graph::Elsewhere {
        /// What.
        what: &str = |it| it.what,
        /// How to get it.
        how: &str = |it| it.how,
    }
}

data! {
    /// How many requests are sent at most. The defaults are Microsoft's documented limits.
    Rates in "sspr.graph" is sspr::graph::Rates {
        /// Resource units of identity requests in any 10 seconds.
        identity_units: u32 = |it| it.identity_units,
        /// Requests for reports and audit records in any 10 seconds.
        reports: u32 = |it| it.reports,
        /// Requests for conditional access policies in any second.
        conditional_access: u32 = |it| it.conditional_access,
    }
    #[new]
    #[pyo3(signature = (*, identity_units = None, reports = None, conditional_access = None))]
    fn new(
        identity_units: Option<u32>,
        reports: Option<u32>,
        conditional_access: Option<u32>,
    ) -> Self {
        let default = sspr::graph::Rates::default();
        Self(sspr::graph::Rates {
            identity_units: identity_units.unwrap_or(default.identity_units),
            reports: reports.unwrap_or(default.reports),
            conditional_access: conditional_access.unwrap_or(default.conditional_access),
        })
    }
}

data! {
    /// What a run, and each request in it, may cost.
    Bounds in "sspr.graph" is sspr::graph::Bounds {
        /// Most bytes of one answer, unpacked.
        answer_bytes: u64 = |it| it.answer_bytes,
        /// Most pages of one collection.
        pages: u32 = |it| it.pages,
        /// Most seconds of a whole run.
        seconds: u64 = |it| it.seconds,
        /// Seconds to wait for a connection, and for each part of an answer.
        timeout_seconds: u64 = |it| it.timeout_seconds,
        /// How often one request is sent at most.
        attempts: u32 = |it| it.attempts,
        /// Most seconds that one request waits between its attempts, all together.
        wait_seconds: u64 = |it| it.wait_seconds,
        /// The longest `Retry-After` that is obeyed, in seconds.
        retry_after_seconds: u64 = |it| it.retry_after_seconds,
        /// Of how many people, whose licences leave a doubt, the plans are read.
        people_in_doubt: u32 = |it| it.people_in_doubt,
    }
    #[new]
    #[pyo3(signature = (
        *, answer_bytes = None, pages = None, seconds = None, timeout_seconds = None, attempts = None,
        wait_seconds = None, retry_after_seconds = None, people_in_doubt = None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        answer_bytes: Option<u64>,
        pages: Option<u32>,
        seconds: Option<u64>,
        timeout_seconds: Option<u64>,
        attempts: Option<u32>,
        wait_seconds: Option<u64>,
        retry_after_seconds: Option<u64>,
        people_in_doubt: Option<u32>,
    ) -> Self {
        let default = sspr::graph::Bounds::default();
        Self(sspr::graph::Bounds {
            answer_bytes: answer_bytes.unwrap_or(default.answer_bytes),
            pages: pages.unwrap_or(default.pages),
            seconds: seconds.unwrap_or(default.seconds),
            timeout_seconds: timeout_seconds.unwrap_or(default.timeout_seconds),
            attempts: attempts.unwrap_or(default.attempts),
            wait_seconds: wait_seconds.unwrap_or(default.wait_seconds),
            retry_after_seconds: retry_after_seconds.unwrap_or(default.retry_after_seconds),
            people_in_doubt: people_in_doubt.unwrap_or(default.people_in_doubt),
        })
    }
}
