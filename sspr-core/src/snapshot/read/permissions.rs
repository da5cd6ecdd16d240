//! Permissions: descriptors, accounts, groups and the names of SIDs.

mod finish;
mod rows;

use std::collections::BTreeMap;
use std::io::BufRead;

use super::{Intake, ItemReader, JsonKind, TextKind, gpo};
use crate::carrier::json::{Object, Page};
use crate::carrier::ldif::LdifEntry;
use crate::carrier::text::read_whole;
use crate::directory::AdUser;
use crate::directory::permissions::{
    AccessRule, AccessRules, AccountReadings, DescriptorForm, EntryDescriptor, GroupReadings,
    SecuredReading, entry_descriptor, is_dsacls, json_sid, object_path, parse_dsacls,
    structural_class,
};
use crate::error::{Error, Result};
use crate::evidence::{At, Limits, Locator, Reading, Strength, SubjectType};
use crate::snapshot::facts::{AccountGroup, DomainRow, Gathered, Listed, ObjectRow};

pub(super) use finish::finish;

pub(super) const JSON: &[JsonKind] = &[
    JsonKind {
        name: "accessRules",
        strength: Strength::Exported,
        matches: |object, _| AccessRule::matches_json(object),
        reader: || Box::<Rules>::default(),
    },
    JsonKind {
        name: "adDomain",
        strength: Strength::Exported,
        matches: |object, _| object.has(&["DomainSID", "DNSRoot"]),
        reader: || Box::new(ad_domain),
    },
    JsonKind {
        name: "directoryService",
        strength: Strength::Exported,
        matches: |object, _| object.has(&["dSHeuristics", "DistinguishedName"]),
        reader: || {
            Box::new(|into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]| {
                let mask = match object.text("dSHeuristics") {
                    // Nobody set it.
                    Reading::Null(place) => Reading::Value(At::new("", place)),
                    reading => reading,
                };
                heuristics(into, mask);
            })
        },
    },
    JsonKind {
        name: "adGroups",
        strength: Strength::Exported,
        matches: |object, _| GroupReadings::matches_json(object) && !is_principal(object),
        reader: || Box::<Groups>::default(),
    },
    JsonKind {
        name: "serviceAccounts",
        strength: Strength::Exported,
        matches: |object, _| {
            let class = object.text("ObjectClass");
            class.value().is_some_and(|class| is_service_account(class))
        },
        reader: || {
            Box::new(|into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]| {
                account_object(into, object, None);
            })
        },
    },
    JsonKind {
        name: "groupMembers",
        strength: Strength::Exported,
        matches: |object, _| is_principal(object),
        reader: || Box::<Members>::default(),
    },
    JsonKind {
        name: "securityDescriptors",
        strength: Strength::Exported,
        matches: |object, _| SecuredReading::matches_json(object) && !AdUser::matches_json(object),
        reader: || {
            Box::new(|into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]| {
                gpo::container(into, object);
                secured(into, SecuredReading::from_json(object), object.place());
            })
        },
    },
];

pub(super) const TEXT: &[TextKind] = &[TextKind {
    name: "dsacls",
    strength: Strength::Exported,
    matches: is_dsacls,
    read: dsacls,
}];

/// The entry of a person, whose row is given where there is one.
pub(super) fn account_entry(into: &mut Intake<'_>, entry: &LdifEntry, person: Option<u32>) {
    rows::account(into, AccountReadings::from_entry(entry), person);
    match descriptor_of(into, entry) {
        Some((Gathered::Read(Ok(id)), _)) => {
            let people = &mut into.facts.people.people;
            if let Some(mut person) = person.and_then(|person| people.row_of(person)) {
                person.set_descriptor(id);
            }
        }
        Some((Gathered::Same(hash), _)) => {
            let rows = &mut into.facts.gathered;
            let number = rows.hashes.number(hash);
            rows.same.extend(person.map(|person| (person, number)));
        }
        _ => {}
    }
}

/// The descriptor of an entry, with its place. What is wrong with it is counted.
fn descriptor_of(into: &mut Intake<'_>, entry: &LdifEntry) -> Option<(Gathered, Locator)> {
    let (read, value) = match entry_descriptor(entry)? {
        EntryDescriptor::Bytes(value) => {
            let store = &mut into.facts.permissions.descriptors;
            (
                store
                    .keep_bytes(&value.bytes)
                    .map(|id| Gathered::Read(Ok(id))),
                value,
            )
        }
        EntryDescriptor::Same(value, hash) => (hash.map(Gathered::Same), value),
    };
    let place = entry.place(value);
    let gathered = read.unwrap_or_else(|error| {
        let error = Error {
            place: place.clone(),
            ..error
        };
        into.origin.fault(error.clone());
        Gathered::Read(Err(error))
    });
    Some((gathered, place))
}

