//! From items to operations: the service's by their ids, then the engine's, the domain's and the
//! cloud's by person and time.

mod cloud;
mod context;
mod domain;
mod engine;
mod matching;
mod service;

use hashbrown::HashMap;

use super::clock::{Clock, Clocks, Trust};
use super::draft::{Draft, Member};
use super::item::{Item, What};
use super::names::{Name, Names};
use super::people::{People, PersonId};
use super::{Connector, Doubt, Join, Settings};
use domain::Write;

/// Everything that is known while operations are put together.
pub(super) struct Work<'a> {
    pub(super) items: &'a [Item],
    pub(super) names: &'a Names,
    pub(super) settings: &'a Settings,
    pub(super) people: People,
    pub(super) clocks: Clocks,
    pub(super) drafts: Vec<Draft>,
    pub(super) writes: Vec<Write>,
    pub(super) connectors: Vec<Connector>,
    /// The drafts of each person and from when to when they were under way, by time.
    of_person: HashMap<PersonId, Vec<(i64, i64, u32)>>,
    /// Which items belong to a draft's core.
    pub(super) taken: Vec<bool>,
}

/// Microseconds.
pub(super) const SECOND: i64 = 1_000_000;
/// An operation that lasts longer is looked for where it began.
const LONGEST: i64 = 15 * 60 * SECOND;
/// Most operations of one person that are compared with one event.
const CROWD: usize = 64;

/// Joins items, which are sorted by time.
pub(super) fn join<'a>(
    items: &'a [Item],
    names: &'a Names,
    people: People,
    settings: &'a Settings,
) -> Work<'a> {
    let mut work = Work {
        items,
        names,
        settings,
        people,
        clocks: Clocks::default(),
        drafts: Vec::new(),
        writes: Vec::new(),
        connectors: Vec::new(),
        of_person: HashMap::new(),
        taken: vec![false; items.len()],
    };
    work.service();
    work.engine();
    work.group_by_person();
    work.collect_writes();
    work.find_connectors();
    work.compare_clocks();
    work.join_writes();
    work.group_by_person();
    work.join_closings();
    work.group_by_person();
    work.add_context();
    work
}

