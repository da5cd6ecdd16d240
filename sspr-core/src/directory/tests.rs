//! The parsers on real forms, and on anything.

use std::ops::ControlFlow;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::carrier::inf::Inf;
use crate::carrier::json::Object;
use crate::carrier::ldif::{LdifEntry, read_entries};
use crate::carrier::powershell_list::parse_list;
use crate::carrier::text::decode;
use crate::error::ErrorCode;
use crate::evidence::{Locator, Reading};
use crate::time::Interval;

const TEMPLATE: &str = "[Unicode]\r\nUnicode=yes\r\n[System Access]\r\nMinimumPasswordAge = 1\r\n\
    MaximumPasswordAge = -1\r\nMinimumPasswordLength = 7\r\nPasswordComplexity = 1\r\n\
    PasswordHistorySize = 24\r\nLockoutBadCount = 5\r\nResetLockoutCount = 30\r\n\
    LockoutDuration = -1\r\nClearTextPassword = 0\r\n[Version]\r\nsignature=\"$CHICAGO$\"\r\nRevision=1\r\n";

const ENGLISH: &str = "Force user logoff how long after time expires?:       Never\r\n\
    Minimum password age (days):                          1\r\n\
    Maximum password age (days):                          Unlimited\r\n\
    Minimum password length:                              7\r\n\
    Length of password history maintained:                None\r\n\
    Lockout threshold:                                    Never\r\n\
    Lockout duration (minutes):                           30\r\n\
    Lockout observation window (minutes):                 30\r\n\
    Computer role:                                        PRIMARY\r\n\
    The command completed successfully.\r\n";

const GERMAN: &str = "Abmeldezwang nach Ablauf der Zeit?:             Nie\r\n\
    Minimales Kennwortalter (Tage):                 2\r\n\
    Maximales Kennwortalter (Tage):                 42\r\n\
    Minimale Kennwortl\u{201e}nge:                         8\r\n\
    L\u{201e}nge der Kennwortchronik:                     Keine\r\n\
    Sperrschwelle:                                  10\r\n\
    Sperrdauer (Minuten):                           30\r\n\
    Sperr\u{201d}berwachungsfenster (Minuten):            15\r\n\
    Computerrolle:                                  SERVER\r\n\
    Der Befehl wurde erfolgreich ausgef\u{201d}hrt.\r\n";

fn entry(text: &str) -> LdifEntry {
    let mut found = None;
    read_entries(text.as_bytes(), 1 << 20, &mut |entry| {
        found = Some(entry.clone());
        ControlFlow::Continue(())
    })
    .unwrap();
    found.unwrap()
}

