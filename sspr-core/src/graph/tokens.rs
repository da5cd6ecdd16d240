//! The token of a run: got once, kept in memory, renewed before it ends.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::HeaderValue;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::flows::Flows;
use super::sign_in::{SignIn, Token};
use crate::carrier::secret::Secret;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// A token is renewed so long before it ends, or after half its life where that is shorter.
const MARGIN: TimeDelta = TimeDelta::minutes(5);

/// The token of a run. One renewal happens at a time; who comes meanwhile waits for it.
#[derive(Default)]
pub(super) struct Tokens {
    held: Mutex<Held>,
}

/// Where tokens come from.
pub(super) struct Source<'a> {
    pub(super) sign_in: &'a SignIn,
    pub(super) flows: Flows<'a>,
}

#[derive(Default)]
struct Held {
    /// Counts the tokens that were got.
    number: u64,
    current: Option<Current>,
    /// What Entra wants to see in the next request for a token.
    claims: Option<String>,
    /// By which a person's token is renewed without the person.
    refresh: Option<Secret>,
}

struct Current {
    header: HeaderValue,
    /// From when on it is renewed.
    renew: Option<DateTime<Utc>>,
}

/// A token as a request carries it, with its number.
#[derive(Clone)]
pub(super) struct Bearer {
    pub(super) header: HeaderValue,
    pub(super) number: u64,
}

impl Tokens {
    /// A token that lasts a while yet.
    pub(super) async fn bearer(&self, source: &Source<'_>) -> Result<Bearer> {
        let mut held = self.held.lock().await;
        let now = source.flows.clock.now();
        match &held.current {
            Some(current) if current.renew.is_none_or(|renew| now < renew) => {}
            _ => held.get(source).await?,
        }
        held.bearer()
    }

    /// Another token than the one with this number, which was refused.
    pub(super) async fn renewed(
        &self,
        source: &Source<'_>,
        refused: u64,
        claims: Option<&str>,
    ) -> Result<Bearer> {
        let mut held = self.held.lock().await;
        // Somebody else may have had it refused, and renewed it.
        if held.number == refused {
            if let Some(claims) = claims {
                held.claims = Some(claims.to_owned());
            }
            held.get(source).await?;
        }
        held.bearer()
    }
}

impl Held {
    async fn get(&mut self, source: &Source<'_>) -> Result<()> {
        let asked = source.flows.clock.now();
        let token = match source.sign_in {
            SignIn::Token(token) => return self.ready(token, asked),
            SignIn::Provider(provider) => {
                let provider = Arc::clone(provider);
                let claims = self.claims.clone();
                tokio::task::spawn_blocking(move || provider.token(claims.as_deref()))
                    .await
                    .map_err(|_| refused("the caller's token provider panicked"))??
            }
            other => {
                let refresh = self.refresh.take();
                let granted = source
                    .flows
                    .grant(other, refresh, self.claims.as_deref())
                    .await?;
                self.refresh = granted.refresh;
                granted.token
            }
        };
        let renew = token.expires.map(|end| {
            let life = (end - asked).max(TimeDelta::zero());
            end - MARGIN.min(life / 2)
        });
        self.take(&token, renew)
    }

    /// A ready token can be used to its end, and not be renewed.
    fn ready(&mut self, token: &Token, now: DateTime<Utc>) -> Result<()> {
        let help = "get a new one and resume the run (--resume); what was read is kept";
        if token.expires.is_some_and(|end| end <= now) {
            return Err(refused("the token has expired").with_help(help));
        }
        if self.number > 0 {
            return Err(refused("Graph refuses the token").with_help(help));
        }
        self.take(token, token.expires)
    }

    fn take(&mut self, token: &Token, renew: Option<DateTime<Utc>>) -> Result<()> {
        let mut text = Zeroizing::new(String::with_capacity(7 + token.secret.expose().len()));
        text.push_str("Bearer ");
        text.push_str(token.secret.expose());
        // The header's memory is wiped when the last request that carries it is gone.
        let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(text))
            .map_err(|_| refused("the token holds characters that no token has"))?;
        header.set_sensitive(true);
        self.number += 1;
        self.claims = None;
        self.current = Some(Current { header, renew });
        Ok(())
    }

    fn bearer(&self) -> Result<Bearer> {
        let current = self
            .current
            .as_ref()
            .ok_or_else(|| refused("there is no token"))?;
        Ok(Bearer {
            header: current.header.clone(),
            number: self.number,
        })
    }
}

pub(super) fn refused(message: impl Into<String>) -> Error {
    Error::new(
        ErrorCode::Refused,
        Locator::Request("sign-in".into()),
        message,
    )
}

/// How long a token lasts of which nobody says it.
pub(super) const UNSAID: Duration = Duration::from_secs(3_600);
