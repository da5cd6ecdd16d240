//! What an input that is no evidence looks like, so that its owner knows what to do about it.

use crate::carrier::foreign::foreign;
use crate::error::{Error, ErrorCode};
use crate::events::csv::{Holds, recognise};
use crate::evidence::Locator;

/// That an input is no evidence, and what it is instead. `text` is its beginning, decoded.
pub(super) fn describe(head: &[u8], text: &str) -> Error {
    if head.is_empty() {
        return Error::new(ErrorCode::Truncated, Locator::Whole, "it is empty")
            .with_help("collect it again; the command that wrote it may have failed");
    }
    let has_nul = text.contains('\0');
    if let Some((what, help)) = foreign(head, has_nul) {
        return unrecognised(format!("it is {what}, and no evidence"), help);
    }
    if has_nul || text.chars().take(512).any(is_binary) {
        return unrecognised("it is binary data of no known kind".to_owned(), "");
    }
    let start = text.trim_start();
    if start.is_empty() {
        return Error::new(
            ErrorCode::Truncated,
            Locator::Whole,
            "it holds nothing but white space",
        );
    }
    let lower: String = start.chars().take(256).collect::<String>().to_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return unrecognised(
            "it is a web page".to_owned(),
            "a saved page is often the sign-in page: fetch the data with the command that `sspr assess` names",
        );
    }
    if lower.starts_with("**********************") {
        return unrecognised(
            "it is a PowerShell transcript".to_owned(),
            "save the command's own output: `… | ConvertTo-Json -Depth 10 | Out-File …`",
        );
    }
    if start.starts_with('<') {
        let root = start
            .split('<')
            .skip(1)
            .find(|tag| !tag.starts_with(['?', '!']))
            .map(|tag| {
                tag.split([' ', '>', '\r', '\n', '\t', '/'])
                    .next()
                    .unwrap_or_default()
            })
            .unwrap_or_default();
        return unrecognised(format!("it is XML of no known kind ({})", short(root)), "");
    }
    if let Some(Holds::Other(error)) = recognise(text) {
        return error;
    }
    unrecognised("it is text of no known kind".to_owned(), "")
}

/// That the objects of a JSON input are of no known kind, with the names of some of their fields.
pub(super) fn unknown_json(fields: &[String], place: Locator) -> Error {
    let message = if fields.is_empty() {
        "it is JSON, and holds no object that is known here".to_owned()
    } else {
        let names: Vec<_> = fields.iter().map(|name| short(name)).collect();
        format!(
            "it is JSON of no known kind; its objects have the fields {}",
            names.join(", ")
        )
    };
    Error::new(ErrorCode::Unrecognised, place, message)
}

/// Characters that no text has.
fn is_binary(c: char) -> bool {
    c == '\u{fffd}' || c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}')
}

/// At most forty characters, with control characters made visible.
fn short(text: &str) -> String {
    let mut short: String = text.chars().take(40).flat_map(char::escape_debug).collect();
    if text.chars().nth(40).is_some() {
        short.push('…');
    }
    short
}

fn unrecognised(message: String, help: &str) -> Error {
    let error = Error::new(ErrorCode::Unrecognised, Locator::Whole, message);
    if help.is_empty() {
        error
    } else {
        error.with_help(help)
    }
}
