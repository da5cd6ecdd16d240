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
use sspr::events::{Filter, LogItem, LogReader, WindowsEvent};
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

/// The events of a log. They are read by a thread of their own, and waited for without the
/// interpreter's lock, wherever the next one is asked for.
pub(crate) struct Feed {
    /// Taken when there is nothing left to read. The lock is never contended: it lets the feed be
    /// shared as far as types go.
    reader: Option<Mutex<LogReader>>,
    /// Where a file object is the source.
    inlet: Option<Mutex<Inlet>>,
    batch: vec::IntoIter<sspr::Result<LogItem>>,
    lost: u64,
    faults: Vec<Error>,
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
            lost: 0,
            faults: Vec::new(),
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
        feed.reader = Some(Mutex::new(LogReader::new(reader, filter)));
        Ok(feed)
    }

    /// Takes everything out and leaves nothing.
    pub(crate) fn hand_over(&mut self) -> Self {
        std::mem::replace(self, Self::empty())
    }

    /// How many records were lost so far.
    pub(crate) fn lost(&self) -> u64 {
        self.lost
    }

    /// The first faults so far.
    pub(crate) fn faults(&self) -> &[Error] {
        &self.faults
    }

    /// What the feed ends with when `error` came out of it.
    pub(crate) fn failure(&self, py: Python<'_>, error: &Error) -> PyErr {
        Failure {
            raised: self.raised.clone(),
            stopped: Arc::clone(&self.stopped),
        }
        .of(py, error)
    }

    /// What tells, after the feed was moved, what it ends with.
    pub(crate) fn failures(&self) -> Failure {
        Failure {
            raised: self.raised.clone(),
            stopped: Arc::clone(&self.stopped),
        }
    }

    /// The next event, in its box.
    pub(crate) fn next_event(&mut self, py: Python<'_>) -> PyResult<Option<Box<At<WindowsEvent>>>> {
        self.next_boxed()
            .transpose()
            .map_err(|error| self.failure(py, &error))
    }

    fn next_boxed(&mut self) -> Option<sspr::Result<Box<At<WindowsEvent>>>> {
        loop {
            match self.batch.next() {
                Some(Ok(LogItem::Event(event))) => return Some(Ok(event)),
                Some(Ok(LogItem::Span(_) | LogItem::Audit(_))) => {}
                Some(Ok(LogItem::Fault { error, records, .. })) => {
                    self.lost += records.unwrap_or(1);
                    if self.faults.len() < FAULTS {
                        self.faults.push(error);
                    }
                }
                Some(Err(error)) => {
                    self.reader = None;
                    return Some(Err(error));
                }
                None => match self.refill() {
                    Some(batch) => self.batch = batch.into_iter(),
                    None => return None,
                },
            }
        }
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

impl Iterator for Feed {
    type Item = sspr::Result<At<WindowsEvent>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_boxed().map(|event| event.map(|event| *event))
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
