//! People as compact rows: millions of them fit in memory.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;
use uuid::Uuid;

/// How many rows and how many bytes of text stand in one block. Blocks never move, so that
/// growth costs no copy.
const ROWS: usize = 4_096;
const TEXT: usize = 1 << 20;

/// What is known of a person, as bits. For each question one bit says that it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PersonFlags(u32);

macro_rules! flags {
    ($($(#[$doc:meta])* $name:ident / $set:ident = $bit:literal),* $(,)?) => {
        impl PersonFlags {
            $(
                $(#[$doc])*
                pub const fn $name(self) -> Option<bool> {
                    if self.0 & (2 << (2 * $bit)) == 0 { None } else { Some(self.0 & (1 << (2 * $bit)) != 0) }
                }

                /// Answers the question.
                pub const fn $set(&mut self, value: bool) {
                    self.0 &= !(3 << (2 * $bit));
                    self.0 |= (2 | value as u32) << (2 * $bit);
                }
            )*
        }
    };
}

flags! {
    /// The account is enabled.
    enabled / set_enabled = 0,
    /// Synchronised from the on-premises directory.
    synced / set_synced = 1,
    /// A guest.
    guest / set_guest = 2,
    /// Holds an administrator role.
    admin / set_admin = 3,
    /// Registered enough methods.
    sspr_registered / set_sspr_registered = 4,
    /// Allowed by the policy to reset.
    sspr_enabled / set_sspr_enabled = 5,
    /// Registered and allowed.
    sspr_capable / set_sspr_capable = 6,
    /// A usage location is set.
    usage_location / set_usage_location = 7,
    /// A phone number is in a form that SSPR ignores.
    bad_phone / set_bad_phone = 8,
    /// The password never expires (Active Directory).
    never_expires / set_never_expires = 9,
    /// The account may not change its password (Active Directory).
    cannot_change / set_cannot_change = 10,
    /// `adminCount` is 1 (Active Directory).
    admin_count / set_admin_count = 11,
    /// Registered at least two methods that administrators may use: e-mail, authenticator, phone.
    admin_gates / set_admin_gates = 12,
    /// The password must be changed at next logon: `pwdLastSet` is 0 (Active Directory).
    must_change / set_must_change = 13,
    /// The cloud password does not expire (`DisablePasswordExpiration`).
    cloud_never_expires / set_cloud_never_expires = 14,
}

/// One person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Person {
    /// The Entra object id; nil when only the directory told of the person.
    pub id: Uuid,
    /// Handle of the user principal name.
    upn: u32,
    /// Handle of the container's distinguished name, 0 when unknown.
    container: u32,
    /// Handle of the set of licence assignments plus 1, 0 when not collected.
    pub(crate) licences: u32,
    /// Handle of the set of assigned plans plus 1, 0 when not collected.
    pub(crate) plans: u32,
    /// When the on-premises password was set, in seconds since 1970; 0 when unknown.
    password_set: i64,
    /// Answers to yes-or-no questions.
    pub flags: PersonFlags,
}

/// A person's licence assignments, shared by all who have the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct LicenceSet(pub Vec<LicenceRow>);

/// One row of `licenseAssignmentStates`, or of `assignedLicenses` (then `active`, without a group).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LicenceRow {
    /// The product.
    pub sku: Uuid,
    /// Plans switched off in this assignment, sorted.
    pub disabled: Vec<Uuid>,
    /// The group that assigns it, if any.
    pub group: Option<Uuid>,
    /// Whether the row grants anything (`Active` or `ActiveWithError`).
    pub active: bool,
    /// The error that Graph names, such as `CountViolation`.
    pub error: Option<String>,
}

/// The best status of each plan that a person was assigned, shared by all who have the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct PlanSet(pub Vec<(Uuid, super::PlanStatus)>);

/// All people of a snapshot.
///
/// A row takes 64 bytes and its name; licence sets, plan sets and containers are stored once.
#[derive(Debug, Clone, Default)]
pub struct People {
    rows: Vec<Vec<Person>>,
    by_id: HashTable<u32>,
    by_upn: HashTable<u32>,
    hasher: DefaultHashBuilder,
    texts: Vec<String>,
    containers: Interner<String>,
    licences: Interner<LicenceSet>,
    plans: Interner<PlanSet>,
}

/// A person with the names and sets that the row refers to.
#[derive(Debug, Clone, Copy)]
pub struct PersonRef<'a> {
    people: &'a People,
    row: &'a Person,
}

