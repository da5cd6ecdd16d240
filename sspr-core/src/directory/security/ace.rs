//! Access control lists and their entries.

use std::ops::{BitAnd, BitOr};

use serde::Serialize;
use uuid::Uuid;

use super::Sid;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// The rights of an entry, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
pub struct Mask(pub u32);

#[allow(missing_docs, reason = "the names are the rights' own")]
impl Mask {
    pub const CREATE_CHILD: Self = Self(0x1);
    pub const DELETE_CHILD: Self = Self(0x2);
    pub const LIST_CONTENTS: Self = Self(0x4);
    pub const SELF_WRITE: Self = Self(0x8);
    pub const READ_PROPERTY: Self = Self(0x10);
    pub const WRITE_PROPERTY: Self = Self(0x20);
    pub const DELETE_TREE: Self = Self(0x40);
    pub const LIST_OBJECT: Self = Self(0x80);
    pub const CONTROL_ACCESS: Self = Self(0x100);
    pub const DELETE: Self = Self(0x1_0000);
    pub const READ_CONTROL: Self = Self(0x2_0000);
    pub const WRITE_DAC: Self = Self(0x4_0000);
    pub const WRITE_OWNER: Self = Self(0x8_0000);
    pub const FULL_CONTROL: Self = Self(0xF_01FF);
    pub const GENERIC_ALL: Self = Self(0x1000_0000);
    pub const GENERIC_EXECUTE: Self = Self(0x2000_0000);
    pub const GENERIC_WRITE: Self = Self(0x4000_0000);
    pub const GENERIC_READ: Self = Self(0x8000_0000);

    /// Whether all bits of `other` are set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any bit of `other` is set.
    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// With generic rights replaced by what they mean on a directory object.
    #[must_use]
    pub const fn mapped(self) -> Self {
        let mut bits = self.0 & 0x0fff_ffff;
        if self.any(Self::GENERIC_ALL) {
            bits |= Self::FULL_CONTROL.0;
        }
        if self.any(Self::GENERIC_READ) {
            bits |= 0x2_0094;
        }
        if self.any(Self::GENERIC_WRITE) {
            bits |= 0x2_0028;
        }
        if self.any(Self::GENERIC_EXECUTE) {
            bits |= 0x2_0004;
        }
        Self(bits)
    }
}

impl BitOr for Mask {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Mask {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// The number that says what an entry does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct AceType(pub u8);

/// What an entry does, as far as the access check is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AceKind {
    /// Grants.
    Allow,
    /// Takes away.
    Deny,
    /// Grants under a condition that cannot be judged without a live logon.
    ConditionalAllow,
    /// Takes away under such a condition.
    ConditionalDeny,
    /// Audits, labels, or is of a type that is not known: decides nothing.
    Other,
}

impl AceType {
    /// Whether the layout carries object types (types 5 to 8, 11, 12, 15, 16).
    pub const fn is_object(self) -> bool {
        matches!(self.0, 5..=8 | 11 | 12 | 15 | 16)
    }

    /// Whether the layout is a mask and a SID, with or without object types.
    pub const fn is_known(self) -> bool {
        matches!(self.0, 0..=3 | 5..=19)
    }

    /// An attribute of a resource.
    pub const RESOURCE_ATTRIBUTE: Self = Self(18);

    /// Whether a condition or an attribute of a resource stands behind the SID.
    pub const fn has_data(self) -> bool {
        matches!(self.0, 9..=16 | 18)
    }

    /// What it does.
    pub const fn kind(self) -> AceKind {
        match self.0 {
            0 | 5 => AceKind::Allow,
            1 | 6 => AceKind::Deny,
            9 | 11 => AceKind::ConditionalAllow,
            10 | 12 => AceKind::ConditionalDeny,
            _ => AceKind::Other,
        }
    }
}

/// The types that an object entry is limited to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectTypes {
    /// The right, property set, attribute or child class it speaks of.
    pub object: Option<Uuid>,
    /// The class that inherits it.
    pub inherited: Option<Uuid>,
    /// Flags beside the two that say which of them is there. Windows sets none.
    pub other_flags: u32,
}

