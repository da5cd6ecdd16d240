//! `sspr.ldap`: reading a directory, and writing what was read as evidence.

use std::path::PathBuf;

use pyo3::prelude::*;
use sspr::ldap::{Secret, Settings};

use crate::data::data;
use crate::errors::OrRaise;
use crate::work::{self, Callback};

/// Reads a directory over LDAP and writes an evidence folder that `sspr.assess` takes.
///
/// `server` is `ldaps://dc01.contoso.com`, or `ldap://dc01.contoso.com` with `start_tls`. Its
/// certificate is verified: with the authorities of the operating system, or those of `ca_file`.
/// Nothing is changed in the directory. The library wipes its copy of the password; Python's own
/// string stays where it is until Python reuses its memory. A run that `progress` stopped, by raising,
/// goes on with `resume`.
#[pyfunction]
#[pyo3(signature = (
    server, user, password, folder, *, start_tls = false, address = None, ca_file = None, base = None,
    people = Vec::new(), connector_account = None, page_size = None, people_in_a_file = None,
    timeout_seconds = None, resume = false, progress = None,
))]
#[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
pub(crate) fn collect(
    py: Python<'_>,
    server: String,
    user: String,
    password: String,
    folder: PathBuf,
    start_tls: bool,
    address: Option<String>,
    ca_file: Option<PathBuf>,
    base: Option<String>,
    people: Vec<String>,
    connector_account: Option<String>,
    page_size: Option<u32>,
    people_in_a_file: Option<u32>,
    timeout_seconds: Option<u64>,
    resume: bool,
    progress: Option<Callback>,
) -> PyResult<Collected> {
    let secret = Secret::new(password);
    let default = Settings::new(server, user, folder);
    let settings = Settings {
        start_tls,
        address,
        ca_file,
        base,
        people,
        connector_account,
        page_size: page_size.unwrap_or(default.page_size),
        people_in_a_file: people_in_a_file.unwrap_or(default.people_in_a_file),
        timeout_seconds: timeout_seconds.unwrap_or(default.timeout_seconds),
        resume,
        ..default
    };
    work::run(py, progress, move |progress| {
        sspr::ldap::collect(&settings, Some(&secret), progress)
    })
    .map(Collected)
}

/// Every search that `collect` would make, without asking any server. What only the server knows
/// stands in angle brackets.
#[pyfunction]
#[pyo3(signature = (
    server, user, *, start_tls = false, base = None, people = Vec::new(), connector_account = None,
))]
pub(crate) fn plan(
    py: Python<'_>,
    server: String,
    user: String,
    start_tls: bool,
    base: Option<String>,
    people: Vec<String>,
    connector_account: Option<String>,
) -> PyResult<Vec<PlannedSearch>> {
    let settings = Settings {
        start_tls,
        base,
        people,
        connector_account,
        ..Settings::new(server, user, "evidence")
    };
    let searches = sspr::ldap::plan(&settings).or_raise(py)?;
    Ok(searches.into_iter().map(PlannedSearch).collect())
}

data! {
    /// What was collected.
    Collected in "sspr.ldap" is sspr::ldap::Collected {
        /// The folder with the evidence.
        folder: PathBuf = |it| it.folder.clone(),
        /// The DNS host name of the domain controller that answered.
        server: &str = |it| &it.server,
        /// The DNS name of its domain.
        domain: &str = |it| &it.domain,
        /// Files, the manifest apart.
        files: u64 = |it| it.files,
        /// People.
        people: u64 = |it| it.people,
        /// Distinct security descriptors.
        descriptors: u64 = |it| it.descriptors,
        /// Bytes received in this run.
        received: u64 = |it| it.received,
        /// What could not be read, in the collector's words.
        not_available: Vec<String> = |it| crate::evidence::gaps(&it.not_available),
    }
}

data! {
    /// A search that `collect` will make.
    PlannedSearch in "sspr.ldap" is sspr::ldap::PlannedSearch {
        /// The part of the evidence it is for, such as `people`.
        part: &str = |it| it.part,
        /// What it is for, in a sentence.
        why: &str = |it| it.why,
        /// The distinguished name it begins at; empty for the server's own entry.
        base: &str = |it| &it.base,
        /// `base` or `sub`.
        scope: &str = |it| it.scope,
        /// The filter, as RFC 4515 writes it.
        filter: &str = |it| &it.filter,
        /// The attributes that are asked for.
        attributes: Vec<String> = |it| it.attributes.clone(),
        /// The controls that are sent, by object identifier.
        controls: Vec<&'static str> = |it| it.controls.clone(),
        /// The same search as a command of OpenLDAP.
        command: &str = |it| &it.command,
    }
}
