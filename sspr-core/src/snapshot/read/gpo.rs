//! Group policy: links, reports, what computers apply, backups and copies of SYSVOL.

mod finish;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::{BufRead, Read};

use super::{BinaryKind, Intake, ItemReader, JsonKind, TextKind};
use crate::carrier::json::{Object, Page};
use crate::carrier::ldif::LdifEntry;
use crate::carrier::text::read_whole;
use crate::directory::dns_domain;
use crate::directory::gpo::{
    GpoContainer, GpoEntry, GpoId, GpoLink, GpoObject, GpoReport, InheritanceReading, LinkObject,
    LinkPlace, PlaceKind, PlacedLink, TemplatePath, is_backup, is_gpt_ini, is_report, is_rsop,
    read_backups, read_reports, read_rsop,
};
use crate::error::Result;
use crate::evidence::{At, Claim, Limits, Locator, Reading, Strength};
use crate::snapshot::facts::GpoRow;

pub(super) use finish::{place, settle};

pub(super) const JSON: &[JsonKind] = &[
    JsonKind {
        name: "gpoInheritance",
        strength: Strength::Exported,
        matches: |object, _| InheritanceReading::matches_json(object),
        reader: || {
            Box::new(|into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]| {
                inheritance(into, InheritanceReading::from_json(object));
            })
        },
    },
    JsonKind {
        name: "gpoLinks",
        strength: Strength::Exported,
        matches: |object, _| LinkObject::matches_json(object),
        reader: || Box::<Links>::default(),
    },
    JsonKind {
        name: "gpos",
        strength: Strength::Exported,
        matches: |object, _| GpoObject::matches_json(object),
        reader: || Box::<Gpos>::default(),
    },
    JsonKind {
        name: "gpoContainers",
        strength: Strength::Exported,
        matches: |object, _| {
            // People, domains and objects with a descriptor have readers that look here too.
            GpoContainer::matches_json(object)
                && ["DNSRoot", "nTSecurityDescriptor", "Sddl", "SamAccountName"]
                    .iter()
                    .all(|name| !object.has(&[name]))
        },
        reader: || {
            Box::new(|into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]| {
                container(into, object);
            })
        },
    },
];

pub(super) const TEXT: &[TextKind] = &[
    TextKind {
        name: "gpoReport",
        strength: Strength::Exported,
        matches: is_report,
        read: reports,
    },
    TextKind {
        name: "gpresult",
        strength: Strength::Exported,
        matches: is_rsop,
        read: rsop,
    },
    TextKind {
        name: "gpoBackup",
        strength: Strength::Exported,
        matches: is_backup,
        read: backups,
    },
    TextKind {
        name: "gptIni",
        strength: Strength::Exported,
        matches: is_gpt_ini,
        read: gpt_ini,
    },
];

/// The settings of the registry lie beside the template in SYSVOL and in backups. They hold no
/// password policy.
pub(super) const BINARY: &[BinaryKind] = &[BinaryKind {
    name: "registryPolicy",
    strength: Strength::Exported,
    matches: |head| head.starts_with(b"PReg\x01\0\0\0"),
    read: |into: &mut Intake<'_>, _: &mut dyn Read| {
        into.origin.leave_unused();
        into.collection.items += 1;
        Ok(())
    },
}];

/// What a directory entry says of links, or of a GPO.
pub(super) fn entry(into: &mut Intake<'_>, entry: &LdifEntry) {
    if GpoContainer::matches_entry(entry) {
        container_of(into, GpoContainer::from_entry(entry));
    } else if GpoEntry::matches_entry(entry) {
        let read = GpoEntry::from_entry(entry);
        let at = place_of(&read.id);
        let Some(id) = into.origin.value(read.id) else {
            return;
        };
        let mut row = GpoRow::new(read.domain, id, into.origin.at(at));
        row.name = into.origin.value(read.name);
        row.computer_settings = into.origin.value(read.computer_settings);
        into.facts.gpo_rows.gpos.push(row);
    }
}

/// What an object says of the links of a container, if it does.
pub(super) fn container(into: &mut Intake<'_>, object: &Object<'_>) {
    if GpoContainer::matches_json(object) {
        container_of(into, GpoContainer::from_json(object));
    }
}

fn container_of(into: &mut Intake<'_>, read: GpoContainer) {
    for fault in read.faults {
        into.origin.fault(fault);
    }
    let Some(dn) = into.origin.value(read.dn) else {
        return;
    };
    let container = Container::of(&dn);
    container.blocking(into, read.blocks);
    if let Reading::Value(At { value, place }) = read.linked {
        for id in value {
            container.see(into, id, None, place.clone());
        }
    }
    container.links(into, read.links);
}

/// A place that has links.
struct Container {
    place: LinkPlace,
    /// The DNS name of its domain.
    domain: Option<String>,
}

