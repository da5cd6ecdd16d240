//! The beginning of an input, before it is read.

use std::io::{self, Read};

use crate::error::{Error, Result};
use crate::evidence::Locator;

/// How many bytes tell whether each line is a document.
const HEAD: u64 = 64 * 1024;

/// The first bytes of a reader, however few it gives at once, and what follows them. A reader that fails
/// after its first bytes fails again when these have been read.
pub(crate) fn look_ahead<R: Read>(mut reader: R) -> Result<(Vec<u8>, impl Read)> {
    let mut head = Vec::new();
    let read = { &mut reader }.take(HEAD).read_to_end(&mut head);
    let failed = match read {
        Err(error) if head.is_empty() => return Err(Error::io(Locator::Whole, error)),
        read => read.err(),
    };
    Ok((head, Rest { failed, reader }))
}

struct Rest<R> {
    failed: Option<io::Error>,
    reader: R,
}

impl<R: Read> Read for Rest<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.reader.read(buffer),
        }
    }
}
