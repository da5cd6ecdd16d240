//! `sspr.writeback`: servers, versions, endpoints.

use chrono::{DateTime, NaiveDate, Utc};
use pyo3::prelude::*;
use sspr::writeback::{Support, Version, VersionTable};

use crate::data::{data, taken, words};
use crate::errors::{self, Fault};
use crate::input::When;
use crate::tenant::Cloud;

/// What is to be said of a version of Entra Connect, such as `2.5.79.0`, on a day.
#[pyfunction]
pub(crate) fn standing(version: &str, as_of: When) -> PyResult<Standing> {
    let version = parse_version(version)?;
    Ok(Standing(VersionTable::builtin().standing(version, as_of.0)))
}

/// What the built-in table knows of releases of Entra Connect, the oldest first.
#[pyfunction]
pub(crate) fn releases() -> Vec<Release> {
    VersionTable::builtin()
        .releases
        .into_iter()
        .map(Release)
        .collect()
}

/// Hosts that Entra Connect must reach on port 443 for writeback in a cloud; `*` stands for any name.
#[pyfunction]
pub(crate) fn endpoints(cloud: Cloud) -> Vec<&'static str> {
    sspr::writeback::endpoints(cloud.0)
        .iter()
        .map(|it| it.as_str())
        .collect()
}

/// Hosts that the agents of cloud sync must reach on port 443 in a cloud.
#[pyfunction]
pub(crate) fn cloud_sync_endpoints(cloud: Cloud) -> Vec<&'static str> {
    sspr::writeback::cloud_sync_endpoints(cloud.0)
        .iter()
        .map(|it| it.as_str())
        .collect()
}

/// The application roles of the password reset service that writeback needs.
#[pyfunction]
pub(crate) fn writeback_roles() -> Vec<WritebackRole> {
    sspr::writeback::WRITEBACK_ROLES
        .into_iter()
        .map(WritebackRole)
        .collect()
}

/// The state of a certificate of Entra Connect's application.
#[pyfunction]
pub(crate) fn certificate_state(expires: When, as_of: When) -> CertificateState {
    CertificateState(sspr::writeback::certificate_state(expires.0, as_of.0))
}

/// Whether a Windows, by its caption, carries Entra Connect; `None` for one that is not known here.
#[pyfunction]
#[pyo3(signature = (caption, *, connect = None))]
pub(crate) fn windows_fit(caption: &str, connect: Option<&str>) -> PyResult<Option<Fit>> {
    let connect = connect.map(parse_version).transpose()?;
    let windows = sspr::writeback::Windows::of_caption(caption);
    Ok(windows.and_then(|windows| windows.fit(connect)).map(Fit))
}

fn parse_version(text: &str) -> PyResult<Version> {
    text.parse()
        .map_err(|_| errors::value("a version is four numbers, such as 2.5.79.0"))
}

fn support(support: Support) -> (String, Option<NaiveDate>) {
    match support {
        Support::Ended(day) => ("ended".to_owned(), Some(day)),
        Support::Until(day) => ("until".to_owned(), Some(day)),
        Support::NoEnd => ("noEnd".to_owned(), None),
    }
}

/// A server whose description holds nothing impossible.
#[pyclass(frozen, eq, module = "sspr.writeback")]
#[derive(Clone, PartialEq)]
pub(crate) struct Server(sspr::writeback::Server);

#[pymethods]
impl Server {
    /// Takes a draft, or raises a `PolicyError` with all its faults.
    #[new]
    fn new(py: Python<'_>, draft: &ServerDraft) -> PyResult<Self> {
        sspr::writeback::Server::try_from(draft.0.clone())
            .map(Self)
            .map_err(|faults| {
                let text = faults.to_string();
                errors::faults(py, text, faults.0.into_iter().map(Fault))
            })
    }

    /// The description.
    #[getter]
    fn settings(&self) -> ServerDraft {
        ServerDraft(self.0.get().clone())
    }

    fn __repr__(&self) -> String {
        format!("Server(host={:?})", self.0.get().host)
    }

