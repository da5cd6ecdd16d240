//! What became of operations: each told once, whichever log tells of it first.

use chrono::{DateTime, TimeDelta, Utc};

use super::known::{Seen, Side};
use super::notice::{NoticeKind, Weight, digest};
use super::{Look, Notice, WatchOptions, provenance};
use crate::events::audit::{Activity, AuditRecord, AuditResult};
use crate::evidence::Locator;
use crate::roundtrip::{Correlator, Kind, Link, Operation, Outcome};
use crate::snapshot::Followings;

/// How long an operation may take by the clock of its log.
const PATIENCE: TimeDelta = TimeDelta::minutes(15);
/// Most letters of a reason that are repeated.
const REASON: usize = 200;

impl Look<'_> {
    /// Joins the events of the window with the records that came, and tells what became of operations.
    pub(super) fn operations(&mut self, files: &Followings, options: WatchOptions) {
        let mut correlator = Correlator::default();
        for kept in &self.state.window {
            let from = provenance(kept.place.clone(), kept.event.time);
            correlator.push_event(&kept.event, &from);
        }
        let records = std::mem::take(&mut self.records);
        for (number, record) in (0..).zip(&records) {
            let from = provenance(Locator::Record(number), Some(record.time));
            correlator.push_audit(record, &from);
        }
        let mut found: Vec<(Seen, Operation)> = Vec::new();
        correlator.finish(&mut |operation| {
            if let Some(at) = operation.time() {
                found.push((seen(&operation, at), operation));
            }
        });
        // What the servers tell says more than what the tenant tells of the same.
        found.sort_by_key(|(seen, _)| (seen.side == Side::Tenant, seen.at));
        for (seen, operation) in found {
            let said = match operation.chain.first().map(|link| &link.from.locator) {
                Some(Locator::Record(number)) if seen.side == Side::Tenant => {
                    usize::try_from(*number).ok().and_then(|at| records.get(at))
                }
                _ => None,
            };
            self.operation(&seen, &operation, said, files, options);
        }
    }

    fn operation(
        &mut self,
        seen: &Seen,
        operation: &Operation,
        said: Option<&AuditRecord>,
        files: &Followings,
        options: WatchOptions,
    ) {
        let at = seen.at;
        let (key, known) = self.state.recall(&self.people, seen);
        let mut now = known.clone().unwrap_or_else(|| seen.known());
        // Who has said nothing more precise of a failure has said that it failed.
        let unclear = matches!(operation.outcome, Outcome::Unknown | Outcome::CloudOnly)
            && said.is_some_and(|record| record.result != AuditResult::Success);
        let failed = unclear || matches!(operation.outcome, Outcome::Failed | Outcome::Refused);
        if !operation.kind.is_service() {
            let hour = self.state.hours.entry(super::judge::hour(at)).or_default();
            match &known {
                None => hour.add(failed),
                Some(before) if failed && !before.failed => hour.failures += 1,
                Some(_) => {}
            }
        }
        let news = match operation.outcome {
            Outcome::Failed => !now.failed,
            Outcome::Refused => !now.failed && options.refusals,
            Outcome::Unfinished => {
                let over = !now.by_tenant() && went_on(operation, files, at + PATIENCE);
                let is_news = over && !now.unfinished;
                now.unfinished |= over;
                is_news
            }
            Outcome::Written => {
                let before = known.as_ref().is_none_or(|known| known.unfinished);
                operation.kind.is_service() && before
            }
            Outcome::CloudOnly | Outcome::Unknown => unclear && !now.failed,
        };
        now.failed |= failed;
        self.state.remember(&mut self.people, &key, seen, now);
        if news && at >= self.state.since {
            let notice = of_operation(operation, at, &key, said);
            self.notices.push(notice);
        }
    }

    /// Tells that somebody switched writeback on or off, unless a server told it.
    pub(super) fn switches(&mut self) {
        for record in std::mem::take(&mut self.switches) {
            let kind = match record.activity {
                Activity::WritebackDisabled => Kind::Offboarding,
                _ => Kind::Onboarding,
            };
            let at = record.time;
            let seen = Seen {
                keys: vec![tenants_key(record.activity, at, &service(kind))],
                who: Some(service(kind)),
                at,
                side: Side::Tenant,
            };
            let (key, known) = self.state.recall(&self.people, &seen);
            let failed = record.result != AuditResult::Success;
            let mut now = known.clone().unwrap_or_else(|| seen.known());
            now.failed |= failed;
            self.state.remember(&mut self.people, &key, &seen, now);
            if known.is_none() && at >= self.state.since {
                self.notices.push(of_switch(&record, kind, failed, &key));
            }
        }
    }
}

/// What tells that it is this operation and no other.
fn seen(operation: &Operation, at: DateTime<Utc>) -> Seen {
    let person = operation.person.user.as_deref();
    let who = match person {
        _ if operation.kind.is_service() => Some(service(operation.kind)),
        Some(person) => Some(person.to_lowercase()),
        None => operation
            .person
            .cloud_anchor
            .as_deref()
            .map(str::to_lowercase),
    };
    let of_tenant = |link: &&Link| link.activity.is_some();
    let mut keys = Vec::new();
    if let Some(id) = operation.tracking_id {
        keys.push(id.to_string());
    } else if let Some(first) = { operation.chain.iter() }.find(|link| link.activity.is_none()) {
        let time = first.time.map(|time| time.to_rfc3339());
        let record = first.record.map(|id| id.to_string());
        keys.push(digest(&[
            operation.host.as_deref().unwrap_or_default(),
            &time.unwrap_or_default(),
            &record.unwrap_or_default(),
        ]));
    }
    let side = if keys.is_empty() {
        Side::Tenant
    } else if operation.chain.iter().any(|link| of_tenant(&link)) {
        Side::Both
    } else {
        Side::Server
    };
    for link in operation.chain.iter().filter(of_tenant) {
        if let (Some(activity), Some(time)) = (link.activity, link.time) {
            keys.push(tenants_key(
                activity,
                time,
                who.as_deref().unwrap_or_default(),
            ));
        }
    }
    Seen {
        keys,
        who,
        at,
        side,
    }
}

