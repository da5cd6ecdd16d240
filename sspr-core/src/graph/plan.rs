//! What is asked of Graph, in which order, and with which permission.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::limiter::Budget;
use super::settings::{GraphCloud, Settings};
use crate::error::Result;

/// How an answer looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One object.
    One,
    /// A collection, page by page.
    List,
    /// Either, by the documents that describe it.
    Either,
}

/// What it means when Graph does not know the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// This cloud does not have it.
    InThisCloud,
    /// The tenant does not have it, and this is why.
    InThisTenant(&'static str),
}

/// One request whose answer becomes a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// The kind of evidence, as a manifest names it.
    pub(super) kind: &'static str,
    /// The name of the file, without its ending.
    pub(super) file: String,
    pub(super) why: &'static str,
    /// Path and query, readable.
    pub(super) path: String,
    pub(super) shape: Shape,
    pub(super) budget: Budget,
    /// What it costs of its budget.
    pub(super) units: u32,
    /// The least permission that gives it.
    pub(super) permission: &'static str,
    /// What else a refusal may mean.
    pub(super) refused: Option<&'static str>,
    pub(super) missing: Missing,
    pub(super) beta: bool,
}

/// A request that [`collect`](fn@super::collect) will make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedRequest {
    /// The part of the evidence it is for, such as `users`.
    pub part: &'static str,
    /// What it is for, in a sentence.
    pub why: &'static str,
    /// `GET`, or `GET in $batch` where twenty go in one envelope.
    pub method: &'static str,
    /// The address, readable. What only the tenant knows stands in angle brackets.
    pub url: String,
    /// The least permission that gives it, by its name for applications and for people.
    pub permission: &'static str,
    /// Of the beta version, which may change any day.
    pub beta: bool,
}

/// Something that Graph does not tell, and where to get it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Elsewhere {
    /// What.
    pub what: &'static str,
    /// How to get it.
    pub how: &'static str,
}

/// What Graph does not tell, in any version, and where to get it.
pub const ELSEWHERE: &[Elsewhere] = &[
    Elsewhere {
        what: "for whom self-service reset is on, how many methods it takes and which, and whether passwords are written back",
        how: "sspr attest asks for it, with the path in the Entra admin center; or save the answers of the Password reset blade from the browser",
    },
    Elsewhere {
        what: "the Entra Connect server: its version, service, connectivity and log",
        how: "sspr collect script --part Connect, run on that server",
    },
    Elsewhere {
        what: "the domain: password policies, access lists, the connector account's rights",
        how: "sspr collect ldap, or sspr collect script --part Directory",
    },
];

/// The fields of a user. `assignedPlans` would make a page 16 times as large; they are read for
/// those alone whose licences leave a doubt.
const USER: &str = "id,userPrincipalName,accountEnabled,userType,usageLocation,onPremisesSyncEnabled,\
onPremisesDistinguishedName,onPremisesDomainName,onPremisesLastSyncDateTime,lastPasswordChangeDateTime,\
passwordPolicies,assignedLicenses,licenseAssignmentStates,mobilePhone,businessPhones";

/// The fields of a member.
const MEMBER: &str = "id,userPrincipalName";

const NOT_IN_TENANT: Missing = Missing::InThisTenant("the tenant does not have it");

fn part(kind: &'static str, path: &str, permission: &'static str, why: &'static str) -> Part {
    Part {
        kind,
        file: kind.to_owned(),
        why,
        path: path.to_owned(),
        shape: Shape::List,
        budget: Budget::Identity,
        units: 1,
        permission,
        refused: None,
        missing: Missing::InThisCloud,
        beta: false,
    }
}

/// The tenant. It comes first: whether the sign-in is in order shows here.
pub(super) fn organization() -> Part {
    part(
        "organization",
        "/v1.0/organization?$select=id,displayName,onPremisesSyncEnabled,onPremisesLastSyncDateTime,verifiedDomains,assignedPlans,tenantType",
        "Organization.Read.All",
        "The tenant, whether and when it was synchronised",
    )
}

/// The products, by which licences are understood.
pub(super) fn subscribed_skus() -> Part {
    Part {
        units: 3,
        ..part(
            "subscribedSkus",
            "/v1.0/subscribedSkus",
            "Organization.Read.All",
            "Products with their plans and units",
        )
    }
}

