//! JSON as Microsoft Graph and PowerShell print it, read item by item.
//!
//! Graph answers with one object, or with a page `{"value": […]}`; scripts store arrays of pages
//! or one object a line; PowerShell prints the same in PascalCase, with dates and time spans of
//! its own, and cuts off what is deeper than its `-Depth`. [`read_items`] streams all of these,
//! and [`Object`] reads their fields without regard to case.

mod elements;
mod held;
mod items;
mod object;
mod tables;
#[cfg(test)]
mod tests;

pub use items::{Event, ItemsRead, Page, read_items, read_objects};
pub(crate) use items::{is_empty_page, read_line};
pub use object::{Object, cut_short};

/// Whether a text begins like JSON. `[Section]` begins an INI file.
pub(crate) fn looks_like_json(text: &str) -> bool {
    let text = text.trim_start();
    let section = text.lines().next().and_then(|line| {
        let name = line.trim_end().strip_prefix('[')?.strip_suffix(']')?;
        let named = name.starts_with(|c: char| c.is_alphabetic());
        (named && !matches!(name, "true" | "false" | "null")).then_some(())
    });
    text.starts_with(['{', '[']) && section.is_none()
}