/// What makes it this record of the tenant, however often it is exported.
fn tenants_key(activity: Activity, time: DateTime<Utc>, who: &str) -> String {
    digest(&[&format!("{activity:?}"), &time.to_rfc3339(), who])
}

/// Whose an operation of the service is.
fn service(kind: Kind) -> String {
    format!("service {}", kind.name())
}

/// Whether the log of an operation went on until a time.
fn went_on(operation: &Operation, files: &Followings, until: DateTime<Utc>) -> bool {
    let host = operation.host.as_deref();
    let of_host = files.values().filter(|file| {
        let computer = file.computer.as_deref();
        host.is_none_or(|host| computer.is_some_and(|name| name.eq_ignore_ascii_case(host)))
    });
    { of_host }.any(|file| file.last.is_some_and(|last| last >= until))
}

fn of_operation(
    operation: &Operation,
    at: DateTime<Utc>,
    key: &str,
    said: Option<&AuditRecord>,
) -> Notice {
    let (kind, weight, ended) = match operation.outcome {
        Outcome::Refused => (NoticeKind::Refusal, Weight::Information, "was refused"),
        Outcome::Unfinished => (NoticeKind::Unfinished, Weight::Warning, "has no end"),
        Outcome::Written if operation.kind == Kind::Offboarding => {
            (NoticeKind::Service, Weight::Warning, "succeeded")
        }
        Outcome::Written => (NoticeKind::Recovered, Weight::Information, "succeeded"),
        Outcome::Failed => (NoticeKind::Failure, Weight::Error, "failed"),
        // The tenant says that it failed, and not why.
        Outcome::CloudOnly | Outcome::Unknown => (NoticeKind::Failure, Weight::Warning, "failed"),
    };
    let person = operation.person.user.as_deref();
    let whose = match person {
        Some(person) => format!(" for {person}"),
        None if operation.kind.is_service() => String::new(),
        None => " for somebody unnamed".to_owned(),
    };
    let place = match (operation.host.as_deref(), said) {
        (Some(host), _) => format!(" on {host}"),
        (None, Some(_)) => ", as the tenant's audit log tells".to_owned(),
        (None, None) => String::new(),
    };
    let code = operation.code.map(|code| code.to_string());
    let why = match operation.cause {
        Some(cause) => {
            let code = code.as_deref().map(|code| format!(" ({code})"));
            format!(": {}{}", cause.title, code.unwrap_or_default())
        }
        None => said.map(reason).unwrap_or_default(),
    };
    let message = format!("{}{whose} {ended}{place}{why}.", name(operation.kind));
    let next = match (operation.cause, operation.outcome) {
        (Some(cause), _) => Some(cause.remedy.to_owned()),
        (None, Outcome::Unfinished) => Some(
            "Look for the end in the log of another server, and whether the service was restarted \
             in between."
                .to_owned(),
        ),
        (None, Outcome::Failed | Outcome::CloudOnly | Outcome::Unknown) if said.is_some() => Some(
            "Look into the Application log of the Connect server at that time: no event that goes \
             with it is known here."
                .to_owned(),
        ),
        (None, Outcome::Failed) => Some(
            "Look at the events of the same minute on the server; give the tracking id to support."
                .to_owned(),
        ),
        (None, _) => None,
    };
    let decisive = operation.decisive().and_then(|link| link.event);
    let notice = Notice {
        next,
        computer: operation.host.clone().map(Into::into),
        user: person.map(str::to_owned),
        operation: Some(operation.kind.name().to_owned()),
        tracking_id: operation.tracking_id.map(|id| id.to_string()),
        event: decisive,
        code,
        cause: operation.cause.map(|cause| cause.key.to_owned()),
        ..Notice::new(kind, weight, at, message)
    };
    notice.about(&[key])
}

/// Of writeback that somebody switched.
fn of_switch(record: &AuditRecord, kind: Kind, failed: bool, key: &str) -> Notice {
    let (of, weight, ended) = match (failed, kind) {
        (true, _) => (NoticeKind::Failure, Weight::Error, "failed"),
        (false, Kind::Offboarding) => (NoticeKind::Service, Weight::Warning, "succeeded"),
        (false, _) => (NoticeKind::Recovered, Weight::Information, "succeeded"),
    };
    let who = record.actor.as_deref().map(|actor| format!(" by {actor}"));
    let why = if failed {
        reason(record)
    } else {
        String::new()
    };
    let message = format!(
        "{}{} {ended}, as the tenant's audit log tells{why}.",
        name(kind),
        who.unwrap_or_default()
    );
    let notice = Notice {
        operation: Some(kind.name().to_owned()),
        ..Notice::new(of, weight, record.time, message)
    };
    notice.about(&[key])
}

/// The reason of a record, in the service's words.
fn reason(record: &AuditRecord) -> String {
    let words = record.reason.as_deref().unwrap_or_default();
    let words: String = words.trim().chars().take(REASON).collect();
    match words.trim_end_matches('.') {
        "" => String::new(),
        words => format!(": {words}"),
    }
}

const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Reset => "The reset of a forgotten password",
        Kind::Change => "The change of a password",
        Kind::AdminReset => "The reset by an administrator",
        Kind::Unlock => "The unlock",
        Kind::Onboarding => "Switching writeback on",
        Kind::Offboarding => "Switching writeback off",
        Kind::Unknown => "An operation",
    }
}
