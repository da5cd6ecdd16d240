//! Names find their SIDs, once all evidence has been read.

mod names;
mod protected;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use names::Directory;

use crate::directory::security::{DescriptorId, ObjectClass, Sid, SidAliases};
use crate::error::{Error, ErrorCode};
use crate::evidence::{Gap, Known, Provenance};
use crate::snapshot::Facts;
use crate::snapshot::facts::{
    AccountFacts, AccountRow, Gathered, Listed, ObjectRow, PermissionRows, SecuredObject,
    TokenGroups,
};

/// Accounts of a list that is no longer than this were collected on purpose.
const FEW: usize = 64;

/// How names and descriptions of connector accounts begin or what they hold, in lower case.
const CONNECTOR_NAMES: [&str; 3] = ["msol_", "aad_", "adsync"];
const CONNECTOR_DESCRIPTIONS: [&str; 5] = [
    "active directory connect",
    "azure ad connect",
    "entra connect",
    "entra id connect",
    "directory sync",
];

/// Descriptors by the SHA-256 of their bytes.
type Hashes = HashMap<[u8; 32], Result<DescriptorId, Error>>;

pub(in crate::snapshot::read) fn finish(facts: &mut Facts) {
    let mut rows = std::mem::take(&mut facts.gathered);
    in_order(&mut rows);
    let collected = std::mem::take(&mut rows.objects);
    let directory = Directory::new(facts, &rows);
    facts.permissions.domain_sids.clone_from(&directory.domains);
    facts.permissions.sids.clone_from(&directory.sids);
    facts.permissions.ds_heuristics = rows.heuristics.value().cloned();
    // Bytes are hashed only where something names them by their hash.
    let named = !rows.same.is_empty()
        || collected
            .iter()
            .any(|row| matches!(row.descriptor, Gathered::Same(_)));
    let hashes = if named {
        facts.permissions.descriptors.by_sha256()
    } else {
        HashMap::new()
    };
    objects(facts, &directory, collected, &hashes);
    people(facts, &directory, &rows, &hashes);
    let chosen = connector_accounts(facts, &rows);
    memberships(facts, &directory, &rows, &chosen);
    accounts(facts, &directory, &rows, &chosen);
    protected::finish(facts, &directory, &rows);
    facts.permissions.descriptors.forget_bytes();
}

/// What is stronger, later and of an earlier input counts first, whatever was read first.
fn in_order(rows: &mut PermissionRows) {
    rows.accounts
        .sort_by(|a, b| (a.sid, rank(&a.from)).cmp(&(b.sid, rank(&b.from))));
    rows.groups
        .sort_by(|a, b| (a.sid, rank(&a.from)).cmp(&(b.sid, rank(&b.from))));
    rows.objects
        .sort_by(|a, b| rank(&a.from).cmp(&rank(&b.from)));
    rows.groups_of
        .sort_by(|a, b| rank(&a.from).cmp(&rank(&b.from)));
    rows.members_of
        .sort_by(|a, b| rank(&a.from).cmp(&rank(&b.from)));
    rows.tokens
        .sort_by(|a, b| rank(&a.1.from).cmp(&rank(&b.1.from)));
}

fn rank(from: &Provenance) -> impl Ord + use<'_> {
    (
        Reverse(from.strength),
        Reverse(from.observed_at),
        from.source,
        &from.locator,
    )
}

/// Of several descriptors of one object, one that can be read counts before one that cannot.
fn objects(facts: &mut Facts, directory: &Directory<'_>, rows: Vec<ObjectRow>, hashes: &Hashes) {
    let mut classes: HashMap<String, ObjectClass> = HashMap::new();
    for row in rows {
        let key = row.dn.to_lowercase();
        if let Some(class) = row.class {
            classes.entry(key.clone()).or_insert(class);
        }
        let known = facts.permissions.objects.get(&key);
        if known.is_some_and(|known| known.descriptor.is_ok()) {
            continue;
        }
        let descriptor = match row.descriptor {
            Gathered::Read(read) => read,
            Gathered::Form(form) => form
                .build(&directory.aliases(&row.dn), &|name| directory.sid_of(name))
                .map(|built| facts.permissions.descriptors.keep(built)),
            Gathered::Same(hash) => hashes.get(&hash).cloned().unwrap_or_else(|| {
                Err(Error::new(
                    ErrorCode::Truncated,
                    row.from.locator.clone(),
                    "its descriptor stands in a file that is not among the evidence",
                ))
            }),
        };
        if known.is_some() && descriptor.is_err() {
            continue;
        }
        let object = SecuredObject {
            dn: row.dn,
            class: None,
            descriptor,
            from: row.from,
        };
        facts.permissions.objects.insert(key, object);
    }
    for (key, object) in &mut facts.permissions.objects {
        object.class = classes.get(key).copied();
    }
}

