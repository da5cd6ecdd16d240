//! Evidence in its real forms becomes facts, whatever its order.

use std::fmt::Write as _;
use std::ops::ControlFlow;

use proptest::prelude::*;

use crate::directory::security::guids;
use crate::directory::security::{
    Granted, ObjectClass, SecurityDescriptor, Sid, SidAliases, Target, Token, Wanted,
};
use crate::snapshot::{Input, ReadOptions, Snapshot};

const DOMAIN: Sid = Sid::new(5, [21, 1, 2, 3]);
const OU: &str = "ou=staff,dc=contoso,dc=com";

fn sid(rid: u32) -> Sid {
    DOMAIN.with_rid(rid).unwrap()
}

fn read(inputs: &[(&str, String)]) -> Snapshot {
    let inputs = inputs
        .iter()
        .map(|(name, text)| Input::bytes(*name, text.as_bytes()))
        .collect();
    Snapshot::read(inputs, &ReadOptions::default(), &mut |_| {
        ControlFlow::Continue(())
    })
    .unwrap()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .fold(0, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for place in 0..4 {
            if place > chunk.len() {
                text.push('=');
            } else {
                text.push(char::from(DIGITS[(bits >> (18 - 6 * place) & 63) as usize]));
            }
        }
    }
    text
}

fn descriptor(sddl: &str) -> String {
    let parsed = SecurityDescriptor::from_sddl(sddl, &SidAliases::default()).unwrap();
    base64(&parsed.to_bytes().unwrap())
}

fn reset_by(account: Sid) -> String {
    format!(
        "O:S-1-5-18G:S-1-5-18D:AI(OA;;CR;{};;{account})",
        guids::RESET_PASSWORD
    )
}

/// One entry, with its SID in base64 and further lines.
fn entry(dn: &str, classes: &[&str], own: Option<Sid>, lines: &str) -> String {
    let mut text = format!("dn: {dn}\n");
    for class in classes {
        let _ = writeln!(text, "objectClass: {class}");
    }
    if let Some(own) = own {
        let _ = writeln!(text, "objectSid:: {}", base64(&own.to_bytes()));
    }
    text + lines + "\n"
}

const USER: &[&str] = &["top", "person", "organizationalPerson", "user"];

fn people() -> String {
    let inet = &[
        "top",
        "person",
        "organizationalPerson",
        "user",
        "inetOrgPerson",
    ];
    let reset = descriptor(&reset_by(sid(1200)));
    entry(
        "CN=Jane Doe,OU=Staff,DC=contoso,DC=com",
        USER,
        Some(sid(1101)),
        &format!(
            "userPrincipalName: jdoe@contoso.com\nsAMAccountName: jdoe\nprimaryGroupID: 513\n\
             nTSecurityDescriptor:: {reset}\n"
        ),
    ) + &entry(
        "CN=Ann Admin,OU=Staff,DC=contoso,DC=com",
        inet,
        Some(sid(1102)),
        &format!(
            "userPrincipalName: a.admin@contoso.com\nsAMAccountName: aadmin\nprimaryGroupID: 513\n\
             nTSecurityDescriptor:: {reset}\n"
        ),
    ) + &entry(
        "CN=MSOL_0123456789ab,CN=Users,DC=contoso,DC=com",
        USER,
        Some(sid(1200)),
        "sAMAccountName: MSOL_0123456789ab\nuserAccountControl: 66048\nlockoutTime: 0\n\
         accountExpires: 9223372036854775807\nprimaryGroupID: 513\n\
         memberOf: CN=Connectors,OU=Groups,DC=contoso,DC=com\n",
    )
}

fn group(dn: &str, own: Sid, lines: &str) -> String {
    entry(dn, &["top", "group"], Some(own), lines)
}

/// Every protected group, whole: Ann is a Domain Admin through a group of her own.
fn groups() -> String {
    let mut text = group(
        "CN=Connectors,OU=Groups,DC=contoso,DC=com",
        sid(1300),
        "sAMAccountName: Connectors\ngroupType: -2147483646\n\
         member: CN=MSOL_0123456789ab,CN=Users,DC=contoso,DC=com\n",
    ) + &group(
        "CN=Tier 0,OU=Groups,DC=contoso,DC=com",
        sid(1301),
        "sAMAccountName: Tier 0\ngroupType: -2147483646\n\
         member: CN=Ann Admin,OU=Staff,DC=contoso,DC=com\n",
    );
    let members = "member: CN=Tier 0,OU=Groups,DC=contoso,DC=com\n";
    for rid in [512, 518, 519] {
        let dn = format!("CN=G{rid},CN=Users,DC=contoso,DC=com");
        text += &group(&dn, sid(rid), members);
    }
    for rid in [544, 548, 549, 550, 551, 552] {
        let dn = format!("CN=B{rid},CN=Builtin,DC=contoso,DC=com");
        text += &group(&dn, Sid::new(5, [32, rid]), members);
    }
    text + &group(
        "CN=Pre-Windows 2000 Compatible Access,CN=Builtin,DC=contoso,DC=com",
        Sid::new(5, [32, 554]),
        "member: CN=S-1-5-11,CN=ForeignSecurityPrincipals,DC=contoso,DC=com\n",
    )
}

