//! How long a write takes.

use super::prelude::*;
use crate::readiness::predicates::events::{no_log, nothing_to_write_back};

pub(super) const RULE: Rule = Rule {
    code: "SSPR613",
    title: "Time that a write takes",
    phase: Phase::EventLog,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["events.operations", "logs.security", "audit.records"],
    rationale: "The person waits while the domain is asked: a write takes well below a second as a rule. \
        Where the slowest of twenty takes many seconds, a domain controller is far or slow, or the \
        connection to the cloud is. Times between machines are compared only where their clocks could be.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nothing_to_write_back(cx) {
        return Ok(outcome);
    }
    let trips = &cx.facts.events.trips;
    let Some(on_server) = trips.on_server.percentile(95) else {
        return Err(no_log());
    };
    let to_domain = trips.cloud_to_domain.percentile(95);
    let thresholds = &cx.config.thresholds;
    let slow_server = on_server > u64::from(thresholds.server_seconds) * 1000;
    let slow_way =
        to_domain.is_some_and(|most| most > u64::from(thresholds.round_trip_seconds) * 1000);
    let to_domain_words = to_domain.map(|most| {
        format!(
            ", and no longer than {} from the cloud to the domain (of {})",
            seconds(most),
            trips.cloud_to_domain.measured
        )
    });
    let message = format!(
        "95 of 100 operations take no longer than {} on the server (of {} measured){}.",
        seconds(on_server),
        trips.on_server.measured,
        to_domain_words.unwrap_or_default()
    );
    let outcome = if slow_server || slow_way {
        Outcome::fail(message)
    } else {
        Outcome::pass(message)
    };
    Ok(outcome
        .with("serverMilliseconds", on_server)
        .with("serverMeasured", trips.on_server.measured)
        .with("roundTripMilliseconds", to_domain)
        .with("roundTripMeasured", trips.cloud_to_domain.measured)
        .because_all(trips.written.last().map(|one| &one.who.from)))
}

fn seconds(milliseconds: u64) -> String {
    format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100)
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "The time goes to the domain controller that the server writes to, or to the line.".into(),
        steps: vec![
            format!("See which domain controllers {} writes to, and prefer near ones in the connector.", names.server),
            "Measure the line from the server to the domain controllers and to the service bus.".into(),
            "Look at the load of the server and of the domain controllers at the times of the slowest ones.".into(),
        ],
        command: Some(format!(
            "Invoke-Command -ComputerName {} {{ nltest /dsgetdc:{} ; Test-NetConnection passwordreset.microsoftonline.com -Port 443 }}",
            quoted(&names.server),
            quoted(&names.domain)
        )),
        verify: "The times between 31001 and 31002 of the next days are below a second.".into(),
        undo: "Remove the preferred domain controllers from the connector.".into(),
    }
}
