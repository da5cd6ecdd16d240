//! Less evidence of the cloud never turns a verdict round.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::readiness::{Options, Verdict, assess};
use crate::snapshot::{Input, ReadOptions, Snapshot};

const GROUP: &str = "0f3a4b5c-1111-4222-8333-444455556666";

fn id(number: u32) -> String {
    format!("6f1b2c3d-0000-4000-8000-{number:012}")
}

fn page(context: &str, value: &Value) -> Value {
    json!({ "@odata.context": format!("https://graph.microsoft.com/v1.0/$metadata#{context}"), "value": value })
}

fn on(kind: &str, target: &str) -> Value {
    json!({
        "id": kind, "state": "enabled", "excludeTargets": [],
        "includeTargets": [{ "id": target, "targetType": "group" }],
    })
}

/// Evidence of a tenant where all is as it should be, or nothing is, without contradictions.
fn pool(good: bool) -> Vec<(&'static str, Value)> {
    let premium = json!([{
        "servicePlanId": "41781fb2-bc02-4b7c-bd55-b576c07bb09d",
        "servicePlanName": "AAD_PREMIUM", "provisioningStatus": "Success", "appliesTo": "User",
    }]);
    let people: Vec<_> = (1..=4).collect();
    let users: Vec<_> = people
        .iter()
        .map(|number| {
            json!({
                "id": id(*number), "userPrincipalName": format!("user{number}@contoso.com"),
                "accountEnabled": true, "userType": "Member", "onPremisesSyncEnabled": *number != 4,
                "mobilePhone": if good { "+1 4255550100" } else { "4255550100" }, "businessPhones": [],
                "licenseAssignmentStates": [{
                    "skuId": "05e9a617-0261-4cee-bb44-138d3ef5d965", "assignedByGroup": GROUP,
                    "disabledPlans": if good { json!([]) } else { json!(["41781fb2-bc02-4b7c-bd55-b576c07bb09d"]) },
                    "state": if good { "Active" } else { "ActiveWithError" },
                    "error": if good { Value::Null } else { json!("CountViolation") },
                }],
            })
        })
        .collect();
    let registered: Vec<_> = people
        .iter()
        .map(|number| {
            json!({
                "id": id(*number), "userPrincipalName": format!("user{number}@contoso.com"),
                "userType": "member", "isAdmin": *number == 1, "isSsprRegistered": true,
                "isSsprEnabled": true, "isSsprCapable": good,
                "methodsRegistered": if good { json!(["email", "mobilePhone"]) } else { json!(["mobilePhone"]) },
            })
        })
        .collect();
    let members: Vec<_> = people
        .iter()
        .take(if good { 4 } else { 0 })
        .map(|number| json!({ "@odata.type": "#microsoft.graph.user", "id": id(*number) }))
        .collect();
    vec![
        (
            "reset.json",
            json!({
                "objectId": "default", "enablementType": 2,
                "numberOfAuthenticationMethodsRequired": if good { 2 } else { 1 },
                "emailOptionEnabled": false, "mobilePhoneOptionEnabled": false,
                "officePhoneOptionEnabled": false, "mobileAppNotificationEnabled": false,
                "mobileAppCodeEnabled": false, "securityQuestionsOptionEnabled": !good,
                "numberOfQuestionsToRegister": 3, "numberOfQuestionsToReset": 5, "securityQuestions": [],
                "registrationRequiredOnSignIn": true,
                "registrationReconfirmIntevalInDays": if good { 180 } else { 0 },
                "customizeHelpdeskLink": true,
                "customHelpdeskEmailOrUrl": if good { "https://help.contoso.com" } else { "" },
                "notifyUsersOnPasswordReset": good, "notifyOnAdminPasswordReset": good,
                "passwordResetEnabledGroupIds": [], "passwordResetEnabledGroupName": "",
            }),
        ),
        (
            "integration.json",
            json!({
                "objectId": "default", "enablementForTenant": good, "passwordWritebackSupported": good,
                "accountUnlockEnabled": good, "cloudProvisioningEnablementForTenant": false,
            }),
        ),
        (
            "methods.json",
            json!({
                "id": "authenticationMethodsPolicy", "policyMigrationState": "migrationComplete",
                "authenticationMethodConfigurations": if good {
                    json!([on("Email", "all_users"), on("Sms", "all_users"), on("MicrosoftAuthenticator", "all_users")])
                } else {
                    json!([on("Sms", GROUP)])
                },
            }),
        ),
        (
            "admins.json",
            json!({ "id": "authorizationPolicy", "allowedToUseSSPR": true }),
        ),
        (
            "group.json",
            json!({ "id": GROUP, "displayName": "SSPR-Pilot", "securityEnabled": true, "members": members }),
        ),
        (
            "organization.json",
            page(
                "organization",
                &json!([{
                    "id": "0f0f0f0f-1111-4222-8333-444444444444", "onPremisesSyncEnabled": true,
                    "verifiedDomains": [{ "name": "contoso.onmicrosoft.com", "isInitial": true }],
                }]),
            ),
        ),
        (
            "sync.json",
            json!({
                "id": "0f0f0f0f-1111-4222-8333-444444444444", "configuration": {},
                "features": { "userForcePasswordChangeOnLogonEnabled": true },
            }),
        ),
        ("users.json", page("users", &json!(users))),
        (
            "registration.json",
            page(
                "reports/authenticationMethods/userRegistrationDetails",
                &json!(registered),
            ),
        ),
        (
            "skus.json",
            page(
                "subscribedSkus",
                &json!([{
                    "skuId": "05e9a617-0261-4cee-bb44-138d3ef5d965", "skuPartNumber": "SPE_E3", "appliesTo": "User",
                    "capabilityStatus": if good { "Enabled" } else { "Suspended" }, "consumedUnits": 4,
                    "prepaidUnits": { "enabled": if good { 10 } else { 0 }, "suspended": 0, "warning": 0, "lockedOut": 0 },
                    "servicePlans": premium,
                }]),
            ),
        ),
        (
            "subscriptions.json",
            page("directory/subscriptions", &json!([])),
        ),
        (
            "settings.json",
            page(
                "groupSettings",
                &json!([{
                    "id": id(90), "templateId": "5cf42378-d67d-4f36-ba46-e8b86229381d",
                    "values": [{ "name": "EnableBannedPasswordCheck", "value": if good { "True" } else { "False" } }],
                }]),
            ),
        ),
        (
            "server.json",
            json!({ "Connector": "contoso.onmicrosoft.com - AAD", "Enabled": true, "PSComputerName": "AADC01" }),
        ),
    ]
}

