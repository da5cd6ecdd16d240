//! Folders that collectors write evidence into: for their owner's eyes alone, and each file whole
//! or not there.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::{Locator, UNFINISHED};
use crate::error::{Error, Result};

/// Makes a folder that only its owner may look into.
pub(crate) fn make(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder
        .create(path)
        .map_err(|error| Error::io(at(path), error))
}

/// The names of everything in a folder.
pub(crate) fn names(path: &Path) -> Result<Vec<String>> {
    let failed = |error| Error::io(at(path), error);
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        names.push(
            entry
                .map_err(failed)?
                .file_name()
                .to_string_lossy()
                .into_owned(),
        );
    }
    Ok(names)
}

/// Writes a file under another name, brings it to the disk where it is to last, and renames it.
/// Only its owner may read it, on Unix.
pub(crate) fn write(folder: &Path, name: &str, bytes: &[u8], lasting: bool) -> Result<()> {
    let target = folder.join(name);
    let mut file = tempfile::Builder::new()
        .prefix(".")
        .suffix(UNFINISHED)
        .tempfile_in(folder)
        .map_err(|error| failed(&target, error))?;
    file.write_all(bytes)
        .and_then(|()| {
            if lasting {
                file.as_file().sync_all()
            } else {
                Ok(())
            }
        })
        .map_err(|error| failed(&target, error))?;
    file.persist(&target)
        .map_err(|error| failed(&target, error.error))?;
    Ok(())
}

/// That something could not be written.
pub(crate) fn failed(path: &Path, error: io::Error) -> Error {
    Error::io(at(path), error).with_help("check the space and the rights in the folder")
}

/// A file or folder as a place.
pub(crate) fn at(path: &Path) -> Locator {
    Locator::Whole.within(path.display().to_string())
}

/// A value as text that a person can read too.
pub(crate) fn json(value: &impl Serialize) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(value).unwrap_or_default();
    text.push(b'\n');
    text
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
