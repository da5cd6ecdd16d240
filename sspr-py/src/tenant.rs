//! `sspr.tenant`: people and what holds for the tenant as a whole.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use sspr::carrier::json::read_objects;
use sspr::snapshot::Snapshot;
use sspr::tenant::PersonRef;

use crate::data::{taken, words};
use crate::errors::{self, OrRaise};
use crate::input::Document;
use crate::json::Plain;
use crate::licensing::{Entitlement, Operation};

/// Reads Graph's `organization`: one object, or a page of one.
#[pyfunction]
pub(crate) fn parse_organization(py: Python<'_>, json: Document) -> PyResult<Organization> {
    let mut found = read_objects(&json.0, |object| {
        Ok(sspr::tenant::Organization::parse(object))
    })
    .or_raise(py)?;
    match (found.pop(), found.is_empty()) {
        (Some(organization), true) => Ok(Organization(organization)),
        _ => Err(errors::value("expected one organization")),
    }
}

/// The tenant as Graph's `organization` describes it.
#[pyclass(frozen, eq, module = "sspr.tenant")]
#[derive(PartialEq)]
pub(crate) struct Organization(sspr::tenant::Organization);

#[pymethods]
impl Organization {
    /// The tenant's id.
    #[getter]
    fn id(&self) -> Option<String> {
        self.0.id.value().map(ToString::to_string)
    }

    /// Whether identities come from an on-premises directory.
    #[getter]
    fn sync(&self) -> Option<SyncState> {
        self.0.sync.value().copied().map(SyncState)
    }

    /// When they were synchronised last.
    #[getter]
    fn last_sync(&self) -> Option<DateTime<Utc>> {
        self.0.last_sync.value().copied()
    }

    /// The initial domain, such as `contoso.onmicrosoft.com`.
    #[getter]
    fn initial_domain(&self) -> Option<&str> {
        self.0.initial_domain.value().map(String::as_str)
    }

    /// The cloud that the initial domain tells.
    #[getter]
    fn cloud(&self) -> Option<Cloud> {
        sspr::tenant::Cloud::of_initial_domain(self.0.initial_domain.value()?).map(Cloud)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let fields = ["id", "sync", "last_sync", "initial_domain"];
        crate::data::repr(slf.as_any(), "Organization", &fields)
    }
}

/// The people of a snapshot, one by one.
#[pyclass(module = "sspr.tenant")]
pub(crate) struct People {
    snapshot: Arc<Snapshot>,
    next: u32,
}

impl People {
    pub(crate) fn of(snapshot: Arc<Snapshot>) -> Self {
        Self { snapshot, next: 0 }
    }
}

#[pymethods]
impl People {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&mut self) -> Option<Person> {
        self.snapshot.facts.people.people.at(self.next)?;
        let person = Person {
            snapshot: Arc::clone(&self.snapshot),
            index: self.next,
        };
        self.next += 1;
        Some(person)
    }

    fn __length_hint__(&self) -> usize {
        let all = self.snapshot.facts.people.people.len();
        all.saturating_sub(self.next as usize)
    }
}

/// A person of the evidence. What is not known of the person is `None`. Equal is the same person of the
/// same snapshot.
#[pyclass(frozen, eq, module = "sspr.tenant")]
pub(crate) struct Person {
    snapshot: Arc<Snapshot>,
    index: u32,
}

impl PartialEq for Person {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && Arc::ptr_eq(&self.snapshot, &other.snapshot)
    }
}

impl Person {
    pub(crate) fn find(snapshot: &Arc<Snapshot>, name: &str) -> Option<Self> {
        let people = &snapshot.facts.people.people;
        let found = match name.parse() {
            Ok(id) => people.by_id(id),
            Err(_) => people.by_upn(name),
        };
        found.map(|person| Self {
            snapshot: Arc::clone(snapshot),
            index: person.index(),
        })
    }

