//! Tenants of any size.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::dice::Dice;
use super::rows::Rows;
use super::tenant::Tenant;

/// How large a tenant is, and what it has.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// People, guests and disabled ones included; five at least.
    pub users: usize,
    /// Every so many-th of them is a member of the pilot group.
    pub pilot: usize,
    /// Records of the audit log.
    pub audits: usize,
    /// When the tenant looks like this.
    pub at: DateTime<Utc>,
    /// Whether somebody saved the password rules once.
    pub password_rules: bool,
    /// Whether people are synchronised at all.
    pub synchronised: bool,
}

impl Default for Size {
    fn default() -> Self {
        Self {
            users: 1000,
            pilot: 3,
            audits: 300,
            at: DateTime::from_timestamp(1_795_165_200, 0).unwrap_or_default(),
            password_rules: true,
            synchronised: true,
        }
    }
}

const TENANT: &str = "be9c0000-0000-4000-9000-000000000001";
const PILOT_GROUP: &str = "be9c0000-0000-4000-9000-000000000002";
const ADMINISTRATORS: &str = "62e90394-69f5-4237-9190-012177145e10";
const SUITE: &str = "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46";
const PREMIUM: &str = "41781fb2-bc02-4b7c-bd55-b576c07bb09d";
/// The numbers below this one are people of their own.
const OWN: usize = 4;
/// Kinds of the others.
const KINDS: usize = 48;

impl Tenant {
    /// A tenant of this size. The people are always the same for the same size.
    pub fn generated(size: &Size) -> Self {
        let kinds: Vec<Kind> = (0..OWN + KINDS)
            .map(|number| Kind::new(number, size))
            .collect();
        let of = |render: &dyn Fn(&Kind) -> Value| {
            Rows::mixed(kinds.iter().map(render).collect(), OWN, size.users)
        };
        let users = of(&|kind| kind.user(size));
        let registered = of(&|kind| kind.registration(size)).only(|row| !row.is_null());
        let features = features(&registered);
        let member = |kind: &Kind| {
            let mut user = kind.user(size);
            user["@odata.type"] = "#microsoft.graph.user".into();
            user
        };
        let pilot = of(&member)
            .every(size.pilot.max(1))
            .only(|user| user["userType"] == "Member");
        let admins = (0..2).map(|number| member(&kinds[number])).collect();
        let mut tenant = Self::new(TENANT, &["contoso.com", "contoso.onmicrosoft.com"])
            .with_rows("organization", Rows::each(vec![organization(size)]))
            .with_rows("domains", Rows::each(domains()))
            .with_rows("subscribedSkus", Rows::each(skus(&users)))
            .with_rows("directory/subscriptions", Rows::each(subscriptions(size)))
            .with_rows("identity/conditionalAccess/policies", Rows::each(conditional_access()))
            .with_rows("auditLogs/directoryAudits", Rows::each(audits(size, &users)))
            .with_rows("reports/authenticationMethods/userRegistrationDetails", registered)
            .with_object("reports/authenticationMethods/usersRegisteredByFeature", features)
            .with_object("policies/authorizationPolicy", authorization())
            .with_object("policies/authenticationMethodsPolicy", methods())
            .with_rows("groups", Rows::each(vec![json!({
                "id": PILOT_GROUP, "displayName": "SSPR-Pilot", "description": null, "securityEnabled": true,
                "mailEnabled": false, "mailNickname": "sspr-pilot", "groupTypes": [], "onPremisesSyncEnabled": null,
                "isAssignableToRole": null, "createdDateTime": "2024-01-15T08:00:00Z"
            })]))
            .with_rows(&format!("groups/{PILOT_GROUP}/members"), pilot)
            .with_rows("groupSettings", Rows::each(if size.password_rules { vec![rules("1")] } else { Vec::new() }))
            .with_rows("groupSettingTemplates", Rows::each(vec![template()]))
            .with_rows("users", users);
        if size.synchronised {
            tenant = tenant
                .with_rows("directory/onPremisesSynchronization", Rows::each(vec![synchronization(false)]))
                .with_rows("beta/directory/onPremisesSynchronization", Rows::each(vec![synchronization(true)]))
                .with_rows("servicePrincipals", Rows::each(vec![json!({
                    "id": "be9c0000-0000-4000-9000-000000000003", "appId": "93625bc8-bfe2-437a-97e0-3d0060024faa",
                    "displayName": "Microsoft password reset service"
                })]))
                .with_rows("servicePrincipals/be9c0000-0000-4000-9000-000000000003/appRoleAssignedTo", Rows::each(app_roles()));
        } else {
            tenant = tenant
                .with_rows("directory/onPremisesSynchronization", Rows::default())
                .with_rows("servicePrincipals", Rows::default());
        }
        roles(tenant, admins).with_rows(
            "beta/settings",
            Rows::each(if size.password_rules {
                vec![rules("1")]
            } else {
                Vec::new()
            }),
        )
    }

