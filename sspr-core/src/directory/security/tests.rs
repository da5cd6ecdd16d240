//! Tests of the security primitives.

use std::collections::HashMap;

use uuid::Uuid;

use super::*;

mod properties;

const DOMAIN: Sid = Sid::new(5, [21, 1_111_111_111, 2_222_222_222, 3_333_333_333]);
const PERSON: ObjectClass = ObjectClass(guids::USER);

fn account(rid: u32) -> Sid {
    DOMAIN.with_rid(rid).unwrap()
}

fn aliases() -> SidAliases {
    SidAliases {
        domain: Some(DOMAIN),
        forest_root: Some(DOMAIN),
    }
}

fn sddl(text: &str) -> SecurityDescriptor {
    SecurityDescriptor::from_sddl(text, &aliases()).unwrap()
}

fn token(account: Sid) -> Token {
    Token::from_memberships(
        account,
        Some(DOMAIN.with_rid(513).unwrap()),
        [],
        &HashMap::new(),
    )
}

fn check(descriptor: &SecurityDescriptor, token: &Token, wanted: Wanted) -> Decision {
    Target {
        descriptor,
        class: PERSON,
        sid: Some(account(2_000)),
    }
    .check(token, wanted)
}

fn granted(text: &str, wanted: Wanted) -> Granted {
    check(&sddl(text), &token(account(1_105)), wanted).granted
}

const RESET: Wanted = Wanted::ControlAccess(guids::RESET_PASSWORD);

fn connector() -> String {
    account(1_105).to_string()
}

#[test]
fn sids_survive_text_and_bytes() {
    for text in [
        "S-1-5-18",
        "S-1-1-0",
        "S-1-5-21-1-2-3-500",
        "S-1-0x0100000000AB-7",
        "S-1-5",
    ] {
        let sid: Sid = text.parse().unwrap();
        assert_eq!(sid.to_string(), text);
        assert_eq!(Sid::parse(&sid.to_bytes()).unwrap(), sid);
    }
    for wrong in [
        "",
        "S-1",
        "S-2-5-18",
        "S-1-5-x",
        "S-1-5-4294967296",
        "S-1-0x1000000000000",
    ] {
        assert!(wrong.parse::<Sid>().is_err(), "{wrong}");
    }
}

#[test]
fn a_sid_with_more_parts_than_allowed_is_refused() {
    let text = format!("S-1-5{}", "-1".repeat(16));
    assert!(text.parse::<Sid>().is_err());
    assert!(Sid::parse(&[1, 16, 0, 0, 0, 0, 0, 5]).is_err());
}

#[test]
fn without_a_list_everything_is_granted_and_with_an_empty_one_nothing() {
    assert_eq!(granted("O:SY", RESET), Granted::Yes);
    assert_eq!(granted("D:NO_ACCESS_CONTROL", RESET), Granted::Yes);
    assert_eq!(granted("D:", RESET), Granted::No);
}

#[test]
fn the_right_itself_all_rights_and_full_control_each_grant_a_reset() {
    let x = connector();
    for text in [
        format!("D:(OA;;CR;{};;{x})", guids::RESET_PASSWORD),
        format!("D:(A;;CR;;;{x})"),
        format!("D:(A;;GA;;;{x})"),
        "D:(A;;CR;;;AU)".to_owned(),
        "D:(A;;CR;;;WD)".to_owned(),
        "D:(A;;CR;;;DU)".to_owned(),
    ] {
        assert_eq!(granted(&text, RESET), Granted::Yes, "{text}");
    }
    for text in [
        format!("D:(OA;;CR;{};;{x})", guids::CHANGE_PASSWORD),
        format!(
            "D:(OA;CIIO;CR;{};{};{x})",
            guids::RESET_PASSWORD,
            guids::USER
        ),
        format!("D:(A;;WP;;;{x})"),
        "D:(A;;CR;;;DA)".to_owned(),
        "D:(A;;CR;;;PS)".to_owned(),
    ] {
        assert_eq!(granted(&text, RESET), Granted::No, "{text}");
    }
}

