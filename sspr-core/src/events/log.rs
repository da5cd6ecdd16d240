//! A log in any form that is read here, with a filter: as items handed to a callback, or as an
//! iterator.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Cursor, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::task::Poll;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;
use std::{panic, vec};

use chrono::{DateTime, Utc};

use super::catalogue::Source;
use super::{
    EvtxOptions, EvtxSummary, LogItem, WindowsEvent, is_event_xml, is_evtx, read_evtx_with,
    read_xml,
};
use crate::carrier::packed::Packing;
use crate::carrier::text::encoding_of;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{At, Locator};

/// How many bytes tell what a log is.
const HEAD: u64 = 4096;
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

    /// Whether an event is wanted.
    pub fn wants(&self, event: &WindowsEvent) -> bool {
        let by_provider = self.providers.is_empty()
            || self
                .providers
                .iter()
                .any(|provider| provider.eq_ignore_ascii_case(&event.provider));
        let early = event
            .time
            .zip(self.since)
            .is_some_and(|(time, since)| time < since);
        let late = event
            .time
            .zip(self.until)
            .is_some_and(|(time, until)| time >= until);
        by_provider && (self.ids.is_empty() || self.ids.contains(&event.id)) && !early && !late
    }
}

/// Reads a log, recognised by its content: `.evtx`, or the XML that `wevtutil` and Event Viewer
/// write, either of them packed with gzip or zstd or not. Events that the filter does not want are passed
/// over.
///
/// What cannot be read is handed over as a fault with its place, and the rest is read. The error
/// returned is that the input is no log, that it could not be read at all, or that the sink
/// stopped ([`ErrorCode::Cancelled`]).
pub fn read_log(
    reader: impl Read,
    filter: &Filter,
    sink: &mut dyn FnMut(LogItem) -> ControlFlow<()>,
) -> Result<()> {
    read_log_with(reader, filter, EvtxOptions::default(), sink).map(|_| ())
}

/// Reads a log as [`read_log`] does, with options for `.evtx`, and tells what of it was examined;
/// nothing for other forms, of which every event is.
pub fn read_log_with(
    reader: impl Read,
    filter: &Filter,
    options: EvtxOptions,
    sink: &mut dyn FnMut(LogItem) -> ControlFlow<()>,
) -> Result<Option<EvtxSummary>> {
    let (head, mut whole) = look(reader)?;
    if let Some(packing) = Packing::of(&head) {
        let (head, mut whole) = look(packing.unpack(whole))?;
        return read_plain(&head, &mut whole, filter, options, sink);
    }
    read_plain(&head, &mut whole, filter, options, sink)
}

/// The first bytes of a reader, and the reader from its beginning.
fn look<R: Read>(mut reader: R) -> Result<(Vec<u8>, impl Read)> {
    let mut head = Vec::new();
    let by_ref = &mut reader;
    by_ref
        .take(HEAD)
        .read_to_end(&mut head)
        .map_err(|error| Error::io(Locator::Byte(head.len() as u64), error))?;
    let whole = Cursor::new(head.clone()).chain(reader);
    Ok((head, whole))
}

