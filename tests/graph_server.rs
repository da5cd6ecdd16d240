//! A server that behaves as Microsoft Graph does where a collector notices: sign-in, paging,
//! throttling, batches, errors, and all that goes wrong on the way.
//!
//! ```no_run
//! use sspr_tests::graph_server::{Server, Settings, Tenant};
//!
//! let server = Server::start(Settings::new(Tenant::example("contoso")));
//! let (root, authority, token) = (server.root(), server.authority_pem(), server.token());
//! // … collect from it …
//! assert!(server.foreign().is_empty());
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test server fails by panicking"
)]

mod access;
mod answer;
mod batch;
mod budget;
mod certificates;
mod clock;
mod dice;
mod entities;
mod example;
mod faults;
mod filter;
mod generate;
mod listener;
mod objects;
mod pages;
mod query;
mod record;
mod resources;
mod route;
mod rows;
mod service;
mod settings;
mod sign_in;
mod tenant;
mod tokens;

use std::net::TcpListener as StdListener;
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

pub use budget::{Budgets, Service};
pub use certificates::{ApplicationCertificate, Authority};
pub use clock::Clock;
pub use entities::deviations;
pub use faults::{Elsewhere, Fault, Faults, RetryAfter};
pub use generate::Size;
pub use record::{Log, Recorded, TokenSeen};
pub use rows::{DECIMAL, HEX, Rows};
pub use settings::{Cloud, Device, DeviceAnswer, Settings, SignIn};
pub use tenant::Tenant;

use answer::Answer;
use faults::Plan;
use listener::{Handler, serve};
use record::Log as Requests;
use service::{Incoming, State};

/// A running server; it ends when it is dropped.
pub struct Server {
    state: Arc<State>,
    authority: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server on the loopback, with a thread of its own.
    pub fn start(settings: Settings) -> Self {
        let authority = Authority::new();
        let listener = StdListener::bind(("127.0.0.1", settings.port)).unwrap();
        let foreign = StdListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let foreign_port = foreign.local_addr().unwrap().port();
        let acceptor = settings
            .tls
            .then(|| TlsAcceptor::from(Arc::clone(&authority.tls)));
        let state = Arc::new(State::new(settings, port, foreign_port));
        let (stop, stopped) = oneshot::channel::<()>();
        let shared = Arc::clone(&state);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async move {
                let (own, other) = (answer_own(&shared), answer_foreign(&shared));
                let clock = shared.clock.clone();
                tokio::spawn(serve(
                    listen(foreign),
                    acceptor.clone(),
                    other,
                    clock.clone(),
                ));
                tokio::spawn(serve(listen(listener), acceptor, own, clock));
                let _ = stopped.await;
            });
        });
        Self {
            state,
            authority: authority.pem,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Scheme, host and port: the root of Graph and of the sign-in service.
    pub fn root(&self) -> &str {
        &self.state.root
    }

    /// The certificate of the authority that signed the server's.
    pub fn authority_pem(&self) -> &str {
        &self.authority
    }

    /// A good token, as if somebody had signed in.
    pub fn token(&self) -> String {
        let lifetime = self.state.settings.sign_in.lifetime;
        let about = serde_json::json!({ "aud": self.root(), "tid": self.state.settings.tenant.id });
        self.state
            .tokens()
            .issue(&self.state.clock, lifetime, &about)
    }

    /// Ends the life of all tokens.
    pub fn revoke_tokens(&self) {
        self.state.tokens().revoke();
    }

    /// Begins with other faults, drawn from another seed.
    pub fn set_faults(&self, faults: Faults, seed: u64) {
        self.state.plan(Plan::new(faults, seed));
    }

    /// All requests that came to the server by its own name.
    pub fn requests(&self) -> &Log {
        &self.state.log
    }

    /// All requests that came to where nobody should go: to another port or name, or to the
    /// server without TLS.
    pub fn foreign(&self) -> &Log {
        &self.state.foreign
    }

    /// The server's clock.
    pub fn clock(&self) -> &Clock {
        &self.state.clock
    }

    /// What it serves.
    pub fn tenant(&self) -> &Tenant {
        &self.state.settings.tenant
    }
}

/// Starts a server of an example for a suite in another language, and writes into a folder what that
/// needs to know: `graph.json`, and the certificate of the authority.
pub fn for_suite(folder: &std::path::Path) -> Server {
    let settings = Settings::new(Tenant::example("contoso"));
    let sign_in = settings.sign_in.clone();
    let server = Server::start(settings);
    let authority = folder.join("authority.pem");
    std::fs::write(&authority, server.authority_pem()).unwrap();
    let known = serde_json::json!({
        "root": server.root(),
        "authority": authority,
        "clientId": sign_in.client_id,
        "clientSecret": sign_in.client_secret,
        "token": server.token(),
    });
    std::fs::write(folder.join("graph.json"), known.to_string()).unwrap();
    server
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn listen(listener: StdListener) -> TcpListener {
    listener.set_nonblocking(true).unwrap();
    TcpListener::from_std(listener).unwrap()
}

fn answer_own(state: &Arc<State>) -> Handler {
    let state = Arc::clone(state);
    let name = state
        .root
        .split("://")
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    Arc::new(move |request| {
        let named = request.header("host") == Some(&name);
        let open = request.tls || !state.settings.tls || sign_in::is_local(&request.target);
        if named && open {
            state.respond(request)
        } else {
            refuse(&state, request)
        }
    })
}

fn answer_foreign(state: &Arc<State>) -> Handler {
    let state = Arc::clone(state);
    Arc::new(move |request| refuse(&state, request))
}

/// Writes down what came, and gives a page that looks like an end.
fn refuse(state: &State, request: &Incoming) -> Answer {
    let now = state.clock.now();
    let token = state.tokens().check(request.header("authorization"), now);
    let foreign: &Requests = &state.foreign;
    let mut record = request.record(now, token);
    record.status = 200;
    foreign.push(record);
    Answer::new(200, answer::JSON, r#"{"value":[{"id":"foreign"}]}"#)
}
