use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn legacy(methods: &[LegacyMethod]) -> BTreeSet<LegacyMethod> {
    methods.iter().copied().collect()
}

fn converged(kinds: &[MethodKind]) -> Vec<ConvergedMethod> {
    kinds
        .iter()
        .cloned()
        .map(ConvergedMethod::for_all)
        .collect()
}

#[test]
fn the_migration_state_decides_which_policy_counts() {
    let old = legacy(&[LegacyMethod::MobilePhone, LegacyMethod::SecurityQuestions]);
    let new = converged(&[MethodKind::Email, MethodKind::Fido2]);
    let titles = |state| usable(&old, &new, state, MethodsRequired::Two).in_words();
    assert_eq!(
        titles(MigrationState::PreMigration),
        "SMS, voice call and security questions"
    );
    assert_eq!(
        titles(MigrationState::MigrationInProgress),
        "e-mail, SMS, voice call and security questions"
    );
    assert_eq!(
        titles(MigrationState::MigrationComplete),
        "e-mail and security questions"
    );
    let complete = usable(
        &old,
        &new,
        MigrationState::MigrationComplete,
        MethodsRequired::Two,
    );
    let reasons: Vec<_> = complete
        .set_aside
        .iter()
        .map(|aside| aside.reason)
        .collect();
    assert_eq!(reasons, [Reason::LegacyIgnored, Reason::NotForReset]);
}

#[test]
fn what_the_other_policy_enables_is_not_set_aside() {
    let found = usable(
        &legacy(&[LegacyMethod::Email]),
        &converged(&[MethodKind::Email]),
        MigrationState::MigrationComplete,
        MethodsRequired::One,
    );
    assert!(found.set_aside.is_empty());
    assert_eq!(found.methods[0].source, Source::Converged);
}

#[test]
fn sms_and_voice_are_one_method_and_the_app_needs_one_more() {
    let count = |kinds: &[MethodKind], required| {
        let found = usable(
            &BTreeSet::new(),
            &converged(kinds),
            MigrationState::MigrationComplete,
            required,
        );
        (found.independent(), found.needed(), found.is_enough())
    };
    let phone = [MethodKind::Sms, MethodKind::Voice];
    assert_eq!(count(&phone, MethodsRequired::Two), (1, 2, false));
    let app = [MethodKind::MicrosoftAuthenticator];
    assert_eq!(count(&app, MethodsRequired::One), (1, 2, false));
    let both = [MethodKind::MicrosoftAuthenticator, MethodKind::Sms];
    assert_eq!(count(&both, MethodsRequired::Two), (2, 3, false));
    let three = [
        MethodKind::MicrosoftAuthenticator,
        MethodKind::Sms,
        MethodKind::Email,
    ];
    assert_eq!(count(&three, MethodsRequired::Two), (3, 3, true));
}

#[test]
fn a_legacy_notification_needs_two_methods() {
    let old = legacy(&[LegacyMethod::MobileAppNotification, LegacyMethod::Email]);
    let state = MigrationState::PreMigration;
    let one = usable(&old, &[], state, MethodsRequired::One);
    assert!(!one.has(ResetMethod::AppNotification));
    assert_eq!(one.set_aside[0].reason, Reason::NotificationNeedsTwo);
    let two = usable(&old, &[], state, MethodsRequired::Two);
    assert!(two.has(ResetMethod::AppNotification));
}

#[test]
fn the_office_phone_is_another_phone() {
    let mut methods = converged(&[MethodKind::Sms, MethodKind::Voice]);
    let state = MigrationState::MigrationComplete;
    let none = BTreeSet::new();
    assert!(usable(&none, &methods, state, MethodsRequired::Two).on_one_phone());
    methods[1].office_phone = Some(true);
    assert!(!usable(&none, &methods, state, MethodsRequired::Two).on_one_phone());
}

fn draft() -> PolicyDraft {
    PolicyDraft {
        scope: Some(ResetScope::All),
        methods_required: Some(1),
        ..PolicyDraft::default()
    }
}

