//! What Microsoft Graph answers.

use serde_json::{Value, json};
use sspr::evidence::SubjectType;

use super::folder::{Collection, subject, subject_with_id};
use super::json::{Style, print};
use super::log::{Kind, Operation, Outcome};
use super::tenant::{Person, Tenant, before, id};

const ROOT: &str = "https://graph.microsoft.com/v1.0/";
/// The template of the Global Administrator role.
const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";

/// What the tenants differ in.
pub(super) struct Cloud<'a> {
    /// Administrators may use self-service reset.
    pub(super) admins_allowed: bool,
    /// `preMigration`, `migrationInProgress`, `migrationComplete`.
    pub(super) migration: &'static str,
    /// Methods of the methods policy that are on.
    pub(super) methods: &'static [&'static str],
    /// The custom list of banned passwords is on.
    pub(super) custom_list: bool,
    /// Conditional access policies.
    pub(super) policies: Vec<Value>,
    /// Password operations, for the audit log.
    pub(super) operations: &'a [Operation],
}

/// The folder that a collector of Graph would write.
pub(super) fn collection(tenant: &Tenant, cloud: &Cloud<'_>) -> Collection {
    let mut graph = Collection::new("sspr collect graph", tenant.collected).of(tenant);
    let mut add = |name: &str, request: &str, value: &Value| {
        graph.add(
            &format!("{name}.json"),
            &format!("GET /v1.0/{request}"),
            subject_with_id(SubjectType::Tenant, &tenant.id.to_string(), tenant.name),
            print(value, Style::Compact),
        );
    };
    add("organization", "organization", &organization(tenant));
    add("domains", "domains", &domains(tenant));
    add("subscribedSkus", "subscribedSkus", &skus(tenant));
    add(
        "subscriptions",
        "directory/subscriptions",
        &subscriptions(tenant),
    );
    add("users", "users?$top=999&$select=…", &users(tenant));
    add(
        "userRegistrationDetails",
        "reports/authenticationMethods/userRegistrationDetails",
        &registration(tenant),
    );
    add(
        "usersRegisteredByFeature",
        "reports/authenticationMethods/usersRegisteredByFeature",
        &features(tenant),
    );
    add("groupSettings", "groupSettings", &group_settings(cloud));
    add(
        "authorizationPolicy",
        "policies/authorizationPolicy",
        &authorization(cloud),
    );
    add(
        "authenticationMethodsPolicy",
        "policies/authenticationMethodsPolicy",
        &methods_policy(cloud),
    );
    add(
        "conditionalAccessPolicies",
        "identity/conditionalAccess/policies",
        &page(
            "identity/conditionalAccess/policies",
            cloud.policies.clone(),
        ),
    );
    add(
        "onPremisesSynchronization",
        "directory/onPremisesSynchronization",
        &synchronization(tenant),
    );
    add(
        "directoryAudits",
        "auditLogs/directoryAudits?$filter=loggedByService eq 'Self-service Password Management'",
        &audits(tenant, cloud.operations),
    );
    if !tenant.everybody {
        graph.add(
            "pilot-group.json",
            "GET /v1.0/groups/{id}?$expand=members",
            subject_with_id(
                SubjectType::Group,
                &tenant.pilot_group.to_string(),
                "SSPR-Pilot",
            ),
            print(&pilot_group(tenant), Style::Compact),
        );
    }
    graph.add(
        "global-administrators.json",
        "GET /v1.0/directoryRoles(roleTemplateId='62e90394-69f5-4237-9190-012177145e10')/members",
        subject_with_id(
            SubjectType::Role,
            GLOBAL_ADMINISTRATOR,
            "Global Administrator",
        ),
        print(&members(tenant, |person| person.admin), Style::Compact),
    );
    // Only an Entra Connect that signs in as an application holds roles.
    if tenant.everybody {
        graph.add(
        "appRoleAssignedTo.json",
        "GET /v1.0/servicePrincipals(appId='93625bc8-bfe2-437a-97e0-3d0060024faa')/appRoleAssignedTo",
        subject(SubjectType::Tenant, tenant.name),
        print(&app_roles(), Style::Compact),
    );
    }
    graph
}

