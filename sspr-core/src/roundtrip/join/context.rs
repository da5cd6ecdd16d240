//! What goes with an operation and is no part of it.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use uuid::Uuid;

use super::{SECOND, Work};
use crate::events::audit::Activity;
use crate::roundtrip::clock::Trust;
use crate::roundtrip::draft::Member;
use crate::roundtrip::item::{Item, What};
use crate::roundtrip::names::Name;
use crate::roundtrip::{Doubt, Join};

/// How long before the request a flow may have begun: a session lasts 15 minutes.
const SESSION: i64 = 15 * 60 * SECOND;
/// How far the directory's own record of a reset lies from the closing one.
const RECORD: i64 = 60 * SECOND;
/// How long before an operation a lockout counts.
const LOCKED: i64 = 60 * 60 * SECOND;
/// How near the agent's refusal, or the time in the directory, lies to the write.
const BESIDE: i64 = 10 * SECOND;
/// How long before and after the service's events the engine's diagnostic lines lie.
const DIAGNOSTIC: i64 = SECOND;

impl Work<'_> {
    pub(super) fn add_context(&mut self) {
        let flows = self.flows();
        let machines = self.busy();
        // By operation and event id the one that lies nearest.
        let mut first: BTreeMap<(u32, What, u32), (i64, Member)> = BTreeMap::new();
        let mut all: Vec<(u32, Member)> = Vec::new();
        for (index, item) in self.numbered() {
            if self.is_taken(index) {
                continue;
            }
            match item.what {
                What::Audit(Activity::Progress | Activity::DirectoryReset | Activity::Blocked) => {
                    all.extend(self.step_of_flow(index, item, &flows));
                }
                What::Diagnostic => all.extend(diagnostic(index, item, &machines)),
                What::HashSync | What::SignIn => {
                    if let Some((draft, far, member)) = self.following(index, item) {
                        nearest(&mut first, (draft, item.what, item.id), far, member);
                    }
                }
                What::Lockout => {
                    if let Some((draft, far, member)) = self.locked(index, item) {
                        nearest(&mut first, (draft, item.what, item.id), far, member);
                    }
                }
                What::Agent | What::PasswordSet => {
                    if let Some((draft, far, member)) = self.beside_write(index, item) {
                        nearest(&mut first, (draft, item.what, item.id), far, member);
                    }
                }
                _ => {}
            }
        }
        let first = first
            .into_iter()
            .map(|((draft, ..), (_, member))| (draft, member));
        for (draft, member) in all.into_iter().chain(first) {
            if let Some(taken) = self.taken.get_mut(member.item as usize) {
                *taken = true;
            }
            if let Some(draft) = self.drafts.get_mut(draft as usize) {
                draft.context.push(member);
            }
        }
    }

    /// The closed operations of each flow, by the time of the record that closes them.
    fn flows(&self) -> HashMap<Uuid, Vec<(i64, u32)>> {
        let mut flows: HashMap<Uuid, Vec<(i64, u32)>> = HashMap::new();
        for (number, draft) in (0_u32..).zip(&self.drafts) {
            let Some(closing) = draft.closing.and_then(|index| self.item(index)) else {
                continue;
            };
            if let Some(at) = closing.micros().filter(|_| !closing.tracking.is_nil()) {
                flows
                    .entry(closing.tracking)
                    .or_default()
                    .push((at, number));
            }
        }
        for flow in flows.values_mut() {
            flow.sort_unstable();
        }
        flows
    }

    fn step_of_flow(
        &self,
        index: u32,
        item: &Item,
        flows: &HashMap<Uuid, Vec<(i64, u32)>>,
    ) -> Option<(u32, Member)> {
        let at = item.micros()?;
        if let Some(flow) = flows.get(&item.tracking) {
            // A step belongs to the next record that closes an attempt, else to the last.
            let next = flow.partition_point(|(closed, _)| *closed < at);
            let (_, draft) = flow.get(next).or(flow.last())?;
            let person = self.people.person(item);
            let of_other = person.is_some()
                && self
                    .draft(*draft)?
                    .person
                    .is_some_and(|of| Some(of) != person);
            return (!of_other).then(|| (*draft, Member::new(index, Join::Flow)));
        }
        let (at, trust) = self.corrected(item)?;
        let record = item.what == What::Audit(Activity::DirectoryReset);
        let reach = if record { RECORD } else { SESSION };
        let mut near: Vec<(i64, u32)> = self
            .near(item, at, reach)
            .into_iter()
            .filter_map(|number| {
                let span = self.under_way(self.draft(number)?)?;
                let after = span.to - at;
                let fits = (-RECORD..=reach).contains(&after);
                fits.then_some((after.abs(), number))
            })
            .collect();
        near.sort_unstable();
        let (_, draft) = *near.first()?;
        let member = self.by_person(index, draft);
        Some((
            draft,
            member.doubting(Doubt::ClockUnknown, trust == Trust::Unknown),
        ))
    }

    /// When which operations were under way on each machine, by its own clock.
    fn busy(&self) -> HashMap<Option<Name>, Vec<(i64, i64, u32)>> {
        let mut machines: HashMap<Option<Name>, Vec<(i64, i64, u32)>> = HashMap::new();
        if !self.items.iter().any(|item| item.what == What::Diagnostic) {
            return machines;
        }
        for (number, draft) in (0_u32..).zip(&self.drafts) {
            let Some((from, to)) = draft.start.or(draft.end()).zip(draft.end().or(draft.start))
            else {
                continue;
            };
            let host = draft.core.first().and_then(|member| self.item(member.item));
            let machine = host.and_then(|item| item.machine);
            let busy = machines.entry(machine).or_default();
            busy.push((from.min(to) - DIAGNOSTIC, from.max(to) + DIAGNOSTIC, number));
        }
        for busy in machines.values_mut() {
            busy.sort_unstable();
        }
        machines
    }

    /// The operation that a sign-in or hash synchronisation follows: the last one of that person.
    fn following(&self, index: u32, item: &Item) -> Option<(u32, i64, Member)> {
        let (at, trust) = self.corrected(item)?;
        let follow = self
            .settings
            .follow
            .num_microseconds()
            .unwrap_or(i64::MAX / 8);
        let person = self.people.only(item)?;
        let timeline = self.of_person.get(&person)?;
        let before = timeline.partition_point(|(from, ..)| *from <= at);
        let (.., number) = *timeline.get(before.checked_sub(1)?)?;
        let draft = self.draft(number)?;
        let far = at - self.under_way(draft)?.to;
        let taken = draft.success.is_some()
            || draft
                .write
                .and_then(|write| self.writes.get(write as usize))
                .is_some_and(|write| !write.failed);
        // An unlock leaves the password as it is.
        let unlocks = item.what == What::HashSync
            && draft
                .write
                .and_then(|write| self.writes.get(write as usize))
                .is_some_and(|write| !write.is_set());
        if !taken || unlocks || far < -SECOND || far > follow {
            return None;
        }
        let join = match item.what {
            What::HashSync => Join::SourceAnchor,
            _ => Join::Person,
        };
        let member = Member::new(index, join)
            .doubting(Doubt::ClockUnknown, trust == Trust::Unknown)
            .doubting(Doubt::LocalTime, item.local_time);
        Some((number, far, member))
    }

    /// The operation that a lockout came before.
    fn locked(&self, index: u32, item: &Item) -> Option<(u32, i64, Member)> {
        let (at, trust) = self.corrected(item)?;
        let person = self.people.only(item)?;
        let timeline = self.of_person.get(&person)?;
        let after = timeline.partition_point(|(from, ..)| *from < at);
        let (from, _, number) = *timeline.get(after)?;
        let far = from - at;
        let member = Member::new(index, Join::Person)
            .doubting(Doubt::ClockUnknown, trust == Trust::Unknown)
            .doubting(Doubt::LocalTime, item.local_time);
        (far <= LOCKED).then_some((number, far, member))
    }

    /// The operation beside whose write something lies: the agent's refusal, or the time in the
    /// directory.
    fn beside_write(&self, index: u32, item: &Item) -> Option<(u32, i64, Member)> {
        let (at, trust) = self.corrected(item)?;
        let raw = item.micros()?;
        let refuses = item.what == What::Agent;
        let mut near: Vec<(i64, u32, bool)> = self
            .near(item, at, self.skew())
            .into_iter()
            .filter_map(|number| {
                let draft = self.draft(number)?;
                if refuses == draft.success.is_some() {
                    return None;
                }
                // The directory's time is that of the domain controller that took the password.
                let by_write = draft
                    .write
                    .and_then(|write| self.writes.get(write as usize))
                    .filter(|write| write.failed == refuses)
                    .map(|write| (write.at - raw).abs());
                let span = self.under_way(draft)?;
                let by_time = span.distance(at);
                let unknown = trust == Trust::Unknown && by_write.is_none();
                let far = by_write.map_or(by_time, |by_write| by_write.min(by_time));
                let reach = if unknown { self.skew() } else { BESIDE };
                (far <= reach).then_some((far, number, unknown && far > BESIDE))
            })
            .collect();
        near.sort_unstable();
        let (far, number, unknown) = *near.first()?;
        let member = self
            .by_person(index, number)
            .doubting(Doubt::ClockUnknown, unknown)
            .doubting(Doubt::Ambiguous, unknown && near.len() > 1);
        Some((number, far, member))
    }
}

fn nearest(
    all: &mut BTreeMap<(u32, What, u32), (i64, Member)>,
    key: (u32, What, u32),
    far: i64,
    member: Member,
) {
    match all.get(&key) {
        Some((known, _)) if *known <= far => {}
        _ => {
            all.insert(key, (far, member));
        }
    }
}

/// A line of the engine belongs to the operation that alone was under way on its server.
fn diagnostic(
    index: u32,
    item: &Item,
    machines: &HashMap<Option<Name>, Vec<(i64, i64, u32)>>,
) -> Option<(u32, Member)> {
    /// How many of those that began before are looked at.
    const LOOKED_AT: usize = 16;
    let at = item.micros()?;
    let busy = machines.get(&item.machine)?;
    let until = busy.partition_point(|(from, ..)| *from <= at);
    let under_way = busy.get(until.saturating_sub(LOOKED_AT)..until)?;
    let mut open = under_way.iter().filter(|(_, to, _)| *to >= at);
    let (only, more) = (open.next()?, open.next());
    more.is_none()
        .then(|| (only.2, Member::new(index, Join::Alone)))
}
