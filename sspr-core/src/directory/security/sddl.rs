//! Security descriptors as text.

mod names;

use std::fmt::Write as _;

use uuid::Uuid;

use self::names::{Alias, FLAGS, FOREIGN_RIGHTS, RIGHTS, TYPES, alias};
use super::ace::{AceType, ObjectTypes};
use super::{Ace, Acl, Control, Mask, SecurityDescriptor, Sid};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// What two-letter names such as `DA` stand for here. Names of the domain or the forest root
/// cannot be read without their SID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SidAliases {
    /// The SID of the domain.
    pub domain: Option<Sid>,
    /// The SID of the forest's root domain.
    pub forest_root: Option<Sid>,
}

impl SecurityDescriptor {
    /// Reads a descriptor from SDDL.
    ///
    /// Conditional and resource entries keep their expression as text; it decides nothing, and it
    /// cannot be written as bytes.
    pub fn from_sddl(text: &str, aliases: &SidAliases) -> Result<Self> {
        Parser {
            text,
            at: 0,
            aliases,
        }
        .descriptor()
    }

    /// Writes it as SDDL, with SIDs in full.
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
            match &self.dacl {
                Some(acl) => write_entries(&mut text, acl),
                None => text.push_str("NO_ACCESS_CONTROL"),
            }
        }
        if self.control.has(Control::SACL_PRESENT) {
            let flags = bits(
                Control::SACL_PROTECTED,
                Control::SACL_AUTO_INHERIT_REQUESTED,
                Control::SACL_AUTO_INHERITED,
            );
            let _ = write!(text, "S:{flags}");
            if let Some(acl) = &self.sacl {
                write_entries(&mut text, acl);
            }
        }
        text
    }
}

fn write_entries(text: &mut String, acl: &Acl) {
    for ace in &acl.entries {
        let name = TYPES.iter().find(|(_, code)| *code == ace.ace_type.0);
        let (Some((name, _)), Some(sid)) = (name, ace.sid) else {
            continue;
        };
        let flags: String = FLAGS
            .iter()
            .filter(|(_, bit)| u32::from(ace.flags) & bit != 0)
            .map(|(name, _)| *name)
            .collect();
        let guid = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let types = ace.types.unwrap_or_default();
        let _ = write!(
            text,
            "({name};{flags};{};{};{};{sid}",
            rights(ace.mask),
            guid(types.object),
            guid(types.inherited),
        );
        if let (9 | 10 | 11 | 13 | 18, Ok(expression)) =
            (ace.ace_type.0, std::str::from_utf8(&ace.data))
        {
            let _ = write!(text, ";{expression}");
        }
        text.push(')');
    }
}

fn rights(mask: Mask) -> String {
    let known = RIGHTS.iter().fold(0, |sum, (_, bit)| sum | bit);
    if mask.0 & !known != 0 {
        return format!("0x{:x}", mask.0);
    }
    RIGHTS
        .iter()
        .filter(|(_, bit)| mask.0 & bit != 0)
        .map(|(name, _)| *name)
        .collect()
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    aliases: &'a SidAliases,
}

impl<'a> Parser<'a> {
    fn descriptor(mut self) -> Result<SecurityDescriptor> {
        let mut descriptor = SecurityDescriptor {
            control: Control(Control::SELF_RELATIVE),
            ..SecurityDescriptor::default()
        };
        let mut seen = Vec::new();
        self.skip_blanks();
        while let Some(tag) = self.rest().get(..2).filter(|_| !self.rest().is_empty()) {
            if seen.contains(&tag) {
                return Err(self.fault("a part stands twice"));
            }
            seen.push(tag);
            self.at += 2;
            match tag {
                "O:" => descriptor.owner = Some(self.sid()?),
                "G:" => descriptor.group = Some(self.sid()?),
                "D:" => {
                    descriptor.control.0 |= Control::DACL_PRESENT;
                    descriptor.control.0 |= self.list_flags(
                        Control::DACL_PROTECTED,
                        Control::DACL_AUTO_INHERIT_REQUESTED,
                        Control::DACL_AUTO_INHERITED,
                    );
                    descriptor.dacl = if self.take("NO_ACCESS_CONTROL") {
                        None
                    } else {
                        Some(self.entries()?)
                    };
                }
                "S:" => {
                    descriptor.control.0 |= Control::SACL_PRESENT;
                    descriptor.control.0 |= self.list_flags(
                        Control::SACL_PROTECTED,
                        Control::SACL_AUTO_INHERIT_REQUESTED,
                        Control::SACL_AUTO_INHERITED,
                    );
                    descriptor.sacl = Some(self.entries()?);
                }
                _ => {
                    self.at -= 2;
                    break;
                }
            }
            self.skip_blanks();
        }
        if !self.rest().is_empty() || seen.is_empty() {
            return Err(self.fault("expected O:, G:, D: or S:"));
        }
        Ok(descriptor)
    }

