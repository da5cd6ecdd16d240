//! Writing descriptors as text.

use std::fmt::Write as _;

use uuid::Uuid;

use super::names::{FLAGS, OPAQUE, RIGHTS, TYPES};
use crate::directory::security::ace::AceType;
use crate::directory::security::conditional::{Condition, ResourceAttribute};
use crate::directory::security::hex::hex;
use crate::directory::security::{Ace, Acl, Control, Mask, SecurityDescriptor, SidAliases};

impl SecurityDescriptor {
    /// Writes it as SDDL, with SIDs in full. No entry is ever left out.
    ///
    /// Where SDDL has no words for an entry, such as one of an unknown type, it is written as
    /// `(0x14;CI;;;;;opaque:…)`: type and flags as numbers or names, and the body in hexadecimal
    /// digits. A condition or an attribute that is not understood is written as `opaque:…` in its
    /// place. Windows reads neither, and [`from_sddl`](Self::from_sddl) both. SDDL has no words
    /// either for the resource-manager byte, the "defaulted" bits and the revision of a list.
    pub fn to_sddl(&self) -> String {
        let mut text = String::new();
        for (tag, sid) in [("O:", &self.owner), ("G:", &self.group)] {
            if let Some(sid) = sid {
                let _ = write!(text, "{tag}{sid}");
            }
        }
        let bits = |protected, requested, inherited| {
            let mut flags = String::new();
            for (bit, name) in [(protected, "P"), (requested, "AR"), (inherited, "AI")] {
                if self.control.has(bit) {
                    flags.push_str(name);
                }
            }
            flags
        };
        if self.control.has(Control::DACL_PRESENT) {
            let flags = bits(
                Control::DACL_PROTECTED,
                Control::DACL_AUTO_INHERIT_REQUESTED,
                Control::DACL_AUTO_INHERITED,
            );
            let _ = write!(text, "D:{flags}");
            write_list(&mut text, self.dacl.as_ref());
        }
        if self.control.has(Control::SACL_PRESENT) {
            let flags = bits(
                Control::SACL_PROTECTED,
                Control::SACL_AUTO_INHERIT_REQUESTED,
                Control::SACL_AUTO_INHERITED,
            );
            let _ = write!(text, "S:{flags}");
            write_list(&mut text, self.sacl.as_ref());
        }
        text
    }
}

fn write_list(text: &mut String, acl: Option<&Acl>) {
    match acl {
        Some(acl) => acl.entries.iter().for_each(|ace| write_entry(text, ace)),
        None => text.push_str("NO_ACCESS_CONTROL"),
    }
}

fn write_entry(text: &mut String, ace: &Ace) {
    let flags = flags(ace.flags);
    let Some((name, sid)) = name(ace.ace_type).zip(ace.sid).filter(|_| has_words(ace)) else {
        let body = hex(&ace.body());
        let _ = write!(
            text,
            "(0x{:02x};{flags};;;;;{OPAQUE}{body})",
            ace.ace_type.0
        );
        return;
    };
    let guid = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let types = ace.types.unwrap_or_default();
    let _ = write!(
        text,
        "({name};{flags};{};{};{};{sid}",
        rights(ace.mask),
        guid(types.object),
        guid(types.inherited),
    );
    if !ace.data.is_empty() {
        let _ = match data(ace) {
            Some(data) => write!(text, ";({data})"),
            None => write!(text, ";{OPAQUE}{}", hex(&ace.data)),
        };
    }
    text.push(')');
}

fn name(ace_type: AceType) -> Option<&'static str> {
    let row = TYPES.iter().find(|(_, code)| *code == ace_type.0);
    row.map(|(name, _)| *name)
}

/// Whether the fields of SDDL hold all that the entry says.
fn has_words(ace: &Ace) -> bool {
    let types = match ace.types {
        Some(types) => types.other_flags == 0 && types.object.or(types.inherited).is_some(),
        None => !ace.ace_type.is_object(),
    };
    types && (ace.data.is_empty() || ace.ace_type.has_data())
}

/// What stands behind the SID, in words that mean these very bytes.
fn data(ace: &Ace) -> Option<String> {
    let aliases = SidAliases::default();
    if ace.ace_type == AceType::RESOURCE_ATTRIBUTE {
        let text = ResourceAttribute::parse(&ace.data)?.to_string();
        let read = ResourceAttribute::from_sddl(&text, &aliases).ok()?;
        (read.to_bytes() == ace.data).then_some(text)
    } else {
        let text = Condition::parse(&ace.data)?.to_string();
        let read = Condition::from_sddl(&text, &aliases).ok()?;
        (read.to_bytes() == ace.data).then_some(text)
    }
}

fn flags(flags: u8) -> String {
    let known = FLAGS.iter().fold(0, |sum, (_, bit)| sum | bit);
    let flags = u32::from(flags);
    if flags & !known != 0 {
        return format!("0x{flags:x}");
    }
    names(FLAGS, flags)
}

fn rights(mask: Mask) -> String {
    let known = RIGHTS.iter().fold(0, |sum, (_, bit)| sum | bit);
    if mask.0 & !known != 0 {
        return format!("0x{:x}", mask.0);
    }
    names(RIGHTS, mask.0)
}

fn names(names: &[(&str, u32)], bits: u32) -> String {
    let set = names.iter().filter(|(_, bit)| bits & bit != 0);
    set.map(|(name, _)| *name).collect()
}
