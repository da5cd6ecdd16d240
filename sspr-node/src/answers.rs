//! Answers of Microsoft Graph: one object, a page, or a list of either.

use sspr::carrier::json::{Object, read_objects};

use crate::fault::own;

/// Stands for JSON as Graph gives it.
pub struct Graph;

/// Reads every object.
pub(crate) fn each<T>(
    json: &str,
    read: impl Fn(&Object<'_>) -> sspr::Result<T>,
) -> napi::Result<Vec<T>> {
    read_objects(json.as_bytes(), read).map_err(|error| own(&error))
}
