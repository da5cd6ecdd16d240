//! A stream of JavaScript as a reader of Rust. JavaScript pushes chunks and waits while there are
//! enough; a thread of the work reads them.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;

use crate::value::Bytes;
use crate::work::Promise;

/// How many bytes wait for the reader before the writer is held back.
const ENOUGH: usize = 1024 * 1024;

#[derive(Default)]
struct State {
    chunks: VecDeque<Vec<u8>>,
    waiting: usize,
    /// The writer is done, well or badly.
    end: Option<std::result::Result<(), String>>,
    /// Nobody will read any more.
    closed: bool,
    /// A writer that is held back.
    held: Option<Promise<bool>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves nothing half done in here.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn release(state: &mut State) {
        if let Some(held) = state.held.take() {
            held.settle(Ok(!state.closed), |more| more);
        }
    }

    fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.chunks.clear();
        Self::release(&mut state);
        drop(state);
        self.changed.notify_all();
    }
}

/// What a stream's chunks are pushed into.
#[napi(namespace = "loader")]
pub struct Feed {
    shared: Arc<Shared>,
}

#[napi(namespace = "loader")]
impl Feed {
    /// An empty one.
    #[napi(factory)]
    pub fn make() -> Self {
        Self {
            shared: Arc::default(),
        }
    }

    /// Adds a chunk. False when the writer should wait with `room` before the next.
    #[napi]
    pub fn push(&self, chunk: Bytes) -> bool {
        let mut state = self.shared.lock();
        if !state.closed {
            state.waiting += chunk.0.len();
            state.chunks.push_back(chunk.0);
        }
        let go_on = state.waiting < ENOUGH && !state.closed;
        drop(state);
        self.shared.changed.notify_all();
        go_on
    }

    /// Waits until there is room; false when nobody reads any more.
    #[napi]
    pub fn room<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let (promise, awaited) = Promise::new(env)?;
        let mut state = self.shared.lock();
        state.held = Some(promise);
        if state.closed || state.waiting < ENOUGH {
            Shared::release(&mut state);
        }
        Ok(awaited)
    }

    /// Says that all was pushed.
    #[napi]
    pub fn end(&self) {
        self.shared.lock().end.get_or_insert(Ok(()));
        self.shared.changed.notify_all();
    }

    /// Says that the stream broke.
    #[napi]
    pub fn fail(&self, reason: String) {
        self.shared.lock().end.get_or_insert(Err(reason));
        self.shared.changed.notify_all();
    }

    /// Says that nobody will read any more.
    #[napi]
    pub fn close(&self) {
        self.shared.close();
    }
}

impl Feed {
    /// The end that is read.
    pub(crate) fn reader(&self) -> FeedReader {
        FeedReader {
            shared: Arc::clone(&self.shared),
            chunk: Vec::new(),
            at: 0,
        }
    }
}

/// The end that is read. Blocks until there is something.
pub(crate) struct FeedReader {
    shared: Arc<Shared>,
    chunk: Vec<u8>,
    at: usize,
}

impl FeedReader {
    /// The next chunk that is not empty, or none at the end.
    fn next_chunk(&self) -> io::Result<Option<Vec<u8>>> {
        let mut state = self.shared.lock();
        loop {
            if let Some(chunk) = state.chunks.pop_front() {
                state.waiting -= chunk.len();
                if state.waiting < ENOUGH {
                    Shared::release(&mut state);
                }
                if !chunk.is_empty() {
                    return Ok(Some(chunk));
                }
                continue;
            }
            match &state.end {
                _ if state.closed => return Ok(None),
                Some(Ok(())) => return Ok(None),
                Some(Err(reason)) => return Err(io::Error::other(reason.clone())),
                None => {}
            }
            state = self
                .shared
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Read for FeedReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.chunk.len() {
            let Some(chunk) = self.next_chunk()? else {
                return Ok(0);
            };
            self.chunk = chunk;
            self.at = 0;
        }
        let rest = self.chunk.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count;
        Ok(count)
    }
}

impl Drop for FeedReader {
    fn drop(&mut self) {
        self.shared.close();
    }
}
