//! Questions about logs.

use chrono::{DateTime, Utc};

pub(in crate::readiness) use super::counted;
use crate::events::catalogue::Source;
use crate::evidence::{Provenance, Strength, Unknown};
use crate::readiness::{Context, Outcome, Subjects};
use crate::snapshot::facts::{FailureGroup, LogFacts, Proof, ServiceFacts};

/// Where a tenant has nobody whose password is managed on-premises, there is nothing to write back.
pub(in crate::readiness) fn nothing_to_write_back(cx: &Context<'_>) -> Option<Outcome> {
    matches!(cx.has_synced_people(), Ok(false)).then(|| {
        Outcome::not_applicable(
            "Nobody's password is managed on-premises, so nothing is written back.",
        )
    })
}

/// That no log of the writeback service is in evidence.
pub(in crate::readiness) fn no_log() -> Unknown {
    Unknown::of("events.application")
}

/// The writeback services whose server is not known to be in staging mode, with their host's key.
pub(in crate::readiness) fn services<'a>(
    cx: &Context<'a>,
) -> impl Iterator<Item = (&'a str, &'a ServiceFacts)> + use<'a> {
    let facts = cx.facts;
    facts
        .events
        .services
        .iter()
        .filter(move |(host, _)| staging(facts, host) != Some(true))
        .map(|(host, service)| (host.as_str(), service))
}

/// The same, where the log of at least one of them is in evidence.
pub(in crate::readiness) fn known_services<'a>(
    cx: &Context<'a>,
) -> Result<Vec<&'a ServiceFacts>, Unknown> {
    let known: Vec<_> = services(cx).map(|(_, service)| service).collect();
    if known.is_empty() {
        return Err(no_log());
    }
    Ok(known)
}

/// Whether a host is known to be in staging mode, or not to be.
pub(in crate::readiness) fn staging(facts: &crate::snapshot::Facts, host: &str) -> Option<bool> {
    facts.servers.get(host)?.staging.value().copied()
}

/// Logs that hold events of the writeback service or of the engine.
pub(in crate::readiness) fn telling_logs<'a>(
    cx: &Context<'a>,
) -> impl Iterator<Item = &'a LogFacts> + use<'a> {
    let logs = cx.facts.events.logs.values();
    logs.filter(|log| {
        let tells = |source: Source| log.count(source.provider()) > 0;
        tells(Source::Writeback) || tells(Source::Engine)
    })
}

/// A success proves what came before it: the same event, as an inference.
pub(in crate::readiness) fn inferred(proof: &Proof) -> Provenance {
    Provenance {
        strength: Strength::Inferred,
        ..proof.from.clone()
    }
}

/// A proof that is later than a contrary event.
pub(in crate::readiness) fn proof_after<'a>(
    cx: &Context<'a>,
    time: DateTime<Utc>,
) -> Option<&'a Proof> {
    cx.facts
        .events
        .last_success()
        .filter(|proof| proof.at > time)
}

/// The people of some failures, without those that the configuration excludes.
pub(in crate::readiness) fn people_hit(cx: &Context<'_>, groups: &[&FailureGroup]) -> Subjects {
    let names: std::collections::BTreeSet<&str> = groups
        .iter()
        .flat_map(|group| group.people.iter().map(String::as_str))
        .collect();
    let (excluded, counted): (Vec<&str>, Vec<&str>) =
        names.into_iter().partition(|name| excludes(cx, name));
    let mut subjects = Subjects::names(counted);
    subjects.excluded = excluded.len() as u64;
    subjects
}

/// Whether the configuration excludes a person that an event names.
pub(in crate::readiness) fn excludes(cx: &Context<'_>, name: &str) -> bool {
    let exclude = &cx.config.exclude;
    exclude.covers_name(name)
        || cx
            .facts
            .people
            .people
            .by_upn(name)
            .is_some_and(|person| exclude.covers(&person))
}

/// A time as messages show it.
pub(in crate::readiness) fn shown(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// Event ids with their counts, such as `31034 (2), 32015 (40)`.
pub(in crate::readiness) fn ids(by_id: &std::collections::BTreeMap<u32, u64>) -> String {
    let parts: Vec<_> = by_id
        .iter()
        .map(|(id, count)| format!("{id} ({count})"))
        .collect();
    parts.join(", ")
}
