//! The parsers on real forms, and on anything.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::carrier::json::Object;
use crate::directory::security::{Ace, AceKind, Sid, SidAliases, guids};
use crate::evidence::Locator;

const DSACLS: &str = "Owner: CONTOSO\\Domain Admins\nGroup: CONTOSO\\Domain Admins\n\nAccess list:\n\
    {This object is protected from inheriting permissions from the parent}\n\
    Effective Permissions on this object are:\n\
    Allow NT AUTHORITY\\Authenticated Users  SPECIAL ACCESS   <Inherited from parent>\n\
    \x20                                     READ PERMISSONS\n\
    \x20                                     LIST CONTENTS\n\
    Allow S-1-5-21-1-2-3-1200             Change Password\n\
    Allow S-1-5-21-1-2-3-1200             Generate Resultant Set of Policy (Logging)\n\n\
    Permissions inherited to subobjects are:\nInherited to all subobjects\n\
    Allow S-1-5-21-1-2-3-1200             SPECIAL ACCESS for Account Restrictions\n\
    \x20                                     WRITE PROPERTY\n\
    Inherited to inetOrgPerson\n\
    Allow S-1-5-21-1-2-3-1200             SPECIAL ACCESS for lockoutTime\n\
    \x20                                     READ PROPERTY\n\
    \x20                                     WRITE PROPERTY\n\
    The command completed successfully\n";

fn rule(value: &Value) -> crate::error::Result<AccessRule> {
    AccessRule::from_json(&Object::new(
        value.as_object().unwrap(),
        Locator::Pointer(String::new()),
    ))
}

fn sample() -> Value {
    json!({
        "ActiveDirectoryRights": "ReadProperty, WriteProperty", "InheritanceType": "Descendents",
        "ObjectType": guids::LOCKOUT_TIME.to_string(), "InheritedObjectType": guids::USER.to_string(),
        "AccessControlType": "Deny", "IdentityReference": "CONTOSO\\jdoe", "IsInherited": true,
        "InheritanceFlags": "ContainerInherit", "PropagationFlags": "InheritOnly"
    })
}

#[test]
fn a_rule_is_the_same_in_words_and_numbers() {
    let mut numbers = sample();
    numbers["ActiveDirectoryRights"] = json!(48);
    numbers["AccessControlType"] = json!(1);
    numbers["InheritanceFlags"] = json!(1);
    numbers["PropagationFlags"] = json!(2);
    let read = rule(&sample()).unwrap();
    assert_eq!(read, rule(&numbers).unwrap());
    assert_eq!(read.entry.ace_type.kind(), AceKind::Deny);
    assert_eq!(
        read.entry.flags,
        Ace::CONTAINER_INHERIT | Ace::INHERIT_ONLY | Ace::INHERITED
    );
    numbers.as_object_mut().unwrap().remove("InheritanceFlags");
    assert_eq!(read, rule(&numbers).unwrap());
}

#[test]
fn a_rule_that_misses_a_part_or_holds_an_unknown_right_is_an_error() {
    for name in [
        "AccessControlType",
        "ObjectType",
        "IsInherited",
        "PropagationFlags",
    ] {
        let mut cut = sample();
        cut.as_object_mut().unwrap().remove(name);
        assert!(rule(&cut).is_err(), "{name}");
    }
    let mut odd = sample();
    odd["ActiveDirectoryRights"] = json!("ReadProperty, Fly");
    assert!(rule(&odd).is_err());
}

#[test]
fn dsacls_entries_are_read_with_their_types_and_inheritance() {
    assert!(is_dsacls(DSACLS));
    let (dn, rules) = parse_dsacls(DSACLS);
    assert_eq!(
        (dn, rules.protected, &rules.fault),
        (None, Some(true), &None)
    );
    let read: Vec<_> = rules
        .rules
        .iter()
        .map(|rule| {
            let types = rule.entry.types.unwrap_or_default();
            let mask = rule.entry.mask.0;
            (mask, types.object, types.inherited, rule.entry.flags)
        })
        .collect();
    assert_eq!(
        read,
        [
            (0x2_0004, None, None, 0x10),
            (0x100, Some(guids::CHANGE_PASSWORD), None, 0),
            (0x100, Some(uuid::Uuid::max()), None, 0),
            (0x20, Some(guids::USER_ACCOUNT_RESTRICTIONS), None, 0x0a),
            (
                0x30,
                Some(guids::LOCKOUT_TIME),
                Some(guids::INET_ORG_PERSON),
                0x0a
            ),
        ]
    );
}