fn page(context: &str, items: impl IntoIterator<Item = Value>) -> Value {
    json!({ "@odata.context": format!("{ROOT}$metadata#{context}"), "value": items.into_iter().collect::<Value>() })
}

fn organization(tenant: &Tenant) -> Value {
    page(
        "organization",
        vec![json!({
            "id": tenant.id,
            "displayName": tenant.netbios(),
            "tenantType": "AAD",
            "onPremisesSyncEnabled": true,
            "onPremisesLastSyncDateTime": before(tenant, 0, 0, 12),
            "verifiedDomains": [
                { "name": tenant.domain(), "type": "Managed", "isDefault": true, "isInitial": false, "capabilities": "Email, OfficeCommunicationsOnline" },
                { "name": tenant.initial_domain(), "type": "Managed", "isDefault": false, "isInitial": true, "capabilities": "Email" }
            ],
            "assignedPlans": [
                { "assignedDateTime": "2024-01-15T08:00:00Z", "capabilityStatus": "Enabled", "service": "AADPremiumService", "servicePlanId": "41781fb2-bc02-4b7c-bd55-b576c07bb09d" }
            ]
        })],
    )
}

fn domains(tenant: &Tenant) -> Value {
    let domain = |name: String, initial: bool| {
        json!({
            "id": name, "authenticationType": "Managed", "isDefault": !initial, "isInitial": initial,
            "isRoot": true, "isVerified": true, "isAdminManaged": true,
            "passwordValidityPeriodInDays": 2_147_483_647, "passwordNotificationWindowInDays": 14,
            "supportedServices": ["Email", "OfficeCommunicationsOnline"]
        })
    };
    page(
        "domains",
        vec![
            domain(tenant.domain(), false),
            domain(tenant.initial_domain(), true),
        ],
    )
}

fn skus(tenant: &Tenant) -> Value {
    let skus = tenant.products.iter().map(|(product, units)| {
        let consumed = tenant.people.iter().filter(|person| {
            person.product.is_some_and(|assigned| assigned.sku == product.sku)
        });
        let plans: Vec<_> = product.plans.iter().map(|(id, name)| json!({
            "servicePlanId": id, "servicePlanName": name, "provisioningStatus": "Success", "appliesTo": "User"
        })).collect();
        json!({
            "id": format!("{}_{}", tenant.id, product.sku), "accountId": tenant.id,
            "skuId": product.sku, "skuPartNumber": product.part, "appliesTo": "User",
            "capabilityStatus": "Enabled", "consumedUnits": consumed.count(),
            "prepaidUnits": { "enabled": units, "warning": 0, "suspended": 0, "lockedOut": 0 },
            "servicePlans": plans, "subscriptionIds": []
        })
    });
    page("subscribedSkus", skus)
}

fn subscriptions(tenant: &Tenant) -> Value {
    let all = tenant.products.iter().enumerate().map(|(index, (product, units))| json!({
        "id": id(0x5abc, 6, index), "skuId": product.sku, "skuPartNumber": product.part, "status": "Enabled",
        "isTrial": false, "totalLicenses": units, "createdDateTime": "2024-01-15T08:00:00Z", "nextLifecycleDateTime": null,
        "ownerTenantId": tenant.id, "serviceStatus": []
    }));
    page("directory/subscriptions", all)
}

/// An array of pages: the requests of one collection, each with its answer.
fn users(tenant: &Tenant) -> Value {
    let rows: Vec<_> = tenant
        .people
        .iter()
        .map(|person| user(tenant, person))
        .collect();
    let pages = rows.chunks(50).enumerate().map(|(index, rows)| {
        let context = format!("{ROOT}$metadata#users");
        if (index + 1) * 50 < tenant.people.len() {
            let next = format!("{ROOT}users?$top=50&$skiptoken={index}");
            json!({ "@odata.context": context, "@odata.nextLink": next, "value": rows })
        } else {
            json!({ "@odata.context": context, "value": rows })
        }
    });
    pages.collect()
}

