//! Questions about operations from end to end, and about the logs that would show them.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::directory::domains;
use crate::evidence::Unknown;
use crate::readiness::Context;
use crate::snapshot::facts::{LogFacts, host_key};

/// How far two clocks may differ.
pub(in crate::readiness) const SKEW: TimeDelta = TimeDelta::minutes(5);

/// The fact that the Security logs of the domain controllers are.
pub(in crate::readiness) const SECURITY_LOGS: &str = "logs.security";

/// Whether the Security logs of all writable domain controllers cover a stretch of time, and hold
/// what would show it.
pub(in crate::readiness) fn controllers_cover(
    cx: &Context<'_>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    tells: fn(&LogFacts) -> bool,
) -> bool {
    let facts = cx.facts;
    let mut hosts = BTreeSet::new();
    for domain in domains(cx) {
        match domain.controllers.get() {
            Ok(listed) => hosts.extend(listed.value.iter().map(|host| host_key(host))),
            // Who does not know them all does not know that none is missing.
            Err(_) => return false,
        }
    }
    hosts.extend(facts.controllers.keys().cloned());
    hosts.retain(|host| {
        let controller = facts.controllers.get(host);
        controller.is_none_or(|controller| controller.read_only.value() != Some(&true))
    });
    let covers = |host: &String| {
        let log = facts
            .events
            .logs
            .get(&(host.clone(), "security".to_owned()));
        log.is_some_and(|log| {
            let reach = log.first.zip(log.last);
            tells(log) && reach.is_some_and(|(first, last)| first <= from && to <= last)
        })
    };
    !hosts.is_empty() && hosts.iter().all(covers)
}

/// The stretch of time that the Application logs of all active servers cover.
pub(in crate::readiness) fn servers_cover(
    cx: &Context<'_>,
) -> Result<(DateTime<Utc>, DateTime<Utc>), Unknown> {
    let mut hosts: BTreeSet<String> = super::events::services(cx)
        .map(|(host, _)| host.to_owned())
        .collect();
    let servers = cx.facts.servers.iter();
    hosts.extend(
        servers
            .filter(|(_, server)| server.staging.value() != Some(&true))
            .map(|(host, _)| host.clone()),
    );
    let mut all: Option<(DateTime<Utc>, DateTime<Utc>)> = None;
    for host in &hosts {
        let log = cx.facts.events.application_log(host);
        let reach = log.and_then(|log| log.first.zip(log.last));
        let (first, last) = reach.ok_or_else(super::events::no_log)?;
        all = Some(all.map_or((first, last), |(from, to)| (from.max(first), to.min(last))));
    }
    all.filter(|(from, to)| from < to)
        .ok_or_else(super::events::no_log)
}
