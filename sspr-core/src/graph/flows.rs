//! How Entra is asked for a token.

use std::borrow::Cow;
use std::fs;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::clock::Clock;
use super::settings::{Places, Settings, setting};
use super::sign_in::{DevicePrompt, ManagedIdentity, SignIn, Token};
use super::tokens::{UNSAID, refused};
use super::wait::Patience;
use crate::carrier::secret::Secret;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;
use crate::http::{Answer, Broken, Message, Transport, host_of, retry_after};

/// Requests for tokens.
pub(super) struct Flows<'a> {
    pub(super) settings: &'a Settings,
    pub(super) places: &'a Places,
    pub(super) transport: &'a Transport,
    pub(super) clock: &'a dyn Clock,
}

/// A token, and what renews it without the person.
pub(super) struct Granted {
    pub(super) token: Token,
    pub(super) refresh: Option<Secret>,
}

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

impl Flows<'_> {
    /// Asks for a token by the way that was chosen.
    pub(super) async fn grant(
        &self,
        sign_in: &SignIn,
        refresh: Option<Secret>,
        claims: Option<&str>,
    ) -> Result<Granted> {
        match sign_in {
            SignIn::ClientSecret(secret) => {
                self.application(&[("client_secret", secret.expose())], claims)
                    .await
            }
            SignIn::ClientCertificate(certificate) => {
                let audience = self.endpoint("token")?;
                let now = self.clock.now();
                let signed = certificate.assertion(self.client()?, audience.as_str(), now)?;
                let signed = Zeroizing::new(signed);
                self.application(&assertion(&signed), claims).await
            }
            SignIn::FederatedToken(path) => {
                let token = federated(path)?;
                self.application(&assertion(token.trim()), claims).await
            }
            SignIn::ManagedIdentity(identity) => self.machine(identity).await,
            SignIn::DeviceCode(show) => match refresh {
                Some(refresh) => self.refreshed(&refresh, claims).await,
                None => self.device(show.as_ref(), claims).await,
            },
            SignIn::Token(_) | SignIn::Provider(_) => Err(refused("this is no flow")),
        }
    }

    fn client(&self) -> Result<&str> {
        self.settings.client_id.as_deref().ok_or_else(|| {
            Error::value(
                setting("clientId"),
                "this sign-in takes the id of an application",
            )
            .with_help("give the Application (client) ID of the registration")
        })
    }

    /// An endpoint of the tenant.
    fn endpoint(&self, name: &str) -> Result<Url> {
        let tenant = self.settings.tenant.as_deref().ok_or_else(|| {
            Error::value(setting("tenant"), "this sign-in takes the tenant")
                .with_help("give its id or one of its domains, such as contoso.onmicrosoft.com")
        })?;
        let mut url = self.places.authority.clone();
        url.set_path(&format!("/{tenant}/oauth2/v2.0/{name}"));
        Ok(url)
    }

    fn scope(&self) -> String {
        format!(
            "{}/.default",
            self.places.root.as_str().trim_end_matches('/')
        )
    }

    async fn application(&self, proof: &[(&str, &str)], claims: Option<&str>) -> Result<Granted> {
        let scope = self.scope();
        let mut fields = vec![
            ("grant_type", "client_credentials"),
            ("client_id", self.client()?),
            ("scope", &scope),
        ];
        fields.extend_from_slice(proof);
        self.token(&fields, claims).await
    }

    async fn refreshed(&self, refresh: &Secret, claims: Option<&str>) -> Result<Granted> {
        let scope = format!("{} offline_access", self.scope());
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", self.client()?),
            ("scope", &scope),
            ("refresh_token", refresh.expose()),
        ];
        self.token(&fields, claims).await
    }

    /// Asks the token endpoint.
    async fn token(&self, fields: &[(&str, &str)], claims: Option<&str>) -> Result<Granted> {
        let url = self.endpoint("token")?;
        let mut fields = fields.to_vec();
        fields.extend(claims.map(|claims| ("claims", claims)));
        let asked = self.clock.now();
        let answer = self
            .ask(&|| Message::form(url.clone(), &fields), false)
            .await?;
        let body = Zeroizing::new(answer.body);
        if answer.status == 200 {
            return granted(&body, asked);
        }
        Err(denied(answer.status, &body, &url))
    }

    /// The token of the machine that this runs on.
    async fn machine(&self, identity: &ManagedIdentity) -> Result<Granted> {
        let mut url = Url::parse(&identity.endpoint).map_err(|_| {
            refused("the address of the managed identity is no address")
                .with_help("IDENTITY_ENDPOINT is set by the platform; leave it as it is")
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refused(
                "the address of the managed identity is not one of HTTP",
            ));
        }
        let version = if identity.header.is_some() {
            "2019-08-01"
        } else {
            "2018-02-01"
        };
        url.query_pairs_mut()
            .append_pair("api-version", version)
            .append_pair("resource", self.places.root.as_str().trim_end_matches('/'))
            .extend_pairs(self.settings.client_id.iter().map(|id| ("client_id", id)));
        let mut headers = HeaderMap::new();
        match &identity.header {
            None => {
                let name = HeaderName::from_static("metadata");
                headers.insert(name, HeaderValue::from_static("true"));
            }
            Some(secret) => {
                let mut value = HeaderValue::from_str(secret.expose())
                    .map_err(|_| refused("IDENTITY_HEADER is not one that can be sent"))?;
                value.set_sensitive(true);
                headers.insert(HeaderName::from_static("x-identity-header"), value);
            }
        }
        let asked = self.clock.now();
        let message = || Message {
            headers: headers.clone(),
            ..Message::get(url.clone())
        };
        let answer = self.ask(&message, true).await?;
        let body = Zeroizing::new(answer.body);
        if answer.status == 200 {
            return granted(&body, asked);
        }
        Err(denied(answer.status, &body, &url).with_help(
            "give the machine or app a managed identity, and the identity the application permissions",
        ))
    }

    /// Lets a person sign in on any machine.
    async fn device(
        &self,
        show: &(dyn Fn(&DevicePrompt) + Send + Sync),
        claims: Option<&str>,
    ) -> Result<Granted> {
        #[derive(Deserialize)]
        struct Begun<'a> {
            #[serde(borrow)]
            device_code: Cow<'a, str>,
            user_code: String,
            verification_uri: String,
            #[serde(default)]
            message: Option<String>,
            #[serde(default)]
            expires_in: Seconds,
            #[serde(default)]
            interval: Option<u64>,
        }
        let client = self.client()?;
        let url = self.endpoint("devicecode")?;
        let scope = format!("{} offline_access", self.scope());
        let fields = [("client_id", client), ("scope", scope.as_str())];
        let asked = self.clock.now();
        let answer = self
            .ask(&|| Message::form(url.clone(), &fields), false)
            .await?;
        let body = Zeroizing::new(answer.body);
        if answer.status != 200 {
            return Err(denied(answer.status, &body, &url));
        }
        let begun: Begun<'_> = serde_json::from_slice(&body).map_err(|_| unreadable(&url))?;
        let expires = asked + begun.expires_in.0.unwrap_or(TimeDelta::minutes(15));
        show(&DevicePrompt {
            message: begun.message.unwrap_or_else(|| {
                format!(
                    "Open {} and enter the code {}.",
                    begun.verification_uri, begun.user_code
                )
            }),
            url: begun.verification_uri,
            code: begun.user_code,
            expires,
        });
        let url = self.endpoint("token")?;
        let mut fields = vec![
            ("grant_type", DEVICE),
            ("client_id", client),
            ("device_code", begun.device_code.as_ref()),
        ];
        fields.extend(claims.map(|claims| ("claims", claims)));
        let mut interval = Duration::from_secs(begun.interval.unwrap_or(5).clamp(1, 60));
        loop {
            self.clock.sleep(interval).await;
            let asked = self.clock.now();
            if asked >= expires {
                return Err(refused("nobody signed in before the code expired"));
            }
            let answer = self
                .ask(&|| Message::form(url.clone(), &fields), false)
                .await?;
            let body = Zeroizing::new(answer.body);
            if answer.status == 200 {
                return granted(&body, asked);
            }
            match error_of(&body).as_ref().map(|(error, _)| error.as_ref()) {
                Some("authorization_pending") => {}
                Some("slow_down") => interval += Duration::from_secs(5),
                Some("authorization_declined" | "access_denied") => {
                    return Err(refused("the sign-in was declined"));
                }
                Some("expired_token" | "code_expired") => {
                    return Err(refused("nobody signed in before the code expired"));
                }
                _ => return Err(denied(answer.status, &body, &url)),
            }
        }
    }

    /// Asks until there is an answer that says something.
    async fn ask(&self, message: &dyn Fn() -> Message, direct: bool) -> Result<Answer> {
        let mut patience = Patience::default();
        let bounds = &self.settings.bounds;
        loop {
            let message = message();
            let place = Locator::Request(host_of(&message.url));
            let sent = if direct {
                self.transport.send_directly(message).await
            } else {
                self.transport.send(message).await
            };
            let (why, asked) = match sent {
                Ok(answer) if !passing(answer.status) => {
                    if (300..400).contains(&answer.status) {
                        let message = "a sign-in is not followed elsewhere";
                        return Err(Error::new(ErrorCode::Refused, place, message));
                    }
                    return Ok(answer);
                }
                Ok(answer) => {
                    let asked = answer.header("retry-after");
                    let asked = asked.and_then(|text| retry_after(text, self.clock.now()));
                    (format!("it answers with status {}", answer.status), asked)
                }
                Err(Broken::Passing(why)) => (why, None),
                Err(Broken::Lasting(error)) => return Err(error),
            };
            match patience.wait(asked, bounds) {
                Some(wait) => self.clock.sleep(wait).await,
                None => {
                    return Err(Error::new(
                        ErrorCode::Connection,
                        place,
                        format!("no token, after {} attempts: {why}", patience.failures()),
                    ));
                }
            }
        }
    }
}

