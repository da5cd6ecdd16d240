//! Values that many people share, stored once.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Stores each distinct value once. Handles count from 1; 0 means none.
#[derive(Debug, Clone)]
pub(super) struct Interner<T> {
    values: Vec<T>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl<T: Eq + std::hash::Hash> Interner<T> {
    pub(super) fn get(&self, handle: u32) -> Option<&T> {
        self.values.get((handle as usize).checked_sub(1)?)
    }

    pub(super) fn intern(&mut self, value: T) -> u32 {
        let hash = self.hasher.hash_one(&value);
        let Self {
            values,
            index,
            hasher,
        } = self;
        if let Some(handle) = index.find(hash, |&handle| {
            values
                .get(handle as usize - 1)
                .is_some_and(|known| *known == value)
        }) {
            return *handle;
        }
        values.push(value);
        let handle = u32::try_from(values.len()).unwrap_or(u32::MAX);
        index.insert_unique(hash, handle, |&handle| {
            values
                .get(handle as usize - 1)
                .map_or(0, |value| hasher.hash_one(value))
        });
        handle
    }
}
