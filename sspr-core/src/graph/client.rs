//! Graph for a caller's own questions.

use std::fmt;
use std::future::Future;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use reqwest::Url;

use super::clock::{Clock, SystemClock};
use super::collect::runtime;
use super::limiter::Budget;
use super::scan::scan;
use super::session::{Ask, Engine, Session};
use super::settings::Settings;
use super::sign_in::SignIn;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// A client that only reads: one answer, all pages of a list, or twenty answers at once, with
/// everything that [`collect()`](super::collect()) holds to. Paths begin with the version, such as
/// `/v1.0/users?$top=999`.
///
/// It waits until the answer is there, and asks one thing at a time.
///
/// ```no_run
/// use std::ops::ControlFlow;
///
/// use sspr::graph::{Client, Secret, Settings, SignIn, Token};
///
/// let token = Token::bearer(Secret::new(std::env::var("GRAPH_TOKEN")?));
/// let client = Client::new(&Settings::new(""), SignIn::Token(token))?;
/// let groups = client.pages("/v1.0/groups?$select=id,displayName", &mut |page| {
///     println!("{}", String::from_utf8_lossy(page));
///     ControlFlow::Continue(())
/// })?;
/// println!("{groups} groups");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Client {
    inner: Mutex<Inner>,
}

struct Inner {
    engine: Engine,
    sign_in: Arc<SignIn>,
    runtime: tokio::runtime::Runtime,
    watch: Option<Box<Watch>>,
}

type Watch = dyn Fn() -> ControlFlow<()> + Send + Sync;

/// How often the caller is asked whether to go on waiting.
const PACE: Duration = Duration::from_millis(100);

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client(…)")
    }
}

impl Client {
    /// Prepares a client without asking anybody. Of the settings the folder and what is to be
    /// collected do not matter.
    pub fn new(settings: &Settings, sign_in: impl Into<Arc<SignIn>>) -> Result<Self> {
        Self::by(Arc::new(SystemClock::new()), settings, sign_in)
    }

    /// Like [`new`](Self::new), by a clock of the caller's.
    pub fn by(
        clock: Arc<dyn Clock>,
        settings: &Settings,
        sign_in: impl Into<Arc<SignIn>>,
    ) -> Result<Self> {
        Ok(Self {
            inner: Mutex::new(Inner {
                engine: Engine::new(settings, clock)?,
                sign_in: sign_in.into(),
                runtime: runtime()?,
                watch: None,
            }),
        })
    }

    /// Asks, ten times a second while it waits, whether to go on. Where not, the request ends with
    /// [`ErrorCode::Cancelled`].
    #[must_use]
    pub fn watched(self, watch: impl Fn() -> ControlFlow<()> + Send + Sync + 'static) -> Self {
        let mut inner = self
            .inner
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        inner.watch = Some(Box::new(watch));
        Self {
            inner: Mutex::new(inner),
        }
    }

    /// One answer: a JSON object, whole.
    pub fn get(&self, path: &str) -> Result<Vec<u8>> {
        self.with(|inner, session| {
            let ask = Ask::get(session.url(path)?, budget_of(path), 1);
            let read = &mut |body: &mut Vec<u8>| {
                scan(body, &mut |_| {})?;
                Ok(std::mem::take(body))
            };
            inner
                .wait(session.ask(&ask, read))?
                .map_err(|refusal| refusal.error(path))
        })
    }

    /// All pages of a list, one after another, as Graph gives them. Says how many items there were.
    /// A list that cannot be read to its end is an error, and so is one that the callback stops.
    pub fn pages(
        &self,
        path: &str,
        on_page: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<u64> {
        self.with(|inner, session| {
            let mut next = Some(session.url(path)?);
            let (mut items, mut visited) = (0, Vec::new());
            while let Some(url) = next.take() {
                if visited.len() >= inner.engine.settings.bounds.pages as usize {
                    let place = Locator::Request(format!("GET {path}"));
                    return Err(Error::new(
                        ErrorCode::Limit,
                        place,
                        "the list has too many pages",
                    ));
                }
                visited.push(url.clone());
                let ask = Ask::get(url, budget_of(path), 1);
                let read = &mut |body: &mut Vec<u8>| {
                    let seen = scan(body, &mut |_| {})?;
                    if !seen.list {
                        return Err("the answer is no list".to_owned());
                    }
                    let next = match seen.next {
                        None => None,
                        Some(link) => Some(followed(session, &link, &visited)?),
                    };
                    Ok((std::mem::take(body), seen.items, next))
                };
                let given = inner.wait(session.ask(&ask, read))?;
                let (page, count, link) = given.map_err(|refusal| refusal.error(path))?;
                items += count;
                next = link;
                if on_page(&page).is_break() {
                    return Err(stopped());
                }
            }
            Ok(items)
        })
    }

    /// Answers to several paths of v1.0, in the order of the paths: each is there or has its own
    /// error.
    pub fn batch(&self, paths: &[&str]) -> Result<Vec<Result<Vec<u8>>>> {
        self.with(|inner, session| {
            let addresses = paths
                .iter()
                .map(|path| {
                    session.url(path)?;
                    let address = path
                        .strip_prefix("/v1.0")
                        .filter(|rest| rest.starts_with('/'));
                    address.map(ToOwned::to_owned).ok_or_else(|| {
                        let place = Locator::Request((*path).to_owned());
                        Error::value(place, "a batch is one of paths of v1.0")
                    })
                })
                .collect::<Result<Vec<_>>>()?;
            let asked = session.batch(&addresses, Budget::Identity, 1);
            let answers = inner.wait(asked)?;
            let answers = answers.into_iter().zip(paths);
            Ok(answers
                .map(|(answer, path)| answer.map_err(|refusal| refusal.error(path)))
                .collect())
        })
    }

    fn with<T>(&self, work: impl FnOnce(&Inner, &Session<'_>) -> Result<T>) -> Result<T> {
        // Nothing is left half done by a caller's callback that panicked.
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let session = Session::new(&inner.engine, &inner.sign_in);
        work(&inner, &session)
    }
}

impl Inner {
    /// Waits for the end of some work, or for the caller's word.
    fn wait<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let Some(watch) = &self.watch else {
            return self.runtime.block_on(work);
        };
        let given_up = async {
            while watch().is_continue() {
                tokio::time::sleep(PACE).await;
            }
        };
        self.runtime.block_on(async {
            match select(pin!(work), pin!(given_up)).await {
                Either::Left((done, _)) => done,
                Either::Right(((), _)) => Err(stopped()),
            }
        })
    }
}

fn stopped() -> Error {
    Error::new(
        ErrorCode::Cancelled,
        Locator::Whole,
        "stopped by the caller",
    )
}

fn followed(session: &Session<'_>, link: &str, visited: &[Url]) -> Result<Url, String> {
    let url = session
        .link(link)
        .ok_or("the next page is said to be elsewhere, and is not asked for")?;
    if visited.contains(&url) {
        return Err("the next page is said to be one that was read already".to_owned());
    }
    Ok(url)
}

/// The service that a path belongs to.
fn budget_of(path: &str) -> Budget {
    let (_, rest) = path
        .trim_start_matches('/')
        .split_once('/')
        .unwrap_or_default();
    let rest = rest.to_ascii_lowercase();
    if rest.starts_with("reports") || rest.starts_with("auditlogs") {
        Budget::Reports
    } else if rest.starts_with("identity/conditionalaccess") {
        Budget::ConditionalAccess
    } else {
        Budget::Identity
    }
}
