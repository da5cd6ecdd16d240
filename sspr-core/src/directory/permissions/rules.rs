//! Access rules, as .NET and `dsacls` print them.

use uuid::Uuid;

use super::Trustee;
use crate::carrier::json::Object;
use crate::directory::security::{Ace, AceKind, Acl, Control, Mask, SecurityDescriptor, Sid};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{Locator, Reading};

/// `ActiveDirectoryRights`, by name.
const RIGHTS: &[(&str, u32)] = &[
    ("CreateChild", 0x1),
    ("DeleteChild", 0x2),
    ("ListChildren", 0x4),
    ("Self", 0x8),
    ("ReadProperty", 0x10),
    ("WriteProperty", 0x20),
    ("DeleteTree", 0x40),
    ("ListObject", 0x80),
    ("ExtendedRight", 0x100),
    ("Delete", 0x1_0000),
    ("ReadControl", 0x2_0000),
    ("WriteDacl", 0x4_0000),
    ("WriteOwner", 0x8_0000),
    ("Synchronize", 0x10_0000),
    ("AccessSystemSecurity", 0x100_0000),
    ("GenericExecute", 0x2_0004),
    ("GenericWrite", 0x2_0028),
    ("GenericRead", 0x2_0094),
    ("GenericAll", 0xF_01FF),
];

/// `InheritanceType`: its word, its number and the flags that it stands for.
const INHERITANCE: &[(&str, i64, u8)] = &[
    ("None", 0, 0),
    ("All", 1, Ace::CONTAINER_INHERIT),
    ("Descendents", 2, Ace::CONTAINER_INHERIT | Ace::INHERIT_ONLY),
    (
        "SelfAndChildren",
        3,
        Ace::CONTAINER_INHERIT | Ace::NO_PROPAGATE,
    ),
    (
        "Children",
        4,
        Ace::CONTAINER_INHERIT | Ace::NO_PROPAGATE | Ace::INHERIT_ONLY,
    ),
];

const INHERITANCE_FLAGS: &[(&str, i64, u8)] = &[
    ("None", 0, 0),
    ("ContainerInherit", 1, Ace::CONTAINER_INHERIT),
    ("ObjectInherit", 2, Ace::OBJECT_INHERIT),
];

const PROPAGATION_FLAGS: &[(&str, i64, u8)] = &[
    ("None", 0, 0),
    ("NoPropagateInherit", 1, Ace::NO_PROPAGATE),
    ("InheritOnly", 2, Ace::INHERIT_ONLY),
];

/// One rule: an entry of an access list whose SID may still be a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRule {
    /// Whom it is about.
    pub trustee: Trustee,
    /// The entry, without its SID.
    pub entry: Ace,
}

/// An access list as rules, in the order in which they were printed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccessRules {
    /// The owner, where it is printed.
    pub owner: Option<Trustee>,
    /// The primary group, where it is printed.
    pub group: Option<Trustee>,
    /// Whether inheritance is blocked, where it is printed.
    pub protected: Option<bool>,
    /// The rules.
    pub rules: Vec<AccessRule>,
    /// Why the rules are not the whole list; no descriptor is made of them then.
    pub fault: Option<Error>,
}

impl AccessRule {
    /// Whether an object is an `ActiveDirectoryAccessRule`.
    pub fn matches_json(object: &Object<'_>) -> bool {
        object.has(&["ActiveDirectoryRights", "AccessControlType"])
    }

    /// Reads one element of `(Get-Acl …).Access | ConvertTo-Json`.
    pub fn from_json(object: &Object<'_>) -> Result<Self> {
        let place = object.place();
        let mask = need(
            combined(object, "ActiveDirectoryRights", RIGHTS),
            place,
            "ActiveDirectoryRights",
        )?;
        let kind = object.choice(
            "AccessControlType",
            &[("Allow", 0, AceKind::Allow), ("Deny", 1, AceKind::Deny)],
        );
        let kind = need(kind, place, "AccessControlType")?;
        let trustee = need(
            trustee(object, "IdentityReference"),
            place,
            "IdentityReference",
        )?;
        let spread = match combined(object, "InheritanceFlags", &numbered(INHERITANCE_FLAGS)) {
            Reading::Absent => need(
                object.choice("InheritanceType", INHERITANCE),
                place,
                "InheritanceType",
            )?,
            flags => {
                let propagation =
                    combined(object, "PropagationFlags", &numbered(PROPAGATION_FLAGS));
                translate(need(flags, place, "InheritanceFlags")?, INHERITANCE_FLAGS)
                    | translate(
                        need(propagation, place, "PropagationFlags")?,
                        PROPAGATION_FLAGS,
                    )
            }
        };
        let inherited = need(object.bool("IsInherited"), place, "IsInherited")?;
        let mut entry = Ace::new(kind, Mask(mask), Sid::new(0, [])).with_types(
            guid(object, "ObjectType")?,
            guid(object, "InheritedObjectType")?,
        );
        entry.sid = None;
        entry.flags = spread | if inherited { Ace::INHERITED } else { 0 };
        Ok(Self { trustee, entry })
    }
}

