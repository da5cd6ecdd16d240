//! What evidence says of accounts, groups and objects, until all of it has been read: names find
//! their SIDs only then.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::directory::dns_domain;
use crate::directory::permissions::DescriptorForm;
use crate::directory::security::{DescriptorId, ObjectClass, Sid};
use crate::error::Error;
use crate::evidence::{Claim, Known, Provenance};

/// A descriptor that was read, or its form where names in it wait for their SIDs.
#[derive(Debug)]
pub(crate) enum Gathered {
    Read(Result<DescriptorId, Error>),
    Form(DescriptorForm),
    /// The same bytes as another one, by their SHA-256.
    Same([u8; 32]),
}

/// An account.
#[derive(Debug)]
pub(crate) struct AccountRow {
    pub(crate) sid: Sid,
    pub(crate) name: Option<Box<str>>,
    pub(crate) dn: Option<Box<str>>,
    pub(crate) description: Option<Box<str>>,
    /// Handle in [`PermissionRows::classes`].
    pub(crate) classes: Option<u32>,
    pub(crate) disabled: Option<bool>,
    pub(crate) locked: Option<bool>,
    #[expect(
        clippy::option_option,
        reason = "not told, told to be never, told to be then"
    )]
    pub(crate) expires: Option<Option<DateTime<Utc>>>,
    pub(crate) password_expired: Option<bool>,
    pub(crate) workstations: Option<Box<[String]>>,
    /// Handles in [`PermissionRows::names`].
    pub(crate) member_of: Option<Box<[u32]>>,
    pub(crate) primary_group: Option<u32>,
    pub(crate) token_groups: Option<Box<[Sid]>>,
    pub(crate) sid_history: Option<Box<[Sid]>>,
    /// The person's row.
    pub(crate) person: Option<u32>,
    pub(crate) from: Provenance,
}

/// A group.
#[derive(Debug)]
pub(crate) struct GroupRow {
    pub(crate) sid: Sid,
    pub(crate) name: Option<String>,
    pub(crate) dn: Option<String>,
    pub(crate) security: Option<bool>,
    /// Handles in [`PermissionRows::names`]; none where the list is not whole.
    pub(crate) members: Option<Box<[u32]>>,
    pub(crate) member_of: Option<Box<[u32]>>,
    pub(crate) from: Provenance,
}

/// An object with its descriptor.
#[derive(Debug)]
pub(crate) struct ObjectRow {
    pub(crate) dn: String,
    pub(crate) class: Option<ObjectClass>,
    pub(crate) descriptor: Gathered,
    pub(crate) from: Provenance,
}

/// The groups of an account, or the members of a group, by SID and with names.
#[derive(Debug)]
pub(crate) struct Listed {
    /// The name of the account or group whose list it is, as the evidence names it.
    pub(crate) of: String,
    pub(crate) sids: BTreeSet<Sid>,
    /// Whether nothing is missing.
    pub(crate) whole: bool,
    pub(crate) from: Provenance,
}

/// A domain as a cmdlet or its own entry describes it.
#[derive(Debug)]
pub(crate) struct DomainRow {
    pub(crate) name: String,
    pub(crate) netbios: Option<String>,
    pub(crate) sid: Option<Sid>,
}

/// All rows about permissions.
#[derive(Debug)]
pub(crate) struct PermissionRows {
    pub(crate) accounts: Vec<AccountRow>,
    pub(crate) groups: Vec<GroupRow>,
    pub(crate) objects: Vec<ObjectRow>,
    pub(crate) domains: Vec<DomainRow>,
    /// People's descriptors whose form waits: the person's row and the form's number.
    pub(crate) people: Vec<(u32, u32)>,
    /// Those forms, with the distinguished name of the first person who has each.
    pub(crate) forms: Vec<(DescriptorForm, String)>,
    sddl: HashMap<(String, Option<String>), u32>,
    /// The form that was first seen on an object, by its distinguished name in lower case.
    first_on: HashMap<String, u32>,
    /// People whose descriptor stands elsewhere: the person's row and the number of its hash.
    pub(crate) same: Vec<(u32, u32)>,
    /// Those hashes, each once.
    pub(crate) hashes: Names<[u8; 32]>,
    /// `tokenGroups` of the rootDSE, with the account that the manifest names.
    pub(crate) tokens: Vec<(Option<String>, Claim<Vec<Sid>>)>,
    /// Groups of accounts.
    pub(crate) groups_of: Vec<Listed>,
    /// Members of groups.
    pub(crate) members_of: Vec<Listed>,
    pub(crate) heuristics: Known<String>,
    /// Distinguished names in lower case, each once.
    pub(crate) names: Names<String>,
    /// Lists of classes, each once.
    pub(crate) classes: Names<Vec<String>>,
}

impl Default for PermissionRows {
    fn default() -> Self {
        Self {
            accounts: Vec::new(),
            groups: Vec::new(),
            objects: Vec::new(),
            domains: Vec::new(),
            people: Vec::new(),
            forms: Vec::new(),
            sddl: HashMap::new(),
            first_on: HashMap::new(),
            same: Vec::new(),
            hashes: Names::default(),
            tokens: Vec::new(),
            groups_of: Vec::new(),
            members_of: Vec::new(),
            heuristics: Known::absent("domain.dsHeuristics"),
            names: Names::default(),
            classes: Names::default(),
        }
    }
}

impl PermissionRows {
    /// Keeps the form of a descriptor, and whose it is where that is a person; the same SDDL of
    /// one domain is kept once.
    pub(crate) fn person_form(&mut self, person: Option<u32>, form: DescriptorForm, dn: &str) {
        let next = u32::try_from(self.forms.len()).unwrap_or(u32::MAX);
        let number = match &form {
            DescriptorForm::Sddl(text) => {
                let key = (text.clone(), dns_domain(dn));
                *self.sddl.entry(key).or_insert(next)
            }
            _ => next,
        };
        if number == next {
            self.forms.push((form, dn.to_owned()));
            self.first_on.insert(dn.to_lowercase(), number);
        }
        self.people.extend(person.map(|person| (person, number)));
    }

    /// Gives a person the descriptor that was seen on another object before; `false` where none
    /// was.
    pub(crate) fn same_as(&mut self, person: Option<u32>, dn: &str) -> bool {
        let number = self.first_on.get(&dn.to_lowercase()).copied();
        let row = person.zip(number);
        self.people.extend(row);
        number.is_some()
    }

    /// Handles of distinguished names.
    pub(crate) fn name_all(&mut self, names: &[String]) -> Box<[u32]> {
        let names = names
            .iter()
            .map(|name| self.names.number(name.to_lowercase()));
        names.collect()
    }
}

/// Values with numbers, each stored once.
#[derive(Debug, Default)]
pub(crate) struct Names<T> {
    index: HashMap<T, u32>,
}

impl<T: Eq + std::hash::Hash> Names<T> {
    /// The number of a value.
    pub(crate) fn number(&mut self, value: T) -> u32 {
        let next = u32::try_from(self.index.len()).unwrap_or(u32::MAX);
        *self.index.entry(value).or_insert(next)
    }

    /// The values in the order of their numbers.
    pub(crate) fn by_number(&self) -> Vec<&T> {
        let mut all: Vec<_> = self.index.iter().collect();
        all.sort_unstable_by_key(|(_, number)| **number);
        all.into_iter().map(|(value, _)| value).collect()
    }
}
