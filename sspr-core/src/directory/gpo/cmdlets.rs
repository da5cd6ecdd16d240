//! `Get-GPInheritance`, its links, and `Get-GPO`, as Windows PowerShell and PowerShell 7 print them
//! as JSON.

use super::{GpoId, GpoLink, LinkPlace, PlacedLink};
use crate::carrier::json::Object;
use crate::directory::dns_domain;
use crate::error::Error;
use crate::evidence::{At, Locator, Reading};

/// A link as `Get-GPInheritance` lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkObject {
    /// The GPO's name.
    pub name: Option<String>,
    /// The distinguished name of the place that it is linked at.
    pub target: Option<String>,
    /// The link. Its order is that of the list it stands in.
    pub link: GpoLink,
    /// Where it stands.
    pub place: Locator,
}

impl LinkObject {
    /// Whether an object is a link.
    pub fn matches_json(object: &Object<'_>) -> bool {
        object.has(&["GpoId", "Target", "Enabled", "Enforced"])
    }

    /// Reads a link; an error says what is missing or wrong.
    pub fn from_json(object: &Object<'_>) -> Result<Self, Error> {
        let need = |name: &str, wanted: &str| {
            Error::value(
                object.place().member(name),
                format!("a link needs {wanted}"),
            )
        };
        let id = found(object.text("GpoId").and_then(str::parse::<GpoId>))?;
        let order = found(object.integer("Order"))?;
        let order = order.and_then(|order| u32::try_from(order).ok());
        let target = found(object.words("Target"))?;
        // A link leads to a GPO of its own domain unless it names another.
        let owner = found(object.words("GpoDomainName"))?.map(str::to_ascii_lowercase);
        Ok(Self {
            name: found(object.words("DisplayName"))?.map(str::to_owned),
            target: target.map(str::to_owned),
            link: GpoLink {
                order: order
                    .filter(|order| *order > 0)
                    .ok_or_else(|| need("Order", "its order, from 1"))?,
                gpo: id.ok_or_else(|| need("GpoId", "the id of its GPO"))?,
                domain: owner.or_else(|| target.and_then(dns_domain)),
                enabled: found(object.bool("Enabled"))?
                    .ok_or_else(|| need("Enabled", "to say whether it is enabled"))?,
                enforced: found(object.bool("Enforced"))?
                    .ok_or_else(|| need("Enforced", "to say whether it is enforced"))?,
            },
            place: object.place().clone(),
        })
    }

    /// The link at its place.
    pub fn placed(&self) -> Option<PlacedLink> {
        Some(PlacedLink {
            place: LinkPlace::from_dn(self.target.as_deref()?),
            enabled: Some(self.link.enabled),
            enforced: Some(self.link.enforced),
        })
    }
}

fn found<T>(reading: Reading<T>) -> Result<Option<T>, Error> {
    match reading {
        Reading::Value(at) => Ok(Some(at.value)),
        Reading::Bad(error) => Err(error),
        Reading::Absent | Reading::Null(_) => Ok(None),
    }
}

/// What `Get-GPInheritance` tells of a domain or an organizational unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InheritanceReading {
    /// The distinguished name of the place.
    pub dn: Reading<String>,
    /// All links at the place itself, by link order.
    pub links: Reading<Vec<LinkObject>>,
    /// The links that take effect there, inherited ones included, without the disabled ones. Their
    /// order is that of this list and not the link order at their own place.
    pub inherited: Reading<Vec<LinkObject>>,
    /// Whether the place blocks inheritance.
    pub blocks: Reading<bool>,
}

impl InheritanceReading {
    /// Whether an object is what the cmdlet gives.
    pub fn matches_json(object: &Object<'_>) -> bool {
        object.has(&["Path"]) && (object.has(&["GpoLinks"]) || object.has(&["InheritedGpoLinks"]))
    }

    /// Reads it.
    pub fn from_json(object: &Object<'_>) -> Self {
        Self {
            dn: object.words("Path").map(str::to_owned),
            links: list(object, "GpoLinks"),
            inherited: list(object, "InheritedGpoLinks"),
            blocks: object.bool("GpoInheritanceBlocked"),
        }
    }
}

/// The links of a field. A list in which one cannot be read is none: it would seem whole.
fn list(object: &Object<'_>, name: &str) -> Reading<Vec<LinkObject>> {
    let (items, place) = match object.array(name) {
        Reading::Value(At { value, place }) => (value, place),
        Reading::Absent => return Reading::Absent,
        Reading::Null(place) => return Reading::Value(At::new(Vec::new(), place)),
        Reading::Bad(error) => return Reading::Bad(error),
    };
    let read = items.into_iter().map(|At { value, place }| {
        let map = value.as_object().ok_or_else(|| {
            Error::value(place.clone(), "expected a link, found something else")
                .with_help("export again with `ConvertTo-Json -Depth 4`")
        })?;
        LinkObject::from_json(&Object::new(map, place))
    });
    match read.collect::<Result<Vec<_>, _>>() {
        Ok(mut links) => {
            links.sort_by_key(|link| link.link.order);
            Reading::Value(At::new(links, place))
        }
        Err(error) => Reading::Bad(error),
    }
}

/// A GPO as `Get-GPO` describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpoObject {
    /// Its id.
    pub id: Reading<GpoId>,
    /// The DNS name of its domain, in lower case.
    pub domain: Reading<String>,
    /// Its name.
    pub name: Reading<String>,
    /// Whether the settings for computers count.
    pub computer_settings: Reading<bool>,
}

impl GpoObject {
    /// Whether an object is a GPO.
    pub fn matches_json(object: &Object<'_>) -> bool {
        object.has(&["Id", "DisplayName", "GpoStatus"])
    }

    /// Reads it. `GpoStatus` is a word, or a number of which Microsoft documents no meaning: 1 and
    /// 2 are taken to be bits of disabled settings, and 0 and 3 say nothing. `Computer.Enabled`,
    /// where it is printed, says it plainly.
    pub fn from_json(object: &Object<'_>) -> Self {
        const STATUS: [(&str, i64, Option<bool>); 6] = [
            ("AllSettingsEnabled", i64::MIN, Some(true)),
            ("UserSettingsDisabled", 1, Some(true)),
            ("ComputerSettingsDisabled", 2, Some(false)),
            ("AllSettingsDisabled", i64::MIN, Some(false)),
            ("0", 0, None),
            ("3", 3, None),
        ];
        let computer = object.object("Computer");
        let plain = match &computer {
            Reading::Value(at) => at.value.bool("Enabled"),
            _ => Reading::Absent,
        };
        let status = || match object.choice("GpoStatus", &STATUS) {
            Reading::Value(At {
                value: Some(on),
                place,
            }) => Reading::Value(At::new(on, place)),
            Reading::Value(_) | Reading::Absent => Reading::Absent,
            Reading::Null(place) => Reading::Null(place),
            Reading::Bad(error) => Reading::Bad(error),
        };
        Self {
            id: object.text("Id").and_then(str::parse),
            domain: object.words("DomainName").map(str::to_ascii_lowercase),
            name: object.words("DisplayName").map(str::to_owned),
            computer_settings: plain.or(status),
        }
    }
}
