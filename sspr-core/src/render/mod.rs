//! A report as text for a terminal, as JSON, Markdown and HTML; predictions, events and operations
//! as text, JSON lines and CSV. Renderers print verdicts and decide nothing.
//!
//! Names and texts that come from evidence are hostile: what could move a cursor, reverse the
//! reading direction, hide characters or break a table is escaped, each form in its own way.

mod answer;
mod audit;
mod details;
mod events;
mod explanation;
pub mod hostile;
mod html;
mod markdown;
mod notices;
mod operations;
mod page;
mod person;
mod prediction;
mod summary;
mod support;
mod text;

use crate::readiness::Report;

pub use audit::{audit_csv, audit_json, audit_row};
pub use events::{EVENT_COLUMNS, event_csv, event_json, event_row};
pub use html::html;
pub use markdown::markdown;
pub use notices::{notice_json, notice_text};
pub use operations::{
    OPERATION_COLUMNS, operation_csv, operation_json, operation_row, operation_story,
    statistics_json, statistics_text,
};
pub use person::story;
pub use prediction::{prediction_json, prediction_text};
pub use summary::{logs_json, summary_json, summary_text};
pub use support::support_text;
pub use text::text;

/// How [`text`] writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// Columns of the terminal. Below 40 it is written as for 40, above 120 as for 120.
    pub width: usize,
    /// Whether to colour, with SGR escapes.
    pub color: bool,
    /// Show every rule with its evidence, not only what changes the answer.
    pub details: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self {
            width: 80,
            color: false,
            details: false,
        }
    }
}

/// A report as indented JSON in camelCase, with a line feed at its end.
pub fn json(report: &Report) -> String {
    // A report holds no map with keys that are not strings, and nothing that fails to serialise.
    let mut json = serde_json::to_string_pretty(report).unwrap_or_default();
    json.push('\n');
    json
}

#[cfg(test)]
mod tests;
