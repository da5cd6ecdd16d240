//! Bytes of a file object for a thread that must not touch the interpreter.
//!
//! A thread of Rust that runs Python code cannot be ended when the interpreter ends. So the thread
//! that reads a log asks for bytes, and whoever waits for its events fetches them.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::input::Stream;

/// How much is asked of a file object at once.
const CHUNK: usize = 256 * 1024;

/// The end that reads.
pub(crate) struct Outlet {
    asks: SyncSender<()>,
    bytes: Receiver<io::Result<Vec<u8>>>,
    chunk: Vec<u8>,
    at: usize,
}

/// The end that fetches.
pub(crate) struct Inlet {
    stream: Stream,
    asked: Receiver<()>,
    bytes: SyncSender<io::Result<Vec<u8>>>,
}

pub(crate) fn pipe(stream: Stream) -> (Inlet, Outlet) {
    let (asks, asked) = sync_channel(1);
    let (sender, bytes) = sync_channel(1);
    let inlet = Inlet {
        stream,
        asked,
        bytes: sender,
    };
    let outlet = Outlet {
        asks,
        bytes,
        chunk: Vec::new(),
        at: 0,
    };
    (inlet, outlet)
}

impl Inlet {
    /// Fetches bytes if somebody asked for them.
    pub(crate) fn serve(&mut self) {
        if self.asked.try_recv().is_err() {
            return;
        }
        let mut chunk = vec![0; CHUNK];
        let read = self.stream.read(&mut chunk);
        let read = read.map(|length| {
            chunk.truncate(length);
            chunk
        });
        // Whoever asked and went away needs nothing any more.
        let _ = self.bytes.send(read);
    }
}

impl Read for Outlet {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.chunk.len() {
            let gone = || io::Error::other("nobody waits for the events any more");
            self.asks.send(()).map_err(|_| gone())?;
            self.chunk = self.bytes.recv().map_err(|_| gone())??;
            self.at = 0;
        }
        let mut left = self.chunk.get(self.at..).unwrap_or_default();
        let read = left.read(buffer)?;
        self.at += read;
        Ok(read)
    }
}
