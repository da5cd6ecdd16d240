//! Where the bytes of an input are, and how they are read from there again.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::rc::Rc;

use flate2::Crc;
use flate2::read::DeflateDecoder;
use sha2::{Digest, Sha256};
use tempfile::SpooledTempFile;

use crate::carrier::packed::Packing;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{Limits, Locator};

/// Archives inside archives, and archives on a stream, are held in memory up to this size.
const SPOOL: usize = 1024 * 1024;

/// A hash that follows the bytes as they are read.
pub(super) type Hasher = Rc<RefCell<Sha256>>;

/// Where the bytes of an input are.
pub(super) enum Source {
    /// On a disk or in memory.
    Fixed(Seekable),
    /// On a stream that can be read once; its first bytes are kept for the second look.
    Once(RefCell<Option<Box<dyn Read>>>),
    /// In an archive.
    Member(Member),
    /// Packed, and not on a stream.
    Packed(Packing, Box<Source>, Rc<Budget>),
}

impl Source {
    /// Starts reading from the first byte. `hasher` sees the bytes as they are stored.
    pub(super) fn open(&self, hasher: Option<Hasher>) -> Result<Box<dyn Read>> {
        let plain: Box<dyn Read> = match self {
            Self::Fixed(fixed) => fixed.read()?,
            Self::Once(stream) => stream.take().unwrap_or_else(|| Box::new(io::empty())),
            Self::Member(member) => Box::new(member.open()?),
            Self::Packed(packing, inner, budget) => {
                return Ok(unpack(*packing, inner.open(hasher)?, budget));
            }
        };
        Ok(match hasher {
            Some(hasher) => Box::new(Hashed {
                inner: plain,
                hasher,
            }),
            None => plain,
        })
    }

    /// The file that it is, if it is one by itself.
    pub(super) fn file(&self) -> Option<&PathBuf> {
        match self {
            Self::Fixed(Seekable::File(path)) => Some(path),
            _ => None,
        }
    }

    /// What is packed in these bytes.
    pub(super) fn unpacked(self, packing: Packing, budget: Rc<Budget>) -> Self {
        match self {
            Self::Once(stream) => {
                let packed = stream.take().unwrap_or_else(|| Box::new(io::empty()));
                Self::Once(RefCell::new(Some(unpack(packing, packed, &budget))))
            }
            other => Self::Packed(packing, Box::new(other), budget),
        }
    }

    /// Gives back what was taken from a stream that can be read once.
    pub(super) fn put_back(&self, head: Vec<u8>, rest: Box<dyn Read>) {
        if let Self::Once(stream) = self {
            stream.replace(Some(Box::new(Cursor::new(head).chain(rest))));
        }
    }

    /// The same bytes where they can be read in any order. `watch` stands between what is read and
    /// the copy that is made of it.
    pub(super) fn seekable(
        &self,
        budget: &Budget,
        watch: impl FnOnce(&mut dyn Read, &mut dyn Write) -> io::Result<()>,
    ) -> Result<Seekable> {
        if let Self::Fixed(fixed) = self {
            return Ok(fixed.clone());
        }
        let mut from = self.open(None)?;
        let mut spool = SpooledTempFile::new(SPOOL);
        // What a member unpacks to is counted where it is unpacked.
        let counts = matches!(self, Self::Once(_));
        let mut into = Spool {
            inner: &mut spool,
            budget: counts.then_some(budget),
        };
        watch(&mut from, &mut into).map_err(|error| Error::io(Locator::Whole, error))?;
        Ok(Seekable::Spooled(Rc::new(RefCell::new(spool))))
    }
}

/// A temporary copy while it is written.
struct Spool<'s> {
    inner: &'s mut SpooledTempFile,
    budget: Option<&'s Budget>,
}

impl Write for Spool<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(budget) = self.budget {
            budget.spend(bytes.len() as u64)?;
        }
        self.inner.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn unpack(packing: Packing, packed: Box<dyn Read>, budget: &Rc<Budget>) -> Box<dyn Read> {
    Box::new(Metered {
        inner: packing.unpack(packed),
        budget: Rc::clone(budget),
    })
}

/// Bytes that can be read in any order.
#[derive(Clone)]
pub(super) enum Seekable {
    /// A file, opened anew each time.
    File(PathBuf),
    /// Bytes in memory.
    Bytes(SharedBytes),
    /// A temporary copy.
    Spooled(Rc<RefCell<SpooledTempFile>>),
}

/// Bytes in memory that several readers share, without a copy.
#[derive(Clone)]
pub(super) struct SharedBytes(Rc<Vec<u8>>);

impl From<Vec<u8>> for SharedBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Rc::new(bytes))
    }
}

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// What an archive is read through.
pub(super) trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

impl Seekable {
    /// Opens it for reading in any order.
    pub(super) fn open(&self) -> Result<Box<dyn ReadSeek>> {
        Ok(match self {
            Self::File(path) => Box::new(File::open(path).map_err(unreadable)?),
            Self::Bytes(bytes) => Box::new(Cursor::new(bytes.clone())),
            Self::Spooled(spool) => Box::new(SharedSpool {
                spool: Rc::clone(spool),
                at: 0,
            }),
        })
    }

