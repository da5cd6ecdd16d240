use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::error::ErrorCode;
use crate::evidence::Reading;

fn portal(change: impl FnOnce(&mut serde_json::Value)) -> PasswordResetPolicies {
    let mut value = json!({
        "objectId": "default", "enablementType": 1, "numberOfAuthenticationMethodsRequired": 2,
        "emailOptionEnabled": true, "mobilePhoneOptionEnabled": true,
        "officePhoneOptionEnabled": false, "securityQuestionsOptionEnabled": true,
        "mobileAppNotificationEnabled": false, "mobileAppCodeEnabled": true,
        "numberOfQuestionsToRegister": 5, "numberOfQuestionsToReset": 3,
        "securityQuestions": [{"questionText": "q1"}, {"questionText": "q2"}],
        "registrationRequiredOnSignIn": true, "registrationReconfirmIntevalInDays": 180,
        "customizeHelpdeskLink": true, "customHelpdeskEmailOrUrl": null,
        "notifyUsersOnPasswordReset": true, "notifyOnAdminPasswordReset": false,
        "passwordResetEnabledGroupIds": ["0f3a4b5c-1111-4222-8333-444455556666"],
        "passwordResetEnabledGroupName": "SSPR-Pilot",
        "emailOptionAllowed": true, "mobilePhoneOptionAllowed": true,
        "officePhoneOptionAllowed": true, "securityQuestionsOptionAllowed": true,
        "mobileAppNotificationOptionAllowed": true, "mobileAppCodeOptionAllowed": false
    });
    change(&mut value);
    PasswordResetPolicies::parse(value.to_string().as_bytes()).unwrap()
}

#[test]
fn a_portal_export_gives_every_setting() {
    let policies = portal(|_| {});
    let Some(ResetScope::Selected { group_name, .. }) = policies.scope.value() else {
        panic!("the scope is selected");
    };
    assert_eq!(group_name.as_deref(), Some("SSPR-Pilot"));
    let on = [
        LegacyMethod::Email,
        LegacyMethod::MobilePhone,
        LegacyMethod::SecurityQuestions,
    ];
    assert_eq!(
        policies.methods.value(),
        Some(&on.into()),
        "enabled and allowed"
    );
    assert_eq!(policies.questions.value().unwrap().defined, Some(2));
    assert_eq!(policies.reconfirm_days.value(), Some(&180));
    assert_eq!(policies.helpdesk_link.value().map(String::as_str), Some(""));
    assert_eq!(policies.draft().notify_admins, Some(false));
}

#[test]
fn the_enablement_type_counts_from_nobody_to_everybody() {
    for (number, scope) in [(0, ResetScope::None), (2, ResetScope::All)] {
        let policies = portal(|value| value["enablementType"] = number.into());
        assert_eq!(policies.scope.value(), Some(&scope));
    }
    let policies = portal(|value| value["enablementType"] = 7.into());
    assert!(matches!(policies.scope, Reading::Bad(_)));
}

#[test]
fn a_missing_switch_leaves_the_methods_unreadable() {
    let policies = portal(|value| {
        value.as_object_mut().unwrap().remove("emailOptionAllowed");
    });
    let Reading::Bad(error) = policies.methods else {
        panic!("the methods are not known");
    };
    assert_eq!(error.place.to_string(), "/emailOptionAllowed");
}

#[test]
fn the_on_premises_export_gives_its_switches() {
    let bytes = br#"{"enablementForTenant":true,"passwordWritebackSupported":true,"accountUnlockEnabled":false}"#;
    let settings = OnPremisesPasswordResetPolicies::parse(bytes)
        .unwrap()
        .settings();
    assert_eq!(settings.writeback, Some(true));
    assert_eq!(settings.unlock, Some(false));
    assert_eq!(settings.cloud_sync, None);
}

#[test]
fn unknown_method_types_do_not_fail() {
    let bytes = json!({
        "policyMigrationState": "migrationInProgress",
        "authenticationMethodConfigurations": [
            {"@odata.type": "#microsoft.graph.qrCodePinAuthenticationMethodConfiguration",
             "id": "QRCodePin", "state": "enabled", "includeTargets": []},
            {"@odata.type": "#microsoft.graph.voiceAuthenticationMethodConfiguration",
             "id": "Voice", "state": "enabled", "isOfficePhoneAllowed": true, "excludeTargets": [],
             "includeTargets": [{"id": "all_users", "targetType": "group"}]},
            {"@odata.type": "#microsoft.graph.smsAuthenticationMethodConfiguration",
             "state": "enabled", "excludeTargets": [],
             "includeTargets": [{"id": "0f3a4b5c-1111-4222-8333-444455556666", "targetType": "group"}]}
        ]
    });
    let policy = AuthenticationMethodsPolicy::parse(bytes.to_string().as_bytes()).unwrap();
    let methods = policy.methods.value().unwrap();
    assert_eq!(methods[0].kind, MethodKind::Other("QRCodePin".into()));
    assert_eq!(methods[1].office_phone, Some(true));
    assert_eq!(methods[1].reaches_everybody(), Some(true));
    assert_eq!(methods[2].kind, MethodKind::Sms, "the type names it");
    assert_eq!(methods[2].reaches_everybody(), Some(false));
}

