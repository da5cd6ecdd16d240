//! Logs as streams: arrays of events or of operations, made while they are asked for, and Arrow.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use napi::bindgen_prelude::{Buffer, Object};
use napi::{Env, Result};
use napi_derive::napi;
use serde::{Deserialize, Serialize};
use sspr::carrier::arrow::{Batches, Row, write_ipc};
use sspr::events::{
    AuditRecord, EvtxOptions, Filter, LogItem, LogOptions, LogReader, WindowsEvent, audit,
};
use sspr::roundtrip::operations_with;
use sspr::time::local::{UnknownZone, Zone};

use crate::fault::{caught, invalid, own, refused};
use crate::plain::Plain;
use crate::roundtrip::{OperationRow, Settings};
use crate::source::{Given, Source};
use crate::value::{Json, Whole};
use crate::work::{OnStep, Promise, Stop, Watch, promised, spawn};

/// How many rows make one array.
const ROWS: usize = 1_000;

/// Which events of a log are wanted, and how it is read.
#[napi(object, object_to_js = false, namespace = "loader")]
pub struct Wanted {
    /// Names of providers; none means all.
    pub providers: Option<Vec<String>>,
    /// Event ids; none means all.
    pub ids: Option<Vec<Whole>>,
    /// The earliest time.
    pub since: Option<DateTime<Utc>>,
    /// The time that ends the stretch.
    pub until: Option<DateTime<Utc>>,
    /// The zone of times that come without one.
    pub time_zone: Option<String>,
    /// How many threads decode an `.evtx`.
    pub jobs: Option<Whole>,
    /// Examine every part of an `.evtx`.
    pub verify: Option<bool>,
}

impl Wanted {
    /// The filter, with these providers where none are named.
    pub(crate) fn filter(&self, otherwise: Filter) -> Result<Filter> {
        let ids = self.ids.as_deref().unwrap_or_default();
        Ok(Filter {
            providers: self.providers.clone().unwrap_or(otherwise.providers),
            ids: ids
                .iter()
                .map(Whole::get)
                .collect::<Result<BTreeSet<u32>>>()?,
            since: self.since,
            until: self.until,
        })
    }

    fn options(&self) -> Result<LogOptions> {
        Ok(LogOptions {
            evtx: evtx(self.jobs.as_ref(), self.verify)?,
            zone: zone(self.time_zone.as_deref())?,
            ..LogOptions::default()
        })
    }
}

/// A zone by its name.
pub(crate) fn zone(name: Option<&str>) -> Result<Option<Zone>> {
    let zone = name.map(str::parse).transpose();
    zone.map_err(|unknown: UnknownZone| refused(&unknown.to_string()))
}

/// How `.evtx` is read.
pub(crate) fn evtx(jobs: Option<&Whole>, verify: Option<bool>) -> Result<EvtxOptions> {
    let usual = EvtxOptions::default();
    // More threads than this are a mistake.
    let jobs = jobs.map(Whole::get::<u8>).transpose()?;
    let jobs = jobs.map(|jobs| {
        NonZeroUsize::new(jobs.into()).ok_or_else(|| invalid("jobs must be 1 or more"))
    });
    Ok(EvtxOptions {
        jobs: jobs.transpose()?.unwrap_or(usual.jobs),
        verify: verify.unwrap_or(usual.verify),
    })
}

/// What the rows of a log are.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Events.
    Events,
    /// Records of the tenant's audit log.
    Audit,
    /// Operations.
    Operations,
}