fn with_object<T>(value: &Value, f: impl FnOnce(&Object<'_>) -> T) -> T {
    f(&Object::new(
        value.as_object().unwrap(),
        Locator::Pointer(String::new()),
    ))
}

#[test]
fn a_template_is_read_in_every_encoding() {
    let utf16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(TEMPLATE.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for bytes in [utf16, TEMPLATE.as_bytes().to_vec()] {
        let text = decode(&bytes).unwrap();
        assert!(is_template(&text));
        let policy = parse_template(&Inf::parse(&text));
        let draft = policy.draft();
        assert_eq!(draft.minimum_age, Some(Interval::from_days(1)));
        assert_eq!(draft.maximum_age, Some(Interval::Never));
        assert_eq!(draft.lockout_duration, Some(Interval::Never));
        assert_eq!(draft.lockout_window, Some(Interval::from_minutes(30)));
        assert_eq!(
            (draft.complexity, draft.reversible),
            (Some(true), Some(false))
        );
        assert_eq!(policy.place(), Some(&Locator::Line(4)));
    }
}

#[test]
fn a_missing_key_is_not_defined_and_a_wrong_one_has_its_line() {
    let policy = parse_template(&Inf::parse(
        "[System Access]\nMinimumPasswordAge = 1000\nPasswordComplexity = yes\n",
    ));
    assert_eq!(policy.maximum_age, Reading::Absent);
    assert!(policy.is_empty());
    let faults: Vec<_> = policy.faults().collect();
    assert_eq!(faults.len(), 2);
    assert_eq!(faults[0].code, ErrorCode::Range);
    assert_eq!(faults[1].place, Locator::Line(3));
}

#[test]
fn net_accounts_is_read_by_position_in_any_language() {
    assert!(is_net_accounts(ENGLISH));
    let english = parse_net_accounts(ENGLISH).unwrap();
    let draft = english.policy.draft();
    assert_eq!(english.role, Some(ComputerRole::Primary));
    assert_eq!(draft.minimum_age, Some(Interval::from_days(1)));
    assert_eq!(draft.maximum_age, Some(Interval::Never));
    assert_eq!((draft.history, draft.lockout_threshold), (Some(0), Some(0)));
    assert_eq!(draft.complexity, None);

    let german = parse_net_accounts(GERMAN).unwrap();
    let draft = german.policy.draft();
    assert_eq!(german.role, Some(ComputerRole::Server));
    assert_eq!(draft.minimum_age, Some(Interval::from_days(2)));
    assert_eq!(draft.lockout_threshold, Some(10));
    assert_eq!(draft.lockout_window, Some(Interval::from_minutes(15)));
}

#[test]
fn net_accounts_without_its_first_line_is_not_read_one_line_off() {
    for text in [ENGLISH, GERMAN] {
        let (_, rest) = text.split_once('\n').unwrap();
        assert!(!is_net_accounts(rest));
        assert!(parse_net_accounts(rest).is_err());
    }
}

#[test]
fn a_role_in_an_unknown_word_is_unknown() {
    let text = ENGLISH.replace("PRIMARY", "ARBEITSSTATION");
    assert_eq!(parse_net_accounts(&text).unwrap().role, None);
}

#[test]
fn get_ad_default_domain_password_policy_is_read_in_both_powershells() {
    let span = |ticks: i64| json!({"Ticks": ticks, "Days": 0, "TotalDays": 0.5});
    let policy = json!({
        "ComplexityEnabled": true, "DistinguishedName": "DC=contoso,DC=com",
        "LockoutDuration": span(0), "LockoutObservationWindow": "00:30:00", "LockoutThreshold": 0,
        "MaxPasswordAge": span(0), "MinPasswordAge": span(864_000_000_000), "MinPasswordLength": 7,
        "PasswordHistoryCount": 24, "ReversibleEncryptionEnabled": false
    });
    with_object(&policy, |object| {
        assert!(DomainRoot::matches_json(object));
        let root = DomainRoot::from_json(object);
        assert_eq!(root.name.value().map(String::as_str), Some("contoso.com"));
        let draft = root.policy.draft();
        assert_eq!(draft.minimum_age, Some(Interval::from_days(1)));
        assert_eq!(draft.maximum_age, Some(Interval::Never));
        assert_eq!(draft.lockout_duration, Some(Interval::Never));
        assert_eq!(draft.lockout_window, Some(Interval::from_minutes(30)));
    });
    let list = parse_list(
        "ComplexityEnabled : True\nDistinguishedName : DC=contoso,DC=com\nMinPasswordAge    : 1.00:00:00\n\
         MaxPasswordAge    : 00:00:00\nMinPasswordLength : 7\n",
    );
    let root = DomainRoot::from_list(&list.objects[0]);
    assert_eq!(
        root.policy.draft().minimum_age,
        Some(Interval::from_days(1))
    );
    assert_eq!(root.policy.draft().maximum_age, Some(Interval::Never));
    assert_eq!(
        root.policy.minimum_age.found().unwrap().place,
        Locator::Line(3)
    );
}

#[test]
fn a_fine_grained_policy_is_not_taken_for_the_domains() {
    let policy = json!({"MinPasswordAge": "1.00:00:00", "MinPasswordLength": 7, "Precedence": 1});
    with_object(&policy, |object| assert!(!DomainRoot::matches_json(object)));
}

#[test]
fn attributes_of_the_domain_root_are_read() {
    let root = DomainRoot::from_entry(&entry(
        "dn: DC=contoso,DC=com\nlockoutDuration: -9223372036854775808\nlockOutObservationWindow: -18000000000\n\
         minPwdLength: 7\nminPwdAge: -864000000000\nmaxPwdAge: 0\npwdHistoryLength: 24\npwdProperties: 17\n\
         lockoutThreshold: 0\n",
    ));
    let draft = root.policy.draft();
    assert_eq!(draft.minimum_age, Some(Interval::from_days(1)));
    assert_eq!(draft.maximum_age, Some(Interval::Never));
    assert_eq!(draft.lockout_duration, Some(Interval::Never));
    assert_eq!(
        (draft.complexity, draft.reversible),
        (Some(true), Some(true))
    );
    assert_eq!(
        root.policy.minimum_age.found().unwrap().place.to_string(),
        "minPwdAge of DC=contoso,DC=com"
    );
    let wrong = DomainRoot::from_entry(&entry("dn: DC=contoso,DC=com\nminPwdAge: 864000000000\n"));
    assert!(matches!(wrong.policy.minimum_age, Reading::Bad(_)));
}

#[test]
fn users_are_read_from_json_and_ldif() {
    let json = json!({
        "DistinguishedName": "CN=Jane Doe,OU=Staff,DC=contoso,DC=com", "Enabled": true, "ObjectClass": "user",
        "ObjectGUID": "0f8fad5b-d9cb-469f-a165-70867728950e", "PasswordLastSet": "/Date(1763600000000)/",
        "UserPrincipalName": "jdoe@contoso.com", "adminCount": null
    });
    with_object(&json, |object| {
        assert!(AdUser::matches_json(object));
        let user = AdUser::from_json(object);
        let Some(PasswordSet::At(at)) = user.password.value() else {
            panic!("{:?}", user.password);
        };
        assert_eq!(at.timestamp(), 1_763_600_000);
        assert_eq!(user.admin_count.value(), Some(&false));
    });
    let never = json!({"DistinguishedName": "CN=A,DC=contoso,DC=com", "PasswordLastSet": null});
    with_object(&never, |object| {
        assert_eq!(
            AdUser::from_json(object).password.value(),
            Some(&PasswordSet::MustChange)
        );
    });
    let ldif = entry(
        "dn: CN=Jane Doe,DC=contoso,DC=com\nobjectClass: person\nobjectClass: user\npwdLastSet: 0\n\
         userAccountControl: 66050\nuserPrincipalName: jdoe@contoso.com\n",
    );
    assert!(AdUser::matches_entry(&ldif));
    let user = AdUser::from_entry(&ldif);
    assert_eq!(user.password.value(), Some(&PasswordSet::MustChange));
    assert_eq!(
        (user.enabled.value(), user.never_expires.value()),
        (Some(&false), Some(&true))
    );
}

#[test]
fn a_computer_is_no_person() {
    let computer =
        entry("dn: CN=PC1,DC=contoso,DC=com\nobjectClass: user\nobjectClass: computer\n");
    assert!(!AdUser::matches_entry(&computer));
}

#[test]
fn the_root_dse_names_its_controller_and_controls() {
    let dse = RootDse::from_entry(&entry(
        "dn:\ndnsHostName: DC01.contoso.com\ndefaultNamingContext: DC=contoso,DC=com\n\
         rootDomainNamingContext: DC=contoso,DC=com\ncurrentTime: 20261120090000.0Z\n\
         supportedControl: 1.2.840.113556.1.4.319\nsupportedControl: 1.2.840.113556.1.4.2239\n",
    ));
    assert_eq!(
        dse.host.value().map(String::as_str),
        Some("DC01.contoso.com")
    );
    assert_eq!(dse.domain.value().map(String::as_str), Some("contoso.com"));
    assert_eq!(dse.controls.value().map(Vec::len), Some(2));
    assert!(dse.time.is_some());
}

#[test]
fn password_filters_beyond_windows_own_are_told_apart() {
    let packages: Vec<String> = ["scecli", "RASSFM", "acmefilter", ""]
        .map(String::from)
        .into();
    let foreign: Vec<_> = PasswordFilters::foreign(&packages).collect();
    assert_eq!(foreign, ["acmefilter"]);
}

#[test]
fn gpupdate_is_recognised_by_words_and_by_shape() {
    assert!(is_gpupdate(
        "Updating policy...\r\n\r\nComputer Policy update has completed successfully.\r\n\
         User Policy update has completed successfully.\r\n"
    ));
    assert!(is_gpupdate(
        "Die Richtlinie wird aktualisiert...\n\nDie Aktualisierung der Computerrichtlinie wurde erfolgreich \
         abgeschlossen.\nDie Aktualisierung der Benutzerrichtlinie wurde erfolgreich abgeschlossen.\n"
    ));
    assert!(is_gpupdate(
        "Aggiornamento dei criteri...\n\nAggiornamento Criteri computer completato.\n\
         Aggiornamento Criteri utente completato.\n"
    ));
    assert!(!is_gpupdate(
        "Once upon a time...\nThere was one.\nAnd then another thing came.\n"
    ));
    assert!(!is_gpupdate(ENGLISH));
}

#[test]
fn names_of_domains_go_both_ways() {
    assert_eq!(
        dns_domain("CN=Doe\\, Jane,OU=DC=x,DC=Emea,DC=Contoso,DC=com").as_deref(),
        Some("emea.contoso.com")
    );
    assert_eq!(dns_domain("CN=x"), None);
    assert_eq!(domain_dn("contoso.com"), "DC=contoso,DC=com");
}

#[test]
fn every_fault_of_a_policy_is_listed() {
    let draft = PasswordPolicyDraft {
        minimum_age: Some(Interval::from_days(43)),
        maximum_age: Some(Interval::from_days(42)),
        minimum_length: Some(257),
        lockout_duration: Some(Interval::from_minutes(10)),
        lockout_window: Some(Interval::from_minutes(30)),
        ..PasswordPolicyDraft::default()
    };
    let faults = PasswordPolicy::try_from(draft).unwrap_err();
    let fields: Vec<_> = faults.0.iter().map(|fault| fault.field).collect();
    assert_eq!(fields, ["minimumAge", "minimumLength", "lockoutWindow"]);
    let text = serde_json::to_string(&draft).unwrap();
    assert!(serde_json::from_str::<PasswordPolicy>(&text).is_err());
}

#[test]
fn spans_are_encoded_as_directories_hold_them() {
    assert_eq!(
        attributes::encode_span(Interval::from_days(1)),
        -864_000_000_000
    );
    assert_eq!(attributes::encode_span(Interval::Never), i64::MIN);
    assert_eq!(attributes::decode_span(0), Ok(Interval::ZERO));
    assert_eq!(attributes::decode_limit(0), Ok(Interval::Never));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn spans_survive_a_round_trip(ticks in 0_i64..i64::MAX) {
        let span = Interval::Ticks(ticks);
        prop_assert_eq!(attributes::decode_span(attributes::encode_span(span)), Ok(span));
    }

    #[test]
    fn a_mutated_export_gives_a_value_or_an_error(at in 0_usize..500, c in any::<char>()) {
        for sample in [TEMPLATE, ENGLISH, GERMAN] {
            let mut chars: Vec<_> = sample.chars().collect();
            let at = at % chars.len();
            chars[at] = c;
            let text: String = chars.into_iter().collect();
            let _ = parse_template(&Inf::parse(&text)).draft();
            let _ = parse_net_accounts(&text);
            let _ = is_gpupdate(&text);
            let _ = is_template(&text);
        }
    }

    #[test]
    fn any_number_in_an_export_gives_a_value_or_an_error(which in any::<prop::sample::Index>(), number in prop_oneof![any::<i64>(), Just(i64::from(u32::MAX))]) {
        for sample in [TEMPLATE, ENGLISH, GERMAN] {
            let mut lines: Vec<String> = sample.lines().map(str::to_owned).collect();
            let line = which.get_mut(&mut lines);
            let digits = line.find(|c: char| c.is_ascii_digit()).unwrap_or(line.len());
            line.truncate(digits);
            line.push_str(&number.to_string());
            let text = lines.join("\r\n");
            let _ = parse_template(&Inf::parse(&text)).draft();
            let _ = parse_net_accounts(&text);
        }
    }

    #[test]
    fn any_text_gives_a_value_or_an_error(text in "(?s).{0,300}") {
        let _ = parse_template(&Inf::parse(&text)).draft();
        let _ = parse_net_accounts(&text);
        let _ = is_gpupdate(&text);
        let _ = dns_domain(&text);
    }
}
