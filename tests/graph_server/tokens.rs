//! Access tokens, and assertions that are signed with a certificate.

use std::collections::HashMap;
use std::time::Duration;

use rustls::pki_types::alg_id;
use serde_json::{Value, json};

use super::certificates::ApplicationCertificate;
use super::clock::Clock;
use super::dice::Dice;
use super::record::TokenSeen;
use crate::base64;

/// The tokens that were issued.
#[derive(Debug)]
pub(super) struct Tokens {
    issued: HashMap<String, Duration>,
    dice: Dice,
    /// Tokens are refused until one is asked for with these claims.
    claims: Option<String>,
}

impl Tokens {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            issued: HashMap::new(),
            dice: Dice::of(seed, "tokens", 0),
            claims: None,
        }
    }

    /// A new token, in the form of a JWT that nobody else can verify.
    pub(super) fn issue(&mut self, clock: &Clock, lifetime: Duration, about: &Value) -> String {
        let now = clock.now();
        let mut claims = about.clone();
        claims["iat"] = clock.at(now).timestamp().into();
        claims["nbf"] = clock.at(now).timestamp().into();
        claims["exp"] = clock.at(now + lifetime).timestamp().into();
        claims["uti"] = self.dice.guid().into();
        let header = json!({ "typ": "JWT", "alg": "RS256", "kid": "example" });
        let signature: Vec<_> = (0..4)
            .flat_map(|_| self.dice.next().to_be_bytes())
            .collect();
        let token = format!(
            "{}.{}.{}",
            to_url(header.to_string().as_bytes()),
            to_url(claims.to_string().as_bytes()),
            to_url(&signature)
        );
        self.issued.insert(token.clone(), now + lifetime);
        token
    }

    /// What the value of `Authorization` is worth.
    pub(super) fn check(&self, authorization: Option<&str>, now: Duration) -> TokenSeen {
        let Some(authorization) = authorization else {
            return TokenSeen::Missing;
        };
        let token = match authorization.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => return TokenSeen::Wrong,
        };
        match self.issued.get(token) {
            Some(end) if *end > now => TokenSeen::Right,
            Some(_) => TokenSeen::Dead,
            None => TokenSeen::Wrong,
        }
    }

    /// Ends the life of all tokens.
    pub(super) fn revoke(&mut self) {
        for end in self.issued.values_mut() {
            *end = Duration::ZERO;
        }
    }

    /// Ends the life of all tokens; the next one is only given for a request with these claims.
    pub(super) fn ask_for(&mut self, claims: &str) {
        self.revoke();
        self.claims = Some(claims.into());
    }

    /// Whether a token may be issued for a request with these claims.
    pub(super) fn satisfies(&mut self, claims: Option<&str>) -> bool {
        if self
            .claims
            .as_deref()
            .is_some_and(|wanted| claims != Some(wanted))
        {
            return false;
        }
        self.claims = None;
        true
    }
}

/// Verifies an assertion as the sign-in service does; the error is its number and words.
pub(super) fn verify(
    assertion: &str,
    certificate: &ApplicationCertificate,
    client: &str,
    audience: &str,
    clock: &Clock,
) -> Result<(), (u32, String)> {
    let malformed = |what: &str| {
        (
            50_027,
            format!("JWT token is invalid or malformed: {what}."),
        )
    };
    let mut parts = assertion.split('.');
    let (Some(header), Some(claims), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(malformed("three parts are needed"));
    };
    let read =
        |part: &str| from_url(part).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let (Some(head), Some(said)) = (read(header), read(claims)) else {
        return Err(malformed("a part is no JSON in base64url"));
    };
    if head["alg"] != "PS256" || head["typ"] != "JWT" {
        return Err(malformed("alg is not PS256, or typ not JWT"));
    }
    let thumbprint = to_url(&certificate.thumbprint);
    if head["x5t#S256"] != thumbprint.as_str() {
        let words = "Client assertion contains an invalid signature. The key was not found.";
        return Err((700_027, words.into()));
    }
    let signed = format!("{header}.{claims}");
    let signature = from_url(signature).ok_or_else(|| malformed("the signature"))?;
    let algorithms = rustls::crypto::ring::default_provider().signature_verification_algorithms;
    let pss = algorithms
        .all
        .iter()
        .find(|algorithm| algorithm.signature_alg_id() == alg_id::RSA_PSS_SHA256);
    let verified = pss.is_some_and(|algorithm| {
        let key = &certificate.public_key;
        algorithm
            .verify_signature(key, signed.as_bytes(), &signature)
            .is_ok()
    });
    if !verified {
        let words = "Client assertion contains an invalid signature.";
        return Err((700_027, words.into()));
    }
    if said["iss"] != client || said["sub"] != client {
        let words = "Client assertion's iss and sub are not the application.";
        return Err((700_021, words.into()));
    }
    if said["aud"] != audience {
        let words = format!("Client assertion audience claim does not match: {audience}.");
        return Err((700_023, words));
    }
    if said["jti"].as_str().is_none_or(str::is_empty) {
        return Err(malformed("no jti"));
    }
    let (Some(from), Some(until)) = (said["nbf"].as_i64(), said["exp"].as_i64()) else {
        return Err(malformed("no nbf or exp"));
    };
    if until - from > 600 || until <= from {
        return Err(malformed("it lives longer than ten minutes"));
    }
    // A client may go by its own clock where the server's runs ahead.
    let times = [clock.time().timestamp(), chrono::Utc::now().timestamp()];
    if !times
        .iter()
        .any(|now| from <= now + 300 && *now < until + 300)
    {
        let words = "Client assertion is not within its valid time range.";
        return Err((700_024, words.into()));
    }
    Ok(())
}

/// Base64 as JWTs have it.
pub(super) fn to_url(bytes: &[u8]) -> String {
    base64::encode(bytes)
        .trim_end_matches('=')
        .replace('+', "-")
        .replace('/', "_")
}

/// Bytes in base64 as JWTs have it.
pub(super) fn from_url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut held) = (0_u32, 0);
    for digit in text.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap_or_default());
        }
    }
    Some(bytes)
}
