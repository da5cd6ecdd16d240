//! Folding events into facts as they are read, in any order.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, Utc};

use super::{ErrorTally, EventFacts, FailureGroup, LogFacts, Mark, PersonAt, Proof, ServiceFacts};
use crate::error::Error;
use crate::events::catalogue::Source;
use crate::events::{AuditRecord, RecordSpan, SmolStr, WindowsEvent};
use crate::evidence::Provenance;
use crate::roundtrip::{Correlator, Operation, Outcome};
use crate::snapshot::facts::host_key;

/// Most people at a time that are kept of one sort.
const KEPT: usize = 1_000;
/// Most people whose names are kept of one root cause. No tenant comes near it; a forged log might.
const NAMED: usize = 200_000;
/// How many times of connectivity errors are kept before those are dropped that no longer count.
const TIMES: usize = 1_024;

/// What folding needs between events.
#[derive(Debug, Clone, Default)]
pub(super) struct Fold {
    /// The events seen, so that a log that is given twice counts once. It takes at most 18 bytes
    /// an event of the catalogued providers, of which one takes some 500 bytes in its log: two
    /// million, a decade of a large tenant, take 36 MB.
    seen: HashSet<u64>,
    correlator: Correlator,
    /// Times of connectivity errors after the last sign of a connection, by host: of a service
    /// that works none, else 12 bytes every few minutes since it broke.
    errors: BTreeMap<String, Vec<DateTime<Utc>>>,
}

/// Which log something belongs to: host and channel.
pub(crate) type LogKey = (String, String);

impl EventFacts {
    /// Takes an event; returns the log it belongs to.
    pub(crate) fn take(&mut self, event: &WindowsEvent, from: &Provenance) -> LogKey {
        let (host, channel) = (
            event.computer.as_deref().unwrap_or_default(),
            event.channel.as_deref().unwrap_or("Application"),
        );
        let key = (host_key(host), channel.to_lowercase());
        let log = self.log(&key, host, channel, from);
        if let Some(time) = event.time {
            log.reach(time, time);
        }
        let source = Source::of(&event.provider);
        let clears = is_clear(event);
        if (source.is_none() && !clears) || !self.fold.seen.insert(fingerprint(event)) {
            return key;
        }
        if clears {
            self.cleared(event, &key, host, from);
        }
        if let Some(source) = source {
            if let Some(log) = self.logs.get_mut(&key) {
                *log.providers.entry(source.provider()).or_default() += 1;
                if source == Source::Security {
                    match event.id {
                        4723 | 4724 | 4738 | 4767 => log.password_events += 1,
                        4624 | 4768 | 4776 => log.sign_ins += 1,
                        _ => {}
                    }
                }
            }
            self.fold.correlator.push_event(event, from);
            self.take_ready();
            if source == Source::Writeback
                && let Some(at) = event.time
            {
                self.service(&key.0, host, at, event.id, from);
            }
        }
        key
    }

    /// Takes the reach of records that were not decoded.
    pub(crate) fn span(&mut self, key: &LogKey, span: RecordSpan) {
        if let Some(log) = self.logs.get_mut(key) {
            log.reach(span.first, span.last);
        }
    }

    /// Takes something that could not be read.
    pub(crate) fn lost(&mut self, key: &LogKey, records: u64, error: &Error, from: &Provenance) {
        if let Some(log) = self.logs.get_mut(key) {
            log.lost += records;
            let is_first = log.first_fault.as_ref().is_none_or(|(known, _)| {
                (from.source, &error.place) < (known.source, &known.locator)
            });
            if is_first {
                log.first_fault = Some((from.clone(), error.clone()));
            }
        }
    }

    /// Takes the time when a log was exported.
    pub(crate) fn observed(&mut self, key: &LogKey, at: Option<DateTime<Utc>>) {
        if let Some(log) = self.logs.get_mut(key) {
            log.observed_at = log.observed_at.max(at);
        }
    }

    /// Takes a record of the tenant's audit log.
    pub(crate) fn take_audit(&mut self, record: &AuditRecord, from: &Provenance) {
        self.fold.correlator.push_audit(record, from);
        self.take_ready();
    }

    /// Operations that leave before the end, when there are very many.
    fn take_ready(&mut self) {
        let ready: Vec<_> = self.fold.correlator.ready().collect();
        for operation in ready {
            self.operation(operation);
        }
    }

    /// The correlator, before the end of all evidence.
    pub(super) fn correlator(&mut self) -> &mut Correlator {
        &mut self.fold.correlator
    }

