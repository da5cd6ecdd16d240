//! Bursts of resets or failures.

use chrono::{DateTime, Utc};

use super::prelude::*;
use crate::evidence::{Gap, Missing};
use crate::readiness::predicates::events::{
    counted, no_log, nothing_to_write_back, shown, telling_logs,
};
use crate::roundtrip::{BurstLimits, BurstOf, bursts};

pub(super) const RULE: Rule = Rule {
    code: "SSPR610",
    title: "Bursts of resets or failures",
    phase: Phase::EventLog,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["events.operations"],
    rationale: "Many resets within an hour in which there are few otherwise come from an attack on \
        accounts, from a campaign that made passwords expire, or from a script. Many failures at once \
        come from a fault that began at that hour. Each hour is compared with the median of the same \
        hour on the other days of the log.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/howto-sspr-reporting",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

/// So many other days make a median of the same hour.
const DAYS: i64 = 5;
/// Most bursts that the values name, the greatest.
const NAMED: usize = 20;

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nothing_to_write_back(cx) {
        return Ok(outcome);
    }
    let events = &cx.facts.events;
    let logs: Vec<_> = telling_logs(cx).collect();
    // The cloud's records alone would let the phase pass without a log of any server.
    if logs.is_empty() {
        return Err(no_log());
    }
    let first = logs
        .iter()
        .filter_map(|log| log.first)
        .chain(cx.facts.audit.first)
        .min();
    let last = logs
        .iter()
        .filter_map(|log| log.last)
        .chain(cx.facts.audit.last)
        .max();
    let (Some(first), Some(last)) = (first, last) else {
        return Err(no_log());
    };
    if (last - first).num_days() <= DAYS {
        let why = format!(
            "the logs span {}, too few to know what is usual",
            counted((last - first).num_days().unsigned_abs(), "day", "days")
        );
        return Err(Unknown {
            missing: vec![Missing {
                fact: "events.operations".into(),
                subject: None,
                gap: Gap::NotAvailable(why),
            }],
        });
    }
    let thresholds = &cx.config.thresholds;
    let limits = BurstLimits {
        factor: thresholds.burst_factor.into(),
        least: thresholds.burst_minimum.into(),
    };
    let hours = &events.trips.hours;
    let hour = |at: DateTime<Utc>| at.timestamp().div_euclid(3600);
    let span = (hour(first), hour(last));
    let mut bursts = bursts(hours.keys().copied(), span, limits, |hour, of| {
        hours.get(&hour).map_or(0, |tally| match of {
            BurstOf::Resets => tally.resets,
            BurstOf::Failures => tally.failures,
        })
    });
    let Some(worst) = bursts.first() else {
        return Ok(Outcome::pass(format!(
            "No hour from {} to {} has more than {} times the usual resets or failures, and at least {}.",
            shown(first),
            shown(last),
            limits.factor,
            limits.least
        ))
        .because_all(logs.iter().filter_map(|log| log.from.as_ref())));
    };
    let message = format!(
        "{} with a burst, the greatest from {}: {} {} within an hour, where {} are usual.",
        counted(bursts.len() as u64, "hour", "hours"),
        shown(worst.hour),
        worst.count,
        worst.of.name(),
        worst.usual
    );
    let number = bursts.len();
    bursts.truncate(NAMED);
    Ok(Outcome::fail(message)
        .with("hours", number)
        .with("bursts", &bursts)
        .because_all(logs.iter().filter_map(|log| log.from.as_ref())))
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "A burst has a reason outside of writeback, or a fault that began at that hour.".into(),
        steps: vec![
            "List who it was in that hour: one person or many, from where, through which method.".into(),
            "Compare the hour with changes: expired passwords, a new policy, a migration, maintenance.".into(),
            "If nobody can explain it, treat it as an attack: read the sign-in logs of the people, and let \
             them set new passwords."
                .into(),
        ],
        command: Some(format!(
            "Get-WinEvent -ComputerName {} -FilterHashtable @{{LogName='Application'; ProviderName='PasswordResetService'; StartTime='<hour>'; EndTime='<hour + 1>'}} | Group-Object Id",
            quoted(&names.server)
        )),
        verify: "The hours after it are as usual.".into(),
        undo: "Nothing needs undoing.".into(),
    }
}