/// Whether a status may be another one next time.
pub(super) fn passing(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504 | 509)
}

fn assertion(token: &str) -> [(&'static str, &str); 2] {
    [
        ("client_assertion_type", ASSERTION),
        ("client_assertion", token),
    ]
}

/// The token of another issuer, as it stands in the file now.
fn federated(path: &Path) -> Result<Zeroizing<String>> {
    let place = || Locator::Whole.within(path.display().to_string());
    let bytes = fs::read(path).map(Zeroizing::new);
    let bytes = bytes.map_err(|error| Error::io(place(), error))?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Error::new(ErrorCode::Encoding, place(), "a token is text"))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Seconds, as a number or as the text that managed identities give.
#[derive(Default, Deserialize)]
#[serde(from = "Option<serde_json::Value>")]
struct Seconds(Option<TimeDelta>);

impl From<Option<serde_json::Value>> for Seconds {
    fn from(value: Option<serde_json::Value>) -> Self {
        let seconds = value.and_then(|value| match value {
            serde_json::Value::String(text) => text.trim().parse().ok(),
            other => other.as_i64(),
        });
        Self(seconds.and_then(TimeDelta::try_seconds))
    }
}

fn granted(body: &[u8], asked: DateTime<Utc>) -> Result<Granted> {
    #[derive(Deserialize)]
    struct Answer<'a> {
        #[serde(borrow)]
        access_token: Cow<'a, str>,
        #[serde(default, borrow)]
        refresh_token: Option<Cow<'a, str>>,
        #[serde(default)]
        expires_in: Seconds,
        #[serde(default)]
        expires_on: Seconds,
    }
    let answer: Answer<'_> = serde_json::from_slice(body)
        .map_err(|_| refused("the answer to the sign-in cannot be read"))?;
    let expires = answer
        .expires_in
        .0
        .map(|life| asked + life)
        .or_else(|| DateTime::from_timestamp(answer.expires_on.0?.num_seconds(), 0))
        .or_else(|| asked.checked_add_signed(TimeDelta::from_std(UNSAID).ok()?));
    Ok(Granted {
        token: Token::new(answer.access_token.into_owned(), expires),
        refresh: answer
            .refresh_token
            .map(|text| Secret::new(text.into_owned())),
    })
}