impl Container {
    fn of(dn: &str) -> Self {
        Self {
            place: LinkPlace::from_dn(dn),
            domain: dns_domain(dn),
        }
    }

    fn blocking(&self, into: &mut Intake<'_>, blocks: Reading<bool>) {
        let place = place_of(&blocks);
        if into.origin.value(blocks) == Some(true)
            && let Some(domain) = &self.domain
        {
            let from = into.origin.at(place);
            into.facts.domain(domain).blocking.push(Claim {
                value: self.place.clone(),
                from,
            });
        }
    }

    /// A list of all links of the place.
    fn links(&self, into: &mut Intake<'_>, links: Reading<Vec<GpoLink>>) {
        if let Reading::Value(At { value, place }) = &links {
            for link in value {
                self.see(into, link.gpo, Some(link), place.clone());
            }
        }
        match &self.domain {
            Some(domain) if self.place.kind == PlaceKind::Domain => {
                let facts = into.facts.domain(domain);
                into.origin.claim(&mut facts.gpo_links, links);
            }
            _ => {
                into.origin.value(links);
            }
        }
    }

    /// One link of the place.
    fn see(&self, into: &mut Intake<'_>, gpo: GpoId, link: Option<&GpoLink>, at: Locator) {
        let own = link.and_then(|link| link.domain.clone());
        let domain = own.or_else(|| self.domain.clone());
        let mut row = GpoRow::new(domain, gpo, into.origin.at(at));
        row.seen_links = vec![PlacedLink {
            place: self.place.clone(),
            enabled: link.map(|link| link.enabled),
            enforced: link.map(|link| link.enforced),
        }];
        into.facts.gpo_rows.gpos.push(row);
    }
}

fn inheritance(into: &mut Intake<'_>, read: InheritanceReading) {
    let Some(dn) = into.origin.value(read.dn) else {
        return;
    };
    let container = Container::of(&dn);
    container.blocking(into, read.blocks);
    if let Reading::Value(at) = &read.links {
        for link in &at.value {
            named(into, link);
        }
    }
    if let Some(inherited) = into.origin.value(read.inherited) {
        for link in inherited {
            seen(into, &link);
        }
    }
    container.links(
        into,
        read.links
            .map(|links| links.into_iter().map(|link| link.link).collect()),
    );
}

/// A row about the GPO of a link.
fn link_row(into: &mut Intake<'_>, link: &LinkObject) -> GpoRow {
    let from = into.origin.at(link.place.clone());
    GpoRow::new(link.link.domain.clone(), link.link.gpo, from)
}

/// The name of a link's GPO.
fn named(into: &mut Intake<'_>, link: &LinkObject) {
    if let Some(name) = &link.name {
        let mut row = link_row(into, link);
        row.name = Some(name.clone());
        into.facts.gpo_rows.gpos.push(row);
    }
}

/// A link that is seen outside the list of its own place.
fn seen(into: &mut Intake<'_>, link: &LinkObject) {
    named(into, link);
    if let Some(placed) = link.placed() {
        let mut row = link_row(into, link);
        row.seen_links = vec![placed];
        into.facts.gpo_rows.gpos.push(row);
    }
}

/// Links one by one: `(Get-GPInheritance …).GpoLinks`. The manifest alone can say that they are
/// all of their place.
#[derive(Default)]
struct Links {
    found: BTreeMap<String, Vec<GpoLink>>,
    lost: bool,
}

impl ItemReader for Links {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        match LinkObject::from_json(object) {
            Ok(link) => {
                seen(into, &link);
                if let Some(target) = link.target {
                    self.found.entry(target).or_default().push(link.link);
                }
            }
            Err(error) => {
                self.lost = true;
                into.origin.fault(error);
            }
        }
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        if self.lost || into.origin.complete != Some(true) {
            return;
        }
        for (dn, mut links) in std::mem::take(&mut self.found) {
            links.sort();
            let links = Reading::Value(At::new(links, Locator::Whole));
            let container = Container::of(&dn);
            if container.place.kind == PlaceKind::Domain {
                container.links(into, links);
            }
        }
    }
}

/// `Get-GPO`: one GPO, or with `-All` those of a domain.
#[derive(Default)]
struct Gpos {
    found: BTreeMap<Option<String>, Vec<GpoId>>,
    listed: bool,
    lost: bool,
}

impl ItemReader for Gpos {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        self.listed |= *object.place() != Locator::Pointer(String::new());
        let read = GpoObject::from_json(object);
        let Some(id) = into.origin.value(read.id) else {
            self.lost = true;
            return;
        };
        let domain = into.origin.value(read.domain);
        let mut row = GpoRow::new(domain.clone(), id, into.origin.at(object.place().clone()));
        row.name = into.origin.value(read.name);
        row.computer_settings = into.origin.value(read.computer_settings);
        into.facts.gpo_rows.gpos.push(row);
        self.found.entry(domain).or_default().push(id);
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        if self.lost || !self.listed || !into.complete() {
            return;
        }
        for (domain, ids) in std::mem::take(&mut self.found) {
            list(into, domain, ids);
        }
    }
}

