//! Errors on their way to JavaScript. napi carries one text; the loader, `lib/addon.js`, makes the
//! package's own error class of it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use napi::{Error, Result, Status};
use serde_json::json;

/// What the text of an error begins with that `lib/addon.js` takes apart.
const MARK: &str = "sspr:";

/// An error of the core.
pub(crate) fn own(error: &sspr::Error) -> Error {
    coded(
        &serde_json::to_value(error.code).unwrap_or_default(),
        Some(&error.place.to_string()),
        &error.message,
        error.help.as_deref(),
    )
}

/// Something that the core refused without an error of its own type.
pub(crate) fn refused(message: &str) -> Error {
    coded(&json!("value"), None, message, None)
}

/// A value of the wrong kind, which JavaScript sees as a `TypeError`.
pub(crate) fn invalid(message: &str) -> Error {
    Error::new(Status::InvalidArg, message)
}

/// Something that is the matter with several fields at once.
pub(crate) fn faults(message: &str, faults: &impl serde::Serialize) -> Error {
    let text = json!({ "code": "value", "message": message, "faults": faults });
    Error::new(Status::GenericFailure, format!("{MARK}{text}"))
}

fn coded(
    code: &serde_json::Value,
    place: Option<&str>,
    message: &str,
    help: Option<&str>,
) -> Error {
    let text = json!({ "code": code, "place": place, "message": message, "help": help });
    Error::new(Status::GenericFailure, format!("{MARK}{text}"))
}

/// Runs work so that a panic, which would be a defect, becomes an error and not the end of the
/// process.
pub(crate) fn caught<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| Err(panicked(&*payload)))
}

fn panicked(payload: &(dyn Any + Send)) -> Error {
    let words = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    coded(
        &json!("panic"),
        None,
        &format!("a defect of this library: {words}"),
        Some("Please report it, with what was asked for."),
    )
}
