//! The token endpoint, device codes, and the two forms of managed identity.

use std::time::Duration;

use serde_json::{Value, json};

use super::answer::Answer;
use super::query::{Query, decode, form};
use super::service::{Incoming, State};
use super::settings::{DeviceAnswer, SignIn};
use super::tokens::verify;

/// A device code that was given out.
#[derive(Debug)]
pub(super) struct DeviceCode {
    code: String,
    given: Duration,
    polled: Option<Duration>,
    interval: u32,
}

const JSON: &str = "application/json; charset=utf-8";
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Answers a request for a token; nothing where the path is none of these.
pub(super) fn answer(state: &State, request: &Incoming) -> Option<Answer> {
    let (path, options) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    match path {
        "/metadata/identity/oauth2/token" => return Some(imds(state, request, options)),
        "/msi/token" => return Some(app_service(state, request, options)),
        _ => {}
    }
    let (tenant, endpoint) = path.strip_prefix('/')?.split_once("/oauth2/v2.0/")?;
    let fields = form(&request.body);
    let answer = match endpoint {
        "token" => token(state, request, tenant, &fields),
        "devicecode" => device_code(state, tenant, &fields),
        _ => return None,
    };
    Some(answer.unwrap_or_else(|refused| refused.answer(state)))
}

/// A refusal in the form of the sign-in service.
struct Refused {
    status: u16,
    error: &'static str,
    number: u32,
    words: String,
}

impl Refused {
    fn new(status: u16, error: &'static str, number: u32, words: impl Into<String>) -> Self {
        Self {
            status,
            error,
            number,
            words: words.into(),
        }
    }