#[test]
fn an_attribute_is_written_by_itself_its_property_set_its_class_or_everything() {
    let x = connector();
    let pwd_last_set = Wanted::write(guids::PWD_LAST_SET);
    let lockout_time = Wanted::write(guids::LOCKOUT_TIME);
    let entry = |object: Uuid| format!("D:(OA;;WP;{object};;{x})");
    assert_eq!(
        granted(&entry(guids::PWD_LAST_SET), pwd_last_set),
        Granted::Yes
    );
    assert_eq!(
        granted(&entry(guids::USER_ACCOUNT_RESTRICTIONS), pwd_last_set),
        Granted::Yes
    );
    assert_eq!(granted(&entry(guids::USER), pwd_last_set), Granted::Yes);
    assert_eq!(
        granted(&entry(guids::INET_ORG_PERSON), pwd_last_set),
        Granted::No
    );
    assert_eq!(
        granted(&entry(guids::USER_ACCOUNT_RESTRICTIONS), lockout_time),
        Granted::No
    );
    assert_eq!(
        granted(&format!("D:(A;;WP;;;{x})"), lockout_time),
        Granted::Yes
    );
    assert_eq!(
        granted(&entry(Uuid::from_u128(7)), lockout_time),
        Granted::No
    );
}

#[test]
fn the_first_entry_that_decides_wins_as_the_list_lies() {
    let x = connector();
    assert_eq!(
        granted(&format!("D:(D;;CR;;;WD)(A;;CR;;;{x})"), RESET),
        Granted::No
    );
    assert_eq!(
        granted(&format!("D:(A;;CR;;;{x})(D;;CR;;;WD)"), RESET),
        Granted::Yes
    );
    let decision = check(
        &sddl(&format!("D:(A;;RP;;;AU)(D;;CR;;;WD)(A;;CR;;;{x})")),
        &token(account(1_105)),
        RESET,
    );
    assert_eq!(decision.entry, Some(1));
}

#[test]
fn a_condition_gives_unknown_only_where_it_matters() {
    let x = connector();
    let condition = "(@User.department == \"IT)\")";
    assert_eq!(
        granted(&format!("D:(XA;;CR;;;{x};{condition})"), RESET),
        Granted::Unknown
    );
    assert_eq!(
        granted(&format!("D:(XA;;CR;;;{x};{condition})(A;;CR;;;{x})"), RESET),
        Granted::Yes
    );
    assert_eq!(
        granted(&format!("D:(XD;;CR;;;{x};{condition})(A;;CR;;;{x})"), RESET),
        Granted::Unknown
    );
    assert_eq!(
        granted(&format!("D:(XD;;CR;;;{x};{condition})"), RESET),
        Granted::No
    );
}

#[test]
fn an_owner_may_change_the_list_unless_owner_rights_say_otherwise() {
    let x = connector();
    let write = Wanted::Plain(Mask::WRITE_DAC);
    assert_eq!(granted(&format!("O:{x}D:"), write), Granted::Yes);
    assert_eq!(granted(&format!("O:{x}D:(A;;RC;;;OW)"), write), Granted::No);
    assert_eq!(
        granted(&format!("O:{x}D:(A;;WD;;;OW)"), write),
        Granted::Yes
    );
    assert_eq!(granted("O:SYD:(A;;WD;;;OW)", write), Granted::No);
}

#[test]
fn several_plain_rights_are_all_needed() {
    let x = connector();
    let both = Wanted::Plain(Mask::WRITE_DAC | Mask::WRITE_OWNER);
    assert_eq!(
        granted(&format!("D:(A;;WD;;;{x})(A;;WO;;;AU)"), both),
        Granted::Yes
    );
    assert_eq!(
        granted(&format!("D:(A;;WD;;;{x})(D;;WO;;;AU)"), both),
        Granted::No
    );
    assert_eq!(granted(&format!("D:(A;;WD;;;{x})"), both), Granted::No);
}

#[test]
fn an_entry_for_a_part_of_the_object_says_nothing_about_the_whole() {
    let x = connector();
    let write = Wanted::Plain(Mask::WRITE_DAC);
    let reset = guids::RESET_PASSWORD;
    assert_eq!(
        granted(&format!("D:(OA;;GA;{reset};;{x})"), write),
        Granted::No
    );
    assert_eq!(
        granted(&format!("D:(OD;;WD;{reset};;{x})(A;;WD;;;{x})"), write),
        Granted::Yes
    );
    for whole in [String::new(), guids::USER.to_string()] {
        let list = format!("D:(OA;;GA;{whole};;{x})");
        assert_eq!(granted(&list, write), Granted::Yes, "{list}");
    }
}

