//! People as compact rows: millions of them fit in memory.

mod flags;
mod intern;

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;
use uuid::Uuid;

pub use flags::PersonFlags;
use intern::Interner;

use crate::directory::security::{DescriptorId, ObjectClass, Sid};
use crate::evidence::Strength;

/// How many rows and how many bytes of text stand in one block. Blocks never move, so that
/// growth costs no copy.
const ROWS: usize = 4_096;
const TEXT: usize = 1 << 20;

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
    /// Handle of the account's names in the directory, 0 when unknown.
    account: u32,
    /// Handle of what the directory says of fine-grained policies, 0 when it says nothing.
    policies: u32,
    /// Answers to yes-or-no questions.
    pub flags: PersonFlags,
    /// The weight of the list of users that counts, see [`PersonMut::told_by_list`].
    list: u32,
    /// The security descriptor.
    descriptor: Option<DescriptorId>,
    /// The last part of the SID.
    rid: u32,
    /// Handle of the SID's domain, 0 when the SID is unknown.
    domain: u32,
    /// Handle of the structural class, 0 when unknown.
    class: u32,
}

/// What the names of an account are parted by in their one text.
const PART: char = '\u{1f}';

/// The names of an account of the directory; a name that is not known is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DirectoryNames<'a> {
    /// `sAMAccountName`.
    pub account: &'a str,
    /// `displayName`.
    pub display: &'a str,
    /// The first part of the distinguished name, such as `CN=Jane Doe`.
    pub rdn: &'a str,
}

impl<'a> DirectoryNames<'a> {
    fn parse(text: &'a str) -> Self {
        let mut parts = text.split(PART);
        let mut next = || parts.next().unwrap_or_default();
        Self {
            account: next(),
            display: next(),
            rdn: next(),
        }
    }

    /// The names of both; where they differ, the greater one, so that no order of reading shows.
    fn or(self, other: Self) -> Self {
        Self {
            account: self.account.max(other.account),
            display: self.display.max(other.display),
            rdn: self.rdn.max(other.rdn),
        }
    }
}

/// What the directory says of the fine-grained policies of an account, shared by all of whom it
/// says the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct AppliedPolicies {
    /// `msDS-ResultantPSO`: the distinguished name of the policy that holds.
    pub resultant: Option<String>,
    /// `msDS-PSOApplied`: distinguished names of the policies on the account itself, sorted.
    pub direct: Option<Vec<String>>,
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
    domains: Interner<Sid>,
    classes: Interner<ObjectClass>,
    licences: Interner<LicenceSet>,
    plans: Interner<PlanSet>,
    policies: Interner<AppliedPolicies>,
}

/// A person with the names and sets that the row refers to.
#[derive(Debug, Clone, Copy)]
pub struct PersonRef<'a> {
    people: &'a People,
    row: &'a Person,
    index: u32,
}

impl<'a> PersonRef<'a> {
    /// The Entra object id; nil when only the directory told of the person.
    pub fn id(&self) -> Uuid {
        self.row.id
    }

    /// The number of the row, counted from 0: sets of people are kept as bits by it.
    pub fn index(&self) -> u32 {
        self.index
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

    /// The security descriptor in Active Directory, if it was collected and can be trusted. The
    /// snapshot's store of descriptors holds it.
    pub fn descriptor(&self) -> Option<DescriptorId> {
        self.row.descriptor
    }

    /// The structural class in Active Directory, if known.
    pub fn class(&self) -> Option<ObjectClass> {
        self.people.classes.get(self.row.class).copied()
    }

    /// The SID in Active Directory, if known.
    pub fn sid(&self) -> Option<Sid> {
        self.people
            .domains
            .get(self.row.domain)?
            .with_rid(self.row.rid)
    }

    /// Licence assignments, if collected.
    pub fn licences(&self) -> Option<&'a LicenceSet> {
        self.people.licences.get(self.row.licences)
    }

