//! The access check of Active Directory (MS-ADTS 5.1.3.3).

use serde::Serialize;
use uuid::Uuid;

use super::guids::KnownKind;
use super::{Ace, AceKind, Mask, SecurityDescriptor, Sid, Token, guids, well_known};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Wanted {
    /// An extended right, such as Reset Password.
    ControlAccess(Uuid),
    /// To write an attribute, which may belong to a property set.
    WriteProperty {
        /// The attribute's schema GUID.
        attribute: Uuid,
        /// Its property set.
        property_set: Option<Uuid>,
    },
    /// To read an attribute.
    ReadProperty {
        /// The attribute's schema GUID.
        attribute: Uuid,
        /// Its property set.
        property_set: Option<Uuid>,
    },
    /// Rights that no object type limits, such as to write the access list.
    Plain(Mask),
}

impl Wanted {
    /// To write an attribute that is known here, with its property set.
    pub fn write(attribute: Uuid) -> Self {
        Self::WriteProperty {
            attribute,
            property_set: guids::guid_name(attribute).and_then(|known| known.property_set),
        }
    }

    /// A right by its name or GUID: an extended right, or to write an attribute.
    ///
    /// ```
    /// use sspr::directory::security::{Wanted, guids};
    ///
    /// let reset = Some(Wanted::ControlAccess(guids::RESET_PASSWORD));
    /// assert_eq!(Wanted::named("Reset Password"), reset);
    /// assert_eq!(Wanted::named("00299570-246d-11d0-a768-00aa006e0529"), reset);
    /// assert_eq!(Wanted::named("lockoutTime"), Some(Wanted::write(guids::LOCKOUT_TIME)));
    /// assert_eq!(Wanted::named("inetOrgPerson"), None);
    /// ```
    pub fn named(text: &str) -> Option<Self> {
        let known = guids::find(text)?;
        match known.kind {
            KnownKind::Right => Some(Self::ControlAccess(known.id)),
            KnownKind::Attribute => Some(Self::write(known.id)),
            KnownKind::PropertySet | KnownKind::Class => None,
        }
    }

    /// What it is called.
    fn in_words(self) -> String {
        let name = |id: Uuid| {
            guids::guid_name(id).map_or_else(|| id.to_string(), |known| known.name.to_owned())
        };
        match self {
            Self::ControlAccess(right) => name(right),
            Self::WriteProperty { attribute, .. } => format!("write {}", name(attribute)),
            Self::ReadProperty { attribute, .. } => format!("read {}", name(attribute)),
            Self::Plain(mask) => format!("the right 0x{:x}", mask.0),
        }
    }

    fn mask(self) -> Mask {
        match self {
            Self::ControlAccess(_) => Mask::CONTROL_ACCESS,
            Self::WriteProperty { .. } => Mask::WRITE_PROPERTY,
            Self::ReadProperty { .. } => Mask::READ_PROPERTY,
            Self::Plain(mask) => mask,
        }
    }

    /// Whether an entry's object type speaks of it. For attributes the tree is class, property
    /// set, attribute, and an entry on any of them decides.
    fn is_meant_by(self, object: Option<Uuid>, class: ObjectClass) -> bool {
        let Some(object) = object else { return true };
        match self {
            Self::ControlAccess(right) => object == right,
            Self::WriteProperty {
                attribute,
                property_set,
            }
            | Self::ReadProperty {
                attribute,
                property_set,
            } => object == attribute || Some(object) == property_set || object == class.0,
            Self::Plain(_) => true,
        }
    }
}

/// The structural class of an object, by its schema GUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct ObjectClass(pub Uuid);

impl ObjectClass {
    /// A class by its LDAP name, such as `user`, or its schema GUID, known here or not.
    pub fn named(text: &str) -> Option<Self> {
        if let Ok(id) = text.trim().parse() {
            return Some(Self(id));
        }
        guids::find(text)
            .filter(|known| known.kind == KnownKind::Class)
            .map(|known| Self(known.id))
    }
}

/// The object that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'a> {
    /// Its descriptor.
    pub descriptor: &'a SecurityDescriptor,
    /// Its structural class.
    pub class: ObjectClass,
    /// Its own SID, for entries that speak of SELF.
    pub sid: Option<Sid>,
}

/// Whether a right is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Granted {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// It hangs on a condition that cannot be judged without a live logon.
    Unknown,
}

/// The answer, with what decided it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// Whether the right is held.
    pub granted: Granted,
    /// The entry that decided, by its place in the access list; `None` when no entry did.
    pub entry: Option<usize>,
    /// Why, where no entry decided.
    pub because: Because,
}

/// What decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Because {
    /// An entry of the list.
    Entry,
    /// There is no list: everything is granted.
    NoList,
    /// The owner holds it without an entry.
    Owner,
    /// No entry speaks of it: it is not granted.
    NoEntry,
}

