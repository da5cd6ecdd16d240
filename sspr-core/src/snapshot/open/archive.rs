//! Listing the members of a zip archive, without unpacking any.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::source::{Budget, Member, ReadSeek, Seekable, unpacked};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{Limits, Locator, is_inside};

/// How many bytes the lists of members of all archives together may take.
pub(super) const LIST_BYTES: u64 = 64 * 1024 * 1024;

/// Whether an input starts like a zip archive, an empty one included.
pub(super) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// What one entry of an archive's list is.
pub(super) enum Entry {
    /// A member that can be read.
    Readable(String, Member),
    /// A member that cannot, with the reason.
    Refused(String, Error),
}

/// The entries of an archive, in the order of their names. Folders are left out.
///
/// `list_left` is what the lists of members may still take. Names use `/`, as Windows PowerShell
/// wrote `\` into archives for years.
pub(super) fn list(
    archive: &Seekable,
    budget: &Rc<Budget>,
    limits: &Limits,
    list_left: &Rc<Cell<u64>>,
) -> Result<Vec<Entry>> {
    let listing = Listing {
        inner: archive.open()?,
        left: Rc::clone(list_left),
    };
    let mut zip = ZipArchive::new(listing).map_err(|error| of_zip(error, Locator::Whole))?;
    if zip.len() > limits.files {
        return Err(Error::new(
            ErrorCode::Limit,
            Locator::Whole,
            format!(
                "the archive has {} members, and {} are read at most",
                zip.len(),
                limits.files
            ),
        ));
    }
    if is_office(&zip) {
        return Err(Error::new(
            ErrorCode::Unsupported,
            Locator::Whole,
            "this is an Office document",
        )
        .with_help("save the sheet as CSV, or export the data again as JSON"));
    }
    let mut entries = Vec::with_capacity(zip.len());
    let mut seen = BTreeSet::new();
    for index in 0..zip.len() {
        let member = match zip.by_index_raw(index) {
            Ok(member) => member,
            Err(error) => {
                let name = format!("member {}", index + 1);
                entries.push(Entry::Refused(name, of_zip(error, Locator::Whole)));
                continue;
            }
        };
        if member.is_dir() {
            continue;
        }
        let name = match member.name() {
            Ok(name) => name.replace('\\', "/"),
            Err(_) => String::from_utf8_lossy(member.name_raw()).replace('\\', "/"),
        };
        if name.ends_with('/') {
            continue;
        }
        let refused = refusal(
            &name,
            member.encrypted(),
            member.is_symlink(),
            member.compression(),
        )
        .or_else(|| {
            (!seen.insert(name.clone())).then(|| {
                Error::new(
                    ErrorCode::Value,
                    Locator::Whole,
                    "the archive has two members of this name",
                )
            })
        });
        let entry = match (refused, member.data_start()) {
            (Some(reason), _) => Entry::Refused(name, reason),
            (None, None) => Entry::Refused(name, damaged("its place in the archive is not known")),
            (None, Some(start)) => Entry::Readable(
                name,
                Member {
                    archive: archive.clone(),
                    start,
                    packed: member.compressed_size(),
                    size: member.size(),
                    crc: member.crc32(),
                    deflated: member.compression() == CompressionMethod::Deflated,
                    most: unpacked(limits, member.compressed_size()),
                    budget: Rc::clone(budget),
                },
            ),
        };
        entries.push(entry);
    }
    entries.sort_by(|a, b| a.name().cmp(b.name()));
    Ok(entries)
}

impl Entry {
    fn name(&self) -> &str {
        match self {
            Self::Readable(name, _) | Self::Refused(name, _) => name,
        }
    }
}

fn refusal(name: &str, encrypted: bool, symlink: bool, method: CompressionMethod) -> Option<Error> {
    if !is_inside(name) {
        let message = "its path leaves the archive; nothing is read from such a member";
        return Some(Error::new(ErrorCode::UnsafePath, Locator::Whole, message));
    }
    if encrypted {
        let message = "it is encrypted with a password";
        return Some(
            Error::new(ErrorCode::Unsupported, Locator::Whole, message)
                .with_help("unpack the archive with its password and give the folder"),
        );
    }
    if symlink {
        let message = "it is a link, and links in archives are not followed";
        return Some(Error::new(ErrorCode::UnsafePath, Locator::Whole, message));
    }
    match method {
        CompressionMethod::Stored | CompressionMethod::Deflated => None,
        other => Some(
            Error::new(
                ErrorCode::Unsupported,
                Locator::Whole,
                format!("it is packed with a method that is not read here ({other})"),
            )
            .with_help("unpack the archive and give the folder"),
        ),
    }
}

/// Office documents are archives too, and list their parts in a file of this name.
fn is_office<R: Read + Seek>(zip: &ZipArchive<R>) -> bool {
    zip.file_names_raw()
        .any(|name| name == b"[Content_Types].xml")
}

fn damaged(message: &str) -> Error {
    Error::new(ErrorCode::Syntax, Locator::Whole, message)
}

fn of_zip(error: ZipError, place: Locator) -> Error {
    match error {
        ZipError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => Error::new(
            ErrorCode::Truncated,
            place,
            "the archive ends before its list of members",
        ),
        ZipError::Io(error) => Error::io(place, error),
        ZipError::UnsupportedArchive(what) => Error::new(
            ErrorCode::Unsupported,
            place,
            format!("the archive is of a kind that is not read here ({what})"),
        ),
        other => damaged(&format!("the archive is damaged ({other})"))
            .with_help("copy it again, or give the unpacked folder"),
    }
}

/// Bounds what reading an archive's list of members may take.
struct Listing {
    inner: Box<dyn ReadSeek>,
    left: Rc<Cell<u64>>,
}

impl Read for Listing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.get().checked_sub(read as u64) {
            Some(left) => self.left.set(left),
            None => {
                return Err(Error::new(
                    ErrorCode::Limit,
                    Locator::Whole,
                    "the archive's list of members is too long",
                )
                .into());
            }
        }
        Ok(read)
    }
}

impl Seek for Listing {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
