//! `sspr.snapshot`: evidence in, facts out.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use serde::Serialize;
use sspr::evidence::{Limits, OnProgress};
use sspr::licensing::Operation;
use sspr::snapshot::ReadOptions;
use sspr::tenant::PersonRef;
use uuid::Uuid;

use crate::fault::caught;
use crate::licensing::Entitled;
use crate::log::{evtx, zone};
use crate::plain::Plain;
use crate::source::{Given, reading};
use crate::value::{Json, Whole};
use crate::work::{OnStep, Stop};

/// How inputs are read.
#[napi(object, object_to_js = false, namespace = "loader")]
pub struct Reading {
    /// When evidence was observed that does not tell it itself.
    pub observed_at: Option<DateTime<Utc>>,
    /// Bounds on what an input may cost.
    pub limits: Option<Bounds>,
    /// The zone of times that come without one.
    pub time_zone: Option<String>,
    /// How many threads read logs.
    pub jobs: Option<Whole>,
    /// Examine every part of an `.evtx`.
    pub verify: Option<bool>,
}

macro_rules! bounds {
    ($($(#[$doc:meta])* $field:ident,)*) => {
        /// Bounds on what one input may cost.
        #[napi(object, object_to_js = false, namespace = "loader")]
        pub struct Bounds {
            $($(#[$doc])* pub $field: Option<Whole>,)*
        }

        impl Bounds {
            fn limits(&self) -> napi::Result<Limits> {
                let mut limits = Limits::default();
                $(if let Some(bound) = &self.$field {
                    limits.$field = bound.get()?;
                })*
                Ok(limits)
            }
        }
    };
}

bounds! {
    /// Largest single value that is held whole, in bytes.
    item_bytes,
    /// Most files in one folder or archive.
    files,
    /// Most bytes that one archive may unpack to.
    archive_bytes,
    /// Highest ratio of unpacked to packed bytes.
    archive_ratio,
    /// What an archive may unpack to whatever the ratio, in bytes.
    archive_floor,
    /// Deepest nesting of folders and archives.
    depth,
    /// Most located faults kept for one input.
    faults,
}

impl Reading {
    pub(crate) fn options(&self) -> napi::Result<ReadOptions> {
        Ok(ReadOptions {
            observed_at: self.observed_at,
            limits: match &self.limits {
                Some(bounds) => bounds.limits()?,
                None => Limits::default(),
            },
            zone: zone(self.time_zone.as_deref())?,
            evtx: evtx(self.jobs.as_ref(), self.verify)?,
        })
    }
}

/// Everything that was read about one tenant.
#[napi(namespace = "snapshot")]
pub struct Snapshot {
    inner: Arc<sspr::snapshot::Snapshot>,
}

/// A person of the evidence. What the evidence does not tell is null.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Person<'a> {
    /// The user principal name; empty where only the id is known.
    upn: &'a str,
    /// The Entra object id; null when only the directory told of the person.
    id: Option<Uuid>,
    /// The distinguished name of the container.
    container: Option<&'a str>,
    /// The distinguished name.
    dn: Option<String>,
    /// The security identifier.
    sid: Option<String>,
    /// When the on-premises password was set.
    password_set: Option<DateTime<Utc>>,
    /// The account is enabled.
    enabled: Option<bool>,
    /// Synchronised from the on-premises directory.
    synced: Option<bool>,
    /// A guest.
    guest: Option<bool>,
    /// Holds an administrator role.
    admin: Option<bool>,
    /// Registered enough methods.
    sspr_registered: Option<bool>,
    /// Allowed by the policy to reset.
    sspr_enabled: Option<bool>,
    /// Registered and allowed.
    sspr_capable: Option<bool>,
    /// Protected as an administrator now, in Active Directory.
    protected: Option<bool>,
    /// The password must be changed at next logon.
    must_change: Option<bool>,
    /// The account may not change its password.
    cannot_change: Option<bool>,
}

impl<'a> Person<'a> {
    fn of(person: &PersonRef<'a>) -> Self {
        let flags = person.flags();
        Self {
            upn: person.upn(),
            id: Some(person.id()).filter(|id| !id.is_nil()),
            container: person.container(),
            dn: person.dn(),
            sid: person.sid().map(|sid| sid.to_string()),
            password_set: person.password_set(),
            enabled: flags.enabled(),
            synced: flags.synced(),
            guest: flags.guest(),
            admin: flags.admin(),
            sspr_registered: flags.sspr_registered(),
            sspr_enabled: flags.sspr_enabled(),
            sspr_capable: flags.sspr_capable(),
            protected: flags.protected(),
            must_change: flags.must_change(),
            cannot_change: flags.cannot_change(),
        }
    }
}

#[napi(namespace = "snapshot")]
impl Snapshot {
    pub(crate) fn share(&self) -> Arc<sspr::snapshot::Snapshot> {
        Arc::clone(&self.inner)
    }

    /// What was read, in a fixed order. A finding's `source` is an index into this list.
    #[napi(getter)]
    pub fn evidence(&self) -> Plain<Vec<sspr::snapshot::Evidence>> {
        Plain(self.inner.evidence.clone())
    }

    /// What gave nothing.
    #[napi(getter)]
    pub fn skipped(&self) -> Plain<Vec<sspr::snapshot::Skipped>> {
        Plain(self.inner.skipped.clone())
    }

    /// How many people are in evidence.
    #[napi(getter)]
    pub fn size(&self) -> u32 {
        u32::try_from(self.inner.facts.people.people.len()).unwrap_or(u32::MAX)
    }

    /// The person with this user principal name, in any case.
    #[napi(ts_return_type = "Person | null")]
    pub fn person<'env>(&self, env: &'env Env, upn: String) -> napi::Result<Option<Object<'env>>> {
        caught(|| {
            let Some(person) = self.inner.facts.people.people.by_upn(&upn) else {
                return Ok(None);
            };
            Plain(Person::of(&person)).object(env).map(Some)
        })
    }

    /// Whether a person is licensed for an operation (`reset` without one), and whether the tenant
    /// makes it available; null where the person is not in evidence, or not known to be synchronised
    /// or not.
    #[napi]
    pub fn entitlement(
        &self,
        upn: String,
        operation: Option<Json<Operation>>,
    ) -> napi::Result<Plain<Option<Entitled>>> {
        let operation = operation.map_or(Ok(Operation::Reset), |word| word.word())?;
        caught(|| {
            let facts = &self.inner.facts;
            let person = facts.people.people.by_upn(&upn);
            Ok(Plain(person.and_then(|person| {
                facts
                    .licences
                    .entitlement(&person, operation)
                    .map(Into::into)
            })))
        })
    }

    /// A run of people; `index.js` makes an iterator of them.
    #[napi(skip_typescript)]
    pub fn people_from<'env>(
        &self,
        env: &'env Env,
        start: Whole,
        count: Whole,
    ) -> napi::Result<Object<'env>> {
        let (start, count): (usize, usize) = (start.get()?, count.get()?);
        caught(|| {
            let people = self
                .inner
                .facts
                .people
                .people
                .iter()
                .skip(start)
                .take(count);
            let people: Vec<_> = people.map(|person| Person::of(&person)).collect();
            Plain(people).object(env)
        })
    }
}

/// Reads evidence.
#[napi(namespace = "loader")]
pub fn read_snapshot<'env>(
    env: &'env Env,
    inputs: Vec<Given<'_>>,
    how: Reading,
    stop: &Stop,
    hear: Option<OnStep<'_>>,
) -> napi::Result<Object<'env>> {
    let options = how.options()?;
    let read = move |inputs, progress: &mut OnProgress<'_>| {
        sspr::snapshot::Snapshot::read(inputs, &options, progress)
    };
    reading(env, inputs, stop, hear, read, |snapshot| Snapshot {
        inner: Arc::new(snapshot),
    })
}
