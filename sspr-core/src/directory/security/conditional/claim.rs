//! Attributes of resources as bytes: `CLAIM_SECURITY_ATTRIBUTE_RELATIVE_V1` (MS-DTYP 2.4.10.1).

use serde::Serialize;

use super::bytes::{fill, from_utf16, length, sized, take, utf16, whole_sid};
use crate::directory::security::Sid;

/// The size of the fixed part.
const HEADER: usize = 16;

/// An attribute of an object, as a resource entry carries it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceAttribute {
    /// Its name.
    pub name: String,
    /// Flags, such as 2 for values whose case matters.
    pub flags: u32,
    /// Its values.
    pub values: ResourceValues,
}

/// Values, all of one type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ResourceValues {
    /// Whole numbers.
    Integers(Vec<i64>),
    /// Whole numbers that are not negative.
    Unsigned(Vec<u64>),
    /// Texts.
    Texts(Vec<String>),
    /// SIDs.
    Sids(Vec<Sid>),
    /// Yes or no.
    Booleans(Vec<bool>),
    /// Bytes.
    Octets(Vec<Vec<u8>>),
}

impl ResourceValues {
    /// The number of their type, and how SDDL names it.
    pub(super) const fn kind(&self) -> (u16, &'static str) {
        match self {
            Self::Integers(_) => (0x01, "TI"),
            Self::Unsigned(_) => (0x02, "TU"),
            Self::Texts(_) => (0x03, "TS"),
            Self::Sids(_) => (0x05, "TD"),
            Self::Booleans(_) => (0x06, "TB"),
            Self::Octets(_) => (0x10, "TX"),
        }
    }
}

impl ResourceAttribute {
    /// Reads what follows the SID of a resource entry. `None` where it is not understood.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let mut number = || Some(u32::from_le_bytes(take(&mut rest, 4)?.try_into().ok()?));
        let (name, kind, flags, count) = (number()?, number()?, number()?, number()?);
        let count = usize::try_from(count).ok()?;
        // Each value has an offset of four bytes, so that no more are there than fit.
        if count > rest.len() / 4 {
            return None;
        }
        let at = |offset: u32| bytes.get(usize::try_from(offset).ok()?..);
        let mut offsets = Vec::with_capacity(count);
        for _ in 0..count {
            let offset = u32::from_le_bytes(take(&mut rest, 4)?.try_into().ok()?);
            offsets.push(at(offset)?);
        }
        let offsets = offsets.into_iter();
        // The upper half of the number of the type is reserved.
        let values = match kind & 0xffff {
            0x01 => ResourceValues::Integers(
                offsets
                    .map(|b| word(b).map(i64::from_le_bytes))
                    .collect::<Option<_>>()?,
            ),
            0x02 => ResourceValues::Unsigned(
                offsets
                    .map(|b| word(b).map(u64::from_le_bytes))
                    .collect::<Option<_>>()?,
            ),
            0x03 => ResourceValues::Texts(offsets.map(terminated).collect::<Option<_>>()?),
            0x05 => ResourceValues::Sids(
                offsets
                    .map(|mut b| sized(&mut b).and_then(whole_sid))
                    .collect::<Option<_>>()?,
            ),
            0x06 => ResourceValues::Booleans(
                offsets
                    .map(|b| match u64::from_le_bytes(word(b)?) {
                        0 => Some(false),
                        1 => Some(true),
                        _ => None,
                    })
                    .collect::<Option<_>>()?,
            ),
            0x10 => ResourceValues::Octets(
                offsets
                    .map(|mut b| sized(&mut b).map(<[u8]>::to_vec))
                    .collect::<Option<_>>()?,
            ),
            _ => return None,
        };
        Some(Self {
            name: terminated(at(name)?)?,
            flags,
            values,
        })
    }

    /// Its bytes, the name first and each value behind the one before it, filled up with zeros to
    /// a multiple of four.
    pub fn to_bytes(&self) -> Vec<u8> {
        let word = |value: u64| value.to_le_bytes().to_vec();
        let block = |bytes: &[u8]| [&length(bytes.len()), bytes].concat();
        let values: Vec<Vec<u8>> = match &self.values {
            ResourceValues::Integers(all) => all.iter().map(|v| v.to_le_bytes().to_vec()).collect(),
            ResourceValues::Unsigned(all) => all.iter().map(|v| word(*v)).collect(),
            ResourceValues::Texts(all) => all.iter().map(|v| with_end(v)).collect(),
            ResourceValues::Sids(all) => all.iter().map(|v| block(&v.to_bytes())).collect(),
            ResourceValues::Booleans(all) => all.iter().map(|v| word(u64::from(*v))).collect(),
            ResourceValues::Octets(all) => all.iter().map(|v| block(v)).collect(),
        };
        let name = with_end(&self.name);
        let mut at = HEADER + 4 * values.len();
        let mut bytes = length(at).to_vec();
        bytes.extend(self.values.kind().0.to_le_bytes());
        bytes.extend([0, 0]);
        bytes.extend(self.flags.to_le_bytes());
        bytes.extend(length(values.len()));
        at += name.len();
        for value in &values {
            bytes.extend(length(at));
            at += value.len();
        }
        bytes.extend(name);
        bytes.extend(values.concat());
        fill(&mut bytes);
        bytes
    }
}

fn word(bytes: &[u8]) -> Option<[u8; 8]> {
    bytes.first_chunk().copied()
}

/// A text up to its end, which is a zero.
fn terminated(bytes: &[u8]) -> Option<String> {
    let end = bytes.chunks_exact(2).position(|unit| unit == [0, 0])?;
    from_utf16(bytes.get(..2 * end)?)
}

fn with_end(text: &str) -> Vec<u8> {
    let mut bytes = utf16(text);
    bytes.extend([0, 0]);
    bytes
}
