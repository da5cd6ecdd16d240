//! Security descriptors.

use serde::Serialize;

use super::ace::take_u32;
use super::{Acl, Sid};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// The control bits of a descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
pub struct Control(pub u16);

#[allow(missing_docs, reason = "the names are the bits' own")]
impl Control {
    pub const OWNER_DEFAULTED: u16 = 0x0001;
    pub const GROUP_DEFAULTED: u16 = 0x0002;
    pub const DACL_PRESENT: u16 = 0x0004;
    pub const DACL_DEFAULTED: u16 = 0x0008;
    pub const SACL_PRESENT: u16 = 0x0010;
    pub const SACL_DEFAULTED: u16 = 0x0020;
    pub const DACL_AUTO_INHERIT_REQUESTED: u16 = 0x0100;
    pub const SACL_AUTO_INHERIT_REQUESTED: u16 = 0x0200;
    pub const DACL_AUTO_INHERITED: u16 = 0x0400;
    pub const SACL_AUTO_INHERITED: u16 = 0x0800;
    pub const DACL_PROTECTED: u16 = 0x1000;
    pub const SACL_PROTECTED: u16 = 0x2000;
    pub const RESOURCE_MANAGER_VALID: u16 = 0x4000;
    pub const SELF_RELATIVE: u16 = 0x8000;

    /// Whether all of `bits` are set.
    pub const fn has(self, bits: u16) -> bool {
        self.0 & bits == bits
    }
}

/// A security descriptor, with everything that its bytes say: entries of every type in their order,
/// flags and bits that nobody knows, and what stands behind the SIDs. Only bytes that belong to no
/// part are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecurityDescriptor {
    /// The byte after the revision, which Active Directory uses for its own purposes.
    pub resource_manager: u8,
    /// The control bits.
    pub control: Control,
    /// The owner.
    pub owner: Option<Sid>,
    /// The primary group.
    pub group: Option<Sid>,
    /// The audit list.
    pub sacl: Option<Acl>,
    /// The access list. `None` with the "present" bit is a NULL list, which grants everything.
    pub dacl: Option<Acl>,
}

impl SecurityDescriptor {
    /// Reads a self-relative descriptor.
    ///
    /// A descriptor whose parts overlap, lie outside, or promise more than they hold is an error:
    /// nothing is ever granted on the word of one that cannot be trusted.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let Some((&[revision, resource_manager, c0, c1], rest)) = bytes.split_first_chunk::<4>()
        else {
            return fault(
                ErrorCode::Truncated,
                0,
                "a descriptor has at least 20 bytes",
            );
        };
        if revision != 1 {
            return fault(ErrorCode::Unsupported, 0, "a descriptor has revision 1");
        }
        let mut offsets = [0_usize; 4];
        let mut rest = rest;
        for offset in &mut offsets {
            let Some((value, after)) = take_u32(rest) else {
                return fault(
                    ErrorCode::Truncated,
                    4,
                    "a descriptor has at least 20 bytes",
                );
            };
            *offset = value as usize;
            rest = after;
        }
        let part = |offset: usize| match offset {
            0 => Ok(None),
            1..20 => fault(
                ErrorCode::Range,
                offset,
                "a part of the descriptor overlaps its header",
            ),
            _ => match bytes.get(offset..) {
                Some(part) => Ok(Some(part)),
                None => fault(
                    ErrorCode::Range,
                    offset,
                    "a part of the descriptor lies outside of it",
                ),
            },
        };
        let sid = |offset: usize| match part(offset)? {
            None => Ok(None),
            Some(bytes) => Sid::parse(bytes).map(Some).map_err(|error| Error {
                place: Locator::Byte(offset as u64),
                ..error
            }),
        };
        let acl = |offset: usize| match part(offset)? {
            None => Ok(None),
            Some(bytes) => Acl::parse(bytes, offset).map(Some),
        };
        let control = Control(u16::from_le_bytes([c0, c1]));
        let [owner, group, sacl, dacl] = offsets;
        let descriptor = Self {
            resource_manager,
            control,
            owner: sid(owner)?,
            group: sid(group)?,
            sacl: if control.has(Control::SACL_PRESENT) {
                acl(sacl)?
            } else {
                None
            },
            dacl: if control.has(Control::DACL_PRESENT) {
                acl(dacl)?
            } else {
                None
            },
        };
        descriptor.refuse_overlaps(offsets)?;
        Ok(descriptor)
    }

    /// Its bytes: header, audit list, access list, owner, group, as Windows lays them out.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = vec![1, self.resource_manager];
        bytes.extend((self.control.0 | Control::SELF_RELATIVE).to_le_bytes());
        bytes.extend([0; 16]);
        let mut place = |slot: usize, part: Option<Vec<u8>>| {
            if let Some(part) = part {
                let offset = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
                if let Some(field) = bytes.get_mut(4 + 4 * slot..8 + 4 * slot) {
                    field.copy_from_slice(&offset.to_le_bytes());
                }
                bytes.extend(part);
            }
        };
        let list = |acl: &Option<Acl>| -> Result<Option<Vec<u8>>> {
            let mut bytes = Vec::new();
            match acl {
                Some(acl) => acl.write(&mut bytes).map(|()| Some(bytes)),
                None => Ok(None),
            }
        };
        place(2, list(&self.sacl)?);
        place(3, list(&self.dacl)?);
        place(0, self.owner.map(|sid| sid.to_bytes()));
        place(1, self.group.map(|sid| sid.to_bytes()));
        Ok(bytes)
    }

    /// Whether inheritance is blocked.
    pub fn is_protected(&self) -> bool {
        self.control.has(Control::DACL_PROTECTED)
    }

    /// The entries of the access list, or `None` when there is no list and everything is granted.
    pub fn access_list(&self) -> Option<&[super::Ace]> {
        if self.control.has(Control::DACL_PRESENT) {
            self.dacl.as_ref().map(|acl| acl.entries.as_slice())
        } else {
            None
        }
    }

    /// Two parts that share bytes would mean different things to different readers. The owner may
    /// be the group's very bytes, which some writers do to save space.
    fn refuse_overlaps(&self, offsets: [usize; 4]) -> Result<()> {
        let length = |acl: &Option<Acl>| -> usize {
            let mut bytes = Vec::new();
            acl.as_ref().map_or(0, |acl| match acl.write(&mut bytes) {
                Ok(()) => bytes.len(),
                Err(_) => 0,
            })
        };
        let [owner, group, sacl, dacl] = offsets;
        let mut parts = [
            (owner, self.owner.map_or(0, |sid| sid.byte_len())),
            (group, self.group.map_or(0, |sid| sid.byte_len())),
            (sacl, length(&self.sacl)),
            (dacl, length(&self.dacl)),
        ];
        parts.sort_unstable();
        for pair in parts.windows(2) {
            if let [(first, length), (second, next)] = *pair {
                let same_sid = first == second && first == owner.min(group);
                if length > 0 && next > 0 && !same_sid && first + length > second {
                    return Err(Error::new(
                        ErrorCode::Range,
                        Locator::Byte(second as u64),
                        "parts of the descriptor overlap",
                    ));
                }
            }
        }
        Ok(())
    }
}

fn fault<T>(code: ErrorCode, at: usize, message: &str) -> Result<T> {
    Err(Error::new(code, Locator::Byte(at as u64), message))
}