    /// The id of the pilot group of a generated tenant.
    pub fn pilot_group() -> &'static str {
        PILOT_GROUP
    }
}

/// The activated roles: administrators, and one that is a group nobody is in.
pub(super) fn roles(tenant: Tenant, admins: Vec<Value>) -> Tenant {
    let role = "be9c0000-0000-4000-9000-000000000004";
    let assignments = admins.iter().enumerate().map(|(number, admin)| json!({
        "id": format!("assignment-{number}"), "principalId": admin["id"], "roleDefinitionId": ADMINISTRATORS,
        "directoryScopeId": "/", "appScopeId": null
    }));
    let assignments = Rows::each(assignments.collect());
    tenant
        .with_rows("directoryRoles", Rows::each(vec![json!({
            "id": role, "displayName": "Global Administrator", "roleTemplateId": ADMINISTRATORS,
            "description": "Can manage all aspects of Microsoft Entra ID and Microsoft services that use Microsoft Entra identities."
        })]))
        .with_rows(&format!("directoryRoles/{role}/members"), Rows::each(admins))
        .with_rows("roleManagement/directory/roleAssignments", assignments)
}

/// What the people of one kind have in common.
struct Kind {
    number: usize,
    enabled: bool,
    guest: bool,
    synced: bool,
    licensed: bool,
    admin: bool,
}

impl Kind {
    fn new(number: usize, size: &Size) -> Self {
        let own = number < OWN;
        Self {
            number,
            enabled: own || number % 25 != 17,
            guest: number == 3 || !own && number % 47 == 21,
            synced: size.synchronised && !own && number % 8 != 5,
            licensed: !own && number % 7 != 2,
            admin: number < 2,
        }
    }

    fn id(&self) -> String {
        if self.number < OWN {
            format!("be9c0000-0000-4000-8000-{:012x}", self.number)
        } else {
            "be9c0000-0000-4000-8000-{x}".into()
        }
    }

    fn name(&self) -> String {
        match self.number {
            0 => "admin".into(),
            1 => "breakglass".into(),
            2 => "jdoe".into(),
            3 => "guest.fabrikam.com#EXT#".into(),
            _ => "user{n}".into(),
        }
    }

    fn upn(&self) -> String {
        format!("{}@contoso.com", self.name())
    }