#[test]
fn a_draft_lists_all_its_faults_at_once() {
    let faults = SsprPolicy::try_from(PolicyDraft {
        scope: Some(ResetScope::Selected {
            group_id: None,
            group_name: Some(" ".into()),
        }),
        methods_required: Some(3),
        methods: Some(legacy(&[LegacyMethod::SecurityQuestions])),
        questions: Some(QuestionSettings {
            defined: Some(3),
            required_to_register: Some(4),
            required_to_reset: Some(6),
        }),
        reconfirm_days: Some(731),
        helpdesk_customised: Some(true),
        helpdesk_link: Some("call us".into()),
        ..PolicyDraft::default()
    })
    .unwrap_err();
    let found: Vec<_> = faults
        .iter()
        .map(|fault| (fault.field, fault.rule))
        .collect();
    assert_eq!(
        found,
        [
            ("scope", PolicyRule::GroupNeeded),
            ("methodsRequired", PolicyRule::Range),
            ("questions.requiredToReset", PolicyRule::Range),
            (
                "questions.requiredToReset",
                PolicyRule::ResetWithinRegistered
            ),
            (
                "questions.requiredToRegister",
                PolicyRule::RegisteredWithinDefined
            ),
            ("reconfirmDays", PolicyRule::Range),
            ("helpdeskLink", PolicyRule::HelpdeskAddress),
        ]
    );
    assert!(
        faults
            .to_string()
            .contains("found 731, allowed is 0 to 730")
    );
}

#[test]
fn a_policy_needs_as_many_methods_as_it_asks_for() {
    let too_few = PolicyDraft {
        methods: Some(legacy(&[LegacyMethod::Email])),
        migration: Some(MigrationState::PreMigration),
        methods_required: Some(2),
        ..draft()
    };
    let faults = SsprPolicy::try_from(too_few.clone()).unwrap_err();
    let rules: Vec<_> = faults.iter().map(|fault| fault.rule).collect();
    assert_eq!(rules, [PolicyRule::EnoughMethods]);
    let nobody = PolicyDraft {
        scope: Some(ResetScope::None),
        ..too_few
    };
    assert!(
        SsprPolicy::try_from(nobody).is_ok(),
        "nobody is asked for a method"
    );
}

