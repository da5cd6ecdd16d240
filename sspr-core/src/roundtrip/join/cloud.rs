//! The records of the tenant's audit log that close operations.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::domain::agrees;
use super::matching::{Candidate, matched};
use super::{SECOND, Work};
use crate::events::audit::Activity;
use crate::roundtrip::clock::{Clock, Clocks, Pair, Trust};
use crate::roundtrip::draft::{Draft, Member};
use crate::roundtrip::item::{Answer, Item, What};
use crate::roundtrip::{Doubt, Join, Kind};

/// How far a record lies at most from the operation, where the clocks were compared.
const REACH: i64 = 30 * SECOND;
/// How long before the beginning it may seem to lie for all that.
const EARLY: i64 = 2 * SECOND;
/// Costs that differ less are no decision.
const MARGIN: i64 = SECOND;
/// What it costs when one says that it succeeded and the other that it failed.
const OTHER_RESULT: i64 = 5 * SECOND;
/// What it costs when the record speaks of another kind of operation.
const OTHER_KIND: i64 = 5 * SECOND;

impl Work<'_> {
    /// Estimates how the clocks differ.
    pub(super) fn compare_clocks(&mut self) {
        let mut pairs = Vec::new();
        self.write_pairs(&mut pairs);
        self.closing_pairs(&mut pairs);
        self.clocks = Clocks::estimate(pairs, self.names);
        self.group_by_person();
    }

    fn closing_pairs(&self, pairs: &mut Vec<Pair>) {
        let skew = self.skew();
        let mut of_draft: BTreeMap<u32, (u32, Option<Pair>)> = BTreeMap::new();
        for (_, item) in self.numbered().filter(|(_, item)| item.is_closing()) {
            let Some(at) = item.micros().filter(|_| !item.local_time) else {
                continue;
            };
            let near = self.near(item, at, skew);
            let pair = match near.as_slice() {
                [only] => self.draft(*only).and_then(|draft| {
                    let failed = !matches!(item.answer, Answer::Success | Answer::CloudFailed);
                    (agrees(draft, failed) == Some(true)).then_some(Pair {
                        one: (Clock::Machine(draft.machine), draft.end()?),
                        other: (Clock::Cloud, at),
                    })
                }),
                _ => None,
            };
            for number in near {
                let (count, known) = of_draft.entry(number).or_default();
                *count += 1;
                *known = pair;
            }
        }
        pairs.extend(
            of_draft
                .into_values()
                .filter(|(count, _)| *count == 1)
                .filter_map(|(_, pair)| pair),
        );
    }

    /// Joins the closing records to operations; what is left is an operation of the cloud.
    pub(super) fn join_closings(&mut self) {
        let mut candidates = Vec::new();
        for (index, item) in self.numbered().filter(|(_, item)| item.is_closing()) {
            self.closing_candidates(index, item, &mut candidates);
        }
        let margin = MARGIN + 2 * self.clocks.spread(Clock::Cloud).min(SECOND);
        for found in matched(candidates, margin) {
            let doubt = self.clock_doubt(found.one, found.draft);
            let mut member = self
                .by_person(found.one, found.draft)
                .doubting(Doubt::Ambiguous, !found.others.is_empty());
            member.doubts.extend(doubt);
            member.others = found.others;
            self.give(found.draft, member);
            if let Some(draft) = self.drafts.get_mut(found.draft as usize) {
                draft.closing = Some(found.one);
            }
        }
        let closed: BTreeSet<Uuid> = self
            .items
            .iter()
            .filter(|item| item.is_closing() && !item.tracking.is_nil())
            .map(|item| item.tracking)
            .collect();
        let left: Vec<u32> = self
            .numbered()
            .filter(|(index, item)| {
                let blocked =
                    item.what == What::Audit(Activity::Blocked) && !closed.contains(&item.tracking);
                (item.is_closing() || blocked) && !self.is_taken(*index)
            })
            .map(|(index, _)| index)
            .collect();
        for index in left {
            let person = self.item(index).and_then(|item| self.people.person(item));
            let draft = self.add(Draft {
                person,
                closing: Some(index),
                ..Draft::default()
            });
            self.give(draft, Member::new(index, Join::First));
        }
    }

    fn closing_candidates(&self, index: u32, item: &Item, into: &mut Vec<Candidate>) {
        let Some((at, trust)) = self.corrected(item) else {
            return;
        };
        for number in self.near(item, at, self.skew()) {
            let Some(draft) = self.draft(number) else {
                continue;
            };
            let Some(span) = self.under_way(draft) else {
                continue;
            };
            let same_id = !item.tracking.is_nil() && item.tracking == draft.tracking;
            let compared = trust.max(span.trust) == Trust::Compared;
            // The record comes after the end, and in no case before the beginning.
            let early = span.from.saturating_sub(at) > EARLY + 4 * self.clocks.spread(span.clock);
            if !same_id && compared && early {
                continue;
            }
            let far = (at - span.to).abs();
            if !same_id && far > if compared { REACH } else { self.skew() } {
                continue;
            }
            let mut cost = if same_id { far / 1000 } else { far };
            let failed = !matches!(item.answer, Answer::Success | Answer::CloudFailed);
            let disagrees = match draft
                .write
                .and_then(|write| self.writes.get(write as usize))
            {
                Some(write) if draft.end().is_none() => write.failed != failed,
                _ => agrees(draft, failed) == Some(false),
            };
            if disagrees {
                cost += OTHER_RESULT;
            }
            let fits = match (item.what, draft.kind()) {
                (What::Audit(Activity::Reset | Activity::Unlock), Some(Kind::Reset))
                // A change in My Sign-Ins without the old password shows as a reset by an administrator.
                | (What::Audit(Activity::Change), Some(Kind::Change | Kind::AdminReset))
                | (What::Audit(Activity::AdminReset), Some(Kind::AdminReset))
                | (What::Audit(Activity::Unlock), Some(Kind::Unlock))
                | (_, None | Some(Kind::Unknown)) => true,
                _ => false,
            };
            if !fits {
                cost += OTHER_KIND;
            }
            into.push(Candidate {
                cost,
                one: index,
                draft: number,
            });
        }
    }
}