/// A whole list of the GPOs of a domain.
fn list(into: &mut Intake<'_>, domain: Option<String>, mut ids: Vec<GpoId>) {
    ids.sort_unstable();
    ids.dedup();
    let claim = Claim {
        value: ids,
        from: into.origin.at(Locator::Whole),
    };
    into.facts.gpo_rows.lists.push((domain, claim));
}

fn reports(into: &mut Intake<'_>, input: &mut dyn BufRead) -> Result<()> {
    let mut found: BTreeMap<Option<String>, Vec<GpoId>> = BTreeMap::new();
    let mut lost = false;
    let read = read_reports(input, &mut |report| {
        into.collection.items += 1;
        match report_of(into, report) {
            Some((domain, id)) => found.entry(domain).or_default().push(id),
            None => lost = true,
        }
    });
    // What was read before the fault is kept, and is no whole list.
    if read? && !lost && into.origin.complete != Some(false) {
        for (domain, ids) in found {
            list(into, domain, ids);
        }
    }
    Ok(())
}

fn report_of(into: &mut Intake<'_>, report: GpoReport) -> Option<(Option<String>, GpoId)> {
    let origin = into.origin;
    if report.read_at.is_some() {
        origin.observed_at.set(report.read_at);
    }
    let id = origin.value(report.id);
    let domain = origin.value(report.domain);
    let mut row = GpoRow::new(domain.clone(), id?, origin.at(report.place.clone()));
    row.name = origin.value(report.name);
    row.computer_settings = origin.value(report.computer_settings);
    for fault in report.policy.faults() {
        origin.fault(fault.clone());
    }
    if report.whole && report.policy.faults().next().is_none() {
        let place = report.policy.place().unwrap_or(&report.place).clone();
        row.policy = Some(At::new(report.policy.draft(), place));
    }
    row.links = Some(report.links);
    let key = (domain, row.id);
    into.facts.gpo_rows.gpos.push(row);
    Some(key)
}

fn rsop(into: &mut Intake<'_>, input: &mut dyn BufRead) -> Result<()> {
    let read = read_rsop(input)?;
    let origin = into.origin;
    into.collection.items += 1;
    if read.read_at.is_some() {
        origin.observed_at.set(read.read_at);
    }
    for fault in read.policy.faults() {
        origin.fault(fault.clone());
    }
    let computer = match origin.value(read.computer.clone()) {
        Some(computer) => computer,
        None => "a computer that it does not name".to_owned(),
    };
    origin.remark(if read.planned {
        format!(
            "This is what the modelling wizard planned for {computer}, and nothing was applied."
        )
    } else {
        format!(
            "This is the policy that {computer} applies. It speaks for the domain only where that \
             is a domain controller."
        )
    });
    for gpo in &read.gpos {
        let mut row = GpoRow::new(gpo.domain.clone(), gpo.id, origin.at(Locator::Whole));
        row.name.clone_from(&gpo.name);
        row.seen_links.clone_from(&gpo.links);
        into.facts.gpo_rows.gpos.push(row);
    }
    let place = read.policy.place().cloned().unwrap_or_default();
    let from = origin.at(place);
    into.facts.gpo_rows.rsops.push(Claim { value: read, from });
    Ok(())
}

fn backups(into: &mut Intake<'_>, input: &mut dyn BufRead) -> Result<()> {
    let folder = TemplatePath::folder_of(&into.origin.name);
    for backup in read_backups(input)? {
        into.collection.items += 1;
        let mut from = into.origin.at(Locator::Whole);
        from.observed_at = from.observed_at.or(backup.made_at);
        let folder = match &backup.folder {
            Some(inner) if folder.is_empty() => inner.to_lowercase(),
            Some(inner) => format!("{folder}/{}", inner.to_lowercase()),
            None => folder.clone(),
        };
        let claims = into.facts.gpo_rows.backups.entry(folder).or_default();
        claims.push(Claim {
            value: backup,
            from,
        });
    }
    Ok(())
}

fn gpt_ini(into: &mut Intake<'_>, input: &mut dyn BufRead) -> Result<()> {
    read_whole(input, Limits::default().item_bytes)?;
    into.collection.items += 1;
    // It names its folder's GPO together with the template that may lie there.
    let folder = TemplatePath::folder_of(&into.origin.name);
    into.facts.gpo_rows.gpt_ini.insert(folder);
    Ok(())
}

fn place_of<T>(reading: &Reading<T>) -> Locator {
    match reading {
        Reading::Value(at) => at.place.clone(),
        _ => Locator::Whole,
    }
}
