//! Readings as rows, until names find their SIDs.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Intake;
use crate::carrier::ldif::LdifEntry;
use crate::directory::dns_domain;
use crate::directory::permissions::{AccountReadings, GroupReadings, structural_class};
use crate::directory::security::Sid;
use crate::evidence::{Locator, Reading};
use crate::snapshot::facts::{AccountRow, DomainRow, GroupRow, Listed};

/// Takes an account, which may be a person's.
pub(super) fn account(into: &mut Intake<'_>, readings: AccountReadings, person: Option<u32>) {
    let origin = into.origin;
    let classes = origin.value(readings.classes);
    if let Some(person) = person
        && let Some(mut row) = into.facts.people.people.row_of(person)
    {
        let names: Vec<_> = classes.iter().flatten().map(String::as_str).collect();
        if let Some(class) = structural_class(&names) {
            row.set_class(class);
        }
        if let Reading::Value(sid) = &readings.sid {
            row.set_sid(sid.value);
        }
    }
    let Some(sid) = origin.value(readings.sid) else {
        return;
    };
    let place = match &readings.dn {
        Reading::Value(dn) => dn.place.clone(),
        _ => Locator::Whole,
    };
    let member_of = origin.value(readings.member_of);
    let rows = &mut into.facts.gathered;
    let row = AccountRow {
        sid,
        name: origin.value(readings.name).map(Into::into),
        dn: origin.value(readings.dn).map(Into::into),
        description: origin.value(readings.description).map(Into::into),
        classes: classes.map(|classes| rows.classes.number(classes)),
        disabled: origin.value(readings.disabled),
        locked: origin.value(readings.locked),
        expires: origin.value(readings.expires),
        password_expired: origin.value(readings.password_expired),
        workstations: origin.value(readings.workstations).map(Into::into),
        member_of: member_of.map(|names| rows.name_all(&names)),
        primary_group: origin.value(readings.primary_group),
        token_groups: origin.value(readings.token_groups).map(Into::into),
        sid_history: origin.value(readings.sid_history).map(Into::into),
        person,
        from: origin.at(place),
    };
    rows.accounts.push(row);
}

/// Takes a group.
pub(super) fn group(into: &mut Intake<'_>, readings: GroupReadings) {
    let origin = into.origin;
    let Some(sid) = origin.value(readings.sid) else {
        return;
    };
    let place = match &readings.dn {
        Reading::Value(dn) => dn.place.clone(),
        _ => Locator::Whole,
    };
    let members = origin.value(readings.members);
    let member_of = origin.value(readings.member_of);
    let rows = &mut into.facts.gathered;
    let row = GroupRow {
        sid,
        name: origin.value(readings.name),
        dn: origin.value(readings.dn),
        security: origin.value(readings.security),
        members: members.map(|names| rows.name_all(&names)),
        member_of: member_of.map(|names| rows.name_all(&names)),
        from: origin.at(place),
    };
    rows.groups.push(row);
}

/// Takes what a domain's own entry, or the entry of its name in the configuration, says of it.
pub(super) fn domain_entry(into: &mut Intake<'_>, entry: &LdifEntry) {
    let netbios = into.origin.value(entry.text("nETBIOSName"));
    let named = entry.text("nCName").value().and_then(|dn| dns_domain(dn));
    let row = match named {
        Some(name) => DomainRow {
            name,
            netbios: netbios.map(str::to_owned),
            sid: None,
        },
        None if entry.dn.to_ascii_lowercase().starts_with("dc=") => {
            let sid = into.origin.value(AccountReadings::from_entry(entry).sid);
            let (Some(name), Some(sid)) = (dns_domain(&entry.dn), sid) else {
                return;
            };
            DomainRow {
                name,
                netbios: None,
                sid: Some(sid),
            }
        }
        None => return,
    };
    into.facts.gathered.domains.push(row);
}

/// SIDs in lists, each list by the name of what it belongs to.
#[derive(Default)]
pub(super) struct List {
    lists: BTreeMap<Option<String>, (BTreeSet<Sid>, Locator)>,
    /// An element whose SID could not be read is missing from its list.
    missing: BTreeSet<Option<String>>,
}

impl List {
    pub(super) fn add(&mut self, of: Option<&str>, sid: Option<Sid>, place: &Locator) {
        let of = of.map(str::to_owned);
        let (sids, _) = self
            .lists
            .entry(of.clone())
            .or_insert_with(|| (BTreeSet::new(), place.clone()));
        match sid {
            Some(sid) => {
                sids.insert(sid);
            }
            None => {
                self.missing.insert(of);
            }
        }
    }

    /// The lists; one without a name is that of the manifest's subject.
    pub(super) fn close(&mut self, into: &Intake<'_>) -> Vec<Listed> {
        let subject = into.origin.subject_name().map(str::to_owned);
        let mut all = Vec::new();
        for (of, (sids, place)) in std::mem::take(&mut self.lists) {
            let whole = into.complete() && !self.missing.contains(&of);
            if let Some(of) = of.or_else(|| subject.clone()) {
                all.push(Listed {
                    of,
                    sids,
                    whole,
                    from: into.origin.at(place),
                });
            }
        }
        all
    }
}
