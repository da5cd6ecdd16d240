//! Joining events to operations.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};

use super::coverage::{Coverage, Covered};
use super::draft::Draft;
use super::intake::Intake;
use super::item::{Item, What};
use super::join::{Work, join};
use super::people::People;
use super::uptime::Uptime;
use super::{DomainSet, Operation, PasswordSet, Settings, Skew, Summary};
use crate::events::catalogue::Source;
use crate::events::{AuditRecord, WindowsEvent};
use crate::evidence::Provenance;

/// How far on either side of the cut of a partial joining events stay, in microseconds.
const OVERLAP: i64 = 10 * 60 * 1_000_000;
/// How near to it the time in the directory lies to the event of the same set, in microseconds.
const SAME_SET: i64 = 10 * 1_000_000;

/// Joins events and records of all sources to operations, in whatever order they come: ascending,
/// descending, or one log after another, with what is delivered again.
///
/// Events are held in some 150 bytes each until [`Correlator::finish`], so that the order of logs
/// changes nothing. When more than [`Settings::hold`] of them wait, all are joined, and the half
/// that lies farthest from the present event leaves; what comes later for its time is joined among
/// itself and counted as late.
///
/// ```
/// use sspr::roundtrip::{Correlator, Settings};
///
/// let mut correlator = Correlator::new(Settings::default());
/// // push_event, push_audit, push_password_set and push_span, in any order
/// let mut operations = Vec::new();
/// let summary = correlator.finish(&mut |operation| operations.push(operation));
/// assert!(operations.is_empty() && summary.outside.is_empty());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Correlator {
    settings: Settings,
    intake: Intake,
    uptime: Uptime,
    coverage: Coverage,
    ready: VecDeque<Operation>,
    summary: Summary,
    /// The time of the latest push.
    now: Option<i64>,
    /// From when to when operations have left.
    left: Option<(i64, i64)>,
}

impl Correlator {
    /// A correlator that knows these settings.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }

    /// What it knows beforehand. It counts when events are joined, so that it can be told at any
    /// time before the end.
    pub fn settings(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// Takes an event and hands over the operations that leave early because of it. Events that
    /// have nothing to do with operations are ignored.
    pub fn push(
        &mut self,
        event: &WindowsEvent,
        from: &Provenance,
        done: &mut dyn FnMut(Operation),
    ) {
        self.push_event(event, from);
        self.ready().for_each(done);
    }

    /// Takes an event of a Windows log, whoever wrote it.
    pub fn push_event(&mut self, event: &WindowsEvent, from: &Provenance) {
        let time = event.time.map(|time| time.timestamp_micros());
        if let Some(at) = time
            && Source::of(&event.provider) == Some(Source::Writeback)
        {
            let computer = event.computer.as_deref();
            let machine = computer.and_then(|host| self.intake.host(host));
            self.uptime.see(machine, event.id, at);
            self.coverage.see(machine, event.id, at);
        }
        self.intake.event(event, from);
        self.pushed(time);
    }

    /// Takes a record of the tenant's audit log.
    pub fn push_audit(&mut self, record: &AuditRecord, from: &Provenance) {
        self.intake.audit(record, from);
        self.pushed(Some(record.time.timestamp_micros()));
    }

    /// Takes the time that the directory keeps of a person's last password.
    pub fn push_password_set(&mut self, set: &PasswordSet, from: &Provenance) {
        self.intake.password_set(set, from);
        self.pushed(None);
    }

    /// The Application log of a machine is there from `first` to `last`: what it does not hold of
    /// that time was not written. Without it the first and the last event of its writeback service
    /// bound the time.
    pub fn push_span(&mut self, host: &str, first: DateTime<Utc>, last: DateTime<Utc>) {
        if let Some(machine) = self.intake.host(host) {
            let (first, last) = (first.timestamp_micros(), last.timestamp_micros());
            self.coverage.state(machine, first, last);
        }
    }

    /// The operations that have left early, which happens beyond [`Settings::hold`] only.
    pub fn ready(&mut self) -> impl Iterator<Item = Operation> + '_ {
        self.ready.drain(..)
    }

    /// How many events wait to be joined. Beyond [`Settings::hold`] the next push joins them.
    pub fn held(&self) -> usize {
        self.intake.items.len()
    }