impl AccessRules {
    /// Adds a rule, or what was wrong with one: the list is not whole then.
    pub fn add(&mut self, rule: Result<AccessRule>) {
        match rule {
            Ok(rule) => self.rules.push(rule),
            Err(error) => {
                self.fault.get_or_insert(error);
            }
        }
    }

    /// The descriptor that the rules stand for. `names` gives the SIDs of names.
    ///
    /// A rule about somebody who is not known could grant or deny anything to an account that is a
    /// member, so that it makes the whole an error.
    pub fn build(&self, names: &dyn Fn(&str) -> Option<Sid>) -> Result<SecurityDescriptor> {
        if let Some(error) = &self.fault {
            return Err(error.clone());
        }
        let resolve = |trustee: &Trustee| {
            trustee.resolve(names).ok_or_else(|| {
                Error::new(
                    ErrorCode::Value,
                    Locator::Whole,
                    "an entry speaks of a name whose SID is not known",
                )
                .with_help("export `Sddl`, or the group or account of that name with its SID")
            })
        };
        let mut entries = Vec::with_capacity(self.rules.len());
        for rule in &self.rules {
            let mut entry = rule.entry.clone();
            entry.sid = Some(resolve(&rule.trustee)?);
            entries.push(entry);
        }
        let objects = entries.iter().any(|entry| entry.ace_type.is_object());
        let inherited = entries.iter().any(|entry| entry.has(Ace::INHERITED));
        let mut control = Control::DACL_PRESENT | Control::SELF_RELATIVE;
        if inherited {
            control |= Control::DACL_AUTO_INHERITED;
        }
        if self.protected == Some(true) {
            control |= Control::DACL_PROTECTED;
        }
        Ok(SecurityDescriptor {
            control: Control(control),
            owner: self.owner.as_ref().map(resolve).transpose()?,
            group: self.group.as_ref().map(resolve).transpose()?,
            dacl: Some(Acl {
                revision: if objects { 4 } else { 2 },
                entries,
            }),
            ..SecurityDescriptor::default()
        })
    }
}

/// A trustee: text, or .NET's object with `Value`.
pub(super) fn trustee(object: &Object<'_>, name: &str) -> Reading<Trustee> {
    let text = match object.object(name) {
        Reading::Value(at) => at.value.words("Value"),
        _ => object.words(name),
    };
    text.map(Trustee::parse)
}

/// Names of a set of flags, joined by commas, or its number, which .NET may print as negative.
fn combined(object: &Object<'_>, name: &str, known: &[(&str, u32)]) -> Reading<u32> {
    if let Reading::Value(at) = object.integer(name) {
        return Reading::Value(at).and_then(|number| {
            u32::try_from(number)
                .or_else(|_| i32::try_from(number).map(i32::cast_unsigned))
                .map_err(|_| "expected 32 bits".to_owned())
        });
    }
    object.text(name).and_then(|text| {
        text.split(',').try_fold(0, |mask, word| {
            let word = word.trim();
            known
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(word))
                .map(|(_, bits)| mask | bits)
                .ok_or_else(|| "a right that is not known".to_owned())
        })
    })
}

fn numbered(flags: &[(&'static str, i64, u8)]) -> Vec<(&'static str, u32)> {
    flags
        .iter()
        .map(|(name, number, _)| (*name, u32::try_from(*number).unwrap_or(0)))
        .collect()
}

fn translate(number: u32, flags: &[(&str, i64, u8)]) -> u8 {
    flags
        .iter()
        .filter(|(_, bit, _)| i64::from(number) & bit != 0)
        .fold(0, |all, (_, _, flag)| all | flag)
}

/// A type; all zeros is none.
fn guid(object: &Object<'_>, name: &str) -> Result<Option<Uuid>> {
    match object.guid(name) {
        Reading::Value(at) => Ok(Some(at.value).filter(|id| !id.is_nil())),
        Reading::Bad(error) => Err(error),
        Reading::Absent | Reading::Null(_) => Err(Error::value(
            object.place().clone(),
            format!("the rule has no `{name}`"),
        )),
    }
}

fn need<T>(reading: Reading<T>, place: &Locator, name: &str) -> Result<T> {
    match reading {
        Reading::Value(at) => Ok(at.value),
        Reading::Bad(error) => Err(error),
        Reading::Absent | Reading::Null(_) => Err(Error::value(
            place.clone(),
            format!("the rule has no `{name}`"),
        )),
    }
}
