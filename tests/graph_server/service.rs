//! One request from its arrival to its answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::answer::{Answer, End, Said, outage};
use super::batch;
use super::budget::{Metered, Meters, Service, cost};
use super::clock::{Clock, http_date};
use super::dice::Dice;
use super::faults::{Elsewhere, Fault, Plan, RetryAfter};
use super::pages::Cursor;
use super::query::Query;
use super::record::{Log, Recorded, TokenSeen};
use super::resources::{self, Refusal};
use super::rows::{Rows, Template};
use super::settings::Settings;
use super::sign_in::{self, DeviceCode};
use super::tokens::Tokens;

/// A request as it came.
#[derive(Debug, Clone)]
pub(super) struct Incoming {
    pub(super) method: String,
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
    pub(super) tls: bool,
}

impl Incoming {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// What is kept of it; secrets are not.
    pub(super) fn record(&self, at: Duration, token: TokenSeen) -> Recorded {
        const SECRET: [&str; 3] = ["authorization", "cookie", "x-identity-header"];
        let headers = self.headers.iter();
        Recorded {
            at,
            method: self.method.clone(),
            target: self.target.clone(),
            headers: headers
                .filter(|(name, _)| !SECRET.contains(&name.as_str()))
                .cloned()
                .collect(),
            token,
            client_request_id: self.header("client-request-id").map(str::to_owned),
            tls: self.tls,
            form: if sign_in::is_form(&self.target) {
                sign_in::harmless(&self.body)
            } else {
                Vec::new()
            },
            service: Service::None,
            units: 0,
            status: 0,
            fault: None,
            early: false,
            inside: None,
        }
    }
}

/// All that the server knows while it runs.
pub(super) struct State {
    pub(super) settings: Settings,
    pub(super) clock: Clock,
    /// Scheme, host and port.
    pub(super) root: String,
    /// The port of the foreign listener.
    pub(super) foreign_port: u16,
    pub(super) log: Arc<Log>,
    pub(super) foreign: Arc<Log>,
    tokens: Mutex<Tokens>,
    devices: Mutex<Vec<DeviceCode>>,
    plan: Mutex<Plan>,
    meters: Mutex<Meters>,
    not_before: Mutex<HashMap<String, Duration>>,
    dice: Mutex<Dice>,
    templates: Mutex<HashMap<String, Arc<Template>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    pub(super) fn new(settings: Settings, port: u16, foreign_port: u16) -> Self {
        let scheme = if settings.tls { "https" } else { "http" };
        let seed = settings.seed;
        Self {
            clock: Clock::start(
                settings.epoch.unwrap_or_else(chrono::Utc::now),
                settings.pace,
            ),
            root: format!("{scheme}://127.0.0.1:{port}"),
            foreign_port,
            log: Arc::default(),
            foreign: Arc::default(),
            tokens: Mutex::new(Tokens::new(seed)),
            devices: Mutex::default(),
            plan: Mutex::new(Plan::new(settings.faults.clone(), seed)),
            meters: Mutex::new(Meters::new(settings.budgets, settings.tenant.people())),
            not_before: Mutex::default(),
            dice: Mutex::new(Dice::of(seed, "ids", 0)),
            templates: Mutex::default(),
            settings,
        }
    }