impl<'a> PersonRef<'a> {
    /// The Entra object id; nil when only the directory told of the person.
    pub fn id(&self) -> Uuid {
        self.row.id
    }

    /// Answers to yes-or-no questions.
    pub fn flags(&self) -> PersonFlags {
        self.row.flags
    }

    /// The user principal name, empty when not collected.
    pub fn upn(&self) -> &'a str {
        self.people.text(self.row.upn)
    }

    /// What to call the person: the user principal name, or else the object id.
    pub fn name(&self) -> String {
        match self.upn() {
            "" => self.row.id.to_string(),
            upn => upn.to_owned(),
        }
    }

    /// The distinguished name of the container, if known.
    pub fn container(&self) -> Option<&'a str> {
        self.people
            .containers
            .get(self.row.container)
            .map(String::as_str)
    }

    /// Licence assignments, if collected.
    pub fn licences(&self) -> Option<&'a LicenceSet> {
        self.people.licences.get(self.row.licences)
    }

    /// Assigned plans, if collected.
    pub fn plans(&self) -> Option<&'a PlanSet> {
        self.people.plans.get(self.row.plans)
    }

    /// A number that two people share exactly when they have the same licences and plans: verdicts
    /// can be memoised by it.
    pub fn licence_key(&self) -> (u32, u32) {
        (self.row.licences, self.row.plans)
    }

    /// When the on-premises password was set, if known.
    pub fn password_set(&self) -> Option<chrono::DateTime<chrono::Utc>> {
        match self.row.password_set {
            0 => None,
            seconds => chrono::DateTime::from_timestamp(seconds, 0),
        }
    }
}

/// A person's row while it is being filled.
#[derive(Debug)]
pub struct PersonMut<'a> {
    people: &'a mut People,
    index: u32,
}

impl PersonMut<'_> {
    fn row(&mut self) -> &mut Person {
        self.people.row_mut(self.index)
    }

    /// Answers to yes-or-no questions.
    pub fn flags(&mut self) -> &mut PersonFlags {
        &mut self.row().flags
    }

    /// Sets when the on-premises password was set. The latest time stays.
    pub fn set_password_set(&mut self, at: chrono::DateTime<chrono::Utc>) {
        let row = self.row();
        row.password_set = row.password_set.max(at.timestamp());
    }

    /// Sets the container from the distinguished name of the person.
    pub fn set_dn(&mut self, dn: &str) {
        let handle = self
            .people
            .containers
            .intern(super::container_of(dn).to_owned());
        self.row().container = handle;
    }

    /// Sets the licence assignments.
    pub fn set_licences(&mut self, mut set: LicenceSet) {
        for row in &mut set.0 {
            row.disabled.sort_unstable();
        }
        set.0.sort_unstable();
        set.0.dedup();
        let handle = self.people.licences.intern(set);
        self.row().licences = handle;
    }

    /// Sets the assigned plans; of several statuses of one plan the best stays.
    pub fn set_plans(&mut self, mut set: PlanSet) {
        set.0.sort_unstable();
        set.0.dedup_by_key(|(plan, _)| *plan);
        let handle = self.people.plans.intern(set);
        self.row().plans = handle;
    }
}

impl People {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows
            .last()
            .map_or(0, |last| (self.rows.len() - 1) * ROWS + last.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All people, in the order they were met.
    pub fn iter(&self) -> impl Iterator<Item = PersonRef<'_>> {
        self.rows
            .iter()
            .flatten()
            .map(|row| PersonRef { people: self, row })
    }