    /// The end of all evidence.
    pub(super) fn finish(&mut self) {
        let mut fold = std::mem::take(&mut self.fold);
        for ((_, channel), log) in &self.logs {
            if let (Some(first), Some(last), "application") =
                (log.first, log.last, channel.as_str())
            {
                fold.correlator.push_span(&log.host, first, last);
            }
        }
        fold.correlator
            .finish(&mut |operation| self.operation(operation));
        for (host, times) in fold.errors {
            if let Some(service) = self.services.get_mut(&host) {
                let sign = service.last_sign.as_ref().map(|mark| mark.at);
                let standing = times
                    .iter()
                    .filter(|at| sign.is_none_or(|sign| **at > sign));
                service.connectivity_standing = standing.count() as u64;
            }
        }
        self.successes.sort_by_key(|proof| proof.operation);
    }

    fn log(&mut self, key: &LogKey, host: &str, channel: &str, from: &Provenance) -> &mut LogFacts {
        let log = self.logs.entry(key.clone()).or_default();
        // The longer name is the full one; of two of the same length any will do, but always the same.
        if (host.len(), host) > (log.host.len(), log.host.as_str()) {
            host.clone_into(&mut log.host);
        }
        if log.channel.is_empty() || channel < log.channel.as_str() {
            channel.clone_into(&mut log.channel);
        }
        let is_first = log
            .from
            .as_ref()
            .is_none_or(|known| (from.source, &from.locator) < (known.source, &known.locator));
        if is_first {
            log.from = Some(from.clone());
        }
        log
    }

    /// A log was cleared: the System log says it of the others, the Security log of itself.
    fn cleared(&mut self, event: &WindowsEvent, key: &LogKey, host: &str, from: &Provenance) {
        let Some(at) = event.time else {
            return;
        };
        let channel = match event.named("Channel") {
            Some(channel) if !channel.trim().is_empty() => channel.trim().to_owned(),
            _ => event.channel.clone().unwrap_or_default().into(),
        };
        let key = (key.0.clone(), channel.to_lowercase());
        self.log(&key, host, &channel, from).cleared.insert(at);
    }

    fn service(&mut self, key: &str, host: &str, at: DateTime<Utc>, id: u32, from: &Provenance) {
        let service = self.services.entry(key.to_owned()).or_default();
        if (host.len(), host) > (service.host.len(), service.host.as_str()) {
            host.clone_into(&mut service.host);
        }
        let mark = Mark {
            at,
            event: id,
            from: from.clone(),
        };
        match id {
            31015 | 31016 => latest(&mut service.last_word, &mark),
            31019 => latest(&mut service.last_heartbeat, &mark),
            31005 | 31013 | 31014 | 32009 | 32011 | 32013 => {
                latest(&mut service.registration, &mark);
            }
            _ => {}
        }
        if matches!(
            id,
            31001 | 31002 | 31005 | 31006 | 31007 | 31009 | 31010 | 31015 | 31019
        ) {
            latest(&mut service.last_sign, &mark);
        }
        match id {
            31005 | 31013 => latest(&mut service.last_switch, &mark),
            31001 | 31006 | 31009 => latest(&mut service.last_request, &mark),
            _ => {}
        }
        if matches!(id, 31002 | 31005 | 31007 | 31010 | 31018) {
            latest(&mut service.last_good_keys, &mark);
        }
        match id {
            31034 | 31044 | 32001 | 32002 | 32015 => {
                service.connectivity.add(&mark);
                let times = self.fold.errors.entry(key.to_owned()).or_default();
                times.push(at);
                if times.len() >= TIMES && times.len().is_power_of_two() {
                    let sign = service.last_sign.as_ref().map(|mark| mark.at);
                    times.retain(|at| sign.is_none_or(|sign| *at > sign));
                }
            }
            32004 | 32005 | 32007 | 32010 => service.keys.add(&mark),
            _ => {}
        }
    }

    fn operation(&mut self, operation: Operation) {
        if operation.kind.is_service() {
            return;
        }
        if let Some(from) = operation.decisive().map(|link| link.from.clone())
            && let Some(who) = person_at(&operation, from)
        {
            self.trips.take(&operation, who);
        }
        let tally = &mut self.operations;
        let in_cloud = operation.chain.iter().all(|link| link.activity.is_some());
        // The cloud's records alone tell of no attempt on a server: its log may be elsewhere.
        if in_cloud && operation.outcome != Outcome::Written {
            tally.in_cloud += 1;
            if let (Outcome::Failed, Some(link)) = (operation.outcome, operation.decisive()) {
                let from = link.from.clone();
                self.failure(&operation, from);
            }
            return;
        }
        *tally.kinds.entry(operation.kind).or_default() += 1;
        *tally.outcomes.entry(operation.outcome).or_default() += 1;
        if let Some(time) = operation.time() {
            tally.first = Some(tally.first.map_or(time, |known| known.min(time)));
            tally.last = Some(tally.last.map_or(time, |known| known.max(time)));
        }
        let Some(from) = operation.decisive().map(|link| link.from.clone()) else {
            return;
        };
        match operation.outcome {
            Outcome::Written => self.proof(operation, from),
            Outcome::Unfinished => keep(&mut self.unfinished, person_at(&operation, from)),
            _ => {
                if operation
                    .cause
                    .is_some_and(|cause| cause.key == "policyRefused")
                {
                    keep(
                        &mut self.policy_refusals,
                        person_at(&operation, from.clone()),
                    );
                }
                self.failure(&operation, from);
            }
        }
    }

