//! A log in any form that is read here, with a filter: as items handed to a callback, or as an
//! iterator.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::task::Poll;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;
use std::{panic, vec};

use chrono::{DateTime, Utc};

use super::catalogue::Source;
use super::forms::TextForm;
use super::output::Output;
use super::{
    AuditRecord, EvtxOptions, EvtxSummary, LogItem, WindowsEvent, is_evtx, read_evtx_with,
};
use crate::carrier::packed::Packing;
use crate::error::{Error, Result};
use crate::evidence::{At, Limits, Locator};
use crate::time::local::Zone;

/// How many bytes tell what a log is.
const HEAD: u64 = 64 * 1024;
/// How many items cross from the reading thread at once, and how many such batches may wait: an
/// event takes a few hundred bytes, so that waiting ones stay below some megabytes.
const BATCH: usize = 1_000;
const WAITING: usize = 4;

/// Which events of a log are wanted. The default wants all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Names of providers, in any case; none means all.
    pub providers: Vec<String>,
    /// Event ids; none means all.
    pub ids: BTreeSet<u32>,
    /// The earliest time. Events without a time are wanted whatever it is.
    pub since: Option<DateTime<Utc>>,
    /// The time that ends the stretch; events of that very time are outside.
    pub until: Option<DateTime<Utc>>,
}

impl Filter {
    /// Events of the writeback service, whatever their time.
    pub fn writeback() -> Self {
        Self {
            providers: vec![Source::Writeback.provider().to_owned()],
            ..Self::default()
        }
    }

    /// All that operations are made of, whatever its time: events of the writeback service and of the
    /// engine, of hash synchronisation, of domain controllers, and the tenant's own records.
    pub fn operations() -> Self {
        let windows = Source::ALL.iter().map(|source| source.provider());
        Self {
            providers: windows
                .chain([super::audit::PROVIDER])
                .map(str::to_owned)
                .collect(),
            ..Self::default()
        }
    }

    /// Whether an event is wanted.
    pub fn wants(&self, event: &WindowsEvent) -> bool {
        self.wants_parts(&event.provider, event.id, event.time)
    }

    /// Whether an event of this provider, id and time is wanted.
    pub(super) fn wants_parts(&self, provider: &str, id: u32, time: Option<DateTime<Utc>>) -> bool {
        let early = time
            .zip(self.since)
            .is_some_and(|(time, since)| time < since);
        let late = time
            .zip(self.until)
            .is_some_and(|(time, until)| time >= until);
        self.wants_source(provider, id) && !early && !late
    }

    /// Whether an event of this provider and id is wanted at some time.
    pub(super) fn wants_source(&self, provider: &str, id: u32) -> bool {
        let by_provider = self.providers.is_empty()
            || self
                .providers
                .iter()
                .any(|wanted| wanted.eq_ignore_ascii_case(provider));
        by_provider && (self.ids.is_empty() || self.ids.contains(&id))
    }

    /// Whether a record of the tenant's audit log is wanted: where all providers are, or among them
    /// [`audit::PROVIDER`](super::audit::PROVIDER), `audit` for short. It has no event id, so that a
    /// filter by ids wants none.
    pub fn wants_audit(&self, record: &AuditRecord) -> bool {
        let early = self.since.is_some_and(|since| record.time < since);
        let late = self.until.is_some_and(|until| record.time >= until);
        self.wants_audits() && !early && !late
    }

    /// Whether records of the audit log are wanted at some time.
    pub(super) fn wants_audits(&self) -> bool {
        let named = |name: &String| AuditRecord::is_provider(name);
        self.ids.is_empty() && (self.providers.is_empty() || self.providers.iter().any(named))
    }

    /// Whether it leaves anything out.
    pub(super) fn leaves_out(&self) -> bool {
        *self != Self::default()
    }
}

/// How a log is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogOptions {
    /// How `.evtx` is read.
    pub evtx: EvtxOptions,
    /// The zone of times that come without one. Where it is not stated, such times are taken for UTC and
    /// marked ([`WindowsEvent::local_time`]).
    pub zone: Option<Zone>,
    /// Bounds on what an item of a log may cost.
    pub limits: Limits,
}