#[test]
fn self_speaks_of_the_object_alone() {
    let descriptor = sddl("D:(A;;CR;;;PS)");
    assert_eq!(
        check(&descriptor, &token(account(2_000)), RESET).granted,
        Granted::Yes
    );
    assert_eq!(
        check(&descriptor, &token(account(2_001)), RESET).granted,
        Granted::No
    );
}

#[test]
fn groups_are_followed_through_nesting_and_cycles() {
    let (a, b, c) = (account(3_001), account(3_002), account(3_003));
    let memberships = HashMap::from([
        (account(1_105), vec![a]),
        (a, vec![b]),
        (b, vec![c, a]),
        (
            well_known::AUTHENTICATED_USERS,
            vec![well_known::PRE_WINDOWS_2000],
        ),
    ]);
    let token = Token::from_memberships(account(1_105), None, [account(9)], &memberships);
    for sid in [
        a,
        b,
        c,
        account(9),
        well_known::PRE_WINDOWS_2000,
        well_known::EVERYONE,
    ] {
        assert!(token.is_granted(&sid), "{sid}");
    }
    assert!(!token.is_granted(&account(513)));
}

#[test]
fn a_sid_that_only_denies_grants_nothing() {
    let group = account(3_001);
    let memberships = HashMap::from([(account(1_105), vec![group])]);
    let token =
        Token::from_memberships(account(1_105), None, [], &memberships).with_deny_only([group]);
    let allow = sddl(&format!("D:(A;;CR;;;{group})"));
    let deny = sddl(&format!("D:(D;;CR;;;{group})(A;;CR;;;WD)"));
    assert_eq!(check(&allow, &token, RESET).granted, Granted::No);
    assert_eq!(check(&deny, &token, RESET).granted, Granted::No);
}

#[test]
fn what_the_permission_cmdlet_writes_reaches_users_and_no_other_class() {
    let x = connector();
    let root = sddl(&format!(
        "D:(OA;CIIO;CR;{};{};{x})(OA;CIIO;WP;{};{};{x})",
        guids::RESET_PASSWORD,
        guids::USER,
        guids::LOCKOUT_TIME,
        guids::USER
    ));
    let ou = inherit_into(
        root.access_list().unwrap(),
        ObjectClass(guids::ORGANIZATIONAL_UNIT),
        None,
        None,
    );
    assert!(
        ou.iter()
            .all(|ace| ace.has(Ace::INHERIT_ONLY | Ace::INHERITED))
    );
    for (class, expected) in [
        (guids::USER, Granted::Yes),
        (guids::INET_ORG_PERSON, Granted::No),
    ] {
        let entries = inherit_into(&ou, ObjectClass(class), None, None);
        let descriptor = SecurityDescriptor {
            control: Control(Control::DACL_PRESENT),
            dacl: Some(Acl {
                revision: 4,
                entries,
            }),
            ..SecurityDescriptor::default()
        };
        let target = Target {
            descriptor: &descriptor,
            class: ObjectClass(class),
            sid: None,
        };
        assert_eq!(
            target.check(&token(account(1_105)), RESET).granted,
            expected
        );
    }
}

#[test]
fn an_entry_that_does_not_propagate_stops_at_the_child() {
    let parent = sddl("D:(A;CINP;CR;;;AU)");
    let child = inherit_into(parent.access_list().unwrap(), PERSON, None, None);
    assert_eq!(child.len(), 1);
    assert_eq!(child[0].flags, Ace::INHERITED);
    assert!(inherit_into(&child, PERSON, None, None).is_empty());
}

#[test]
fn creator_owner_and_generic_rights_are_replaced_on_the_child_and_travel_on_as_they_were() {
    let parent = sddl("D:(A;CIIO;GA;;;CO)");
    let owner = account(42);
    let child = inherit_into(parent.access_list().unwrap(), PERSON, Some(owner), None);
    assert_eq!(child.len(), 2);
    assert_eq!(
        (child[0].sid, child[0].mask),
        (Some(owner), Mask::FULL_CONTROL)
    );
    assert_eq!(child[1].sid, Some(well_known::CREATOR_OWNER));
    assert!(child[1].has(Ace::INHERIT_ONLY | Ace::CONTAINER_INHERIT | Ace::INHERITED));
}

