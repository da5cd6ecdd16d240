//! Names, stored once: events hold four bytes for each.

use std::hash::{BuildHasher, Hasher};
use std::num::NonZeroU32;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::events::SmolStr;

/// A stored name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Name(NonZeroU32);

impl Name {
    /// Its place in a list that has one element a name.
    pub(super) const fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// Names of any spelling in upper and lower case: the same name, whoever wrote it.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    table: HashTable<Name>,
    texts: Vec<SmolStr>,
    hasher: DefaultHashBuilder,
}

impl Names {
    /// The number of a name. Of its spellings the one that sorts first is kept, so that the order
    /// of events does not show.
    pub(super) fn id(&mut self, text: &str) -> Option<Name> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let hash = hash(&self.hasher, text);
        let (texts, hasher) = (&mut self.texts, &self.hasher);
        let same = |name: &Name| spelled(texts, *name).eq_ignore_ascii_case(text);
        if let Some(name) = self.table.find(hash, same).copied() {
            if let Some(known) = texts.get_mut(name.index())
                && text < known.as_str()
            {
                *known = text.into();
            }
            return Some(name);
        }
        let next = u32::try_from(texts.len() + 1)
            .ok()
            .and_then(NonZeroU32::new)?;
        texts.push(text.into());
        let name = Name(next);
        self.table
            .insert_unique(hash, name, |name| hash_of(hasher, texts, *name));
        Some(name)
    }

    /// The number of a name that is known.
    pub(super) fn known(&self, text: &str) -> Option<Name> {
        let text = text.trim();
        let same = |name: &Name| spelled(&self.texts, *name).eq_ignore_ascii_case(text);
        self.table.find(hash(&self.hasher, text), same).copied()
    }

    /// The text of a name.
    pub(super) fn text(&self, name: Name) -> &str {
        spelled(&self.texts, name)
    }

    /// The text of a name, for keeps.
    pub(super) fn word(&self, name: Name) -> SmolStr {
        self.texts.get(name.index()).cloned().unwrap_or_default()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }
}

fn spelled(texts: &[SmolStr], name: Name) -> &str {
    texts.get(name.index()).map_or("", SmolStr::as_str)
}

fn hash_of(hasher: &DefaultHashBuilder, texts: &[SmolStr], name: Name) -> u64 {
    hash(hasher, spelled(texts, name))
}

fn hash(hasher: &DefaultHashBuilder, text: &str) -> u64 {
    let mut state = hasher.build_hasher();
    let mut lower = [0_u8; 64];
    for part in text.as_bytes().chunks(lower.len()) {
        for (to, from) in lower.iter_mut().zip(part) {
            *to = from.to_ascii_lowercase();
        }
        state.write(lower.get(..part.len()).unwrap_or_default());
    }
    state.finish()
}