    fn user(&self, size: &Size) -> Value {
        let name = self.name();
        let synced = self.synced;
        let day =
            |days: usize| time(size.at - Duration::days(i64::try_from(days).unwrap_or_default()));
        let licences: Vec<_> = self
            .licensed
            .then(|| json!({ "skuId": SUITE, "disabledPlans": [] }))
            .into_iter()
            .collect();
        let states: Vec<_> = self.licensed.then(|| json!({
            "skuId": SUITE, "disabledPlans": [], "assignedByGroup": null, "state": "Active", "error": "None",
            "lastUpdatedDateTime": "2025-03-03T10:00:00Z"
        })).into_iter().collect();
        let plans: Vec<_> = PLANS.iter().filter(|_| self.licensed).map(|(id, service, _)| json!({
            "assignedDateTime": "2025-03-03T10:00:00Z", "capabilityStatus": "Enabled", "service": service, "servicePlanId": id
        })).collect();
        json!({
            "id": self.id(), "userPrincipalName": self.upn(), "displayName": name, "givenName": null, "surname": null,
            "jobTitle": null, "mail": null, "officeLocation": null, "preferredLanguage": null,
            "accountEnabled": self.enabled, "userType": if self.guest { "Guest" } else { "Member" },
            "usageLocation": if self.number % 5 == 0 { Value::Null } else { "DE".into() },
            "businessPhones": [], "mobilePhone": (self.number % 6 == 0).then_some("+49 5550100"),
            "createdDateTime": "2024-01-15T08:00:00Z",
            "onPremisesSyncEnabled": synced.then_some(true),
            "onPremisesDomainName": synced.then_some("contoso.com"),
            "onPremisesSamAccountName": synced.then_some(&name),
            "onPremisesImmutableId": null, "onPremisesSecurityIdentifier": synced.then_some("S-1-5-21-1-2-3-{n}"),
            "onPremisesDistinguishedName": synced.then(|| format!("CN={name},OU=Team{},OU=Staff,DC=contoso,DC=com", self.number)),
            "onPremisesLastSyncDateTime": synced.then(|| time(size.at - Duration::minutes(12))),
            "lastPasswordChangeDateTime": day(self.number * 3),
            "passwordPolicies": match (synced, self.number % 3) {
                (true, _) => "DisablePasswordExpiration".into(),
                (false, 1) => "DisablePasswordExpiration, DisableStrongPassword".into(),
                (false, _) => Value::Null,
            },
            "assignedLicenses": licences, "licenseAssignmentStates": states, "assignedPlans": plans
        })
    }

    /// The row of the report; disabled people have none.
    fn registration(&self, size: &Size) -> Value {
        if !self.enabled {
            return Value::Null;
        }
        let methods: &[&str] = match self.number % 5 {
            0 => &[],
            1 => &["mobilePhone", "email"],
            2 => &[
                "microsoftAuthenticatorPush",
                "softwareOneTimePasscode",
                "mobilePhone",
            ],
            3 => &["microsoftAuthenticatorPush", "softwareOneTimePasscode"],
            _ => &["mobilePhone", "officePhone"],
        };
        let registered = !methods.is_empty();
        let enabled = !self.guest;
        json!({
            "id": self.id(), "userPrincipalName": self.upn(), "userDisplayName": self.name(),
            "userType": if self.guest { "guest" } else { "member" }, "isAdmin": self.admin,
            "isSsprRegistered": registered, "isSsprEnabled": enabled, "isSsprCapable": registered && enabled,
            "isMfaRegistered": registered, "isMfaCapable": registered, "isPasswordlessCapable": false,
            "methodsRegistered": methods, "isSystemPreferredAuthenticationMethodEnabled": true,
            "systemPreferredAuthenticationMethods": [],
            "userPreferredMethodForSecondaryAuthentication": if registered { "push" } else { "" },
            "lastUpdatedDateTime": time(size.at - Duration::hours(3))
        })
    }
}

/// Plans of the suite: id, service, name.
const PLANS: [(&str, &str, &str); 3] = [
    (PREMIUM, "AADPremiumService", "AAD_PREMIUM"),
    (
        "9aaf7827-d63c-4b61-89c3-182f06f82e5c",
        "exchange",
        "EXCHANGE_S_STANDARD",
    ),
    (
        "57ff2da0-773e-42df-b2af-ffb7a2317929",
        "TeamspaceAPI",
        "TEAMS1",
    ),
];

fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn features(registered: &Rows) -> Value {
    let mut counts = [0_usize; 6];
    let kinds: Vec<[bool; 6]> = registered
        .kinds()
        .iter()
        .map(|row| {
            [
                "id",
                "isSsprRegistered",
                "isSsprEnabled",
                "isSsprCapable",
                "isPasswordlessCapable",
                "isMfaCapable",
            ]
            .map(|name| row[name].is_string() || row[name] == true)
        })
        .collect();
    for number in registered.numbers(0) {
        for (count, holds) in counts.iter_mut().zip(kinds[registered.kind_of(number)]) {
            *count += usize::from(holds);
        }
    }
    let names = [
        "ssprRegistered",
        "ssprEnabled",
        "ssprCapable",
        "passwordlessCapable",
        "mfaCapable",
    ];
    let features: Vec<_> = names
        .iter()
        .zip(&counts[1..])
        .map(|(feature, count)| json!({ "feature": feature, "userCount": count }))
        .collect();
    json!({ "totalUserCount": counts[0], "userTypes": "all", "userRoles": "all", "userRegistrationFeatureCounts": features })
}

fn organization(size: &Size) -> Value {
    let plan = json!({
        "assignedDateTime": "2024-01-15T08:00:00Z", "capabilityStatus": "Enabled", "service": "AADPremiumService", "servicePlanId": PREMIUM
    });
    json!({
        "id": TENANT, "displayName": "CONTOSO", "tenantType": "AAD", "defaultUsageLocation": null, "countryLetterCode": "DE",
        "onPremisesSyncEnabled": size.synchronised.then_some(true),
        "onPremisesLastSyncDateTime": size.synchronised.then(|| time(size.at - Duration::minutes(12))),
        "verifiedDomains": [
            { "name": "contoso.com", "type": "Managed", "isDefault": true, "isInitial": false, "capabilities": "Email, OfficeCommunicationsOnline" },
            { "name": "contoso.onmicrosoft.com", "type": "Managed", "isDefault": false, "isInitial": true, "capabilities": "Email" }
        ],
        "assignedPlans": [plan]
    })
}

fn domains() -> Vec<Value> {
    ["contoso.com", "contoso.onmicrosoft.com"].iter().enumerate().map(|(number, name)| json!({
        "id": name, "authenticationType": "Managed", "availabilityStatus": null, "isDefault": number == 0, "isInitial": number == 1,
        "isRoot": true, "isVerified": true, "isAdminManaged": true,
        "passwordValidityPeriodInDays": if number == 0 { json!(2_147_483_647) } else { Value::Null },
        "passwordNotificationWindowInDays": if number == 0 { json!(14) } else { Value::Null },
        "supportedServices": ["Email", "OfficeCommunicationsOnline"]
    })).collect()
}

fn skus(users: &Rows) -> Vec<Value> {
    let licensed: Vec<_> = users
        .kinds()
        .iter()
        .map(|user| user["assignedLicenses"] != json!([]))
        .collect();
    let consumed = users
        .numbers(0)
        .filter(|number| licensed[users.kind_of(*number)])
        .count();
    let plans: Vec<_> = PLANS.iter().map(|(id, _, name)| json!({
        "servicePlanId": id, "servicePlanName": name, "provisioningStatus": "Success", "appliesTo": "User"
    })).collect();
    vec![json!({
        "id": format!("{TENANT}_{SUITE}"), "accountId": TENANT, "accountName": "contoso", "skuId": SUITE, "skuPartNumber": "SPB",
        "appliesTo": "User", "capabilityStatus": "Enabled", "consumedUnits": consumed,
        "prepaidUnits": { "enabled": consumed + 20, "warning": 0, "suspended": 0, "lockedOut": 0 },
        "servicePlans": plans, "subscriptionIds": ["be9c0000-0000-4000-9000-000000000005"]
    })]
}

fn subscriptions(size: &Size) -> Vec<Value> {
    vec![json!({
        "id": "be9c0000-0000-4000-9000-000000000005", "commerceSubscriptionId": null, "skuId": SUITE, "skuPartNumber": "SPB",
        "status": "Enabled", "isTrial": false, "totalLicenses": size.users + 20, "createdDateTime": "2024-01-15T08:00:00Z",
        "nextLifecycleDateTime": null, "ownerTenantId": TENANT, "serviceStatus": []
    })]
}

