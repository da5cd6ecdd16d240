//! `sspr.graph`: reading a tenant through Microsoft Graph, and writing what was read as evidence.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use napi::bindgen_prelude::{FnArgs, Function, Object};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi::{Env, Result};
use napi_derive::napi;
use serde::Serialize;
use sspr::evidence::Locator;
use sspr::graph::{
    ClientCertificate, Elsewhere, ManagedIdentity, PlannedRequest, Secret, Settings, Token,
    TokenProvider,
};
use sspr::{Error, ErrorCode};

use crate::fault::{caught, own};
use crate::plain::Plain;
use crate::value::Json;
use crate::work::{OnStep, Stop, Watch, promised};

/// Every request that `collect` would make with these settings, without asking any server. What only
/// the tenant knows stands in angle brackets.
#[napi(namespace = "graph")]
pub fn plan(settings: Json<Settings>) -> Result<Plain<Vec<PlannedRequest>>> {
    let settings: Settings = settings.read()?;
    caught(|| {
        sspr::graph::plan(&settings)
            .map(Plain)
            .map_err(|error| own(&error))
    })
}

/// What Graph does not tell, and where to get it.
#[napi(namespace = "graph")]
pub fn elsewhere() -> Plain<&'static [Elsewhere]> {
    Plain(sspr::graph::ELSEWHERE)
}

/// Reads a tenant and writes an evidence folder.
#[napi(namespace = "loader")]
pub fn collect_tenant<'env>(
    env: &'env Env,
    settings: Json<Settings>,
    sign_in: &SignIn,
    stop: &Stop,
    hear: Option<OnStep<'_>>,
) -> Result<Object<'env>> {
    let settings = settings.read()?;
    let sign_in = Arc::clone(&sign_in.inner);
    let watch = Watch::new(stop, hear)?;
    promised(
        env,
        move || {
            let progress = &mut |step: sspr::evidence::Progress<'_>| watch.hears(&step);
            sspr::graph::collect(&settings, &sign_in, progress).map_err(|error| own(&error))
        },
        Plain,
    )
}

/// How to sign in.
#[napi(namespace = "loader")]
pub struct SignIn {
    inner: Arc<sspr::graph::SignIn>,
}

impl From<sspr::graph::SignIn> for SignIn {
    fn from(way: sspr::graph::SignIn) -> Self {
        Self {
            inner: Arc::new(way),
        }
    }
}

/// What a person is shown who is to sign in.
type Prompt = (String, String, String, DateTime<Utc>);

#[napi(namespace = "loader")]
impl SignIn {
    /// With a token that is there already.
    #[napi(factory)]
    pub fn token(token: String) -> Self {
        sspr::graph::SignIn::Token(Token::bearer(Secret::new(token))).into()
    }

    /// As an application, with its secret.
    #[napi(factory)]
    pub fn client_secret(secret: String) -> Self {
        sspr::graph::SignIn::ClientSecret(Secret::new(secret)).into()
    }

    /// As an application, with its certificate and key in PEM.
    #[napi(factory)]
    pub fn client_certificate(pem: String) -> Result<Self> {
        let certificate = ClientCertificate::from_pem(&Secret::new(pem));
        let certificate = certificate.map_err(|error| own(&error))?;
        Ok(sspr::graph::SignIn::ClientCertificate(certificate).into())
    }

    /// As an application, with a token of another issuer.
    #[napi(factory)]
    pub fn federated_token_file(path: String) -> Self {
        sspr::graph::SignIn::FederatedToken(PathBuf::from(path)).into()
    }

    /// As the machine inside of Azure.
    #[napi(factory)]
    pub fn managed_identity() -> Self {
        sspr::graph::SignIn::ManagedIdentity(ManagedIdentity::from_environment()).into()
    }

    /// As a person with a browser.
    #[napi(factory)]
    pub fn device_code(show: Function<'_, FnArgs<Prompt>, ()>) -> Result<Self> {
        let show = show
            .build_threadsafe_function::<Prompt>()
            .callee_handled::<false>()
            .weak::<true>()
            .build_callback(|prompt| Ok(FnArgs::from(prompt.value)))?;
        let shown = move |prompt: &sspr::graph::DevicePrompt| {
            let prompt = prompt.clone();
            show.call(
                (prompt.url, prompt.code, prompt.message, prompt.expires),
                ThreadsafeFunctionCallMode::NonBlocking,
            );
        };
        Ok(sspr::graph::SignIn::DeviceCode(Arc::new(shown)).into())
    }

    /// With tokens of the caller's: `ask` is called with the claims, and the answer is given to
    /// `tokens`.
    #[napi(factory)]
    pub fn provider(
        ask: Function<'_, FnArgs<(Option<String>,)>, ()>,
        tokens: &Tokens,
    ) -> Result<Self> {
        let ask = ask
            .build_threadsafe_function::<Option<String>>()
            .callee_handled::<false>()
            .weak::<true>()
            .build_callback(|claims| Ok(FnArgs::from((claims.value,))))?;
        let provider = Provider {
            ask: Box::new(move |claims| {
                ask.call(claims, ThreadsafeFunctionCallMode::NonBlocking);
            }),
            answers: Arc::clone(&tokens.answers),
        };
        Ok(sspr::graph::SignIn::Provider(Arc::new(provider)).into())
    }
}