    /// What the row says; a row once given out stays.
    fn row<T>(&self, say: impl FnOnce(PersonRef<'_>) -> Option<T>) -> Option<T> {
        self.snapshot
            .facts
            .people
            .people
            .at(self.index)
            .and_then(say)
    }
}

/// Answers to yes-or-no questions, each with its own `None`.
macro_rules! answers {
    ($($(#[$doc:meta])* $name:ident,)*; $($more:tt)*) => {
        const ANSWERS: &[&str] = &[$(stringify!($name)),*];

        #[pymethods]
        impl Person {
            $(
                $(#[$doc])*
                #[getter]
                fn $name(&self) -> Option<bool> {
                    self.row(|person| person.flags().$name())
                }
            )*
            $($more)*
        }
    };
}

answers! {
    /// The account is enabled.
    enabled,
    /// Synchronised from the on-premises directory.
    synced,
    /// A guest.
    guest,
    /// Holds an administrator role.
    admin,
    /// Registered enough methods.
    sspr_registered,
    /// Allowed by the policy to reset.
    sspr_enabled,
    /// Registered and allowed.
    sspr_capable,
    /// A usage location is set.
    usage_location,
    /// A phone number is in a form that SSPR ignores.
    bad_phone,
    /// The password never expires (Active Directory).
    never_expires,
    /// The account may not change its password (Active Directory).
    cannot_change,
    /// `adminCount` is 1 (Active Directory).
    admin_count,
    /// The password must be changed at next logon (Active Directory).
    must_change,
    /// A smart card is required to sign in (Active Directory).
    smart_card,
    /// Has been locked out; the lockout may have ended since (Active Directory).
    locked,
    /// Protected as an administrator now (Active Directory).
    protected,;

    /// The user principal name; empty where only the id is known.
    #[getter]
    fn upn(&self) -> String {
        self.row(|person| Some(person.upn().to_owned())).unwrap_or_default()
    }

    /// The object id; `None` where only the name is known.
    #[getter]
    fn id(&self) -> Option<String> {
        let id = self.row(|person| Some(person.id()))?;
        (!id.is_nil()).then(|| id.to_string())
    }

    /// The distinguished name of the container in Active Directory.
    #[getter]
    fn container(&self) -> Option<String> {
        self.row(|person| person.container().map(str::to_owned))
    }

    /// The distinguished name in Active Directory.
    #[getter]
    fn dn(&self) -> Option<String> {
        self.row(|person| person.dn())
    }

    /// The security identifier in Active Directory.
    #[getter]
    fn sid(&self) -> Option<String> {
        self.row(|person| person.sid().map(|sid| sid.to_string()))
    }

    /// When the on-premises password was set.
    #[getter]
    fn password_set(&self) -> Option<DateTime<Utc>> {
        self.row(|person| person.password_set())
    }

    /// Whether the person is licensed for an operation, and whether the tenant makes it available;
    /// `None` where it is not known whether the person is synchronised.
    #[pyo3(signature = (operation = Operation(sspr::licensing::Operation::Reset)))]
    fn entitlement(&self, operation: Operation) -> Option<Entitlement> {
        let licences = &self.snapshot.facts.licences;
        self.row(|person| licences.entitlement(&person, operation.0)).map(Entitlement)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        crate::data::repr(slf.as_any(), "Person", &["upn", "id", "enabled", "synced"])
    }

    fn __hash__(&self) -> u64 {
        crate::data::hash(&self.index)
    }

    /// As plain data, with the names of the attributes.
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Plain<'py>> {
        let dict = pyo3::types::PyDict::new(slf.py());
        let texts = ["upn", "id", "container", "dn", "sid", "password_set"];
        for name in texts.iter().chain(ANSWERS) {
            dict.set_item(name, slf.as_any().getattr(*name)?)?;
        }
        Ok(Plain(dict))
    }
}

words! {
    SyncState in "sspr.tenant" is sspr::tenant::SyncState { On, Off, Never };
    Cloud in "sspr.tenant" is sspr::tenant::Cloud { Public, UsGovernment, China };
    SignInType in "sspr.tenant" is sspr::tenant::SignInType { PasswordHashSync, PassThrough, Federated };
}

taken! {
    Cloud in "sspr.tenant";
}