fn verdicts(inputs: &[(&str, Value)]) -> BTreeMap<Cow<'static, str>, Verdict> {
    let inputs = inputs
        .iter()
        .map(|(name, value)| Input::bytes(*name, value.to_string()))
        .collect();
    let go_on = &mut |_: crate::evidence::Progress<'_>| ControlFlow::Continue(());
    let snapshot = Snapshot::read(inputs, &ReadOptions::default(), go_on).unwrap();
    let options = Options::at("2026-11-20T12:00:00Z".parse().unwrap());
    let findings = assess(&snapshot, &options).findings.into_iter();
    let ours = ["SSPR1", "SSPR3", "SSPR7"];
    findings
        .filter(|finding| ours.iter().any(|phase| finding.code.starts_with(phase)))
        .map(|finding| (finding.code.clone(), finding.verdict))
        .collect()
}

#[test]
fn the_whole_pool_settles_most_rules() {
    let (good, bad) = (verdicts(&pool(true)), verdicts(&pool(false)));
    let settled = good
        .iter()
        .filter(|(code, verdict)| (**verdict, bad[*code]) == (Verdict::Pass, Verdict::Fail))
        .count();
    assert!(settled >= 15, "{settled}: {good:?} {bad:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn less_evidence_never_turns_a_verdict_round(
        good in any::<bool>(),
        keep in prop::collection::vec(any::<bool>(), 13),
        less in prop::collection::vec(any::<bool>(), 13),
    ) {
        let chosen = |keep: &[bool]| {
            let mut inputs = pool(good);
            let mut keep = keep.iter();
            inputs.retain(|_| *keep.next().unwrap_or(&true));
            inputs
        };
        let both: Vec<_> = keep.iter().zip(&less).map(|(a, b)| *a && *b).collect();
        let (more, fewer) = (verdicts(&chosen(&keep)), verdicts(&chosen(&both)));
        for (code, verdict) in more {
            let turned = [(Verdict::Pass, Verdict::Fail), (Verdict::Fail, Verdict::Pass)];
            prop_assert!(!turned.contains(&(verdict, fewer[&code])), "{code}: {verdict:?} became {:?}", fewer[&code]);
        }
    }
}