/// Reads a log, recognised by its content, packed with gzip or zstd or not:
///
/// - `.evtx`;
/// - the XML that `wevtutil` and Event Viewer write, with or without a root, rendered or not;
/// - what Event Viewer copies as text, in any language;
/// - JSON of `Get-WinEvent` and `Get-EventLog`, of Winlogbeat, of Azure Monitor's `Event`, `WindowsEvent` and
///   `SecurityEvent`, and of NXLog: one document, or one object a line. Records of the tenant's audit
///   log that stand there are handed over too;
/// - CSV that Event Viewer saves, that `Export-Csv` writes of `Get-WinEvent` and `Get-EventLog`, and that
///   the portals of Azure Monitor and of Entra download, the audit log among them.
///
/// Events that the filter does not want are passed over, most of them unread; the spans tell how far
/// the log reaches all the same. What cannot be read is handed over as a fault with its place, and the rest is
/// read; a fault that costs no record is a remark. The error returned is that the input is no log, that
/// it could not be read at all, or that the sink stopped ([`ErrorCode::Cancelled`](crate::error::ErrorCode::Cancelled)).
pub fn read_log(
    reader: impl Read,
    filter: &Filter,
    sink: &mut dyn FnMut(LogItem) -> ControlFlow<()>,
) -> Result<()> {
    read_log_with(reader, filter, LogOptions::default(), sink).map(|_| ())
}

/// Reads a log as [`read_log`] does, with options, and tells what of an `.evtx` was examined;
/// nothing for other forms, of which every record is.
pub fn read_log_with(
    reader: impl Read,
    filter: &Filter,
    options: LogOptions,
    sink: &mut dyn FnMut(LogItem) -> ControlFlow<()>,
) -> Result<Option<EvtxSummary>> {
    let (head, mut whole) = look(reader)?;
    if let Some(packing) = Packing::of(&head) {
        let (head, mut whole) = look(packing.unpack(whole))?;
        return read_plain(&head, &mut whole, filter, options, sink);
    }
    read_plain(&head, &mut whole, filter, options, sink)
}

/// The first bytes of a reader, and the reader from its beginning. A reader that fails among these
/// bytes fails again behind them, so that what came before is read.
fn look<R: Read>(mut reader: R) -> Result<(Vec<u8>, impl Read)> {
    let mut head = Vec::new();
    let by_ref = &mut reader;
    let failed = match by_ref.take(HEAD).read_to_end(&mut head) {
        Ok(_) => None,
        Err(error) if head.is_empty() => return Err(Error::io(Locator::Byte(0), error)),
        Err(error) => Some(error),
    };
    let whole = Cursor::new(head.clone())
        .chain(Failing(failed))
        .chain(reader);
    Ok((head, whole))
}

/// Fails once, where there is an error to fail with.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

fn read_plain(
    head: &[u8],
    whole: &mut dyn Read,
    filter: &Filter,
    options: LogOptions,
    sink: &mut dyn FnMut(LogItem) -> ControlFlow<()>,
) -> Result<Option<EvtxSummary>> {
    if is_evtx(head) {
        let providers: Vec<_> = filter.providers.iter().map(String::as_str).collect();
        let mut wanted = |item: LogItem| match &item {
            LogItem::Event(event) if !filter.wants(&event.value) => ControlFlow::Continue(()),
            _ => sink(item),
        };
        return read_evtx_with(whole, &providers, options.evtx, &mut wanted).map(Some);
    }
    let form = TextForm::of(head)?;
    let mut out = Output::new(filter, options.zone, sink);
    form.read(head, whole, &options.limits, &mut out)?;
    out.finish()?;
    Ok(None)
}

/// The items of a log, one after another: the iterator over [`read_log`].
///
/// A thread reads ahead by some thousand items and stops when the iterator is dropped. An error
/// that ends the reading is the last item.
///
/// ```
/// use sspr::events::{Filter, LogItem, LogReader};
///
/// let log = "<Event><System><Provider Name='PasswordResetService'/><EventID>31002</EventID>\
///     </System><EventData><Data>PasswordResetSuccess</Data></EventData></Event>";
/// let mut ids = Vec::new();
/// for item in LogReader::new(log.as_bytes(), Filter::writeback()) {
///     if let LogItem::Event(event) = item? {
///         ids.push(event.value.id);
///     }
/// }
/// assert_eq!(ids, [31002]);
/// # Ok::<(), sspr::Error>(())
/// ```
#[derive(Debug)]
pub struct LogReader {
    batches: Receiver<Vec<Result<LogItem>>>,
    batch: vec::IntoIter<Result<LogItem>>,
    /// Taken when the thread has ended.
    thread: Option<JoinHandle<()>>,
}

