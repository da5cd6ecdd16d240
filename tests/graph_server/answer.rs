//! What the server says, and how the saying goes wrong.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::dice::Dice;

/// An answer before it is sent.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Bytes,
    pub(super) sending: Sending,
}

/// How an answer is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sending {
    /// Time of the server before the first byte.
    pub(super) delay: Duration,
    /// Time of the server in the middle of the body.
    pub(super) pause: Duration,
    /// What becomes of the connection, and after how many bytes of the body.
    pub(super) end: End,
}

/// How the connection ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum End {
    /// It stays open.
    #[default]
    Kept,
    /// It is reset before any byte.
    Reset,
    /// It is reset after so many bytes of the body.
    ResetAfter(usize),
    /// It is closed in order after so many bytes of the body, fewer than were announced.
    ClosedAfter(usize),
}

/// Graph's type of JSON.
pub(super) const JSON: &str = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

impl Answer {
    /// An answer with these bytes.
    pub(super) fn new(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            content_type,
            headers: Vec::new(),
            body: body.into(),
            sending: Sending::default(),
        }
    }

    /// JSON.
    pub(super) fn json(status: u16, value: &Value) -> Self {
        Self::new(status, JSON, value.to_string())
    }

    /// An error in one of Graph's forms, of which the dice choose.
    pub(super) fn error(status: u16, code: &str, message: &str, said: &mut Said) -> Self {
        Self::json(status, &error_body(code, message, said))
    }

    /// With one more header.
    #[must_use]
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// What an error repeats of its request.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) date: String,
    pub(super) request_id: String,
    pub(super) client_request_id: Option<String>,
    pub(super) dice: Dice,
}

/// The body of an error: `innerError` or `innererror`, sometimes with errors within, details, a
/// target, or no code at all.
pub(super) fn error_body(code: &str, message: &str, said: &mut Said) -> Value {
    let client = said.client_request_id.as_ref().unwrap_or(&said.request_id);
    let inner =
        json!({ "date": said.date, "request-id": said.request_id, "client-request-id": client });
    let error = match said.dice.below(6) {
        0 => json!({ "code": code, "message": message, "innererror": inner }),
        1 => {
            let mut outer = inner;
            outer["code"] = code.into();
            outer["innerError"] = json!({ "code": format!("{code}_Detail"), "message": message });
            json!({ "code": code, "message": message, "innerError": outer })
        }
        2 => json!({
            "code": code, "message": message, "target": null, "innerError": inner,
            "details": [{ "code": code, "message": message, "target": "$select" }]
        }),
        _ => json!({ "code": code, "message": message, "innerError": inner }),
    };
    json!({ "error": error })
}

/// A failure of a service or of what stands before it: JSON, with an empty code, HTML or nothing.
pub(super) fn outage(status: u16, said: &mut Said) -> Answer {
    let (code, message) = match status {
        429 => ("TooManyRequests", "Too many requests."),
        500 => ("InternalServerError", "Internal server error."),
        502 => ("BadGateway", "Bad gateway."),
        503 => ("serviceNotAvailable", "The service is not available."),
        504 => ("GatewayTimeout", "The gateway did not answer in time."),
        _ => ("UnknownError", ""),
    };
    match said.dice.below(5) {
        0 => {
            let html = format!(
                "<!DOCTYPE html>\r\n<html><head><title>{status} {message}</title></head>\r\n<body><h2>{message}</h2></body></html>\r\n"
            );
            Answer::new(status, "text/html; charset=us-ascii", html)
        }
        1 => Answer::new(status, "", Bytes::new()),
        2 => Answer::error(status, "", message, said),
        3 => Answer::error(status, "UnknownError", "", said),
        _ => Answer::error(status, code, message, said),
    }
}
