//! A log from its first byte to its last: the header, then chunk after chunk, on one thread or on
//! several.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{Builder, scope};

use super::bytes::{u16_at, u32_at};
use super::chunk::CHUNK;
use super::decode::{Decoder, Piece, fault};
use super::screen::Wanted;
use super::target::{Batch, Direct, Sink, Target};
use super::{EvtxOptions, EvtxSummary, is_evtx};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// Bytes of the header that are used, and of the block that it stands in.
const HEADER: usize = 128;
pub(crate) const HEADER_BLOCK: u64 = 4096;
/// The flags of a log that was not closed, and of one without checksums.
const DIRTY: u32 = 1;
const NO_CHECKSUM: u32 = 4;
/// Bytes that are read at once: they stay in a core's own cache while they are searched.
const BLOCK: usize = 2 * CHUNK;
/// Bytes that a thread gets at once: enough to be worth waking it.
const SHARE: usize = 4 * CHUNK;
/// Shares on their way beyond one for each thread.
const WAITING: usize = 2;

/// Reads a log.
pub(super) fn read(
    mut reader: impl Read,
    wanted: &Wanted,
    options: EvtxOptions,
    sink: Sink<'_>,
) -> Result<EvtxSummary> {
    let mut dirty = false;
    let mut offset = header(&mut reader, &mut dirty, sink)?;
    let mut decoder = Decoder::new(wanted, options.verify, dirty);
    let mut block = vec![0; BLOCK];
    loop {
        // Whose log it is has to be known before chunks are taken out of their order.
        if options.jobs.get() > 1 && decoder.identified {
            return parallel(reader, offset, decoder, options.jobs.get(), sink);
        }
        let (got, failed) = fill(&mut reader, &mut block, offset);
        let mut target = Direct::new(sink);
        if chunks(&mut decoder, &mut block, got, offset, &mut target).is_break() {
            return Err(stopped(offset));
        }
        offset += got as u64;
        match failed {
            Some(error) => return Err(error),
            None if got < BLOCK => return Ok(decoder.summary),
            None => {}
        }
    }
}

/// Reads the header's block, and gives its length.
fn header(reader: &mut impl Read, dirty: &mut bool, sink: Sink<'_>) -> Result<u64> {
    let mut header = [0; HEADER];
    let (got, failed) = fill(reader, &mut header, 0);
    if let Some(error) = failed {
        return Err(error);
    }
    if !is_evtx(&header) {
        return Err(Error::new(
            ErrorCode::Unrecognised,
            Locator::Byte(0),
            "this is no Windows log",
        ));
    }
    let flags = u32_at(&header, 120).unwrap_or_default();
    *dirty = flags & DIRTY != 0;
    let stored = u32_at(&header, 124).unwrap_or_default();
    let checked = header.get(..120).map(crc32fast::hash);
    let is_intact = flags & NO_CHECKSUM != 0 || checked == Some(stored);
    let block = match u16_at(&header, 40).map(u64::from) {
        Some(block) if is_intact => block.max(HEADER_BLOCK),
        _ => HEADER_BLOCK,
    };
    let rest = block - HEADER as u64;
    let skipped = io::copy(&mut reader.by_ref().take(rest), &mut io::sink())
        .map_err(|error| Error::io(Locator::Byte(HEADER as u64), error))?;
    if got < HEADER || skipped < rest {
        return Err(Error::new(
            ErrorCode::Truncated,
            Locator::Byte(got as u64 + skipped),
            "the log ends inside its header",
        ));
    }
    if !is_intact && !*dirty {
        let error = Error::new(
            ErrorCode::Checksum,
            Locator::Byte(0),
            "the checksum of the log's header differs from its content; the log was read all the same",
        );
        if sink(fault(error, Some(0), None)).is_break() {
            return Err(stopped(0));
        }
    }
    Ok(block)
}

/// Decodes the chunks of a block of which `got` bytes were read.
fn chunks(
    decoder: &mut Decoder<'_>,
    block: &mut [u8],
    got: usize,
    offset: u64,
    target: &mut impl Target,
) -> ControlFlow<()> {
    // Behind the end of the log there are zeros.
    if let Some(rest) = block.get_mut(got..) {
        rest.fill(0);
    }
    let mut start = 0;
    for chunk in block.chunks_exact(CHUNK) {
        let present = got.saturating_sub(start).min(CHUNK);
        if present == 0 {
            break;
        }
        let piece = Piece {
            bytes: chunk,
            present,
            offset: offset + start as u64,
        };
        decoder.chunk(piece, target)?;
        start += CHUNK;
    }
    ControlFlow::Continue(())
}

