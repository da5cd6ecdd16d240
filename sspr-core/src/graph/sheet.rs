//! A file of a collection while it is being written: page by page, so that it can be gone on with.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::folder::Open;
use crate::error::Result;
use crate::evidence::folder::{failed, hex};

/// A file that is being written, page by page.
pub(super) struct Sheet {
    pub(super) path: PathBuf,
    file: File,
    hash: Sha256,
    gzip: bool,
    pub(super) open: Open,
}

impl Sheet {
    /// Begins a file.
    pub(super) fn new(path: PathBuf, gzip: bool, began: DateTime<Utc>) -> Result<Self> {
        let file = private(&path).map_err(|error| failed(&path, error))?;
        file.set_len(0).map_err(|error| failed(&path, error))?;
        Ok(Self {
            path,
            file,
            hash: Sha256::new(),
            gzip,
            open: Open {
                began,
                ..Open::default()
            },
        })
    }

    /// Goes on with a file: what was written behind its last page is cut off. Nothing, where it is
    /// not what the state says.
    pub(super) fn again(
        path: &Path,
        open: Open,
        gzip: bool,
        show: &mut dyn FnMut(&[u8]),
    ) -> Option<Self> {
        open.next.as_ref()?;
        let mut file = private(path).ok()?;
        if file.metadata().ok()?.len() < open.bytes {
            return None;
        }
        file.set_len(open.bytes).ok()?;
        let mut hash = Sha256::new();
        copy(&mut file, &mut |bytes| hash.update(bytes)).ok()?;
        file.seek(SeekFrom::Start(0)).ok()?;
        let (mut pages, mut whole) = (0, true);
        let mut check = |page: &[u8]| {
            pages += 1;
            whole &= super::scan::scan(page, &mut |_| {}).is_ok();
            show(page);
        };
        lines(&mut file, gzip, &mut check).ok()?;
        if !whole || pages != open.pages {
            return None;
        }
        file.seek(SeekFrom::End(0)).ok()?;
        Some(Self {
            path: path.to_owned(),
            file,
            hash,
            gzip,
            open,
        })
    }

    /// Adds a page, which is one line, and says what comes next.
    pub(super) fn page(&mut self, page: &[u8], items: u64, next: Option<String>) -> Result<()> {
        let packed;
        let (bytes, end): (&[u8], &[u8]) = if self.gzip {
            // Each page is packed for itself, so that a file can be cut between any two.
            let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
            packed = gzip
                .write_all(page)
                .and_then(|()| gzip.write_all(b"\n"))
                .and_then(|()| gzip.finish())
                .map_err(|error| failed(&self.path, error))?;
            (&packed, b"")
        } else {
            (page, b"\n")
        };
        for bytes in [bytes, end] {
            self.file
                .write_all(bytes)
                .map_err(|error| failed(&self.path, error))?;
            self.hash.update(bytes);
            self.open.bytes += bytes.len() as u64;
        }
        self.open.items += items;
        self.open.pages += 1;
        self.open.next = next;
        Ok(())
    }

    /// Leaves a page out that is there already, and remembers what comes next.
    pub(super) fn skip(&mut self, next: Option<String>) {
        self.open.next = next;
    }

    /// Begins anew.
    pub(super) fn restart(&mut self, now: DateTime<Utc>) -> Result<()> {
        self.file
            .set_len(0)
            .and_then(|()| self.file.seek(SeekFrom::Start(0)))
            .map_err(|error| failed(&self.path, error))?;
        self.hash = Sha256::new();
        self.open = Open {
            began: now,
            ..Open::default()
        };
        Ok(())
    }

    /// Closes it, and gives its path, what is in it, and its hash.
    pub(super) fn close(self) -> Result<(PathBuf, Open, String)> {
        self.file
            .sync_all()
            .map_err(|error| failed(&self.path, error))?;
        Ok((self.path, self.open, hex(&self.hash.finalize())))
    }
}

/// Opens a file that only its owner may read.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Shows all bytes, piece by piece.
pub(super) fn copy(reader: &mut dyn Read, show: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(256 * 1024, reader);
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(());
        }
        show(bytes);
        let length = bytes.len();
        reader.consume(length);
    }
}

/// Shows every line of a file that may be packed.
pub(super) fn lines(reader: impl Read, gzip: bool, show: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    let reader: Box<dyn Read + '_> = if gzip {
        Box::new(MultiGzDecoder::new(reader))
    } else {
        Box::new(reader)
    };
    let mut reader = BufReader::with_capacity(256 * 1024, reader);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        show(line.trim_ascii_end());
        line.clear();
    }
    Ok(())
}
