use super::*;
use crate::directory::security::{Sid, SidAliases, well_known};
use crate::evidence::{Known, Locator, SourceId, Strength};
use crate::readiness::{Configuration, Verdict};
use crate::snapshot::facts::{AccountFacts, SecuredObject, TokenGroups};
use crate::snapshot::{Facts, Snapshot};
use crate::tenant::SyncState;
use crate::writeback::{Connector, Partition};

const CONNECTOR: &str = "S-1-5-21-1-2-3-1105";
const GROUP: &str = "S-1-5-21-1-2-3-3001";
const RESET: &str = "00299570-246d-11d0-a768-00aa006e0529";
const CLASS_USER: &str = "bf967aba-0de6-11d0-a285-00aa003049e2";

fn from() -> Provenance {
    Provenance {
        source: SourceId(0),
        locator: Locator::Whole,
        observed_at: None,
        strength: Strength::Exported,
    }
}

fn sid(text: &str) -> Sid {
    text.parse().unwrap()
}

/// A domain with one connector and one synced person in Sales.
fn domain(token: Option<TokenGroups>) -> Facts {
    let mut facts = Facts::default();
    facts.tenant.sync.claim(SyncState::On, from());
    let connector = Connector {
        account: Some("CONTOSO\\MSOL_0123456789ab".into()),
        partitions: vec![Partition {
            dn: "DC=contoso,DC=com".into(),
            ..Partition::default()
        }],
        ..Connector::default()
    };
    facts
        .server("AADC01")
        .connectors
        .claim(vec![connector], from());
    let mut account = AccountFacts::default();
    account
        .account_name
        .claim("MSOL_0123456789ab".into(), from());
    if let Some(token) = token {
        account.token_groups.claim(token, from());
    }
    facts.permissions.accounts.insert(sid(CONNECTOR), account);
    let mut person = facts
        .people
        .people
        .entry(None, Some("jdoe@contoso.com"))
        .unwrap();
    person.set_dn("CN=Jane Doe,OU=Sales,DC=contoso,DC=com");
    person.flags().set_synced(true);
    facts
}

fn exact(groups: &[&str]) -> TokenGroups {
    TokenGroups {
        sids: groups
            .iter()
            .map(|group| sid(group))
            .chain([well_known::EVERYONE, well_known::AUTHENTICATED_USERS])
            .collect(),
        exact: true,
    }
}

fn secure(facts: &mut Facts, dn: &str, sddl: &str) {
    let descriptor = SecurityDescriptor::from_sddl(sddl, &SidAliases::default()).unwrap();
    let id = facts.permissions.descriptors.keep(descriptor);
    facts.permissions.objects.insert(
        dn.to_lowercase(),
        SecuredObject {
            dn: dn.into(),
            class: None,
            descriptor: Ok(id),
            from: from(),
        },
    );
}

fn judge(facts: Facts) -> Result<Outcome, Unknown> {
    judge_by("SSPR801", facts)
}

fn verdict(code: &str, facts: Facts) -> Verdict {
    judge_by(code, facts).map_or(Verdict::Unknown, |outcome| outcome.verdict)
}

fn judge_by(code: &str, facts: Facts) -> Result<Outcome, Unknown> {
    let snapshot = Snapshot {
        facts,
        ..Snapshot::default()
    };
    let config = Configuration::default();
    let cx = Context {
        facts: &snapshot.facts,
        snapshot: &snapshot,
        config: &config,
        as_of: "2026-11-22T00:00:00Z".parse().unwrap(),
    };
    (crate::readiness::rules::find(code).unwrap().judge)(&cx)
}

fn grant_to(whom: &str) -> String {
    format!("D:AI(OA;CIIO;CR;{RESET};{CLASS_USER};{whom})")
}

#[test]
fn a_grant_to_the_account_on_the_container_is_held_and_told() {
    let mut facts = domain(Some(exact(&[])));
    let mut inherited = grant_to(CONNECTOR);
    inherited = inherited.replace("CIIO;", "CIIOID;");
    secure(&mut facts, "OU=Sales,DC=contoso,DC=com", &inherited);
    secure(&mut facts, "DC=contoso,DC=com", &grant_to(CONNECTOR));
    let outcome = judge(facts).unwrap();
    assert_eq!(outcome.verdict, Verdict::Pass);
    assert!(
        outcome
            .message
            .contains("a grant of Reset Password to MSOL_0123456789ab"),
        "{}",
        outcome.message
    );
    assert!(
        outcome.message.contains("inherited from DC=contoso,DC=com"),
        "{}",
        outcome.message
    );
}