/// A block to decode, and where its items go.
struct Task {
    memory: Memory,
    got: usize,
    offset: u64,
    reply: SyncSender<Done>,
}

/// A block and what it gives, used again and again.
struct Memory {
    block: Vec<u8>,
    batch: Batch,
}

/// What became of a block.
struct Done {
    memory: Memory,
    summary: EvtxSummary,
}

/// Decodes the rest of a log on several threads. This one reads, and hands over what the others
/// give, in the order of the chunks; while it would wait, it decodes too.
fn parallel(
    mut reader: impl Read,
    mut offset: u64,
    mut decoder: Decoder<'_>,
    jobs: usize,
    sink: Sink<'_>,
) -> Result<EvtxSummary> {
    let (wanted, verify, dirty) = (decoder.wanted, decoder.verify, decoder.dirty);
    let (tasks, queue) = channel();
    let queue = Mutex::new(queue);
    let queue = &queue;
    // The queue ends with this closure, and the threads with the queue.
    scope(move |scope| {
        let work = move || work(queue, Decoder::new(wanted, verify, dirty));
        // This thread is one of them.
        let started = (1..jobs)
            .map(|_| {
                Builder::new()
                    .name("sspr evtx".to_owned())
                    .spawn_scoped(scope, work)
            })
            .take_while(io::Result::is_ok)
            .count();
        let most = started + 1 + WAITING;
        let mut waiting: VecDeque<Receiver<Done>> = VecDeque::new();
        let mut spare = Vec::new();
        let mut end = None;
        loop {
            while end.is_none() && waiting.len() < most {
                let mut memory = spare.pop().unwrap_or_else(|| Memory {
                    block: vec![0; SHARE],
                    batch: Batch::default(),
                });
                let (got, failed) = fill(&mut reader, &mut memory.block, offset);
                let (reply, done) = sync_channel(1);
                let task = Task {
                    memory,
                    got,
                    offset,
                    reply,
                };
                if tasks.send(task).is_err() {
                    return Err(stopped(offset));
                }
                waiting.push_back(done);
                offset += got as u64;
                end = match failed {
                    Some(error) => Some(Err(error)),
                    None => (got < SHARE).then_some(Ok(())),
                };
            }
            let Some(next) = waiting.pop_front() else {
                return end.unwrap_or(Ok(())).map(|()| decoder.summary);
            };
            let Done {
                mut memory,
                summary,
            } = loop {
                if let Ok(done) = next.try_recv() {
                    break done;
                }
                // A queue that another thread waits at is empty.
                let task = queue
                    .try_lock()
                    .ok()
                    .and_then(|queue| queue.try_recv().ok());
                match task {
                    Some(task) => task.run(&mut decoder),
                    // A thread that ended early has panicked, which the scope passes on.
                    None => break next.recv().map_err(|_| stopped(offset))?,
                }
            };
            decoder.summary.add(summary);
            if memory.batch.hand_over(sink).is_break() {
                return Err(stopped(offset));
            }
            spare.push(memory);
        }
    })
}

fn work(queue: &Mutex<Receiver<Task>>, mut decoder: Decoder<'_>) {
    decoder.identified = true;
    loop {
        let task = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match task {
            Ok(task) => task.run(&mut decoder),
            Err(_) => return,
        }
    }
}

impl Task {
    fn run(mut self, decoder: &mut Decoder<'_>) {
        let before = std::mem::take(&mut decoder.summary);
        let Memory { block, batch } = &mut self.memory;
        // A batch takes everything.
        let _ = chunks(decoder, block, self.got, self.offset, batch);
        let done = Done {
            memory: self.memory,
            summary: std::mem::replace(&mut decoder.summary, before),
        };
        // Nobody listens any more when the reading was stopped.
        let _ = self.reply.send(done);
    }
}

/// Reads until the buffer is full, the input ends or the reading fails; then whole chunks were read.
fn fill(reader: &mut impl Read, buffer: &mut [u8], offset: u64) -> (usize, Option<Error>) {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                let error = Error::io(Locator::Byte(offset + filled as u64), error);
                return (filled / CHUNK * CHUNK, Some(error));
            }
        }
    }
    (filled, None)
}

fn stopped(offset: u64) -> Error {
    Error::new(
        ErrorCode::Cancelled,
        Locator::Byte(offset),
        "stopped by the caller",
    )
}
