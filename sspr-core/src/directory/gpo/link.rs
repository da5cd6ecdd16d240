//! Links from a domain, an organizational unit or a site to GPOs.

use std::fmt;

use serde::Serialize;

use super::GpoId;
use crate::directory::dns_domain;
use crate::error::Error;
use crate::evidence::Locator;

/// The option bit of a link that is disabled, and of one that is enforced (MS-GPOL 2.2.2).
const DISABLED: i64 = 1;
const ENFORCED: i64 = 2;

/// A link to a GPO, at the place whose list it is in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GpoLink {
    /// The link order: 1 wins over 2.
    pub order: u32,
    /// The GPO.
    pub gpo: GpoId,
    /// The DNS name of the GPO's domain, in lower case, if it is told.
    pub domain: Option<String>,
    /// Whether the link counts.
    pub enabled: bool,
    /// Whether it beats links that are not enforced.
    pub enforced: bool,
}

/// A place that GPOs are linked at, with whether one of its links is enabled and enforced.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlacedLink {
    /// The place.
    pub place: LinkPlace,
    /// Whether the link counts.
    pub enabled: Option<bool>,
    /// Whether it beats links that are not enforced.
    pub enforced: Option<bool>,
}

/// A place that GPOs can be linked at, by its canonical name, such as `contoso.com/Staff/Workshop`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkPlace {
    /// What it is.
    pub kind: PlaceKind,
    /// The canonical name, as it is printed.
    pub name: String,
}

/// What GPOs can be linked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PlaceKind {
    /// The root of a domain.
    Domain,
    /// A container below it.
    Below,
    /// A site, or something else.
    Other,
}

impl LinkPlace {
    /// The place of a distinguished name.
    pub fn from_dn(dn: &str) -> Self {
        let (parts, whole) = split(dn);
        let domain = dns_domain(dn);
        let inner: Vec<_> = parts
            .iter()
            .filter(|(attribute, _)| !attribute.eq_ignore_ascii_case("dc"))
            .map(|(_, value)| value.as_str())
            .collect();
        let Some(domain) = domain.filter(|_| whole) else {
            return Self {
                kind: PlaceKind::Other,
                name: dn.to_owned(),
            };
        };
        let site = matches!(inner.as_slice(), [.., "Sites", "Configuration"]);
        let mut name = domain;
        for part in inner.iter().rev() {
            name.push('/');
            name.push_str(&part.replace('/', "\\/"));
        }
        Self {
            kind: match inner.len() {
                _ if site => PlaceKind::Other,
                0 => PlaceKind::Domain,
                _ => PlaceKind::Below,
            },
            name,
        }
    }

    /// The place of a canonical name. `domain` is the GPO's own: without a slash, its name is the
    /// domain's root, and any other one that of a site or of a foreign domain.
    pub fn from_canonical(name: &str, domain: Option<&str>) -> Self {
        let name = name.trim().trim_end_matches('/');
        let site = name
            .split('/')
            .skip(1)
            .take(2)
            .eq(["Configuration", "Sites"]);
        let root = domain.is_some_and(|domain| domain.eq_ignore_ascii_case(name));
        Self {
            kind: match name.contains('/') {
                true if site => PlaceKind::Other,
                true => PlaceKind::Below,
                false if root => PlaceKind::Domain,
                false => PlaceKind::Other,
            },
            name: name.to_owned(),
        }
    }

    /// Whether two names are of one place.
    pub fn is_same(&self, other: &Self) -> bool {
        self.kind == other.kind && self.name.to_lowercase() == other.name.to_lowercase()
    }
}

impl fmt::Display for LinkPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The parts of a distinguished name, the first one first, with their escapes resolved, and
/// whether every part is an attribute with a value.
fn split(dn: &str) -> (Vec<(String, String)>, bool) {
    let mut parts = Vec::new();
    let mut whole = true;
    let mut part = String::new();
    let mut escaped = false;
    let mut end = |part: &mut String| match part.split_once('=') {
        Some((attribute, value)) => {
            parts.push((attribute.trim().to_owned(), value.trim().to_owned()));
            part.clear();
        }
        None => whole = false,
    };
    for c in dn.chars() {
        match c {
            _ if escaped => {
                escaped = false;
                part.push(c);
            }
            '\\' => escaped = true,
            ',' => end(&mut part),
            _ => part.push(c),
        }
    }
    end(&mut part);
    (parts, whole)
}

/// Reads a value of `gPLink`: `[LDAP://cn={…},cn=policies,cn=system,DC=contoso,DC=com;0][…]`, with
/// the faults of what could not be read.
///
/// The list goes from the lowest precedence to the highest, so that its last entry has link order
/// 1. Disabled links have their order too.
pub fn parse_gp_link(text: &str, place: &Locator) -> (Vec<GpoLink>, Vec<Error>) {
    let mut links = Vec::new();
    let mut faults = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let entry = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let Some((entry, behind)) = entry else {
            faults.push(Error::syntax(
                place.clone(),
                "a link stands in brackets, which are missing here",
            ));
            break;
        };
        rest = behind.trim_start();
        match link(entry) {
            Ok(found) => links.push(found),
            Err(message) => faults.push(Error::value(place.clone(), message)),
        }
    }
    let count = u32::try_from(links.len()).unwrap_or(u32::MAX);
    for (link, order) in links.iter_mut().zip((1..=count).rev()) {
        link.order = order;
    }
    links.reverse();
    (links, faults)
}

fn link(entry: &str) -> Result<GpoLink, String> {
    let (path, options) = entry
        .rsplit_once(';')
        .ok_or("a link's options stand behind a semicolon, which is missing")?;
    let options: i64 = options
        .trim()
        .parse()
        .map_err(|_| "a link's options are a whole number")?;
    let scheme = path.get(..7).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("LDAP://") {
        return Err("a link begins with LDAP://".into());
    }
    let dn = path.get(7..).unwrap_or_default();
    Ok(GpoLink {
        order: 0,
        gpo: gpo_of_dn(dn)?,
        domain: dns_domain(dn),
        enabled: options & DISABLED == 0,
        enforced: options & ENFORCED != 0,
    })
}

/// The GPO of a distinguished name such as `CN={…},CN=Policies,CN=System,DC=contoso,DC=com`.
pub(super) fn gpo_of_dn(dn: &str) -> Result<GpoId, String> {
    let first = dn.split(',').next().unwrap_or_default();
    match first.split_once('=') {
        Some((attribute, id)) if attribute.trim().eq_ignore_ascii_case("cn") => id.parse(),
        _ => Err("not the distinguished name of a GPO".into()),
    }
}