#[test]
fn an_inherited_entry_is_traced_to_the_ancestor_that_holds_it() {
    let root = sddl("D:(A;CI;CR;;;AU)(D;CI;WP;;;WD)");
    let root = root.access_list().unwrap();
    let ou = inherit_into(root, ObjectClass(guids::ORGANIZATIONAL_UNIT), None, None);
    let person = inherit_into(&ou, PERSON, None, None);
    assert_eq!(is_inherited_from(&person[1], &[&ou, root]), Some((1, 1)));
    assert_eq!(is_inherited_from(&root[1], &[]), None);
}

#[test]
fn sddl_names_of_a_domain_need_its_sid() {
    let error = SecurityDescriptor::from_sddl("O:DA", &SidAliases::default()).unwrap_err();
    assert!(error.message.contains("domain"), "{error}");
    assert_eq!(sddl("O:DAG:EA").owner, Some(account(512)));
}

#[test]
fn sddl_is_read_with_every_form_of_rights() {
    for (text, mask) in [
        ("0x100", 0x100),
        ("RPWP", 0x30),
        ("0400", 0x100),
        ("256", 256),
        ("FA", 0x1F_01FF),
        ("rpwp", 0x30),
        ("", 0),
    ] {
        let descriptor = sddl(&format!("D:(A;;{text};;;SY)"));
        assert_eq!(
            descriptor.access_list().unwrap()[0].mask,
            Mask(mask),
            "{text}"
        );
    }
}

#[test]
fn an_object_entry_without_types_is_the_plain_entry() {
    let descriptor = sddl("D:(OA;;CR;;;SY)");
    assert_eq!(descriptor.access_list().unwrap()[0].ace_type, AceType(0));
}

#[test]
fn conditions_and_attributes_become_bytes_and_come_back() {
    for text in [
        r#"D:(XA;;CR;;;S-1-1-0;(@User.title == "PM" && Member_of {SID(S-1-5-32-544)}))"#,
        "D:(XD;CI;WP;;;S-1-1-0;(Exists a))(A;;CR;;;S-1-5-11)",
        "D:(ZA;;CR;00299570-246d-11d0-a768-00aa006e0529;;S-1-1-0;(!(@Device.managed)))",
        r#"S:(XU;SA;CR;;;S-1-1-0;(a Any_of {1, 0x2}))(RA;;;;;S-1-1-0;("a",TS,0x0,"b"))"#,
    ] {
        let read = sddl(text);
        assert_eq!(read.to_sddl(), text);
        let bytes = read.to_bytes().unwrap();
        let again = SecurityDescriptor::parse(&bytes).unwrap();
        assert_eq!(again, read);
        assert_eq!(again.to_sddl(), text);
    }
}

#[test]
fn entries_that_sddl_has_no_words_for_are_written_as_bytes() {
    let mut descriptor =
        sddl("D:(A;;CR;;;SY)(XA;;CR;;;SY)(OA;;CR;00299570-246d-11d0-a768-00aa006e0529;;SY)");
    let entries = &mut descriptor.dacl.as_mut().unwrap().entries;
    entries[0].flags = 0x20;
    entries[1].data = b"artx\x77\0\0\0".to_vec();
    entries[2].types.as_mut().unwrap().other_flags = 4;
    entries.push(Ace {
        ace_type: AceType(0x63),
        sid: None,
        mask: Mask(0),
        data: vec![1, 2, 3, 4],
        ..Ace::new(AceKind::Allow, Mask(0), well_known::EVERYONE)
    });
    let text = descriptor.to_sddl();
    assert_eq!(
        text,
        "D:(A;0x20;CR;;;S-1-5-18)(XA;;CR;;;S-1-5-18;opaque:6172747877000000)\
         (0x05;;;;;;opaque:0001000005000000709529006d24d011a76800aa006e0529010100000000000512000000)\
         (0x63;;;;;;opaque:01020304)"
    );
    assert_eq!(sddl(&text), descriptor);
}

#[test]
fn no_list_an_empty_list_and_a_missing_list_stay_apart() {
    for text in [
        "O:S-1-5-18",
        "O:S-1-5-18D:NO_ACCESS_CONTROL",
        "O:S-1-5-18D:PAI",
        "S:NO_ACCESS_CONTROL",
        "S:",
    ] {
        let read = sddl(text);
        let again = SecurityDescriptor::parse(&read.to_bytes().unwrap()).unwrap();
        assert_eq!(again, read);
        assert_eq!(again.to_sddl(), text);
    }
}