    /// Assigned plans, if collected.
    pub fn plans(&self) -> Option<&'a PlanSet> {
        self.people.plans.get(self.row.plans)
    }

    /// The names of the account in the directory, if collected.
    pub fn directory_names(&self) -> Option<DirectoryNames<'a>> {
        match self.people.text(self.row.account) {
            "" => None,
            text => Some(DirectoryNames::parse(text)),
        }
    }

    /// The distinguished name, if the directory told it.
    pub fn dn(&self) -> Option<String> {
        let rdn = self.directory_names()?.rdn;
        let container = self.container()?;
        (!rdn.is_empty()).then(|| format!("{rdn},{container}"))
    }

    /// What the directory says of fine-grained policies, if it says anything.
    pub fn applied_policies(&self) -> Option<&'a AppliedPolicies> {
        self.people.policies.get(self.row.policies)
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

    /// The number of the row.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Answers to yes-or-no questions.
    pub fn flags(&mut self) -> &mut PersonFlags {
        &mut self.row().flags
    }

    /// What is known of the person so far.
    pub fn look(&self) -> PersonRef<'_> {
        PersonRef {
            people: self.people,
            row: self.people.row(self.index),
            index: self.index,
        }
    }

    /// Notes that a list of users of this strength and time tells of the person. Whether it counts:
    /// no list before it was stronger, or as strong and observed later, to the minute.
    pub fn told_by_list(
        &mut self,
        strength: Strength,
        observed_at: Option<chrono::DateTime<chrono::Utc>>,
    ) -> bool {
        const MINUTES: u32 = (1 << 28) - 1;
        let minutes = observed_at.map_or(0, |at| at.timestamp() / 60);
        let minutes = u32::try_from(minutes.max(0)).map_or(MINUTES, |m| m.min(MINUTES));
        let weight = (strength as u32) << 28 | minutes;
        let row = self.row();
        let counts = weight >= row.list;
        row.list = row.list.max(weight);
        counts
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

    /// Sets the names of the account in the directory; empty ones say nothing.
    pub fn set_directory_names(&mut self, names: DirectoryNames<'_>) {
        let known = DirectoryNames::parse(self.people.text(self.people.row(self.index).account));
        let all = known.or(names);
        if all != known {
            let DirectoryNames {
                account,
                display,
                rdn,
            } = all;
            let text = format!("{account}{PART}{display}{PART}{rdn}");
            let handle = self.people.store(&text);
            self.row().account = handle;
        }
    }

    /// Sets what the directory says of fine-grained policies. What is said twice counts once; of
    /// different answers the greater one stays, so that no order of reading shows.
    pub fn set_applied_policies(&mut self, mut found: AppliedPolicies) {
        if let Some(direct) = &mut found.direct {
            direct.sort_unstable();
        }
        let known = self
            .people
            .policies
            .get(self.people.row(self.index).policies);
        if let Some(known) = known {
            found.resultant = found.resultant.max(known.resultant.clone());
            found.direct = found.direct.max(known.direct.clone());
        }
        if found != AppliedPolicies::default() {
            let handle = self.people.policies.intern(found);
            self.row().policies = handle;
        }
    }

    /// The security descriptor, if it was set.
    pub fn descriptor(&self) -> Option<DescriptorId> {
        at(&self.people.rows, self.index).descriptor
    }

    /// Sets the security descriptor, of the store that belongs to these people.
    pub fn set_descriptor(&mut self, descriptor: DescriptorId) {
        self.row().descriptor = Some(descriptor);
    }

    /// Sets the structural class.
    pub fn set_class(&mut self, class: ObjectClass) {
        let handle = self.people.classes.intern(class);
        self.row().class = handle;
    }

    /// Sets the SID. One without a last part is no person's.
    pub fn set_sid(&mut self, sid: Sid) {
        if let Some(rid) = sid.rid() {
            let domain = self.people.domains.intern(sid.domain());
            let row = self.row();
            (row.domain, row.rid) = (domain, rid);
        }
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

    /// The person of a row, counted from 0 in the order they were met.
    pub fn at(&self, index: u32) -> Option<PersonRef<'_>> {
        ((index as usize) < self.len()).then(|| PersonRef {
            people: self,
            row: self.row(index),
            index,
        })
    }

    /// All people, in the order they were met.
    pub fn iter(&self) -> impl Iterator<Item = PersonRef<'_>> {
        self.rows
            .iter()
            .flatten()
            .zip(0..)
            .map(|(row, index)| PersonRef {
                people: self,
                row,
                index,
            })
    }

    /// The person with this object id.
    pub fn by_id(&self, id: Uuid) -> Option<PersonRef<'_>> {
        let index = *self
            .by_id
            .find(self.hasher.hash_one(id), |&index| self.row(index).id == id)?;
        Some(PersonRef {
            people: self,
            row: self.row(index),
            index,
        })
    }

    /// The person with this user principal name, in any case.
    pub fn by_upn(&self, upn: &str) -> Option<PersonRef<'_>> {
        let index = self.find_upn(upn)?;
        Some(PersonRef {
            people: self,
            row: self.row(index),
            index,
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

    /// The row of a number, as [`PersonRef::index`] gives it.
    pub fn row_of(&mut self, index: u32) -> Option<PersonMut<'_>> {
        ((index as usize) < self.len()).then_some(PersonMut {
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