#[test]
fn a_grant_through_a_group_counts_when_the_account_is_in_it() {
    let mut facts = domain(Some(exact(&[GROUP])));
    secure(&mut facts, "OU=Sales,DC=contoso,DC=com", &grant_to(GROUP));
    assert_eq!(judge(facts).unwrap().verdict, Verdict::Pass);
    let mut facts = domain(Some(exact(&[])));
    secure(&mut facts, "OU=Sales,DC=contoso,DC=com", &grant_to(GROUP));
    assert_eq!(judge(facts).unwrap().verdict, Verdict::Fail);
}

#[test]
fn a_group_of_unknown_members_makes_it_unknown_where_it_matters() {
    let mut facts = domain(None);
    secure(&mut facts, "OU=Sales,DC=contoso,DC=com", &grant_to(GROUP));
    let unknown = judge(facts).unwrap_err();
    assert_eq!(unknown.missing[0].fact, "account.tokenGroups");
    // A denial to that group would win, so that a grant to the account settles nothing.
    let mut facts = domain(None);
    let denied = grant_to(CONNECTOR).replace(
        "D:AI",
        &format!("D:AI(OD;CIIO;CR;{RESET};{CLASS_USER};{GROUP})"),
    );
    secure(&mut facts, "OU=Sales,DC=contoso,DC=com", &denied);
    assert!(judge(facts).is_err());
    // Behind the grant it never decides.
    let mut facts = domain(None);
    let granted = format!(
        "{}(OD;CIIO;CR;{RESET};{CLASS_USER};{GROUP})",
        grant_to(CONNECTOR)
    );
    secure(&mut facts, "OU=Sales,DC=contoso,DC=com", &granted);
    assert_eq!(judge(facts).unwrap().verdict, Verdict::Pass);
}

#[test]
fn a_whole_list_of_members_settles_what_the_account_is_not_in() {
    let mut facts = domain(None);
    secure(&mut facts, "OU=Sales,DC=contoso,DC=com", &grant_to(GROUP));
    facts.permissions.whole_groups.insert(sid(GROUP), from());
    assert_eq!(judge(facts).unwrap().verdict, Verdict::Fail);
}

#[test]
fn a_descriptor_that_cannot_be_trusted_never_grants() {
    let mut facts = domain(Some(exact(&[])));
    secure(
        &mut facts,
        "OU=Sales,DC=contoso,DC=com",
        &grant_to(CONNECTOR),
    );
    if let Some(object) = facts
        .permissions
        .objects
        .get_mut("ou=sales,dc=contoso,dc=com")
    {
        object.descriptor = Err(crate::error::Error::syntax(Locator::Byte(4), "cut short"));
    }
    let unknown = judge(facts).unwrap_err();
    assert_eq!(unknown.missing[0].fact, DESCRIPTORS);
    assert!(matches!(unknown.missing[0].gap, Gap::Unreadable(_)));
}

#[test]
fn an_older_account_is_recognised_by_its_description_only_when_it_names_the_active_server() {
    let mut facts = domain(None);
    facts.servers.clear();
    facts
        .server("AADC01")
        .host
        .claim("AADC01.contoso.com".into(), from());
    secure(
        &mut facts,
        "OU=Sales,DC=contoso,DC=com",
        &grant_to(CONNECTOR),
    );
    let mut old = AccountFacts::default();
    old.account_name.claim("MSOL_ffffffffffff".into(), from());
    facts
        .permissions
        .accounts
        .insert(sid("S-1-5-21-1-2-3-1001"), old);
    let mut known = Known::absent("account.description");
    known.claim(
        "Account created by Microsoft Azure Active Directory Connect with installation identifier \
         0123456789ab running on computer AADC01 configured to synchronize to tenant contoso."
            .to_owned(),
        from(),
    );
    let mut told = facts.permissions.accounts.clone();
    told.get_mut(&sid(CONNECTOR)).unwrap().description = known;
    let mut named = Facts {
        permissions: facts.permissions.clone(),
        ..domain(None)
    };
    named.servers.clear();
    named
        .server("AADC01")
        .host
        .claim("AADC01.contoso.com".into(), from());
    assert!(
        judge(named).is_err(),
        "two accounts, and nothing tells them apart"
    );
    facts.permissions.accounts = told;
    assert_eq!(judge(facts).unwrap().verdict, Verdict::Pass);
}