/// The domains; those that are federated are asked about further.
pub(super) fn domains() -> Part {
    part(
        "domains",
        "/v1.0/domains",
        "Domain.Read.All",
        "Domains: managed or federated, validity of passwords",
    )
}

/// How a domain is federated.
pub(super) fn federation(domain: &str) -> Part {
    Part {
        file: format!("federation-{domain}"),
        missing: NOT_IN_TENANT,
        ..part(
            "federationConfiguration",
            &format!("/v1.0/domains/{domain}/federationConfiguration"),
            "Domain.Read.All",
            "Where a federated domain signs in and resets",
        )
    }
}

/// The application that Connect writes back with, by the cloud.
fn reset_service(cloud: GraphCloud) -> &'static str {
    match cloud {
        GraphCloud::UsGovernment | GraphCloud::UsGovernmentDod => {
            "2e5ecfc8-ea79-48bd-8140-c19324acb278"
        }
        GraphCloud::Global | GraphCloud::China => "93625bc8-bfe2-437a-97e0-3d0060024faa",
    }
}

/// Small things of the identity service.
pub(super) fn small(settings: &Settings) -> Vec<Part> {
    let one = |part: Part| Part {
        shape: Shape::One,
        ..part
    };
    let mut parts = vec![
        part(
            "subscriptions",
            "/v1.0/directory/subscriptions",
            "Organization.Read.All",
            "Trials and ends of subscriptions",
        ),
        Part {
            refused: Some(
                "Microsoft documents it for a signed-in Global Administrator only; as an application it \
                 works in some tenants: sign in with --device-code for it",
            ),
            shape: Shape::Either,
            ..part(
                "onPremisesSynchronization",
                "/v1.0/directory/onPremisesSynchronization",
                "OnPremDirectorySynchronization.Read.All",
                "Password hash synchronisation and the cloud's password policy for synced people",
            )
        },
        one(part(
            "authorizationPolicy",
            "/v1.0/policies/authorizationPolicy",
            "Policy.Read.All",
            "Whether administrators may reset their own passwords",
        )),
        one(part(
            "authenticationMethodsPolicy",
            "/v1.0/policies/authenticationMethodsPolicy",
            "Policy.Read.AuthenticationMethod",
            "Methods, and whether the legacy policies are still in force",
        )),
        part(
            "groupSettings",
            "/v1.0/groupSettings",
            "GroupSettings.Read.All",
            "Banned passwords and smart lockout, where somebody saved them",
        ),
        Part {
            missing: Missing::InThisTenant(
                "the tenant has no service principal of Microsoft's password reset service",
            ),
            ..part(
                "appRoleAssignments",
                &format!(
                    "/v1.0/servicePrincipals(appId='{}')/appRoleAssignedTo",
                    reset_service(settings.cloud)
                ),
                "Application.Read.All",
                "Roles of the application that Entra Connect writes back with",
            )
        },
    ];
    if settings.beta {
        parts.extend([
            Part {
                file: "beta-onPremisesSynchronization".into(),
                shape: Shape::Either,
                beta: true,
                ..part(
                    "onPremisesSynchronization",
                    "/beta/directory/onPremisesSynchronization",
                    "OnPremDirectorySynchronization.Read.All",
                    "The version of Entra Connect and its server",
                )
            },
            Part {
                file: "beta-organization".into(),
                beta: true,
                ..part(
                    "organization",
                    "/beta/organization?$select=id,onPremisesLastPasswordSyncDateTime",
                    "Organization.Read.All",
                    "When password hashes were synchronised last",
                )
            },
        ]);
    }
    parts
}

/// Policies of conditional access, which have a budget of their own.
pub(super) fn conditional_access() -> Part {
    Part {
        budget: Budget::ConditionalAccess,
        ..part(
            "conditionalAccessPolicies",
            "/v1.0/identity/conditionalAccess/policies",
            "Policy.Read.All",
            "What guards the registration of methods",
        )
    }
}

/// Roles that are in use.
pub(super) fn directory_roles() -> Part {
    part(
        "directoryRoles",
        "/v1.0/directoryRoles",
        "RoleManagement.Read.Directory",
        "Roles that are in use",
    )
}