    fn answer(self, state: &State) -> Answer {
        let (trace, correlation) = (state.guid(), state.guid());
        let time = state.clock.time().format("%Y-%m-%d %H:%M:%SZ").to_string();
        let number = self.number;
        let description = format!(
            "AADSTS{number}: {} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {time}",
            self.words
        );
        let body = json!({
            "error": self.error, "error_description": description, "error_codes": [number],
            "timestamp": time, "trace_id": trace, "correlation_id": correlation,
            "error_uri": format!("{}/error?code={number}", state.root)
        });
        Answer::new(self.status, JSON, body.to_string())
    }
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = fields.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

fn known_client(state: &State, tenant: &str, fields: &[(String, String)]) -> Result<(), Refused> {
    if !state.settings.tenant.answers_to(tenant) {
        let words = format!("Tenant '{tenant}' not found.");
        return Err(Refused::new(400, "invalid_request", 90_002, words));
    }
    let client = field(fields, "client_id").unwrap_or_default();
    if client != state.settings.sign_in.client_id {
        let words = format!(
            "Application with identifier '{client}' was not found in the directory '{tenant}'."
        );
        return Err(Refused::new(400, "unauthorized_client", 700_016, words));
    }
    Ok(())
}

fn known_scope(state: &State, fields: &[(String, String)], delegated: bool) -> Result<(), Refused> {
    let scope = field(fields, "scope").unwrap_or_default();
    let default = format!("{}/.default", state.root);
    let mut scopes = scope.split(' ').filter(|scope| !scope.is_empty());
    let open = ["openid", "profile", "offline_access"];
    let fits = !scope.is_empty()
        && scopes.all(|scope| {
            scope == default
                || delegated && (open.contains(&scope) || scope.starts_with(&state.root))
        });
    if fits {
        return Ok(());
    }
    let words =
        format!("The provided value for the input parameter 'scope' is not valid: {scope}.");
    Err(Refused::new(400, "invalid_scope", 70_011, words))
}

fn token(
    state: &State,
    request: &Incoming,
    tenant: &str,
    fields: &[(String, String)],
) -> Result<Answer, Refused> {
    if request.method != "POST" {
        let words = "Endpoint only accepts POST requests.";
        return Err(Refused::new(400, "invalid_request", 900_561, words));
    }
    known_client(state, tenant, fields)?;
    match field(fields, "grant_type") {
        Some("client_credentials") => {
            known_scope(state, fields, false)?;
            credential(state, tenant, fields)?;
            claims(state, fields)?;
            Ok(issued(state, "app"))
        }
        Some(DEVICE) => {
            polled(state, fields)?;
            Ok(issued(state, "user"))
        }
        grant => {
            let words = format!("The grant type {} is not supported.", grant.unwrap_or("''"));
            Err(Refused::new(400, "unsupported_grant_type", 70_003, words))
        }
    }
}

fn credential(state: &State, tenant: &str, fields: &[(String, String)]) -> Result<(), Refused> {
    let SignIn {
        client_id,
        client_secret,
        certificate,
        federated,
        ..
    } = &state.settings.sign_in;
    let invalid = |number, words: &str| Refused::new(401, "invalid_client", number, words);
    if let Some(secret) = field(fields, "client_secret") {
        return if secret == client_secret {
            Ok(())
        } else {
            Err(invalid(7_000_215, "Invalid client secret provided."))
        };
    }
    let Some(assertion) = field(fields, "client_assertion") else {
        let words = "The request body must contain 'client_assertion' or 'client_secret'.";
        return Err(invalid(7_000_218, words));
    };
    if field(fields, "client_assertion_type") != Some(JWT_BEARER) {
        return Err(invalid(
            90_023,
            "The client assertion type is not supported.",
        ));
    }
    if federated.as_deref() == Some(assertion) {
        return Ok(());
    }
    let Some(certificate) = certificate else {
        return Err(invalid(
            700_213,
            "No matching federated identity record found.",
        ));
    };
    let audience = format!("{}/{tenant}/oauth2/v2.0/token", state.root);
    verify(assertion, certificate, client_id, &audience, &state.clock)
        .map_err(|(number, words)| invalid(number, &words))
}

fn claims(state: &State, fields: &[(String, String)]) -> Result<(), Refused> {
    if state.tokens().satisfies(field(fields, "claims")) {
        return Ok(());
    }
    let words = "The token has to be asked for with the claims of the challenge.";
    Err(Refused::new(400, "interaction_required", 50_076, words))
}

fn fresh(state: &State, kind: &str) -> (String, Duration) {
    let lifetime = state.settings.sign_in.lifetime;
    let about = json!({
        "aud": state.root, "iss": format!("{}/{}/", state.root, state.settings.tenant.id),
        "tid": state.settings.tenant.id, "appid": state.settings.sign_in.client_id, "idtyp": kind,
    });
    (
        state.tokens().issue(&state.clock, lifetime, &about),
        lifetime,
    )
}

fn issued(state: &State, kind: &str) -> Answer {
    let (token, lifetime) = fresh(state, kind);
    let body = json!({
        "token_type": "Bearer", "expires_in": lifetime.as_secs(), "ext_expires_in": lifetime.as_secs(),
        "access_token": token
    });
    Answer::new(200, JSON, body.to_string()).with("cache-control", "no-store, no-cache")
}

fn device_code(
    state: &State,
    tenant: &str,
    fields: &[(String, String)],
) -> Result<Answer, Refused> {
    known_client(state, tenant, fields)?;
    known_scope(state, fields, true)?;
    let device = state.settings.sign_in.device;
    let code = state.guid();
    let user = "EXAMPLE12";
    let page = format!("{}/devicelogin", state.root);
    state.devices().push(DeviceCode {
        code: code.clone(),
        given: state.clock.now(),
        polled: None,
        interval: device.interval,
    });
    let body = json!({
        "user_code": user, "device_code": code, "verification_uri": page,
        "expires_in": device.lifetime.as_secs(), "interval": device.interval,
        "message": format!("To sign in, use a web browser to open the page {page} and enter the code {user} to authenticate.")
    });
    Ok(Answer::new(200, JSON, body.to_string()))
}

fn polled(state: &State, fields: &[(String, String)]) -> Result<(), Refused> {
    let device = state.settings.sign_in.device;
    let now = state.clock.now();
    let mut codes = state.devices();
    let wanted = field(fields, "device_code").unwrap_or_default();
    let place = codes.iter().position(|known| known.code == wanted);
    let Some((place, known)) = place.and_then(|place| Some((place, codes.get_mut(place)?))) else {
        let words = "The device code is not valid.";
        return Err(Refused::new(400, "bad_verification_code", 70_019, words));
    };
    let refused = |error, number, words: &str| Err(Refused::new(400, error, number, words));
    let before = known.polled.replace(now).unwrap_or(known.given);
    if now >= known.given + device.lifetime {
        return refused(
            "expired_token",
            70_020,
            "The provided value for the input parameter 'device_code' is expired.",
        );
    }
    // A tenth of tolerance for what the way takes.
    let least = Duration::from_secs(u64::from(known.interval)).mul_f64(0.9);
    if now < before + least {
        known.interval += 5;
        return refused("slow_down", 70_018, "Polling too fast.");
    }
    if now < known.given + device.after || device.answer == DeviceAnswer::Nothing {
        return refused(
            "authorization_pending",
            70_016,
            "The user has not yet signed in.",
        );
    }
    if device.answer == DeviceAnswer::Decline {
        return refused("authorization_declined", 70_018, "The user declined.");
    }
    codes.remove(place);
    Ok(())
}

fn imds(state: &State, request: &Incoming, options: &str) -> Answer {
    let bad = |description: &str| {
        let body = json!({ "error": "invalid_request", "error_description": description });
        Answer::new(400, JSON, body.to_string())
    };
    if request.header("metadata") != Some("true") || request.header("x-forwarded-for").is_some() {
        return bad("Required metadata header not specified");
    }
    let options = form(options);
    if field(&options, "api-version").is_none_or(|version| version < "2018-02-01") {
        return bad("api-version is missing or too old");
    }
    if field(&options, "resource").is_none_or(|resource| resource != state.root) {
        return bad("AADSTS500011: The resource principal was not found in the tenant");
    }
    let (token, lifetime) = fresh(state, "app");
    let now = state.clock.time().timestamp();
    let end = now + i64::try_from(lifetime.as_secs()).unwrap_or_default();
    Answer::new(
        200,
        JSON,
        json!({
            "access_token": token, "client_id": state.settings.sign_in.client_id,
            "expires_in": lifetime.as_secs().to_string(), "expires_on": end.to_string(),
            "ext_expires_in": lifetime.as_secs().to_string(), "not_before": now.to_string(),
            "resource": state.root, "token_type": "Bearer"
        })
        .to_string(),
    )
}

fn app_service(state: &State, request: &Incoming, options: &str) -> Answer {
    if request.header("x-identity-header") != Some(&state.settings.sign_in.identity_header) {
        let body: Value = json!({ "statusCode": 401, "message": "The identity header is wrong." });
        return Answer::new(401, JSON, body.to_string());
    }
    let options = form(options);
    let fits = field(&options, "api-version").is_some_and(|version| version >= "2017-09-01")
        && field(&options, "resource").is_some_and(|resource| resource == state.root);
    if !fits {
        let body = json!({ "statusCode": 400, "message": "resource or api-version is wrong" });
        return Answer::new(400, JSON, body.to_string());
    }
    let (token, lifetime) = fresh(state, "app");
    let end = state.clock.at(state.clock.now() + lifetime).timestamp();
    let body = json!({
        "access_token": token, "expires_on": end.to_string(), "resource": state.root,
        "token_type": "Bearer", "client_id": state.settings.sign_in.client_id
    });
    Answer::new(200, JSON, body.to_string())
}

/// Fields of a form that may be kept, with their values.
pub(super) fn harmless(body: &str) -> Vec<(String, String)> {
    const SECRET: [&str; 3] = ["client_secret", "client_assertion", "device_code"];
    let fields = form(body).into_iter();
    fields
        .map(|(name, value)| {
            let value = if SECRET.contains(&name.as_str()) {
                String::new()
            } else {
                value
            };
            (name, value)
        })
        .collect()
}

/// Whether the path belongs to sign-in, which also speaks without TLS where it is local.
pub(super) fn is_local(target: &str) -> bool {
    let path = decode(target, false);
    path.starts_with("/metadata/identity/") || path.starts_with("/msi/")
}

/// Whether the path belongs to Graph.
pub(super) fn is_graph(target: &str) -> bool {
    let query = Query::parse(target);
    matches!(query.version.as_str(), "v1.0" | "beta")
}

/// Whether the body of a request to this path is a form.
pub(super) fn is_form(target: &str) -> bool {
    target.contains("/oauth2/")
}