#[test]
fn domains_do_not_hold_their_children() {
    assert_eq!(
        super::places::root_of("CN=x,OU=Sales,DC=eu,DC=contoso,DC=com"),
        "DC=eu,DC=contoso,DC=com"
    );
    let facts = domain(Some(exact(&[])));
    let snapshot = Snapshot {
        facts,
        ..Snapshot::default()
    };
    let config = Configuration::default();
    let cx = Context {
        facts: &snapshot.facts,
        snapshot: &snapshot,
        config: &config,
        as_of: "2026-11-22T00:00:00Z".parse().unwrap(),
    };
    let access = Access::of(&cx);
    assert!(access.asker("OU=Sales,DC=contoso,DC=com").is_ok());
    assert!(access.asker("OU=Sales,DC=eu,DC=contoso,DC=com").is_err());
}

const ROOT: &str = "DC=contoso,DC=com";
const SALES: &str = "OU=Sales,DC=contoso,DC=com";
const UNEXPIRE: &str = "ccc2dc7d-a6ad-4a7a-8846-c04e3cc53501";
const LOCKOUT: &str = "28630ebf-41d5-11d1-a9c1-0000f80367c1";
const RESTRICTIONS: &str = "4c164200-20c0-11d0-a768-00aa006e0529";

/// The person gets a list of their own.
fn own(facts: &mut Facts, sddl: &str) {
    let descriptor = SecurityDescriptor::from_sddl(sddl, &SidAliases::default()).unwrap();
    let id = facts.permissions.descriptors.keep(descriptor);
    let mut person = facts
        .people
        .people
        .entry(None, Some("jdoe@contoso.com"))
        .unwrap();
    person.set_descriptor(id);
    person.set_class(USER);
}

/// All that writeback needs on people, as a list of SALES.
fn all_grants(class: &str) -> String {
    format!(
        "D:AI(OA;CIIO;CR;{RESET};{class};{CONNECTOR})(OA;CIIO;WP;{LOCKOUT};{class};{CONNECTOR})\
         (OA;CIIO;WP;{RESTRICTIONS};{class};{CONNECTOR})"
    )
}

#[test]
fn a_property_set_covers_pwd_last_set_and_not_lockout_time() {
    let with = |sddl: &str| {
        let mut facts = domain(Some(exact(&[])));
        secure(&mut facts, SALES, sddl);
        facts
    };
    let set = format!("D:(OA;CIIO;WP;{RESTRICTIONS};{CLASS_USER};{CONNECTOR})");
    assert_eq!(verdict("SSPR803", with(&set)), Verdict::Pass);
    assert_eq!(verdict("SSPR802", with(&set)), Verdict::Fail);
    let all = format!("D:(A;CIIO;WP;;;{CONNECTOR})");
    assert_eq!(verdict("SSPR802", with(&all)), Verdict::Pass);
}

#[test]
fn unexpire_password_counts_on_the_root_itself() {
    let with = |sddl: &str| {
        let mut facts = domain(Some(exact(&[])));
        secure(&mut facts, ROOT, sddl);
        facts
    };
    let default = format!("D:(OA;;CR;{UNEXPIRE};;AU)");
    assert_eq!(verdict("SSPR804", with(&default)), Verdict::Pass);
    let below = format!("D:(OA;CIIO;CR;{UNEXPIRE};;{CONNECTOR})");
    assert_eq!(verdict("SSPR804", with(&below)), Verdict::Fail);
    assert_eq!(
        verdict("SSPR804", domain(Some(exact(&[])))),
        Verdict::Unknown
    );
}

#[test]
fn everyone_may_change_a_password_unless_that_is_denied() {
    const CHANGE: &str = "ab721a53-1e2f-11d0-9819-00aa0040529b";
    let with = |sddl: &str| {
        let mut facts = domain(Some(exact(&[])));
        own(&mut facts, sddl);
        facts
    };
    let default = format!("D:(OA;;CR;{CHANGE};;WD)");
    assert_eq!(verdict("SSPR805", with(&default)), Verdict::Pass);
    let denied = format!("D:(OD;;CR;{CHANGE};;WD)(OA;;CR;{CHANGE};;WD)");
    assert_eq!(verdict("SSPR805", with(&denied)), Verdict::Fail);
    assert_eq!(
        verdict("SSPR805", domain(Some(exact(&[])))),
        Verdict::Unknown
    );
}