    pub(super) fn tokens(&self) -> MutexGuard<'_, Tokens> {
        lock(&self.tokens)
    }

    pub(super) fn devices(&self) -> MutexGuard<'_, Vec<DeviceCode>> {
        lock(&self.devices)
    }

    pub(super) fn guid(&self) -> String {
        lock(&self.dice).guid()
    }

    /// Begins with other faults.
    pub(super) fn plan(&self, plan: Plan) {
        *lock(&self.plan) = plan;
    }

    /// The root of a place that is not this server.
    pub(super) fn elsewhere(&self, place: Elsewhere) -> String {
        let (host, port) = match place {
            Elsewhere::Host => ("localhost", self.foreign_port),
            Elsewhere::Port => ("127.0.0.1", self.foreign_port),
            Elsewhere::Scheme => return self.root.replacen("https://", "http://", 1),
        };
        let scheme = if self.settings.tls { "https" } else { "http" };
        format!("{scheme}://{host}:{port}")
    }

    /// Rows that are rendered once for all who ask for the same.
    pub(super) fn template(
        &self,
        version: &str,
        key: &str,
        rows: &Rows,
        render: &dyn Fn(&Value) -> Value,
    ) -> Arc<Template> {
        let key = format!("{version} {key}");
        let mut templates = lock(&self.templates);
        Arc::clone(
            templates
                .entry(key)
                .or_insert_with(|| Arc::new(rows.template(render))),
        )
    }

    pub(super) fn said(&self, client_request_id: Option<&str>) -> Said {
        Said {
            date: self.clock.time().format("%Y-%m-%dT%H:%M:%S").to_string(),
            request_id: self.guid(),
            client_request_id: client_request_id.map(str::to_owned),
            dice: Dice::of(self.settings.seed, "errors", lock(&self.dice).next()),
        }
    }

    /// Answers a request that came to this server under its own name.
    pub(super) fn respond(&self, request: &Incoming) -> Answer {
        let now = self.clock.now();
        let token = self.tokens().check(request.header("authorization"), now);
        let place = self.log.push(request.record(now, token));
        let mut said = self.said(request.header("client-request-id"));
        let request_id = said.request_id.clone();
        let mut answer = if sign_in::is_graph(&request.target) {
            self.graph(request, token, place, &mut said)
        } else {
            let fault = lock(&self.plan).draw(&request.target, None);
            self.log.change(place, |record| record.fault = fault);
            match fault.and_then(|fault| self.instead(fault, &request.target, &mut said)) {
                Some(answer) => answer,
                None => match sign_in::answer(self, request) {
                    Some(answer) => after(answer, fault),
                    None => Answer::error(404, "NotFound", "There is nothing here.", &mut said),
                },
            }
        };
        answer.headers.push(("request-id", request_id));
        if let Some(id) = request.header("client-request-id") {
            answer.headers.push(("client-request-id", id.to_owned()));
        }
        let sent = answer.sending.end != End::Reset;
        self.log.change(place, |record| {
            record.status = if sent { answer.status } else { 0 };
        });
        answer
    }

    fn graph(&self, request: &Incoming, token: TokenSeen, place: usize, said: &mut Said) -> Answer {
        let batch = request.method == "POST"
            && request
                .target
                .split('?')
                .next()
                .is_some_and(|path| path.ends_with("/$batch"));
        if request.method != "GET" && !batch {
            let message = "This server is only read.";
            return Answer::error(405, "Request_BadRequest", message, said);
        }
        if token != TokenSeen::Right {
            return self.unauthorized(token, said);
        }
        if batch {
            // The whole can go wrong as any request, and its parts each for itself.
            let key = format!("$batch {}", request.body);
            let fault = lock(&self.plan).draw(&request.target, Some(&key));
            self.log.change(place, |record| record.fault = fault);
            return match fault.and_then(|fault| self.instead(fault, &request.target, said)) {
                Some(answer) => answer,
                None => after(batch::answer(self, request, place, said), fault),
            };
        }
        self.resource(&request.target, &request.headers, place, said, false)
    }

    /// Answers the request for one resource, alone or inside a batch.
    pub(super) fn resource(
        &self,
        target: &str,
        headers: &[(String, String)],
        place: usize,
        said: &mut Said,
        inside: bool,
    ) -> Answer {
        let query = Query::parse(target);
        let (service, units) = cost(&query);
        let now = self.clock.now();
        let key = self.key(&query);
        let early = lock(&self.not_before)
            .get(&key)
            .is_some_and(|start| now < *start);
        let fault = lock(&self.plan).draw(target, Some(&key)).filter(|fault| {
            // A part of a batch has no connection of its own.
            !inside || matches!(fault, Fault::TooMany(_) | Fault::Outage(..))
        });
        self.log.change(place, |record| {
            (record.service, record.units) = (service, units);
            (record.early, record.fault) = (early, fault);
        });
        match lock(&self.meters).charge(service, units, now) {
            Metered::Refused(wait, limit) => {
                // The next second and not part of one.
                let wait = wait.map(|wait| Duration::from_secs(wait.as_secs() + 1));
                if let Some(wait) = wait {
                    lock(&self.not_before).insert(key, now + wait);
                }
                self.throttled(service, wait, limit, said)
            }
            Metered::Passed(share) => {
                if let Some(answer) = fault.and_then(|fault| self.instead(fault, target, said)) {
                    let wait = match fault {
                        Some(Fault::TooMany(wait) | Fault::Outage(_, wait)) => named(wait),
                        _ => None,
                    };
                    if let Some(wait) = wait {
                        lock(&self.not_before).insert(key, now + wait);
                    }
                    return answer;
                }
                let eventual = headers.iter().any(|(name, value)| {
                    name.eq_ignore_ascii_case("consistencylevel")
                        && value.eq_ignore_ascii_case("eventual")
                });
                let mut answer = match resources::get(self, &query, eventual, fault) {
                    Ok(answer) => answer,
                    Err(Refusal {
                        status,
                        code,
                        message,
                    }) => Answer::error(status, code, &message, said),
                };
                if service == Service::Identity {
                    answer
                        .headers
                        .push(("x-ms-resource-unit", units.to_string()));
                    if share > 0.8 {
                        let share = format!("{share:.2}");
                        answer
                            .headers
                            .push(("x-ms-throttle-limit-percentage", share));
                    }
                }
                after(answer, fault)
            }
        }
    }

    /// The same for all tries of one request.
    fn key(&self, query: &Query) -> String {
        let at = Cursor::of(query, self.settings.seed).map_or(0, |cursor| cursor.at);
        let mut plain = query.clone();
        plain.skip_token = None;
        plain.next("", &at.to_string())
    }

    fn unauthorized(&self, token: TokenSeen, said: &mut Said) -> Answer {
        let message = match token {
            TokenSeen::Missing => "Access token is empty.",
            TokenSeen::Dead => "Lifetime validation failed, the token is expired.",
            _ => "IDX14100: JWT is not well formed.",
        };
        let challenge = format!(
            "Bearer realm=\"\", authorization_uri=\"{}/common/oauth2/authorize\", client_id=\"00000003-0000-0000-c000-000000000000\"",
            self.root
        );
        Answer::error(401, "InvalidAuthenticationToken", message, said)
            .with("www-authenticate", challenge)
    }

    fn throttled(
        &self,
        service: Service,
        wait: Option<Duration>,
        limit: u32,
        said: &mut Said,
    ) -> Answer {
        let application = &self.settings.sign_in.client_id;
        let scope = format!(
            "Tenant_Application/{service:?}/{application}/{}",
            self.settings.tenant.id
        );
        let mut answer = Answer::error(429, "TooManyRequests", "Too many requests.", said)
            .with("x-ms-throttle-scope", scope)
            .with(
                "x-ms-throttle-information",
                format!("ResourceUnitLimitExceeded {limit}"),
            );
        if let Some(wait) = wait {
            answer = answer.with("retry-after", wait.as_secs().to_string());
        }
        answer
    }

    /// The answer that a fault puts in the place of the right one.
    fn instead(&self, fault: Fault, target: &str, said: &mut Said) -> Option<Answer> {
        Some(match fault {
            Fault::Reset => {
                let mut answer = Answer::new(500, "", "");
                answer.sending.end = End::Reset;
                answer
            }
            Fault::TooMany(wait) => self.waiting(outage(429, said), wait),
            Fault::Outage(status, wait) => self.waiting(outage(status, said), wait),
            Fault::Unauthorized => self.unauthorized(TokenSeen::Dead, said),
            Fault::Revoked => {
                self.tokens().revoke();
                self.unauthorized(TokenSeen::Dead, said)
            }
            Fault::Claims => {
                let claims = r#"{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}"#;
                self.tokens().ask_for(claims);
                let challenge = format!(
                    "Bearer realm=\"\", authorization_uri=\"{}/common/oauth2/authorize\", error=\"insufficient_claims\", claims=\"{}\"",
                    self.root,
                    crate::base64::encode(claims.as_bytes())
                );
                let message = "Continuous access evaluation resulted in challenge.";
                Answer::error(401, "InvalidAuthenticationToken", message, said)
                    .with("www-authenticate", challenge)
            }
            Fault::WrongType => {
                let html = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to the network</body></html>";
                Answer::new(200, "text/html; charset=utf-8", html)
            }
            Fault::Redirect => {
                // The same resource by another spelling.
                let (path, options) = target.split_once('?').unwrap_or((target, ""));
                Answer::new(307, "", "").with("location", format!("{}{path}/?{options}", self.root))
            }
            Fault::ForeignRedirect(place) => Answer::new(307, "", "")
                .with("location", format!("{}{target}", self.elsewhere(place))),
            _ => return None,
        })
    }

    fn waiting(&self, answer: Answer, wait: RetryAfter) -> Answer {
        let text = match wait {
            RetryAfter::Seconds(seconds) => seconds.to_string(),
            RetryAfter::Decimal(seconds) => seconds.to_string(),
            RetryAfter::Date(seconds) => {
                http_date(self.clock.time() + chrono::Duration::seconds(seconds.into()))
            }
            RetryAfter::Huge => "86400".into(),
            RetryAfter::Nonsense => "soon".into(),
            RetryAfter::Missing => return answer,
        };
        answer.with("retry-after", text)
    }
}

