//! An object and its descriptor.

use uuid::Uuid;

use super::rules::trustee;
use super::{AccessRule, AccessRules};
use crate::carrier::json::Object;
use crate::carrier::ldif::{LdifEntry, LdifValue};
use crate::directory::security::guids::{KnownKind, known_guids};
use crate::directory::security::{ObjectClass, SecurityDescriptor, Sid, SidAliases};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{At, Reading};

/// The option of `nTSecurityDescriptor` behind which a descriptor is named by the SHA-256 of its
/// bytes, in hexadecimal, instead of given: `nTSecurityDescriptor;x-sha256`.
pub const DESCRIPTOR_REFERENCE: &str = "x-sha256";

/// A descriptor in the form in which it was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DescriptorForm {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// SDDL, which may hold names that only its domain can resolve.
    Sddl(String),
    /// Rules with names.
    Rules(Box<AccessRules>),
}

impl DescriptorForm {
    /// The descriptor. `aliases` are those of the object's domain; `names` gives the SIDs of
    /// names.
    pub fn build(
        &self,
        aliases: &SidAliases,
        names: &dyn Fn(&str) -> Option<Sid>,
    ) -> Result<SecurityDescriptor> {
        match self {
            Self::Bytes(bytes) => SecurityDescriptor::parse(bytes),
            Self::Sddl(text) => SecurityDescriptor::from_sddl(text.trim(), aliases),
            Self::Rules(rules) => rules.build(names),
        }
    }
}

/// An object whose descriptor was collected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecuredReading {
    /// Its distinguished name.
    pub dn: Reading<String>,
    /// Its structural class.
    pub class: Option<ObjectClass>,
    /// Its descriptor.
    pub descriptor: Reading<DescriptorForm>,
}

impl SecuredReading {
    /// Whether an object carries a descriptor: `Get-Acl`, or an object of the directory with
    /// `nTSecurityDescriptor`.
    pub fn matches_json(object: &Object<'_>) -> bool {
        object.has(&["nTSecurityDescriptor"])
            || object.has(&["Sddl"])
            || object.has(&["Access", "Owner"])
    }

    /// Reads one element of `Get-Acl … | ConvertTo-Json`, or of `Get-ADObject -Properties
    /// nTSecurityDescriptor | ConvertTo-Json`.
    pub fn from_json(object: &Object<'_>) -> Self {
        let path = |name| {
            object
                .words(name)
                .and_then(|path| object_path(path).ok_or("not a path in a directory".into()))
        };
        let classes = object.texts("objectClass");
        Self {
            dn: object
                .words("DistinguishedName")
                .map(str::to_owned)
                .or(|| path("Path"))
                .or(|| path("PSPath")),
            class: classes.value().and_then(|names| structural_class(names)),
            descriptor: json_descriptor(object),
        }
    }

    /// Reads a directory entry with `nTSecurityDescriptor`.
    pub fn from_entry(entry: &LdifEntry) -> Self {
        let classes: Vec<_> = entry
            .values("objectClass")
            .filter_map(LdifValue::text)
            .collect();
        let (dn, descriptor) = match entry_descriptor(entry) {
            Some(EntryDescriptor::Bytes(value)) => {
                let place = entry.place(value);
                let form = match value.text() {
                    Some(text) if is_sddl(text) => DescriptorForm::Sddl(text.to_owned()),
                    _ => DescriptorForm::Bytes(value.bytes.clone()),
                };
                let dn = At::new(entry.dn.clone(), place.clone());
                (Reading::Value(dn), Reading::Value(At::new(form, place)))
            }
            // The bytes stand in another entry, which whoever reads all of them knows.
            Some(EntryDescriptor::Same(..)) | None => (Reading::Absent, Reading::Absent),
        };
        Self {
            dn,
            class: structural_class(&classes),
            descriptor,
        }
    }
}

/// How a directory entry carries its descriptor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryDescriptor<'a> {
    /// As bytes.
    Bytes(&'a LdifValue),
    /// By the SHA-256 of bytes that stand in another entry, perhaps of another file; an error where
    /// the value is no such hash.
    Same(&'a LdifValue, Result<[u8; 32]>),
}

/// The descriptor of a directory entry.
pub fn entry_descriptor(entry: &LdifEntry) -> Option<EntryDescriptor<'_>> {
    let value = entry.values("nTSecurityDescriptor").next()?;
    let mut options = value.attribute.split(';').skip(1);
    if !options.any(|option| option.eq_ignore_ascii_case(DESCRIPTOR_REFERENCE)) {
        return Some(EntryDescriptor::Bytes(value));
    }
    let hash = sha256(&value.bytes)
        .ok_or_else(|| Error::value(entry.place(value), "expected a SHA-256 in hexadecimal"));
    Some(EntryDescriptor::Same(value, hash))
}

