//! Posting notices to a receiver, as JSON lines over HTTP.

use std::fmt;
use std::ops::{ControlFlow, RangeInclusive};
use std::path::PathBuf;
use std::pin::pin;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Method, Url};
use tokio::runtime::{Builder, Runtime};

use super::state::Pause;
use super::{Notice, Watch};
use crate::carrier::secret::Secret;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;
use crate::http::{Answer, Broken, Message, Origin, Transport, host_of, retry_after, spoken};

/// How often somebody is asked whether to stop.
const SLICE: Duration = Duration::from_millis(50);
/// Most notices, and about the most bytes, of one request.
const PORTION: usize = 200;
const PORTION_BYTES: usize = 1024 * 1024;
/// How long to wait after the second failure in a row; it doubles with each further one.
const SECOND_WAIT: TimeDelta = TimeDelta::seconds(10);
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(10);
/// The longest wait that a receiver is granted.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);
/// What a request may be given.
const TIMEOUTS: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(3600);
/// How often a receiver may lead on within its own origin.
const REDIRECTS: usize = 3;
/// Headers that are not the caller's to choose.
const OWN_HEADERS: [&str; 9] = [
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "host",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// Where notices are posted to.
#[derive(Debug)]
#[non_exhaustive]
pub struct PostSettings {
    /// The address: `https`, or `http` on this machine itself. It is taken for a secret, which those of
    /// many receivers are: errors show its host alone.
    pub url: Secret,
    /// Headers that go with every request, such as `Authorization`, and their values.
    pub headers: Vec<(String, Secret)>,
    /// A file with certificates, in PEM, of authorities that are trusted beside those of the operating
    /// system.
    pub ca_file: Option<PathBuf>,
    /// How long one request may take, from the connection to the beginning of the answer: a second
    /// to an hour.
    pub timeout: Duration,
}

impl PostSettings {
    /// To an address, without headers, within thirty seconds.
    pub fn new(url: Secret) -> Self {
        Self {
            url,
            headers: Vec::new(),
            ca_file: None,
            timeout: Duration::from_secs(30),
        }
    }
}

/// Posts what a watch has to tell to a receiver, as JSON lines (`application/x-ndjson`), a notice a line.
///
/// A notice that was taken, with any status from 200 to 299, is crossed out; all others stay in
/// [`WatchState::untold`](super::WatchState::untold) and are posted again: right at the next call after
/// a first failure, then after 10 seconds, 20, 40, up to ten minutes, and not before the `Retry-After` that the
/// receiver answered with, up to an hour, which the state keeps. A process that ends between the answer and the saving of
/// the state posts the same notices again, with the same [`Notice::id`].
///
/// A redirect (307 or 308) is followed within the same scheme, host and port, and never elsewhere.
/// A proxy that the environment names is used, but for addresses of this machine.
///
/// It waits, and brings a runtime of its own: it must not be used from inside of another one.
pub struct Post {
    transport: Transport,
    url: Url,
    host: String,
    headers: HeaderMap,
    timeout: Duration,
    /// It goes without waiting for a name that is being resolved.
    runtime: Option<Runtime>,
    /// Most notices of one request: a receiver may find fewer too many.
    portion: usize,
    failures: u32,
    /// Not before this time, after failures.
    until: Option<DateTime<Utc>>,
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post")
            .field("host", &self.host)
            .field("failures", &self.failures)
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

/// What came of posting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    /// The receiver took so many notices, which are crossed out. There may be more.
    Taken(usize),
    /// Nothing was sent: after failures, or because the receiver asked for it, it is not time yet.
    Waiting(DateTime<Utc>),
    /// The receiver did not take them.
    Kept {
        /// Why. [`ErrorCode::Connection`] may pass by itself; the others want somebody to look.
        why: Error,
        /// They are not posted again before this time.
        until: DateTime<Utc>,
    },
}

/// What one request came to.
enum Sent {
    Taken,
    /// Fewer at once may be taken.
    TooMany,
    Refused(Error, Option<Duration>),
}

impl Post {
    /// Checks the settings and prepares everything, without speaking to anybody.
    pub fn new(settings: &PostSettings) -> Result<Self> {
        let place = Locator::Stated("the receiver's address".to_owned());
        let url = spoken(
            settings.url.expose(),
            &place,
            "https://alerts.contoso.com/sspr",
        )?;
        if !TIMEOUTS.contains(&settings.timeout) {
            let place = Locator::Stated("the time for a request".to_owned());
            let message = "it must be a second to an hour";
            return Err(Error::new(ErrorCode::Range, place, message));
        }
        let mut headers = HeaderMap::new();
        for (name, value) in &settings.headers {
            let (name, value) = header(name, value)?;
            headers.append(name, value);
        }
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-ndjson"),
        );
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Error::io(Locator::Whole, error))?;
        Ok(Self {
            transport: Transport::new(settings.ca_file.as_deref(), settings.timeout, 0)?,
            host: host_of(&url),
            url,
            headers,
            timeout: settings.timeout,
            runtime: Some(runtime),
            portion: PORTION,
            failures: 0,
            until: None,
        })
    }

    /// The receiver's host, and its port where that is not the usual one.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Posts the first of what a watch has to tell, as many as go into one request, and crosses out
    /// what was taken: save the state before and after. An error is returned only when the caller
    /// asked to stop, which `stop` is asked for several times a second.
    pub fn send(
        &mut self,
        watch: &mut Watch,
        now: DateTime<Utc>,
        stop: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<Posted> {
        if watch.untold().is_empty() {
            return Ok(Posted::Taken(0));
        }
        if let Some(until) = self.not_before(watch, now) {
            return Ok(Posted::Waiting(until));
        }
        loop {
            let (count, lines) = lines(watch.untold(), self.portion);
            match self.post(&lines, now, stop)? {
                Sent::Taken => {
                    self.failures = 0;
                    watch.told(count);
                    return Ok(Posted::Taken(count));
                }
                Sent::TooMany if count > 1 => self.portion = count / 2,
                Sent::TooMany => {
                    let why = self.error(ErrorCode::Refused, "it takes no notice of this length");
                    return Ok(self.keep(watch, now, why, None));
                }
                Sent::Refused(why, asked) => return Ok(self.keep(watch, now, why, asked)),
            }
        }
    }

    /// Until when nothing is sent. A time that is too far off comes of a clock that was set right.
    fn not_before(&mut self, watch: &mut Watch, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let is_ahead = |until: &DateTime<Utc>, longest| *until > now && *until <= now + longest;
        self.until = self.until.filter(|until| is_ahead(until, LONGEST_WAIT));
        let pause = &mut watch.state.pause;
        let counts =
            |pause: &Pause| pause.host == self.host && is_ahead(&pause.until, LONGEST_PAUSE);
        *pause = pause.take().filter(counts);
        self.until.max(pause.as_ref().map(|pause| pause.until))
    }

    /// Notes a failure, and when to try again.
    fn keep(
        &mut self,
        watch: &mut Watch,
        now: DateTime<Utc>,
        why: Error,
        asked: Option<Duration>,
    ) -> Posted {
        self.failures += 1;
        let wait = match self.failures {
            // The next look is the first wait.
            1 => TimeDelta::zero(),
            more => (SECOND_WAIT * 2_i32.pow((more - 2).min(8))).min(LONGEST_WAIT),
        };
        let mut until = now + wait;
        self.until = Some(until);
        if let Some(asked) = asked {
            let asked = TimeDelta::from_std(asked).unwrap_or(LONGEST_PAUSE);
            let asked = now + asked.min(LONGEST_PAUSE);
            until = until.max(asked);
            watch.state.pause = Some(Pause {
                host: self.host.clone(),
                until: asked,
            });
        }
        Posted::Kept { why, until }
    }

    fn error(&self, code: ErrorCode, message: impl Into<String>) -> Error {
        Error::new(code, Locator::Request(self.host.clone()), message)
    }

    /// Sends lines, wherever the receiver leads within its origin.
    fn post(
        &self,
        lines: &Bytes,
        now: DateTime<Utc>,
        stop: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<Sent> {
        let mut url = self.url.clone();
        for _ in 0..=REDIRECTS {
            let answer = match self.ask(url.clone(), lines.clone(), stop)? {
                Ok(answer) => answer,
                Err(Broken::Passing(why)) => {
                    return Ok(Sent::Refused(self.error(ErrorCode::Connection, why), None));
                }
                Err(Broken::Lasting(error)) => return Ok(Sent::Refused(error, None)),
            };
            if !matches!(answer.status, 307 | 308) {
                return Ok(self.meaning(&answer, now));
            }
            match self.elsewhere(&url, &answer) {
                Ok(next) => url = next,
                Err(error) => return Ok(Sent::Refused(error, None)),
            }
        }
        let error = self.error(ErrorCode::Refused, "it leads on and on");
        Ok(Sent::Refused(error, None))
    }

    /// One request, which ends when the caller asks for it or time is up.
    fn ask(
        &self,
        url: Url,
        lines: Bytes,
        stop: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<Result<Answer, Broken>> {
        let message = Message {
            method: Method::POST,
            url,
            headers: self.headers.clone(),
            body: lines,
        };
        let began = Instant::now();
        let watched = async {
            let mut sending = pin!(self.transport.deliver(message));
            loop {
                if stop().is_break() {
                    let message = "the posting was stopped; the notices are kept";
                    return Err(self.error(ErrorCode::Cancelled, message));
                }
                if let Ok(sent) = tokio::time::timeout(SLICE, &mut sending).await {
                    return Ok(sent);
                }
                if began.elapsed() >= self.timeout {
                    return Ok(Err(Broken::Passing("no answer in time".to_owned())));
                }
            }
        };
        match &self.runtime {
            Some(runtime) => runtime.block_on(watched),
            None => Err(self.error(ErrorCode::Connection, "it is closed")),
        }
    }

    /// What an answer says of the notices.
    fn meaning(&self, answer: &Answer, now: DateTime<Utc>) -> Sent {
        let status = answer.status;
        let (code, help) = match status {
            200..=299 => return Sent::Taken,
            413 => return Sent::TooMany,
            408 | 429 | 500.. => (ErrorCode::Connection, None),
            300..=399 => (
                ErrorCode::Refused,
                Some("give the address that it leads to, if that is the receiver's"),
            ),
            401 | 403 | 407 => (
                ErrorCode::Refused,
                Some("see whether the header that lets in is given, and its token still valid"),
            ),
            404 | 405 | 410 => (ErrorCode::Refused, Some("check the address")),
            415 => (
                ErrorCode::Refused,
                Some("it has to take JSON lines: application/x-ndjson"),
            ),
            _ => (ErrorCode::Refused, None),
        };
        let asked = answer
            .header(RETRY_AFTER.as_str())
            .and_then(|text| retry_after(text, now));
        let error = self.error(code, format!("it answers with status {status}"));
        Sent::Refused(
            match help {
                Some(help) => error.with_help(help),
                None => error,
            },
            asked,
        )
    }

    /// Where a redirect leads, if that is no other server.
    fn elsewhere(&self, from: &Url, answer: &Answer) -> Result<Url> {
        let to = answer
            .header(LOCATION.as_str())
            .and_then(|to| from.join(to).ok());
        let Some(to) = to else {
            return Err(self.error(ErrorCode::Refused, "it leads to no address"));
        };
        Origin::of(&self.url).link(to.as_str()).ok_or_else(|| {
            let message = format!(
                "it leads to {}://{}, where nothing is posted",
                to.scheme(),
                host_of(&to)
            );
            self.error(ErrorCode::Refused, message)
                .with_help("give the address that it leads to, if that is the receiver's")
        })
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The first notices as JSON lines, and how many they are: at least one.
fn lines(notices: &[Notice], most: usize) -> (usize, Bytes) {
    let mut lines = Vec::new();
    let mut count = 0;
    for notice in notices.iter().take(most.max(1)) {
        let mut line = serde_json::to_vec(notice).unwrap_or_default();
        line.push(b'\n');
        if count > 0 && lines.len() + line.len() > PORTION_BYTES {
            break;
        }
        lines.append(&mut line);
        count += 1;
    }
    (count, lines.into())
}

/// A header, whose value no error shows.
fn header(name: &str, value: &Secret) -> Result<(HeaderName, HeaderValue)> {
    let known = HeaderName::from_bytes(name.as_bytes());
    // What is no name may be a token that was put in its place.
    let place = Locator::Stated(match &known {
        Ok(name) => format!("the header {name}"),
        Err(_) => "the headers".to_owned(),
    });
    let bad = |message: &str| Error::value(place.clone(), message);
    let known = known.map_err(|_| bad("this is no name of a header"))?;
    if OWN_HEADERS.contains(&known.as_str()) {
        return Err(bad("this header is not free to choose"));
    }
    let mut value = HeaderValue::from_str(value.expose().trim())
        .map_err(|_| bad("its value holds what no header may hold, such as the end of a line"))?;
    if value.is_empty() {
        return Err(bad("its value is empty"));
    }
    value.set_sensitive(true);
    Ok((known, value))
}