#[test]
fn people_have_descriptors_classes_and_sids_and_share_what_is_equal() {
    let snapshot = read(&[("people.ldif", people())]);
    let facts = &snapshot.facts;
    let jane = facts.people.people.by_upn("jdoe@contoso.com").unwrap();
    let ann = facts.people.people.by_upn("a.admin@contoso.com").unwrap();
    assert_eq!(jane.sid(), Some(sid(1101)));
    assert_eq!(jane.class(), Some(ObjectClass(guids::USER)));
    assert_eq!(ann.class(), Some(ObjectClass(guids::INET_ORG_PERSON)));
    assert_eq!(jane.descriptor(), ann.descriptor());
    assert_eq!(facts.permissions.descriptors.len(), 1);
    let descriptor = facts
        .permissions
        .descriptors
        .get(jane.descriptor().unwrap());
    let target = Target {
        descriptor: descriptor.unwrap(),
        class: jane.class().unwrap(),
        sid: jane.sid(),
    };
    let token = Token::exact(sid(1200), []);
    let decision = target.check(&token, Wanted::ControlAccess(guids::RESET_PASSWORD));
    assert_eq!(decision.granted, Granted::Yes);
}

#[test]
fn a_connector_account_is_found_with_its_state_and_groups() {
    let snapshot = read(&[("people.ldif", people()), ("groups.ldif", groups())]);
    let permissions = &snapshot.facts.permissions;
    let account = &permissions.accounts[&sid(1200)];
    assert_eq!(account.account_name.value().unwrap(), "MSOL_0123456789ab");
    assert_eq!(account.disabled.value(), Some(&false));
    assert_eq!(account.expires.value(), Some(&None));
    assert_eq!(account.classes.value().unwrap().last().unwrap(), "user");
    assert_eq!(permissions.member_of[&sid(1200)], [sid(513), sid(1300)]);
    let groups: Vec<_> = account.groups.value().unwrap().iter().copied().collect();
    assert_eq!(groups, [sid(513), sid(1300)]);
    assert_eq!(permissions.sids["contoso\\msol_0123456789ab"], sid(1200));
    assert_eq!(permissions.sids["contoso\\domain admins"], sid(512));
    assert_eq!(permissions.domain_sids["contoso.com"], DOMAIN);
    let pre_2000 = Sid::new(5, [32, 554]);
    assert_eq!(permissions.member_of[&Sid::new(5, [11])], [pre_2000]);
    assert!(permissions.whole_groups.contains_key(&pre_2000));
}

#[test]
fn protection_follows_groups_and_is_denied_only_when_all_are_known() {
    let both = read(&[("people.ldif", people()), ("groups.ldif", groups())]);
    let flags = |snapshot: &Snapshot, upn| {
        let person = snapshot.facts.people.people.by_upn(upn).unwrap();
        person.flags().protected()
    };
    assert_eq!(flags(&both, "a.admin@contoso.com"), Some(true));
    assert_eq!(flags(&both, "jdoe@contoso.com"), Some(false));
    let alone = read(&[("people.ldif", people())]);
    assert_eq!(flags(&alone, "jdoe@contoso.com"), None);
}

#[test]
fn operators_that_the_forest_takes_out_are_not_protected() {
    let operators = group(
        "CN=Account Operators,CN=Builtin,DC=contoso,DC=com",
        Sid::new(5, [32, 548]),
        "member: CN=Jane Doe,OU=Staff,DC=contoso,DC=com\n",
    );
    let heuristics = entry(
        "CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration,DC=contoso,DC=com",
        &["top", "nTDSService"],
        None,
        "dSHeuristics: 0000000001000001\n",
    );
    let flags = |inputs: &[(&str, String)]| {
        let snapshot = read(inputs);
        let jane = snapshot.facts.people.people.by_upn("jdoe@contoso.com");
        jane.unwrap().flags().protected()
    };
    let mut inputs = vec![("people.ldif", people()), ("operators.ldif", operators)];
    assert_eq!(flags(&inputs), Some(true));
    inputs.push(("service.ldif", heuristics));
    assert_eq!(flags(&inputs), None);
}