    fn __hash__(&self) -> u64 {
        crate::data::hash(self.0.get())
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, PyAny>, (ServerDraft,)) {
        (slf.get_type().into_any(), (slf.get().settings(),))
    }
}

data! {
    wire
    /// What somebody says of an Entra Connect server, checked or not. Absent fields are unknown.
    ServerDraft in "sspr.writeback" is sspr::writeback::ServerDraft {
        /// Its host name, with or without its domain.
        host: &str = |it| &it.host,
        /// The version of Entra Connect.
        version: Option<String> = |it| it.version.map(|it| it.to_string()),
        /// The wizard's Password writeback box.
        writeback: Option<bool> = |it| it.writeback,
        /// Staging mode.
        staging: Option<bool> = |it| it.staging,
        /// The ADSync service.
        service: Option<SyncService> = |it| it.service.clone().map(SyncService),
        /// How it signs in to Entra ID.
        identity: Option<ConnectIdentity> = |it| it.identity.clone().map(ConnectIdentity),
        /// Connectors to forests.
        connectors: Vec<Connector> = |it| it.connectors.iter().cloned().map(Connector).collect(),
        /// Tests of network endpoints.
        endpoints: Vec<EndpointTest> = |it| it.endpoints.iter().cloned().map(EndpointTest).collect(),
    }
    #[new]
    #[pyo3(signature = (
        host, *, version = None, writeback = None, staging = None, service = None, identity = None,
        connectors = Vec::new(), endpoints = Vec::new(),
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        host: String,
        version: Option<&str>,
        writeback: Option<bool>,
        staging: Option<bool>,
        service: Option<PyRef<'_, SyncService>>,
        identity: Option<PyRef<'_, ConnectIdentity>>,
        connectors: Vec<PyRef<'_, Connector>>,
        endpoints: Vec<PyRef<'_, EndpointTest>>,
    ) -> PyResult<Self> {
        Ok(Self(sspr::writeback::ServerDraft {
            host,
            version: version.map(parse_version).transpose()?,
            writeback,
            staging,
            service: service.map(|it| it.0.clone()),
            identity: identity.map(|it| it.0.clone()),
            connectors: connectors.iter().map(|it| it.0.clone()).collect(),
            endpoints: endpoints.iter().map(|it| it.0.clone()).collect(),
        }))
    }

    /// Everything that is impossible in it, each with the JSON pointer of its field.
    fn faults(&self) -> Vec<Fault> {
        self.0.faults().into_iter().map(Fault).collect()
    }
}

data! {
    wire
    /// One Windows service.
    SyncService in "sspr.writeback" is sspr::writeback::SyncService {
        /// Its short name, such as `ADSync`.
        name: &str = |it| &it.name,
        /// Its state.
        state: Option<ServiceState> = |it| it.state.map(ServiceState),
        /// How it starts.
        start: Option<StartMode> = |it| it.start.map(StartMode),
    }
    #[new]
    #[pyo3(signature = (name, *, state = None, start = None))]
    fn new(name: String, state: Option<ServiceState>, start: Option<StartMode>) -> Self {
        Self(sspr::writeback::SyncService {
            name,
            state: state.map(|it| it.0),
            start: start.map(|it| it.0),
        })
    }
}

data! {
    wire
    /// How Entra Connect signs in to Entra ID.
    ConnectIdentity in "sspr.writeback" is sspr::writeback::ConnectIdentity {
        /// An application with a certificate (`true`) or the `Sync_…` account (`false`).
        application: bool = |it| it.application,
        /// Managed by Entra Connect, or brought by the administrator.
        managed: Option<bool> = |it| it.managed,
        /// When the certificate ends.
        certificate_expires: Option<DateTime<Utc>> = |it| it.certificate_expires,
    }
    #[new]
    #[pyo3(signature = (*, application, managed = None, certificate_expires = None))]
    fn new(application: bool, managed: Option<bool>, certificate_expires: Option<When>) -> Self {
        Self(sspr::writeback::ConnectIdentity {
            application,
            managed,
            certificate_expires: certificate_expires.map(|it| it.0),
        })
    }
}