    fn read(&self) -> Result<Box<dyn Read>> {
        Ok(Box::new(self.open()?))
    }
}

/// A reader of a shared temporary copy, with a position of its own.
struct SharedSpool {
    spool: Rc<RefCell<SpooledTempFile>>,
    at: u64,
}

impl Read for SharedSpool {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut spool = self.spool.borrow_mut();
        spool.seek(SeekFrom::Start(self.at))?;
        let read = spool.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for SharedSpool {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let mut spool = self.spool.borrow_mut();
        if let SeekFrom::Current(_) = to {
            spool.seek(SeekFrom::Start(self.at))?;
        }
        self.at = spool.seek(to)?;
        Ok(self.at)
    }
}

/// One member of an archive.
pub(super) struct Member {
    /// The archive.
    pub(super) archive: Seekable,
    /// Where its packed bytes start.
    pub(super) start: u64,
    /// How many packed bytes it has.
    pub(super) packed: u64,
    /// How many bytes it unpacks to, as the archive says.
    pub(super) size: u64,
    /// The checksum of the unpacked bytes.
    pub(super) crc: u32,
    /// Whether it is packed at all.
    pub(super) deflated: bool,
    /// The most bytes that it may unpack to.
    pub(super) most: u64,
    /// What the whole archive may still unpack to.
    pub(super) budget: Rc<Budget>,
}

impl Member {
    fn open(&self) -> Result<Checked> {
        let mut file = self.archive.open()?;
        file.seek(SeekFrom::Start(self.start))
            .map_err(|error| Error::io(Locator::Whole, error))?;
        let packed = BufReader::new(file.take(self.packed));
        let inner: Box<dyn Read> = if self.deflated {
            Box::new(DeflateDecoder::new(packed))
        } else {
            Box::new(packed)
        };
        Ok(Checked {
            inner: Metered {
                inner,
                budget: Rc::clone(&self.budget),
            },
            crc: Crc::new(),
            expected: self.crc,
            size: self.size,
            most: self.most,
            read: 0,
        })
    }
}

/// How much may still be unpacked from one outermost archive, all that is nested in it included.
#[derive(Debug)]
pub(super) struct Budget {
    left: Cell<u64>,
    limit: u64,
}

impl Budget {
    /// For an archive of so many bytes, if that is known.
    pub(super) fn new(limits: &Limits, packed: Option<u64>) -> Rc<Self> {
        let limit = packed
            .map_or(u64::MAX, |packed| unpacked(limits, packed))
            .min(limits.archive_bytes);
        Rc::new(Self {
            left: Cell::new(limit),
            limit,
        })
    }

    /// What was spent on recognising the members does not count against reading them.
    pub(super) fn refill(&self) {
        self.left.set(self.limit);
    }

    fn spend(&self, bytes: u64) -> Result<()> {
        let left = self.left.get();
        if bytes > left {
            self.left.set(0);
            return Err(bomb(format!(
                "the archive unpacks to more than {} bytes",
                self.limit
            )));
        }
        self.left.set(left - bytes);
        Ok(())
    }
}

/// The most that so many packed bytes may unpack to.
pub(super) fn unpacked(limits: &Limits, packed: u64) -> u64 {
    packed
        .saturating_mul(limits.archive_ratio)
        .max(limits.archive_floor)
}

fn bomb(message: String) -> Error {
    Error::new(ErrorCode::Limit, Locator::Whole, message).with_help(
        "if it is no zip bomb, unpack it yourself and give the folder as evidence instead",
    )
}

struct Metered<R> {
    inner: R,
    budget: Rc<Budget>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.budget.spend(read as u64)?;
        Ok(read)
    }
}

/// Unpacked bytes of a member, checked against what the archive says of them.
struct Checked {
    inner: Metered<Box<dyn Read>>,
    crc: Crc,
    expected: u32,
    size: u64,
    most: u64,
    read: u64,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read += read as u64;
        self.crc.update(buffer.get(..read).unwrap_or_default());
        if self.read > self.most {
            return Err(bomb("it unpacks to far more than its packed size".to_owned()).into());
        }
        if read == 0 && !buffer.is_empty() {
            let place = Locator::Byte(self.read);
            if self.read < self.size {
                let message = format!("the archive says it has {} bytes", self.size);
                return Err(Error::new(ErrorCode::Truncated, place, message).into());
            }
            if self.crc.sum() != self.expected {
                let message = "its checksum in the archive differs from its content";
                return Err(Error::new(ErrorCode::Checksum, place, message).into());
            }
        }
        Ok(read)
    }
}

struct Hashed {
    inner: Box<dyn Read>,
    hasher: Hasher,
}

impl Read for Hashed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hasher
            .borrow_mut()
            .update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

/// Why something cannot be read, with what helps.
pub(super) fn unreadable(error: io::Error) -> Error {
    let help = match error.kind() {
        io::ErrorKind::PermissionDenied => {
            Some("allow your account to read it, or copy it with an account that may")
        }
        io::ErrorKind::NotFound => Some("check the path"),
        _ => None,
    };
    let mut error = Error::io(Locator::Whole, error);
    if error.help.is_none() {
        error.help = help.map(str::to_owned);
    }
    error
}
