//! What the correlator is told beside events.

use chrono::TimeDelta;
use pyo3::prelude::*;
use sspr::roundtrip::Settings;
use uuid::Uuid;

use crate::data::data;
use crate::errors;

data! {
    wire
    /// What a list tells of one person.
    PersonFacts in "sspr.roundtrip" is sspr::roundtrip::PersonFacts {
        /// The user principal name.
        user: &str = |it| &it.user,
        /// The account name in the domain (`sAMAccountName`).
        account: Option<&str> = |it| it.account.as_deref(),
        /// The domain's short name.
        domain: Option<&str> = |it| it.domain.as_deref(),
        /// The id of the object in the cloud.
        object_id: Option<String> = |it| it.object_id.map(|id| id.to_string()),
        /// The immutable id, in base 64.
        source_anchor: Option<&str> = |it| it.source_anchor.as_deref(),
    }

    /// What is left out is not known.
    #[new]
    #[pyo3(signature = (user, *, account = None, domain = None, object_id = None, source_anchor = None))]
    fn new(
        user: String,
        account: Option<String>,
        domain: Option<String>,
        object_id: Option<&str>,
        source_anchor: Option<String>,
    ) -> PyResult<Self> {
        let object_id = object_id.map(Uuid::try_parse).transpose();
        Ok(Self(sspr::roundtrip::PersonFacts {
            user,
            account,
            domain,
            object_id: object_id.map_err(|_| errors::value("an object id is a GUID"))?,
            source_anchor,
        }))
    }
}

data! {
    wire
    /// An account that writes passwords into the domain for the writeback service.
    ConnectorAccount in "sspr.roundtrip" is sspr::roundtrip::ConnectorAccount {
        /// The account name, such as `MSOL_0123456789ab`.
        name: Option<&str> = |it| it.name.as_deref(),
        /// The domain's short name.
        domain: Option<&str> = |it| it.domain.as_deref(),
        /// The security identifier, such as `S-1-5-21-1-2-3-1105`.
        sid: Option<&str> = |it| it.sid.as_deref(),
    }

    /// It takes a name or a security identifier.
    #[new]
    #[pyo3(signature = (*, name = None, domain = None, sid = None))]
    fn new(name: Option<String>, domain: Option<String>, sid: Option<String>) -> PyResult<Self> {
        if name.is_none() && sid.is_none() {
            return Err(errors::value("an account has a name or a security identifier"));
        }
        Ok(Self(sspr::roundtrip::ConnectorAccount { name, domain, sid }))
    }
}

/// The settings that some arguments make.
pub(super) fn of(
    people: Option<Vec<Py<PersonFacts>>>,
    connectors: Option<Vec<Py<ConnectorAccount>>>,
    skew: Option<TimeDelta>,
    follow: Option<TimeDelta>,
    hold: Option<usize>,
) -> PyResult<Settings> {
    let default = Settings::default();
    let people = people.unwrap_or_default();
    let connectors = connectors.unwrap_or_default();
    Ok(Settings {
        people: people.iter().map(|one| one.get().0.clone()).collect(),
        connectors: connectors.iter().map(|one| one.get().0.clone()).collect(),
        skew: span("skew", skew)?.unwrap_or(default.skew),
        follow: span("follow", follow)?.unwrap_or(default.follow),
        hold: hold.unwrap_or(default.hold),
    })
}

fn span(name: &str, span: Option<TimeDelta>) -> PyResult<Option<TimeDelta>> {
    match span {
        Some(span) if span < TimeDelta::zero() => {
            Err(errors::value(format!("`{name}` is not negative")))
        }
        span => Ok(span),
    }
}
