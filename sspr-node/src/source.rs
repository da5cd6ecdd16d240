//! What a caller hands over to be read: a path, content with a name, or a stream with a name.
//! `lib/work.js` has already told them apart.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::{ClassInstance, Object, ToNapiValue};
use napi_derive::napi;
use sspr::evidence::{Locator, OnProgress, Progress, Stage};
use sspr::snapshot::Input;
use sspr::{Error, ErrorCode};

use crate::fault::own;
use crate::feed::{Feed, FeedReader};
use crate::value::Bytes;
use crate::work::{OnStep, Stop, Watch, promised};

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

/// Reads inputs on another thread. What `read` gives becomes the value of the promise by `make`.
pub(crate) fn reading<'env, T: Send + 'static, R: ToNapiValue + 'static>(
    env: &'env Env,
    given: Vec<Given<'_>>,
    stop: &Stop,
    hear: Option<OnStep<'_>>,
    read: impl FnOnce(Vec<Input>, &mut OnProgress<'_>) -> sspr::Result<T> + Send + 'static,
    make: impl FnOnce(T) -> R + Send + 'static,
) -> napi::Result<Object<'env>> {
    let sources: Vec<Source> = given.into_iter().map(Source::from).collect();
    let watch = Watch::new(stop, hear)?;
    promised(
        env,
        move || {
            let inputs = sources.into_iter().map(Input::from).collect();
            read(inputs, &mut |progress| watch.hears(&progress)).map_err(|error| own(&error))
        },
        make,
    )
}

impl Source {
    /// Opens it as one stream, which `watch` follows and may stop.
    pub(crate) fn open(self, watch: Arc<Watch>) -> napi::Result<Watched> {
        let (name, total, inner): (_, _, Box<dyn Read + Send>) = match self {
            Self::Path(path) => {
                let name = path.display().to_string();
                let fault = |error| own(&Error::io(Locator::Whole.within(&name), error));
                let file = File::open(&path).map_err(fault)?;
                let total = file.metadata().ok().map(|about| about.len());
                (name, total, Box::new(file))
            }
            Self::Bytes(name, bytes) => {
                (name, Some(bytes.len() as u64), Box::new(Cursor::new(bytes)))
            }
            Self::Stream(name, reader) => (name, None, Box::new(reader)),
        };
        Ok(Watched {
            inner,
            name,
            bytes: 0,
            total,
            watch,
        })
    }
}

/// How many bytes pass between two words of progress.
const STEP: u64 = 1024 * 1024;

/// A reader that tells how far it is and can be stopped.
pub(crate) struct Watched {
    inner: Box<dyn Read + Send>,
    name: String,
    bytes: u64,
    total: Option<u64>,
    watch: Arc<Watch>,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let before = self.bytes / STEP;
        self.bytes += count as u64;
        let flow = if count == 0 || self.bytes / STEP > before {
            let stage = Stage::Reading(&self.name);
            self.watch
                .hears(&Progress::new(stage, self.bytes, self.total))
        } else {
            self.watch.flow()
        };
        match flow {
            ControlFlow::Continue(()) => Ok(count),
            ControlFlow::Break(()) => Err(stopped().into()),
        }
    }
}

/// The error of work that its caller stopped.
pub(crate) fn stopped() -> Error {
    Error::new(
        ErrorCode::Cancelled,
        Locator::Whole,
        "stopped by the caller",
    )
}