fn conditional_access() -> Vec<Value> {
    let conditions = json!({
        "applications": { "includeApplications": ["All"], "includeUserActions": [] }, "clientAppTypes": ["all"], "locations": null,
        "users": { "includeUsers": [], "excludeUsers": [], "includeRoles": [ADMINISTRATORS] }
    });
    vec![json!({
        "id": "be9c0000-0000-4000-9000-000000000006", "displayName": "Strong sign-in for administrators", "state": "enabled",
        "createdDateTime": "2024-01-15T08:00:00Z", "modifiedDateTime": null, "conditions": conditions,
        "grantControls": { "operator": "OR", "builtInControls": ["mfa"] }, "sessionControls": null
    })]
}

fn authorization() -> Value {
    json!({
        "id": "authorizationPolicy", "displayName": "Authorization Policy", "allowedToUseSSPR": true,
        "allowedToSignUpEmailBasedSubscriptions": true, "allowEmailVerifiedUsersToJoinOrganization": false,
        "allowInvitesFrom": "adminsAndGuestInviters", "allowUserConsentForRiskyApps": null, "blockMsolPowerShell": true,
        "guestUserRoleId": "10dae51f-b6af-4016-8d66-8c2a99b929b3",
        "defaultUserRolePermissions": {
            "allowedToCreateApps": false, "allowedToCreateSecurityGroups": false, "allowedToCreateTenants": false,
            "allowedToReadBitlockerKeysForOwnedDevice": true, "allowedToReadOtherUsers": true, "permissionGrantPoliciesAssigned": []
        }
    })
}

fn methods() -> Value {
    let everybody =
        json!([{ "id": "all_users", "targetType": "group", "isRegistrationRequired": false }]);
    let configurations: Vec<_> = [
        ("Email", "email", true), ("Fido2", "fido2", true), ("MicrosoftAuthenticator", "microsoftAuthenticator", true),
        ("Sms", "sms", true), ("SoftwareOath", "softwareOath", false), ("Voice", "voice", false), ("X509Certificate", "x509Certificate", false),
    ].iter().map(|(id, kind, on)| json!({
        "@odata.type": format!("#microsoft.graph.{kind}AuthenticationMethodConfiguration"), "id": id,
        "state": if *on { "enabled" } else { "disabled" }, "includeTargets": everybody, "excludeTargets": []
    })).collect();
    json!({
        "id": "authenticationMethodsPolicy", "displayName": "Authentication Methods Policy", "description": null,
        "lastModifiedDateTime": "2026-10-01T08:00:00Z", "policyVersion": "1.5", "policyMigrationState": "migrationComplete",
        "registrationEnforcement": { "authenticationMethodsRegistrationCampaign": {
            "state": "default", "snoozeDurationInDays": 1, "excludeTargets": [],
            "includeTargets": [{ "id": "all_users", "targetType": "group", "targetedAuthenticationMethod": "microsoftAuthenticator" }]
        } },
        "authenticationMethodConfigurations": configurations
    })
}

fn synchronization(beta: bool) -> Value {
    let mut configuration = json!({
        "accidentalDeletionPrevention": { "alertThreshold": 500, "synchronizationPreventionType": "enabledForCount" }
    });
    if beta {
        configuration["synchronizationClientVersion"] = "2.5.79.0".into();
        configuration["synchronizationInterval"] = "PT30M".into();
        configuration["currentExportData"] = json!({
            "clientMachineName": "AADC01", "serviceAccount": "Sync_AADC01_0123456789ab@contoso.onmicrosoft.com", "totalConnectorSpaceObjects": 1000
        });
    }
    json!({
        "id": TENANT, "configuration": configuration,
        "features": {
            "passwordSyncEnabled": true, "passwordWritebackEnabled": false, "cloudPasswordPolicyForPasswordSyncedUsersEnabled": false,
            "userForcePasswordChangeOnLogonEnabled": true, "blockSoftMatchEnabled": false, "groupWriteBackEnabled": null
        }
    })
}