/// The members of a role.
pub(super) fn role_members(id: Uuid, template: Uuid) -> Part {
    Part {
        file: format!("role-{template}"),
        missing: NOT_IN_TENANT,
        ..part(
            "members",
            &format!("/v1.0/directoryRoles/{id}/members?$select={MEMBER}"),
            "RoleManagement.Read.Directory",
            "Who comes under the administrators' policy",
        )
    }
}

/// A group, for its name.
pub(super) fn group(id: Uuid) -> Part {
    Part {
        shape: Shape::One,
        missing: Missing::InThisTenant("the tenant has no such group"),
        ..part(
            "groups",
            &format!("/v1.0/groups/{id}?$select=id,displayName"),
            "GroupMember.Read.All",
            "The name of a group",
        )
    }
}

/// The members of a group. Groups among them are asked about in turn.
pub(super) fn group_members(id: Uuid) -> Part {
    Part {
        file: format!("group-{id}"),
        units: 2,
        missing: Missing::InThisTenant("the tenant has no such group"),
        ..part(
            "members",
            &format!("/v1.0/groups/{id}/members?$top=999&$select={MEMBER}"),
            "GroupMember.Read.All",
            "Members of the scope's group, and of groups in it or in a role",
        )
    }
}

/// All users. Where the products are not known, plans alone can tell who is licensed.
pub(super) fn users(with_plans: bool) -> Part {
    let plans = if with_plans { ",assignedPlans" } else { "" };
    part(
        "users",
        &format!("/v1.0/users?$top=999&$select={USER}{plans}"),
        "User.Read.All",
        "People: synchronised or not, licences, state",
    )
}

/// The plans of those whose licences leave a doubt.
pub(super) fn users_in_doubt() -> Part {
    Part {
        // A list that is not all: it must not stand before the list of users.
        file: "usersInDoubt".into(),
        path: format!("/v1.0{}", plans_of("<user>")),
        ..users(false)
    }
}

/// The plans of one person, in a batch.
pub(super) fn plans_of(id: &str) -> String {
    format!("/users/{id}?$select=id,userPrincipalName,assignedPlans")
}

/// Reports and audit records, the shortest first.
pub(super) fn reports(settings: &Settings, began: DateTime<Utc>) -> Vec<Part> {
    let since = began - TimeDelta::days(settings.audit_days.into());
    let since = since.to_rfc3339_opts(SecondsFormat::Secs, true);
    let report = |part: Part| Part {
        budget: Budget::Reports,
        refused: Some(
            "reports also take Entra ID P1 or P2 in the tenant, and a person the role Reports Reader or \
             Global Reader; for applications Directory.Read.All was needed beside it in some tenants",
        ),
        ..part
    };
    let mut parts = vec![
        report(Part {
            shape: Shape::One,
            ..part(
                "usersRegisteredByFeature",
                "/v1.0/reports/authenticationMethods/usersRegisteredByFeature()",
                "AuditLog.Read.All",
                "How many are allowed to reset, and how many registered",
            )
        }),
        report(part(
            "directoryAudits",
            &format!(
                "/v1.0/auditLogs/directoryAudits?$filter=loggedByService eq 'Self-service Password Management' and activityDateTime ge {since}&$top=1000"
            ),
            "AuditLog.Read.All",
            "What the self-service logged",
        )),
        report(part(
            "userRegistrationDetails",
            "/v1.0/reports/authenticationMethods/userRegistrationDetails",
            "AuditLog.Read.All",
            "Who is allowed to reset, and with which methods registered",
        )),
    ];
    if settings.beta {
        let beta = |kind, path, why| {
            report(Part {
                file: format!("beta-{kind}"),
                beta: true,
                ..part(kind, path, "AuditLog.Read.All", why)
            })
        };
        parts.extend([
            beta(
                "passwordResetSummary",
                "/beta/reports/authenticationMethods/userPasswordResetsAndChangesSummary",
                "Resets and changes, day by day",
            ),
            beta(
                "userEventsSummary",
                "/beta/reports/authenticationMethods/userEventsSummary",
                "Registrations and resets, with the reason of each failure",
            ),
        ]);
    }
    parts
}

