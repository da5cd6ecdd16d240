//! Which chunks and records are looked into: the names of the wanted providers.

use memchr::arch::all::packedpair::HeuristicFrequencyRank;
use memchr::memmem::{Finder, FinderBuilder};

use super::value::Slot;
use crate::events::catalogue::Source;

/// The wanted providers; none means all.
pub(super) struct Wanted {
    names: Vec<String>,
    in_chunk: Vec<Finder<'static>>,
}

impl Wanted {
    pub(super) fn new(names: &[&str]) -> Self {
        let mut spellings: Vec<&str> = names.to_vec();
        // A name in another case than the provider's own would not be found in a chunk.
        let known = Source::ALL.iter().map(|source| source.provider());
        spellings.extend(known.filter(|known| {
            names
                .iter()
                .any(|name| name.eq_ignore_ascii_case(known) && name != known)
        }));
        Self {
            names: names.iter().map(ToString::to_string).collect(),
            in_chunk: spellings.into_iter().map(finder).collect(),
        }
    }

    /// Whether a record of a wanted provider may stand in a chunk: then the name does, in UTF-16.
    pub(super) fn may_be_in(&self, chunk: &[u8]) -> bool {
        self.names.is_empty() || self.in_chunk.iter().any(|name| name.find(chunk).is_some())
    }

    pub(super) fn has(&self, provider: &str) -> bool {
        self.names.is_empty()
            || self
                .names
                .iter()
                .any(|name| name.eq_ignore_ascii_case(provider))
    }

    /// Whether a value is the name of a wanted provider.
    pub(super) fn has_value(&self, provider: Slot<'_>) -> bool {
        self.names.is_empty() || self.names.iter().any(|name| equals(provider.bytes, name))
    }
}

fn finder(name: &str) -> Finder<'static> {
    let bytes: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    FinderBuilder::new().build_forward_with_ranker_owned(Utf16, bytes)
}

/// Whether UTF-16, up to its first zero, spells a name in any case of ASCII letters.
fn equals(utf16: &[u8], name: &str) -> bool {
    let units = utf16.as_chunks::<2>().0.iter();
    let units = units
        .map(|unit| u16::from_le_bytes(*unit))
        .take_while(|unit| *unit != 0);
    let lower = |unit: u16| match u8::try_from(unit) {
        Ok(byte) => u16::from(byte.to_ascii_lowercase()),
        Err(_) => unit,
    };
    units.map(lower).eq(name.encode_utf16().map(lower))
}

/// How frequent a byte is in UTF-16 text: the search looks for the rarest two of a name, and the
/// zero in every character is the most frequent of all.
struct Utf16;

impl HeuristicFrequencyRank for Utf16 {
    fn rank(&self, byte: u8) -> u8 {
        match byte {
            0 => 255,
            b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' => 200,
            b'v' | b'w' | b'k' | b'x' | b'q' | b'j' | b'z' => 50,
            b'a'..=b'z' => 120,
            b'A'..=b'Z' => 40,
            _ => 100,
        }
    }
}
