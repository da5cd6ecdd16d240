//! What Graph says when it does not give what was asked for.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;

use super::parts::{Missing, Part};
use super::settings::GraphCloud;
use crate::error::{Error, ErrorCode};
use crate::evidence::{Locator, NotAvailable, NotAvailableReason};

/// An answer that is not what was asked for, and will not be when it is asked for again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Refusal {
    /// The status; 0 where there was no answer.
    pub(super) status: u16,
    /// Graph's own code, such as `Authorization_RequestDenied`; empty where it gives none.
    pub(super) code: String,
    /// Graph's number of the request.
    pub(super) request_id: Option<String>,
    /// Why it was given up, where it was tried again.
    pub(super) exhausted: Option<String>,
}

/// Codes that say that a tenant has no P1 or P2; with application tokens they were seen at random.
const NO_PREMIUM: &str = "Authentication_RequestFromNonPremiumTenantOrB2CTenant";

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    error: Fault<'a>,
}

#[derive(Deserialize, Default)]
struct Fault<'a> {
    #[serde(default, borrow)]
    code: Option<Cow<'a, str>>,
    #[serde(default, borrow, alias = "innererror", rename = "innerError")]
    inner: Option<Box<Inner<'a>>>,
}

#[derive(Deserialize)]
struct Inner<'a> {
    #[serde(default, borrow)]
    code: Option<Cow<'a, str>>,
    #[serde(default, borrow, rename = "request-id")]
    request_id: Option<Cow<'a, str>>,
}

impl Refusal {
    /// Reads an answer. Bodies that are not Graph's own leave the status alone.
    pub(super) fn read(status: u16, request_id: Option<&str>, body: &[u8]) -> Self {
        let fault = serde_json::from_slice::<Body<'_>>(body)
            .map(|body| body.error)
            .unwrap_or_default();
        let inner = fault.inner.as_deref();
        let code = fault.code.filter(|code| !code.is_empty());
        let code = code.or_else(|| inner?.code.clone()).unwrap_or_default();
        let id = request_id
            .map(Cow::Borrowed)
            .or_else(|| inner?.request_id.clone());
        Self {
            status,
            code: bounded(&code),
            request_id: id.as_deref().map(bounded),
            exhausted: None,
        }
    }

    /// Given up after it was tried again and again.
    pub(super) fn exhausted(self, why: impl Into<String>) -> Self {
        Self {
            exhausted: Some(why.into()),
            ..self
        }
    }

    /// Whether the tenant is said to have no P1 or P2.
    pub(super) fn no_premium(&self) -> bool {
        self.status == 403 && self.code == NO_PREMIUM
    }

    /// Whether a page is not known any more, so that its collection is read from the start.
    pub(super) fn expired_page(&self) -> bool {
        self.status == 410
            || self.status == 400
                && [
                    "Directory_ExpiredPageToken",
                    "Directory_ExpiredSkipToken",
                    "syncStateNotFound",
                ]
                .iter()
                .any(|code| self.code.eq_ignore_ascii_case(code))
    }

    /// Whether Graph does not know the address.
    fn unknown(&self) -> bool {
        self.status == 404 || self.status == 400 && self.code.eq_ignore_ascii_case("BadRequest")
    }

    /// What was answered, in words.
    pub(super) fn words(&self) -> String {
        let mut words = match (&self.exhausted, self.status) {
            (Some(why), _) => why.clone(),
            (None, status) if self.code.is_empty() => format!("status {status}"),
            (None, status) => format!("{} ({status})", self.code),
        };
        if let Some(id) = &self.request_id {
            words.push_str(", request ");
            words.push_str(id);
        }
        words
    }

    /// As an error of a caller's own request.
    pub(super) fn error(&self, asked: &str) -> Error {
        let code = match self.exhausted {
            Some(_) => ErrorCode::Connection,
            None => ErrorCode::Refused,
        };
        let message = format!("Graph does not give it: {}", self.words());
        Error::new(code, Locator::Request(format!("GET {asked}")), message)
    }