/// One entry of an access control list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ace {
    /// What it does.
    pub ace_type: AceType,
    /// Inheritance and audit flags.
    pub flags: u8,
    /// The rights.
    pub mask: Mask,
    /// The types it is limited to, for object entries.
    pub types: Option<ObjectTypes>,
    /// Whom it is about; `None` for types whose layout is not known.
    pub sid: Option<Sid>,
    /// What follows the SID: a [`Condition`](super::conditional::Condition), a
    /// [`ResourceAttribute`](super::conditional::ResourceAttribute), or something that is not
    /// understood; the whole body where the type is unknown.
    pub data: Vec<u8>,
}

impl Ace {
    /// Object inherit.
    pub const OBJECT_INHERIT: u8 = 0x01;
    /// Container inherit.
    pub const CONTAINER_INHERIT: u8 = 0x02;
    /// No propagate.
    pub const NO_PROPAGATE: u8 = 0x04;
    /// Inherit only: not effective on the object itself.
    pub const INHERIT_ONLY: u8 = 0x08;
    /// Inherited.
    pub const INHERITED: u8 = 0x10;

    /// An entry that grants or takes away; other kinds are read from bytes or SDDL.
    pub fn new(kind: AceKind, mask: Mask, sid: Sid) -> Self {
        let deny = matches!(kind, AceKind::Deny | AceKind::ConditionalDeny);
        Self {
            ace_type: AceType(u8::from(deny)),
            flags: 0,
            mask,
            types: None,
            sid: Some(sid),
            data: Vec::new(),
        }
    }

    /// Limits the entry to a right, property set, attribute or class, and to a class that inherits
    /// it. Without either it is the plain entry.
    #[must_use]
    pub fn with_types(mut self, object: Option<Uuid>, inherited: Option<Uuid>) -> Self {
        let limited = object.is_some() || inherited.is_some();
        let code = match (self.ace_type.0, limited) {
            (plain @ 0..=3, true) => plain + 5,
            (object @ 5..=8, false) => object - 5,
            (plain @ (9 | 10 | 13 | 14), true) => plain + 2,
            (object @ (11 | 12 | 15 | 16), false) => object - 2,
            (other, _) => other,
        };
        self.ace_type = AceType(code);
        self.types = (limited && self.ace_type.is_object()).then_some(ObjectTypes {
            object,
            inherited,
            other_flags: 0,
        });
        self
    }

    /// Whether all bits of `flag` are set.
    pub const fn has(&self, flag: u8) -> bool {
        self.flags & flag == flag
    }

    /// Reads one entry at the start of `bytes`; also gives its size.
    fn parse(bytes: &[u8], at: usize) -> Result<(Self, usize)> {
        let fault = |code, message: &str| Error::new(code, Locator::Byte(at as u64), message);
        let Some((&[ace_type, flags, low, high], _)) = bytes.split_first_chunk::<4>() else {
            return Err(fault(
                ErrorCode::Truncated,
                "the list ends inside an entry's header",
            ));
        };
        let size = usize::from(u16::from_le_bytes([low, high]));
        let Some(body) = bytes.get(4..size) else {
            return Err(fault(
                ErrorCode::Range,
                "an entry is smaller than its header or larger than its list",
            ));
        };
        let ace = Self::parse_body(AceType(ace_type), flags, body, at)?;
        Ok((ace, size))
    }

    /// Reads what follows the header of an entry.
    pub(super) fn parse_body(ace_type: AceType, flags: u8, body: &[u8], at: usize) -> Result<Self> {
        let fault = |code, message: &str| Error::new(code, Locator::Byte(at as u64), message);
        if !ace_type.is_known() {
            return Ok(Self {
                ace_type,
                flags,
                mask: Mask(0),
                types: None,
                sid: None,
                data: body.to_vec(),
            });
        }
        let truncated = || fault(ErrorCode::Truncated, "an entry ends inside its body");
        let (mask, mut rest) = take_u32(body).ok_or_else(truncated)?;
        let mut types = None;
        if ace_type.is_object() {
            let (present, after) = take_u32(rest).ok_or_else(truncated)?;
            rest = after;
            let mut guid = |bit| {
                if present & bit == 0 {
                    return Some(None);
                }
                let (guid, after) = rest.split_first_chunk::<16>()?;
                rest = after;
                Some(Some(Uuid::from_bytes_le(*guid)))
            };
            types = Some(ObjectTypes {
                object: guid(1).ok_or_else(truncated)?,
                inherited: guid(2).ok_or_else(truncated)?,
                other_flags: present & !3,
            });
        }
        let sid = Sid::parse(rest).map_err(|error| fault(error.code, &error.message))?;
        let data = rest.get(sid.byte_len()..).unwrap_or_default().to_vec();
        Ok(Self {
            ace_type,
            flags,
            mask: Mask(mask),
            types,
            sid: Some(sid),
            data,
        })
    }