fn user(tenant: &Tenant, person: &Person) -> Value {
    let licences: Vec<_> = person
        .product
        .iter()
        .map(|product| json!({ "skuId": product.sku, "disabledPlans": [] }))
        .collect();
    let states: Vec<_> = person
        .product
        .iter()
        .map(|product| json!({
            "skuId": product.sku, "disabledPlans": [], "assignedByGroup": null, "state": "Active",
            "error": "None", "lastUpdatedDateTime": "2025-03-03T10:00:00Z"
        }))
        .collect();
    let plans: Vec<_> = person
        .product
        .iter()
        .flat_map(|product| product.plans)
        .map(|(plan, name)| json!({
            "servicePlanId": plan, "capabilityStatus": "Enabled", "assignedDateTime": "2025-03-03T10:00:00Z",
            "service": if *name == "AAD_PREMIUM" { "AADPremiumService" } else { "exchange" }
        }))
        .collect();
    json!({
        "id": person.id, "userPrincipalName": person.upn, "displayName": person.name,
        "accountEnabled": person.enabled, "userType": if person.guest { "Guest" } else { "Member" },
        "usageLocation": "DE", "businessPhones": [], "mobilePhone": person.phone,
        "onPremisesSyncEnabled": person.synced().then_some(true),
        "onPremisesDomainName": person.synced().then(|| tenant.domain()),
        "onPremisesDistinguishedName": person.ou.map(|ou| format!("CN={},{ou},{}", person.name, tenant.dn())),
        "onPremisesLastSyncDateTime": person.synced().then(|| before(tenant, 0, 0, 12)),
        "lastPasswordChangeDateTime": person.password_set,
        "passwordPolicies": person.synced().then_some("DisablePasswordExpiration"),
        "assignedLicenses": licences, "licenseAssignmentStates": states, "assignedPlans": plans
    })
}

/// Disabled people are not in the report.
fn reported(tenant: &Tenant) -> impl Iterator<Item = &Person> {
    tenant.people.iter().filter(|person| person.enabled)
}

/// Registered for a reset: more than the app's notification, which alone resets nothing.
fn ready(person: &Person) -> bool {
    person
        .methods
        .iter()
        .any(|method| *method != "microsoftAuthenticatorPush")
}

fn registration(tenant: &Tenant) -> Value {
    let rows = reported(tenant).map(|person| {
        let (registered, enabled) = (ready(person), tenant.in_scope(person));
        let strong = !person.methods.is_empty();
        json!({
            "id": person.id, "userPrincipalName": person.upn, "userDisplayName": person.name,
            "userType": if person.guest { "guest" } else { "member" }, "isAdmin": person.admin,
            "isSsprRegistered": registered, "isSsprEnabled": enabled, "isSsprCapable": registered && enabled,
            "isMfaRegistered": strong, "isMfaCapable": strong, "isPasswordlessCapable": false,
            "methodsRegistered": person.methods, "isSystemPreferredAuthenticationMethodEnabled": true,
            "systemPreferredAuthenticationMethods": [], "userPreferredMethodForSecondaryAuthentication": "",
            "lastUpdatedDateTime": before(tenant, 0, 3, 0)
        })
    });
    page(
        "reports/authenticationMethods/userRegistrationDetails",
        rows,
    )
}

fn features(tenant: &Tenant) -> Value {
    let count =
        |test: &dyn Fn(&Person) -> bool| reported(tenant).filter(|person| test(person)).count();
    let registered = |person: &Person| ready(person);
    let strong = |person: &Person| !person.methods.is_empty();
    let enabled = |person: &Person| tenant.in_scope(person);
    json!({
        "@odata.context": format!("{ROOT}$metadata#microsoft.graph.userRegistrationFeatureSummary"),
        "totalUserCount": reported(tenant).count(), "userTypes": "all", "userRoles": "all",
        "userRegistrationFeatureCounts": [
            { "feature": "ssprRegistered", "userCount": count(&registered) },
            { "feature": "ssprEnabled", "userCount": count(&enabled) },
            { "feature": "ssprCapable", "userCount": count(&|person| registered(person) && enabled(person)) },
            { "feature": "passwordlessCapable", "userCount": 0 },
            { "feature": "mfaCapable", "userCount": count(&strong) }
        ]
    })
}