/// An object of a person, whose row is given where there is one.
pub(super) fn account_object(into: &mut Intake<'_>, object: &Object<'_>, person: Option<u32>) {
    rows::account(into, AccountReadings::from_json(object), person);
    let reading = SecuredReading::from_json(object);
    let Some(dn) = reading.dn.value() else {
        return;
    };
    if let Some(form) = into.origin.value(reading.descriptor) {
        into.facts.gathered.person_form(person, form, dn);
    } else if let Some(first) = into.origin.value(object.words(SAME))
        && !into.facts.gathered.same_as(person, first)
    {
        into.origin.fault(Error::value(
            object.place().member(SAME),
            "no object of this name with a descriptor stands before this one",
        ));
    }
}

/// Where our own script names the first object that has the same SDDL, in place of repeating it.
const SAME: &str = "SameSddlAs";

/// Any entry that is no person's.
pub(super) fn other_entry(into: &mut Intake<'_>, entry: &LdifEntry) {
    if entry.dn.is_empty() {
        let tokens = AccountReadings::from_entry(entry).token_groups;
        if let Reading::Value(At { value, place }) = tokens {
            let account = into.origin.subject.as_ref();
            let account = account.filter(|subject| subject.kind == SubjectType::User);
            let account = account.and_then(|_| into.origin.subject_name().map(str::to_owned));
            let claim = crate::evidence::Claim {
                value,
                from: into.origin.at(place),
            };
            into.facts.gathered.tokens.push((account, claim));
        }
        return;
    }
    heuristics(into, entry.text("dSHeuristics"));
    if GroupReadings::matches_entry(entry) {
        rows::group(into, GroupReadings::from_entry(entry));
        return;
    }
    let classes: Vec<_> = entry
        .values("objectClass")
        .filter_map(|value| value.text())
        .collect();
    if classes.iter().any(|class| is_service_account(class)) {
        rows::account(into, AccountReadings::from_entry(entry), None);
        return;
    }
    let passed_over = ["computer", "contact"];
    if classes.iter().any(|class| {
        passed_over
            .iter()
            .any(|other| class.eq_ignore_ascii_case(other))
    }) {
        return;
    }
    rows::domain_entry(into, entry);
    if let Some((descriptor, place)) = descriptor_of(into, entry) {
        let row = ObjectRow {
            dn: entry.dn.clone(),
            class: structural_class(&classes),
            descriptor,
            from: into.origin.at(place),
        };
        into.facts.gathered.objects.push(row);
    }
}

/// The groups of an account, by its name.
pub(super) fn account_groups(
    into: &mut Intake<'_>,
    account: &str,
    groups: &[AccountGroup],
    place: &Locator,
) {
    let sids = groups.iter().map(|group| group.sid.parse().ok());
    if let Some(sids) = sids.collect() {
        let listed = Listed {
            of: account.to_owned(),
            sids,
            whole: true,
            from: into.origin.at(place.clone()),
        };
        into.facts.gathered.groups_of.push(listed);
    }
}

fn heuristics(into: &mut Intake<'_>, reading: Reading<&str>) {
    let reading = reading.map(str::to_owned);
    into.origin
        .claim(&mut into.facts.gathered.heuristics, reading);
}

fn secured(into: &mut Intake<'_>, reading: SecuredReading, place: &Locator) {
    let descriptor = match reading.descriptor {
        Reading::Value(at) => Gathered::Form(at.value),
        Reading::Bad(error) => {
            into.origin.fault(error.clone());
            Gathered::Read(Err(error))
        }
        Reading::Absent | Reading::Null(_) => return,
    };
    let Some(dn) = into.origin.value(reading.dn).or_else(|| named_object(into)) else {
        into.origin.fault(Error::value(
            place.clone(),
            "the descriptor does not say of which object it is",
        ));
        return;
    };
    let row = ObjectRow {
        dn,
        class: reading.class,
        descriptor,
        from: into.origin.at(place.clone()),
    };
    into.facts.gathered.objects.push(row);
}

/// The object that the manifest names as the subject, or in the command.
fn named_object(into: &Intake<'_>) -> Option<String> {
    let origin = into.origin;
    let quoted = origin.command.as_deref().and_then(|command| {
        let mut parts = command.split(['"', '\'']).skip(1).step_by(2);
        parts.find_map(object_path)
    });
    origin.subject_name().and_then(object_path).or(quoted)
}

