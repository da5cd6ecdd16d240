//! The writeback service's own events: by tracking id, and by person where that was lost.

use hashbrown::HashMap;
use uuid::Uuid;

use super::{SECOND, Work};
use crate::roundtrip::draft::Draft;
use crate::roundtrip::item::{Item, What};
use crate::roundtrip::names::Name;
use crate::roundtrip::people::PersonId;
use crate::roundtrip::{Doubt, Join};

/// How far apart the start and the end of one person's operation lie at most when they share no
/// tracking id.
const APART: i64 = 120 * SECOND;

impl Work<'_> {
    pub(super) fn service(&mut self) {
        let mut tracked: HashMap<Uuid, u32> = HashMap::new();
        let mut nameless: Vec<u32> = Vec::new();
        for (index, item) in (0_u32..).zip(self.items) {
            if !matches!(
                item.what,
                What::Start(_) | What::Success(_) | What::Failure(_) | What::Aside
            ) {
                continue;
            }
            if item.tracking.is_nil() {
                nameless.push(index);
                continue;
            }
            let draft = *tracked.entry(item.tracking).or_insert_with(|| {
                self.drafts.push(Draft::default());
                u32::try_from(self.drafts.len() - 1).unwrap_or(u32::MAX)
            });
            self.take(draft, index, item, Join::TrackingId);
        }
        // Ids of the service's own troubles are no operations.
        let items = self.items;
        let what = |index: u32| {
            items
                .get(index as usize)
                .map_or(What::Aside, |item| item.what)
        };
        self.drafts.retain(|draft| draft.is_real(what));
        self.nameless(nameless);
    }

    fn take(&mut self, draft: u32, index: u32, item: &Item, join: Join) {
        let person = self.people.person(item);
        if let Some(taken) = self.taken.get_mut(index as usize) {
            *taken = true;
        }
        if let Some(draft) = self.drafts.get_mut(draft as usize) {
            draft.service(index, item, join);
            draft.person = draft.person.or(person);
            if let Some(member) = draft.core.last_mut() {
                if item.local_time {
                    member.doubts.push(Doubt::LocalTime);
                }
                if item.time.is_none() {
                    member.doubts.push(Doubt::NoTime);
                }
            }
        }
    }

    /// Events that lost their tracking ids: an end belongs to the person's last start on that
    /// server that has no end.
    fn nameless(&mut self, indexes: Vec<u32>) {
        if indexes.is_empty() {
            return;
        }
        let mut of: HashMap<(Option<Name>, PersonId), Vec<u32>> = HashMap::new();
        for (number, draft) in (0_u32..).zip(&self.drafts) {
            if let Some(person) = draft.person {
                of.entry((draft.machine, person)).or_default().push(number);
            }
        }
        for index in indexes {
            let Some(item) = self.items.get(index as usize) else {
                continue;
            };
            let person = self.people.person(item);
            let known = person.and_then(|person| of.get(&(item.machine, person)));
            let place = known.and_then(|known| self.place_for(item, known));
            let (draft, join) = match place {
                Some((draft, several)) => {
                    let joined = self.by_person(index, draft).join;
                    self.take(draft, index, item, joined);
                    if several
                        && let Some(draft) = self.drafts.get_mut(draft as usize)
                        && let Some(member) = draft.core.last_mut()
                    {
                        member.doubts.push(Doubt::Ambiguous);
                    }
                    continue;
                }
                None => (self.add(Draft::default()), Join::Person),
            };
            self.take(draft, index, item, join);
            if let Some(person) = person {
                of.entry((item.machine, person)).or_default().push(draft);
            }
        }
    }

    /// The draft that an event without tracking id fits into, and whether it fits into others.
    fn place_for(&self, item: &Item, known: &[u32]) -> Option<(u32, bool)> {
        let at = item.micros()?;
        let mut fitting: Vec<(i64, u32)> = known
            .iter()
            .filter_map(|number| {
                let draft = self.draft(*number)?;
                let distance = match item.what {
                    What::Start(_) if draft.start.is_none() => draft.end()? - at,
                    What::Success(_) if draft.success.is_none() && draft.failure.is_none() => {
                        at - draft.start?
                    }
                    // The directory's answer and the failure itself are two events.
                    What::Failure(None) if draft.success.is_none() => {
                        at - draft.start.or(draft.failure)?
                    }
                    What::Failure(Some(_))
                        if draft.success.is_none() && draft.end_kind.is_none() =>
                    {
                        at - draft.start.or(draft.failure)?
                    }
                    _ => return None,
                };
                let early = if matches!(item.what, What::Failure(_)) {
                    -10 * SECOND
                } else {
                    0
                };
                (early..=APART)
                    .contains(&distance)
                    .then_some((distance.abs(), *number))
            })
            .collect();
        fitting.sort_unstable();
        Some((fitting.first()?.1, fitting.len() > 1))
    }
}
