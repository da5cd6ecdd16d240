//! Who signs in, and how.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::certificate::ClientCertificate;
use crate::carrier::secret::Secret;
use crate::error::Result;

/// How a run signs in. What it takes beside the secret (tenant, application) stands in the
/// [settings](super::Settings).
#[non_exhaustive]
pub enum SignIn {
    /// With a token that is there already. It cannot be renewed.
    Token(Token),
    /// With tokens that the caller gets.
    Provider(Arc<dyn TokenProvider>),
    /// As an application, with its secret.
    ClientSecret(Secret),
    /// As an application, with its certificate.
    ClientCertificate(ClientCertificate),
    /// As an application, with a token of another issuer. The file is read at each renewal; a
    /// pipeline or a cluster keeps it fresh.
    FederatedToken(PathBuf),
    /// As the machine that the run is on, inside of Azure.
    ManagedIdentity(ManagedIdentity),
    /// As a person, who types a code in a browser on any machine. The function shows the prompt.
    DeviceCode(Arc<dyn Fn(&DevicePrompt) + Send + Sync>),
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token(_) => "Token(…)",
            Self::Provider(_) => "Provider(…)",
            Self::ClientSecret(_) => "ClientSecret(…)",
            Self::ClientCertificate(_) => "ClientCertificate(…)",
            Self::FederatedToken(_) => "FederatedToken(…)",
            Self::ManagedIdentity(_) => "ManagedIdentity(…)",
            Self::DeviceCode(_) => "DeviceCode(…)",
        })
    }
}

/// Gives tokens for Graph. The library keeps each until shortly before its end, asks for one at a
/// time, and calls from a thread on which waiting is allowed.
///
/// ```
/// use sspr::graph::{Token, TokenProvider};
///
/// struct Ours;
///
/// impl TokenProvider for Ours {
///     fn token(&self, claims: Option<&str>) -> sspr::Result<Token> {
///         // Ask your own broker here, and pass the claims on if there are any.
///         # let _ = claims;
///         let text = "eyJ0eXAi.e30.".to_owned();
///         Ok(Token::new(text, Some(chrono::Utc::now() + chrono::TimeDelta::hours(1))))
///     }
/// }
/// ```
pub trait TokenProvider: Send + Sync {
    /// A token for the root that the settings name. `claims` is JSON that Entra wants to see in the
    /// request, when it has withdrawn the last token.
    fn token(&self, claims: Option<&str>) -> Result<Token>;
}

/// An access token, and when it ends.
#[derive(Debug)]
pub struct Token {
    pub(super) secret: Secret,
    pub(super) expires: Option<DateTime<Utc>>,
}

impl Token {
    /// Takes over a token whose end is known, or not.
    pub fn new(text: String, expires: Option<DateTime<Utc>>) -> Self {
        Self {
            secret: Secret::new(text),
            expires,
        }
    }

    /// Takes over a token, and reads its end from it where it can be read. Nothing about it is
    /// verified; that is Graph's to do.
    pub fn bearer(secret: Secret) -> Self {
        let expires = expiry(secret.expose());
        Self { secret, expires }
    }

    /// When it ends, if that is known.
    pub fn expires(&self) -> Option<DateTime<Utc>> {
        self.expires
    }
}

/// The end that a token states, if it is one that can be read.
fn expiry(token: &str) -> Option<DateTime<Utc>> {
    #[derive(Deserialize)]
    struct Claims {
        exp: i64,
    }
    let claims = token.split('.').nth(1)?;
    let claims = Zeroizing::new(URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?);
    let claims: Claims = serde_json::from_slice(&claims).ok()?;
    DateTime::from_timestamp(claims.exp, 0)
}

/// Where a machine inside of Azure gets its tokens.
#[derive(Debug)]
pub struct ManagedIdentity {
    pub(super) endpoint: String,
    /// The header by which an app proves that it is on the machine.
    pub(super) header: Option<Secret>,
}

impl ManagedIdentity {
    /// Of a virtual machine, by the address that all have in common.
    pub fn machine() -> Self {
        Self {
            endpoint: "http://169.254.169.254/metadata/identity/oauth2/token".to_owned(),
            header: None,
        }
    }

    /// Of an app, by what `IDENTITY_ENDPOINT` and `IDENTITY_HEADER` hold.
    pub fn app(endpoint: impl Into<String>, header: Secret) -> Self {
        Self {
            endpoint: endpoint.into(),
            header: Some(header),
        }
    }

    /// Of the app, where the environment names one, and of the machine else.
    pub fn from_environment() -> Self {
        match (
            std::env::var("IDENTITY_ENDPOINT"),
            std::env::var("IDENTITY_HEADER"),
        ) {
            (Ok(endpoint), Ok(header)) => Self::app(endpoint, Secret::new(header)),
            _ => Self::machine(),
        }
    }
}

/// What a person is shown who is to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DevicePrompt {
    /// Where to go, such as `https://microsoft.com/devicelogin`.
    pub url: String,
    /// What to type there.
    pub code: String,
    /// Both in a sentence, in Entra's words.
    pub message: String,
    /// Until when the code can be used.
    pub expires: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_token_is_read_where_it_can_be() {
        let claims = URL_SAFE_NO_PAD.encode(r#"{"aud":"x","exp":1795000000}"#);
        let token = Token::bearer(Secret::new(format!("e30.{claims}.c2ln")));
        assert_eq!(
            token.expires().map(|end| end.timestamp()),
            Some(1_795_000_000)
        );
        for other in ["", "opaque", "a.b.c", "a.!!.c", "a.e30.c"] {
            assert_eq!(
                Token::bearer(Secret::new(other.into())).expires(),
                None,
                "{other}"
            );
        }
    }

    #[test]
    fn nothing_that_holds_a_secret_prints_it() {
        let token = Token::new("example-token".into(), None);
        let sign_in = SignIn::ClientSecret(Secret::new("example-secret".into()));
        let app = ManagedIdentity::app("http://127.0.0.1/", Secret::new("example-header".into()));
        let printed = format!("{token:?} {sign_in:?} {app:?}");
        assert!(!printed.contains("example-"), "{printed}");
    }
}