    /// Hands over all that is left, by time, and tells what else was found.
    pub fn finish(&mut self, done: &mut dyn FnMut(Operation)) -> Summary {
        self.ready.drain(..).for_each(&mut *done);
        let items = self.intake.take();
        self.joined(&items, None, done);
        let fresh = Self::new(std::mem::take(&mut self.settings));
        let all = std::mem::replace(self, fresh);
        let mut summary = all.summary;
        summary.repeated = all.intake.repeated;
        summary.services = all.uptime.finish(&all.intake.names, &all.intake.machines());
        summary
            .outside
            .sort_by(|a, b| (a.at, &a.account, a.event).cmp(&(b.at, &b.account, b.event)));
        summary
    }

    fn pushed(&mut self, time: Option<i64>) {
        if let Some(at) = time {
            self.now = Some(at);
            let late = self
                .left
                .is_some_and(|(first, last)| (first..=last).contains(&at));
            self.summary.late += u64::from(late);
        }
        if self.intake.items.len() > self.settings.hold.max(1) {
            self.settle();
        }
    }

    /// Joins all, and lets the half leave that lies farthest from the present event.
    fn settle(&mut self) {
        let items = self.intake.take();
        let middle = items
            .get(items.len() / 2)
            .and_then(Item::micros)
            .unwrap_or_default();
        let now = self.now.unwrap_or(i64::MAX);
        let early = now >= middle;
        let leaves = move |at: Option<i64>| {
            at.is_none_or(|at| {
                if early {
                    at < middle.saturating_sub(OVERLAP)
                } else {
                    at > middle.saturating_add(OVERLAP)
                }
            })
        };
        let mut ready = VecDeque::new();
        let stays = self.joined(&items, Some(&leaves), &mut |operation| {
            ready.push_back(operation);
        });
        self.ready.extend(ready);
        let left = items.iter().zip(&stays).filter(|(_, stays)| !**stays);
        for (item, _) in left {
            if let Some(at) = item.micros() {
                let (first, last) = self.left.unwrap_or((at, at));
                self.left = Some((first.min(at), last.max(at)));
            }
        }
        let mut stays = stays.into_iter();
        let kept: Vec<Item> = items
            .into_iter()
            .filter(|_| stays.next().unwrap_or_default())
            .collect();
        // Nothing lay far enough apart: all of it leaves, or memory would have no bound.
        if kept.len() > self.settings.hold {
            let mut ready = VecDeque::new();
            self.joined(&kept, None, &mut |operation| ready.push_back(operation));
            self.ready.extend(ready);
        } else {
            self.intake.give_back(kept);
        }
    }

    /// Joins items and hands over the operations all of whose events leave; returns which items
    /// stay.
    fn joined(
        &mut self,
        items: &[Item],
        leaves: Option<&dyn Fn(Option<i64>) -> bool>,
        done: &mut dyn FnMut(Operation),
    ) -> Vec<bool> {
        let people = People::of(&self.settings.people, items, &mut self.intake.names);
        let machines = self.intake.machines();
        let names = &self.intake.names;
        let work = join(items, names, people, &self.settings);
        let covered = self.coverage.corrected(&work.clocks, &machines);
        let goes = |index: u32| {
            let item = items.get(index as usize);
            leaves.is_none_or(|leaves| leaves(item.and_then(Item::micros)))
        };
        let mut stays: Vec<bool> = (0_u32..)
            .zip(items)
            .map(|(index, _)| leaves.is_some() && !goes(index))
            .collect();
        let mut leaving: Vec<(Option<i64>, &Draft)> = Vec::new();
        for draft in &work.drafts {
            let members = || draft.core.iter().chain(&draft.context);
            if members().all(|member| goes(member.item)) {
                leaving.push((time_of(&work, draft), draft));
            } else {
                for member in members() {
                    if let Some(stays) = stays.get_mut(member.item as usize) {
                        *stays = true;
                    }
                }
            }
        }
        leaving.sort_by_key(|(time, draft)| {
            (
                *time,
                draft.tracking,
                draft.core.first().map(|member| member.item),
            )
        });
        for (_, draft) in leaving {
            done(work.operation(draft, &self.intake.origins, &covered));
        }
        let outside = outside(&work, &self.intake, &covered, &|index| {
            stays.get(index as usize).is_none_or(|stays| !stays)
        });
        let mut clocks: Vec<_> = items.iter().map(Work::clock).collect();
        clocks.sort_unstable();
        clocks.dedup();
        let skews = work.clocks.skews(names, clocks);
        self.summary.skews = merged(std::mem::take(&mut self.summary.skews), skews);
        for connector in work.connectors {
            let known = self.summary.connectors.iter_mut();
            match known
                .into_iter()
                .find(|known| known.account == connector.account)
            {
                Some(known) => *known = connector,
                None => self.summary.connectors.push(connector),
            }
        }
        self.summary.outside.extend(outside);
        stays
    }
}