    /// What follows the header of the entry.
    pub(super) fn body(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write_body(&mut bytes);
        bytes
    }

    fn write(&self, bytes: &mut Vec<u8>) -> Result<()> {
        let start = bytes.len();
        bytes.extend([self.ace_type.0, self.flags, 0, 0]);
        self.write_body(bytes);
        let size = u16::try_from(bytes.len() - start).map_err(|_| {
            Error::new(
                ErrorCode::Limit,
                Locator::Byte(start as u64),
                "an entry has at most 65,535 bytes",
            )
        })?;
        if let Some(slot) = bytes.get_mut(start + 2..start + 4) {
            slot.copy_from_slice(&size.to_le_bytes());
        }
        Ok(())
    }

    fn write_body(&self, bytes: &mut Vec<u8>) {
        if let Some(sid) = &self.sid {
            bytes.extend(self.mask.0.to_le_bytes());
            if self.ace_type.is_object() {
                let types = self.types.unwrap_or_default();
                let present =
                    u32::from(types.object.is_some()) | u32::from(types.inherited.is_some()) << 1;
                bytes.extend((present | types.other_flags & !3).to_le_bytes());
                for guid in [types.object, types.inherited].into_iter().flatten() {
                    bytes.extend(guid.to_bytes_le());
                }
            }
            bytes.extend(sid.to_bytes());
        }
        bytes.extend(&self.data);
    }
}

/// An access control list, its entries as they lie.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Acl {
    /// 2, or 4 where object entries are allowed.
    pub revision: u8,
    /// The entries.
    pub entries: Vec<Ace>,
}

impl Acl {
    /// Reads a list at the start of `bytes`; `at` is its offset, for errors.
    pub(super) fn parse(bytes: &[u8], at: usize) -> Result<Self> {
        let fault = |code, message: &str| Error::new(code, Locator::Byte(at as u64), message);
        let Some((&[revision, _, s0, s1, c0, c1, _, _], _)) = bytes.split_first_chunk::<8>() else {
            return Err(fault(
                ErrorCode::Truncated,
                "the descriptor ends inside a list's header",
            ));
        };
        let (size, count) = (u16::from_le_bytes([s0, s1]), u16::from_le_bytes([c0, c1]));
        let Some(mut rest) = bytes.get(8..usize::from(size)) else {
            return Err(fault(
                ErrorCode::Range,
                "a list is smaller than its header or larger than its descriptor",
            ));
        };
        // The smallest entry has 4 bytes, so a list cannot promise more than it has room for.
        if usize::from(count) > rest.len() / 4 {
            return Err(fault(
                ErrorCode::Range,
                "a list promises more entries than it has room for",
            ));
        }
        let mut entries = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let offset = at + usize::from(size) - rest.len();
            let (ace, length) = Ace::parse(rest, offset)?;
            entries.push(ace);
            rest = rest.get(length..).unwrap_or_default();
        }
        Ok(Self { revision, entries })
    }

    pub(super) fn write(&self, bytes: &mut Vec<u8>) -> Result<()> {
        let start = bytes.len();
        let limit = || {
            Error::new(
                ErrorCode::Limit,
                Locator::Byte(start as u64),
                "a list has at most 65,535 bytes",
            )
        };
        let count = u16::try_from(self.entries.len()).map_err(|_| limit())?;
        bytes.extend([self.revision, 0, 0, 0]);
        bytes.extend(count.to_le_bytes());
        bytes.extend([0, 0]);
        for ace in &self.entries {
            ace.write(bytes)?;
        }
        let size = u16::try_from(bytes.len() - start).map_err(|_| limit())?;
        if let Some(slot) = bytes.get_mut(start + 2..start + 4) {
            slot.copy_from_slice(&size.to_le_bytes());
        }
        Ok(())
    }
}

pub(super) fn take_u32(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (value, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*value), rest))
}