type Answer = Option<Token>;

/// Where JavaScript leaves the tokens that it is asked for.
#[napi(namespace = "loader")]
pub struct Tokens {
    give: Sender<Answer>,
    answers: Arc<Mutex<Receiver<Answer>>>,
}

#[napi(namespace = "loader")]
impl Tokens {
    /// None is there yet.
    #[napi(factory)]
    pub fn make() -> Self {
        let (give, answers) = channel();
        Self {
            give,
            answers: Arc::new(Mutex::new(answers)),
        }
    }

    /// A token, and its end if it is known.
    #[napi]
    pub fn give(&self, token: String, expires: Option<DateTime<Utc>>) {
        let token = match expires {
            Some(_) => Token::new(token, expires),
            None => Token::bearer(Secret::new(token)),
        };
        // Nobody waits any more when the run is over.
        let _ = self.give.send(Some(token));
    }

    /// There is none to be had.
    #[napi]
    pub fn refuse(&self) {
        let _ = self.give.send(None);
    }
}

struct Provider {
    ask: Box<dyn Fn(Option<String>) + Send + Sync>,
    answers: Arc<Mutex<Receiver<Answer>>>,
}

impl TokenProvider for Provider {
    fn token(&self, claims: Option<&str>) -> sspr::Result<Token> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        (self.ask)(claims.map(str::to_owned));
        answers.recv().ok().flatten().ok_or_else(|| {
            let message = "the token provider gave no token";
            Error::new(ErrorCode::Value, Locator::Whole, message)
        })
    }
}

/// A client for a caller's own questions.
#[napi(namespace = "loader")]
pub struct GraphClient {
    inner: Arc<sspr::graph::Client>,
    /// Whoever asks, one at a time, may be stopped by this.
    asking: Arc<Asking>,
}

#[derive(Default)]
struct Asking {
    turn: Mutex<()>,
    stopped: Mutex<Arc<AtomicBool>>,
}

/// One answer of a batch.
#[derive(Serialize)]
#[serde(untagged)]
pub enum BatchAnswer {
    /// The JSON.
    Text(String),
    /// Why there is none.
    Fault(Error),
}

#[napi(namespace = "loader")]
impl GraphClient {
    /// Prepares a client without asking anybody.
    #[napi(factory)]
    pub fn make(settings: Json<Settings>, sign_in: &SignIn) -> Result<Self> {
        let settings = settings.read()?;
        let asking = Arc::new(Asking::default());
        let watched = Arc::clone(&asking);
        let client = sspr::graph::Client::new(&settings, Arc::clone(&sign_in.inner))
            .map_err(|error| own(&error))?
            .watched(move || watched.flow());
        Ok(Self {
            inner: Arc::new(client),
            asking,
        })
    }

    /// One answer, as its text.
    #[napi]
    pub fn get<'env>(&self, env: &'env Env, path: String, stop: &Stop) -> Result<Object<'env>> {
        self.ask(env, stop, move |client| client.get(&path).map(text))
    }

    /// All pages of a list, as their texts.
    #[napi]
    pub fn pages<'env>(&self, env: &'env Env, path: String, stop: &Stop) -> Result<Object<'env>> {
        self.ask(env, stop, move |client| {
            let mut pages = Vec::new();
            client.pages(&path, &mut |page| {
                pages.push(text(page.to_vec()));
                ControlFlow::Continue(())
            })?;
            Ok(pages)
        })
    }

    /// Answers to several paths, in their order.
    #[napi]
    pub fn batch<'env>(
        &self,
        env: &'env Env,
        paths: Vec<String>,
        stop: &Stop,
    ) -> Result<Object<'env>> {
        self.ask(env, stop, move |client| {
            let paths: Vec<_> = paths.iter().map(String::as_str).collect();
            let answers = client.batch(&paths)?.into_iter();
            Ok(answers
                .map(|answer| match answer {
                    Ok(bytes) => BatchAnswer::Text(text(bytes)),
                    Err(error) => BatchAnswer::Fault(error),
                })
                .collect::<Vec<_>>())
        })
    }
}

impl GraphClient {
    fn ask<'env, T: Serialize + Send + 'static>(
        &self,
        env: &'env Env,
        stop: &Stop,
        ask: impl FnOnce(&sspr::graph::Client) -> sspr::Result<T> + Send + 'static,
    ) -> Result<Object<'env>> {
        let (client, asking) = (Arc::clone(&self.inner), Arc::clone(&self.asking));
        let stopped = stop.flag();
        promised(
            env,
            move || {
                let _turn = asking.turn.lock().unwrap_or_else(PoisonError::into_inner);
                *asking
                    .stopped
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner) = stopped;
                ask(&client).map_err(|error| own(&error))
            },
            Plain,
        )
    }
}

impl Asking {
    fn flow(&self) -> ControlFlow<()> {
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        if stopped.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

/// The text of an answer that was found to be JSON.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