#[test]
fn every_form_of_one_descriptor_says_the_same() {
    let account = "CONTOSO\\\\MSOL_0123456789ab";
    let acl = format!(
        r#"{{"Path":"Microsoft.ActiveDirectory.Management.dll\\ActiveDirectory:://RootDSE/OU=Staff,DC=contoso,DC=com",
            "Owner":"NT AUTHORITY\\SYSTEM","Sddl":"O:SYG:SYD:AI(OA;CIIO;CR;{};{};{})(A;;GA;;;DA)"}}"#,
        guids::RESET_PASSWORD,
        guids::USER,
        sid(1200),
    );
    let rules = format!(
        r#"{{"PSPath":"AD:\\OU=Staff,DC=contoso,DC=com","Owner":"NT AUTHORITY\\SYSTEM","AreAccessRulesProtected":false,"Access":[
            {{"ActiveDirectoryRights":"ExtendedRight","InheritanceType":"Descendents","ObjectType":"{}",
              "InheritedObjectType":"{}","ObjectFlags":3,"AccessControlType":0,
              "IdentityReference":{{"Value":"{account}"}},"IsInherited":false,"InheritanceFlags":1,"PropagationFlags":2}},
            {{"ActiveDirectoryRights":268435456,"InheritanceType":0,"ObjectType":"00000000-0000-0000-0000-000000000000",
              "InheritedObjectType":"00000000-0000-0000-0000-000000000000","AccessControlType":"Allow",
              "IdentityReference":"CONTOSO\\Domain Admins","IsInherited":false,"InheritanceFlags":"None","PropagationFlags":"None"}}]}}"#,
        guids::RESET_PASSWORD,
        guids::USER,
    );
    let ldif = entry(
        "OU=Staff,DC=contoso,DC=com",
        &["top", "organizationalUnit"],
        None,
        &format!(
            "nTSecurityDescriptor:: {}\n",
            descriptor(&format!(
                "O:SYG:SYD:AI(OA;CIIO;CR;{};{};{})(A;;GA;;;{})",
                guids::RESET_PASSWORD,
                guids::USER,
                sid(1200),
                sid(512)
            ))
        ),
    );
    let dsacls = "C:\\>dsacls \"OU=Staff,DC=contoso,DC=com\"\nOwner: NT AUTHORITY\\SYSTEM\n\
        Group: NT AUTHORITY\\SYSTEM\n\nAccess list:\nEffective Permissions on this object are:\n\
        Allow CONTOSO\\Domain Admins           FULL CONTROL\n\n\
        Permissions inherited to subobjects are:\nInherited to user\n\
        Allow CONTOSO\\MSOL_0123456789ab       Reset Password\n\nThe command completed successfully\n";
    let forms = [
        ("acl.json", acl),
        ("rules.json", rules),
        ("ou.ldif", ldif),
        ("dsacls.txt", dsacls.to_owned()),
    ];
    for form in forms {
        let snapshot = read(&[("people.ldif", people()), form.clone()]);
        let permissions = &snapshot.facts.permissions;
        let object = &permissions.objects[OU];
        let id = object
            .descriptor
            .clone()
            .unwrap_or_else(|e| panic!("{}: {e}", form.0));
        let entries = permissions
            .descriptors
            .get(id)
            .unwrap()
            .access_list()
            .unwrap();
        let held: Vec<_> = entries
            .iter()
            .map(|ace| (ace.sid.unwrap(), ace.mask.mapped(), ace.types, ace.flags))
            .collect();
        assert_eq!(held.len(), 2, "{}", form.0);
        let reset = held.iter().find(|held| held.0 == sid(1200)).unwrap();
        let types = reset.2.unwrap();
        assert_eq!(types.object, Some(guids::RESET_PASSWORD), "{}", form.0);
        assert_eq!(types.inherited, Some(guids::USER), "{}", form.0);
        assert_eq!(reset.3, 0x0a, "{}", form.0);
        let admins = held.iter().find(|held| held.0 == sid(512)).unwrap();
        assert_eq!(admins.1.0, 0xF_01FF, "{}", form.0);
    }
}