impl Kind {
    /// What is wanted, with the providers that are usual for these rows where none are named.
    fn filter(self, wanted: &Wanted) -> Result<Filter> {
        match self {
            Self::Events => wanted.filter(Filter::writeback()),
            Self::Operations => wanted.filter(Filter::operations()),
            Self::Audit => Ok(Filter {
                providers: vec![audit::PROVIDER.to_owned()],
                ids: BTreeSet::new(),
                ..wanted.filter(Filter::default())?
            }),
        }
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
    /// Of audit records.
    Audit(Vec<AuditRecord>),
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

/// What a log holds.
type Items = Box<dyn Iterator<Item = sspr::Result<LogItem>>>;

/// The events and records of a log; what could not be read is noted.
fn noted(reader: LogReader, lost: Arc<Mutex<Lost>>) -> Items {
    Box::new(reader.filter(move |item| {
        if let Ok(LogItem::Fault {
            error,
            records,
            bytes,
        }) = item
        {
            let mut lost = lost.lock().unwrap_or_else(PoisonError::into_inner);
            lost.count = lost.count.saturating_add(1);
            if lost.first.len() < FAULTS {
                lost.first.push(LogFault {
                    error: error.clone(),
                    records: *records,
                    bytes: *bytes,
                });
            }
        }
        !matches!(item, Ok(LogItem::Fault { .. }))
    }))
}

fn events(items: Items) -> impl Iterator<Item = sspr::Result<WindowsEvent>> {
    items.filter_map(|item| match item {
        Ok(LogItem::Event(event)) => Some(Ok(event.value)),
        Ok(_) => None,
        Err(error) => Some(Err(error)),
    })
}

fn audits(items: Items) -> impl Iterator<Item = sspr::Result<AuditRecord>> {
    items.filter_map(|item| match item {
        Ok(LogItem::Audit(record)) => Some(Ok(*record)),
        Ok(_) => None,
        Err(error) => Some(Err(error)),
    })
}

/// A log that is about to be read, on another thread.
struct Begin {
    source: Source,
    filter: Filter,
    options: LogOptions,
    settings: sspr::roundtrip::Settings,
    watch: Watch,
}

impl Begin {
    fn new(
        input: Given<'_>,
        wanted: &Wanted,
        kind: Kind,
        settings: &Json<Settings>,
        watch: Watch,
    ) -> Result<Self> {
        Ok(Self {
            source: input.into(),
            filter: kind.filter(wanted)?,
            options: wanted.options()?,
            settings: settings.read()?.known()?,
            watch,
        })
    }

    /// Opens the log.
    fn open(self) -> Result<(LogReader, sspr::roundtrip::Settings)> {
        let source = self.source.open(Arc::new(self.watch))?;
        Ok((
            LogReader::with(source, self.filter, self.options),
            self.settings,
        ))
    }
}

/// Reads a log as arrays of rows.
#[napi(namespace = "loader")]
pub fn read_log(
    input: Given<'_>,
    wanted: Wanted,
    kind: Json<Kind>,
    settings: Json<Settings>,
    stop: &Stop,
    hear: Option<OnStep<'_>>,
) -> Result<LogStream> {
    let kind = kind.word()?;
    let watch = Watch::new(stop, hear)?;
    let (reader, settings) = Begin::new(input, &wanted, kind, &settings, watch)?.open()?;
    let lost = Arc::<Mutex<Lost>>::default();
    let (sender, requests) = channel::<Answer>();
    let noting = Arc::clone(&lost);
    spawn(move || {
        let items = noted(reader, noting);
        match kind {
            Kind::Events => serve(events(items), Rows::Events, &requests),
            Kind::Audit => serve(audits(items), Rows::Audit, &requests),
            Kind::Operations => {
                let rows = operations_with(items, settings).map(|row| row.map(Into::into));
                serve(rows, Rows::Operations, &requests);
            }
        }
    })?;
    Ok(LogStream {
        requests: Mutex::new(Some(sender)),
        lost,
    })
}

/// Reads a log as an Arrow IPC stream of rows.
#[napi(namespace = "loader")]
pub fn read_arrow<'env>(
    env: &'env Env,
    input: Given<'_>,
    wanted: Wanted,
    kind: Json<Kind>,
    settings: Json<Settings>,
    stop: &Stop,
    hear: Option<OnStep<'_>>,
) -> Result<Object<'env>> {
    let kind = kind.word()?;
    let watch = Watch::new(stop, hear)?;
    let begin = Begin::new(input, &wanted, kind, &settings, watch)?;
    promised(
        env,
        move || {
            let (reader, settings) = begin.open()?;
            match kind {
                Kind::Events => table(reader.into_events()),
                Kind::Audit => table(audits(Box::new(reader))),
                Kind::Operations => table(operations_with(reader, settings)),
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
