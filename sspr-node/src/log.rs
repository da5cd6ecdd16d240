//! Logs as streams: arrays of events or of operations, made while they are asked for, and Arrow.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use napi::bindgen_prelude::{Buffer, Object};
use napi::{Env, Result};
use napi_derive::napi;
use serde::Serialize;
use sspr::carrier::arrow::{Batches, Row, write_ipc};
use sspr::events::{Filter, LogItem, LogReader, WindowsEvent};

use crate::fault::{caught, own};
use crate::plain::Plain;
use crate::roundtrip::OperationRow;
use crate::source::{Given, Source};
use crate::value::Whole;
use crate::work::{OnStep, Promise, Stop, Watch, promised, spawn};

/// How many rows make one array.
const ROWS: usize = 1_000;

/// Which events of a log are wanted.
#[napi(object, object_to_js = false, namespace = "loader")]
pub struct Wanted {
    /// Names of providers; none means all.
    pub providers: Vec<String>,
    /// Event ids; none means all.
    pub ids: Option<Vec<Whole>>,
    /// The earliest time.
    pub since: Option<DateTime<Utc>>,
    /// The time that ends the stretch.
    pub until: Option<DateTime<Utc>>,
}

impl Wanted {
    fn filter(self) -> Result<Filter> {
        let ids = self.ids.unwrap_or_default();
        Ok(Filter {
            providers: self.providers,
            ids: ids
                .iter()
                .map(Whole::get)
                .collect::<Result<BTreeSet<u32>>>()?,
            since: self.since,
            until: self.until,
        })
    }
}

/// Something in a log that could not be read.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogFault {
    /// What and where.
    error: sspr::Error,
    /// How many records were lost by it, if known.
    records: Option<u64>,
    /// How many bytes were lost by it, if known.
    bytes: Option<u64>,
}

/// One array.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Rows {
    /// Of events.
    Events(Vec<WindowsEvent>),
    /// Of operations.
    Operations(Vec<OperationRow>),
}

type Answer = Promise<Plain<Option<Rows>>>;

/// A log that is being read: `next` gives the next array, or null at the end.
#[napi(namespace = "loader")]
pub struct LogStream {
    requests: Mutex<Option<Sender<Answer>>>,
    lost: Arc<Mutex<Lost>>,
}

/// Most faults that are kept; all are counted.
const FAULTS: usize = 20;

#[derive(Default)]
struct Lost {
    count: u32,
    first: Vec<LogFault>,
}

#[napi(namespace = "loader")]
impl LogStream {
    /// Asks for the next array.
    #[napi]
    pub fn next<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let (promise, awaited) = Promise::new(env)?;
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let refused = match &*requests {
            Some(sender) => sender.send(promise).err().map(|unsent| unsent.0),
            None => Some(promise),
        };
        if let Some(promise) = refused {
            promise.settle(Ok(None), Plain);
        }
        Ok(awaited)
    }

    /// Stops reading.
    #[napi]
    pub fn close(&self) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.take();
    }

    /// The first things that could not be read so far.
    #[napi]
    pub fn faults(&self) -> Plain<Vec<LogFault>> {
        let lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        Plain(lost.first.clone())
    }

    /// How many things could not be read so far.
    #[napi]
    pub fn lost(&self) -> u32 {
        self.lost
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .count
    }
}

/// Answers requests with arrays of rows, until there are none or nobody asks any more.
fn serve<T>(
    mut rows: impl Iterator<Item = sspr::Result<T>>,
    wrap: fn(Vec<T>) -> Rows,
    requests: &Receiver<Answer>,
) {
    let mut open = true;
    let mut fault = None;
    while let Ok(request) = requests.recv() {
        let array = caught(|| {
            let mut array = Vec::new();
            while open && array.len() < ROWS {
                match rows.next() {
                    Some(Ok(row)) => array.push(row),
                    Some(Err(error)) => {
                        fault = Some(own(&error));
                        open = false;
                    }
                    None => open = false,
                }
            }
            Ok(array)
        });
        let answer = match array {
            Ok(array) if array.is_empty() => fault.take().map_or(Ok(None), Err),
            Ok(array) => Ok(Some(wrap(array))),
            Err(defect) => {
                open = false;
                Err(defect)
            }
        };
        request.settle(answer, Plain);
    }
}

/// The events of a log; what could not be read is noted.
fn events(
    reader: LogReader,
    lost: Arc<Mutex<Lost>>,
) -> impl Iterator<Item = sspr::Result<sspr::evidence::At<WindowsEvent>>> {
    reader.filter_map(move |item| match item {
        Ok(LogItem::Event(event)) => Some(Ok(*event)),
        Ok(LogItem::Span(_) | LogItem::Audit(_)) => None,
        Ok(LogItem::Fault {
            error,
            records,
            bytes,
        }) => {
            let mut lost = lost.lock().unwrap_or_else(PoisonError::into_inner);
            lost.count = lost.count.saturating_add(1);
            if lost.first.len() < FAULTS {
                lost.first.push(LogFault {
                    error,
                    records,
                    bytes,
                });
            }
            None
        }
        Err(error) => Some(Err(error)),
    })
}

fn open(source: Source, filter: Filter, watch: Watch) -> Result<LogReader> {
    Ok(LogReader::new(source.open(Arc::new(watch))?, filter))
}

/// Reads a log as arrays of events, or of operations.
#[napi(namespace = "loader")]
pub fn read_log(
    input: Given<'_>,
    wanted: Wanted,
    as_operations: bool,
    stop: &Stop,
    hear: Option<OnStep<'_>>,
) -> Result<LogStream> {
    let watch = Watch::new(stop, hear)?;
    let reader = open(input.into(), wanted.filter()?, watch)?;
    let lost = Arc::<Mutex<Lost>>::default();
    let (sender, requests) = channel::<Answer>();
    let events = events(reader, Arc::clone(&lost));
    spawn(move || {
        if as_operations {
            let rows = sspr::roundtrip::operations(events).map(|row| row.map(Into::into));
            serve(rows, Rows::Operations, &requests);
        } else {
            let rows = events.map(|event| event.map(|at| at.value));
            serve(rows, Rows::Events, &requests);
        }
    })?;
    Ok(LogStream {
        requests: Mutex::new(Some(sender)),
        lost,
    })
}

/// Reads a log as an Arrow IPC stream, of events or of operations.
#[napi(namespace = "loader")]
pub fn read_arrow<'env>(
    env: &'env Env,
    input: Given<'_>,
    wanted: Wanted,
    as_operations: bool,
    stop: &Stop,
    hear: Option<OnStep<'_>>,
) -> Result<Object<'env>> {
    let (source, filter) = (Source::from(input), wanted.filter()?);
    let watch = Watch::new(stop, hear)?;
    promised(
        env,
        move || {
            let events = open(source, filter, watch)?.into_events();
            if as_operations {
                table(sspr::roundtrip::operations(events))
            } else {
                table(events)
            }
        },
        Buffer::from,
    )
}

fn table<R: Row>(rows: impl Iterator<Item = sspr::Result<R>>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    write_ipc(Batches::new(rows), &mut bytes).map_err(|error| own(&error))?;
    Ok(bytes)
}