fn time_of(work: &Work<'_>, draft: &Draft) -> Option<i64> {
    let first = || {
        draft
            .core
            .iter()
            .find_map(|member| work.item(member.item)?.micros())
    };
    draft.end().or(draft.start).or_else(first)
}

/// Skews of two stretches of time as one.
fn merged(before: Vec<Skew>, after: Vec<Skew>) -> Vec<Skew> {
    if before.is_empty() {
        return after;
    }
    let mut all: BTreeMap<(bool, Option<String>), Skew> = BTreeMap::new();
    for skew in before.into_iter().chain(after) {
        let key = (!skew.reference, skew.host.clone());
        match all.get_mut(&key) {
            None => {
                all.insert(key, skew);
            }
            Some(known) => {
                known.offset = skew.offset.or(known.offset);
                known.spread = known.spread.max(skew.spread);
                known.pairs += skew.pairs;
                known.range = match (known.range, skew.range) {
                    (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
                    (one, other) => one.or(other),
                };
                known.steps.extend(skew.steps);
                known.steps.dedup();
            }
        }
    }
    all.into_values().collect()
}

/// The passwords that were set in the domain, and not by writeback. The directory's own time of the last
/// one says so only where the servers' logs would show a write.
fn outside(
    work: &Work<'_>,
    intake: &Intake,
    covered: &Covered,
    leaves: &dyn Fn(u32) -> bool,
) -> Vec<DomainSet> {
    let names = &intake.names;
    let text = |name: Option<super::names::Name>| name.map(|name| names.text(name).to_owned());
    // When each account's password was set, by whomever.
    let mut sets: BTreeMap<_, Vec<i64>> = BTreeMap::new();
    for write in &work.writes {
        let counts = !write.failed && write.is_set();
        if let Some(item) = work.item(write.first).filter(|_| counts) {
            sets.entry(item.account).or_default().push(write.at);
        }
    }
    for times in sets.values_mut() {
        times.sort_unstable();
    }
    let near = |item: &Item, at: i64, reach: i64| {
        sets.get(&item.account).is_some_and(|times| {
            let first = times.partition_point(|time| *time < at - reach);
            times.get(first).is_some_and(|time| *time <= at + reach)
        })
    };
    let mut found = Vec::new();
    for write in &work.writes {
        let Some(item) = work.item(write.first) else {
            continue;
        };
        let sets = write.is_set()
            || write.what == What::Edit && item.sets && !near(item, write.at, SAME_SET / 3);
        let counts = sets && !write.failed && !write.connector && leaves(write.first);
        if let (true, Some(at), Some(account)) = (counts, item.time, text(item.account)) {
            found.push(DomainSet {
                at,
                account,
                domain: text(item.domain),
                user: work.user_of(item),
                by: text(item.by),
                event: Some(item.id),
                host: text(item.host),
                from: intake.origins.provenance(item),
            });
        }
    }
    for (index, item) in (0_u32..).zip(work.items) {
        let is_left = item.what == What::PasswordSet
            && leaves(index)
            && work.taken.get(index as usize) == Some(&false);
        let Some(at) = item.micros().filter(|at| is_left && covered.covers(*at)) else {
            continue;
        };
        let account = work.account_of(item);
        let mut by_account = item.clone();
        by_account.account = account;
        if near(&by_account, at, SAME_SET) {
            continue;
        }
        if let (Some(time), Some(account)) = (item.time, text(account.or(item.user))) {
            found.push(DomainSet {
                at: time,
                account,
                domain: text(item.domain),
                user: text(item.user).or_else(|| work.user_of(item)),
                by: None,
                event: None,
                host: None,
                from: intake.origins.provenance(item),
            });
        }
    }
    found
}

#[cfg(test)]
mod joins;
#[cfg(test)]
mod tests;
