//! `sspr.graph`: reading a tenant through Microsoft Graph, and writing what was read as evidence.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use pyo3::exceptions::PyTypeError;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3::{Borrowed, type_hint_identifier, type_hint_subscript, type_hint_union};
use sspr::evidence::Locator;
use sspr::graph::{
    ClientCertificate, GraphCloud, ManagedIdentity, Secret, Settings, Token, TokenProvider,
};
use sspr::{Error, ErrorCode};

use crate::data::data;
use crate::errors::{self, OrRaise};
use crate::work::{self, Callback};

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

/// A client that only reads: one answer, all pages of a list, or several answers at once, within the
/// documented rates, with waits and repetitions where Graph asks for them. Paths begin with the
/// version, such as `/v1.0/users?$top=999`.
#[pyclass(frozen, module = "sspr.graph")]
pub(crate) struct Client {
    inner: sspr::graph::Client,
    sign_in: SignIn,
    /// What a signal raised while it waited.
    signalled: Slot,
}

#[pymethods]
impl Client {
    /// Prepares a client without asking anybody.
    #[new]
    #[pyo3(signature = (
        sign_in, *, tenant = None, client_id = None, cloud = "global", root = None, authority = None,
        ca_file = None, rates = None, bounds = None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        py: Python<'_>,
        sign_in: &SignIn,
        tenant: Option<String>,
        client_id: Option<String>,
        cloud: &str,
        root: Option<String>,
        authority: Option<String>,
        ca_file: Option<PathBuf>,
        rates: Option<&Rates>,
        bounds: Option<&Bounds>,
    ) -> PyResult<Self> {
        let settings = Settings {
            tenant,
            client_id,
            cloud: named(cloud)?,
            root,
            authority,
            ca_file,
            rates: rates.map(|rates| rates.0).unwrap_or_default(),
            bounds: bounds.map(|bounds| bounds.0).unwrap_or_default(),
            ..Settings::new("")
        };
        let signalled = Slot::default();
        let slot = Arc::clone(&signalled);
        let inner = sspr::graph::Client::new(&settings, Arc::clone(&sign_in.inner))
            .or_raise(py)?
            .watched(move || {
                match Python::attach(|py| -> PyResult<()> {
                    py.check_signals()?;
                    Ok(())
                }) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(raised) => {
                        keep(&slot, Some(raised));
                        ControlFlow::Break(())
                    }
                }
            });
        Ok(Self {
            inner,
            sign_in: sign_in.clone(),
            signalled,
        })
    }

    /// One answer: a JSON object, as its bytes.
    fn get<'py>(&self, py: Python<'py>, path: String) -> PyResult<Bound<'py, PyBytes>> {
        let answer = self.ask(py, move |client| client.get(&path))?;
        Ok(PyBytes::new(py, &answer))
    }

    /// All pages of a list, each as its bytes. A list that cannot be read to its end is an error.
    fn pages<'py>(&self, py: Python<'py>, path: String) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let pages = self.ask(py, move |client| {
            let mut pages = Vec::new();
            client.pages(&path, &mut |page| {
                pages.push(page.to_vec());
                ControlFlow::Continue(())
            })?;
            Ok(pages)
        })?;
        Ok(pages.iter().map(|page| PyBytes::new(py, page)).collect())
    }

    /// Answers to several paths of v1.0, in their order: the bytes of each, or the exception that
    /// says why there are none.
    fn batch(&self, py: Python<'_>, paths: Vec<String>) -> PyResult<Vec<Answer>> {
        let answers = self.ask(py, move |client| {
            let paths: Vec<_> = paths.iter().map(String::as_str).collect();
            client.batch(&paths)
        })?;
        Ok(answers.into_iter().map(Answer).collect())
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.inner)
    }
}

impl Client {
    fn ask<T: Send>(
        &self,
        py: Python<'_>,
        ask: impl FnOnce(&sspr::graph::Client) -> sspr::Result<T> + Send,
    ) -> PyResult<T> {
        let asked = work::run(py, None, |_| ask(&self.inner));
        match take(&self.signalled) {
            Some(raised) => Err(raised),
            None => self.sign_in.raised(asked),
        }
    }
}

/// One answer of a batch.
pub(crate) struct Answer(sspr::Result<Vec<u8>>);

impl<'py> IntoPyObject<'py> for Answer {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = type_hint_union!(
        type_hint_identifier!("builtins", "bytes"),
        type_hint_identifier!("sspr._errors", "SsprError")
    );

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        match self.0 {
            Ok(bytes) => Ok(PyBytes::new(py, &bytes).into_any()),
            Err(error) => errors::Fault(error).into_pyobject(py),
        }
    }
}

/// How to sign in. Secrets are neither printed nor pickled, and the library wipes its copies; Python's
/// own strings stay where they are until Python reuses their memory.
#[pyclass(frozen, module = "sspr.graph")]
#[derive(Clone)]
pub(crate) struct SignIn {
    inner: Arc<sspr::graph::SignIn>,
    /// What the caller's function raised.
    raised: Slot,
}

/// Where an exception waits that was raised on another thread.
type Slot = Arc<Mutex<Option<PyErr>>>;

fn take(slot: &Slot) -> Option<PyErr> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}

#[pymethods]
impl SignIn {
    /// With a token that is there already. It cannot be renewed.
    #[staticmethod]
    fn token(token: String) -> Self {
        sspr::graph::SignIn::Token(Token::bearer(Secret::new(token))).into()
    }

