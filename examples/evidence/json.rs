//! JSON as Graph and the two PowerShells print it, and texts in Windows' encodings.
//!
//! Members are sorted by name, whatever order the map in memory has, so that bytes never change.

use std::fmt::Write as _;

use serde_json::Value;

/// Who prints.
#[derive(Clone, Copy)]
pub(super) enum Style {
    /// Graph: on one line.
    Compact,
    /// PowerShell 7 and everybody else: indented by two.
    Pretty,
    /// Windows PowerShell 5.1: indented by four, two blanks after a colon, CR LF.
    Windows,
}

/// The bytes of a value.
pub(super) fn print(value: &Value, style: Style) -> Vec<u8> {
    let mut text = String::new();
    put(&mut text, value, style, 0);
    if !matches!(style, Style::Compact) {
        text.push('\n');
    }
    if matches!(style, Style::Windows) {
        text = text.replace('\n', "\r\n");
    }
    text.into_bytes()
}

/// One value a line.
pub(super) fn lines(values: &[Value]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for value in values {
        bytes.extend(print(value, Style::Compact));
        bytes.push(b'\n');
    }
    bytes
}

fn put(out: &mut String, value: &Value, style: Style, depth: usize) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(out, style, depth + 1, index);
                put(out, item, style, depth + 1);
            }
            end(out, style, depth, ']');
        }
        Value::Object(map) if !map.is_empty() => {
            let mut members: Vec<_> = map.iter().collect();
            members.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (index, (key, item)) in members.into_iter().enumerate() {
                separate(out, style, depth + 1, index);
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push_str(match style {
                    Style::Compact => ":",
                    Style::Pretty => ": ",
                    Style::Windows => ":  ",
                });
                put(out, item, style, depth + 1);
            }
            end(out, style, depth, '}');
        }
        // Windows PowerShell writes dates as `"\/Date(ms)\/"`; the backslashes are JSON's.
        Value::String(text) if text.starts_with("/Date(") => {
            let _ = write!(out, "\"{}\"", text.replace('/', "\\/"));
        }
        other => out.push_str(&other.to_string()),
    }
}

fn separate(out: &mut String, style: Style, depth: usize, index: usize) {
    if index > 0 {
        out.push(',');
    }
    new_line(out, style, depth);
}

fn end(out: &mut String, style: Style, depth: usize, bracket: char) {
    new_line(out, style, depth);
    out.push(bracket);
}

fn new_line(out: &mut String, style: Style, depth: usize) {
    let indent = match style {
        Style::Compact => return,
        Style::Pretty => 2,
        Style::Windows => 4,
    };
    out.push('\n');
    out.push_str(&" ".repeat(indent * depth));
}

/// A text as Windows PowerShell's `>` and the group policy editor write it.
pub(super) fn utf16(text: &str) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}
