//! What is not there for everybody: clouds, permissions, licences.

use serde_json::Value;

use super::budget::{Service, cost};
use super::query::Query;
use super::resources::{Refusal, bad_request};
use super::service::State;
use super::settings::Cloud;

/// What a cloud leaves out of an object.
pub(super) fn in_cloud(cloud: Cloud, row: &Value) -> Value {
    let mut row = row.clone();
    if cloud != Cloud::Global
        && let Some(units) = row.get_mut("prepaidUnits").and_then(Value::as_object_mut)
    {
        units.remove("lockedOut");
    }
    row
}

/// What a cloud does not have, and what needs P1 or P2.
pub(super) fn not_here(state: &State, query: &Query) -> Result<(), Refusal> {
    let path = query.path.to_lowercase();
    if state.settings.cloud == Cloud::China
        && path.starts_with("policies/authenticationmethodspolicy")
    {
        let message = "Resource not found for the segment 'authenticationMethodsPolicy'.";
        return Err(bad_request("BadRequest", message));
    }
    if !state.settings.premium && path.starts_with("reports/authenticationmethods") {
        return Err(Refusal {
            status: 403,
            code: "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
            message: "Neither tenant is B2C or tenant doesn't have premium license".into(),
        });
    }
    Ok(())
}

/// Which permission opens a path: the first that fits, by the beginning of the path.
const PERMISSIONS: [(&str, &[&str]); 21] = [
    (
        "policies/authorizationPolicy",
        &["Policy.Read.All", "Policy.ReadWrite.Authorization"],
    ),
    (
        "policies/authenticationMethodsPolicy",
        &["Policy.Read.AuthenticationMethod", "Policy.Read.All"],
    ),
    (
        "directory/onPremisesSynchronization",
        &["OnPremDirectorySynchronization.Read.All"],
    ),
    (
        "directory/subscriptions",
        &["Organization.Read.All", "Directory.Read.All"],
    ),
    (
        "organization",
        &["Organization.Read.All", "Directory.Read.All"],
    ),
    ("domains", &["Domain.Read.All", "Directory.Read.All"]),
    (
        "subscribedSkus",
        &["Organization.Read.All", "Directory.Read.All"],
    ),
    ("users", &["User.Read.All", "Directory.Read.All"]),
    (
        "reports/azureADPremiumLicenseInsight",
        &["Reports.Read.All"],
    ),
    (
        "reports",
        &["AuditLog.Read.All", "UserAuthenticationMethod.Read.All"],
    ),
    ("auditLogs", &["AuditLog.Read.All"]),
    (
        "groupSettings",
        &[
            "GroupSettings.Read.All",
            "Directory.Read.All",
            "Group.Read.All",
        ],
    ),
    (
        "settings",
        &[
            "GroupSettings.Read.All",
            "Directory.Read.All",
            "Group.Read.All",
        ],
    ),
    (
        "groupSettingTemplates",
        &["GroupSettings.Read.All", "Directory.Read.All"],
    ),
    (
        "groups",
        &[
            "GroupMember.Read.All",
            "Group.Read.All",
            "Directory.Read.All",
        ],
    ),
    (
        "identity/conditionalAccess",
        &["Policy.Read.ConditionalAccess", "Policy.Read.All"],
    ),
    (
        "servicePrincipals",
        &["Application.Read.All", "Directory.Read.All"],
    ),
    (
        "directoryRoles",
        &["RoleManagement.Read.Directory", "Directory.Read.All"],
    ),
    (
        "roleManagement",
        &["RoleManagement.Read.Directory", "Directory.Read.All"],
    ),
    (
        "directory/recommendations",
        &["DirectoryRecommendations.Read.All"],
    ),
    ("security", &["SecurityEvents.Read.All"]),
];

/// Whether the path may be read.
pub(super) fn permitted(state: &State, query: &Query) -> Result<(), Refusal> {
    let path = query.path.to_lowercase();
    let under = |start: &str| {
        let start = start.to_lowercase();
        path.strip_prefix(&start)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '(']))
    };
    let denied = state.settings.denied.iter().any(|start| under(start));
    let needed = PERMISSIONS
        .iter()
        .find(|(start, _)| under(start))
        .map(|(_, names)| *names);
    let granted = match (&state.settings.granted, needed) {
        (Some(granted), Some(needed)) => needed
            .iter()
            .any(|name| granted.iter().any(|have| have == name)),
        _ => true,
    };
    if granted && !denied {
        return Ok(());
    }
    let (code, message) = match cost(query).0 {
        Service::Reports => (
            "Authentication_MSGraphPermissionMissing",
            format!(
                "The principal does not have required Microsoft Graph permission(s): {} to call this API. For more information about Microsoft Graph permissions, please visit the documentation.",
                needed.and_then(<[_]>::first).unwrap_or(&"")
            ),
        ),
        Service::ConditionalAccess => (
            "AccessDenied",
            "You cannot perform the requested operation, required scopes are missing in the token."
                .into(),
        ),
        _ => (
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.".into(),
        ),
    };
    Err(Refusal {
        status: 403,
        code,
        message,
    })
}
