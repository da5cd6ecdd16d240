//! Events on their way from a log into the interpreter.

use std::fs::File;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;
use std::{io, vec};

use pyo3::prelude::*;
use sspr::events::{AuditRecord, Filter, LogItem, LogOptions, LogReader, WindowsEvent};
use sspr::evidence::{At, Locator, Progress, Stage};
use sspr::{Error, ErrorCode};

use crate::errors;
use crate::input::{self, Raised, Source};
use crate::pipe::{Inlet, pipe};
use crate::work::{self, Callback};

/// How long to wait for events before signals are looked at.
const PATIENCE: Duration = Duration::from_millis(50);
/// How long to wait before looking whether bytes of a file object are asked for.
const ATTENTION: Duration = Duration::from_millis(1);
/// How many faults are kept; all are counted.
const FAULTS: usize = 20;

/// The events and audit records of a log. They are read by a thread of their own, and waited for without the
/// interpreter's lock, wherever the next one is asked for.
pub(crate) struct Feed {
    /// Taken when there is nothing left to read. The lock is never contended: it lets the feed be
    /// shared as far as types go.
    reader: Option<Mutex<LogReader>>,
    /// Where a file object is the source.
    inlet: Option<Mutex<Inlet>>,
    batch: vec::IntoIter<sspr::Result<LogItem>>,
    losses: Losses,
    /// What the file object raised.
    raised: Option<Raised>,
    /// What a signal, the callback or a defect raised.
    stopped: Raised,
    callback: Option<Callback>,
    name: String,
    read: Arc<AtomicU64>,
    total: Option<u64>,
}

impl Feed {
    /// Nothing to read.
    pub(crate) fn empty() -> Self {
        Self {
            reader: None,
            inlet: None,
            batch: Vec::new().into_iter(),
            losses: Losses::default(),
            raised: None,
            stopped: Raised::default(),
            callback: None,
            name: String::new(),
            read: Arc::default(),
            total: None,
        }
    }

    /// Starts to read a source.
    pub(crate) fn open(
        py: Python<'_>,
        source: Source,
        filter: Filter,
        options: LogOptions,
        callback: Option<Callback>,
    ) -> PyResult<Self> {
        let raised = source.raised();
        let mut feed = Self {
            raised,
            callback,
            ..Self::empty()
        };
        let reader: Box<dyn Read + Send> = match source {
            Source::Path(path) => {
                feed.name = path.display().to_string();
                let opened = File::open(&path);
                let file =
                    opened.map_err(|error| errors::raise(py, &missing(&feed.name, error)))?;
                feed.total = file.metadata().ok().map(|about| about.len());
                Box::new(file)
            }
            Source::Bytes(name, bytes) => {
                feed.name = name;
                feed.total = Some(bytes.len() as u64);
                Box::new(Cursor::new(bytes))
            }
            Source::Stream(name, stream) => {
                feed.name = name;
                let (inlet, outlet) = pipe(stream);
                feed.inlet = Some(Mutex::new(inlet));
                Box::new(outlet)
            }
        };
        let reader = Counted(reader, Arc::clone(&feed.read));
        feed.reader = Some(Mutex::new(LogReader::with(reader, filter, options)));
        Ok(feed)
    }

    /// Takes everything out and leaves nothing to read. What was lost stays told.
    pub(crate) fn hand_over(&mut self) -> Self {
        let empty = Self {
            losses: self.losses.clone(),
            ..Self::empty()
        };
        std::mem::replace(self, empty)
    }

    /// What could not be read so far, also after the feed was moved.
    pub(crate) fn losses(&self) -> &Losses {
        &self.losses
    }

    /// What tells, after the feed was moved, what it ends with.
    pub(crate) fn failures(&self) -> Failure {
        Failure {
            raised: self.raised.clone(),
            stopped: Arc::clone(&self.stopped),
        }
    }

    /// The next one that `of` takes out of the items.
    pub(crate) fn step<T>(
        &mut self,
        py: Python<'_>,
        of: fn(LogItem) -> Option<T>,
    ) -> PyResult<Option<T>> {
        for item in self.by_ref() {
            match item.map(of) {
                Ok(None) => {}
                Ok(some) => return Ok(some),
                Err(error) => return Err(self.failures().of(py, &error)),
            }
        }
        Ok(None)
    }

    /// All that `of` takes out of the items.
    pub(crate) fn all<T>(
        self,
        of: fn(LogItem) -> Option<T>,
    ) -> impl Iterator<Item = sspr::Result<T>> {
        self.filter_map(move |item| item.map(of).transpose())
    }

