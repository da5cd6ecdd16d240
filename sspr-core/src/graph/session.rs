//! Asking Graph: with a token, at the pace it allows, again where that may help, and never anywhere
//! but at the configured root.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, Url};

use super::clock::Clock;
use super::flows::{Flows, passing};
use super::limiter::{Budget, Limiters};
use super::random;
use super::refusal::{Refusal, claims};
use super::settings::{Places, Settings};
use super::sign_in::SignIn;
use super::tokens::{Bearer, Source, Tokens, refused};
use super::wait::Patience;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;
use crate::http::{Answer, Broken, Message, Transport, host_of, retry_after};

/// How often a token is renewed for one request that goes on being refused.
const RENEWALS: u32 = 2;
/// How often a report is asked for again of which Graph says that the tenant has no P1 or P2.
const DOUBTS: u32 = 3;

/// What outlives one conversation: connections, the token, and what was asked lately.
pub(super) struct Engine {
    pub(super) settings: Settings,
    pub(super) places: Places,
    pub(super) clock: Arc<dyn Clock>,
    transport: Transport,
    tokens: Tokens,
    limiters: Limiters,
}

impl Engine {
    /// Checks the settings and prepares everything, without asking anybody.
    pub(super) fn new(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self> {
        let places = settings.checked()?;
        Ok(Self {
            places,
            transport: Transport::new(
                settings.ca_file.as_deref(),
                Duration::from_secs(settings.bounds.timeout_seconds),
                settings.bounds.answer_bytes,
            )?,
            tokens: Tokens::default(),
            limiters: Limiters::new(&settings.rates),
            settings: settings.clone(),
            clock,
        })
    }
}

/// A conversation with one tenant.
pub(super) struct Session<'a> {
    pub(super) engine: &'a Engine,
    source: Source<'a>,
    /// Bytes received, unpacked.
    pub(super) received: Cell<u64>,
    /// Until when something waits, and for what; for the one who watches.
    pub(super) waiting: RefCell<Option<Waiting>>,
    /// Whether Graph has ever answered.
    answered: Cell<bool>,
}

/// A wait between two attempts.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) what: String,
    pub(super) until: Duration,
}

/// What is asked.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) url: Url,
    pub(super) budget: Budget,
    pub(super) units: u32,
    /// What is sent with it: a batch, or nothing.
    batch: Bytes,
}

impl Ask {
    pub(super) fn get(url: Url, budget: Budget, units: u32) -> Self {
        Self {
            url,
            budget,
            units,
            batch: Bytes::new(),
        }
    }

    /// Several requests in one envelope. [`Batch`](super::batch) makes it, of GETs alone.
    pub(super) fn batch(url: Url, budget: Budget, units: u32, envelope: Vec<u8>) -> Self {
        Self {
            url,
            budget,
            units,
            batch: envelope.into(),
        }
    }

    /// Path and query, readable.
    fn words(&self) -> String {
        self.url.path().to_owned()
    }
}

/// What one attempt came to.
enum Attempt<T> {
    Done(T),
    Refused(Refusal),
    /// It may go better: why, after how long, and what was answered.
    Again(String, Option<Duration>, Refusal),
    /// The token was refused.
    Unauthorised(Option<String>, Refusal),
}

/// What was asked for, or why it is not given.
pub(super) type Given<T> = Result<T, Refusal>;

impl<'a> Session<'a> {
    pub(super) fn new(engine: &'a Engine, sign_in: &'a SignIn) -> Self {
        let flows = Flows {
            settings: &engine.settings,
            places: &engine.places,
            transport: &engine.transport,
            clock: engine.clock.as_ref(),
        };
        Self {
            engine,
            source: Source { sign_in, flows },
            received: Cell::new(0),
            waiting: RefCell::new(None),
            answered: Cell::new(false),
        }
    }

