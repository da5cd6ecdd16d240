//! The objects of a generated tenant that are not its people.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::dice::Dice;
use super::generate::{ADMINISTRATORS, PLANS, PREMIUM, SUITE, Size, TENANT};
use super::rows::Rows;

pub(super) fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

pub(super) fn features(registered: &Rows) -> Value {
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

pub(super) fn organization(size: &Size, beta: bool) -> Value {
    let plan = json!({
        "assignedDateTime": "2024-01-15T08:00:00Z", "capabilityStatus": "Enabled", "service": "AADPremiumService", "servicePlanId": PREMIUM
    });
    let mut organization = json!({
        "id": TENANT, "displayName": "CONTOSO", "tenantType": "AAD", "defaultUsageLocation": null, "countryLetterCode": "DE",
        "onPremisesSyncEnabled": size.synchronised.then_some(true),
        "onPremisesLastSyncDateTime": size.synchronised.then(|| time(size.at - Duration::minutes(12))),
        "verifiedDomains": [
            { "name": "contoso.com", "type": "Managed", "isDefault": true, "isInitial": false, "capabilities": "Email, OfficeCommunicationsOnline" },
            { "name": "contoso.onmicrosoft.com", "type": "Managed", "isDefault": false, "isInitial": true, "capabilities": "Email" }
        ],
        "assignedPlans": [plan]
    });
    if size.federated
        && let Some(domains) = organization["verifiedDomains"].as_array_mut()
    {
        domains.push(json!({ "name": "fabrikam.com", "type": "Federated", "isDefault": false, "isInitial": false, "capabilities": "Email" }));
    }
    if beta {
        organization["onPremisesLastPasswordSyncDateTime"] =
            time(size.at - Duration::minutes(2)).into();
    }
    organization
}

pub(super) fn domains(federated: bool) -> Vec<Value> {
    let names = ["contoso.com", "contoso.onmicrosoft.com", "fabrikam.com"];
    names.iter().take(if federated { 3 } else { 2 }).enumerate().map(|(number, name)| json!({
        "id": name, "authenticationType": if number == 2 { "Federated" } else { "Managed" }, "availabilityStatus": null,
        "isDefault": number == 0, "isInitial": number == 1, "isRoot": true, "isVerified": true, "isAdminManaged": true,
        "passwordValidityPeriodInDays": if number == 0 { json!(2_147_483_647) } else { Value::Null },
        "passwordNotificationWindowInDays": if number == 0 { json!(14) } else { Value::Null },
        "supportedServices": ["Email", "OfficeCommunicationsOnline"]
    })).collect()
}

pub(super) fn federation() -> Value {
    json!({
        "id": "be9c0000-0000-4000-9000-000000000009", "displayName": "fabrikam", "issuerUri": "http://sts.fabrikam.com/adfs/services/trust",
        "metadataExchangeUri": "https://sts.fabrikam.com/adfs/services/trust/mex", "passiveSignInUri": "https://sts.fabrikam.com/adfs/ls/",
        "activeSignInUri": null, "signOutUri": "https://sts.fabrikam.com/adfs/ls/", "preferredAuthenticationProtocol": "wsFed",
        "promptLoginBehavior": "nativeSupport", "passwordResetUri": null, "federatedIdpMfaBehavior": "rejectMfaByFederatedIdp",
        "isSignedAuthenticationRequestRequired": null, "signingCertificate": null, "nextSigningCertificate": null,
        "signingCertificateUpdateStatus": null
    })
}

pub(super) fn group(id: &str, name: &str, for_roles: bool) -> Value {
    json!({
        "id": id, "displayName": name, "description": null, "securityEnabled": true, "mailEnabled": false,
        "mailNickname": name.to_lowercase(), "groupTypes": [], "onPremisesSyncEnabled": null,
        "isAssignableToRole": for_roles.then_some(true), "createdDateTime": "2024-01-15T08:00:00Z"
    })
}

/// Resets and changes of the last days, as beta counts them.
pub(super) fn resets_by_day(size: &Size) -> Vec<Value> {
    (0..7_i32).map(|day| json!({
        "id": format!("day-{day}"), "aggregatedDateTime": time(size.at - Duration::days(day.into())),
        "passwordResetsSelfServiceCount": day + 3, "passwordResetsByAdminCount": day % 2, "changePasswordSelfServiceCount": 12
    })).collect()
}

/// Registrations and resets, as beta sums them up.
pub(super) fn events(size: &Size) -> Vec<Value> {
    [("reset", true, ""), ("reset", false, "OnPremisesAdminActionRequired"), ("registration", true, "")]
        .iter().enumerate().map(|(number, (feature, success, reason))| json!({
            "id": format!("event-{number}"), "feature": feature, "isSuccess": success, "failureReason": reason, "authMethod": "mobileSMS",
            "eventDateTime": time(size.at - Duration::hours(5)), "userDisplayName": "jdoe", "userPrincipalName": "jdoe@contoso.com"
        })).collect()
}

pub(super) fn skus(users: &Rows) -> Vec<Value> {
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

pub(super) fn subscriptions(size: &Size) -> Vec<Value> {
    vec![json!({
        "id": "be9c0000-0000-4000-9000-000000000005", "commerceSubscriptionId": null, "skuId": SUITE, "skuPartNumber": "SPB",
        "status": "Enabled", "isTrial": false, "totalLicenses": size.users + 20, "createdDateTime": "2024-01-15T08:00:00Z",
        "nextLifecycleDateTime": null, "ownerTenantId": TENANT, "serviceStatus": []
    })]
}

pub(super) fn conditional_access() -> Vec<Value> {
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

pub(super) fn authorization() -> Value {
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

pub(super) fn methods() -> Value {
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

pub(super) fn synchronization(beta: bool) -> Value {
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

pub(super) fn rules() -> Value {
    let values: Vec<_> = RULES
        .iter()
        .map(|(name, value, _)| json!({ "name": name, "value": value }))
        .collect();
    json!({
        "id": "be9c0000-0000-4000-9000-000000000101", "displayName": "Password Rule Settings",
        "templateId": "5cf42378-d67d-4f36-ba46-e8b86229381d", "values": values
    })
}

pub(super) fn template() -> Value {
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

pub(super) fn app_roles(service: &str) -> Vec<Value> {
    ["fc7e8088-95b5-453e-8bef-b17ecfec5ba3", "e006e431-a65b-4f3e-8808-77d29d4c5f1a", "69201c67-737b-4a20-8f16-e0c8c64e0b0e"]
        .iter().enumerate().map(|(number, role)| json!({
            "id": format!("app-role-{number}"), "appRoleId": role, "createdDateTime": "2026-10-05T07:30:00Z",
            "principalDisplayName": "ConnectSyncProvisioning_AADC01", "principalId": "be9c0000-0000-4000-9000-000000000007",
            "principalType": "ServicePrincipal", "resourceDisplayName": "Microsoft password reset service",
            "resourceId": service
        })).collect()
}

/// The newest record first.
pub(super) fn audits(size: &Size, users: &Rows) -> Vec<Value> {
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