    /// As an application, with its secret.
    #[staticmethod]
    fn client_secret(secret: String) -> Self {
        sspr::graph::SignIn::ClientSecret(Secret::new(secret)).into()
    }

    /// As an application, with its certificate and key in PEM.
    #[staticmethod]
    fn client_certificate(py: Python<'_>, pem: String) -> PyResult<Self> {
        let certificate = ClientCertificate::from_pem(&Secret::new(pem)).or_raise(py)?;
        Ok(sspr::graph::SignIn::ClientCertificate(certificate).into())
    }

    /// As an application, with a token of another issuer, in a file that is read at each renewal.
    #[staticmethod]
    fn federated_token(path: PathBuf) -> Self {
        sspr::graph::SignIn::FederatedToken(path).into()
    }

    /// As the machine inside of Azure that the run is on.
    #[staticmethod]
    fn managed_identity() -> Self {
        sspr::graph::SignIn::ManagedIdentity(ManagedIdentity::from_environment()).into()
    }

    /// As a person, who types a code in a browser on any machine. `show` is called with the prompt.
    #[staticmethod]
    fn device_code(show: Shows) -> Self {
        let raised = Slot::default();
        let slot = Arc::clone(&raised);
        let shown = move |prompt: &sspr::graph::DevicePrompt| {
            let shown =
                Python::attach(|py| show.0.call1(py, (DevicePrompt(prompt.clone()),)).map(drop));
            keep(&slot, shown.err());
        };
        Self {
            inner: Arc::new(sspr::graph::SignIn::DeviceCode(Arc::new(shown))),
            raised,
        }
    }

    /// With tokens that the caller gets. `provide` is called with the claims that Entra wants to see,
    /// as JSON, or with `None`. It gives a token, or a tuple of a token and the time of its end.
    #[staticmethod]
    fn provider(provide: Provides) -> Self {
        let raised = Slot::default();
        let provider = Provider {
            provide: provide.0,
            raised: Arc::clone(&raised),
        };
        Self {
            inner: Arc::new(sspr::graph::SignIn::Provider(Arc::new(provider))),
            raised,
        }
    }

    fn __repr__(&self) -> String {
        format!("SignIn.{:?}", self.inner)
    }
}

impl From<sspr::graph::SignIn> for SignIn {
    fn from(way: sspr::graph::SignIn) -> Self {
        Self {
            inner: Arc::new(way),
            raised: Slot::default(),
        }
    }
}

impl SignIn {
    /// What came of some work, or what the caller's own function raised meanwhile.
    fn raised<T>(&self, done: PyResult<T>) -> PyResult<T> {
        match take(&self.raised) {
            Some(raised) => Err(raised),
            None => done,
        }
    }
}

fn keep(slot: &Slot, raised: Option<PyErr>) {
    if raised.is_some() {
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = raised;
    }
}

struct Provider {
    provide: Py<PyAny>,
    raised: Slot,
}

impl TokenProvider for Provider {
    fn token(&self, claims: Option<&str>) -> sspr::Result<Token> {
        let given = Python::attach(|py| {
            let given = self.provide.bind(py).call1((claims,))?;
            if let Ok((token, end)) = given.extract::<(String, DateTime<Utc>)>() {
                return Ok(Token::new(token, Some(end)));
            }
            let token = given.extract::<String>().map_err(|_| {
                PyTypeError::new_err("a provider gives a token, or a tuple (token, end in UTC)")
            })?;
            Ok(Token::bearer(Secret::new(token)))
        });
        given.map_err(|raised| {
            keep(&self.raised, Some(raised));
            Error::new(
                ErrorCode::Value,
                Locator::Whole,
                "the token provider gave no token",
            )
        })
    }
}

/// A function of the caller's, with the type that the stubs show for it.
macro_rules! called {
    ($(#[$doc:meta])* $name:ident: $takes:expr, $gives:expr) => {
        $(#[$doc])*
        pub(crate) struct $name(Py<PyAny>);

        impl<'py> FromPyObject<'_, 'py> for $name {
            type Error = PyErr;

            const INPUT_TYPE: PyStaticExpr = type_hint_subscript!(
                type_hint_identifier!("collections.abc", "Callable"),
                PyStaticExpr::List { elts: &[$takes] },
                $gives
            );

            fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
                if object.is_callable() {
                    Ok(Self(object.to_owned().unbind()))
                } else {
                    Err(PyTypeError::new_err("expected something that can be called"))
                }
            }
        }
    };
}

const STR: PyStaticExpr = type_hint_identifier!("builtins", "str");
const NONE: PyStaticExpr = PyStaticExpr::Constant {
    value: pyo3::inspect::PyStaticConstant::None,
};
const TOKEN: PyStaticExpr = type_hint_union!(
    STR,
    type_hint_subscript!(
        type_hint_identifier!("builtins", "tuple"),
        STR,
        type_hint_identifier!("datetime", "datetime")
    )
);

called! {
    /// Shows a prompt.
    Shows: type_hint_identifier!("sspr.graph", "DevicePrompt"), type_hint_identifier!("builtins", "object")
}
called! {
    /// Gives a token.
    Provides: type_hint_union!(STR, NONE), TOKEN
}

data! {
    /// What a person is shown who is to sign in.
    DevicePrompt in "sspr.graph" is sspr::graph::DevicePrompt {
        /// Where to go.
        url: &str = |it| &it.url,
        /// What to type there.
        code: &str = |it| &it.code,
        /// Both in a sentence, in Entra's words.
        message: &str = |it| &it.message,
        /// Until when the code can be used.
        expires: DateTime<Utc> = |it| it.expires,
    }
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
