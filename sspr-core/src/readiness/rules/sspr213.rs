//! Directory synchronisation runs.

use chrono::{DateTime, TimeDelta, Utc};

use super::prelude::*;
use crate::evidence::Provenance;
use crate::readiness::predicates::writeback::{
    cloud_sync_alone, name, nobody_synced, perhaps_staging, unreadable,
};
use crate::snapshot::facts::ServerFacts;
use crate::tenant::SyncState;

pub(super) const RULE: Rule = Rule {
    code: "SSPR213",
    title: "Directory synchronisation",
    phase: Phase::WritebackServer,
    severity: Severity::Warning,
    gate: false,
    predicts: true,
    needs: &[
        "tenant.lastSync",
        "server.syncCycle",
        "server.schedulerSuspended",
        "server.nextSync",
        "tenant.sync",
    ],
    rationale: "Writeback itself is synchronous and does not wait for a synchronisation. But where \
        synchronisation stands still, new people, changed scopes and rotated keys do not \
        arrive, and the fault that stopped it soon stops writeback as well.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/how-to-connect-password-hash-synchronization",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let tenant = &cx.facts.tenant;
    if let Ok(sync) = tenant.sync.get()
        && sync.value != SyncState::On
    {
        let message =
            "Directory synchronisation is off in the tenant, and people still carry its mark.";
        return Ok(Outcome::fail(message).because(sync));
    }
    let hours = i64::from(cx.config.thresholds.sync_age_hours);
    let mut fresh = Outcome::pass("Directory synchronisation runs.");
    let mut seen = false;
    if let Ok(last) = tenant.last_sync.get()
        && let Some(observed) = last.from.observed_at
    {
        let age = (observed - last.value).num_hours();
        if is_old(last.value, observed, hours) {
            return Ok(
                Outcome::fail(format!("The last synchronisation was {age} hours ago."))
                    .with("hours", age)
                    .because(last),
            );
        }
        seen = true;
        fresh = fresh.with("hours", age.max(0)).because(last);
    }
    if cloud_sync_alone(cx) {
        return if seen { Ok(fresh) } else { Err(undated(cx)) };
    }
    let mut unknown: Option<Unknown> = None;
    for server in cx.active_servers() {
        let name = name(server);
        let missing = match (scheduler(server, hours), perhaps_staging(cx, server)) {
            (Ok(Some(fault)), None) => {
                return Ok(
                    Outcome::fail(format!("On {name} {}.", fault.what)).because_of(&fault.from)
                );
            }
            (Ok(None), _) => None,
            (Ok(Some(_)), Some(missing)) | (Err(missing), _) => Some(missing),
        };
        if let Some(missing) = missing {
            unknown = Some(match unknown.take() {
                Some(known) => known.and(missing),
                None => missing,
            });
        }
        if let Ok(next) = server.next_sync.get()
            && next.from.observed_at.is_some()
        {
            seen = true;
            fresh = fresh.because(next);
        }
    }
    match unknown {
        Some(unknown) if seen => Err(unknown),
        Some(unknown) => Err(unknown.and(undated(cx))),
        None if seen => Ok(fresh),
        None => Err(undated(cx)),
    }
}

/// What keeps a server from synchronising.
struct Fault {
    what: String,
    from: Provenance,
}

fn scheduler(server: &ServerFacts, hours: i64) -> Result<Option<Fault>, Unknown> {
    let fault = |what: &str, from: &Provenance| {
        Ok(Some(Fault {
            what: what.to_owned(),
            from: from.clone(),
        }))
    };
    let (cycle, suspended) = (server.sync_cycle.get(), server.scheduler_suspended.get());
    if let Ok(cycle) = &cycle
        && !cycle.value
    {
        return fault("the synchronisation schedule is off", &cycle.from);
    }
    if let Ok(suspended) = &suspended
        && suspended.value
    {
        return fault(
            "the scheduler is suspended, by an open wizard or by hand",
            &suspended.from,
        );
    }
    if let Ok(next) = server.next_sync.get()
        && let Some(observed) = next.from.observed_at
        && is_old(next.value, observed, hours)
    {
        let what = format!(
            "the next synchronisation was due {} hours ago",
            (observed - next.value).num_hours()
        );
        return fault(&what, &next.from);
    }
    match (cycle, suspended) {
        (Ok(_), Ok(_)) => Ok(None),
        (Err(cycle), Err(suspended)) => Err(cycle.and(suspended)),
        (Err(missing), Ok(_)) | (Ok(_), Err(missing)) => Err(missing),
    }
}

/// Whether more than some hours lay between a time and its observation.
fn is_old(time: DateTime<Utc>, observed: DateTime<Utc>, hours: i64) -> bool {
    observed - time > TimeDelta::hours(hours)
}

/// That no run of synchronisation can be dated.
fn undated(cx: &Context<'_>) -> Unknown {
    let last = &cx.facts.tenant.last_sync;
    if last.value().is_some() {
        unreadable(last, "when the evidence was collected is not known".into())
    } else {
        last.unknown()
    }
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Find what stopped it before starting it again.".into(),
        steps: vec![
            "Close any open Entra Connect wizard: it suspends the scheduler.".into(),
            "Switch the schedule on and start a cycle on the server.".into(),
        ],
        command: Some(
            "Set-ADSyncScheduler -SyncCycleEnabled $true; Set-ADSyncScheduler \
            -SchedulerSuspended $false; Start-ADSyncSyncCycle -PolicyType Delta"
                .into(),
        ),
        verify: "Get-ADSyncScheduler".into(),
        undo: "Set-ADSyncScheduler -SyncCycleEnabled $false".into(),
    }
}