    fn proof(&mut self, operation: Operation, from: Provenance) {
        let (Some(kind), Some(at)) = (operation.kind.password(), operation.time()) else {
            return;
        };
        let proof = Proof {
            operation: kind,
            at,
            user: operation.person.user,
            host: operation.host.map(Into::into),
            from,
        };
        match self
            .successes
            .iter_mut()
            .find(|known| known.operation == kind)
        {
            None => self.successes.push(proof),
            Some(known) => {
                let rank = |proof: &Proof| (proof.at, proof.from.locator.clone());
                if rank(&proof) > rank(known) {
                    *known = proof;
                }
            }
        }
    }

    fn failure(&mut self, operation: &Operation, from: Provenance) {
        let Some(cause) = operation.cause else {
            return;
        };
        let group = self
            .failures
            .entry(cause.key)
            .or_insert_with(|| FailureGroup {
                cause,
                count: 0,
                people: std::collections::BTreeSet::new(),
                nameless: 0,
                events: std::collections::BTreeSet::new(),
                codes: std::collections::BTreeSet::new(),
                first: None,
                last: None,
                from: from.clone(),
            });
        group.count += 1;
        match &operation.person.user {
            Some(user) if group.people.len() < NAMED => {
                group.people.insert(user.to_lowercase());
            }
            Some(user) if group.people.contains(&user.to_lowercase()) => {}
            _ => group.nameless += 1,
        }
        group.codes.extend(operation.code);
        let failing = operation.chain.iter().filter_map(|link| link.event);
        group.events.extend(
            failing.filter(|id| *id >= 32000 || matches!(id, 31003 | 31008 | 31011 | 6329)),
        );
        if let Some(time) = operation.time() {
            group.first = Some(group.first.map_or(time, |known| known.min(time)));
            if group.last.is_none_or(|known| time > known) {
                group.last = Some(time);
                group.from = from;
            }
        }
    }
}

impl LogFacts {
    fn reach(&mut self, first: DateTime<Utc>, last: DateTime<Utc>) {
        self.first = Some(self.first.map_or(first, |known| known.min(first)));
        self.last = self.last.max(Some(last));
    }
}

impl ErrorTally {
    fn add(&mut self, mark: &Mark) {
        self.count += 1;
        *self.by_id.entry(mark.event).or_default() += 1;
        if self
            .first
            .as_ref()
            .is_none_or(|known| known.is_later_than(mark))
        {
            self.first = Some(mark.clone());
        }
        latest(&mut self.last, mark);
    }
}

impl ServiceFacts {
    /// Connectivity errors that came before a sign of a connection.
    pub fn connectivity_passed(&self) -> u64 {
        self.connectivity
            .count
            .saturating_sub(self.connectivity_standing)
    }
}

fn latest(slot: &mut Option<Mark>, mark: &Mark) {
    if slot.as_ref().is_none_or(|known| mark.is_later_than(known)) {
        *slot = Some(mark.clone());
    }
}

fn person_at(operation: &Operation, from: Provenance) -> Option<PersonAt> {
    Some(PersonAt {
        at: operation.time()?,
        user: operation.person.user.clone(),
        host: operation.host.clone().map(Into::into),
        from,
    })
}

/// Keeps the latest, by time.
fn keep(list: &mut Vec<PersonAt>, new: Option<PersonAt>) {
    let Some(new) = new else {
        return;
    };
    let rank = |one: &PersonAt| (one.at, one.user.clone(), one.from.locator.clone());
    let at = list.partition_point(|known| rank(known) <= rank(&new));
    list.insert(at, new);
    if list.len() > KEPT {
        list.remove(0);
    }
}

fn is_clear(event: &WindowsEvent) -> bool {
    matches!(event.id, 104 | 1102) && event.provider.eq_ignore_ascii_case(super::EVENT_LOG)
}

/// Records are told apart by computer, log, number and time; without a number by their text.
fn fingerprint(event: &WindowsEvent) -> u64 {
    let mut hasher = DefaultHasher::new();
    let lower = |text: &Option<SmolStr>| text.as_deref().unwrap_or_default().to_lowercase();
    (lower(&event.computer), lower(&event.channel)).hash(&mut hasher);
    (event.record, event.time, event.id).hash(&mut hasher);
    if event.record.is_none() {
        event.text().hash(&mut hasher);
    }
    hasher.finish()
}
