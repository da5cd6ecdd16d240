//! The requests that become files: each with its address, its permission and its budget.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use uuid::Uuid;

use super::limiter::Budget;
use super::settings::{GraphCloud, Settings};

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