#[test]
fn a_name_without_a_sid_makes_the_descriptor_an_error() {
    let rules = r#"{"PSPath":"AD:\\OU=Staff,DC=contoso,DC=com","Access":[
        {"ActiveDirectoryRights":"GenericAll","InheritanceType":"None","ObjectType":"00000000-0000-0000-0000-000000000000",
         "InheritedObjectType":"00000000-0000-0000-0000-000000000000","AccessControlType":"Deny",
         "IdentityReference":"CONTOSO\\Nobody Knows","IsInherited":false,"InheritanceFlags":"None","PropagationFlags":"None"}],"Owner":"S-1-5-18"}"#;
    let snapshot = read(&[("acl.json", rules.to_owned())]);
    let object = &snapshot.facts.permissions.objects[OU];
    assert!(object.descriptor.is_err());
}

#[test]
fn a_person_from_powershell_has_the_descriptor_of_its_sddl() {
    let user = format!(
        r#"{{"DistinguishedName":"CN=Jane Doe,OU=Staff,DC=contoso,DC=com","Enabled":true,"ObjectClass":"user",
            "UserPrincipalName":"jdoe@contoso.com","SamAccountName":"jdoe","SID":{{"Value":"{}"}},
            "nTSecurityDescriptor":{{"Owner":"CONTOSO\\Domain Admins","Sddl":"O:DAG:DAD:(A;;RP;;;AU)"}}}}"#,
        sid(1101)
    );
    let snapshot = read(&[("users.json", user)]);
    let facts = &snapshot.facts;
    let jane = facts.people.people.by_upn("jdoe@contoso.com").unwrap();
    let descriptor = facts
        .permissions
        .descriptors
        .get(jane.descriptor().unwrap());
    assert_eq!(descriptor.unwrap().owner, Some(sid(512)));
    assert_eq!(jane.class(), Some(ObjectClass(guids::USER)));
}

#[test]
fn a_descriptor_that_many_have_is_written_once() {
    let row = |name: &str, rest: &str| {
        format!(
            r#"{{"DistinguishedName":"CN={name},OU=Staff,DC=contoso,DC=com","ObjectClass":"user","pwdLastSet":0,
                "userPrincipalName":"{name}@contoso.com","SamAccountName":"{name}",{rest}}}"#
        )
    };
    let rows = [
        row("svc", r#""Sddl":"O:DAG:DAD:(A;;RP;;;AU)""#).replace("svc@contoso.com", ""),
        row("ann", r#""SameSddlAs":"CN=svc,OU=Staff,DC=contoso,DC=com""#),
        row(
            "bob",
            r#""SameSddlAs":"CN=nobody,OU=Staff,DC=contoso,DC=com""#,
        ),
    ];
    let domain = r#"{"DNSRoot":"contoso.com","DomainSID":"S-1-5-21-1-2-3","Forest":"contoso.com"}"#;
    let snapshot = read(&[
        ("users.json", format!("[{}]", rows.join(","))),
        ("d.json", domain.into()),
    ]);
    let people = &snapshot.facts.people.people;
    let of = |upn: &str| people.by_upn(upn).unwrap().descriptor();
    let lists = &snapshot.facts.permissions.descriptors;
    let list = lists.get(of("ann@contoso.com").unwrap()).unwrap();
    assert_eq!(list.owner, Some(sid(512)));
    assert_eq!(of("bob@contoso.com"), None);
    let fault = snapshot.evidence.iter().find_map(|e| e.lost.as_ref());
    assert!(fault.unwrap().first.to_string().contains("SameSddlAs"));
}

#[test]
fn the_token_of_the_root_is_exact_and_belongs_to_the_account_in_it() {
    let mut token = "dn:\ndefaultNamingContext: DC=contoso,DC=com\n".to_owned();
    for held in [sid(1200), sid(513), Sid::new(1, [0]), Sid::new(5, [2])] {
        let _ = writeln!(token, "tokenGroups:: {}", base64(&held.to_bytes()));
    }
    let snapshot = read(&[("people.ldif", people()), ("token.ldif", token)]);
    let account = &snapshot.facts.permissions.accounts[&sid(1200)];
    let groups = account.token_groups.value().unwrap();
    assert!(groups.exact);
    assert_eq!(groups.sids.len(), 4);
}

#[test]
fn members_of_a_group_come_from_powershell_too() {
    let members = format!(
        r#"[{{"Group":"Pre-Windows 2000 Compatible Access","distinguishedName":"CN=S-1-5-11,CN=ForeignSecurityPrincipals,DC=contoso,DC=com",
             "name":"S-1-5-11","objectClass":"foreignSecurityPrincipal","objectGUID":"b0b0b0b0-0000-4000-8000-000000000001",
             "SamAccountName":null,"SID":{{"BinaryLength":12,"Value":"S-1-5-11"}}}},
            {{"Group":"Domain Admins","distinguishedName":"CN=Ann,DC=contoso,DC=com","name":"Ann","objectClass":"user",
             "objectGUID":"b0b0b0b0-0000-4000-8000-000000000002","SamAccountName":"ann","SID":"{}"}}]"#,
        sid(1102)
    );
    let snapshot = read(&[("members.json", members)]);
    let permissions = &snapshot.facts.permissions;
    assert_eq!(
        permissions.member_of[&Sid::new(5, [11])],
        [Sid::new(5, [32, 554])]
    );
    assert!(permissions.whole_groups.contains_key(&sid(512)));
}

