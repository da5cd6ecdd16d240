//! Answers of Microsoft Graph: one object, a page, or a list of either.

use std::ops::ControlFlow;

use sspr::carrier::json::{Event, Object, read_items};
use sspr::evidence::Limits;

use crate::fault::own;

/// Stands for JSON as Graph gives it.
pub struct Graph;

/// Reads every object.
pub(crate) fn each<T>(
    json: &str,
    read: impl Fn(&Object<'_>) -> sspr::Result<T>,
) -> napi::Result<Vec<T>> {
    let mut found = Ok(Vec::new());
    let items = read_items(
        json.as_bytes(),
        Limits::default().item_bytes,
        &mut |event| {
            if let (Event::Item(object, _), Ok(list)) = (event, &mut found) {
                // A page without items is an item itself.
                if object.has(&["value"]) {
                    return ControlFlow::Continue(());
                }
                match read(&object) {
                    Ok(item) => list.push(item),
                    Err(error) => found = Err(own(&error)),
                }
            }
            ControlFlow::Continue(())
        },
    );
    match items {
        Err(error) => Err(own(&error)),
        Ok(items) => items.fault.map_or(found, |fault| Err(own(&fault))),
    }
}
