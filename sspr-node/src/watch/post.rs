//! Posting what a watch tells.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, TryLockError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;
use serde::Serialize;
use sspr::carrier::secret::Secret;
use sspr::watch::{Post, PostSettings};

use super::{Busy, Watcher, usual};
use crate::fault::{caught, own, refused};
use crate::plain::Plain;
use crate::value::Whole;
use crate::work::{Stop, Watch, promised};

/// Where notices are posted to.
#[napi(object, object_to_js = false, namespace = "loader")]
pub struct Posting {
    /// The address.
    pub url: String,
    /// Headers of every request.
    pub headers: HashMap<String, String>,
    /// More authorities that are trusted.
    pub ca_file: Option<String>,
    /// How long one request may take, in milliseconds.
    pub timeout: Option<Whole>,
}

impl Posting {
    fn settings(self) -> Result<PostSettings> {
        let mut settings = PostSettings::new(Secret::new(self.url));
        let headers = self.headers.into_iter();
        settings.headers = headers
            .map(|(name, value)| (name, Secret::new(value)))
            .collect();
        settings.ca_file = self.ca_file.map(PathBuf::from);
        if let Some(timeout) = self.timeout {
            settings.timeout = Duration::from_millis(timeout.get()?);
        }
        Ok(settings)
    }
}

/// What posts, as `lib/logs.js` holds it.
#[napi(namespace = "loader")]
pub struct Poster {
    inner: Arc<Mutex<Post>>,
    host: String,
}

/// What came of posting.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Came {
    taken: usize,
    until: Option<DateTime<Utc>>,
    why: Option<sspr::Error>,
}

impl From<sspr::watch::Posted> for Came {
    fn from(posted: sspr::watch::Posted) -> Self {
        let mut came = Self::default();
        match posted {
            sspr::watch::Posted::Taken(taken) => came.taken = taken,
            sspr::watch::Posted::Waiting(until) => came.until = Some(until),
            sspr::watch::Posted::Kept { why, until } => {
                (came.why, came.until) = (Some(why), Some(until));
            }
        }
        came
    }
}

#[napi(namespace = "loader")]
impl Poster {
    /// Checks the settings and prepares everything, without speaking to anybody.
    #[napi(factory)]
    pub fn make(posting: Posting) -> Result<Self> {
        let settings = posting.settings()?;
        let post = caught(|| Post::new(&settings).map_err(|error| own(&error)))?;
        Ok(Self {
            host: post.host().to_owned(),
            inner: Arc::new(Mutex::new(post)),
        })
    }

    /// The receiver's host.
    #[napi]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Posts the first of what a watch has to tell.
    #[napi]
    pub fn send<'env>(
        &self,
        env: &'env Env,
        watcher: &Watcher,
        now: DateTime<Utc>,
        stop: &Stop,
    ) -> Result<Object<'env>> {
        let now = usual(now)?;
        let hears = Watch::new(stop, None)?;
        let post = Arc::clone(&self.inner);
        let work = watcher.begin(Busy::Posts)?;
        promised(
            env,
            move || {
                work.does(|watch| {
                    let mut post = match post.try_lock() {
                        Ok(post) => post,
                        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                        Err(TryLockError::WouldBlock) => {
                            return Err(refused("this post is on its way already"));
                        }
                    };
                    let flow = &mut || hears.flow();
                    post.send(watch, now, flow).map_err(|error| own(&error))
                })
            },
            |posted| Plain(Came::from(posted)),
        )
    }
}