    fn list_flags(&mut self, protected: u16, requested: u16, inherited: u16) -> u16 {
        let mut bits = 0;
        loop {
            if self.take("AR") {
                bits |= requested;
            } else if self.take("AI") {
                bits |= inherited;
            } else if self.take("P") {
                bits |= protected;
            } else {
                return bits;
            }
        }
    }

    fn entries(&mut self) -> Result<Acl> {
        let mut entries = Vec::new();
        self.skip_blanks();
        while self.take("(") {
            entries.push(self.entry()?);
            self.skip_blanks();
        }
        let revision = if entries.iter().any(|ace: &Ace| ace.types.is_some()) {
            4
        } else {
            2
        };
        Ok(Acl { revision, entries })
    }

    fn entry(&mut self) -> Result<Ace> {
        let name = self.field(';')?.trim();
        let code = TYPES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, code)| *code)
            .ok_or_else(|| self.fault("an unknown type of entry"))?;
        let flags = self.field(';')?;
        let flags =
            pairs(flags, &[FLAGS]).ok_or_else(|| self.fault("an unknown flag of an entry"))?;
        let rights = self.field(';')?;
        let mask = parse_rights(rights).ok_or_else(|| self.fault("an unknown right"))?;
        let mut guid = || -> Result<Option<Uuid>> {
            match self.field(';')?.trim() {
                "" => Ok(None),
                text => Uuid::try_parse(text)
                    .map(Some)
                    .map_err(|_| self.fault("not a GUID")),
            }
        };
        let (object, inherited) = (guid()?, guid()?);
        let mut ace_type = AceType(code);
        let mut types = None;
        if object.is_some() || inherited.is_some() {
            if !ace_type.is_object() {
                return Err(self.fault("this type of entry takes no object types"));
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
        let sid = self.sid()?;
        let mut data = Vec::new();
        if self.take(";") {
            data = self.expression()?.as_bytes().to_vec();
        } else if !self.take(")") {
            return Err(self.fault("expected the end of the entry"));
        }
        Ok(Ace {
            ace_type,
            flags: u8::try_from(flags).unwrap_or_default(),
            mask,
            types,
            sid: Some(sid),
            data,
        })
    }

    /// The text up to the parenthesis that ends the entry; texts in quotes may hold others.
    fn expression(&mut self) -> Result<&'a str> {
        let rest = self.rest();
        let (mut depth, mut quoted) = (0_usize, false);
        for (index, c) in rest.char_indices() {
            match c {
                '"' => quoted = !quoted,
                '(' if !quoted => depth += 1,
                ')' if !quoted && depth == 0 => {
                    self.at += index + 1;
                    return Ok(rest.get(..index).unwrap_or_default());
                }
                ')' if !quoted => depth -= 1,
                _ => {}
            }
        }
        Err(self.fault("the entry does not end"))
    }

    fn sid(&mut self) -> Result<Sid> {
        self.skip_blanks();
        let rest = self.rest();
        if rest
            .get(..2)
            .is_some_and(|start| start.eq_ignore_ascii_case("S-"))
        {
            let end = rest
                .char_indices()
                .skip(2)
                .find(|(_, c)| !c.is_ascii_hexdigit() && !matches!(c, '-' | 'x' | 'X'))
                .map_or(rest.len(), |(index, _)| index);
            let mut text = rest.get(..end).unwrap_or_default();
            // `O:S-1-5-18D:…`: a hexadecimal digit may be the next part's letter.
            if rest.get(end..).is_some_and(|after| after.starts_with(':')) {
                text = text.get(..text.len() - 1).unwrap_or_default();
            }
            let sid = text.parse().map_err(|_| self.fault("not a SID"))?;
            self.at += text.len();
            return Ok(sid);
        }
        let name = rest.get(..2).ok_or_else(|| self.fault("expected a SID"))?;
        let missing = |what: &str| {
            Error::new(
                ErrorCode::Value,
                Locator::Byte(self.at as u64),
                format!("{name} cannot be read without the SID of {what}"),
            )
        };
        let sid = match alias(&name.to_ascii_uppercase()) {
            Some(Alias::Absolute(sid)) => sid,
            Some(Alias::Domain(rid)) => self
                .aliases
                .domain
                .and_then(|domain| domain.with_rid(rid))
                .ok_or_else(|| missing("the domain"))?,
            Some(Alias::Root(rid)) => self
                .aliases
                .forest_root
                .and_then(|root| root.with_rid(rid))
                .ok_or_else(|| missing("the forest's root domain"))?,
            None => return Err(self.fault("an unknown name in place of a SID")),
        };
        self.at += 2;
        Ok(sid)
    }

    fn field(&mut self, end: char) -> Result<&'a str> {
        let rest = self.rest();
        let length = rest
            .find([end, '(', ')'])
            .filter(|&index| {
                rest.get(index..)
                    .is_some_and(|after| after.starts_with(end))
            })
            .ok_or_else(|| self.fault("an entry has six fields"))?;
        self.at += length + 1;
        Ok(rest.get(..length).unwrap_or_default())
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fault(&self, message: &str) -> Error {
        Error::syntax(Locator::Byte(self.at as u64), message)
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
