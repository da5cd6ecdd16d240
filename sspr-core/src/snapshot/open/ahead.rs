//! Reading several logs at once, each on a thread of its own, while they are handed over one after
//! another.

use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::watched::cancelled;
use crate::error::{Error, Result};
use crate::events::{EvtxSummary, Filter, LogItem, LogOptions, read_log_with};
use crate::evidence::{Locator, OnProgress, Progress, Stage};

/// How many items cross at once, and how many such batches of one log may wait.
const BATCH: usize = 1_000;
const WAITING: usize = 4;
/// How long no item may come until progress is reported all the same.
const PATIENCE: Duration = Duration::from_millis(100);

type Outcome = Result<Option<EvtxSummary>>;

/// A log that is being read on another thread. It stops when this goes away.
pub(super) struct Ahead {
    batches: Receiver<Vec<LogItem>>,
    /// How many bytes were read.
    bytes: Arc<AtomicU64>,
    thread: JoinHandle<Outcome>,
}

impl Ahead {
    /// Begins to read a file.
    pub(super) fn start(path: PathBuf, filter: Filter, options: LogOptions) -> io::Result<Self> {
        let (sender, batches) = sync_channel(WAITING);
        let bytes = Arc::new(AtomicU64::new(0));
        let own = Arc::clone(&bytes);
        let thread = Builder::new()
            .name("sspr log".to_owned())
            .spawn(move || read(path, &filter, options, own, &sender))?;
        Ok(Self {
            batches,
            bytes,
            thread,
        })
    }

    /// Hands over all items of the log `name`, and what became of it.
    pub(super) fn finish(
        self,
        name: &str,
        size: Option<u64>,
        progress: &mut OnProgress<'_>,
        sink: &mut dyn FnMut(LogItem) -> ControlFlow<()>,
    ) -> Outcome {
        loop {
            let bytes = self.bytes.load(Ordering::Relaxed);
            let report = Progress::new(Stage::Reading(name), bytes, size);
            if progress(report).is_break() {
                return Err(cancelled());
            }
            match self.batches.recv_timeout(PATIENCE) {
                Ok(batch) => {
                    for item in batch {
                        if sink(item).is_break() {
                            return Err(cancelled());
                        }
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        match self.thread.join() {
            Ok(outcome) => outcome,
            // A defect of the reading thread is one of the caller's thread too.
            Err(fault) => std::panic::resume_unwind(fault),
        }
    }
}

fn read(
    path: PathBuf,
    filter: &Filter,
    options: LogOptions,
    bytes: Arc<AtomicU64>,
    sender: &SyncSender<Vec<LogItem>>,
) -> Outcome {
    let inner = File::open(path).map_err(|error| Error::io(Locator::Whole, error))?;
    let reader = Counted { inner, bytes };
    let mut batch = Vec::new();
    let outcome = read_log_with(reader, filter, options, &mut |item| {
        batch.push(item);
        if batch.len() < BATCH {
            return ControlFlow::Continue(());
        }
        match sender.send(std::mem::take(&mut batch)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    });
    if !batch.is_empty() {
        // Nobody listens any more when this fails.
        let _ = sender.send(batch);
    }
    outcome
}

struct Counted {
    inner: File,
    bytes: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        // The other owner is gone when nobody waits for the log any more.
        if Arc::strong_count(&self.bytes) == 1 {
            return Err(cancelled().into());
        }
        let read = self.inner.read(into)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
