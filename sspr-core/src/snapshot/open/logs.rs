//! The logs among the inputs, record by record, without facts being drawn from them.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::ahead::Ahead;
use super::survey::{Item, Survey};
use super::watched::{Tally, Watched, announce, cancelled};
use super::{Input, ReadOptions};
use crate::error::{Error, ErrorCode, Result};
use crate::events::{
    AuditRecord, EvtxOptions, Filter, LogItem, LogOptions, WindowsEvent, read_log_with,
};
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

impl LogsRead {
    /// The time of the earliest and of the latest record of all logs, wanted or not.
    pub fn reach(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let first = self.logs.iter().filter_map(|log| log.first).min();
        first.zip(self.logs.iter().filter_map(|log| log.last).max())
    }

    /// Adds inputs that gave nothing, and brings all of them into their order.
    pub(super) fn skip(&mut self, skipped: Vec<Skipped>) {
        self.skipped.extend(skipped);
        self.skipped
            .sort_by_cached_key(|skipped| (skipped.name.clone(), skipped.reason.to_string()));
    }
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
    /// The first fault, with its place: of those that cost records where any did, else a remark.
    pub fault: Option<Error>,
    /// How many chunks an `.evtx` has, and how many of them were not examined, because no wanted
    /// provider's name stands in them.
    pub chunks: u64,
    /// See `chunks`.
    pub not_examined: u64,
}

impl LogRead {
    fn gave_nothing(&self) -> bool {
        self.first.is_none() && self.events == 0
    }

    fn saw(&mut self, first: DateTime<Utc>, last: DateTime<Utc>) {
        self.first = Some(self.first.map_or(first, |known| known.min(first)));
        self.last = Some(self.last.map_or(last, |known| known.max(last)));
    }

    fn lose(&mut self, records: u64, error: Error) {
        if self.fault.is_none() || self.lost == 0 && records > 0 {
            self.fault = Some(error);
        }
        self.lost += records;
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

/// The same with the place of the log in the list of [`LogsRead::logs`].
pub(super) type OnNumbered<'a> = dyn FnMut(usize, &str, LogRecord) -> ControlFlow<()> + 'a;

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
    let Survey {
        mut items, skipped, ..
    } = survey;
    items.retain(|item| item.manifest.is_none());
    let mut sink = |_, log: &str, record| sink(log, record);
    let (mut read, _) = read_items(items, options, filter, &mut sink, progress)?;
    read.skip(skipped);
    Ok(read)
}

/// Reads the logs among some items, and gives back those that are none.
pub(super) fn read_items(
    items: Vec<Item>,
    options: &ReadOptions,
    filter: &Filter,
    sink: &mut OnNumbered<'_>,
    progress: &mut OnProgress<'_>,
) -> Result<(LogsRead, Vec<Item>)> {
    let mut read = LogsRead::default();
    let mut others = Vec::new();
    let mut ahead = Aheads::new(&items, filter, options.log());
    for (number, item) in items.into_iter().enumerate() {
        announce(progress, Stage::Reading(&item.name), item.size)?;
        let tally = Tally::default();
        let mut intake = Intake {
            log: LogRead {
                name: item.name.clone(),
                ..LogRead::default()
            },
            number: read.logs.len(),
            stopped: false,
            sink,
        };
        let mut take = |record| intake.take(record);
        let outcome = match ahead.take(number) {
            Some(running) => running.finish(&item.name, item.size, progress, &mut take),
            None => item.source.open(None).and_then(|reader| {
                let reader = Watched::new(reader, &item.name, item.size, &tally, progress);
                read_log_with(reader, filter, ahead.options, &mut take)
            }),
        };
        let Intake {
            mut log, stopped, ..
        } = intake;
        match outcome {
            _ if stopped || tally.stopped.get() => return Err(cancelled()),
            Err(error) if error.code == ErrorCode::Cancelled => return Err(error),
            Err(reason) if reason.code == ErrorCode::Unrecognised || log.gave_nothing() => {
                read.skipped.push(Skipped {
                    name: log.name,
                    reason,
                });
                others.push(item);
            }
            Err(fault) => {
                log.lose(1, fault);
                read.logs.push(log);
            }
            Ok(summary) => {
                let summary = summary.unwrap_or_default();
                (log.chunks, log.not_examined) = (summary.chunks, summary.not_examined);
                read.logs.push(log);
            }
        }
    }
    Ok((read, others))
}

/// Takes what a log gives.
struct Intake<'s, 'o> {
    log: LogRead,
    number: usize,
    stopped: bool,
    sink: &'s mut OnNumbered<'o>,
}

impl Intake<'_, '_> {
    fn take(&mut self, item: LogItem) -> ControlFlow<()> {
        let (time, record) = match item {
            LogItem::Event(event) => (event.value.time, LogRecord::Event(event)),
            LogItem::Audit(record) => (Some(record.time), LogRecord::Audit(record)),
            LogItem::Span(span) => {
                self.log.saw(span.first, span.last);
                return ControlFlow::Continue(());
            }
            LogItem::Fault { error, records, .. } => {
                self.log.lose(records.unwrap_or(1), error);
                return ControlFlow::Continue(());
            }
        };
        self.log.events += 1;
        if let Some(time) = time {
            self.log.saw(time, time);
        }
        let flow = (self.sink)(self.number, &self.log.name, record);
        self.stopped |= flow.is_break();
        flow
    }
}

/// Logs that are read ahead of their turn.
struct Aheads<'a> {
    filter: &'a Filter,
    /// How each log is read: the jobs are shared among those that are read at once.
    options: LogOptions,
    /// Plain files that were not begun yet, the first last.
    waiting: Vec<(usize, PathBuf)>,
    running: BTreeMap<usize, Ahead>,
    most: usize,
}

impl<'a> Aheads<'a> {
    fn new(items: &[Item], filter: &'a Filter, options: LogOptions) -> Self {
        let mut waiting: Vec<_> = items
            .iter()
            .enumerate()
            .filter_map(|(number, item)| Some((number, item.source.file()?.clone())))
            .collect();
        waiting.reverse();
        let jobs = options.evtx.jobs.get();
        let most = jobs.min(waiting.len());
        let share = NonZeroUsize::new(jobs / most.max(1)).unwrap_or(NonZeroUsize::MIN);
        Self {
            filter,
            options: LogOptions {
                evtx: EvtxOptions {
                    jobs: share,
                    ..options.evtx
                },
                ..options
            },
            waiting,
            running: BTreeMap::new(),
            // One after another needs no other thread.
            most: if most > 1 { most } else { 0 },
        }
    }

    /// The log of a number, if it is read ahead; the next ones are begun.
    fn take(&mut self, number: usize) -> Option<Ahead> {
        while self.running.len() < self.most {
            let Some((next, path)) = self.waiting.pop() else {
                break;
            };
            if next < number {
                continue;
            }
            match Ahead::start(path, self.filter.clone(), self.options) {
                Ok(running) => self.running.insert(next, running),
                // Without a thread it is read in its turn.
                Err(_) => break,
            };
        }
        self.running.remove(&number)
    }
}