#[test]
fn bytes_that_cannot_be_trusted_leave_an_error_and_no_descriptor() {
    let broken = entry(
        "OU=Staff,DC=contoso,DC=com",
        &["top", "organizationalUnit"],
        None,
        "nTSecurityDescriptor:: AQAE\n",
    );
    let snapshot = read(&[("ou.ldif", broken)]);
    assert!(snapshot.facts.permissions.objects[OU].descriptor.is_err());
}

/// Everything that stands in the facts, in an order of its own.
fn told(snapshot: &Snapshot) -> String {
    let permissions = &snapshot.facts.permissions;
    let mut text = String::new();
    for (dn, object) in &permissions.objects {
        let id = object.descriptor.as_ref().ok();
        let sddl = id
            .and_then(|id| permissions.descriptors.get(*id))
            .map(SecurityDescriptor::to_sddl);
        let _ = writeln!(text, "{dn} {:?} {sddl:?}", object.class);
    }
    for person in snapshot.facts.people.people.iter() {
        let (class, protected) = (person.class(), person.flags().protected());
        let _ = writeln!(
            text,
            "{} {:?} {class:?} {protected:?}",
            person.upn(),
            person.sid()
        );
    }
    let mut member_of: Vec<_> = permissions.member_of.iter().collect();
    member_of.sort();
    let whole: Vec<_> = permissions.whole_groups.keys().collect();
    let accounts: Vec<_> = permissions.accounts.keys().collect();
    let _ = writeln!(
        text,
        "{member_of:?} {whole:?} {accounts:?} {:?}",
        permissions.sids
    );
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_person_has_the_descriptor_that_the_bytes_are_or_none_and_a_fault(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3), cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let parsed = SecurityDescriptor::from_sddl(&reset_by(sid(1_200)), &SidAliases::default()).unwrap();
        let mut bytes = parsed.to_bytes().unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.map_or(bytes.len(), |cut| cut.index(bytes.len()).max(1)));
        let lines = format!("userPrincipalName: jdoe@contoso.com\nnTSecurityDescriptor:: {}\n", base64(&bytes));
        let person = entry("CN=Jane Doe,OU=Staff,DC=contoso,DC=com", USER, Some(sid(2_000)), &lines);
        let snapshot = read(&[("people.ldif", person)]);
        let row = snapshot.facts.people.people.by_upn("jdoe@contoso.com").unwrap();
        let kept = row.descriptor().and_then(|id| snapshot.facts.permissions.descriptors.get(id));
        let expected = SecurityDescriptor::parse(&bytes).ok();
        prop_assert_eq!(kept, expected.as_ref());
        prop_assert_eq!(snapshot.evidence[0].lost.is_some(), expected.is_none());
    }

    #[test]
    fn the_order_of_inputs_changes_nothing(order in Just(vec![0, 1, 2, 3]).prop_shuffle()) {
        let acl = r#"{"Path":"AD:\\OU=Staff,DC=contoso,DC=com","Sddl":"O:DAG:DAD:(A;;RP;;;DU)"}"#;
        let domain = r#"{"DNSRoot":"contoso.com","NetBIOSName":"CONTOSO","DomainSID":{"Value":"S-1-5-21-1-2-3"},"Forest":"contoso.com"}"#;
        let all = [people(), groups(), acl.to_owned(), domain.to_owned()];
        let names = ["a", "b", "c", "d"];
        let plain: Vec<_> = names.into_iter().zip(all.iter().cloned()).collect();
        // The names decide the order of reading.
        let shuffled: Vec<_> = names.into_iter().zip(order.iter().map(|at: &usize| all[*at].clone())).collect();
        let sorted = |snapshot: &Snapshot| {
            let mut lines: Vec<_> = told(snapshot).lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        prop_assert_eq!(sorted(&read(&plain)), sorted(&read(&shuffled)));
    }
}
