//! Security identifiers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// The most sub-authorities that a SID can have.
const MOST: usize = 15;

/// A security identifier, such as `S-1-5-32-554`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sid {
    authority: u64,
    count: u8,
    subs: [u32; MOST],
}

impl Sid {
    /// From an identifier authority (48 bits) and up to 15 sub-authorities.
    ///
    /// # Panics
    ///
    /// With more than 15 sub-authorities; in a constant that is an error of the compiler.
    pub const fn new<const N: usize>(authority: u64, subs: [u32; N]) -> Self {
        assert!(N <= MOST, "a SID has at most 15 sub-authorities");
        let mut sid = Self {
            authority: authority & 0xffff_ffff_ffff,
            count: 0,
            subs: [0; MOST],
        };
        let (mut rest, mut index): (&[u32], usize) = (&subs, 0);
        while let [first, tail @ ..] = rest {
            let (_, slots) = sid.subs.split_at_mut(index);
            if let [slot, ..] = slots {
                *slot = *first;
            }
            index += 1;
            sid.count += 1;
            rest = tail;
        }
        sid
    }

    /// Reads a SID at the start of `bytes`; whatever follows it is left alone.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let fault = |code, message: &str| Err(Error::new(code, Locator::Byte(0), message));
        let Some((&[revision, count], rest)) = bytes.split_first_chunk::<2>() else {
            return fault(ErrorCode::Truncated, "a SID has at least 8 bytes");
        };
        if revision != 1 {
            return fault(ErrorCode::Unsupported, "a SID has revision 1");
        }
        if usize::from(count) > MOST {
            return fault(ErrorCode::Range, "a SID has at most 15 sub-authorities");
        }
        let Some((authority, rest)) = rest.split_first_chunk::<6>() else {
            return fault(ErrorCode::Truncated, "the SID ends inside its authority");
        };
        let authority = authority
            .iter()
            .fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        let mut subs = [0; MOST];
        let mut parts = rest.chunks_exact(4);
        for slot in subs.iter_mut().take(usize::from(count)) {
            let Some(part) = parts.next().and_then(|part| part.try_into().ok()) else {
                return fault(
                    ErrorCode::Truncated,
                    "the SID ends inside its sub-authorities",
                );
            };
            *slot = u32::from_le_bytes(part);
        }
        Ok(Self {
            authority,
            count,
            subs,
        })
    }

    /// Its bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![1, self.count];
        bytes.extend(self.authority.to_be_bytes().iter().skip(2));
        for sub in self.subs() {
            bytes.extend(sub.to_le_bytes());
        }
        bytes
    }

    /// How many bytes it takes.
    pub fn byte_len(&self) -> usize {
        8 + 4 * usize::from(self.count)
    }

    /// Its identifier authority; 5 is the Windows NT authority.
    pub fn authority(&self) -> u64 {
        self.authority
    }

    /// Its sub-authorities.
    pub fn subs(&self) -> &[u32] {
        self.subs.get(..usize::from(self.count)).unwrap_or_default()
    }

    /// The last sub-authority, the relative identifier.
    pub fn rid(&self) -> Option<u32> {
        self.subs().last().copied()
    }

    /// The SID without its last sub-authority: the domain of an account or group.
    #[must_use]
    pub fn domain(&self) -> Self {
        let mut domain = *self;
        if let Some(last) = usize::from(self.count).checked_sub(1) {
            if let Some(slot) = domain.subs.get_mut(last) {
                *slot = 0;
            }
            domain.count -= 1;
        }
        domain
    }

    /// This SID with one more sub-authority, or `None` when it has 15 already.
    pub fn with_rid(&self, rid: u32) -> Option<Self> {
        let mut sid = *self;
        *sid.subs.get_mut(usize::from(self.count))? = rid;
        sid.count += 1;
        Some(sid)
    }

    /// Whether it belongs to an Active Directory domain (`S-1-5-21-…`).
    pub fn is_domain_relative(&self) -> bool {
        self.authority == 5 && self.subs().first() == Some(&21)
    }
}

impl fmt::Display for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if u32::try_from(self.authority).is_ok() {
            write!(f, "S-1-{}", self.authority)?;
        } else {
            write!(f, "S-1-0x{:012X}", self.authority)?;
        }
        for sub in self.subs() {
            write!(f, "-{sub}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Sid {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let fault = || Error::syntax(Locator::Whole, "not a SID of the form S-1-…");
        let mut parts = text.split('-');
        if !parts.next().is_some_and(|s| s.eq_ignore_ascii_case("s")) || parts.next() != Some("1") {
            return Err(fault());
        }
        let authority = parts.next().ok_or_else(fault)?;
        let authority = match authority
            .strip_prefix("0x")
            .or_else(|| authority.strip_prefix("0X"))
        {
            Some(digits) => u64::from_str_radix(digits, 16),
            None => authority.parse(),
        }
        .map_err(|_| fault())?;
        if authority > 0xffff_ffff_ffff {
            return Err(fault());
        }
        let mut sid = Self::new(authority, []);
        for part in parts {
            let sub = part.parse().map_err(|_| fault())?;
            sid = sid.with_rid(sub).ok_or_else(fault)?;
        }
        Ok(sid)
    }
}

impl TryFrom<String> for Sid {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Sid> for String {
    fn from(sid: Sid) -> Self {
        sid.to_string()
    }
}
