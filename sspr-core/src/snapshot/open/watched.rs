//! A reader that counts what passes, tells the caller of it, and stops when the caller says so.

use std::cell::Cell;
use std::io::{self, Read};
use std::ops::ControlFlow;

use crate::error::{Error, ErrorCode};
use crate::evidence::{Locator, OnProgress, Progress, Stage};

/// How many bytes pass between two reports of progress.
const STEP: u64 = 1024 * 1024;

/// What has passed so far.
#[derive(Debug, Default)]
pub(in crate::snapshot) struct Tally {
    /// Bytes read.
    pub(in crate::snapshot) bytes: Cell<u64>,
    /// The caller asked to stop.
    pub(in crate::snapshot) stopped: Cell<bool>,
}

/// Counts, reports and stops.
pub(in crate::snapshot) struct Watched<'a, 'p, R> {
    inner: R,
    name: &'a str,
    total: Option<u64>,
    tally: &'a Tally,
    progress: &'a mut OnProgress<'p>,
    reported: u64,
}

impl<'a, 'p, R: Read> Watched<'a, 'p, R> {
    pub(in crate::snapshot) fn new(
        inner: R,
        name: &'a str,
        total: Option<u64>,
        tally: &'a Tally,
        progress: &'a mut OnProgress<'p>,
    ) -> Self {
        Self {
            inner,
            name,
            total,
            tally,
            progress,
            reported: 0,
        }
    }
}

impl<R: Read> Read for Watched<'_, '_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.tally.stopped.get() {
            return Err(cancelled().into());
        }
        let read = self.inner.read(buffer)?;
        let bytes = self.tally.bytes.get() + read as u64;
        self.tally.bytes.set(bytes);
        if bytes - self.reported >= STEP {
            self.reported = bytes;
            let report = Progress::new(Stage::Reading(self.name), bytes, self.total);
            if (self.progress)(report).is_break() {
                self.tally.stopped.set(true);
                return Err(cancelled().into());
            }
        }
        Ok(read)
    }
}

/// Reports that something starts; an error when the caller stops the work.
pub(in crate::snapshot) fn announce(
    progress: &mut OnProgress<'_>,
    stage: Stage<'_>,
    total: Option<u64>,
) -> Result<(), Error> {
    match progress(Progress::new(stage, 0, total)) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(cancelled()),
    }
}

/// That the caller stopped the work.
pub(in crate::snapshot) fn cancelled() -> Error {
    Error::new(
        ErrorCode::Cancelled,
        Locator::Whole,
        "stopped by the caller",
    )
}
