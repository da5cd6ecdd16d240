//! What a caller hands over to be read: a path, content with a name, or a stream with a name.
//! `index.js` has already told them apart.

use std::io::{Cursor, Read};
use std::path::PathBuf;

use napi::bindgen_prelude::ClassInstance;
use napi_derive::napi;
use sspr::snapshot::Input;

use crate::feed::{Feed, FeedReader};
use crate::value::Bytes;

/// One input, as the loader spells it.
#[napi(object, object_to_js = false, namespace = "loader")]
pub struct Given<'a> {
    /// Its name; the path, if there is no content.
    pub name: String,
    /// Its content.
    pub bytes: Option<Bytes>,
    /// Its content as a stream.
    pub feed: Option<ClassInstance<'a, Feed>>,
}

/// One input that may travel to another thread.
pub(crate) enum Source {
    Path(PathBuf),
    Bytes(String, Vec<u8>),
    Stream(String, FeedReader),
}

impl From<Given<'_>> for Source {
    fn from(given: Given<'_>) -> Self {
        match (given.bytes, given.feed) {
            (Some(bytes), _) => Self::Bytes(given.name, bytes.0),
            (None, Some(feed)) => Self::Stream(given.name, feed.reader()),
            (None, None) => Self::Path(given.name.into()),
        }
    }
}

impl From<Source> for Input {
    fn from(source: Source) -> Self {
        match source {
            Source::Path(path) => Self::path(path),
            Source::Bytes(name, bytes) => Self::bytes(name, bytes),
            Source::Stream(name, reader) => Self::stream(name, reader),
        }
    }
}

impl Source {
    /// Opens a single file.
    pub(crate) fn open(self) -> std::io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::Path(path) => Box::new(std::fs::File::open(path)?),
            Self::Bytes(_, bytes) => Box::new(Cursor::new(bytes)),
            Self::Stream(_, reader) => Box::new(reader),
        })
    }
}