data! {
    wire
    /// A connector of Entra Connect to a forest.
    Connector in "sspr.writeback" is sspr::writeback::Connector {
        /// Its name, usually the forest's.
        name: &str = |it| &it.name,
        /// Its id in upper case with braces, by which rules name it.
        id: Option<&str> = |it| it.id.as_deref(),
        /// The forest.
        forest: Option<&str> = |it| it.forest.as_deref(),
        /// The account it uses, such as `CONTOSO\MSOL_0123456789ab`.
        account: Option<&str> = |it| it.account.as_deref(),
        /// Whether LDAP traffic is signed and encrypted: the forest connection.
        sign_and_seal: Option<bool> = |it| it.sign_and_seal,
        /// Whether LDAP runs over TLS.
        ssl: Option<bool> = |it| it.ssl,
        /// When it was made.
        created: Option<DateTime<Utc>> = |it| it.created,
        /// Its domains.
        partitions: Vec<Partition> = |it| it.partitions.iter().cloned().map(Partition).collect(),
    }
    #[new]
    #[pyo3(signature = (
        name, *, id = None, forest = None, account = None, sign_and_seal = None, ssl = None, created = None,
        partitions = Vec::new(),
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        name: String,
        id: Option<String>,
        forest: Option<String>,
        account: Option<String>,
        sign_and_seal: Option<bool>,
        ssl: Option<bool>,
        created: Option<When>,
        partitions: Vec<PyRef<'_, Partition>>,
    ) -> Self {
        Self(sspr::writeback::Connector {
            name,
            id,
            forest,
            account,
            sign_and_seal,
            ssl,
            created: created.map(|it| it.0),
            partitions: partitions.iter().map(|it| it.0.clone()).collect(),
        })
    }
}

data! {
    wire
    /// A domain of a connector.
    Partition in "sspr.writeback" is sspr::writeback::Partition {
        /// The domain's distinguished name.
        dn: &str = |it| &it.dn,
        /// Whether it is synchronised.
        selected: Option<bool> = |it| it.selected,
        /// Containers that are synchronised, by distinguished name; none where that is not known.
        included: Vec<String> = |it| it.included.clone(),
        /// Containers inside those that are not.
        excluded: Vec<String> = |it| it.excluded.clone(),
        /// Whether LDAP traffic is signed and encrypted here.
        sign_and_seal: Option<bool> = |it| it.sign_and_seal,
        /// The domain controller that was used last.
        last_dc: Option<&str> = |it| it.last_dc.as_deref(),
        /// Domain controllers to prefer.
        preferred_dcs: Vec<String> = |it| it.preferred_dcs.clone(),
    }
    #[new]
    #[pyo3(signature = (
        dn, *, selected = None, included = Vec::new(), excluded = Vec::new(), sign_and_seal = None,
        last_dc = None, preferred_dcs = Vec::new(),
    ))]
    fn new(
        dn: String,
        selected: Option<bool>,
        included: Vec<String>,
        excluded: Vec<String>,
        sign_and_seal: Option<bool>,
        last_dc: Option<String>,
        preferred_dcs: Vec<String>,
    ) -> Self {
        Self(sspr::writeback::Partition {
            dn,
            selected,
            included,
            excluded,
            sign_and_seal,
            last_dc,
            preferred_dcs,
        })
    }
}

data! {
    wire
    /// One test of a network endpoint.
    EndpointTest in "sspr.writeback" is sspr::writeback::EndpointTest {
        /// The host that was to be reached.
        host: &str = |it| &it.host,
        /// The port.
        port: u16 = |it| it.port,
        /// Whether a TCP connection succeeded.
        reached: bool = |it| it.reached,
        /// The machine that tested, if known.
        tested_from: Option<&str> = |it| it.from.as_deref(),
        /// Whether a proxy stood in between, if known.
        proxy: Option<bool> = |it| it.proxy,
        /// When, if known.
        at: Option<DateTime<Utc>> = |it| it.at,
    }
    #[new]
    #[pyo3(signature = (host, *, port = 443, reached, tested_from = None, proxy = None, at = None))]
    fn new(
        host: String,
        port: u16,
        reached: bool,
        tested_from: Option<String>,
        proxy: Option<bool>,
        at: Option<When>,
    ) -> Self {
        Self(sspr::writeback::EndpointTest {
            host,
            port,
            reached,
            from: tested_from,
            proxy,
            at: at.map(|it| it.0),
        })
    }
}

