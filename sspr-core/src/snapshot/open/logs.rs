//! The logs among the inputs, record by record, without facts being drawn from them.

use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::survey::Survey;
use super::watched::{Tally, Watched, announce, cancelled};
use super::{Input, ReadOptions};
use crate::error::{Error, ErrorCode, Result};
use crate::events::{AuditRecord, Filter, LogItem, WindowsEvent, read_log};
use crate::evidence::{At, OnProgress, Stage};
use crate::snapshot::Skipped;

/// What [`read_logs`] went through.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogsRead {
    /// The logs, in the order they were read: by name.
    pub logs: Vec<LogRead>,
    /// Inputs that are no logs, or could not be read.
    pub skipped: Vec<Skipped>,
}

/// One log.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogRead {
    /// The file's path as it was given, or a name for a stream.
    pub name: String,
    /// How many events and audit records the filter wanted.
    pub events: u64,
    /// The time of the earliest and of the latest record, wanted or not, where the log tells it.
    pub first: Option<DateTime<Utc>>,
    /// See `first`.
    pub last: Option<DateTime<Utc>>,
    /// How many records, or places where records may have been, could not be read.
    pub lost: u64,
    /// The first of these faults, with its place.
    pub fault: Option<Error>,
}

impl LogRead {
    fn saw(&mut self, first: DateTime<Utc>, last: DateTime<Utc>) {
        self.first = Some(self.first.map_or(first, |known| known.min(first)));
        self.last = Some(self.last.map_or(last, |known| known.max(last)));
    }

    fn lose(&mut self, records: u64, error: Error) {
        self.lost += records;
        self.fault.get_or_insert(error);
    }
}

/// What stands in a log.
#[derive(Debug, Clone, PartialEq)]
pub enum LogRecord {
    /// An event of Windows, with its place.
    Event(Box<At<WindowsEvent>>),
    /// A record of the tenant's audit log; it knows its place.
    Audit(Box<AuditRecord>),
}

/// A callback that gets the name of a log and a record of it, and may stop the work with
/// [`ControlFlow::Break`].
pub type OnRecord<'a> = dyn FnMut(&str, LogRecord) -> ControlFlow<()> + 'a;

/// Reads the logs among the inputs, of Windows and of the tenant: files, folders, archives and
/// streams, as [`Snapshot::read`](crate::snapshot::Snapshot::read) takes them. The sink gets each
/// event and audit record that the filter wants, in the order of the log. An error is returned only
/// when the caller stopped the work.
pub fn read_logs(
    inputs: Vec<Input>,
    options: &ReadOptions,
    filter: &Filter,
    sink: &mut OnRecord<'_>,
    progress: &mut OnProgress<'_>,
) -> Result<LogsRead> {
    let mut survey = Survey::new(&options.limits, progress);
    survey.run(inputs)?;
    let Survey { items, skipped, .. } = survey;
    let mut read = LogsRead {
        logs: Vec::new(),
        skipped,
    };
    for item in items.into_iter().filter(|item| item.manifest.is_none()) {
        announce(progress, Stage::Reading(&item.name), item.size)?;
        let tally = Tally::default();
        let mut log = LogRead {
            name: item.name.clone(),
            ..LogRead::default()
        };
        let mut stopped = false;
        let outcome = item.source.open(None).and_then(|reader| {
            let reader = Watched::new(reader, &item.name, item.size, &tally, progress);
            read_log(reader, filter, &mut |record| {
                let (time, record) = match record {
                    LogItem::Event(event) => (event.value.time, LogRecord::Event(event)),
                    LogItem::Audit(record) => (Some(record.time), LogRecord::Audit(record)),
                    LogItem::Span(span) => {
                        log.saw(span.first, span.last);
                        return ControlFlow::Continue(());
                    }
                    LogItem::Fault { error, records, .. } => {
                        log.lose(records.unwrap_or(1), error);
                        return ControlFlow::Continue(());
                    }
                };
                log.events += 1;
                if let Some(time) = time {
                    log.saw(time, time);
                }
                let flow = sink(&item.name, record);
                stopped = flow.is_break();
                flow
            })
        });
        if stopped || tally.stopped.get() {
            return Err(cancelled());
        }
        match outcome {
            Err(reason) if reason.code == ErrorCode::Unrecognised || log.first.is_none() => {
                read.skipped.push(Skipped {
                    name: log.name,
                    reason,
                });
            }
            Err(fault) => {
                log.lose(1, fault);
                read.logs.push(log);
            }
            Ok(()) => read.logs.push(log),
        }
    }
    read.skipped
        .sort_by_cached_key(|skipped| (skipped.name.clone(), skipped.reason.to_string()));
    Ok(read)
}