fn unreadable(url: &Url) -> Error {
    let place = Locator::Request(host_of(url));
    Error::new(
        ErrorCode::Syntax,
        place,
        "the answer to the sign-in cannot be read",
    )
}

/// The error that a token endpoint names, with its number.
fn error_of(body: &[u8]) -> Option<(Cow<'_, str>, Option<u64>)> {
    #[derive(Deserialize)]
    struct Refusal<'a> {
        #[serde(borrow)]
        error: Cow<'a, str>,
        #[serde(default)]
        error_codes: Vec<u64>,
    }
    let refusal: Refusal<'_> = serde_json::from_slice(body).ok()?;
    let number = refusal.error_codes.first().copied();
    Some((refusal.error, number))
}

/// What a refused sign-in means.
fn denied(status: u16, body: &[u8], url: &Url) -> Error {
    let place = Locator::Request(host_of(url));
    let Some((error, number)) = error_of(body) else {
        let message = format!("the sign-in was refused with status {status}");
        return Error::new(ErrorCode::Refused, place, message);
    };
    let named = match number {
        Some(number) => format!("AADSTS{number}, {error}"),
        None => error.into_owned(),
    };
    let (why, help) = match number {
        Some(7_000_215) => (
            "the client secret is wrong",
            Some("take the secret's value, not its id, from Certificates & secrets"),
        ),
        Some(7_000_222) => (
            "the client secret has expired",
            Some("make a new one, or use a certificate"),
        ),
        Some(700_027) => (
            "the certificate is not known for this application, or did not sign",
            Some(
                "upload the certificate to the app registration, and give the PEM with its own key",
            ),
        ),
        Some(700_016) => (
            "the tenant does not know the application",
            Some("check --client-id and --tenant, and the cloud"),
        ),
        Some(90_002) => (
            "the tenant is not known",
            Some("check --tenant, and the cloud"),
        ),
        Some(70_043 | 50_076 | 53_003) => (
            "a conditional access policy or multifactor authentication stands in the way",
            Some("sign in with --device-code from a place that the policy allows"),
        ),
        Some(7_000_218) => (
            "the application is not allowed to sign in without a secret",
            Some("for the device code set 'Allow public client flows' to Yes under Authentication"),
        ),
        _ => ("the sign-in was refused", None),
    };
    let refusal = Error::new(ErrorCode::Refused, place, format!("{why} ({named})"));
    match help {
        Some(help) => refusal.with_help(help),
        None => refusal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn life(body: &str) -> i64 {
        let asked = DateTime::UNIX_EPOCH;
        let granted = granted(body.as_bytes(), asked).unwrap();
        granted.token.expires.unwrap().timestamp()
    }

    #[test]
    fn the_end_is_read_from_numbers_and_from_texts() {
        assert_eq!(life(r#"{"access_token":"a","expires_in":3599}"#), 3_599);
        assert_eq!(life(r#"{"access_token":"a","expires_in":"3599"}"#), 3_599);
        assert_eq!(
            life(r#"{"access_token":"a","expires_on":"1795000000"}"#),
            1_795_000_000
        );
        assert_eq!(life(r#"{"access_token":"a"}"#), 3_600);
    }

    #[test]
    fn a_refused_sign_in_is_explained_and_shows_no_more_than_its_number() {
        let url = Url::parse("https://login.contoso.com/x").unwrap();
        let body = br#"{"error":"invalid_client","error_description":"AADSTS7000215: example-secret","error_codes":[7000215]}"#;
        let error = denied(401, body, &url);
        assert!(error.message.contains("AADSTS7000215"), "{error}");
        assert!(!format!("{error:?}").contains("example-secret"));
        assert!(denied(502, b"<html>", &url).message.contains("502"));
    }
}
