//! Who is who: names of one person in the service, the cloud and the domain.

use hashbrown::{HashMap, HashSet};

use super::PersonFacts;
use super::intake::anchor_of;
use super::item::Item;
use super::names::{Name, Names};

/// A person, by one of the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PersonId(u32);

/// The longest account name that a domain takes.
const LONGEST: usize = 20;

/// Which names are one person's.
#[derive(Debug, Default)]
pub(super) struct People {
    /// By name: another name of the same person, or itself.
    parents: Vec<u32>,
    /// By the name that stands for a person: the object in the cloud.
    anchors: HashMap<u32, Name>,
    /// The people who have an account name, with its domain where a list tells.
    accounts: HashMap<Name, Vec<(PersonId, Option<Name>)>>,
    /// One account and one user principal name of each person who has any.
    account: HashMap<PersonId, Name>,
    user: HashMap<PersonId, Name>,
}

impl People {
    /// Reads who is who out of lists and events.
    pub(super) fn of(list: &[PersonFacts], items: &[Item], names: &mut Names) -> Self {
        let mut people = Self::default();
        let mut listed: Vec<(Name, Option<Name>, Option<Name>)> = Vec::new();
        for facts in list {
            let user = names.id(&facts.user);
            let object = facts.object_id.and_then(|id| names.id(&anchor_of(id)));
            let source = facts
                .source_anchor
                .as_deref()
                .and_then(|text| names.id(text));
            people.grow(names.len());
            people.same([object, source, user]);
            let account = facts.account.as_deref().and_then(|text| names.id(text));
            let domain = facts.domain.as_deref().and_then(|text| names.id(text));
            if let Some(one) = user.or(object).or(source) {
                listed.push((one, account, domain));
            }
        }
        people.grow(names.len());
        let mut users: Vec<bool> = vec![false; names.len()];
        for item in items {
            people.same([item.anchor, item.source, item.user]);
            if let Some(seen) = item.user.and_then(|user| users.get_mut(user.index())) {
                *seen = true;
            }
        }
        people.flatten();
        let mut told: HashSet<PersonId> = HashSet::new();
        for (name, account, domain) in listed {
            let person = people.root(name);
            if names.text(name).contains('@') {
                people.user.entry(person).or_insert(name);
            }
            if let Some(account) = account {
                told.insert(person);
                people.account(account, person, domain);
            }
        }
        for item in items {
            let Some(user) = item.user else { continue };
            // Each name once.
            let Some(seen) = users.get_mut(user.index()).filter(|seen| **seen) else {
                continue;
            };
            *seen = false;
            let person = people.root(user);
            people.user.entry(person).or_insert(user);
            if told.contains(&person) {
                continue;
            }
            let text = names.text(user);
            let local = text.split('@').next().unwrap_or_default();
            let cut = local
                .char_indices()
                .nth(LONGEST)
                .map_or(local.len(), |(at, _)| at);
            let account = local.get(..cut).and_then(|local| names.known(local));
            if let Some(account) = account {
                people.account(account, person, None);
            }
        }
        people
    }

    /// Whose event it is, as far as it says so itself.
    pub(super) fn person(&self, item: &Item) -> Option<PersonId> {
        let name = item.anchor.or(item.source).or(item.user)?;
        Some(self.root(name))
    }

    /// Those who may have the account of an event of the domain.
    pub(super) fn with_account<'s>(&'s self, item: &Item) -> impl Iterator<Item = PersonId> + 's {
        let domain = item.domain;
        let all = item.account.and_then(|account| self.accounts.get(&account));
        all.into_iter()
            .flatten()
            .filter_map(move |(person, known)| {
                let fits = match (known, domain) {
                    (Some(known), Some(domain)) => *known == domain,
                    _ => true,
                };
                fits.then_some(*person)
            })
    }

    /// Everybody whom an event may be about.
    pub(super) fn concerned<'s>(&'s self, item: &Item) -> impl Iterator<Item = PersonId> + 's {
        let person = self.person(item);
        let others = person.is_none().then(|| self.with_account(item));
        person.into_iter().chain(others.into_iter().flatten())
    }

    /// The one person whom an event can be about.
    pub(super) fn only(&self, item: &Item) -> Option<PersonId> {
        let mut all = self.concerned(item);
        all.next().filter(|_| all.next().is_none())
    }

    /// An account of a person.
    pub(super) fn account_of(&self, person: PersonId) -> Option<Name> {
        self.account.get(&person).copied()
    }

    /// A user principal name of a person.
    pub(super) fn user(&self, person: PersonId) -> Option<Name> {
        self.user.get(&person).copied()
    }

    fn account(&mut self, account: Name, person: PersonId, domain: Option<Name>) {
        self.account.entry(person).or_insert(account);
        let all = self.accounts.entry(account).or_default();
        if !all.iter().any(|(known, _)| *known == person) {
            all.push((person, domain));
        }
    }

    fn grow(&mut self, len: usize) {
        let from = u32::try_from(self.parents.len()).unwrap_or(u32::MAX);
        let to = u32::try_from(len).unwrap_or(u32::MAX);
        self.parents.extend(from..to);
    }

    fn root(&self, name: Name) -> PersonId {
        PersonId(self.root_of(name.index()))
    }

    fn root_of(&self, index: usize) -> u32 {
        let mut at = u32::try_from(index).unwrap_or(u32::MAX);
        while let Some(parent) = self.parents.get(at as usize).copied()
            && parent != at
        {
            at = parent;
        }
        at
    }

    /// Makes the way from each name to its person one step.
    fn flatten(&mut self) {
        let roots = (0..self.parents.len()).map(|at| self.root_of(at));
        self.parents = roots.collect();
    }

    /// These name one person: an object of the cloud, an immutable id, a user principal name. Two
    /// objects are two people, even if one has inherited the other's name.
    fn same(&mut self, [anchor, source, user]: [Option<Name>; 3]) {
        if let Some(anchor) = anchor {
            let root = self.root(anchor).0;
            self.anchors.entry(root).or_insert(anchor);
        }
        let mut named = [anchor, source, user].into_iter().flatten();
        let Some(first) = named.next() else { return };
        for other in named {
            self.union(first, other);
        }
    }

    fn union(&mut self, one: Name, other: Name) {
        let (a, b) = (self.root(one).0, self.root(other).0);
        if a == b {
            return;
        }
        let (of_a, of_b) = (self.anchors.get(&a).copied(), self.anchors.get(&b).copied());
        if of_a.is_some() && of_b.is_some() {
            return;
        }
        if let Some(parent) = self.parents.get_mut(b as usize) {
            *parent = a;
        }
        if let Some(anchor) = of_b {
            self.anchors.insert(a, anchor);
        }
    }
}