    /// The person with this object id.
    pub fn by_id(&self, id: Uuid) -> Option<PersonRef<'_>> {
        let index = self
            .by_id
            .find(self.hasher.hash_one(id), |&index| self.row(index).id == id)?;
        Some(PersonRef {
            people: self,
            row: self.row(*index),
        })
    }

    /// The person with this user principal name, in any case.
    pub fn by_upn(&self, upn: &str) -> Option<PersonRef<'_>> {
        let index = self.find_upn(upn)?;
        Some(PersonRef {
            people: self,
            row: self.row(index),
        })
    }

    /// The row of a person, made if it is not there. The id is matched first, then the name.
    /// `None` when neither is given.
    pub fn entry(&mut self, id: Option<Uuid>, upn: Option<&str>) -> Option<PersonMut<'_>> {
        let id = id.filter(|id| !id.is_nil());
        let upn = upn.filter(|upn| !upn.is_empty());
        if id.is_none() && upn.is_none() {
            return None;
        }
        let found = id
            .and_then(|id| {
                let hash = self.hasher.hash_one(id);
                self.by_id
                    .find(hash, |&index| self.row(index).id == id)
                    .copied()
            })
            .or_else(|| {
                let index = upn.and_then(|upn| self.find_upn(upn))?;
                let same = self.row(index).id.is_nil() || id.is_none();
                same.then_some(index)
            });
        let index = found.unwrap_or_else(|| self.push());
        if let Some(id) = id.filter(|_| self.row(index).id.is_nil()) {
            self.row_mut(index).id = id;
            let hash = self.hasher.hash_one(id);
            let Self {
                by_id,
                rows,
                hasher,
                ..
            } = self;
            by_id.insert_unique(hash, index, |&index| hasher.hash_one(at(rows, index).id));
        }
        if let Some(upn) = upn.filter(|_| self.row(index).upn == 0) {
            let handle = self.store(upn);
            self.row_mut(index).upn = handle;
            let hash = hash_upn(&self.hasher, upn);
            let Self {
                by_upn,
                rows,
                hasher,
                texts,
                ..
            } = self;
            by_upn.insert_unique(hash, index, |&index| {
                hash_upn(hasher, text_at(texts, at(rows, index).upn))
            });
        }
        Some(PersonMut {
            people: self,
            index,
        })
    }

    fn find_upn(&self, upn: &str) -> Option<u32> {
        let hash = hash_upn(&self.hasher, upn);
        self.by_upn
            .find(hash, |&index| {
                self.text(self.row(index).upn).eq_ignore_ascii_case(upn)
            })
            .copied()
    }

    fn push(&mut self) -> u32 {
        let index = u32::try_from(self.len()).unwrap_or(u32::MAX);
        match self.rows.last_mut() {
            Some(block) if block.len() < ROWS => block.push(Person::default()),
            _ => {
                let mut block = Vec::with_capacity(ROWS);
                block.push(Person::default());
                self.rows.push(block);
            }
        }
        index
    }

    fn row(&self, index: u32) -> &Person {
        at(&self.rows, index)
    }

    #[expect(clippy::indexing_slicing, reason = "indexes are made by `push` alone")]
    fn row_mut(&mut self, index: u32) -> &mut Person {
        &mut self.rows[index as usize / ROWS][index as usize % ROWS]
    }

    fn text(&self, handle: u32) -> &str {
        text_at(&self.texts, handle)
    }

    /// Stores a text; the handle is its block and offset, plus 1. Names end at a line feed, which
    /// none holds.
    fn store(&mut self, text: &str) -> u32 {
        let text: String = text.chars().filter(|c| *c != '\n').take(TEXT / 8).collect();
        if self
            .texts
            .last()
            .is_none_or(|block| block.len() + text.len() + 1 > TEXT)
        {
            self.texts.push(String::with_capacity(TEXT));
        }
        let block = self.texts.len() - 1;
        let Some(last) = self.texts.last_mut() else {
            return 0;
        };
        let handle = block * TEXT + last.len() + 1;
        last.push_str(&text);
        last.push('\n');
        u32::try_from(handle).unwrap_or(0)
    }
}

#[expect(clippy::indexing_slicing, reason = "indexes are made by `push` alone")]
fn at(rows: &[Vec<Person>], index: u32) -> &Person {
    &rows[index as usize / ROWS][index as usize % ROWS]
}

fn text_at(texts: &[String], handle: u32) -> &str {
    let Some(offset) = (handle as usize).checked_sub(1) else {
        return "";
    };
    texts
        .get(offset / TEXT)
        .and_then(|block| block.get(offset % TEXT..))
        .and_then(|rest| rest.split('\n').next())
        .unwrap_or_default()
}

fn hash_upn(hasher: &DefaultHashBuilder, upn: &str) -> u64 {
    let mut lower = [0_u8; 128];
    match lower.get_mut(..upn.len()) {
        Some(lower) => {
            lower.copy_from_slice(upn.as_bytes());
            lower.make_ascii_lowercase();
            hasher.hash_one(&*lower)
        }
        None => hasher.hash_one(upn.to_ascii_lowercase().as_bytes()),
    }
}

/// Stores each distinct value once. Handles count from 1; 0 means none.
#[derive(Debug, Clone)]
struct Interner<T> {
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
    fn get(&self, handle: u32) -> Option<&T> {
        self.values.get((handle as usize).checked_sub(1)?)
    }

    fn intern(&mut self, value: T) -> u32 {
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