const RULES: [(&str, &str, &str); 6] = [
    ("BannedPasswordCheckOnPremisesMode", "Enforce", "Audit"),
    ("EnableBannedPasswordCheckOnPremises", "True", "False"),
    ("EnableBannedPasswordCheck", "True", "False"),
    ("LockoutDurationInSeconds", "60", "60"),
    ("LockoutThreshold", "10", "10"),
    ("BannedPasswordList", "contoso\tautumn", ""),
];

fn rules(number: &str) -> Value {
    let values: Vec<_> = RULES
        .iter()
        .map(|(name, value, _)| json!({ "name": name, "value": value }))
        .collect();
    json!({
        "id": format!("be9c0000-0000-4000-9000-00000000010{number}"), "displayName": "Password Rule Settings",
        "templateId": "5cf42378-d67d-4f36-ba46-e8b86229381d", "values": values
    })
}

fn template() -> Value {
    let values: Vec<_> = RULES
        .iter()
        .map(|(name, _, usual)| {
            json!({
                "name": name, "type": "System.String", "defaultValue": usual, "description": null
            })
        })
        .collect();
    json!({
        "id": "5cf42378-d67d-4f36-ba46-e8b86229381d", "displayName": "Password Rule Settings", "description": null, "values": values
    })
}

fn app_roles() -> Vec<Value> {
    ["fc7e8088-95b5-453e-8bef-b17ecfec5ba3", "e006e431-a65b-4f3e-8808-77d29d4c5f1a", "69201c67-737b-4a20-8f16-e0c8c64e0b0e"]
        .iter().enumerate().map(|(number, role)| json!({
            "id": format!("app-role-{number}"), "appRoleId": role, "createdDateTime": "2026-10-05T07:30:00Z",
            "principalDisplayName": "ConnectSyncProvisioning_AADC01", "principalId": "be9c0000-0000-4000-9000-000000000007",
            "principalType": "ServicePrincipal", "resourceDisplayName": "Microsoft password reset service",
            "resourceId": "be9c0000-0000-4000-9000-000000000003"
        })).collect()
}

/// The newest record first.
fn audits(size: &Size, users: &Rows) -> Vec<Value> {
    let activities = [
        (
            "Reset password (self-service)",
            "success",
            "Successfully completed reset.",
        ),
        ("Change password (self-service)", "success", "None"),
        (
            "Reset password (self-service)",
            "failure",
            "OnPremisesAdminActionRequired",
        ),
        (
            "Self-service password reset flow activity progress",
            "success",
            "User submitted their user ID",
        ),
        ("Unlock user account (self-service)", "success", ""),
        ("Blocked from self-service password reset", "success", ""),
    ];
    let mut dice = Dice::of(11, "audits", 0);
    let mut at = size.at;
    (0..size.audits).map(|number| {
        at -= Duration::seconds(600 + i64::try_from(dice.below(6000)).unwrap_or_default());
        let (activity, result, reason) = *dice.one(&activities);
        let user = users.item(dice.below(users.end()));
        let correlation = dice.guid();
        json!({
            "id": format!("SSPR_{correlation}_{number}"), "category": "UserManagement", "correlationId": correlation,
            "result": result, "resultReason": reason, "activityDisplayName": activity,
            "activityDateTime": format!("{}.{:07}Z", at.format("%Y-%m-%dT%H:%M:%S"), dice.below(10_000_000)),
            "loggedByService": if number % 10 == 9 { "Core Directory" } else { "Self-service Password Management" },
            "operationType": "Update",
            "initiatedBy": { "app": null, "user": {
                "id": user["id"], "displayName": user["displayName"], "userPrincipalName": user["userPrincipalName"], "ipAddress": "203.0.113.7"
            } },
            "targetResources": [{
                "id": user["id"], "displayName": user["displayName"], "type": "User", "userPrincipalName": user["userPrincipalName"],
                "groupType": null, "modifiedProperties": []
            }],
            "additionalDetails": [{ "key": "OnPremisesAgent", "value": "Microsoft Entra Connect" }]
        })
    }).collect()
}
