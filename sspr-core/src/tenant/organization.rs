//! The organization, its domains and its synchronisation, as Graph tells them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{Cloud, SyncState, TenantDomain};
use crate::carrier::json::Object;
use crate::error::{Error, Result};
use crate::evidence::{At, Reading};

/// What Graph's `organization` says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// The tenant's id.
    pub id: Reading<Uuid>,
    /// Whether identities come from on-premises. `onPremisesSyncEnabled` is `null` where they never
    /// did, and absent where nobody asked.
    pub sync: Reading<SyncState>,
    /// The last directory synchronisation.
    pub last_sync: Reading<DateTime<Utc>>,
    /// The name the tenant was made with, such as `contoso.onmicrosoft.com`.
    pub initial_domain: Reading<String>,
}

impl Organization {
    /// Reads the object.
    pub fn parse(object: &Object<'_>) -> Self {
        let sync = match object.bool("onPremisesSyncEnabled") {
            Reading::Null(place) => Reading::Value(At::new(SyncState::Never, place)),
            reading => reading.map(|on| if on { SyncState::On } else { SyncState::Off }),
        };
        let initial = object
            .objects("verifiedDomains")
            .found()
            .and_then(|domains| {
                let initial = domains
                    .value
                    .into_iter()
                    .find(|domain| domain.bool("isInitial").value() == Some(&true))?;
                Some(initial.words("name").map(ToOwned::to_owned))
            });
        Self {
            id: object.guid("id"),
            sync,
            last_sync: object.time("onPremisesLastSyncDateTime"),
            initial_domain: initial.unwrap_or(Reading::Absent),
        }
    }
}

/// What Graph's `directory/onPremisesSynchronization` says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Synchronization {
    /// The tenant's id.
    pub id: Reading<Uuid>,
    /// Password hash synchronisation.
    pub hash_sync: Reading<bool>,
    /// `passwordWritebackEnabled`: documented as not in use, and evidence of nothing.
    pub reported_writeback: Reading<bool>,
    /// Whether the cloud's password policy applies to synced users.
    pub cloud_policy: Reading<bool>,
    /// Force password change at next logon.
    pub force_change: Reading<bool>,
    /// The version of the synchronisation client (beta only), such as `2.5.79.0`.
    pub client_version: Reading<String>,
}

impl Synchronization {
    /// Reads the object.
    pub fn parse(object: &Object<'_>) -> Self {
        let features = object.object("features");
        let feature = |name: &str| match &features {
            Reading::Value(at) => at.value.bool(name),
            Reading::Null(place) => Reading::Null(place.clone()),
            Reading::Bad(error) => Reading::Bad(error.clone()),
            Reading::Absent => Reading::Absent,
        };
        let client_version = object
            .object("configuration")
            .found()
            .map_or(Reading::Absent, |at| {
                at.value.words("synchronizationClientVersion")
            });
        Self {
            id: object.guid("id"),
            hash_sync: feature("passwordSyncEnabled"),
            reported_writeback: feature("passwordWritebackEnabled"),
            cloud_policy: feature("cloudPasswordPolicyForPasswordSyncedUsersEnabled"),
            force_change: feature("userForcePasswordChangeOnLogonEnabled"),
            client_version: client_version.map(ToOwned::to_owned),
        }
    }
}

/// A domain as an answer states it, before [`inherit`] fills in what sub-domains take over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatedDomain {
    /// The domain.
    pub domain: TenantDomain,
    /// Whether it is a root domain; the others inherit from theirs.
    pub root: bool,
}

impl StatedDomain {
    /// Reads an item of Graph's `domains`. Its name and its kind of authentication must be there.
    pub fn parse(object: &Object<'_>) -> Result<Self> {
        let missing =
            |name: &str| Error::value(object.place().member(name), format!("{name} is missing"));
        let text = |name: &str| match object.words(name) {
            Reading::Value(at) => Ok(at.value),
            Reading::Bad(error) => Err(error),
            Reading::Absent | Reading::Null(_) => Err(missing(name)),
        };
        let flag = |name: &str, usual: bool| object.bool(name).value().copied().unwrap_or(usual);
        let federated = match text("authenticationType")? {
            word if word.eq_ignore_ascii_case("Federated") => true,
            word if word.eq_ignore_ascii_case("Managed") => false,
            _ => {
                return Err(Error::value(
                    object.place().member("authenticationType"),
                    "expected Managed or Federated",
                ));
            }
        };
        Ok(Self {
            domain: TenantDomain {
                name: text("id")?.to_owned(),
                federated,
                initial: flag("isInitial", false),
                verified: flag("isVerified", true),
                password_validity_days: object
                    .integer("passwordValidityPeriodInDays")
                    .found()
                    .and_then(|at| u32::try_from(at.value).ok()),
            },
            root: flag("isRoot", true),
        })
    }
}

