//! One file of the evidence while it grows, in LDIF.
//!
//! Each file begins with the server's own entry: which server answered, for which domain, and what
//! time it was there. So a file tells its time and its place even without the manifest.
//!
//! **Descriptors stand once.** The first object of a collection that has a descriptor carries it as
//! `nTSecurityDescriptor`; all others that have the very same bytes carry
//! `nTSecurityDescriptor;x-sha256` with the SHA-256 of those bytes, in hexadecimal. A reader takes
//! the bytes from wherever they stand among all inputs, and holds the hash against them by itself;
//! where they are missing the descriptor is unknown.

use std::borrow::Cow;
use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::message::Entry;
use super::search::DESCRIPTOR;
use crate::carrier::ldif::{write_dn, write_value};
use crate::directory::permissions::DESCRIPTOR_REFERENCE;
use crate::evidence::folder::hex;

/// A file that is not written yet.
pub(super) struct Sheet<'a> {
    text: Vec<u8>,
    /// Entries behind the first.
    pub(super) items: u64,
    known: &'a BTreeSet<String>,
    /// Hashes of the descriptors that stand here for the first time.
    pub(super) fresh: BTreeSet<String>,
    /// Objects whose descriptor was asked for and not given.
    pub(super) without: u64,
}

impl<'a> Sheet<'a> {
    /// Begins a file with the server's entry. `known` are the descriptors of finished files.
    pub(super) fn new(server: &Entry, names: &[&str], known: &'a BTreeSet<String>) -> Self {
        let mut sheet = Self {
            text: b"version: 1\n\n".to_vec(),
            items: 0,
            known,
            fresh: BTreeSet::new(),
            without: 0,
        };
        write_dn(&mut sheet.text, "");
        for name in names {
            for value in server.values(name) {
                write_value(&mut sheet.text, name, value);
            }
        }
        sheet.text.push(b'\n');
        sheet
    }

    /// Adds an entry with the attributes that were asked for, in their order.
    pub(super) fn add(&mut self, entry: &Entry, names: &[Cow<'static, str>]) {
        self.items += 1;
        write_dn(&mut self.text, &entry.dn);
        for name in names {
            let attributes = entry.attributes.iter().filter(|attribute| {
                let plain = attribute.name.split(';').next().unwrap_or_default();
                plain.eq_ignore_ascii_case(name)
            });
            let mut given = false;
            for attribute in attributes {
                for value in &attribute.values {
                    given = true;
                    if name == DESCRIPTOR {
                        self.descriptor(value);
                    } else {
                        write_value(&mut self.text, &attribute.name, value);
                    }
                }
            }
            if name == DESCRIPTOR && !given {
                self.without += 1;
            }
        }
        self.text.push(b'\n');
    }

    fn descriptor(&mut self, value: &[u8]) {
        let hash = hex(&Sha256::digest(value));
        if self.known.contains(&hash) || self.fresh.contains(&hash) {
            let name = format!("{DESCRIPTOR};{DESCRIPTOR_REFERENCE}");
            write_value(&mut self.text, &name, hash.as_bytes());
        } else {
            write_value(&mut self.text, DESCRIPTOR, value);
            self.fresh.insert(hash);
        }
    }

    /// The text, and the descriptors in it.
    pub(super) fn finish(self) -> (Vec<u8>, BTreeSet<String>) {
        (self.text, self.fresh)
    }
}
