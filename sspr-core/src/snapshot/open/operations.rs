//! Logs and lists of people in, operations out.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::logs::{LogRecord, LogsRead, read_items, read_logs};
use super::manifests::Manifests;
use super::survey::Survey;
use super::{Input, ReadOptions};
use crate::error::Result;
use crate::events::Filter;
use crate::evidence::{Locator, OnProgress, Provenance, SourceId, Strength};
use crate::roundtrip::{Correlator, Operation, Settings, Statistics, Summary, SupportBundle};
use crate::snapshot::Snapshot;

/// How long before an operation the events lie that belong to it: its flow in the cloud, a lockout.
const BEFORE: TimeDelta = TimeDelta::hours(1);

/// What [`read_operations`] found.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OperationsRead {
    /// The operations, by time. The provenance of their events names a log by its place in the list of
    /// `logs`.
    pub operations: Vec<Operation>,
    /// What else was found: clocks, connector accounts, passwords set by others, services.
    pub summary: Summary,
    /// What was read, and what was no log.
    pub logs: LogsRead,
}

impl OperationsRead {
    /// The operations in numbers.
    pub fn statistics(&self) -> Statistics {
        Statistics::of(&self.operations)
    }
}

/// Joins the events and audit records of all logs among the inputs to operations: logs of several
/// servers, of domain controllers and of the tenant, as [`read_logs`] takes them, of which
/// [`Filter::operations`] wants all that counts. Its times choose among the operations: the events
/// around are read with them, so that those at the edges are whole. Lists of people, and what names the connector
/// account, are read too where they stand among the inputs, and make joins more certain. An error is
/// returned only when the caller stopped the work.
///
/// ```no_run
/// use sspr::events::Filter;
/// use sspr::roundtrip::Outcome;
/// use sspr::snapshot::{Input, ReadOptions, read_operations};
///
/// let inputs = vec![Input::path("Application.evtx"), Input::path("dc1-security.evtx")];
/// let options = ReadOptions::default();
/// let read = read_operations(inputs, &options, &Filter::operations(), &mut |_| {
///     std::ops::ControlFlow::Continue(())
/// })?;
/// let failed = read.operations.iter().filter(|one| one.outcome == Outcome::Failed);
/// println!("{} failed", failed.count());
/// # Ok::<(), sspr::Error>(())
/// ```
pub fn read_operations(
    inputs: Vec<Input>,
    options: &ReadOptions,
    filter: &Filter,
    progress: &mut OnProgress<'_>,
) -> Result<OperationsRead> {
    let mut survey = Survey::new(&options.limits, progress);
    survey.run(inputs)?;
    let Survey {
        mut items, skipped, ..
    } = survey;
    let manifests = Manifests::take(&mut items);
    items.retain(|item| item.manifest.is_none());
    let mut correlator = Correlator::default();
    let mut operations = Vec::new();
    let mut hosts = Hosts::default();
    let (mut read, others) = read_items(
        items,
        options,
        &around(filter),
        &mut |number, _, record| {
            hosts.saw(number, &record);
            push(&mut correlator, number, record);
            operations.extend(correlator.ready());
            ControlFlow::Continue(())
        },
        progress,
    )?;
    hosts.state(&read, &mut correlator);
    let mut people = Snapshot::default();
    for item in others {
        people.read_item(item, &manifests, options, progress)?;
    }
    people.finish();
    people.facts.introduce(&mut correlator);
    let mut summary = correlator.finish(&mut |operation| operations.push(operation));
    operations.retain(|operation| operation.time().is_none_or(|at| is_within(filter, at)));
    summary.outside.retain(|set| is_within(filter, set.at));
    operations.sort_by_key(|operation| (operation.time(), operation.tracking_id));
    read.skip(skipped);
    Ok(OperationsRead {
        operations,
        summary,
        logs: read,
    })
}

/// What also wants the events before and after the wanted time.
fn around(filter: &Filter) -> Filter {
    let follow = Settings::default().follow;
    Filter {
        since: filter.since.and_then(|at| at.checked_sub_signed(BEFORE)),
        until: filter.until.and_then(|at| at.checked_add_signed(follow)),
        ..filter.clone()
    }
}

fn is_within(filter: &Filter, at: DateTime<Utc>) -> bool {
    filter.since.is_none_or(|since| at >= since) && filter.until.is_none_or(|until| at < until)
}

/// Of which machines the Application logs are, by the number of the log.
#[derive(Default)]
struct Hosts(BTreeMap<usize, BTreeSet<String>>);

impl Hosts {
    fn saw(&mut self, log: usize, record: &LogRecord) {
        let LogRecord::Event(event) = record else {
            return;
        };
        let (Some(host), Some(channel)) = (&event.value.computer, &event.value.channel) else {
            return;
        };
        if channel.eq_ignore_ascii_case("Application") {
            let hosts = self.0.entry(log).or_default();
            if !hosts.contains(host.as_str()) {
                hosts.insert(host.to_string());
            }
        }
    }

    /// Tells which times the log of a machine covers: records that nobody wanted reach further than those that
    /// were. A log of several machines is a collector's, and may lack anything.
    fn state(&self, read: &LogsRead, correlator: &mut Correlator) {
        for (number, hosts) in &self.0 {
            let log = read.logs.get(*number);
            let reach = log.and_then(|log| log.first.zip(log.last));
            if let (Some(host), 1, Some((first, last))) = (hosts.first(), hosts.len(), reach) {
                correlator.push_span(host, first, last);
            }
        }
    }
}

fn push(correlator: &mut Correlator, log: usize, record: LogRecord) {
    let from = |locator: Locator, observed_at| Provenance {
        source: SourceId(u32::try_from(log).unwrap_or(u32::MAX)),
        locator,
        observed_at,
        strength: Strength::Observed,
    };
    match record {
        LogRecord::Event(event) => {
            let from = from(event.place, event.value.time);
            correlator.push_event(&event.value, &from);
        }
        LogRecord::Audit(record) => {
            let from = from(record.place.clone(), Some(record.time));
            correlator.push_audit(&record, &from);
        }
    }
}

/// Gathers what support asks for about an operation from the logs that it was read of, in a second look at
/// them. An error is returned only when the caller stopped the work.
pub fn read_support(
    inputs: Vec<Input>,
    options: &ReadOptions,
    operation: Operation,
    progress: &mut OnProgress<'_>,
) -> Result<SupportBundle> {
    let around = SupportBundle::around(&operation);
    let filter = Filter {
        since: around.map(|(from, _)| from),
        until: around.map(|(_, to)| to),
        ..Filter::operations()
    };
    let mut events = Vec::new();
    read_logs(
        inputs,
        options,
        &filter,
        &mut |log, record| {
            if let LogRecord::Event(event) = record {
                events.push((log.to_owned(), *event));
            }
            ControlFlow::Continue(())
        },
        progress,
    )?;
    Ok(SupportBundle::new(operation, events))
}

#[cfg(test)]
mod tests;
