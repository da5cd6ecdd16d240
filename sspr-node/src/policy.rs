//! `sspr.policy`: the cloud side.

use std::collections::BTreeSet;

use napi_derive::napi;
use serde::Serialize;
use sspr::policy::{
    ADMINISTRATOR_ROLES, AdministratorRole, AuthenticationMethodsPolicy, AuthorizationPolicy,
    BannedVerdict, CloudPasswordFault, ConvergedMethod, IntegrationSettings, LegacyMethod,
    MethodsRequired, MigrationState, OnPremisesPasswordResetPolicies, PasswordResetPolicies,
    PasswordRules, PolicyDraft, ResetScope, TermFault, UpnFault, UsableMethods,
};

use crate::fault::{caught, faults, invalid, own};
use crate::plain::Plain;
use crate::value::{Bytes, Json, Whole};

/// The settings of a tenant's self-service password reset, every one within its range and none at
/// odds with another.
#[napi(namespace = "policy")]
pub struct SsprPolicy {
    inner: sspr::policy::SsprPolicy,
}

/// The methods that a reset can use, with what follows from them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Usable {
    /// The methods, and the others that are on somewhere.
    #[serde(flatten)]
    found: UsableMethods,
    /// How many of them count apart.
    independent: u32,
    /// How many are needed.
    needed: u32,
    /// Whether they suffice.
    is_enough: bool,
    /// Whether all hang on one phone.
    on_one_phone: bool,
}

impl From<UsableMethods> for Usable {
    fn from(found: UsableMethods) -> Self {
        Self {
            independent: found.independent(),
            needed: found.needed(),
            is_enough: found.is_enough(),
            on_one_phone: found.on_one_phone(),
            found,
        }
    }
}

#[napi(namespace = "policy")]
impl SsprPolicy {
    /// Checks a draft. Throws an `SsprError` whose `faults` list everything that is wrong with it.
    #[napi(constructor)]
    pub fn new(draft: Json<PolicyDraft>) -> napi::Result<Self> {
        let draft = draft.read()?;
        caught(|| {
            sspr::policy::SsprPolicy::try_from(draft)
                .map(|inner| Self { inner })
                .map_err(|found| faults(&found.to_string(), &found))
        })
    }

    /// For whom the reset is enabled.
    #[napi(getter)]
    pub fn scope(&self) -> Plain<ResetScope> {
        Plain(self.inner.scope().clone())
    }

    /// How many methods a reset takes.
    #[napi(getter)]
    pub fn methods_required(&self) -> u32 {
        self.inner.methods_required().count()
    }

    /// All settings, as a draft.
    #[napi(getter)]
    pub fn settings(&self) -> Plain<PolicyDraft> {
        Plain(self.inner.settings().clone())
    }

    /// The methods that a reset can use; null while the migration state or the methods are not known.
    #[napi]
    pub fn usable_methods(&self) -> napi::Result<Plain<Option<Usable>>> {
        caught(|| Ok(Plain(self.inner.usable_methods().map(Usable::from))))
    }

    /// The settings, for `JSON.stringify`.
    #[napi(js_name = "toJSON")]
    pub fn to_json(&self) -> Plain<PolicyDraft> {
        self.settings()
    }
}

/// The methods usable for a reset. `legacy` are the switches of the Password reset blade that are
/// on, `converged` the methods of the authentication methods policy, `required` is 1 or 2.
#[napi(namespace = "policy")]
pub fn usable_methods(
    legacy: Json<BTreeSet<LegacyMethod>>,
    converged: Json<Vec<ConvergedMethod>>,
    migration: Json<MigrationState>,
    required: Whole,
) -> napi::Result<Plain<Usable>> {
    let (legacy, converged) = (legacy.read()?, converged.read()?);
    let (migration, required) = (migration.word()?, required.get::<u32>()?);
    let required =
        MethodsRequired::try_from(required).map_err(|_| invalid("a reset takes 1 or 2 methods"))?;
    caught(|| {
        let found = sspr::policy::usable(&legacy, &converged, migration, required);
        Ok(Plain(found.into()))
    })
}

/// The rules that Microsoft Entra ID applies to the password of a cloud account.
#[napi(namespace = "policy")]
pub struct CloudPasswordRules {
    inner: sspr::policy::CloudPasswordRules,
}

#[napi(namespace = "policy")]
impl CloudPasswordRules {
    /// The usual rules: 8 to 256 characters of three classes. Other numbers replace them.
    #[napi(constructor)]
    pub fn new(
        minimum_length: Option<Whole>,
        maximum_length: Option<Whole>,
        classes: Option<Whole>,
    ) -> napi::Result<Self> {
        let mut inner = sspr::policy::CloudPasswordRules::default();
        for (slot, number) in [
            (&mut inner.minimum_length, minimum_length),
            (&mut inner.maximum_length, maximum_length),
            (&mut inner.classes, classes),
        ] {
            if let Some(number) = number {
                *slot = number.get()?;
            }
        }
        Ok(Self { inner })
    }

