//! Events, row by row: for a terminal, as JSON lines and as CSV.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::hostile;
use super::page::{Ink, Page};
use crate::events::catalogue::{self, Level, Lookup};
use crate::events::causes::{self, RootCause};
use crate::events::{HResult, Message, WindowsEvent};
use crate::evidence::{At, Locator};

/// The head of [`event_csv`].
pub const EVENT_COLUMNS: &str =
    "time,computer,provider,id,title,user,trackingId,code,cause,record,log\r\n";

/// An event with what its text says, and where it stands.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    log: &'a str,
    place: &'a Locator,
    #[serde(flatten)]
    event: &'a WindowsEvent,
    title: Option<&'static str>,
    tracking_id: Option<uuid::Uuid>,
    user: Option<&'a str>,
    code: Option<HResult>,
    cause: Option<&'static str>,
}

/// What an event is called: its documented symbol, or the step that its text names.
struct Known<'a> {
    title: &'a str,
    ink: Ink,
    cause: Option<&'static RootCause>,
}

impl<'a> Known<'a> {
    fn of(event: &WindowsEvent, message: &Message<'a>) -> Self {
        let info = match catalogue::look_up(&event.provider, event.id) {
            Lookup::Known(info) => Some(info),
            Lookup::Unknown(_) | Lookup::Foreign => None,
        };
        let ink = match (info.map(|info| info.level), event.level) {
            (Some(Level::Error), _) | (None, Some(1 | 2)) => Ink::Bad,
            (Some(Level::Warning), _) | (None, Some(3)) => Ink::Caution,
            _ => Ink::Plain,
        };
        let symbol = info.map(|info| info.symbol).unwrap_or_default();
        Self {
            title: if symbol.is_empty() {
                message.token.unwrap_or_default()
            } else {
                symbol
            },
            ink,
            cause: causes::of_event(event, message),
        }
    }
}

/// An event as one line of a terminal, wrapped where it is longer than `width` columns.
pub fn event_row(event: &WindowsEvent, width: usize, color: bool) -> String {
    const HANG: usize = 28;
    let text = event.text();
    let message = Message::parse(&text);
    let known = Known::of(event, &message);
    let time = event.time.map_or_else(|| "no time".to_owned(), seconds);
    let id = format!(" {:>5} ", event.id);
    let mut words = vec![known.title.to_owned()];
    words.extend(message.person().map(str::to_owned));
    if let Some(cause) = known.cause {
        let code = message.code.map(|code| format!(" ({code})"));
        words.push(format!("{}{}", cause.title, code.unwrap_or_default()));
    }
    words.retain(|word| !word.is_empty());
    let words = words.join(" \u{b7} ");
    let mut page = Page::new(width, color);
    let lead = [(Ink::Dim, time.as_str()), (known.ink, id.as_str())];
    page.hanging(0, &lead, HANG, Ink::Plain, &words);
    page.finish()
}

/// An event as one line of JSON in camelCase, with a line feed at its end: all its fields, what its
/// text says, its log and its place there.
pub fn event_json(log: &str, event: &At<WindowsEvent>) -> String {
    let text = event.value.text();
    let message = Message::parse(&text);
    let title = match catalogue::look_up(&event.value.provider, event.value.id) {
        Lookup::Known(info) if !info.symbol.is_empty() => Some(info.symbol),
        _ => None,
    };
    let row = Row {
        log,
        place: &event.place,
        event: &event.value,
        title,
        tracking_id: message.tracking_id,
        user: message.person(),
        code: message.code,
        cause: causes::of_event(&event.value, &message).map(|cause| cause.key),
    };
    // It holds no map with keys that are not strings, and nothing that fails to serialise.
    let mut json = serde_json::to_string(&row).unwrap_or_default();
    json.push('\n');
    json
}

/// An event as one line of CSV under [`EVENT_COLUMNS`]. Times are RFC 3339 in UTC.
pub fn event_csv(log: &str, event: &WindowsEvent) -> String {
    let text = event.text();
    let message = Message::parse(&text);
    let known = Known::of(event, &message);
    let fields = [
        event.time.map(stamp).unwrap_or_default(),
        event.computer.clone().unwrap_or_default().into(),
        event.provider.to_string(),
        event.id.to_string(),
        known.title.to_owned(),
        message.person().unwrap_or_default().to_owned(),
        message
            .tracking_id
            .map(|id| id.to_string())
            .unwrap_or_default(),
        message
            .code
            .map(|code| code.to_string())
            .unwrap_or_default(),
        known
            .cause
            .map(|cause| cause.key)
            .unwrap_or_default()
            .to_owned(),
        event
            .record
            .map(|record| record.to_string())
            .unwrap_or_default(),
        log.to_owned(),
    ];
    csv_line(&fields)
}

/// A line of CSV.
pub(super) fn csv_line(fields: &[String]) -> String {
    let fields: Vec<_> = fields.iter().map(|field| hostile::csv(field)).collect();
    format!("{}\r\n", fields.join(","))
}

/// A time to the second, for a terminal.
pub(super) fn seconds(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// A time for programs.
pub(super) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