/// How long the answer tells to wait, where it tells. The date has whole seconds.
fn named(wait: RetryAfter) -> Option<Duration> {
    match wait {
        RetryAfter::Seconds(seconds) => Some(Duration::from_secs(seconds.into())),
        RetryAfter::Decimal(seconds) => Some(Duration::from_secs_f32(seconds)),
        RetryAfter::Date(seconds) => Some(Duration::from_secs(seconds.saturating_sub(1).into())),
        RetryAfter::Huge => Some(Duration::from_secs(86_400)),
        RetryAfter::Missing | RetryAfter::Nonsense => None,
    }
}

/// What a fault makes of the right answer.
fn after(mut answer: Answer, fault: Option<Fault>) -> Answer {
    let half = answer.body.len() / 2;
    match fault {
        Some(Fault::Latency(delay)) => answer.sending.delay = delay,
        Some(Fault::Pause(pause)) => answer.sending.pause = pause,
        Some(Fault::ResetInside) => answer.sending.end = End::ResetAfter(half),
        Some(Fault::Truncated) => answer.sending.end = End::ClosedAfter(half),
        Some(Fault::Malformed) => {
            let mut bytes = answer.body[..half].to_vec();
            // A third is cut, a third has bytes that are no text, a third has stray braces, behind a
            // line break, which no text holds, as nobody could tell them from a text's own.
            match half % 3 {
                0 => {}
                1 => bytes.extend_from_slice(b"\xff\xfe\x00"),
                _ => bytes.extend_from_slice(b"\n}]}"),
            }
            if !half.is_multiple_of(3) {
                bytes.extend_from_slice(&answer.body[half..]);
            }
            answer.body = bytes.into();
        }
        _ => {}
    }
    answer
}