fn group_settings(cloud: &Cloud<'_>) -> Value {
    let on = if cloud.custom_list { "True" } else { "False" };
    page(
        "settings",
        vec![json!({
            "id": id(0x5abc, 7, 1), "displayName": "Password Rule Settings",
            "templateId": "5cf42378-d67d-4f36-ba46-e8b86229381d",
            "values": [
                { "name": "BannedPasswordCheckOnPremisesMode", "value": if cloud.custom_list { "Enforce" } else { "Audit" } },
                { "name": "EnableBannedPasswordCheckOnPremises", "value": on },
                { "name": "EnableBannedPasswordCheck", "value": on },
                { "name": "BannedPasswordList", "value": if cloud.custom_list { "fabrikam\tautumn" } else { "" } },
                { "name": "LockoutThreshold", "value": "10" },
                { "name": "LockoutDurationInSeconds", "value": "60" }
            ]
        })],
    )
}

fn authorization(cloud: &Cloud<'_>) -> Value {
    json!({
        "@odata.context": format!("{ROOT}$metadata#policies/authorizationPolicy/$entity"),
        "id": "authorizationPolicy", "displayName": "Authorization Policy",
        "allowedToUseSSPR": cloud.admins_allowed, "allowEmailVerifiedUsersToJoinOrganization": false,
        "allowInvitesFrom": "adminsAndGuestInviters", "blockMsolPowerShell": true,
        "guestUserRoleId": "10dae51f-b6af-4016-8d66-8c2a99b929b3",
        "defaultUserRolePermissions": { "allowedToCreateApps": false, "permissionGrantPoliciesAssigned": [] }
    })
}

fn methods_policy(cloud: &Cloud<'_>) -> Value {
    const ALL: [(&str, &str); 8] = [
        ("Email", "email"),
        ("Fido2", "fido2"),
        ("MicrosoftAuthenticator", "microsoftAuthenticator"),
        ("Sms", "sms"),
        ("SoftwareOath", "softwareOath"),
        ("TemporaryAccessPass", "temporaryAccessPass"),
        ("Voice", "voice"),
        ("X509Certificate", "x509Certificate"),
    ];
    let everybody =
        json!([{ "id": "all_users", "targetType": "group", "isRegistrationRequired": false }]);
    let configurations: Vec<_> = ALL
        .iter()
        .map(|(name, kind)| json!({
            "@odata.type": format!("#microsoft.graph.{kind}AuthenticationMethodConfiguration"),
            "id": name, "state": if cloud.methods.contains(name) { "enabled" } else { "disabled" },
            "includeTargets": everybody, "excludeTargets": []
        }))
        .collect();
    json!({
        "@odata.context": format!("{ROOT}$metadata#policies/authenticationMethodsPolicy/$entity"),
        "id": "authenticationMethodsPolicy", "displayName": "Authentication Methods Policy",
        "policyVersion": "1.5", "policyMigrationState": cloud.migration,
        "registrationEnforcement": { "authenticationMethodsRegistrationCampaign": {
            "state": "default", "snoozeDurationInDays": 1, "excludeTargets": [],
            "includeTargets": [{ "id": "all_users", "targetType": "group", "targetedAuthenticationMethod": "microsoftAuthenticator" }]
        } },
        "authenticationMethodConfigurations": configurations
    })
}

fn synchronization(tenant: &Tenant) -> Value {
    page(
        "directory/onPremisesSynchronization",
        vec![json!({
            "id": tenant.id,
            "configuration": { "accidentalDeletionPrevention": { "alertThreshold": 500, "synchronizationPreventionType": "enabledForCount" } },
            "features": {
                "passwordSyncEnabled": true, "passwordWritebackEnabled": false,
                "cloudPasswordPolicyForPasswordSyncedUsersEnabled": false,
                "userForcePasswordChangeOnLogonEnabled": true
            }
        })],
    )
}