impl LogReader {
    /// Reads a file.
    pub fn open(path: &Path, filter: Filter) -> Result<Self> {
        let file = File::open(path)
            .map_err(|error| Error::io(Locator::Whole.within(path.display().to_string()), error))?;
        Ok(Self::new(file, filter))
    }

    /// Reads a stream.
    pub fn new(reader: impl Read + Send + 'static, filter: Filter) -> Self {
        Self::with(reader, filter, LogOptions::default())
    }

    /// Reads a stream, with options.
    pub fn with(reader: impl Read + Send + 'static, filter: Filter, options: LogOptions) -> Self {
        let (sender, batches) = sync_channel(WAITING);
        let spare = sender.clone();
        let started = Builder::new()
            .name("sspr log reader".to_owned())
            .spawn(move || read_ahead(reader, &filter, options, &sender));
        let thread = match started {
            Ok(thread) => Some(thread),
            Err(error) => {
                // There is room for one batch: the channel is new.
                let _ = spare.try_send(vec![Err(Error::io(Locator::Whole, error))]);
                None
            }
        };
        Self {
            batches,
            batch: Vec::new().into_iter(),
            thread,
        }
    }

    /// The items that are at hand, or the next ones: some, up to about a thousand. `None` at the
    /// end.
    pub fn next_batch(&mut self) -> Option<Vec<Result<LogItem>>> {
        let left: Vec<_> = self.batch.by_ref().collect();
        if left.is_empty() {
            self.receive()
        } else {
            Some(left)
        }
    }

    /// Like [`next_batch`](Self::next_batch), but gives up waiting after some time, so that a caller
    /// can look at other things meanwhile.
    pub fn poll_batch(&mut self, patience: Duration) -> Poll<Option<Vec<Result<LogItem>>>> {
        let left: Vec<_> = self.batch.by_ref().collect();
        if !left.is_empty() {
            return Poll::Ready(Some(left));
        }
        match self.batches.recv_timeout(patience) {
            Ok(batch) => Poll::Ready(Some(batch)),
            Err(RecvTimeoutError::Timeout) => Poll::Pending,
            Err(RecvTimeoutError::Disconnected) => Poll::Ready(self.receive()),
        }
    }

    /// Only the events, each with its place. What was lost on the way is not told.
    pub fn into_events(self) -> impl Iterator<Item = Result<At<WindowsEvent>>> {
        self.filter_map(|item| match item {
            Ok(LogItem::Event(event)) => Some(Ok(*event)),
            Ok(LogItem::Span(_) | LogItem::Audit(_) | LogItem::Fault { .. }) => None,
            Err(error) => Some(Err(error)),
        })
    }

    fn receive(&mut self) -> Option<Vec<Result<LogItem>>> {
        if let Ok(batch) = self.batches.recv() {
            return Some(batch);
        }
        if let Some(Err(fault)) = self.thread.take().map(JoinHandle::join) {
            // A defect of the reading thread is one of the caller's thread too.
            panic::resume_unwind(fault);
        }
        None
    }
}

impl Iterator for LogReader {
    type Item = Result<LogItem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.batch.next() {
                return Some(item);
            }
            self.batch = self.receive()?.into_iter();
        }
    }
}

fn read_ahead(
    reader: impl Read,
    filter: &Filter,
    options: LogOptions,
    sender: &SyncSender<Vec<Result<LogItem>>>,
) {
    let mut batch = Vec::with_capacity(BATCH);
    let outcome = read_log_with(reader, filter, options, &mut |item| {
        batch.push(Ok(item));
        if batch.len() < BATCH {
            return ControlFlow::Continue(());
        }
        let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
        match sender.send(full) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    });
    if let Err(error) = outcome {
        batch.push(Err(error));
    }
    if !batch.is_empty() {
        // Nobody listens any more when this fails.
        let _ = sender.send(batch);
    }
}

#[cfg(test)]
mod tests;
