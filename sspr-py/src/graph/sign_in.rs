//! Ways to sign in, and the callers' own functions among them.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use pyo3::exceptions::PyTypeError;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::{Borrowed, type_hint_identifier, type_hint_subscript, type_hint_union};
use sspr::evidence::Locator;
use sspr::graph::{ClientCertificate, ManagedIdentity, Secret, Token, TokenProvider};
use sspr::{Error, ErrorCode};

use crate::data::data;
use crate::errors::OrRaise;

/// How to sign in. Secrets are neither printed nor pickled, and the library wipes its copies; Python's
/// own strings stay where they are until Python reuses their memory.
#[pyclass(frozen, module = "sspr.graph")]
#[derive(Clone)]
pub(crate) struct SignIn {
    pub(super) inner: Arc<sspr::graph::SignIn>,
    /// What the caller's function raised.
    raised: Slot,
}

/// Where an exception waits that was raised on another thread.
pub(super) type Slot = Arc<Mutex<Option<PyErr>>>;

pub(super) fn take(slot: &Slot) -> Option<PyErr> {
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
    pub(super) fn raised<T>(&self, done: PyResult<T>) -> PyResult<T> {
        match take(&self.raised) {
            Some(raised) => Err(raised),
            None => done,
        }
    }
}

pub(super) fn keep(slot: &Slot, raised: Option<PyErr>) {
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
