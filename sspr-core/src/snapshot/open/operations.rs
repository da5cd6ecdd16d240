//! Logs and lists of people in, operations out.

use std::ops::ControlFlow;

use serde::Serialize;

use super::logs::{LogRecord, LogsRead, read_items, read_logs};
use super::manifests::Manifests;
use super::survey::Survey;
use super::{Input, ReadOptions};
use crate::error::Result;
use crate::events::Filter;
use crate::evidence::{Locator, OnProgress, Provenance, SourceId, Strength};
use crate::roundtrip::{Correlator, Operation, Statistics, Summary, SupportBundle};
use crate::snapshot::Snapshot;

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
/// [`Filter::operations`] wants all that counts. Lists of people, and what names the connector
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
    let (mut read, others) = read_items(
        items,
        options,
        filter,
        &mut |log, _, record| {
            push(&mut correlator, log, record);
            operations.extend(correlator.ready());
            ControlFlow::Continue(())
        },
        progress,
    )?;
    let mut people = Snapshot::default();
    for item in others {
        people.read_item(item, &manifests, options, progress)?;
    }
    people.finish();
    people.facts.introduce(&mut correlator);
    let summary = correlator.finish(&mut |operation| operations.push(operation));
    operations.sort_by_key(|operation| (operation.time(), operation.tracking_id));
    read.skip(skipped);
    Ok(OperationsRead {
        operations,
        summary,
        logs: read,
    })
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