    pub(super) fn clock(&self) -> &'a dyn Clock {
        self.engine.clock.as_ref()
    }

    /// Whether an address is one that a token may be sent to.
    pub(super) fn link(&self, link: &str) -> Option<Url> {
        self.engine.places.origin.link(link)
    }

    /// A new token, as the last one was refused for a request in a batch.
    pub(super) async fn renew(&self) -> Result<()> {
        let tokens = &self.engine.tokens;
        let bearer = tokens.bearer(&self.source).await?;
        tokens
            .renewed(&self.source, bearer.number, None)
            .await
            .map(|_| ())
    }

    /// The address of a path of the root.
    pub(super) fn url(&self, path: &str) -> Result<Url> {
        let wrong = || {
            let place = Locator::Request(path.to_owned());
            Error::value(place, "this is no path of Graph").with_help("write it like /v1.0/users")
        };
        if !path.starts_with('/') || path.starts_with("//") {
            return Err(wrong());
        }
        let url = self.engine.places.root.join(path).map_err(|_| wrong())?;
        self.link(url.as_str()).ok_or_else(wrong)
    }

    /// Asks until there is an answer that `read` takes, or none is to be had.
    ///
    /// Only what ends the whole run is an error: a sign-in that fails, a certificate that is not
    /// trusted, a server that never answers.
    pub(super) async fn ask<T>(
        &self,
        ask: &Ask,
        read: &mut dyn FnMut(&mut Vec<u8>) -> Result<T, String>,
    ) -> Result<Given<T>> {
        let mut patience = Patience::default();
        let (mut renewals, mut doubts) = (0, 0);
        let (tokens, clock) = (&self.engine.tokens, self.clock());
        let mut bearer = tokens.bearer(&self.source).await?;
        loop {
            let (why, asked, refusal) = match self.attempt(ask, &bearer, read).await? {
                Attempt::Done(done) => return Ok(Ok(done)),
                Attempt::Unauthorised(claims, refusal) => {
                    if renewals == RENEWALS {
                        let message = format!("Graph refuses the token: {}", refusal.words());
                        return Err(refused(message).with_help(
                            "check the cloud, the tenant and the application's permissions",
                        ));
                    }
                    renewals += 1;
                    let number = bearer.number;
                    let renewed = tokens
                        .renewed(&self.source, number, claims.as_deref())
                        .await;
                    match renewed {
                        Ok(renewed) => bearer = renewed,
                        // Another request may have been told the claims that are wanted.
                        Err(_) if claims.is_none() && renewals < RENEWALS => {
                            self.wait("sign-in", Duration::from_secs(1)).await;
                        }
                        Err(error) => return Err(error),
                    }
                    continue;
                }
                Attempt::Refused(refusal) if refusal.no_premium() && doubts < DOUBTS => {
                    doubts += 1;
                    (refusal.words(), None, refusal)
                }
                Attempt::Refused(refusal) => return Ok(Err(refusal)),
                Attempt::Again(why, asked, refusal) => (why, asked, refusal),
            };
            let Some(wait) = patience.wait(asked, &self.engine.settings.bounds) else {
                let why = format!("given up after {} attempts: {why}", patience.failures());
                if !self.answered.get() {
                    let place = Locator::Request(host_of(&ask.url));
                    return Err(Error::new(ErrorCode::Connection, place, why)
                        .with_help("check the network, the proxy (HTTPS_PROXY) and the root"));
                }
                return Ok(Err(refusal.exhausted(why)));
            };
            if asked.is_some() {
                // The service wants rest, not this request alone.
                self.engine.limiters.of(ask.budget).hold(wait, clock);
            }
            self.wait(&ask.words(), wait).await;
            bearer = tokens.bearer(&self.source).await?;
        }
    }

    /// Waits, and lets it be seen.
    pub(super) async fn wait(&self, what: &str, wait: Duration) {
        let until = self.clock().elapsed().saturating_add(wait);
        let waiting = Waiting {
            what: what.to_owned(),
            until,
        };
        *self.waiting.borrow_mut() = Some(waiting);
        self.clock().sleep(wait).await;
    }

    async fn attempt<T>(
        &self,
        ask: &Ask,
        bearer: &Bearer,
        read: &mut dyn FnMut(&mut Vec<u8>) -> Result<T, String>,
    ) -> Result<Attempt<T>> {
        // Whoever made the address, the token goes nowhere else.
        if self.link(ask.url.as_str()).is_none() {
            let place = Locator::Request(host_of(&ask.url));
            let message = "a token is sent to the configured root alone";
            return Err(Error::new(ErrorCode::Refused, place, message));
        }
        let limiter = self.engine.limiters.of(ask.budget);
        let taken = limiter.take(ask.units, self.clock()).await;
        let sent = self.engine.transport.send(message(ask, bearer)).await;
        drop(taken);
        let mut answer = match sent {
            Ok(answer) => answer,
            Err(Broken::Passing(why)) => {
                return Ok(Attempt::Again(why, None, Refusal::default()));
            }
            Err(Broken::Lasting(error)) => return Err(error),
        };
        self.received
            .set(self.received.get() + answer.body.len() as u64);
        self.answered.set(true);
        let id = answer.header("request-id").map(ToOwned::to_owned);
        let refusal = |answer: &Answer| Refusal::read(answer.status, id.as_deref(), &answer.body);
        let again = |why: String, answer: &Answer| {
            let asked = answer.header("retry-after");
            let asked = asked.and_then(|text| retry_after(text, self.clock().now()));
            Ok(Attempt::Again(why, asked, refusal(answer)))
        };
        match answer.status {
            200..=299 => {
                if !is_json(&answer) {
                    return again("the answer is no JSON".into(), &answer);
                }
                match read(&mut answer.body) {
                    Ok(done) => Ok(Attempt::Done(done)),
                    Err(why) => again(why, &answer),
                }
            }
            300..=399 => again(
                "the answer leads elsewhere, and is not followed".into(),
                &answer,
            ),
            401 => {
                let challenge = answer.header("www-authenticate").and_then(claims);
                Ok(Attempt::Unauthorised(challenge, refusal(&answer)))
            }
            status if passing(status) => again(refusal(&answer).words(), &answer),
            _ => Ok(Attempt::Refused(refusal(&answer))),
        }
    }
}

fn message(ask: &Ask, bearer: &Bearer) -> Message {
    let mut message = Message::get(ask.url.clone());
    let headers = &mut message.headers;
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(AUTHORIZATION, bearer.header.clone());
    if let Ok(id) = HeaderValue::from_str(&random::guid().to_string()) {
        headers.insert(HeaderName::from_static("client-request-id"), id);
    }
    if !ask.batch.is_empty() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        message.method = Method::POST;
        message.body = ask.batch.clone();
    }
    message
}

fn is_json(answer: &Answer) -> bool {
    let kind = answer.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json") || kind.ends_with("+json")
}