fn sha256(hex: &[u8]) -> Option<[u8; 32]> {
    let mut hash = [0_u8; 32];
    if hex.len() != 64 || !hex.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (byte, digits) in hash.iter_mut().zip(hex.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(hash)
}

/// The distinguished name in a path of PowerShell's directory drive:
/// `…ActiveDirectory:://RootDSE/OU=Staff,DC=contoso,DC=com` or `AD:\OU=Staff,DC=contoso,DC=com`.
pub fn object_path(path: &str) -> Option<String> {
    let lower = path.to_ascii_lowercase();
    let start = ["//rootdse/", "ad:\\", "ad:/"]
        .iter()
        .find_map(|mark| lower.find(mark).map(|at| at + mark.len()))
        .unwrap_or(0);
    let dn = path.get(start..)?.trim_matches(['\\', '/', '"', '\'', ' ']);
    // A value ends where a name of another drive would begin.
    let (attribute, _) = dn.split_once('=')?;
    (!attribute.is_empty() && attribute.chars().all(|c| c.is_ascii_alphanumeric()))
        .then(|| dn.to_owned())
}

/// The structural class of an object, from its classes as a directory lists them, the structural
/// one last. One whose GUID is not known here is the class of all zeros, which no entry names.
/// `None` without any.
pub fn structural_class(names: &[&str]) -> Option<ObjectClass> {
    let name = names.last()?;
    let known = known_guids()
        .iter()
        .find(|known| known.kind == KnownKind::Class && known.name.eq_ignore_ascii_case(name));
    Some(ObjectClass(known.map_or(Uuid::nil(), |known| known.id)))
}

fn json_descriptor(object: &Object<'_>) -> Reading<DescriptorForm> {
    match object.object("nTSecurityDescriptor") {
        Reading::Value(at) => return json_descriptor(&at.value),
        Reading::Absent => {}
        Reading::Null(place) => return Reading::Null(place),
        // Text: SDDL, or the bytes, which `ConvertTo-Json` prints as numbers.
        Reading::Bad(error) => {
            if error.code == ErrorCode::Truncated {
                return Reading::Bad(error);
            }
            return match object.array("nTSecurityDescriptor") {
                Reading::Value(at) if at.value.len() > 1 => Reading::Value(at).and_then(|items| {
                    let bytes: Option<Vec<u8>> = items
                        .iter()
                        .map(|item| item.value.as_u64().and_then(|byte| u8::try_from(byte).ok()))
                        .collect();
                    bytes
                        .map(DescriptorForm::Bytes)
                        .ok_or_else(|| "expected a security descriptor".to_owned())
                }),
                _ => object.words("nTSecurityDescriptor").and_then(|text| {
                    if is_sddl(text) {
                        Ok(DescriptorForm::Sddl(text.to_owned()))
                    } else {
                        Err("expected a security descriptor".to_owned())
                    }
                }),
            };
        }
    }
    match object.words("Sddl") {
        Reading::Absent | Reading::Null(_) => {}
        sddl => return sddl.map(|text| DescriptorForm::Sddl(text.to_owned())),
    }
    object.objects("Access").and_then(|items| {
        let mut rules = AccessRules {
            owner: trustee(object, "Owner").found().map(|at| at.value),
            group: trustee(object, "Group").found().map(|at| at.value),
            protected: object.bool("AreAccessRulesProtected").value().copied(),
            ..AccessRules::default()
        };
        let listed = object.array("Access").value().map_or(0, Vec::len);
        if listed != items.len() {
            rules.add(Err(Error::value(
                object.place().member("Access"),
                "an access rule is no object",
            )));
        }
        for item in items {
            rules.add(AccessRule::from_json(&item));
        }
        Ok(DescriptorForm::Rules(Box::new(rules)))
    })
}

fn is_sddl(text: &str) -> bool {
    let text = text.trim_start();
    ["O:", "G:", "D:", "S:"]
        .iter()
        .any(|start| text.starts_with(start))
}
