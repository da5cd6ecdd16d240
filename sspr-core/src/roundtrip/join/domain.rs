//! What domain controllers log: passwords set, accounts unlocked.

use std::collections::BTreeMap;

use super::matching::{Candidate, matched};
use super::{SECOND, Work};
use crate::roundtrip::clock::{Clock, Pair, Trust};
use crate::roundtrip::draft::Draft;
use crate::roundtrip::item::{Item, What};
use crate::roundtrip::names::Name;
use crate::roundtrip::{Connector, ConnectorAccount, Doubt, HowKnown, Kind};

/// How far apart the events of one write lie on one domain controller.
const TOGETHER: i64 = 3 * SECOND;
/// How far a write lies at most from the operation, where the clocks were compared.
const REACH: i64 = 10 * SECOND;
/// Costs that differ less are no decision.
const MARGIN: i64 = SECOND;
/// What it costs when one says that it succeeded and the other that it failed.
const OTHER_RESULT: i64 = 4 * SECOND;
/// What it costs when a change meets a reset.
const OTHER_KIND: i64 = 2 * SECOND;
/// Pairs below which a clock is not known well.
pub(super) const FEW: u64 = 3;
/// An offset that matters where it is known by few pairs.
pub(super) const FAR: i64 = 10 * SECOND;
/// How the names of connector accounts begin.
const PREFIXES: [&str; 3] = ["MSOL_", "AAD_", "pGMSA_"];

/// An account that does something in the domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::roundtrip) struct Account {
    name: Option<Name>,
    domain: Option<Name>,
    sid: Option<Name>,
}

/// Events of one domain controller that are one write.
#[derive(Debug, Clone)]
pub(in crate::roundtrip) struct Write {
    /// Its items, by time.
    pub(in crate::roundtrip) items: Vec<u32>,
    /// The item that says what it was: 4724 or 4723, else 4767, else 4738.
    pub(in crate::roundtrip) first: u32,
    pub(in crate::roundtrip) what: What,
    pub(in crate::roundtrip) failed: bool,
    /// The connector account did it.
    pub(in crate::roundtrip) connector: bool,
    /// By the domain controller's clock.
    pub(in crate::roundtrip) at: i64,
    pub(in crate::roundtrip) draft: Option<u32>,
}

/// An event of a domain controller: when, its number, what it is, and whether that failed.
type Logged = (i64, u32, What, bool);

impl Write {
    /// Whether it sets a password or tries to.
    pub(in crate::roundtrip) const fn is_set(&self) -> bool {
        matches!(self.what, What::Reset | What::Change)
    }
}

impl Account {
    fn of(item: &Item) -> Self {
        Self {
            name: item.by,
            domain: item.by_domain,
            sid: item.by_sid,
        }
    }

    /// Whether an account that did something is this one.
    fn is(&self, other: &Self) -> bool {
        if self.sid.is_some() && other.sid.is_some() {
            return self.sid == other.sid;
        }
        let same_domain = match (self.domain, other.domain) {
            (Some(one), Some(two)) => one == two,
            _ => true,
        };
        self.name.is_some() && self.name == other.name && same_domain
    }
}