fn member(person: &Person) -> Value {
    json!({ "@odata.type": "#microsoft.graph.user", "id": person.id, "userPrincipalName": person.upn })
}

fn members(tenant: &Tenant, test: impl Fn(&Person) -> bool) -> Value {
    let people = tenant.people.iter().filter(|person| test(person));
    page("directoryObjects", people.map(member))
}

fn pilot_group(tenant: &Tenant) -> Value {
    let people = tenant.people.iter().filter(|person| person.pilot);
    json!({
        "@odata.context": format!("{ROOT}$metadata#groups(members())/$entity"),
        "id": tenant.pilot_group, "displayName": "SSPR-Pilot", "securityEnabled": true, "groupTypes": [],
        "members": people.map(member).collect::<Vec<_>>()
    })
}

fn app_roles() -> Value {
    const ROLES: [&str; 3] = [
        "fc7e8088-95b5-453e-8bef-b17ecfec5ba3",
        "e006e431-a65b-4f3e-8808-77d29d4c5f1a",
        "69201c67-737b-4a20-8f16-e0c8c64e0b0e",
    ];
    let rows = ROLES.iter().enumerate().map(|(index, role)| json!({
        "id": format!("assignment-{index}"), "appRoleId": role, "createdDateTime": "2026-10-05T07:30:00Z",
        "principalDisplayName": "ConnectSyncProvisioning_AADC01", "principalId": id(0x5abc, 8, 1), "principalType": "ServicePrincipal",
        "resourceDisplayName": "Microsoft password reset service", "resourceId": id(0x5abc, 8, 2)
    }));
    page("servicePrincipals/appRoleAssignedTo", rows)
}

/// The newest record first, as Graph gives them.
fn audits(tenant: &Tenant, operations: &[Operation]) -> Value {
    let mut rows = vec![json!({
        "id": "SSPR_directory_1", "category": "DirectoryManagement", "correlationId": id(0x5abc, 9, 0),
        "result": "success", "resultReason": "", "activityDisplayName": "Enable password writeback for directory",
        "activityDateTime": before(tenant, 30, 0, 50), "loggedByService": "Self-service Password Management",
        "operationType": "Update", "initiatedBy": initiator(tenant, "admin"),
        "targetResources": [{ "id": tenant.id, "displayName": tenant.initial_domain(), "type": "Directory", "modifiedProperties": [] }],
        "additionalDetails": []
    })];
    for (index, operation) in operations.iter().enumerate() {
        let Some(person) = tenant.person(&operation.user) else {
            continue;
        };
        let (activity, actor) = match operation.kind {
            Kind::Reset => ("Reset password (self-service)", operation.user.as_str()),
            Kind::Change => ("Change password (self-service)", operation.user.as_str()),
            Kind::AdminReset => ("Reset password (by admin)", "admin"),
        };
        let (result, reason) = match operation.outcome {
            Outcome::Done => ("success", "Successfully completed reset."),
            Outcome::Policy => ("failure", "hr=80230619"),
            Outcome::Denied => ("failure", "OnPremisesAdminActionRequired"),
        };
        rows.push(json!({
            "id": format!("SSPR_{}_{index}", operation.tracking), "category": "UserManagement", "correlationId": operation.tracking,
            "result": result, "resultReason": reason, "activityDisplayName": activity, "activityDateTime": operation.at,
            "loggedByService": "Self-service Password Management", "operationType": "Update",
            "initiatedBy": initiator(tenant, actor),
            "targetResources": [{ "id": person.id, "displayName": person.name, "type": "User", "userPrincipalName": person.upn, "modifiedProperties": [] }],
            "additionalDetails": [{ "key": "OnPremisesAgent", "value": "Microsoft Entra Connect" }]
        }));
    }
    rows.reverse();
    page("auditLogs/directoryAudits", rows)
}

fn initiator(tenant: &Tenant, name: &str) -> Value {
    tenant.person(name).map_or(Value::Null, |person| json!({
        "app": null,
        "user": { "id": person.id, "displayName": person.name, "userPrincipalName": person.upn, "ipAddress": "203.0.113.7", "roles": [] }
    }))
}