fn dsacls(into: &mut Intake<'_>, input: &mut dyn BufRead) -> Result<()> {
    let text = read_whole(input, Limits::default().item_bytes)?;
    let (dn, rules) = parse_dsacls(&text);
    if let Some(fault) = &rules.fault {
        into.origin.fault(fault.clone());
    }
    let reading = SecuredReading {
        dn: dn.map_or(Reading::Absent, |dn| {
            Reading::Value(At::new(dn, Locator::Whole))
        }),
        class: None,
        descriptor: Reading::Value(At::new(
            DescriptorForm::Rules(Box::new(rules)),
            Locator::Whole,
        )),
    };
    secured(into, reading, &Locator::Whole);
    Ok(())
}

/// `Get-ADDomain`.
fn ad_domain(into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
    gpo::container(into, object);
    let Some(name) = into.origin.value(object.words("DNSRoot")) else {
        return;
    };
    let row = DomainRow {
        name: name.to_ascii_lowercase(),
        netbios: into
            .origin
            .value(object.words("NetBIOSName"))
            .map(str::to_owned),
        sid: into.origin.value(json_sid(object, "DomainSID")),
    };
    if let Some(forest) = into.origin.value(object.words("Forest")) {
        let from = into.origin.at(object.place().clone());
        into.facts
            .domain(name)
            .forest
            .claim(forest.to_lowercase(), from);
    }
    into.facts.gathered.domains.push(row);
}

/// Whether an object is what `Get-ADGroupMember` gives: who it is, and nothing more.
fn is_principal(object: &Object<'_>) -> bool {
    object.has(&["SID", "distinguishedName", "objectClass", "SamAccountName"])
        && [
            "UserPrincipalName",
            "GroupCategory",
            "Enabled",
            "MemberOf",
            "Members",
            "groupType",
        ]
        .iter()
        .all(|name| !object.has(&[name]))
}

fn is_service_account(class: &str) -> bool {
    class.eq_ignore_ascii_case("msDS-ManagedServiceAccount")
        || class.eq_ignore_ascii_case("msDS-GroupManagedServiceAccount")
        || class.eq_ignore_ascii_case("msDS-DelegatedManagedServiceAccount")
}

/// `(Get-Acl …).Access`, of one object or of several that each rule names.
#[derive(Default)]
struct Rules(BTreeMap<Option<String>, (AccessRules, Locator)>);

impl ItemReader for Rules {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        let path = ["DistinguishedName", "Path", "PSPath"]
            .iter()
            .find_map(|name| {
                object
                    .words(name)
                    .value()
                    .and_then(|path| object_path(path))
            });
        let (rules, _) = self
            .0
            .entry(path)
            .or_insert_with(|| (AccessRules::default(), object.place().clone()));
        let rule = AccessRule::from_json(object);
        if let Err(error) = &rule {
            into.origin.fault(error.clone());
        }
        rules.add(rule);
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        for (dn, (rules, place)) in std::mem::take(&mut self.0) {
            let reading = SecuredReading {
                dn: dn.map_or(Reading::Absent, |dn| {
                    Reading::Value(At::new(dn, place.clone()))
                }),
                class: None,
                descriptor: Reading::Value(At::new(
                    DescriptorForm::Rules(Box::new(rules)),
                    place.clone(),
                )),
            };
            secured(into, reading, &place);
        }
    }
}

/// `Get-ADGroup`, or `Get-ADPrincipalGroupMembership` of the account that the manifest names.
#[derive(Default)]
struct Groups(rows::List);

impl ItemReader for Groups {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        let readings = GroupReadings::from_json(object);
        if into
            .origin
            .subject
            .as_ref()
            .is_some_and(|subject| subject.kind == SubjectType::User)
        {
            self.0
                .add(None, readings.sid.value().copied(), object.place());
        }
        rows::group(into, readings);
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        let listed = self.0.close(into);
        into.facts.gathered.groups_of.extend(listed);
    }
}

/// `Get-ADGroupMember` of the group that each row or the manifest names.
#[derive(Default)]
struct Members(rows::List);

impl ItemReader for Members {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        let sid = into.origin.value(json_sid(object, "SID"));
        let group = into.origin.value(object.words("Group"));
        self.0.add(group, sid, object.place());
        if object.text("objectClass").value() == Some(&"group") {
            rows::group(into, GroupReadings::from_json(object));
        } else {
            rows::account(into, AccountReadings::from_json(object), None);
        }
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        let listed = self.0.close(into);
        into.facts.gathered.members_of.extend(listed);
    }
}

#[cfg(test)]
mod tests;