#[test]
fn a_policy_travels_through_json_and_is_checked_on_the_way() {
    let policy = SsprPolicy::try_from(draft()).unwrap();
    let text = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<SsprPolicy>(&text).unwrap(), policy);
    assert!(serde_json::from_str::<SsprPolicy>(r#"{"methodsRequired":1}"#).is_err());
}

#[test]
fn helpdesk_links_are_mail_or_web() {
    let link = |link: &str| {
        let policy = SsprPolicy::try_from(PolicyDraft {
            helpdesk_customised: Some(true),
            helpdesk_link: Some(link.into()),
            ..draft()
        });
        policy.ok().and_then(|policy| policy.helpdesk())
    };
    assert!(matches!(
        link("help@contoso.com"),
        Some(HelpdeskLink::Mail(_))
    ));
    assert!(matches!(
        link("https://help.contoso.com"),
        Some(HelpdeskLink::Web(_))
    ));
    assert_eq!(link("https://"), None);
    assert_eq!(link("@contoso.com"), None);
}

#[test]
fn cloud_rules_name_the_rule_and_never_the_candidate() {
    let rules = CloudPasswordRules::default();
    assert_eq!(rules.check("Aa1 Aa1 "), []);
    assert_eq!(
        rules.check("Ää1"),
        [
            CloudPasswordFault::TooShort { minimum: 8 },
            CloudPasswordFault::TooFewClasses {
                found: 1,
                needed: 3
            },
            CloudPasswordFault::CharacterNotAllowed { count: 2 },
        ]
    );
    assert_eq!(
        rules.check(&"aA1".repeat(90)),
        [CloudPasswordFault::TooLong { maximum: 256 }]
    );
    assert_eq!(CloudPasswordRules::EDUCATION.check("aaaaaaaa"), []);
}

#[test]
fn user_principal_names_keep_their_limits() {
    assert_eq!(check_upn("j.doe@contoso.com"), []);
    assert_eq!(check_upn("jdoe.@contoso.com"), [UpnFault::DotBeforeAt]);
    assert_eq!(check_upn("jdoe"), [UpnFault::Form]);
    assert_eq!(
        check_upn(&format!("{}@contoso.com", "j".repeat(65))),
        [UpnFault::LocalTooLong]
    );
    assert_eq!(
        check_upn("j doe@contoso.com"),
        [UpnFault::CharacterNotAllowed { character: ' ' }]
    );
}

#[test]
fn administrators_pass_one_gate_only_in_the_exception() {
    let gates = |custom_domain, synchronised, young_trial| {
        AdministratorGates {
            custom_domain,
            synchronised,
            young_trial,
        }
        .gates()
    };
    assert_eq!(gates(Some(true), None, None), Some(Gates::Two));
    assert_eq!(gates(None, Some(true), None), Some(Gates::Two));
    assert_eq!(gates(Some(false), Some(false), None), Some(Gates::One));
    assert_eq!(gates(Some(true), Some(true), Some(true)), Some(Gates::One));
    assert_eq!(gates(Some(false), None, None), None);
}

#[test]
fn role_templates_are_distinct() {
    let ids: Vec<_> = ADMINISTRATOR_ROLES
        .iter()
        .filter_map(|role| role.template)
        .collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    let names: BTreeSet<_> = ADMINISTRATOR_ROLES.iter().map(|role| role.name).collect();
    assert_eq!(names.len(), ADMINISTRATOR_ROLES.len());
    assert!(administrator_role_named("helpdesk administrator").is_some());
    assert!(administrator_role_named("Global Reader").is_none());
}

fn any_legacy() -> impl Strategy<Value = BTreeSet<LegacyMethod>> {
    proptest::sample::subsequence(LegacyMethod::ALL.to_vec(), 0..=6)
        .prop_map(|methods| methods.into_iter().collect())
}

fn kinds() -> Vec<MethodKind> {
    [
        "Email",
        "Fido2",
        "HardwareOath",
        "MicrosoftAuthenticator",
        "Sms",
        "SoftwareOath",
        "Voice",
    ]
    .map(MethodKind::from_id)
    .to_vec()
}

fn any_converged() -> impl Strategy<Value = Vec<ConvergedMethod>> {
    proptest::sample::subsequence(kinds(), 0..=7).prop_map(|kinds| converged(&kinds))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn one_more_method_never_makes_it_worse(
        old in any_legacy(),
        new in any_converged(),
        more_old in any_legacy(),
        more_new in any_converged(),
        state in proptest::sample::select(MigrationState::ALL.to_vec()),
        two in any::<bool>(),
    ) {
        let required = if two { MethodsRequired::Two } else { MethodsRequired::One };
        let before = usable(&old, &new, state, required);
        let old: BTreeSet<_> = old.union(&more_old).copied().collect();
        let new: Vec<_> = new.into_iter().chain(more_new).collect();
        let after = usable(&old, &new, state, required);
        prop_assert!(!before.is_enough() || after.is_enough());
        prop_assert!(before.methods.iter().all(|known| after.has(known.method)));
        if !before.methods.is_empty() {
            prop_assert!(before.on_one_phone() || !after.on_one_phone());
        }
    }

    #[test]
    fn a_draft_within_its_ranges_converts_and_one_outside_does_not(
        days in 0_u32..=1_000,
        required in 0_u32..=4,
    ) {
        let result = SsprPolicy::try_from(PolicyDraft {
            reconfirm_days: Some(days),
            methods_required: Some(required),
            ..draft()
        });
        prop_assert_eq!(result.is_ok(), days <= 730 && (1..=2).contains(&required));
        if let Ok(policy) = result {
            prop_assert_eq!(policy.methods_required().count(), required);
        }
    }

    #[test]
    fn a_draft_travels_through_json_and_through_the_checks_unchanged(
        methods in proptest::option::of(any_legacy()),
        converged in proptest::option::of(any_converged()),
        state in proptest::option::of(proptest::sample::select(MigrationState::ALL.to_vec())),
        required in proptest::option::of(0_u32..=3),
        days in proptest::option::of(0_u32..=800),
        switches in proptest::collection::vec(proptest::option::of(any::<bool>()), 7),
        group in proptest::option::of(".{0,12}"),
        link in proptest::option::of("(https://|mailto:)?[a-z@. ]{0,20}"),
    ) {
        let given = PolicyDraft {
            scope: group.map(|name| ResetScope::Selected { group_id: None, group_name: Some(name) }),
            methods_required: required,
            methods,
            converged,
            migration: state,
            questions: None,
            registration_required: switches[0],
            reconfirm_days: days,
            notify_users: switches[1],
            notify_admins: switches[2],
            helpdesk_customised: switches[3],
            helpdesk_link: link,
            integration: IntegrationSettings {
                writeback: switches[4],
                unlock: switches[5],
                cloud_sync: switches[6],
            },
        };
        let text = serde_json::to_string(&given).unwrap();
        prop_assert_eq!(&serde_json::from_str::<PolicyDraft>(&text).unwrap(), &given);
        if let Ok(policy) = SsprPolicy::try_from(given.clone()) {
            prop_assert_eq!(PolicyDraft::from(policy), given);
        }
    }
}
