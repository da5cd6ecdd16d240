//! Random groups, nested in each other and in circles, and the tokens of accounts in them.

use std::collections::BTreeSet;

use super::{
    GroupKind, Lab, Settings, enable, entries, group, join, organizational_unit, read, replace,
    set_password, sid_of, token_of, user,
};
use crate::dice::Dice;
use crate::domain::{BASE, SdFlags};
use crate::tokens::{TokenCase, TokenWorld};

/// Accounts of a world. So few are kept with their memberships, as a connector's would be.
const ACCOUNTS: u64 = 40;
const GROUPS: usize = 24;
const SECRET: &str = "Example-Member-1";

/// One world for every 300 cases.
pub(super) fn run(lab: &Lab, settings: &Settings, keep: &mut dyn FnMut(TokenWorld)) {
    for number in 0..settings.cases.div_ceil(300) {
        let number = settings.first + number;
        keep(world(lab, Dice::of(settings.seed ^ 0x70C5, number), number));
    }
}

fn world(lab: &Lab, mut dice: Dice, number: u64) -> TokenWorld {
    let ou = format!("OU=tokens{number},{BASE}");
    let kinds = [
        GroupKind::Global,
        GroupKind::Global,
        GroupKind::Universal,
        GroupKind::Local,
        GroupKind::Distribution,
    ];
    let groups: Vec<_> = (0..GROUPS)
        .map(|index| (format!("CN=t{number}g{index},{ou}"), *dice.pick(&kinds)))
        .collect();
    let mut edges = BTreeSet::new();
    for _ in 0..GROUPS * 2 {
        let ((inner, kind), (outer, other)) = (dice.pick(&groups), dice.pick(&groups));
        if inner != outer && kind.may_be_in(*other) {
            edges.insert((outer.clone(), inner.clone()));
        }
    }
    let accounts: Vec<_> = (0..ACCOUNTS)
        .map(|index| format!("CN=t{number}a{index},{ou}"))
        .collect();
    let mut primary = Vec::new();
    for account in &accounts {
        for _ in 0..dice.roll(4) {
            edges.insert((dice.pick(&groups).0.clone(), account.clone()));
        }
        let (dn, kind) = dice.pick(&groups);
        if dice.chance(30) && *kind == GroupKind::Global {
            edges.insert((dn.clone(), account.clone()));
            primary.push((account, dn));
        }
    }
    let builtin = format!("CN=Backup Operators,CN=Builtin,{BASE}");
    edges.insert((builtin, dice.pick(&groups).0.clone()));

    let mut records = vec![organizational_unit(&ou)];
    records.extend(groups.iter().map(|(dn, kind)| group(dn, *kind)));
    for account in &accounts {
        records.push(user(account, "user", &upn(account), None));
        records.push(set_password(account, SECRET));
        records.push(enable(account, 512));
    }
    records.extend(edges.iter().map(|(outer, inner)| join(outer, inner)));
    lab.domain.change(&records, SdFlags::LIST);

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("groups.ldif");
    let filter = "(|(objectClass=group)(objectClass=foreignSecurityPrincipal))";
    lab.domain.collect(&file, BASE, filter, &[]);
    let known = read(folder.path()).facts.permissions;
    let records: Vec<_> = primary
        .iter()
        .map(|(account, dn)| {
            let rid = sid_of(&known, dn).rid().unwrap();
            replace(account, "primaryGroupID", rid)
        })
        .collect();
    lab.domain.change(&records, SdFlags::LIST);

    lab.domain.collect(&file, BASE, filter, &[]);
    let people = folder.path().join("people.ldif");
    lab.domain.collect(&people, &ou, "(objectClass=user)", &[]);
    let facts = read(folder.path()).facts.permissions;
    assert_eq!(entries(&people).len(), accounts.len());
    let cases = accounts.iter().map(|account| {
        let sid = sid_of(&facts, account);
        TokenCase {
            sid,
            token: token_of(&lab.domain, (&upn(account), SECRET), folder.path()),
        }
    });
    TokenWorld {
        accounts: cases.collect(),
        member_of: facts.member_of.into_iter().collect(),
    }
}

fn upn(dn: &str) -> String {
    format!("{}@sspr.test", super::name_of(dn))
}