impl Work<'_> {
    pub(super) fn item(&self, index: u32) -> Option<&Item> {
        self.items.get(index as usize)
    }

    fn draft(&self, index: u32) -> Option<&Draft> {
        self.drafts.get(index as usize)
    }

    /// All items with their numbers.
    fn numbered(&self) -> impl Iterator<Item = (u32, &Item)> {
        (0_u32..).zip(self.items)
    }

    fn add(&mut self, draft: Draft) -> u32 {
        self.drafts.push(draft);
        u32::try_from(self.drafts.len() - 1).unwrap_or(u32::MAX)
    }

    /// Gives an item to the core of a draft.
    fn give(&mut self, draft: u32, member: Member) {
        let taken = self.taken.get_mut(member.item as usize);
        if taken.is_some_and(|taken| std::mem::replace(taken, true)) {
            return;
        }
        // An operation that may have it as well shows it beside its own.
        for other in &member.others {
            let mut shown = member.clone();
            shown.others = vec![draft];
            if let Some(other) = self.drafts.get_mut(*other as usize) {
                other.context.push(shown);
            }
        }
        if let Some(draft) = self.drafts.get_mut(draft as usize) {
            draft.core.push(member);
        }
    }

    fn is_taken(&self, item: u32) -> bool {
        self.taken.get(item as usize).copied().unwrap_or(true)
    }

    fn group_by_person(&mut self) {
        let mut of_person: HashMap<PersonId, Vec<(i64, i64, u32)>> = HashMap::new();
        for (index, draft) in (0_u32..).zip(&self.drafts) {
            if let Some((person, span)) = draft.person.zip(self.under_way(draft)) {
                of_person
                    .entry(person)
                    .or_default()
                    .push((span.from, span.to, index));
            }
        }
        for timeline in of_person.values_mut() {
            timeline.sort_unstable();
        }
        self.of_person = of_person;
    }

    /// The drafts of those whom an item may be about, that lie within reach of a time.
    fn near(&self, item: &Item, at: i64, reach: i64) -> Vec<u32> {
        let mut found = Vec::new();
        for person in self.people.concerned(item) {
            let Some(timeline) = self.of_person.get(&person) else {
                continue;
            };
            let first = timeline.partition_point(|(from, ..)| *from < at - reach - LONGEST);
            let until = timeline.partition_point(|(from, ..)| *from <= at + reach);
            let begun = timeline.get(first..until).unwrap_or_default().iter();
            let within = begun.rev().filter(|(_, to, _)| *to >= at - reach);
            found.extend(within.take(CROWD).map(|(.., number)| *number));
        }
        found
    }

    /// The clock of an item.
    pub(super) fn clock(item: &Item) -> Clock {
        match item.what {
            What::Audit(_) => Clock::Cloud,
            What::PasswordSet => Clock::Domain,
            _ => Clock::Machine(item.machine),
        }
    }

    /// The time of an item by the clock that all are compared with.
    pub(super) fn corrected(&self, item: &Item) -> Option<(i64, Trust)> {
        Some(self.clocks.correct(Self::clock(item), item.micros()?))
    }

    /// From when to when a draft was under way, by the clock that all are compared with.
    fn under_way(&self, draft: &Draft) -> Option<Span> {
        if let Some((first, last)) = draft.start.or(draft.end()).zip(draft.end().or(draft.start)) {
            let machine = Clock::Machine(draft.machine);
            let (from, trust) = self.clocks.correct(machine, first);
            let (to, other) = self.clocks.correct(machine, last);
            return Some(Span {
                from: from.min(to),
                to: from.max(to),
                trust: trust.max(other),
                clock: machine,
            });
        }
        // It has none of the service's events.
        let timed = |member: &Member| {
            let item = self.item(member.item)?;
            Some((self.corrected(item)?, Self::clock(item)))
        };
        let ((at, trust), clock) = draft.core.iter().find_map(timed)?;
        Some(Span {
            from: at,
            to: at,
            trust,
            clock,
        })
    }

    /// The user principal name behind an account, if one person alone has it.
    pub(super) fn user_of(&self, item: &Item) -> Option<String> {
        let person = self.people.only(item)?;
        let user = self.people.user(person)?;
        Some(self.names.text(user).to_owned())
    }

    /// The account of an item, or of the person whom it names.
    pub(super) fn account_of(&self, item: &Item) -> Option<Name> {
        item.account
            .or_else(|| self.people.account_of(self.people.person(item)?))
    }

    /// How an item that names a person is known to be of a draft, and what is uncertain about it.
    fn by_person(&self, index: u32, draft: u32) -> Member {
        let Some((item, draft)) = self.item(index).zip(self.draft(draft)) else {
            return Member::new(index, Join::Person);
        };
        let has = |of: fn(&Item) -> Option<Name>| {
            let wanted = of(item);
            wanted.is_some()
                && draft
                    .core
                    .iter()
                    .filter_map(|member| self.item(member.item))
                    .any(|known| of(known) == wanted)
        };
        let join = if !item.tracking.is_nil() && item.tracking == draft.tracking {
            Join::TrackingId
        } else if has(|item| item.anchor) {
            Join::CloudAnchor
        } else if has(|item| item.source) {
            Join::SourceAnchor
        } else if item.by_sid.is_some() || item.account.is_some() {
            Join::Account
        } else {
            Join::Person
        };
        let shared = item.account.is_some() && self.people.concerned(item).nth(1).is_some();
        Member::new(index, join)
            .doubting(Doubt::SharedName, shared)
            .doubting(Doubt::LocalTime, item.local_time)
    }
}

/// When an operation was under way, in microseconds of the clock that all are compared with.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: i64,
    to: i64,
    trust: Trust,
    clock: Clock,
}

impl Span {
    /// How far a time lies outside.
    fn distance(&self, at: i64) -> i64 {
        if at < self.from {
            self.from - at
        } else {
            (at - self.to).max(0)
        }
    }
}