    /// The next batch; `None` at the end.
    fn refill(&mut self) -> Option<Vec<sspr::Result<LogItem>>> {
        loop {
            let reader = self.reader.as_mut()?;
            let reader = reader.get_mut().unwrap_or_else(PoisonError::into_inner);
            let patience = match &mut self.inlet {
                Some(inlet) => {
                    inlet
                        .get_mut()
                        .unwrap_or_else(PoisonError::into_inner)
                        .serve();
                    ATTENTION
                }
                None => PATIENCE,
            };
            // Whoever asks may hold the interpreter's lock or not.
            let polled = Python::attach(|py| {
                py.detach(|| catch_unwind(AssertUnwindSafe(|| reader.poll_batch(patience))))
            });
            let looked = match &polled {
                Ok(_) => self.look_around(),
                Err(panic) => Python::attach(|py| Err(work::panicked(py, &**panic))),
            };
            if let Err(raised) = looked {
                *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = Some(raised);
                self.reader = None;
                let stopped = Error::new(ErrorCode::Cancelled, Locator::Whole, "stopped");
                return Some(vec![Err(stopped)]);
            }
            match polled {
                Ok(Poll::Ready(Some(batch))) => return Some(batch),
                Ok(Poll::Ready(None)) | Err(_) => {
                    self.reader = None;
                    return None;
                }
                Ok(Poll::Pending) => {}
            }
        }
    }

    /// Looks at signals and tells of progress.
    fn look_around(&self) -> PyResult<()> {
        Python::attach(|py| {
            py.check_signals()?;
            let Some(callback) = &self.callback else {
                return Ok(());
            };
            let read = self.read.load(Ordering::Relaxed);
            let progress = Progress::new(Stage::Reading(&self.name), read, self.total);
            let progress = crate::evidence::Progress::of(&progress);
            callback.call(py, progress)
        })
    }
}

/// Events and audit records; faults are counted as they pass.
impl Iterator for Feed {
    type Item = sspr::Result<LogItem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.batch.next() {
                Some(Ok(item @ (LogItem::Event(_) | LogItem::Audit(_)))) => return Some(Ok(item)),
                Some(Ok(LogItem::Span(_))) => {}
                Some(Ok(LogItem::Fault { error, records, .. })) => {
                    self.losses.add(records.unwrap_or(1), error);
                }
                Some(Err(error)) => {
                    self.reader = None;
                    return Some(Err(error));
                }
                None => self.batch = self.refill()?.into_iter(),
            }
        }
    }
}

/// An event of Windows among items.
pub(crate) fn event(item: LogItem) -> Option<Box<At<WindowsEvent>>> {
    match item {
        LogItem::Event(event) => Some(event),
        _ => None,
    }
}

/// A record of the tenant's audit log among items.
pub(crate) fn audit(item: LogItem) -> Option<Box<AuditRecord>> {
    match item {
        LogItem::Audit(record) => Some(record),
        _ => None,
    }
}

/// What could not be read, shared by whoever reads and whoever tells of it.
#[derive(Clone, Default)]
pub(crate) struct Losses(Arc<Mutex<(u64, Vec<Error>)>>);

impl Losses {
    fn add(&self, records: u64, error: Error) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.0 += records;
        if all.1.len() < FAULTS {
            all.1.push(error);
        }
    }

    /// How many records.
    pub(crate) fn count(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// The first faults.
    pub(crate) fn first(&self) -> Vec<errors::Fault> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.1.iter().cloned().map(errors::Fault).collect()
    }
}

/// What a feed ends with.
pub(crate) struct Failure {
    raised: Option<Raised>,
    stopped: Raised,
}

impl Failure {
    /// What was raised on the way, else the error itself.
    pub(crate) fn of(&self, py: Python<'_>, error: &Error) -> PyErr {
        let stopped = self
            .stopped
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(stopped) = stopped {
            return stopped;
        }
        match input::raise_again(py, self.raised.as_slice()) {
            Err(raised) => raised,
            Ok(()) => errors::raise(py, error),
        }
    }
}

/// A path that cannot be opened.
pub(crate) fn missing(name: &str, error: io::Error) -> Error {
    Error::io(Locator::Whole.within(name), error)
}

/// A reader that counts.
struct Counted<R>(R, Arc<AtomicU64>);

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        self.1.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