#[test]
fn the_output_of_powershell_is_read_with_its_bag_of_properties() {
    let bytes = json!({
        "PolicyMigrationState": "migrationComplete",
        "AuthenticationMethodConfigurations": [{
            "Id": "Email", "State": "enabled", "ExcludeTargets": null,
            "AdditionalProperties": {
                "@odata.type": "#microsoft.graph.emailAuthenticationMethodConfiguration",
                "includeTargets": [{"id": "all_users", "targetType": "group"}]
            }
        }]
    });
    let policy = AuthenticationMethodsPolicy::parse(bytes.to_string().as_bytes()).unwrap();
    assert_eq!(
        policy.migration.value(),
        Some(&MigrationState::MigrationComplete)
    );
    assert_eq!(
        policy.methods.value().unwrap()[0].reaches_everybody(),
        Some(true)
    );
}

#[test]
fn methods_that_powershell_cut_short_are_not_taken_for_none() {
    let bytes = json!({"AuthenticationMethodConfigurations": [
        "Microsoft.Graph.PowerShell.Models.MicrosoftGraphAuthenticationMethodConfiguration"
    ]});
    let policy = AuthenticationMethodsPolicy::parse(bytes.to_string().as_bytes()).unwrap();
    let Reading::Bad(error) = policy.methods else {
        panic!("the list is cut short");
    };
    assert_eq!(error.code, ErrorCode::Truncated);
    assert!(error.help.unwrap().contains("-Depth"));
}

#[test]
fn password_rules_are_texts_and_terms_are_only_counted() {
    let bytes = json!({
        "templateId": "5cf42378-d67d-4f36-ba46-e8b86229381d",
        "values": [
            {"name": "EnableBannedPasswordCheck", "value": "true"},
            {"name": "BannedPasswordList", "value": "contoso\tfabrikam\t"},
            {"name": "BannedPasswordCheckOnPremisesMode", "value": "Enforced"},
            {"name": "EnableBannedPasswordCheckOnPremises", "value": "maybe"},
            {"name": "LockoutThreshold", "value": "10"}
        ]
    });
    let rules = PasswordRules::parse(bytes.to_string().as_bytes()).unwrap();
    let settings = rules.settings.value().unwrap();
    assert_eq!(settings.custom_list, Some(true));
    assert_eq!(settings.custom_terms, Some(2));
    assert_eq!(settings.on_premises_enforced, Some(true));
    assert_eq!(settings.on_premises, None);
    assert_eq!(settings.lockout_threshold, Some(10));
    assert_eq!(rules.faults.len(), 1);
}

#[test]
fn only_policies_on_registration_are_guards() {
    let policy = |actions: serde_json::Value| {
        let value = json!({
            "displayName": "Guard", "state": "enabled",
            "conditions": {
                "applications": {"includeApplications": [], "includeUserActions": actions},
                "locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}
            },
            "grantControls": {"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]}
        });
        let map = value.as_object().unwrap().clone();
        RegistrationGuard::read(&crate::carrier::json::Object::new(
            &map,
            crate::evidence::Locator::default(),
        ))
    };
    let guard = policy(json!(["urn:user:registersecurityinfo"]))
        .found()
        .unwrap()
        .value;
    assert!(guard.is_enforced() && guard.reaches_off_site());
    assert_eq!(guard.unmet_off_site(), ["mfa", "compliantDevice"]);
    assert!(matches!(
        policy(json!(["urn:user:registerdevice"])),
        Reading::Absent
    ));
    assert!(matches!(policy(json!([])), Reading::Absent));
}

#[test]
fn a_control_that_can_be_met_lifts_a_guard_that_wants_one() {
    let mut guard = RegistrationGuard {
        name: "Guard".into(),
        state: "enabled".into(),
        controls: vec!["mfa".into(), "termsOfUse".into()],
        operator: GuardOperator::Any,
        locations: None,
    };
    assert!(guard.unmet_off_site().is_empty());
    guard.operator = GuardOperator::All;
    assert_eq!(guard.unmet_off_site(), ["mfa"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_give_a_value_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = PasswordResetPolicies::parse(&bytes);
        let _ = AuthenticationMethodsPolicy::parse(&bytes);
        let _ = PasswordRules::parse(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        let _ = CloudPasswordRules::default().check(&text);
        let _ = check_upn(&text);
    }

    #[test]
    fn a_mutated_export_gives_readings_with_places(at in 0_usize..2_000, byte in any::<u8>()) {
        let mut bytes = json!({
            "enablementType": 1, "numberOfAuthenticationMethodsRequired": 2,
            "policyMigrationState": "migrationComplete",
            "authenticationMethodConfigurations": [{"id": "Sms", "state": "enabled",
                "includeTargets": [{"id": "all_users"}], "excludeTargets": []}],
            "templateId": "5cf42378-d67d-4f36-ba46-e8b86229381d",
            "values": [{"name": "LockoutThreshold", "value": "10"}]
        })
        .to_string()
        .into_bytes();
        let length = bytes.len();
        bytes[at % length] = byte;
        if let Ok(policy) = AuthenticationMethodsPolicy::parse(&bytes)
            && let Reading::Bad(error) = policy.methods
        {
            prop_assert!(error.place != crate::evidence::Locator::Whole);
        }
        let _ = PasswordResetPolicies::parse(&bytes).map(|policies| policies.draft());
        let _ = PasswordRules::parse(&bytes);
    }
}