/// A descriptor that the directory gave as bytes counts before one that a tool printed.
fn people(facts: &mut Facts, directory: &Directory<'_>, rows: &PermissionRows, hashes: &Hashes) {
    let numbers = rows.hashes.by_number();
    for (person, number) in &rows.same {
        let hash = numbers.get(*number as usize).copied();
        if let Some(Ok(descriptor)) = hash.and_then(|hash| hashes.get(hash))
            && let Some(mut person) = facts.people.people.row_of(*person)
            && person.descriptor().is_none()
        {
            person.set_descriptor(*descriptor);
        }
    }
    let built: Vec<_> = rows
        .forms
        .iter()
        .map(|(form, dn)| {
            form.build(&directory.aliases(dn), &|name| directory.sid_of(name))
                .ok()
                .map(|built| facts.permissions.descriptors.keep(built))
        })
        .collect();
    for (person, form) in &rows.people {
        let descriptor = built.get(*form as usize).copied().flatten();
        if let Some(descriptor) = descriptor
            && let Some(mut person) = facts.people.people.row_of(*person)
            && person.descriptor().is_none()
        {
            person.set_descriptor(descriptor);
        }
    }
}

/// The accounts that may be a connector's: by name, description or class, those that a connector
/// or a person names, and those that were collected one by one.
fn connector_accounts(facts: &Facts, rows: &PermissionRows) -> BTreeSet<Sid> {
    let named: BTreeSet<String> = facts
        .servers
        .values()
        .chain([&facts.unnamed_server])
        .flat_map(|server| server.connectors.claims())
        .flat_map(|claim| &claim.value)
        .filter_map(|connector| connector.account.as_deref())
        .chain(rows.groups_of.iter().map(|listed| listed.of.as_str()))
        .chain(
            facts
                .permissions
                .stated_connectors
                .iter()
                .map(|stated| stated.value.name.as_str()),
        )
        .map(plain_name)
        .collect();
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for row in &rows.accounts {
        *counts.entry(row.from.source).or_default() += 1;
    }
    let service: BTreeSet<u32> = (0..)
        .zip(rows.classes.by_number())
        .filter(|(_, classes)| {
            let mut each = classes.iter();
            each.any(|name| name.to_ascii_lowercase().contains("managedserviceaccount"))
        })
        .map(|(number, _)| number)
        .collect();
    let chosen = rows.accounts.iter().filter(|row| {
        let name = row.name.as_deref().map(plain_name).unwrap_or_default();
        let description = row
            .description
            .as_deref()
            .unwrap_or_default()
            .to_lowercase();
        counts
            .get(&row.from.source)
            .is_some_and(|count| *count <= FEW)
            || row.token_groups.is_some()
            || named.contains(&name)
            || CONNECTOR_NAMES.iter().any(|start| name.starts_with(start))
            || CONNECTOR_DESCRIPTIONS
                .iter()
                .any(|part| description.contains(part))
            || row
                .classes
                .is_some_and(|classes| service.contains(&classes))
    });
    chosen.map(|row| row.sid).collect()
}

/// An account's name without its domain, in lower case.
fn plain_name(name: &str) -> String {
    let name = name.rsplit('\\').next().unwrap_or_default();
    name.split('@')
        .next()
        .unwrap_or_default()
        .trim()
        .to_lowercase()
}

/// Which group holds which, and which of them the chosen accounts are in.
fn memberships(
    facts: &mut Facts,
    directory: &Directory<'_>,
    rows: &PermissionRows,
    chosen: &BTreeSet<Sid>,
) {
    let mut edges: BTreeSet<(Sid, Sid)> = BTreeSet::new();
    let kept = |member: &Sid| chosen.contains(member) || !directory.is_person(member);
    let counts = |group: &Sid| !directory.distribution.contains(group);
    for row in &rows.groups {
        if row.member_of.is_some() {
            let above = directory.sids_of(row.member_of.as_deref().unwrap_or_default());
            edges.extend(above.0.into_iter().map(|group| (row.sid, group)));
        }
        if let Some(members) = row.members.as_deref() {
            let (sids, all) = directory.sids_of(members);
            edges.extend(sids.into_iter().filter(kept).map(|sid| (sid, row.sid)));
            if all {
                let whole = &mut facts.permissions.whole_groups;
                whole.entry(row.sid).or_insert_with(|| row.from.clone());
            }
        }
    }
    for listed in &rows.members_of {
        let Some(group) = directory.group_of(listed) else {
            continue;
        };
        let members = listed.sids.iter().copied().filter(kept);
        edges.extend(members.map(|sid| (sid, group)));
        if listed.whole {
            let whole = &mut facts.permissions.whole_groups;
            whole.entry(group).or_insert_with(|| listed.from.clone());
        }
    }
    for row in rows.accounts.iter().filter(|row| chosen.contains(&row.sid)) {
        let above = directory.sids_of(row.member_of.as_deref().unwrap_or_default());
        edges.extend(
            above
                .0
                .into_iter()
                .chain(primary(row))
                .map(|group| (row.sid, group)),
        );
        for listed in groups_listed(rows, row) {
            edges.extend(listed.sids.iter().map(|group| (row.sid, *group)));
        }
    }
    for (member, group) in edges.into_iter().filter(|(_, group)| counts(group)) {
        facts
            .permissions
            .member_of
            .entry(member)
            .or_default()
            .push(group);
    }
}