#[test]
fn blocked_inheritance_is_the_persons_or_the_administrators_or_the_former_administrators() {
    let with = |count: bool, protected: bool, sddl: &str| {
        let mut facts = domain(Some(exact(&[])));
        own(&mut facts, sddl);
        let mut person = facts
            .people
            .people
            .entry(None, Some("jdoe@contoso.com"))
            .unwrap();
        person.flags().set_admin_count(count);
        person.flags().set_protected(protected);
        facts
            .sspr
            .scope
            .claim(crate::policy::ResetScope::All, from());
        facts
    };
    let all = |count, protected, sddl| {
        ["SSPR806", "SSPR807", "SSPR808"].map(|code| verdict(code, with(count, protected, sddl)))
    };
    let (fail, pass) = (Verdict::Fail, Verdict::Pass);
    assert_eq!(all(false, false, "D:PAI(A;;RP;;;AU)"), [fail, pass, pass]);
    assert_eq!(all(true, true, "D:PAI(A;;RP;;;AU)"), [pass, fail, pass]);
    assert_eq!(all(true, false, "D:PAI(A;;RP;;;AU)"), [pass, pass, fail]);
    assert_eq!(all(true, false, "D:AI(A;;RP;;;AU)"), [pass, pass, pass]);
    assert_eq!(
        verdict("SSPR806", domain(Some(exact(&[])))),
        Verdict::Unknown
    );
    assert_eq!(
        verdict("SSPR807", domain(Some(exact(&[])))),
        Verdict::Unknown
    );
    assert_eq!(
        verdict("SSPR808", domain(Some(exact(&[])))),
        Verdict::Unknown
    );
}

#[test]
fn a_denial_is_told_with_its_entry_and_takes_its_right() {
    let with = |groups: &[&str]| {
        let mut facts = domain(Some(exact(groups)));
        let grants = all_grants(CLASS_USER);
        let denial = format!("D:AI(OD;CI;CR;{RESET};;{GROUP})");
        secure(&mut facts, SALES, &grants.replacen("D:AI", &denial, 1));
        secure(&mut facts, ROOT, &format!("D:(OA;;CR;{UNEXPIRE};;AU)"));
        own(&mut facts, &format!("D:AI(A;ID;GA;;;{CONNECTOR})"));
        facts
    };
    assert_eq!(verdict("SSPR809", with(&[])), Verdict::Pass);
    assert_eq!(verdict("SSPR801", with(&[GROUP])), Verdict::Fail);
    let outcome = judge_by("SSPR809", with(&[GROUP])).unwrap();
    assert_eq!(outcome.verdict, Verdict::Fail);
    assert!(
        outcome
            .message
            .contains(&format!("(OD;ID;CR;{RESET};;{GROUP})"))
            || outcome
                .message
                .contains(&format!("(OD;CIID;CR;{RESET};;{GROUP})")),
        "{}",
        outcome.message
    );
    assert!(outcome.message.contains(SALES), "{}", outcome.message);
}

#[test]
fn a_grant_for_users_misses_people_of_another_class() {
    let with = |class: ObjectClass, grants: &str| {
        let mut facts = domain(Some(exact(&[])));
        secure(&mut facts, SALES, grants);
        let mut person = facts
            .people
            .people
            .entry(None, Some("jdoe@contoso.com"))
            .unwrap();
        person.set_class(class);
        facts
    };
    let narrow = all_grants(CLASS_USER);
    assert_eq!(
        verdict("SSPR810", with(INET_ORG_PERSON, &narrow)),
        Verdict::Fail
    );
    assert_eq!(verdict("SSPR810", with(USER, &narrow)), Verdict::Pass);
    assert_eq!(
        verdict("SSPR810", with(INET_ORG_PERSON, &all_grants(""))),
        Verdict::Pass
    );
}

#[test]
fn control_of_the_domain_is_too_much() {
    let with = |root: &str, guard: &str| {
        let mut facts = domain(Some(exact(&[])));
        secure(&mut facts, ROOT, root);
        secure(
            &mut facts,
            "CN=AdminSDHolder,CN=System,DC=contoso,DC=com",
            guard,
        );
        facts
    };
    assert_eq!(
        verdict("SSPR811", with("D:(A;;RP;;;AU)", "D:P(A;;RP;;;AU)")),
        Verdict::Pass
    );
    let all = format!("D:(A;CI;GA;;;{CONNECTOR})");
    assert_eq!(
        verdict("SSPR811", with(&all, "D:P(A;;RP;;;AU)")),
        Verdict::Fail
    );
    let list = format!("D:(A;;WD;;;{CONNECTOR})");
    assert_eq!(
        verdict("SSPR811", with(&list, "D:P(A;;RP;;;AU)")),
        Verdict::Fail
    );
    let guard = format!("D:P(OA;;CR;{RESET};;{CONNECTOR})");
    assert_eq!(
        verdict("SSPR811", with("D:(A;;RP;;;AU)", &guard)),
        Verdict::Fail
    );
    let inherit_only = format!("D:P(OA;CIIO;CR;{RESET};{CLASS_USER};{CONNECTOR})");
    assert_eq!(
        verdict("SSPR811", with("D:(A;;RP;;;AU)", &inherit_only)),
        Verdict::Pass
    );
}