fn read_plain(
    head: &[u8],
    whole: &mut dyn Read,
    filter: &Filter,
    options: EvtxOptions,
    sink: &mut dyn FnMut(LogItem) -> ControlFlow<()>,
) -> Result<Option<EvtxSummary>> {
    let mut wanted = |item: LogItem| match &item {
        LogItem::Event(event) if !filter.wants(&event.value) => ControlFlow::Continue(()),
        _ => sink(item),
    };
    if is_evtx(head) {
        let providers: Vec<_> = filter.providers.iter().map(String::as_str).collect();
        return read_evtx_with(whole, &providers, options, &mut wanted).map(Some);
    }
    let (text, _, _) = encoding_of(head).decode(head);
    if is_event_xml(&text) {
        return read_xml(whole, &mut wanted).map(|()| None);
    }
    Err(Error::new(
        ErrorCode::Unrecognised,
        Locator::Byte(0),
        "this is no Windows log and no XML of its events",
    )
    .with_help("export it with `wevtutil epl`, or with Event Viewer as .evtx or .xml"))
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
        let (sender, batches) = sync_channel(WAITING);
        let spare = sender.clone();
        let started = Builder::new()
            .name("sspr log reader".to_owned())
            .spawn(move || read_ahead(reader, &filter, &sender));
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

fn read_ahead(reader: impl Read, filter: &Filter, sender: &SyncSender<Vec<Result<LogItem>>>) {
    let mut batch = Vec::with_capacity(BATCH);
    let outcome = read_log(reader, filter, &mut |item| {
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
mod tests {
    use std::io::{self, Write};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn event(id: u32, minute: u32) -> String {
        format!(
            "<Event><System><Provider Name='PasswordResetService'/><EventID>{id}</EventID>\
             <TimeCreated SystemTime='2026-11-20T08:{minute:02}:00Z'/></System></Event>"
        )
    }

    fn ids(bytes: Vec<u8>, filter: Filter) -> Vec<u32> {
        LogReader::new(Cursor::new(bytes), filter)
            .into_events()
            .map(|event| event.unwrap().value.id)
            .collect()
    }

    #[test]
    fn a_filter_chooses_by_provider_id_and_time() {
        let log: String = [(31001, 0), (31002, 1), (33008, 2)]
            .map(|(id, minute)| event(id, minute))
            .concat();
        let log = log.into_bytes();
        assert_eq!(ids(log.clone(), Filter::writeback()), [31001, 31002, 33008]);
        let by_id = Filter {
            ids: [33008].into(),
            ..Filter::default()
        };
        assert_eq!(ids(log.clone(), by_id), [33008]);
        let by_time = Filter {
            since: Some("2026-11-20T08:01:00Z".parse().unwrap()),
            until: Some("2026-11-20T08:02:00Z".parse().unwrap()),
            ..Filter::default()
        };
        assert_eq!(ids(log.clone(), by_time), [31002]);
        let another = Filter {
            providers: vec!["ADSync".into()],
            ..Filter::default()
        };
        assert!(ids(log, another).is_empty());
    }

    #[test]
    fn a_packed_log_is_read() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(event(31002, 0).as_bytes()).unwrap();
        let packed = encoder.finish().unwrap();
        assert_eq!(ids(packed, Filter::default()), [31002]);
    }

    #[test]
    fn what_is_no_log_ends_with_an_error_that_says_so() {
        let mut items = LogReader::new(&b"PK\x03\x04 a zip"[..], Filter::default());
        let error = items.next().unwrap().unwrap_err();
        assert_eq!(error.code, ErrorCode::Unrecognised);
        assert!(items.next().is_none());
    }

    #[test]
    fn a_reader_that_fails_half_way_ends_with_its_error_after_the_events() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the cable was pulled"))
            }
        }
        let whole = (0..100)
            .map(|minute| event(31001, minute % 60))
            .collect::<String>();
        let log = Cursor::new(whole.into_bytes()).chain(Broken);
        let items: Vec<_> = LogReader::new(log, Filter::default()).collect();
        let (last, events) = items.split_last().unwrap();
        assert_eq!(last.as_ref().unwrap_err().code, ErrorCode::Io);
        assert!(events.iter().all(Result::is_ok));
    }

    #[test]
    fn waiting_for_a_slow_log_can_be_given_up() {
        struct Slow(Receiver<()>);
        impl Read for Slow {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                // Waits until the test lets go.
                let _ = self.0.recv();
                Ok(0)
            }
        }
        let (go, wait) = sync_channel(1);
        let log = Cursor::new(event(31002, 0).into_bytes()).chain(Slow(wait));
        let mut items = LogReader::new(log, Filter::default());
        assert!(items.poll_batch(Duration::from_millis(1)).is_pending());
        drop(go);
        let Poll::Ready(Some(batch)) = items.poll_batch(Duration::from_secs(60)) else {
            panic!("the log ends");
        };
        assert_eq!(batch.len(), 1);
        assert!(items.next_batch().is_none());
    }

    #[test]
    fn a_dropped_reader_stops_reading() {
        struct Endless(Vec<u8>, SyncSender<()>);
        impl Read for Endless {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                let take = into.len().min(self.0.len());
                into[..take].copy_from_slice(&self.0[..take]);
                Ok(take)
            }
        }
        impl Drop for Endless {
            fn drop(&mut self) {
                let _ = self.1.send(());
            }
        }
        let (ended, end) = sync_channel(1);
        let mut items = LogReader::new(
            Endless(event(31002, 0).into_bytes(), ended),
            Filter::default(),
        );
        assert!(items.next().is_some());
        drop(items);
        end.recv().unwrap();
    }
}