fn primary(row: &AccountRow) -> Option<Sid> {
    row.sid.domain().with_rid(row.primary_group?)
}

/// The lists of groups that were collected for an account.
fn groups_listed<'a>(
    rows: &'a PermissionRows,
    row: &'a AccountRow,
) -> impl Iterator<Item = &'a Listed> {
    let name = row.name.as_deref().map(plain_name);
    rows.groups_of
        .iter()
        .filter(move |listed| name.as_deref() == Some(&*plain_name(&listed.of)))
}

fn accounts(
    facts: &mut Facts,
    directory: &Directory<'_>,
    rows: &PermissionRows,
    chosen: &BTreeSet<Sid>,
) {
    let classes = rows.classes.by_number();
    let all = &mut facts.permissions.accounts;
    for row in rows.accounts.iter().filter(|row| chosen.contains(&row.sid)) {
        let account = all.entry(row.sid).or_default();
        let from = &row.from;
        claim(
            &mut account.account_name,
            row.name.as_deref().map(str::to_owned),
            from,
        );
        claim(&mut account.dn, row.dn.as_deref().map(str::to_owned), from);
        claim(
            &mut account.description,
            row.description.as_deref().map(str::to_owned),
            from,
        );
        let names = row
            .classes
            .and_then(|classes_of| classes.get(classes_of as usize));
        claim(
            &mut account.classes,
            names.map(|names| (*names).clone()),
            from,
        );
        claim(&mut account.disabled, row.disabled, from);
        claim(&mut account.locked, row.locked, from);
        claim(&mut account.expires, row.expires, from);
        claim(&mut account.password_expired, row.password_expired, from);
        claim(
            &mut account.workstations,
            row.workstations.as_deref().map(<[_]>::to_vec),
            from,
        );
        let history = row.sid_history.as_deref();
        claim(
            &mut account.sid_history,
            history.map(|sids| sids.iter().copied().collect()),
            from,
        );
        let tokens = row.token_groups.as_deref().map(|sids| TokenGroups {
            sids: sids.iter().copied().collect(),
            exact: false,
        });
        claim(&mut account.token_groups, tokens, from);
        if let (Some(groups), Some(primary)) = (row.member_of.as_deref(), primary(row)) {
            match directory.sids_of(groups) {
                (sids, true) => {
                    let groups = sids.into_iter().chain([primary]);
                    let counted = groups.filter(|sid| !directory.distribution.contains(sid));
                    claim(&mut account.groups, Some(counted.collect()), from);
                }
                _ => account.groups.note_gap(Gap::Unreadable(
                    "a group that it is in is named without its SID".to_owned(),
                )),
            }
        }
        for listed in groups_listed(rows, row).filter(|listed| listed.whole) {
            claim(&mut account.groups, Some(listed.sids.clone()), &listed.from);
        }
    }
    for (name, tokens) in &rows.tokens {
        let sids: BTreeSet<Sid> = tokens.value.iter().copied().collect();
        if let Some(own) = directory.own_sid(name.as_deref(), &tokens.value, all) {
            let groups = TokenGroups { sids, exact: true };
            let account = all.entry(own).or_default();
            // An exact list counts before any other, so that it alone stays.
            if account
                .token_groups
                .value()
                .is_none_or(|known| !known.exact)
            {
                account.token_groups = Known::absent("account.tokenGroups");
            }
            account.token_groups.claim(groups, tokens.from.clone());
        }
    }
    for (sid, account) in all {
        *account = AccountFacts::clone(account).about(&sid.to_string());
    }
}

fn claim<T>(fact: &mut Known<T>, value: Option<T>, from: &Provenance) {
    if let Some(value) = value {
        fact.claim(value, from.clone());
    }
}

impl Directory<'_> {
    fn aliases(&self, dn: &str) -> SidAliases {
        let name = crate::directory::dns_domain(dn);
        SidAliases {
            domain: name.and_then(|name| self.domains.get(&name)).copied(),
            forest_root: self.root,
        }
    }
}