/// Gives sub-domains the authentication and the password validity of their root domain, and sorts
/// all by name.
pub fn inherit(mut stated: Vec<StatedDomain>) -> Vec<TenantDomain> {
    let roots: Vec<_> = stated
        .iter()
        .filter(|stated| stated.root)
        .map(|stated| stated.domain.clone())
        .collect();
    for StatedDomain { domain, root } in &mut stated {
        let above = |root: &&TenantDomain| {
            let rest = domain.name.len().checked_sub(root.name.len());
            rest.and_then(|at| Some((domain.name.get(..at)?, domain.name.get(at..)?)))
                .is_some_and(|(head, tail)| {
                    head.ends_with('.') && tail.eq_ignore_ascii_case(&root.name)
                })
        };
        if *root {
            continue;
        }
        if let Some(root) = roots
            .iter()
            .filter(above)
            .max_by_key(|root| root.name.len())
        {
            domain.federated = root.federated;
            domain.password_validity_days = root.password_validity_days;
        }
    }
    let mut domains: Vec<_> = stated.into_iter().map(|stated| stated.domain).collect();
    domains.sort_by(|a, b| a.name.cmp(&b.name));
    domains.dedup();
    domains
}

impl Cloud {
    /// The cloud of a tenant's initial domain.
    pub fn of_initial_domain(domain: &str) -> Option<Self> {
        let domain = domain.to_ascii_lowercase();
        [
            (".onmicrosoft.com", Self::Public),
            (".onmicrosoft.us", Self::UsGovernment),
            (".onmschina.cn", Self::China),
        ]
        .into_iter()
        .find(|(suffix, _)| domain.ends_with(suffix))
        .map(|(_, cloud)| cloud)
    }

    /// The cloud of a Graph address, such as the `@odata.context` of an answer.
    pub fn of_graph_url(url: &str) -> Option<Self> {
        let host = url.strip_prefix("https://")?.split('/').next()?;
        [
            ("graph.microsoft.com", Self::Public),
            ("graph.microsoft.us", Self::UsGovernment),
            ("dod-graph.microsoft.us", Self::UsGovernment),
            ("microsoftgraph.chinacloudapi.cn", Self::China),
        ]
        .into_iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(host))
        .map(|(_, cloud)| cloud)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::evidence::Locator;

    fn organization(value: &Value) -> Organization {
        Organization::parse(&Object::new(value.as_object().unwrap(), Locator::Whole))
    }

    #[test]
    fn absent_and_null_synchronisation_are_different_things() {
        let sync = |value| organization(&value).sync;
        let never = sync(json!({ "onPremisesSyncEnabled": null }));
        assert_eq!(never.value(), Some(&SyncState::Never));
        assert_eq!(sync(json!({ "id": "x" })), Reading::Absent);
        let off = sync(json!({ "OnPremisesSyncEnabled": false }));
        assert_eq!(off.value(), Some(&SyncState::Off));
        assert!(matches!(
            sync(json!({ "onPremisesSyncEnabled": 3 })),
            Reading::Bad(_)
        ));
    }

    #[test]
    fn sub_domains_take_over_what_their_root_has() {
        let domain = |name: &str, federated: bool, root: bool| {
            let value = json!({
                "id": name, "authenticationType": if federated { "Federated" } else { "Managed" },
                "isRoot": root, "passwordValidityPeriodInDays": if root { json!(90) } else { json!(null) },
            });
            StatedDomain::parse(&Object::new(value.as_object().unwrap(), Locator::Whole)).unwrap()
        };
        let domains = inherit(vec![
            domain("emea.contoso.com", false, false),
            domain("contoso.com", true, true),
            domain("notcontoso.com", false, false),
        ]);
        assert_eq!(domains[0].name, "contoso.com");
        assert!(domains[1].federated);
        assert_eq!(domains[1].password_validity_days, Some(90));
        assert!(!domains[2].federated, "another domain that ends alike");
    }

    #[test]
    fn clouds_are_told_by_their_names_only_when_certain() {
        assert_eq!(
            Cloud::of_initial_domain("contoso.onmicrosoft.us"),
            Some(Cloud::UsGovernment)
        );
        assert_eq!(
            Cloud::of_initial_domain("contoso.partner.onmschina.cn"),
            Some(Cloud::China)
        );
        assert_eq!(Cloud::of_initial_domain("contoso.com"), None);
        assert_eq!(
            Cloud::of_graph_url("https://graph.microsoft.com/v1.0/$metadata#users"),
            Some(Cloud::Public)
        );
        assert_eq!(
            Cloud::of_graph_url("https://graph.microsoft.com.contoso.com/v1.0"),
            None
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_object_is_read_or_refused(
            names in proptest::collection::vec("[a-z]{0,4}\\.?é?contoso\\.com", 0..6), text in ".{0,16}",
        ) {
            for junk in [json!(text), json!([text]), json!({ "passwordSyncEnabled": text }), json!(7), Value::Null] {
                let value = json!({
                    "id": junk, "onPremisesSyncEnabled": junk, "verifiedDomains": [junk], "features": junk,
                    "configuration": junk, "authenticationType": junk, "onPremisesLastSyncDateTime": junk,
                });
                let object = Object::new(value.as_object().unwrap(), Locator::Whole);
                let _ = (Organization::parse(&object), Synchronization::parse(&object));
                prop_assert!(StatedDomain::parse(&object).is_err());
            }
            let stated = names.iter().enumerate().map(|(index, name)| StatedDomain {
                domain: TenantDomain {
                    name: name.clone(), federated: index == 0, initial: false, verified: true,
                    password_validity_days: None,
                },
                root: index % 2 == 0,
            });
            prop_assert!(inherit(stated.collect()).len() <= names.len());
        }
    }
}
