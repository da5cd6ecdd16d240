//! Descriptors, each distinct one once.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::num::NonZeroU32;

use hashbrown::{DefaultHashBuilder, HashTable};
use sha2::{Digest, Sha256};

use super::SecurityDescriptor;
use crate::error::Result;

/// A descriptor in a [`DescriptorStore`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DescriptorId(NonZeroU32);

/// Descriptors, each distinct one kept once: a directory of a hundred thousand people has some
/// dozens.
///
/// What comes as bytes is recognised by its bytes, so that the same ones are parsed once.
#[derive(Debug, Clone, Default)]
pub struct DescriptorStore {
    descriptors: Vec<SecurityDescriptor>,
    index: HashTable<u32>,
    /// What bytes turned out to be, faults included.
    read: Vec<(Box<[u8]>, Result<DescriptorId>)>,
    by_bytes: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl DescriptorStore {
    /// Keeps a descriptor.
    pub fn keep(&mut self, descriptor: SecurityDescriptor) -> DescriptorId {
        let hash = self.hasher.hash_one(&descriptor);
        let Self {
            descriptors,
            index,
            hasher,
            ..
        } = self;
        let known = index.find(hash, |&at| {
            descriptors.get(at as usize) == Some(&descriptor)
        });
        if let Some(&at) = known {
            return id(at as usize);
        }
        let at = descriptors.len();
        descriptors.push(descriptor);
        index.insert_unique(hash, number(at), |&at| {
            hasher.hash_one(descriptors.get(at as usize))
        });
        id(at)
    }

    /// Keeps a self-relative descriptor. An error says why it cannot be trusted, and is the same
    /// each time that the same bytes come.
    pub fn keep_bytes(&mut self, bytes: &[u8]) -> Result<DescriptorId> {
        let hash = self.hasher.hash_one(bytes);
        let known = self.by_bytes.find(hash, |&at| {
            let read = self.read.get(at as usize);
            read.is_some_and(|(known, _)| **known == *bytes)
        });
        if let Some((_, outcome)) = known.and_then(|&at| self.read.get(at as usize)) {
            return outcome.clone();
        }
        let outcome = SecurityDescriptor::parse(bytes).map(|descriptor| self.keep(descriptor));
        let at = number(self.read.len());
        self.read.push((bytes.into(), outcome.clone()));
        let Self {
            read,
            by_bytes,
            hasher,
            ..
        } = self;
        by_bytes.insert_unique(hash, at, |&at| {
            read.get(at as usize)
                .map_or(0, |(bytes, _)| hasher.hash_one(&**bytes))
        });
        outcome
    }

    /// What came as bytes, by the SHA-256 of the bytes; faults included.
    pub fn by_sha256(&self) -> HashMap<[u8; 32], Result<DescriptorId>> {
        let read = self.read.iter();
        read.map(|(bytes, outcome)| (Sha256::digest(bytes).into(), outcome.clone()))
            .collect()
    }

    /// Forgets the bytes that descriptors came as, which only matter while evidence is read.
    pub fn forget_bytes(&mut self) {
        self.read = Vec::new();
        self.by_bytes = HashTable::new();
    }

    /// The descriptor of an id of this store.
    pub fn get(&self, id: DescriptorId) -> Option<&SecurityDescriptor> {
        self.descriptors.get(id.0.get() as usize - 1)
    }

    /// How many distinct ones there are.
    pub fn len(&self) -> usize {
        self.descriptors.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.descriptors.is_empty()
    }
}

/// Ids count from 1, so that a row without a descriptor takes no more space than one with it.
fn id(at: usize) -> DescriptorId {
    DescriptorId(NonZeroU32::MIN.saturating_add(number(at)))
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::security::{Control, SidAliases};

    #[test]
    fn the_same_bytes_and_the_same_descriptor_are_kept_once() {
        let mut store = DescriptorStore::default();
        let sddl = "O:S-1-5-18G:S-1-5-18D:(A;;RPWP;;;S-1-5-11)";
        let one = SecurityDescriptor::from_sddl(sddl, &SidAliases::default()).unwrap();
        let bytes = one.to_bytes().unwrap();
        let first = store.keep_bytes(&bytes).unwrap();
        assert_eq!(store.keep_bytes(&bytes).unwrap(), first);
        let parsed = store.get(first).unwrap().clone();
        assert_eq!(store.keep(parsed.clone()), first);
        let mut other = parsed;
        other.control.0 |= Control::DACL_PROTECTED;
        assert_ne!(store.keep(other), first);
        assert_eq!(store.len(), 2);
        store.forget_bytes();
        assert_eq!(store.keep_bytes(&bytes).unwrap(), first);
    }

    #[test]
    fn bytes_that_cannot_be_trusted_give_the_same_error_each_time() {
        let mut store = DescriptorStore::default();
        let first = store.keep_bytes(&[1, 0, 4]).unwrap_err();
        assert_eq!(store.keep_bytes(&[1, 0, 4]).unwrap_err(), first);
        assert!(store.is_empty());
    }
}
