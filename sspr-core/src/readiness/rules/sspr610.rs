//! Bursts of resets or failures.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::prelude::*;
use crate::evidence::{Gap, Missing};
use crate::readiness::predicates::events::{
    counted, no_log, nothing_to_write_back, shown, telling_logs,
};
use crate::roundtrip::usual;
use crate::snapshot::facts::HourTally;

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

/// One burst, as the report's values show it.
#[derive(Debug, Clone, Serialize, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Burst {
    hour: DateTime<Utc>,
    what: &'static str,
    count: u64,
    median: u64,
}

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
    let (multiple, minimum) = (
        u64::from(thresholds.burst_factor),
        u64::from(thresholds.burst_minimum),
    );
    let hours = &events.trips.hours;
    let whole = (
        first.timestamp().div_euclid(3600),
        last.timestamp().div_euclid(3600),
    );
    let mut bursts = Vec::new();
    for (hour, tally) in hours {
        for (what, of) in [
            ("resets", (|tally| tally.resets) as fn(&HourTally) -> u64),
            ("failures", |tally| tally.failures),
        ] {
            let count = of(tally);
            if count < minimum {
                continue;
            }
            let there = |hour: i64| hours.get(&hour).map(of).unwrap_or_default();
            let median = usual(there, *hour, whole.0, whole.1);
            if let (Some(at), true) = (
                DateTime::from_timestamp(hour * 3600, 0),
                count > multiple.saturating_mul(median),
            ) {
                bursts.push(Burst {
                    hour: at,
                    what,
                    count,
                    median,
                });
            }
        }
    }
    bursts.sort_by_key(|burst| (std::cmp::Reverse(burst.count), burst.hour, burst.what));
    let Some(worst) = bursts.first() else {
        return Ok(Outcome::pass(format!(
            "No hour from {} to {} has more than {multiple} times the usual resets or failures, and at least {minimum}.",
            shown(first),
            shown(last)
        ))
        .because_all(logs.iter().filter_map(|log| log.from.as_ref())));
    };
    let message = format!(
        "{} with a burst, the greatest from {}: {} {} within an hour, where {} are usual.",
        counted(bursts.len() as u64, "hour", "hours"),
        shown(worst.hour),
        worst.count,
        worst.what,
        worst.median
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
