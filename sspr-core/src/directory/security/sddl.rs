//! Security descriptors as text (MS-DTYP 2.5.1.1).

mod names;
mod write;

use uuid::Uuid;

use self::names::{FLAGS, FOREIGN_RIGHTS, OPAQUE, RIGHTS, TYPES};
use super::ace::{AceType, ObjectTypes};
use super::conditional::{Condition, ResourceAttribute};
use super::cursor::Cursor;
use super::hex::from_hex;
use super::{Ace, Acl, Control, Mask, SecurityDescriptor, SidAliases};
use crate::error::Result;

impl SecurityDescriptor {
    /// Reads a descriptor from SDDL, with what [`to_sddl`](Self::to_sddl) adds to it.
    ///
    /// The conditions of entries and the attributes of resources become the bytes that Windows
    /// stores. They decide nothing.
    pub fn from_sddl(text: &str, aliases: &SidAliases) -> Result<Self> {
        let at = 0;
        Parser(Cursor { text, at, aliases }).descriptor()
    }
}

struct Parser<'a>(Cursor<'a>);

impl<'a> Parser<'a> {
    fn descriptor(mut self) -> Result<SecurityDescriptor> {
        let mut descriptor = SecurityDescriptor {
            control: Control(Control::SELF_RELATIVE),
            ..SecurityDescriptor::default()
        };
        let mut seen = Vec::new();
        self.0.skip_blanks();
        while let Some(tag) = self.0.rest().get(..2) {
            if seen.contains(&tag) {
                return Err(self.0.fault("a part stands twice"));
            }
            seen.push(tag);
            self.0.at += 2;
            match tag {
                "O:" => descriptor.owner = Some(self.0.sid()?),
                "G:" => descriptor.group = Some(self.0.sid()?),
                "D:" => {
                    descriptor.control.0 |= Control::DACL_PRESENT;
                    descriptor.control.0 |= self.list_flags(
                        Control::DACL_PROTECTED,
                        Control::DACL_AUTO_INHERIT_REQUESTED,
                        Control::DACL_AUTO_INHERITED,
                    );
                    descriptor.dacl = self.list()?;
                }
                "S:" => {
                    descriptor.control.0 |= Control::SACL_PRESENT;
                    descriptor.control.0 |= self.list_flags(
                        Control::SACL_PROTECTED,
                        Control::SACL_AUTO_INHERIT_REQUESTED,
                        Control::SACL_AUTO_INHERITED,
                    );
                    descriptor.sacl = self.list()?;
                }
                _ => {
                    self.0.at -= 2;
                    break;
                }
            }
            self.0.skip_blanks();
        }
        if !self.0.rest().is_empty() || seen.is_empty() {
            return Err(self.0.fault("expected O:, G:, D: or S:"));
        }
        Ok(descriptor)
    }

    fn list_flags(&mut self, protected: u16, requested: u16, inherited: u16) -> u16 {
        let mut bits = 0;
        loop {
            if self.0.take("AR") {
                bits |= requested;
            } else if self.0.take("AI") {
                bits |= inherited;
            } else if self.0.take("P") {
                bits |= protected;
            } else {
                return bits;
            }
        }
    }

    fn list(&mut self) -> Result<Option<Acl>> {
        if self.0.take("NO_ACCESS_CONTROL") {
            return Ok(None);
        }
        let mut entries = Vec::new();
        self.0.skip_blanks();
        while self.0.take("(") {
            entries.push(self.entry()?);
            self.0.skip_blanks();
        }
        let revision = if entries.iter().any(|ace: &Ace| ace.ace_type.is_object()) {
            4
        } else {
            2
        };
        Ok(Some(Acl { revision, entries }))
    }