#[test]
fn broken_sddl_is_refused_with_the_place() {
    for text in [
        "",
        "X:",
        "D:(",
        "D:(A;;CR;;;SY",
        "D:(A;;C;;;SY)",
        "D:(Q;;CR;;;SY)",
        "D:(A;ZZ;CR;;;SY)",
        "D:(A;;CR;;;XX)",
        "D:(OA;;CR;nonsense;;SY)",
        "D:D:",
        "O:",
        "D:(A;;CR;00299570-246d-11d0-a768-00aa006e0529;;SY)",
        "D:(A;;CR;;;SY;(a == 1))",
        "D:(XA;;CR;;;SY;)",
        "D:(XA;;CR;;;SY;opaque:123)",
        "D:(0x63;;CR;;;SY)",
        "D:(0x100;;;;;;opaque:)",
        "D:(0x00;;;;;;opaque:00)",
    ] {
        assert!(
            SecurityDescriptor::from_sddl(text, &aliases()).is_err(),
            "{text}"
        );
    }
}

#[test]
fn a_descriptor_that_promises_what_it_does_not_hold_is_refused() {
    let good = sddl("O:SYG:BAD:PAI(A;CI;RPWPCR;;;AU)").to_bytes().unwrap();
    assert!(SecurityDescriptor::parse(&good).is_ok());
    for (at, byte) in [(0, 2), (16, 0xff), (19, 0x7f), (16, 4)] {
        let mut bad = good.clone();
        bad[at] = byte;
        assert!(SecurityDescriptor::parse(&bad).is_err(), "byte {at}");
    }
    for length in 0..good.len() {
        assert!(
            SecurityDescriptor::parse(&good[..length]).is_err(),
            "{length} bytes"
        );
    }
}

#[test]
fn parts_that_overlap_are_refused_but_owner_and_group_may_be_the_same_bytes() {
    let mut bytes = sddl("O:SYG:SYD:(A;;CR;;;AU)").to_bytes().unwrap();
    let owner = bytes[4];
    bytes[8] = owner;
    assert!(SecurityDescriptor::parse(&bytes).is_ok());
    bytes[4] = bytes[16] + 12;
    assert!(SecurityDescriptor::parse(&bytes).is_err());
}

#[test]
fn the_byte_that_active_directory_keeps_behind_the_revision_survives() {
    let mut descriptor = sddl("O:SYD:(A;;CR;;;AU)");
    descriptor.resource_manager = 1;
    let bytes = descriptor.to_bytes().unwrap();
    assert_eq!(SecurityDescriptor::parse(&bytes).unwrap(), descriptor);
}

#[test]
fn a_decision_says_its_reason() {
    let account: Sid = "S-1-5-21-1-2-3-1104".parse().unwrap();
    let token = Token::exact(account, [well_known::EVERYONE]);
    let reason = |sddl: &str| {
        let descriptor = SecurityDescriptor::from_sddl(sddl, &SidAliases::default()).unwrap();
        let target = Target {
            descriptor: &descriptor,
            class: ObjectClass(guids::USER),
            sid: None,
        };
        let wanted = Wanted::named("reset-password").unwrap();
        target.check(&token, wanted).reason(&descriptor, wanted)
    };
    let entry = |kind: &str, flags: &str, sid: &str| {
        format!("D:({kind};{flags};CR;00299570-246d-11d0-a768-00aa006e0529;;{sid})")
    };
    assert_eq!(
        reason(&entry("OA", "ID", "S-1-5-21-1-2-3-1104")),
        "Reset Password is granted: entry 1 for S-1-5-21-1-2-3-1104, inherited, allows it"
    );
    assert_eq!(
        reason(&entry("OD", "", "WD")),
        "Reset Password is not granted: entry 1 for Everyone denies it"
    );
    assert_eq!(
        reason(&entry("OA", "", "S-1-5-21-1-2-3-9")),
        "Reset Password is not granted: no entry speaks of it"
    );
    assert_eq!(
        reason("O:SY"),
        "Reset Password is granted: there is no access list"
    );
}