impl Work<'_> {
    /// Groups what domain controllers log.
    pub(super) fn collect_writes(&mut self) {
        let mut groups: BTreeMap<[Option<Name>; 3], Vec<Logged>> = BTreeMap::new();
        for (index, item) in self.numbered() {
            if matches!(
                item.what,
                What::Reset | What::Change | What::Edit | What::Unlock
            ) && let Some(at) = item.micros()
            {
                let by = item.by_sid.or(item.by);
                let group = groups.entry([item.machine, item.account, by]).or_default();
                group.push((at, index, item.what, item.failed));
            }
        }
        let mut writes: Vec<Write> = Vec::new();
        for group in groups.into_values() {
            let own = writes.len();
            let is_set = |what: What| matches!(what, What::Reset | What::Change);
            let new = |at, index, what, failed| Write {
                items: vec![index],
                first: index,
                what,
                failed,
                connector: false,
                at,
                draft: None,
            };
            for (at, index, what, failed) in &group {
                if is_set(*what) {
                    writes.push(new(*at, *index, *what, *failed));
                }
            }
            let sets = writes.len();
            for (at, index, what, failed) in &group {
                if is_set(*what) {
                    continue;
                }
                // To the nearest that took, else to what stands alone.
                let here = writes.get(own..sets).unwrap_or_default();
                let after = own + here.partition_point(|write| write.at < *at);
                let near = |range: std::ops::Range<usize>| {
                    range
                        .filter_map(|place| {
                            let write = writes.get(place)?;
                            let far = (write.at - at).abs();
                            (!write.failed && far <= TOGETHER).then_some((far, place))
                        })
                        .min()
                };
                let found = near(after.saturating_sub(2).max(own)..(after + 2).min(sets))
                    .or_else(|| near(writes.len().saturating_sub(1).max(sets)..writes.len()));
                match found.and_then(|(_, place)| writes.get_mut(place)) {
                    Some(write) => {
                        write.items.push(*index);
                        if *what == What::Unlock && write.what == What::Edit {
                            write.what = What::Unlock;
                            write.first = *index;
                        }
                    }
                    None => writes.push(new(*at, *index, *what, *failed)),
                }
            }
        }
        for write in &mut writes {
            write.items.sort_unstable();
        }
        writes.sort_by_key(|write| (write.at, write.first));
        self.writes = writes;
    }

    /// Finds the accounts that write for the service.
    pub(super) fn find_connectors(&mut self) {
        let stated = &self.settings.connectors;
        let names = self.names;
        let mut accounts: Vec<(Account, HowKnown)> = stated
            .iter()
            .map(|account| {
                let known =
                    |text: &Option<String>| text.as_deref().and_then(|text| names.known(text));
                let account = Account {
                    name: known(&account.name),
                    domain: known(&account.domain),
                    sid: known(&account.sid),
                };
                (account, HowKnown::Stated)
            })
            .collect();
        if stated.is_empty() {
            let prefixed: Vec<Account> = self.subjects(|name| {
                PREFIXES.iter().any(|prefix| {
                    name.get(..prefix.len())
                        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
                })
            });
            accounts.extend(
                prefixed
                    .into_iter()
                    .map(|account| (account, HowKnown::Name)),
            );
            accounts.extend(self.writers(&accounts));
        }
        let matches = |item: &Item| {
            let by = Account::of(item);
            accounts.iter().any(|(account, _)| account.is(&by))
        };
        let items = self.items;
        for write in &mut self.writes {
            write.connector = items.get(write.first as usize).is_some_and(matches);
        }
        self.connectors = if stated.is_empty() {
            let text = |name: Option<Name>| name.map(|name| names.text(name).to_owned());
            accounts
                .into_iter()
                .map(|(account, known)| Connector {
                    account: ConnectorAccount {
                        name: text(account.name),
                        domain: text(account.domain),
                        sid: text(account.sid),
                    },
                    known,
                })
                .collect()
        } else {
            stated
                .iter()
                .map(|account| Connector {
                    account: account.clone(),
                    known: HowKnown::Stated,
                })
                .collect()
        };
        self.connectors.sort_by(|a, b| {
            let key = |c: &Connector| {
                (
                    c.account.name.clone(),
                    c.account.domain.clone(),
                    c.account.sid.clone(),
                )
            };
            key(a).cmp(&key(b))
        });
    }

    /// The accounts that set passwords and whose name fits.
    fn subjects(&self, fits: impl Fn(&str) -> bool) -> Vec<Account> {
        let mut found: Vec<Account> = self
            .writes
            .iter()
            .filter_map(|write| {
                let item = self.item(write.first)?;
                fits(self.names.text(item.by?)).then(|| Account::of(item))
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The accounts that set passwords where and when the service says that it did.
    fn writers(&self, known: &[(Account, HowKnown)]) -> Vec<(Account, HowKnown)> {
        let times = || {
            self.drafts
                .iter()
                .filter_map(|draft| draft.end().or(draft.start))
        };
        let Some((first, last)) = times().min().zip(times().max()) else {
            return Vec::new();
        };
        let skew = self.skew();
        let mut tally: BTreeMap<Account, (u64, u64)> = BTreeMap::new();
        for write in self.writes.iter().filter(|write| write.is_set()) {
            let Some(item) = self.item(write.first) else {
                continue;
            };
            let by = Account::of(item);
            let own = item.by == item.account;
            let seen = (first - skew..=last + skew).contains(&write.at);
            if own || !seen || by.name.is_none() || known.iter().any(|(account, _)| account.is(&by))
            {
                continue;
            }
            let beside = self.near(item, write.at, skew).into_iter().any(|number| {
                self.draft(number)
                    .is_some_and(|draft| agrees(draft, write.failed) == Some(true))
            });
            let (matched, all) = tally.entry(by).or_default();
            *matched += u64::from(beside);
            *all += 1;
        }
        let often = |(matched, all): (u64, u64)| matched > 0 && matched * 10 >= all * 8;
        tally.retain(|_, count| often(*count));
        // A help desk that helped once after a failure is no connector.
        let alone = known.is_empty() && tally.len() == 1;
        tally
            .into_iter()
            .filter(|(_, (matched, _))| *matched >= FEW || alone)
            .map(|(account, (matched, all))| (account, HowKnown::Writes { matched, all }))
            .collect()
    }

    /// Pairs of domain controllers and servers.
    pub(super) fn write_pairs(&self, pairs: &mut Vec<Pair>) {
        let skew = self.skew();
        let mut of_draft: BTreeMap<u32, (u32, Option<Pair>)> = BTreeMap::new();
        for write in &self.writes {
            let Some(item) = self.item(write.first).filter(|_| write.connector) else {
                continue;
            };
            if write.what == What::Edit || item.local_time {
                continue;
            }
            let near = self.near(item, write.at, skew);
            let pair = match near.as_slice() {
                [only] => self.draft(*only).and_then(|draft| {
                    // The write lies between them.
                    let (from, to) = (draft.start.or(draft.end())?, draft.end().or(draft.start)?);
                    let at = from.midpoint(to);
                    (agrees(draft, write.failed) != Some(false)).then(|| Pair {
                        one: (Clock::Machine(draft.machine), at),
                        other: (Self::clock(item), write.at),
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

    /// Joins the connector account's writes to operations; what is left is an operation whose
    /// other events are not in evidence.
    pub(super) fn join_writes(&mut self) {
        let mut margin = MARGIN;
        let mut candidates = Vec::new();
        for (number, write) in (0_u32..).zip(&self.writes) {
            if write.connector && write.what != What::Edit {
                margin = margin.max(self.candidates(number, write, &mut candidates));
            }
        }
        for found in matched(candidates, margin.min(3 * SECOND)) {
            self.give_write(found.one, found.draft, &found.others);
        }
        // What goes with a write that has been joined: a second entry, an unlock that came later.
        for number in 0..u32::try_from(self.writes.len()).unwrap_or(u32::MAX) {
            let Some(write) = self.writes.get(number as usize) else {
                continue;
            };
            if !write.connector || write.draft.is_some() || write.is_set() {
                continue;
            }
            let mut near = Vec::new();
            self.candidates(number, &write.clone(), &mut near);
            near.retain(|candidate| {
                candidate.cost <= TOGETHER
                    && self
                        .draft(candidate.draft)
                        .is_some_and(|draft| !draft.has_failed())
            });
            near.sort_unstable();
            if let [best, rest @ ..] = near.as_slice() {
                let others: Vec<u32> = rest
                    .iter()
                    .filter(|other| other.cost - best.cost <= MARGIN)
                    .map(|other| other.draft)
                    .collect();
                self.give_write(number, best.draft, &others);
            }
        }
        for number in 0..u32::try_from(self.writes.len()).unwrap_or(u32::MAX) {
            let Some(write) = self.writes.get(number as usize) else {
                continue;
            };
            if !write.connector || write.draft.is_some() || write.what == What::Edit {
                continue;
            }
            let kind = match write.what {
                What::Change => Some(Kind::Change),
                What::Unlock => Some(Kind::Unlock),
                _ => None,
            };
            let person = self
                .item(write.first)
                .and_then(|item| self.people.only(item));
            let draft = self.add(Draft {
                person,
                end_kind: kind,
                ..Draft::default()
            });
            self.give_write(number, draft, &[]);
        }
    }

    fn give_write(&mut self, number: u32, draft: u32, others: &[u32]) {
        let Some(write) = self.writes.get_mut(number as usize) else {
            return;
        };
        write.draft = Some(draft);
        let indexes = write.items.clone();
        if let Some(draft) = self.drafts.get_mut(draft as usize) {
            draft.write.get_or_insert(number);
        }
        let unsure = self.connectors.iter().all(|connector| {
            matches!(connector.known, HowKnown::Writes { matched, .. } if matched < FEW)
        });
        for index in indexes {
            let doubt = self.clock_doubt(index, draft);
            let mut member = self
                .by_person(index, draft)
                .doubting(Doubt::Ambiguous, !others.is_empty())
                .doubting(Doubt::ConnectorUnsure, unsure);
            member.doubts.extend(doubt);
            member.others = others.to_vec();
            self.give(draft, member);
        }
    }

    /// What is uncertain because of the clocks of an item and of a draft.
    pub(super) fn clock_doubt(&self, index: u32, draft: u32) -> Option<Doubt> {
        let item = self.item(index)?;
        let span = self.under_way(self.draft(draft)?)?;
        let clock = Self::clock(item);
        if clock == span.clock {
            return None;
        }
        let raw = item.micros()?;
        let (at, trust) = self.corrected(item)?;
        let few = |clock: Clock| self.clocks.pairs(clock).is_some_and(|pairs| pairs < FEW);
        match trust.max(span.trust) {
            Trust::Unknown => Some(Doubt::ClockUnknown),
            Trust::Set => Some(Doubt::ClockSet),
            Trust::Compared if few(clock) && (raw - at).abs() > FAR => Some(Doubt::ClockUnknown),
            Trust::Compared => None,
        }
    }

    /// The operations that a write may belong to; returns how far times can be told apart.
    fn candidates(&self, number: u32, write: &Write, into: &mut Vec<Candidate>) -> i64 {
        let Some(item) = self.item(write.first) else {
            return 0;
        };
        let (at, trust) = self.clocks.correct(Self::clock(item), write.at);
        let spread = self.clocks.spread(Self::clock(item));
        let own = write.draft;
        for number_of_draft in self.near(item, at, self.skew()) {
            let Some(draft) = self.draft(number_of_draft).filter(|_| own.is_none()) else {
                continue;
            };
            let Some(span) = self.under_way(draft) else {
                continue;
            };
            let known = span.clock == Self::clock(item) || trust.max(span.trust) == Trust::Compared;
            let far = span.distance(at);
            let reach = if known {
                REACH + 4 * spread
            } else {
                self.skew()
            };
            if far > reach {
                continue;
            }
            let mut cost = far;
            if agrees(draft, write.failed) == Some(false) {
                cost += OTHER_RESULT;
            }
            let other_kind = matches!(
                (draft.kind(), write.what),
                (Some(Kind::Change), What::Reset)
                    | (Some(Kind::Reset | Kind::AdminReset), What::Change)
            );
            if other_kind {
                cost += OTHER_KIND;
            }
            into.push(Candidate {
                cost,
                one: number,
                draft: number_of_draft,
            });
        }
        MARGIN + 2 * spread
    }

    pub(super) fn skew(&self) -> i64 {
        self.settings
            .skew
            .num_microseconds()
            .unwrap_or(i64::MAX / 8)
            .clamp(0, i64::MAX / 8)
    }
}

/// Whether the service and the domain say the same of how it ended; `None` if one does not say.
pub(super) fn agrees(draft: &Draft, failed: bool) -> Option<bool> {
    if draft.success.is_some() {
        Some(!failed)
    } else if draft.failure.is_some() {
        Some(failed)
    } else {
        None
    }
}