    fn entry(&mut self) -> Result<Ace> {
        let name = self.field()?.trim();
        if let Some(code) = hexadecimal(name) {
            return self.opaque_entry(code);
        }
        let code = TYPES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, code)| *code)
            .ok_or_else(|| self.0.fault("an unknown type of entry"))?;
        let flags = self.flags()?;
        let rights = self.field()?;
        let mask = parse_rights(rights).ok_or_else(|| self.0.fault("an unknown right"))?;
        let mut guid = || -> Result<Option<Uuid>> {
            match self.field()?.trim() {
                "" => Ok(None),
                text => Uuid::try_parse(text)
                    .map(Some)
                    .map_err(|_| self.0.fault("not a GUID")),
            }
        };
        let (object, inherited) = (guid()?, guid()?);
        let mut ace_type = AceType(code);
        let mut types = None;
        if object.is_some() || inherited.is_some() {
            if !ace_type.is_object() {
                return Err(self.0.fault("this type of entry takes no object types"));
            }
            types = Some(ObjectTypes {
                object,
                inherited,
                other_flags: 0,
            });
        } else if ace_type.is_object() {
            // Without types it is the plain entry, for Windows too.
            ace_type = AceType(if code == 11 { 9 } else { code - 5 });
        }
        let sid = self.0.sid()?;
        self.0.skip_blanks();
        let data = if self.0.take(";") {
            self.data(ace_type)?
        } else {
            Vec::new()
        };
        self.0.skip_blanks();
        if !self.0.take(")") {
            return Err(self.0.fault("expected the end of the entry"));
        }
        Ok(Ace {
            ace_type,
            flags,
            mask,
            types,
            sid: Some(sid),
            data,
        })
    }

    /// What stands behind the SID.
    fn data(&mut self, ace_type: AceType) -> Result<Vec<u8>> {
        self.0.skip_blanks();
        if !ace_type.has_data() {
            return Err(self.0.fault("this type of entry takes no condition"));
        }
        if self.0.take(OPAQUE) {
            return self.octets();
        }
        let cursor = &mut self.0;
        if ace_type == AceType::RESOURCE_ATTRIBUTE {
            ResourceAttribute::from_cursor(cursor).map(|attribute| attribute.to_bytes())
        } else {
            Condition::from_cursor(cursor).map(|condition| condition.to_bytes())
        }
    }

    /// An entry that SDDL has no words for: its type as a number, and its body as bytes.
    fn opaque_entry(&mut self, code: u32) -> Result<Ace> {
        let code = u8::try_from(code).map_err(|_| self.0.fault("an unknown type of entry"))?;
        let flags = self.flags()?;
        if !(self.0.take(";;;;") && self.0.take(OPAQUE)) {
            return Err(self.0.fault("an entry of this type is given as bytes"));
        }
        let at = self.0.at;
        let body = self.octets()?;
        let ace = Ace::parse_body(AceType(code), flags, &body, at)?;
        if !self.0.take(")") {
            return Err(self.0.fault("expected the end of the entry"));
        }
        Ok(ace)
    }

    /// Bytes as pairs of hexadecimal digits.
    fn octets(&mut self) -> Result<Vec<u8>> {
        let rest = self.0.rest();
        let end = rest.find(')').unwrap_or(rest.len());
        let digits = rest.get(..end).unwrap_or_default();
        let bytes = from_hex(digits).ok_or_else(|| {
            self.0
                .fault("expected bytes as pairs of hexadecimal digits")
        })?;
        self.0.at += end;
        Ok(bytes)
    }

    fn flags(&mut self) -> Result<u8> {
        let text = self.field()?.trim();
        let flags = hexadecimal(text).or_else(|| pairs(text, &[FLAGS]));
        flags
            .and_then(|flags| u8::try_from(flags).ok())
            .ok_or_else(|| self.0.fault("an unknown flag of an entry"))
    }

    /// The text up to the next semicolon, which is passed over.
    fn field(&mut self) -> Result<&'a str> {
        let rest = self.0.rest();
        let length = rest
            .find([';', '(', ')'])
            .filter(|&index| {
                rest.get(index..)
                    .is_some_and(|after| after.starts_with(';'))
            })
            .ok_or_else(|| self.0.fault("an entry has six fields"))?;
        self.0.at += length + 1;
        Ok(rest.get(..length).unwrap_or_default())
    }
}

fn parse_rights(text: &str) -> Option<Mask> {
    let text = text.trim();
    let number = if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(u32::from_str_radix(digits, 16).ok()?)
    } else if text.starts_with('0') && text.len() > 1 {
        Some(u32::from_str_radix(text, 8).ok()?)
    } else if text.starts_with(|c: char| c.is_ascii_digit()) {
        Some(text.parse().ok()?)
    } else {
        None
    };
    match number {
        Some(number) => Some(Mask(number)),
        None => pairs(text, &[RIGHTS, FOREIGN_RIGHTS]).map(Mask),
    }
}

fn hexadecimal(text: &str) -> Option<u32> {
    let digits = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))?;
    u32::from_str_radix(digits, 16).ok()
}

/// The sum of two-letter names written without a separator.
fn pairs(text: &str, names: &[&[(&str, u32)]]) -> Option<u32> {
    let text = text.trim();
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    let mut sum = 0;
    for start in (0..text.len()).step_by(2) {
        let pair = text.get(start..start + 2)?;
        sum |= names
            .iter()
            .copied()
            .flatten()
            .find(|(name, _)| name.eq_ignore_ascii_case(pair))
            .map(|(_, bit)| bit)?;
    }
    Some(sum)
}