/// Every request that a run with these settings makes, without asking any server.
pub fn plan(settings: &Settings) -> Result<Vec<PlannedRequest>> {
    let places = settings.checked()?;
    let root = places.root.as_str().trim_end_matches('/');
    let mut parts = vec![
        organization(),
        subscribed_skus(),
        domains(),
        federation("<domain>"),
    ];
    parts.extend(small(settings));
    parts.push(conditional_access());
    parts.extend(reports(settings, DateTime::UNIX_EPOCH));
    parts.extend([users(false), directory_roles()]);
    let shown = |path: &str| {
        // The day is the clock's to tell.
        let epoch = DateTime::UNIX_EPOCH - TimeDelta::days(settings.audit_days.into());
        let epoch = epoch.to_rfc3339_opts(SecondsFormat::Secs, true);
        let days = format!("<{} days ago>", settings.audit_days);
        format!("{root}{}", path.replace(&epoch, &days))
    };
    let planned = |part: &Part, method, path: &str| PlannedRequest {
        part: part.kind,
        why: part.why,
        method,
        url: shown(path),
        permission: part.permission,
        beta: part.beta,
    };
    let mut requests: Vec<_> = parts
        .iter()
        .map(|part| planned(part, "GET", &part.path))
        .collect();
    let nobody = Uuid::nil();
    let of = |part: Part, what: &str| {
        let path = part.path.replace(&nobody.to_string(), what);
        (part, path)
    };
    let (role, path) = of(role_members(nobody, nobody), "<role>");
    requests.push(planned(&role, BATCHED, &path));
    let id = settings.scope_group.as_deref();
    if let Some(id) = id {
        let (group, path) = of(group(nobody), id);
        requests.push(planned(&group, "GET", &path));
    }
    let (members, path) = of(group_members(nobody), id.unwrap_or("<group in a role>"));
    requests.push(planned(&members, "GET", &path));
    requests.push(PlannedRequest {
        why: "Plans of those whose licences leave a doubt",
        ..planned(&users_in_doubt(), BATCHED, &users_in_doubt().path)
    });
    Ok(requests)
}

const BATCHED: &str = "GET in $batch";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_planned_with_its_permission_and_nothing_is_connected_to() {
        let settings = Settings {
            scope_group: Some("c0170000-0002-4000-8000-000000000001".into()),
            audit_days: 7,
            ..Settings::new("out")
        };
        let plan = plan(&settings).unwrap();
        for request in &plan {
            assert!(request.method.starts_with("GET"), "{request:?}");
            assert!(request.permission.contains(".Read."), "{request:?}");
            assert!(
                request.url.starts_with("https://graph.microsoft.com/v1.0/"),
                "{request:?}"
            );
        }
        let urls: Vec<_> = plan.iter().map(|request| request.url.as_str()).collect();
        let one = |part: &str| {
            let found = urls.iter().filter(|url| url.contains(part)).count();
            assert!(found > 0, "{part}: {urls:#?}");
        };
        one(
            "loggedByService eq 'Self-service Password Management' and activityDateTime ge <7 days ago>",
        );
        one("/groups/c0170000-0002-4000-8000-000000000001/members");
        one("/directoryRoles/<role>/members");
        one("/domains/<domain>/federationConfiguration");
        let users = urls.iter().find(|url| url.contains("/users?")).unwrap();
        assert!(
            !users.contains("assignedPlans") && !users.contains("signInActivity"),
            "{users}"
        );
    }

    #[test]
    fn what_only_beta_tells_is_asked_for_on_request_and_marked() {
        let beta = Settings {
            beta: true,
            ..Settings::new("out")
        };
        let marked = |settings: &Settings| {
            let plan = plan(settings).unwrap();
            let marked = plan.iter().filter(|request| request.beta);
            assert!(
                plan.iter()
                    .all(|request| request.beta == request.url.contains("/beta/"))
            );
            marked.count()
        };
        assert_eq!(marked(&Settings::new("out")), 0);
        assert!(marked(&beta) >= 3);
    }

    #[test]
    fn the_government_cloud_has_its_own_reset_service() {
        let cloud = |cloud| {
            let settings = Settings {
                cloud,
                ..Settings::new("out")
            };
            small(&settings)
                .into_iter()
                .find(|part| part.kind == "appRoleAssignments")
                .unwrap()
                .path
        };
        assert!(cloud(GraphCloud::UsGovernmentDod).contains("2e5ecfc8"));
        assert!(cloud(GraphCloud::Global).contains("93625bc8"));
    }
}
