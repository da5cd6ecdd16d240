//! Where synced people live.

use std::collections::BTreeMap;

use crate::evidence::{Gap, Provenance, Unknown};
use crate::readiness::Context;
use crate::tenant::{PersonRef, container_of};

use super::missing;

/// A container in which synced people live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place<'a> {
    pub(crate) dn: &'a str,
    /// How many.
    pub(crate) people: u64,
}

/// Whether a person is synchronised, and not known to be disabled.
fn is_synced(person: &PersonRef<'_>) -> bool {
    let flags = person.flags();
    flags.synced() == Some(true) && flags.enabled() != Some(false)
}

/// Synced people.
pub(crate) fn people<'a>(cx: &Context<'a>) -> impl Iterator<Item = PersonRef<'a>> + use<'a> {
    cx.facts.people.people.iter().filter(is_synced)
}

/// The containers that synced people live in, and what is missing to know that these are all.
pub(crate) fn places<'a>(cx: &Context<'a>) -> (Vec<Place<'a>>, Option<Unknown>) {
    let mut places: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut homeless, mut nobody) = (None, true);
    for person in people(cx) {
        nobody = false;
        match person.container() {
            Some(container) if !container.is_empty() => *places.entry(container).or_default() += 1,
            _ => homeless = homeless.or_else(|| Some(person.name())),
        }
    }
    let unknown = if nobody {
        Some(Unknown::of("people.users").and(Unknown::of("people.container")))
    } else {
        homeless.map(|name| missing("people.container", Some(&name), Gap::NotCollected))
    };
    let places = places
        .into_iter()
        .map(|(dn, people)| Place { dn, people })
        .collect();
    (places, unknown)
}

/// The roots of the domains that synced people live in.
pub(crate) fn roots<'a>(places: &[Place<'a>]) -> Vec<&'a str> {
    let mut roots: BTreeMap<String, &str> = BTreeMap::new();
    for place in places {
        let root = root_of(place.dn);
        if !root.is_empty() {
            roots.entry(root.to_lowercase()).or_insert(root);
        }
    }
    roots.into_values().collect()
}

/// The part of a distinguished name that names the domain.
pub(super) fn root_of(dn: &str) -> &str {
    let mut rest = dn;
    while !rest.is_empty() && !is_domain_part(rest) {
        rest = parent_of(rest);
    }
    rest
}

fn is_domain_part(dn: &str) -> bool {
    dn.trim_start()
        .get(..3)
        .is_some_and(|start| start.eq_ignore_ascii_case("DC="))
}

/// What an object lies in.
pub(crate) fn parent_of(dn: &str) -> &str {
    container_of(dn).trim_start()
}

/// Where people's own facts of the directory come from.
pub(crate) fn sources_of_people<'a>(
    cx: &Context<'a>,
) -> impl Iterator<Item = &'a Provenance> + use<'a> {
    let sources = cx.facts.people.sources.iter();
    sources
        .filter(|source| source.kind == "adUsers")
        .map(|source| &source.from)
}