#[test]
fn authenticated_users_stand_in_the_compatible_group() {
    let with = |held: bool, server: &str| {
        let mut facts = domain(Some(exact(&[])));
        let group = well_known::PRE_WINDOWS_2000;
        facts.permissions.whole_groups.insert(group, from());
        if held {
            let member_of = &mut facts.permissions.member_of;
            member_of.insert(well_known::AUTHENTICATED_USERS, vec![group]);
        }
        secure(&mut facts, "CN=Server,CN=System,DC=contoso,DC=com", server);
        facts
    };
    assert_eq!(
        verdict("SSPR812", with(true, "D:(A;;RPLCRC;;;AU)")),
        Verdict::Pass
    );
    assert_eq!(
        verdict("SSPR812", with(false, "D:(A;;RPLCRC;;;AU)")),
        Verdict::Fail
    );
    assert_eq!(
        verdict("SSPR812", with(true, "D:(A;;LCRC;;;AU)")),
        Verdict::Fail
    );
    assert_eq!(
        verdict("SSPR812", domain(Some(exact(&[])))),
        Verdict::Unknown
    );
}

#[test]
fn rights_of_an_older_account_are_found_by_its_name() {
    const OLD: &str = "S-1-5-21-1-2-3-1001";
    let with = |name: Option<&str>| {
        let mut facts = domain(Some(exact(&[])));
        secure(&mut facts, SALES, &grant_to(OLD));
        if let Some(name) = name {
            facts.permissions.sids.insert(name.into(), sid(OLD));
        }
        facts
    };
    assert_eq!(
        verdict("SSPR813", with(Some("contoso\\msol_ffffffffffff"))),
        Verdict::Fail
    );
    assert_eq!(
        verdict("SSPR813", with(Some("contoso\\helpdesk"))),
        Verdict::Pass
    );
    assert_eq!(verdict("SSPR813", with(None)), Verdict::Unknown);
}

#[test]
fn an_account_that_cannot_sign_in_fails_even_where_other_states_are_unknown() {
    let with = |fill: fn(&mut AccountFacts)| {
        let mut facts = domain(Some(exact(&[])));
        fill(facts.permissions.accounts.get_mut(&sid(CONNECTOR)).unwrap());
        facts
    };
    let good = |account: &mut AccountFacts| {
        account.disabled.claim(false, from());
        account.locked.claim(false, from());
        account.expires.claim(None, from());
        account.password_expired.claim(false, from());
        account.workstations.claim(Vec::new(), from());
    };
    assert_eq!(verdict("SSPR814", with(good)), Verdict::Pass);
    assert_eq!(verdict("SSPR815", with(good)), Verdict::Pass);
    assert_eq!(
        verdict("SSPR814", with(|a| a.locked.claim(true, from()))),
        Verdict::Fail
    );
    let ended = |account: &mut AccountFacts| {
        account
            .expires
            .claim(Some("2026-11-01T00:00:00Z".parse().unwrap()), from());
    };
    assert_eq!(verdict("SSPR814", with(ended)), Verdict::Fail);
    assert_eq!(
        verdict("SSPR814", domain(Some(exact(&[])))),
        Verdict::Unknown
    );
    let bound = |account: &mut AccountFacts| {
        account.workstations.claim(vec!["AADC01".into()], from());
    };
    assert_eq!(verdict("SSPR815", with(bound)), Verdict::Fail);
    let protected = domain(Some(exact(&["S-1-5-21-1-2-3-525"])));
    assert_eq!(verdict("SSPR815", protected), Verdict::Fail);
}

#[test]
fn nothing_applies_where_nobody_is_synchronised() {
    for code in 801..=816 {
        let mut facts = Facts::default();
        facts.tenant.sync.claim(SyncState::Off, from());
        let code = format!("SSPR{code}");
        assert_eq!(verdict(&code, facts), Verdict::NotApplicable, "{code}");
        assert_eq!(verdict(&code, Facts::default()), Verdict::Unknown, "{code}");
    }
}
