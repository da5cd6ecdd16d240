//! Who is protected as an administrator.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::names::Directory;
use super::primary;
use crate::directory::security::Sid;
use crate::snapshot::Facts;
use crate::snapshot::facts::PermissionRows;

/// Built-in groups whose members are protected, with the bit of `dSHeuristics` that takes them out.
const BUILTIN: [(u32, u32); 6] = [(544, 0), (548, 1), (549, 2), (550, 4), (551, 8), (552, 0)];
/// Groups of the domain whose members are protected. Domain Controllers and Read-only Domain
/// Controllers are protected themselves, their members are not.
const DOMAIN: [u32; 1] = [512];
/// The same for the forest's root domain.
const ROOT: [u32; 2] = [518, 519];
/// Administrator and krbtgt.
const ACCOUNTS: [u32; 2] = [500, 502];

/// Marks people who are protected, and those who are not where all protected groups and all groups
/// inside them were listed as a whole.
pub(super) fn finish(facts: &mut Facts, directory: &Directory<'_>, rows: &PermissionRows) {
    let seeds = seeds(directory, facts.permissions.ds_heuristics.as_deref());
    let mut members: HashMap<Sid, Vec<Sid>> = HashMap::new();
    for row in &rows.groups {
        let sids = directory
            .sids_of(row.members.as_deref().unwrap_or_default())
            .0;
        members.entry(row.sid).or_default().extend(sids);
        let above = directory
            .sids_of(row.member_of.as_deref().unwrap_or_default())
            .0;
        for group in above {
            members.entry(group).or_default().push(row.sid);
        }
    }
    for listed in &rows.members_of {
        if let Some(group) = directory.group_of(listed) {
            members.entry(group).or_default().extend(&listed.sids);
        }
    }
    let mut inside: HashSet<Sid> = HashSet::new();
    let mut open: Vec<Sid> = seeds.iter().copied().collect();
    while let Some(sid) = open.pop() {
        if inside.insert(sid) {
            open.extend(members.get(&sid).into_iter().flatten());
        }
    }
    let whole = directory.root.is_some()
        && inside.iter().all(|sid| {
            directory.is_person(sid) || facts.permissions.whole_groups.contains_key(sid)
        });
    for row in &rows.accounts {
        let groups = directory
            .sids_of(row.member_of.as_deref().unwrap_or_default())
            .0;
        let built_in = row.sid.is_domain_relative()
            && row.sid.rid().is_some_and(|rid| ACCOUNTS.contains(&rid));
        let is_in = built_in
            || inside.contains(&row.sid)
            || groups
                .iter()
                .chain(&primary(row))
                .any(|group| inside.contains(group));
        let people = &mut facts.people.people;
        let Some(mut person) = row.person.and_then(|person| people.row_of(person)) else {
            continue;
        };
        if is_in {
            person.flags().set_protected(true);
        } else if whole && row.primary_group.is_some() && person.flags().protected().is_none() {
            person.flags().set_protected(false);
        }
    }
}

fn seeds(directory: &Directory<'_>, heuristics: Option<&str>) -> BTreeSet<Sid> {
    let out = heuristics
        .and_then(|text| text.chars().nth(15))
        .and_then(|digit| digit.to_digit(16))
        .unwrap_or(0);
    let mut seeds: BTreeSet<Sid> = BUILTIN
        .iter()
        .filter(|(_, bit)| out & bit == 0)
        .map(|(rid, _)| Sid::new(5, [32, *rid]))
        .collect();
    for domain in directory.domains.values() {
        seeds.extend(DOMAIN.iter().filter_map(|rid| domain.with_rid(*rid)));
    }
    let root = directory.root.iter();
    seeds.extend(root.flat_map(|root| ROOT.iter().filter_map(|rid| root.with_rid(*rid))));
    seeds
}
