//! The engine's side of failures, which carries no tracking id.

use std::collections::BTreeMap;

use super::matching::{Candidate, matched};
use super::{SECOND, Work};
use crate::roundtrip::draft::{Draft, Member};

use crate::roundtrip::item::{Item, UNSPECIFIED, What};
use crate::roundtrip::names::Name;
use crate::roundtrip::{Doubt, Join};

/// How far the engine's event may lie from the service's.
const BESIDE: i64 = 10 * SECOND;
/// How near a second event of the engine lies to the first.
const AGAIN: i64 = 2 * SECOND;
/// Costs that differ less are no decision.
const MARGIN: i64 = SECOND / 2;
/// What it costs when the engine's code says nothing (`E_FAIL`) and the service's does.
const NO_CODE: i64 = SECOND / 5;
/// What it costs when only the start is there to compare with.
const ONLY_START: i64 = 3 * SECOND;

impl Work<'_> {
    /// Joins the engine's events (6329) to failures on the same server, by time and code.
    pub(super) fn engine(&mut self) {
        let engine: Vec<(u32, &Item)> = (0_u32..)
            .zip(self.items)
            .filter(|(_, item)| item.what == What::Engine)
            .collect();
        if engine.is_empty() {
            return;
        }
        let mut of_machine: BTreeMap<Option<Name>, Vec<(i64, u32)>> = BTreeMap::new();
        for (number, draft) in (0_u32..).zip(&self.drafts) {
            let anchor = match (draft.has_failed(), draft.success, draft.start) {
                (true, ..) => draft.end(),
                (false, None, start) => start,
                _ => None,
            };
            if let Some(at) = anchor {
                of_machine
                    .entry(draft.machine)
                    .or_default()
                    .push((at, number));
            }
        }
        for list in of_machine.values_mut() {
            list.sort_unstable();
        }
        for round in [false, true] {
            let mut candidates = Vec::new();
            for (index, item) in &engine {
                if self.is_taken(*index) {
                    continue;
                }
                let list = of_machine.get(&item.machine).map_or(&[][..], Vec::as_slice);
                let Some(at) = item.micros() else { continue };
                let from = list.partition_point(|(time, _)| *time < at - BESIDE);
                for (time, number) in list.get(from..).unwrap_or_default() {
                    if *time > at + BESIDE {
                        break;
                    }
                    if let Some(cost) = self.beside(item, at, *time, *number, round) {
                        candidates.push(Candidate {
                            cost,
                            one: *index,
                            draft: *number,
                        });
                    }
                }
            }
            for found in matched(candidates, MARGIN) {
                let ambiguous = !found.others.is_empty();
                let mut member = self.engine_member(found.one, found.draft);
                member.others = found.others;
                let code = self.item(found.one).map_or(0, |item| item.code);
                self.give(found.draft, member.doubting(Doubt::Ambiguous, ambiguous));
                if let Some(draft) = self.drafts.get_mut(found.draft as usize) {
                    draft.engine = true;
                    if draft.code == 0 {
                        draft.code = code;
                    }
                }
            }
        }
        for (index, item) in engine {
            if !self.is_taken(index) {
                let draft = self.add(Draft {
                    host: item.host,
                    machine: item.machine,
                    person: self.people.person(item),
                    code: item.code,
                    failure: item.micros(),
                    engine: true,
                    ..Draft::default()
                });
                self.give(draft, Member::new(index, Join::TimeAndCode));
            }
        }
    }

    fn engine_member(&self, index: u32, draft: u32) -> Member {
        let member = self.by_person(index, draft);
        let join = match member.join {
            Join::CloudAnchor => Join::CloudAnchor,
            _ => Join::TimeAndCode,
        };
        Member { join, ..member }
    }

    /// What speaks against an event of the engine being a draft's; `None` if it cannot be.
    fn beside(&self, item: &Item, at: i64, time: i64, number: u32, again: bool) -> Option<i64> {
        let draft = self.draft(number)?;
        let mute = item.code == 0 || item.code == UNSPECIFIED;
        let same_code = mute || draft.code == 0 || item.code == draft.code;
        let stranger = item.anchor.is_some()
            && draft.person.is_some()
            && self.people.person(item) != draft.person
            && draft.core.iter().any(|member| {
                self.item(member.item)
                    .is_some_and(|item| item.anchor.is_some())
            });
        if !same_code || stranger || draft.engine != again {
            return None;
        }
        let far = (at - time).abs();
        if again {
            return (far <= AGAIN).then_some(far);
        }
        let far = if mute && draft.code != 0 {
            far + NO_CODE
        } else {
            far
        };
        if draft.has_failed() {
            return Some(far);
        }
        // A start without an end: the engine's event comes after it.
        (at >= time).then_some(far + ONLY_START)
    }
}