    /// The rules of a tenant for education.
    #[napi(factory)]
    pub fn education() -> Self {
        Self {
            inner: sspr::policy::CloudPasswordRules::EDUCATION,
        }
    }

    /// The rules that a candidate breaks, none when it is acceptable. The candidate is not kept.
    #[napi]
    pub fn check(&self, candidate: String) -> napi::Result<Plain<Vec<CloudPasswordFault>>> {
        caught(|| Ok(Plain(self.inner.check(&candidate))))
    }
}

/// Banned terms and names, ready to be compared with candidates.
#[napi(namespace = "policy")]
pub struct BannedPasswords {
    inner: sspr::policy::BannedPasswords,
}

#[napi(namespace = "policy")]
impl BannedPasswords {
    /// From the terms of a custom list, and the names that must not occur: the person's first and
    /// last name and the tenant's name.
    #[napi(constructor)]
    pub fn new(terms: Vec<String>, names: Option<Vec<String>>) -> napi::Result<Self> {
        let names = names.unwrap_or_default();
        caught(|| {
            Ok(Self {
                inner: sspr::policy::BannedPasswords::new(
                    terms.iter().map(String::as_str),
                    names.iter().map(String::as_str),
                ),
            })
        })
    }

    /// What keeps a term out of a custom list; null when nothing does.
    #[napi]
    pub fn check_term(term: String) -> Plain<Option<TermFault>> {
        Plain(sspr::policy::BannedPasswords::check_term(&term).err())
    }

    /// How a candidate fares. Microsoft's own list is secret, so that *accepted* is never proof.
    #[napi]
    pub fn judge(&self, candidate: String) -> napi::Result<Plain<BannedVerdict>> {
        caught(|| Ok(Plain(self.inner.judge(&candidate))))
    }
}

/// The roles of Entra ID whose holders are under the policy of administrators.
#[napi(namespace = "policy")]
pub fn administrator_roles() -> Plain<&'static [AdministratorRole]> {
    Plain(ADMINISTRATOR_ROLES)
}

/// The rules that a user principal name breaks, none when it is acceptable.
#[napi(namespace = "policy")]
pub fn check_upn(upn: String) -> Plain<Vec<UpnFault>> {
    Plain(sspr::policy::check_upn(&upn))
}

/// What the portal says of the Password reset blade, with the draft that follows from it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParsedPasswordResetPolicies {
    /// Each setting with its place.
    #[serde(flatten)]
    read: PasswordResetPolicies,
    /// What could be read, as a draft.
    draft: PolicyDraft,
}

/// Reads the portal's answer `PasswordReset/PasswordResetPolicies`.
#[napi(namespace = "policy")]
pub fn parse_password_reset_policies(
    json: Bytes,
) -> napi::Result<Plain<ParsedPasswordResetPolicies>> {
    caught(|| {
        let read = PasswordResetPolicies::parse(&json.0).map_err(|error| own(&error))?;
        let draft = read.draft();
        Ok(Plain(ParsedPasswordResetPolicies { read, draft }))
    })
}

/// What the portal says of the on-premises integration, with the settings that follow from it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParsedOnPremisesPolicies {
    /// Each setting with its place.
    #[serde(flatten)]
    read: OnPremisesPasswordResetPolicies,
    /// What could be read.
    settings: IntegrationSettings,
}

/// Reads the portal's answer `PasswordReset/OnPremisesPasswordResetPolicies`.
#[napi(namespace = "policy")]
pub fn parse_on_premises_policies(json: Bytes) -> napi::Result<Plain<ParsedOnPremisesPolicies>> {
    caught(|| {
        let read = OnPremisesPasswordResetPolicies::parse(&json.0).map_err(|error| own(&error))?;
        let settings = read.settings();
        Ok(Plain(ParsedOnPremisesPolicies { read, settings }))
    })
}

/// Reads Graph's `policies/authorizationPolicy`, as far as password reset goes.
#[napi(namespace = "policy")]
pub fn parse_authorization_policy(json: Bytes) -> napi::Result<Plain<AuthorizationPolicy>> {
    parsed(&json, AuthorizationPolicy::parse)
}

/// Reads Graph's `policies/authenticationMethodsPolicy`.
#[napi(namespace = "policy")]
pub fn parse_authentication_methods_policy(
    json: Bytes,
) -> napi::Result<Plain<AuthenticationMethodsPolicy>> {
    parsed(&json, AuthenticationMethodsPolicy::parse)
}

/// Reads one entry of Graph's `groupSettings`: banned passwords and smart lockout.
#[napi(namespace = "policy")]
pub fn parse_password_rules(json: Bytes) -> napi::Result<Plain<PasswordRules>> {
    parsed(&json, PasswordRules::parse)
}

fn parsed<T>(json: &Bytes, parse: impl FnOnce(&[u8]) -> sspr::Result<T>) -> napi::Result<Plain<T>> {
    caught(|| parse(&json.0).map(Plain).map_err(|error| own(&error)))
}
