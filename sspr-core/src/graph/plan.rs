//! What is asked of Graph, in which order, and with which permission.

use chrono::{DateTime, SecondsFormat, TimeDelta};
use serde::Serialize;
use uuid::Uuid;

use super::parts::{
    Part, conditional_access, directory_roles, domains, federation, group, group_members,
    organization, reports, role_members, small, subscribed_skus, users, users_in_doubt,
};
use super::settings::Settings;
use crate::error::Result;

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
    use crate::graph::GraphCloud;

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
