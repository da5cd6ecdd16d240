//! What the directory itself says: the links of a container, and the entry of a GPO.

use super::link::gpo_of_dn;
use super::{GpoId, GpoLink, parse_gp_link};
use crate::carrier::json::Object;
use crate::carrier::ldif::LdifEntry;
use crate::directory::dns_domain;
use crate::error::Error;
use crate::evidence::{At, Reading};

/// A domain, an organizational unit or a site with its links, from LDIF, or from `Get-ADDomain`,
/// `Get-ADOrganizationalUnit` and `Get-ADObject` as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpoContainer {
    /// Its distinguished name.
    pub dn: Reading<String>,
    /// All its links, by link order (`gPLink`).
    pub links: Reading<Vec<GpoLink>>,
    /// The GPOs that are linked, in no order that could be relied on, and without the options of
    /// the links (`LinkedGroupPolicyObjects`).
    pub linked: Reading<Vec<GpoId>>,
    /// Whether it blocks inheritance (`gPOptions` 1).
    pub blocks: Reading<bool>,
    /// What could not be read of its links.
    pub faults: Vec<Error>,
}

impl GpoContainer {
    /// Whether an entry tells of links.
    pub fn matches_entry(entry: &LdifEntry) -> bool {
        entry.has("gPLink") || entry.has("gPOptions")
    }

    /// Whether an object does.
    pub fn matches_json(object: &Object<'_>) -> bool {
        object.has(&["DistinguishedName"])
            && ["gPLink", "gPOptions", "LinkedGroupPolicyObjects"]
                .iter()
                .any(|name| object.has(&[name]))
    }

    /// Reads a directory entry.
    pub fn from_entry(entry: &LdifEntry) -> Self {
        let mut faults = Vec::new();
        let first = entry.all().first();
        Self {
            dn: match first {
                Some(value) => Reading::Value(At::new(entry.dn.clone(), entry.place(value))),
                None => Reading::Absent,
            },
            links: links(entry.text("gPLink"), &mut faults),
            linked: Reading::Absent,
            blocks: entry.integer("gPOptions").map(blocks),
            faults,
        }
    }

    /// Reads an object of a cmdlet.
    pub fn from_json(object: &Object<'_>) -> Self {
        let mut faults = Vec::new();
        let text = match object.text("gPLink") {
            // An attribute without values is printed as an empty collection.
            Reading::Bad(_) if object.array("gPLink").value().is_some_and(Vec::is_empty) => {
                Reading::Absent
            }
            text => text,
        };
        let linked = object.texts("LinkedGroupPolicyObjects").map(|names| {
            let found = names.iter().filter_map(|name| gpo_of_dn(name).ok());
            found.collect()
        });
        Self {
            dn: object.words("DistinguishedName").map(str::to_owned),
            links: links(text, &mut faults),
            linked,
            blocks: match object.field("gPOptions") {
                Reading::Value(at) if at.value.is_array() => Reading::Absent,
                _ => object.integer("gPOptions").map(blocks),
            },
            faults,
        }
    }
}

fn blocks(options: i64) -> bool {
    options & 1 != 0
}

fn links(text: Reading<&str>, faults: &mut Vec<Error>) -> Reading<Vec<GpoLink>> {
    match text {
        Reading::Value(At { value, place }) => {
            let (links, found) = parse_gp_link(value, &place);
            let reading = match found.first() {
                // The order of the others hangs on the one that is lost.
                Some(fault) => Reading::Bad(fault.clone()),
                None => Reading::Value(At::new(links, place)),
            };
            faults.extend(found.into_iter().skip(1));
            reading
        }
        Reading::Absent => Reading::Absent,
        Reading::Null(place) => Reading::Null(place),
        Reading::Bad(error) => Reading::Bad(error),
    }
}

/// The directory entry of a GPO (`groupPolicyContainer`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpoEntry {
    /// Its id, from the distinguished name.
    pub id: Reading<GpoId>,
    /// The DNS name of its domain, in lower case.
    pub domain: Option<String>,
    /// Its name (`displayName`).
    pub name: Reading<String>,
    /// Whether the settings for computers count (`flags` without the bit 2; MS-GPOL 2.2.4).
    pub computer_settings: Reading<bool>,
}

impl GpoEntry {
    /// Whether an entry is that of a GPO.
    pub fn matches_entry(entry: &LdifEntry) -> bool {
        let mut classes = entry.values("objectClass");
        classes.any(|class| {
            let text = class.text().unwrap_or_default();
            text.eq_ignore_ascii_case("groupPolicyContainer")
        })
    }

    /// Reads a directory entry.
    pub fn from_entry(entry: &LdifEntry) -> Self {
        let id = match entry.all().first() {
            Some(value) => Reading::Value(At::new(entry.dn.as_str(), entry.place(value))),
            None => Reading::Absent,
        };
        Self {
            id: id.and_then(gpo_of_dn),
            domain: dns_domain(&entry.dn),
            name: entry.text("displayName").map(str::to_owned),
            computer_settings: entry.integer("flags").map(|flags| flags & 2 == 0),
        }
    }
}

/// Whether a text is the `GPT.INI` that lies in the folder of every GPO in SYSVOL.
pub fn is_gpt_ini(head: &str) -> bool {
    let mut lines = head.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    first.eq_ignore_ascii_case("[General]")
        && lines.any(|line| {
            let (key, value) = line.split_once('=').unwrap_or_default();
            key.trim().eq_ignore_ascii_case("Version") && value.trim().parse::<u32>().is_ok()
        })
}
