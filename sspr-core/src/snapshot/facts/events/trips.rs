//! What operations tell from end to end: the latest of each sort, and numbers.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::PersonAt;
use crate::evidence::{Locator, Provenance, SourceId};
use crate::roundtrip::{Doubt, Kind, Link, Note, Operation, Outcome};

/// Most operations that are kept of one sort, the latest.
const KEPT: usize = 1_000;
/// Most hours that are counted, the latest: more than two years.
const HOURS: usize = 20_000;

/// What operations tell from end to end.
#[derive(Debug, Clone, Default)]
pub struct TripFacts {
    /// Passwords that were written, the latest thousand, by time.
    pub written: Vec<Written>,
    /// The latest attempt of each kind, whatever came of it.
    pub tried: BTreeMap<Kind, PersonAt>,
    /// Operations that the cloud calls done, and of which no server and no domain controller knows,
    /// the latest thousand, by time.
    pub cloud_only: Vec<(Kind, PersonAt)>,
    /// Passwords that the domain has and that the cloud calls failed, the latest thousand, by time.
    pub cloud_failed: Vec<PersonAt>,
    /// Resets and failures by hour, counted from 1970, of the latest 20,000 hours that had any.
    pub hours: BTreeMap<i64, HourTally>,
    /// From the start on the server to its end.
    pub on_server: Spread,
    /// From the request in the cloud to the domain, where the clocks are matched.
    pub cloud_to_domain: Spread,
}

/// A password that was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// What was asked for.
    pub kind: Kind,
    /// When, for whom and where.
    pub who: PersonAt,
    /// The domain controller's event, or the directory's `pwdLastSet`, that confirms it.
    pub in_domain: Option<Confirmation>,
    /// The first sign-in after it.
    pub signed_in: Option<Confirmation>,
}

/// What confirms a write.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirmation {
    /// The event id; none of a time that the directory keeps.
    pub event: Option<u32>,
    /// When, by the clock of the machine that wrote it.
    pub at: Option<DateTime<Utc>>,
    /// The evidence.
    pub from: Provenance,
}

/// What happened in one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HourTally {
    /// Resets that were asked for, by people and administrators, whatever came of them.
    pub resets: u64,
    /// Operations that failed or were refused.
    pub failures: u64,
}

/// How long something took, in milliseconds: exact to a hundredth, and small however many there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spread {
    classes: BTreeMap<u64, u64>,
    /// How many were measured.
    pub measured: u64,
}

impl Spread {
    /// Adds one. Negative times, of clocks that differ by less than can be told, count as none.
    pub fn add(&mut self, milliseconds: i64) {
        let value = milliseconds.max(0).unsigned_abs();
        let step = value
            .checked_ilog10()
            .map_or(1, |digits| 10_u64.pow(digits.saturating_sub(2)));
        *self.classes.entry(value.div_ceil(step) * step).or_default() += 1;
        self.measured += 1;
    }

    /// So many of a hundred took no longer.
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let rank = (self.measured * percent).div_ceil(100).max(1);
        let mut seen = 0;
        self.classes.iter().find_map(|(value, count)| {
            seen += count;
            (seen >= rank).then_some(*value)
        })
    }
}

impl TripFacts {
    /// Takes an operation on a password, with who it was for.
    pub(super) fn take(&mut self, operation: &Operation, who: PersonAt) {
        self.count(operation, who.at);
        self.tried
            .entry(operation.kind)
            .and_modify(|known| {
                if rank(&who) > rank(known) {
                    known.clone_from(&who);
                }
            })
            .or_insert_with(|| who.clone());
        match operation.outcome {
            Outcome::Written => {
                let disagrees = |note: &Note| {
                    matches!(note, Note::CloudFailedAfterwards | Note::CloudDisagrees)
                };
                if operation.notes.iter().any(disagrees) {
                    keep(&mut self.cloud_failed, who.clone(), rank);
                }
                let written = Written {
                    kind: operation.kind,
                    who,
                    in_domain: operation.chain.iter().find_map(in_domain),
                    signed_in: operation.context.iter().find_map(sign_in),
                };
                keep(&mut self.written, written, |one| rank(&one.who));
            }
            Outcome::CloudOnly => {
                keep(&mut self.cloud_only, (operation.kind, who), |one| {
                    rank(&one.1)
                });
            }
            _ => {}
        }
    }

    fn count(&mut self, operation: &Operation, at: DateTime<Utc>) {
        let hour = self
            .hours
            .entry(at.timestamp().div_euclid(3600))
            .or_default();
        if matches!(operation.kind, Kind::Reset | Kind::AdminReset) {
            hour.resets += 1;
        }
        if matches!(operation.outcome, Outcome::Failed | Outcome::Refused) {
            hour.failures += 1;
        }
        if self.hours.len() > HOURS {
            self.hours.pop_first();
        }
        // A time that is negative is one of a clock that was set in between.
        let took = operation.duration().map(|took| took.num_milliseconds());
        if let Some(took) = took.filter(|took| *took >= 0) {
            self.on_server.add(took);
        }
        if let Some(took) = operation.cloud_to_domain() {
            self.cloud_to_domain.add(took);
        }
    }
}

fn in_domain(link: &Link) -> Option<Confirmation> {
    let tells = matches!(link.event, Some(4723 | 4724 | 4767)) || link.provider == "pwdLastSet";
    (tells && is_of_this(link)).then(|| confirmation(link))
}

fn sign_in(link: &Link) -> Option<Confirmation> {
    let tells = matches!(link.event, Some(4624 | 4768 | 4776));
    (tells && is_of_this(link)).then(|| confirmation(link))
}

/// Whether nothing but clocks speaks against an event: that its account wrote for the service, that
/// it is of this person, and of this operation.
fn is_of_this(link: &Link) -> bool {
    let other = |doubt: &Doubt| {
        matches!(
            doubt,
            Doubt::Ambiguous | Doubt::SharedName | Doubt::ConnectorUnsure
        )
    };
    !link.doubts.iter().any(other)
}

fn confirmation(link: &Link) -> Confirmation {
    Confirmation {
        event: link.event,
        at: link.time,
        from: link.from.clone(),
    }
}

/// By time; of the same time always in the same order.
fn rank(one: &PersonAt) -> (DateTime<Utc>, Option<String>, SourceId, Locator) {
    let PersonAt { at, user, from, .. } = one;
    (*at, user.clone(), from.source, from.locator.clone())
}

/// Keeps the latest, by time.
fn keep<T, R: Ord>(list: &mut Vec<T>, new: T, rank: impl Fn(&T) -> R) {
    let at = list.partition_point(|known| rank(known) <= rank(&new));
    list.insert(at, new);
    if list.len() > KEPT {
        list.remove(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_exact_to_a_hundredth() {
        let mut spread = Spread::default();
        for milliseconds in 1..=1_000 {
            spread.add(milliseconds * 10);
        }
        assert_eq!(spread.percentile(50), Some(5_000));
        let most = spread.percentile(95).unwrap();
        assert!((9_500..9_600).contains(&most), "{most}");
        assert_eq!(Spread::default().percentile(95), None);
        let mut one = Spread::default();
        one.add(-7);
        assert_eq!(one.percentile(95), Some(0));
    }

    #[test]
    fn a_spread_stays_small() {
        let mut spread = Spread::default();
        for milliseconds in 0..100_000 {
            spread.add(milliseconds * 37);
        }
        assert!(spread.classes.len() < 5_000);
    }
}
