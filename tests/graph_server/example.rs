//! The tenants of `examples/`, as Graph would serve them.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::generate::{ADMINISTRATORS, as_member, roles};
use super::rows::Rows;
use super::tenant::Tenant;

/// Collections: the file, and the path.
const COLLECTIONS: [(&str, &str); 9] = [
    ("organization", "organization"),
    ("domains", "domains"),
    ("subscribedSkus", "subscribedSkus"),
    ("subscriptions", "directory/subscriptions"),
    (
        "userRegistrationDetails",
        "reports/authenticationMethods/userRegistrationDetails",
    ),
    ("groupSettings", "groupSettings"),
    (
        "conditionalAccessPolicies",
        "identity/conditionalAccess/policies",
    ),
    (
        "onPremisesSynchronization",
        "directory/onPremisesSynchronization",
    ),
    ("directoryAudits", "auditLogs/directoryAudits"),
];

/// Single objects: the file, and the path.
const OBJECTS: [(&str, &str); 3] = [
    (
        "usersRegisteredByFeature",
        "reports/authenticationMethods/usersRegisteredByFeature",
    ),
    ("authorizationPolicy", "policies/authorizationPolicy"),
    (
        "authenticationMethodsPolicy",
        "policies/authenticationMethodsPolicy",
    ),
];

/// 'Microsoft password reset service'.
const RESET_SERVICE: &str = "93625bc8-bfe2-437a-97e0-3d0060024faa";

impl Tenant {
    /// The tenant of this name below `examples/`: `contoso` or `fabrikam`.
    pub fn example(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../examples")
            .join(name)
            .join("graph");
        let read = |file: &str| -> Option<Value> {
            let bytes = fs::read(folder.join(format!("{file}.json"))).ok()?;
            Some(serde_json::from_slice(&bytes).unwrap())
        };
        let items = |file: &str| {
            read(file).map(|page| page["value"].as_array().cloned().unwrap_or_default())
        };

        let organization = items("organization").unwrap_or_default();
        let id = organization[0]["id"].as_str().unwrap().to_owned();
        let domain = format!("{name}.com");
        let mut tenant = Self::new(&id, &[&domain, &format!("{name}.onmicrosoft.com")]);
        for (file, path) in COLLECTIONS {
            if let Some(rows) = items(file) {
                tenant = tenant.with_rows(path, Rows::each(rows));
            }
        }
        for (file, path) in OBJECTS {
            if let Some(mut object) = read(file) {
                object.as_object_mut().unwrap().remove("@odata.context");
                tenant = tenant.with_object(path, object);
            }
        }
        let pages = read("users").unwrap_or_default();
        let pages = pages.as_array().cloned().unwrap_or_default();
        let users: Vec<Value> = pages
            .iter()
            .filter_map(|page| page["value"].as_array())
            .flatten()
            .cloned()
            .collect();
        // Members are whole users, though the example kept little of them.
        let whole = |member: &Value| {
            let user = users.iter().find(|user| user["id"] == member["id"]);
            as_member(user.unwrap_or(member), "user")
        };
        let mut groups = Vec::new();
        if let Some(mut group) = read("pilot-group") {
            let object = group.as_object_mut().unwrap();
            object.remove("@odata.context");
            let members = object.remove("members").unwrap_or_default();
            let members = members.as_array().unwrap().iter().map(whole).collect();
            let path = format!("groups/{}/members", group["id"].as_str().unwrap());
            tenant = tenant.with_rows(&path, Rows::each(members));
            groups.push(group);
        }
        let admins: Vec<Value> = items("global-administrators")
            .unwrap_or_default()
            .iter()
            .map(whole)
            .collect();
        let mut services = Vec::new();
        if let Some(assigned) = items("appRoleAssignedTo") {
            let id = assigned[0]["resourceId"].clone();
            let path = format!(
                "servicePrincipals/{}/appRoleAssignedTo",
                id.as_str().unwrap()
            );
            services.push(json!({
                "id": id, "appId": RESET_SERVICE, "displayName": "Microsoft password reset service"
            }));
            tenant = tenant.with_rows(&path, Rows::each(assigned));
        }
        roles(tenant, [(ADMINISTRATORS, "Global Administrator", admins)])
            .with_rows("users", Rows::each(users))
            .with_rows("groups", Rows::each(groups))
            .with_rows("servicePrincipals", Rows::each(services))
    }
}