#[test]
fn dsacls_text_with_a_deny_entry_or_without_its_end_gives_no_descriptor() {
    let denied = DSACLS.replacen("Allow S-1", "Deny S-1", 1);
    let known = |_: &str| Some(Sid::new(5, [18]));
    assert!(parse_dsacls(&denied).1.build(&known).is_err());
    let cut = DSACLS.replace("The command completed successfully\n", "");
    assert!(parse_dsacls(&cut).1.build(&known).is_err());
    assert!(parse_dsacls(DSACLS).1.build(&known).is_ok());
    assert!(parse_dsacls(DSACLS).1.build(&|_| None).is_err());
}

#[test]
fn a_path_gives_the_distinguished_name() {
    let dn = "OU=Staff,DC=contoso,DC=com";
    for path in [
        "Microsoft.ActiveDirectory.Management.dll\\ActiveDirectory:://RootDSE/OU=Staff,DC=contoso,DC=com",
        "AD:\\OU=Staff,DC=contoso,DC=com",
        "OU=Staff,DC=contoso,DC=com",
    ] {
        assert_eq!(object_path(path).as_deref(), Some(dn));
    }
    assert_eq!(object_path("C:\\Temp"), None);
}

#[test]
fn well_known_names_need_no_domain() {
    assert_eq!(well_known_sid("Everyone"), Some(Sid::new(1, [0])));
    assert_eq!(
        well_known_sid("NT AUTHORITY\\SELF"),
        Some(Sid::new(5, [10]))
    );
    assert_eq!(
        well_known_sid("BUILTIN\\Administrators"),
        Some(Sid::new(5, [32, 544]))
    );
    assert_eq!(well_known_sid("CONTOSO\\Administrators"), None);
    assert_eq!(well_known_sid("CONTOSO\\Everyone"), None);
    assert_eq!(well_known_sid("CONTOSO\\Self"), None);
}

#[test]
fn a_class_that_is_not_known_is_none_that_an_entry_names() {
    let class = structural_class(&["top", "person", "user", "contosoPerson"]).unwrap();
    assert!(class.0.is_nil());
    assert_eq!(structural_class(&[]), None);
}

#[test]
fn a_token_without_any_group_was_not_shown() {
    let read = |value: Value| {
        let account = json!({"SamAccountName": "svc", "tokenGroups": value});
        let object = Object::new(account.as_object().unwrap(), Locator::Whole);
        AccountReadings::from_json(&object)
            .token_groups
            .value()
            .cloned()
    };
    assert_eq!(read(json!([])), None);
    assert_eq!(
        read(json!(["S-1-5-32-545"])),
        Some(vec![Sid::new(5, [32, 545])])
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,400}") {
        let _ = is_dsacls(&text);
        let (_, rules) = parse_dsacls(&text);
        let _ = rules.build(&|_| None);
        let _ = (object_path(&text), well_known_sid(&text), Trustee::parse(&text));
    }

    #[test]
    fn mutated_dsacls_text_never_panics(at in 0..DSACLS.len(), with in any::<char>(), cut in 0..DSACLS.len()) {
        let mut text = DSACLS.to_owned();
        text.replace_range(at..=at, &with.to_string());
        let _ = parse_dsacls(&text);
        // What ends early gives no descriptor.
        let known = |_: &str| Some(Sid::new(5, [18]));
        prop_assert!(parse_dsacls(&DSACLS[..cut.min(DSACLS.len() - 36)]).1.build(&known).is_err());
    }

    #[test]
    fn any_values_in_a_rule_or_an_object_are_read_or_refused(
        name in prop::sample::select(vec!["ActiveDirectoryRights", "ObjectType", "IdentityReference",
            "nTSecurityDescriptor", "Sddl", "Access", "SID", "MemberOf", "tokenGroups", "Path"]),
        value in prop_oneof![
            Just(json!(null)), any::<i64>().prop_map(|n| json!(n)), ".{0,12}".prop_map(|s| json!(s)),
            prop::collection::vec(any::<u16>(), 0..6).prop_map(|v| json!(v)), Just(json!({"Value": 1})),
        ],
    ) {
        let mut object = sample();
        object[name] = value;
        let _ = rule(&object);
        let object = Object::new(object.as_object().unwrap(), Locator::Whole);
        let secured = SecuredReading::from_json(&object);
        if let Some(form) = secured.descriptor.value() {
            let _ = form.build(&SidAliases::default(), &|_| None);
        }
        let _ = (AccountReadings::from_json(&object), GroupReadings::from_json(&object));
    }
}