data! {
    wire
    /// A release of Entra Connect.
    Release in "sspr.writeback" is sspr::writeback::Release {
        /// Its version.
        version: String = |it| it.version.to_string(),
        /// The first day without support; absent while no date is set.
        supported_until: Option<NaiveDate> = |it| it.supported_until,
        /// Microsoft took it back: it is to be uninstalled.
        recalled: bool = |it| it.recalled,
    }
}

data! {
    wire
    /// A version below which Entra Connect stops synchronising on a day.
    Floor in "sspr.writeback" is sspr::writeback::Floor {
        /// The least version that goes on.
        version: String = |it| it.version.to_string(),
        /// The day on which everything below it stops.
        day: NaiveDate = |it| it.from,
        /// That day also stops every server that does not sign in to Entra ID as an application.
        application_sign_in: bool = |it| it.application_sign_in,
    }
}

data! {
    /// A fault that Microsoft describes for some versions.
    KnownFault in "sspr.writeback" is sspr::writeback::KnownFault {
        /// The first version that has it; absent when all older ones do.
        first: Option<String> = |it| it.first.map(|it| it.to_string()),
        /// The first version without it.
        fixed_in: String = |it| it.fixed_in.to_string(),
        /// What happens, as a sentence.
        what: &str = |it| it.what,
    }
}

data! {
    /// What is to be said of a version on a day.
    Standing in "sspr.writeback" is sspr::writeback::Standing {
        /// The minimum version that is in force and that the version does not meet.
        stopped_by: Option<Floor> = |it| it.stopped_by.map(Floor),
        /// The next announced minimum version that the version does not meet.
        will_be_stopped_by: Option<Floor> = |it| it.will_be_stopped_by.map(Floor),
        /// Floors, in force or announced, that the version meets and that ask for an application's
        /// sign-in besides.
        application_floors: Vec<Floor> = |it| it.application_floors.iter().copied().map(Floor).collect(),
        /// Microsoft took the version back.
        recalled: bool = |it| it.recalled,
        /// Its support: `ended`, `until` or `noEnd`.
        support: String = |it| support(it.support).0,
        /// The day on which it ended or ends; `None` without an end.
        support_date: Option<NaiveDate> = |it| support(it.support).1,
        /// Its known faults.
        faults: Vec<KnownFault> = |it| it.faults.iter().copied().map(KnownFault).collect(),
        /// The table lists this very version.
        listed: bool = |it| it.listed,
        /// It is newer than anything the table knows.
        newer_than_table: bool = |it| it.newer_than_table,
    }
}

data! {
    /// An application role of the password reset service that writeback needs.
    WritebackRole in "sspr.writeback" is sspr::writeback::WritebackRole {
        /// Its id (`appRoleId`).
        id: String = |it| it.id.to_string(),
        /// Its name, such as `PasswordWriteback.RefreshClient.All`.
        name: &str = |it| it.name,
    }
}

words! {
    ServiceState in "sspr.writeback" is sspr::writeback::ServiceState { Stopped, StartPending, StopPending, Running, ContinuePending, PausePending, Paused };
    StartMode in "sspr.writeback" is sspr::writeback::StartMode { Automatic, Manual, Disabled };
    Fit in "sspr.writeback" is sspr::writeback::Fit { Supported, Caveat, Unsupported };
    CertificateState in "sspr.writeback" is sspr::writeback::CertificateState { Valid, Due, Expired };
}

taken! {
    ServiceState in "sspr.writeback";
    StartMode in "sspr.writeback";
}