impl Decision {
    /// The answer with its reason, in a sentence. `descriptor` and `wanted` are those that were asked
    /// for.
    pub fn reason(&self, descriptor: &SecurityDescriptor, wanted: Wanted) -> String {
        let right = wanted.in_words();
        let entry = self.entry.and_then(|at| descriptor.access_list()?.get(at));
        match (self.because, self.entry.zip(entry)) {
            (Because::NoList, _) => format!("{right} is granted: there is no access list"),
            (Because::Owner, _) => format!("{right} is granted to the owner, without an entry"),
            (Because::Entry, Some((at, entry))) => {
                let does = match self.granted {
                    Granted::Yes => "allows it",
                    Granted::No => "denies it",
                    Granted::Unknown => "hangs on a condition that only a live logon settles",
                };
                let inherited = if entry.has(Ace::INHERITED) {
                    ", inherited,"
                } else {
                    ""
                };
                let whom = entry.sid.map_or_else(String::new, |sid| {
                    let name =
                        well_known::name(&sid).map_or_else(|| sid.to_string(), str::to_owned);
                    format!(" for {name}")
                });
                let held = match self.granted {
                    Granted::Yes => "is granted",
                    Granted::No => "is not granted",
                    Granted::Unknown => "is not known to be granted",
                };
                format!("{right} {held}: entry {}{whom}{inherited} {does}", at + 1)
            }
            (Because::Entry | Because::NoEntry, _) => {
                format!("{right} is not granted: no entry speaks of it")
            }
        }
    }
}

impl Target<'_> {
    /// Whether `token` holds `wanted` here.
    ///
    /// Entries are taken as they lie: the first that decides wins, whatever order its writer
    /// should have kept. Entries that only serve inheritance decide nothing.
    pub fn check(&self, token: &Token, wanted: Wanted) -> Decision {
        let Some(entries) = self.descriptor.access_list() else {
            return Decision {
                granted: Granted::Yes,
                entry: None,
                because: Because::NoList,
            };
        };
        let owns = self
            .descriptor
            .owner
            .is_some_and(|owner| token.is_granted(&owner));
        let mut left = wanted.mask();
        if owns && !entries.iter().any(limits_owner) {
            left = Mask(left.0 & !(Mask::READ_CONTROL | Mask::WRITE_DAC).0);
            if left.0 == 0 {
                return Decision {
                    granted: Granted::Yes,
                    entry: None,
                    because: Because::Owner,
                };
            }
        }
        // A condition matters only when the list decides otherwise without it.
        let mut may_grant = None;
        let mut may_deny = None;
        for (index, ace) in entries.iter().enumerate() {
            let speaks = !ace.has(Ace::INHERIT_ONLY)
                && ace.mask.mapped().any(left)
                && wanted.is_meant_by(ace.types.and_then(|types| types.object), self.class)
                && ace
                    .sid
                    .is_some_and(|sid| self.speaks_of(token, &sid, owns, ace.ace_type.kind()));
            if !speaks {
                continue;
            }
            let decided = |granted| Decision {
                granted,
                entry: Some(index),
                because: Because::Entry,
            };
            match ace.ace_type.kind() {
                AceKind::Allow => {
                    left = Mask(left.0 & !ace.mask.mapped().0);
                    if left.0 == 0 {
                        return may_deny.map_or(decided(Granted::Yes), unknown);
                    }
                }
                AceKind::Deny => return may_grant.map_or(decided(Granted::No), unknown),
                AceKind::ConditionalAllow => may_grant = may_grant.or(Some(index)),
                AceKind::ConditionalDeny => may_deny = may_deny.or(Some(index)),
                AceKind::Other => {}
            }
        }
        may_grant.map_or(
            Decision {
                granted: Granted::No,
                entry: None,
                because: Because::NoEntry,
            },
            unknown,
        )
    }

    fn speaks_of(&self, token: &Token, sid: &Sid, owns: bool, kind: AceKind) -> bool {
        if *sid == well_known::SELF {
            return self.sid == Some(token.account());
        }
        if *sid == well_known::OWNER_RIGHTS {
            return owns;
        }
        match kind {
            AceKind::Deny | AceKind::ConditionalDeny => token.is_denied(sid),
            _ => token.is_granted(sid),
        }
    }
}

/// An effective OWNER RIGHTS entry replaces what an owner holds by itself.
fn limits_owner(ace: &Ace) -> bool {
    ace.sid == Some(well_known::OWNER_RIGHTS)
        && !ace.has(Ace::INHERIT_ONLY)
        && ace.ace_type.kind() != AceKind::Other
}

fn unknown(index: usize) -> Decision {
    Decision {
        granted: Granted::Unknown,
        entry: Some(index),
        because: Because::Entry,
    }
}