    /// Why a part of the evidence is not there.
    pub(super) fn not_available(&self, part: &Part, cloud: GraphCloud) -> NotAvailable {
        let asked = &part.path;
        let (reason, why) = if self.exhausted.is_some() {
            (
                NotAvailableReason::Error,
                "it could not be read to its end".to_owned(),
            )
        } else if self.no_premium() {
            (
                NotAvailableReason::Error,
                format!(
                    "the tenant is said to have no Entra ID P1 or P2; {}",
                    part.refused.unwrap_or_default()
                ),
            )
        } else if self.status == 403 {
            let mut why = format!("it takes the permission {}", part.permission);
            if let Some(more) = part.refused {
                why.push_str("; ");
                why.push_str(more);
            }
            (NotAvailableReason::NoPermission, why)
        } else if self.unknown() {
            match part.missing {
                Missing::InThisTenant(why) => (NotAvailableReason::Error, why.to_owned()),
                Missing::InThisCloud if cloud == GraphCloud::Global => (
                    NotAvailableReason::Error,
                    "Graph does not know it here".to_owned(),
                ),
                Missing::InThisCloud => (
                    NotAvailableReason::NotInThisCloud,
                    "this cloud does not have it".to_owned(),
                ),
            }
        } else {
            (NotAvailableReason::Error, "Graph refuses it".to_owned())
        };
        NotAvailable {
            what: part.kind.to_owned(),
            reason,
            detail: Some(format!(
                "{}: {why}. GET {asked}: {}",
                part.kind,
                self.words()
            )),
        }
    }
}

/// Hostile servers write long codes.
fn bounded(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(100).collect()
}

/// The claims that Entra wants to see in the next request for a token, as a 401 carries them.
pub(super) fn claims(header: &str) -> Option<String> {
    let (_, rest) = header.split_once("claims=\"")?;
    let (encoded, _) = rest.split_once('"')?;
    let bytes = STANDARD
        .decode(encoded)
        .or_else(|_| URL_SAFE_NO_PAD.decode(encoded.trim_end_matches('=')))
        .ok()?;
    let text = String::from_utf8(bytes).ok()?;
    serde_json::from_str::<serde::de::IgnoredAny>(&text).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::parts;
    use crate::graph::settings::Settings;

    #[test]
    fn errors_are_read_in_every_form_that_was_seen() {
        let read = |body: &str| Refusal::read(403, None, body.as_bytes());
        let usual = read(
            r#"{"error":{"code":"Authorization_RequestDenied","message":"m","innerError":{"date":"d","request-id":"r1","client-request-id":"c"}}}"#,
        );
        assert_eq!(
            (usual.code.as_str(), usual.request_id.as_deref()),
            ("Authorization_RequestDenied", Some("r1"))
        );
        let lower = read(r#"{"error":{"code":"","innererror":{"code":"Deep","request-id":"r2"}}}"#);
        assert_eq!(
            (lower.code.as_str(), lower.request_id.as_deref()),
            ("Deep", Some("r2"))
        );
        for other in [
            "",
            "<html>",
            "{}",
            "[]",
            r#"{"error":"text"}"#,
            r#"{"error":{"code":7}}"#,
        ] {
            assert_eq!(
                read(other),
                Refusal {
                    status: 403,
                    ..Refusal::default()
                },
                "{other}"
            );
        }
    }

    #[test]
    fn a_refusal_names_the_permission_and_the_request() {
        let part = parts::organization();
        let refusal = Refusal::read(
            403,
            Some("r1"),
            br#"{"error":{"code":"Authorization_RequestDenied"}}"#,
        );
        let said = refusal.not_available(&part, GraphCloud::Global);
        assert_eq!(said.reason, NotAvailableReason::NoPermission);
        let detail = said.detail.unwrap();
        for part in [
            "Organization.Read.All",
            "Authorization_RequestDenied",
            "r1",
            "GET /v1.0/organization",
        ] {
            assert!(detail.contains(part), "{detail}");
        }
    }

    #[test]
    fn what_a_cloud_lacks_is_told_from_what_is_missing_elsewhere() {
        let parts = parts::small(&Settings::new("out"));
        let methods = parts
            .iter()
            .find(|part| part.kind == "authenticationMethodsPolicy")
            .unwrap();
        let refusal = Refusal::read(400, None, br#"{"error":{"code":"BadRequest"}}"#);
        let reason = |cloud| refusal.not_available(methods, cloud).reason;
        assert_eq!(
            reason(GraphCloud::China),
            NotAvailableReason::NotInThisCloud
        );
        assert_eq!(reason(GraphCloud::Global), NotAvailableReason::Error);
    }

    #[test]
    fn the_claims_of_a_challenge_are_decoded() {
        let encoded = STANDARD.encode(r#"{"access_token":{"nbf":{"essential":true}}}"#);
        let header =
            format!("Bearer realm=\"\", error=\"insufficient_claims\", claims=\"{encoded}\"");
        assert_eq!(
            claims(&header).as_deref(),
            Some(r#"{"access_token":{"nbf":{"essential":true}}}"#)
        );
        for other in [
            "",
            "Bearer",
            "Bearer claims=\"!!\"",
            "Bearer claims=\"eA==\"",
        ] {
            assert_eq!(claims(other), None, "{other}");
        }
    }
}
