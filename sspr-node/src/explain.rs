//! `sspr.explain`: what a code, an id or a pasted text is, and what to do.

use napi_derive::napi;
use sspr::explain::Answer;

use crate::fault::{caught, refused};
use crate::plain::Plain;

/// Explains one thing: a rule (`SSPR401`), a phase, an event id, a result code in any spelling, a
/// code that users see (`SSPR_0029`), a reason of the audit log, a product or plan by name or id, a
/// right by name or GUID. A longer text is searched like `findAll` does.
#[napi(namespace = "explain")]
pub fn explain(text: String) -> napi::Result<Plain<Answer>> {
    caught(|| Ok(Plain(sspr::explain::explain(&text))))
}

/// Everything in a text that can be explained, in its order.
#[napi(namespace = "explain")]
pub fn find_all(text: String) -> napi::Result<Plain<Vec<Answer>>> {
    caught(|| Ok(Plain(sspr::explain::find_all(&text))))
}

/// The text of a schema: `report` is the JSON Schema of a report.
#[napi(namespace = "schema")]
pub fn schema(name: String) -> napi::Result<&'static str> {
    match name.as_str() {
        "report" => Ok(sspr::readiness::REPORT_JSON_SCHEMA),
        other => Err(refused(&format!("there is no schema {other:?}"))),
    }
}
