//! What the tenant's audit log says, folded while it was read.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, Utc};

use crate::events::audit::{Activity, Agent, AuditRecord, AuditResult};
use crate::evidence::Provenance;

/// Most policy changes that are kept, the latest.
const KEPT: usize = 100;

/// What the tenant's audit log says.
#[derive(Debug, Clone, Default)]
pub struct AuditFacts {
    /// Writeback was enabled (`true`) or disabled for the directory, the latest last.
    pub switched: Vec<(DateTime<Utc>, bool, Provenance)>,
    /// The policy of the Password reset blade was changed, the latest last, at most a hundred.
    pub policy_changes: Vec<(DateTime<Utc>, Provenance)>,
    /// Successful resets by administrators, by user principal name in lower case.
    pub admin_resets: BTreeMap<String, AdminResets>,
    /// Successful resets that the directory itself records (`Reset user password`) and that a
    /// person other than the owner asked for, by user principal name in lower case. An
    /// administrator's reset that passes writeback by shows here only.
    pub directory_resets: BTreeMap<String, AdminResets>,
    /// What people did themselves, by activity.
    pub self_service: BTreeMap<Activity, ResultTally>,
    /// The earliest record that was understood.
    pub first: Option<DateTime<Utc>>,
    /// The latest record that was understood.
    pub last: Option<DateTime<Utc>>,
    seen: HashSet<u64>,
}

/// Resets of one person's password by administrators.
#[derive(Debug, Clone)]
pub struct AdminResets {
    /// How many.
    pub count: u64,
    /// How many of them say that no agent wrote them back.
    pub not_written_back: u64,
    /// The latest.
    pub last: DateTime<Utc>,
    /// Who did the latest, if the record says it.
    pub admin: Option<String>,
    /// Which agent wrote the latest back, if the record says it.
    pub agent: Option<Agent>,
    /// The record of the latest.
    pub from: Provenance,
}

/// Results of one activity.
#[derive(Debug, Clone, Default)]
pub struct ResultTally {
    /// Successes.
    pub success: u64,
    /// Failures and timeouts.
    pub failure: u64,
    /// The latest success.
    pub last_success: Option<DateTime<Utc>>,
    /// Reasons of failures, in the service's words, the first hundred.
    pub reasons: BTreeMap<String, u64>,
}

impl AuditFacts {
    /// Takes a record; one that is given twice counts once.
    pub(crate) fn take(&mut self, record: &AuditRecord, from: &Provenance) {
        if !self.seen.insert(fingerprint(record)) {
            return;
        }
        let time = record.time;
        self.first = Some(self.first.map_or(time, |known| known.min(time)));
        self.last = self.last.max(Some(time));
        let succeeded = record.result == AuditResult::Success;
        let failed = record.result == AuditResult::Failure;
        match record.activity {
            // Records of the service's own settings carry no result at times.
            Activity::WritebackEnabled | Activity::WritebackDisabled if !failed => {
                let on = record.activity == Activity::WritebackEnabled;
                self.switched.push((time, on, from.clone()));
            }
            Activity::PolicyChanged if !failed => {
                let at = self
                    .policy_changes
                    .partition_point(|(known, _)| *known <= time);
                self.policy_changes.insert(at, (time, from.clone()));
                if self.policy_changes.len() > KEPT {
                    self.policy_changes.remove(0);
                }
            }
            Activity::AdminReset if succeeded => add(&mut self.admin_resets, record, from),
            Activity::DirectoryReset if succeeded => {
                let own = record.actor.as_deref().zip(record.target.as_deref());
                let is_own = own.is_some_and(|(actor, target)| actor.eq_ignore_ascii_case(target));
                if record.actor.is_some() && !record.by_application && !is_own {
                    add(&mut self.directory_resets, record, from);
                }
            }
            Activity::Reset | Activity::Change | Activity::Unlock | Activity::Blocked => {
                self.self_service
                    .entry(record.activity)
                    .or_default()
                    .add(record);
            }
            _ => {}
        }
    }

    /// The end of all evidence.
    pub(crate) fn finish(&mut self) {
        self.switched
            .sort_by_key(|(time, on, from)| (*time, *on, from.source, from.locator.clone()));
        self.seen = HashSet::new();
    }
}

impl ResultTally {
    fn add(&mut self, record: &AuditRecord) {
        match record.result {
            AuditResult::Success => {
                self.success += 1;
                self.last_success = self.last_success.max(Some(record.time));
            }
            AuditResult::Failure | AuditResult::Timeout => {
                self.failure += 1;
                if let Some(reason) = &record.reason
                    && (self.reasons.len() < KEPT || self.reasons.contains_key(reason))
                {
                    *self.reasons.entry(reason.clone()).or_default() += 1;
                }
            }
            AuditResult::Unknown => {}
        }
    }
}

fn add(resets: &mut BTreeMap<String, AdminResets>, record: &AuditRecord, from: &Provenance) {
    let Some(user) = &record.target else {
        return;
    };
    let one = AdminResets {
        count: 0,
        not_written_back: 0,
        last: record.time,
        admin: record.actor.clone(),
        agent: record.agent,
        from: from.clone(),
    };
    let known = resets
        .entry(user.to_lowercase())
        .or_insert_with(|| one.clone());
    let counts = (
        known.count + 1,
        known.not_written_back + u64::from(record.not_written_back()),
    );
    if record.time > known.last {
        *known = one;
    }
    (known.count, known.not_written_back) = counts;
}

/// What makes a record the same in every shape: the portal's CSV has no ids, and not each shape has
/// the fractions of a second.
fn fingerprint(record: &AuditRecord) -> u64 {
    let mut hasher = DefaultHasher::new();
    let lower = |text: &Option<String>| text.as_deref().map(str::to_lowercase);
    (
        record.time.timestamp(),
        &record.name,
        record.result,
        &record.reason,
        lower(&record.target),
        record.correlation,
    )
        .hash(&mut hasher);
    hasher.finish()
}
