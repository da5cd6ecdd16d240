//! What Event Viewer saves as CSV.
//!
//! The head is in the language of the machine and names five columns: level (of the Security log the
//! keywords), date and time, source, event id, task category. Rows have one field more, the message.
//! Times are local, in the format of the locale.
//!
//! Heads in English, German and Japanese were seen in public; in any other language the first row
//! tells by what stands in it.

use crate::carrier::delimited::{Fields, Head};
use crate::error::{Error, Result};
use crate::events::output::Record;
use crate::events::security::{self, AUDIT_FAILURE, AUDIT_SUCCESS};
use crate::events::{SmolStr, WindowsEvent};
use crate::evidence::Locator;
use crate::time::local::Written;

const LEVEL: [&str; 3] = ["Level", "Ebene", "レベル"];
const KEYWORDS: [&str; 3] = ["Keywords", "Schlüsselwörter", "キーワード"];
const TIME: [&str; 3] = ["Date and Time", "Datum und Uhrzeit", "日付と時刻"];
const SOURCE: [&str; 3] = ["Source", "Quelle", "ソース"];
const ID: [&str; 3] = ["Event ID", "Ereignis-ID", "イベント ID"];
const COMPUTER: [&str; 2] = ["Computer", "コンピューター"];
const CHANNEL: [&str; 2] = ["Log", "Protokoll"];
/// Other programs name the message.
const MESSAGE: [&str; 3] = ["Message", "Description", "Beschreibung"];

/// Words of levels, where the head is in a known language.
const LEVELS: [(&str, u8); 11] = [
    ("Critical", 1),
    ("Kritisch", 1),
    ("Error", 2),
    ("Fehler", 2),
    ("エラー", 2),
    ("Warning", 3),
    ("Warnung", 3),
    ("警告", 3),
    ("Information", 4),
    ("Informationen", 4),
    ("情報", 4),
];

/// Where the columns stand.
pub(super) struct Viewer {
    level: usize,
    pub(super) time: usize,
    pub(super) source: usize,
    pub(super) id: usize,
    computer: Option<usize>,
    channel: Option<usize>,
    /// From here on stands the message.
    message: usize,
    /// The message has a column of its own, and is not what follows the last one.
    named: bool,
    delimiter: char,
}

impl Viewer {
    /// By the names of the columns.
    pub(super) fn of_head(head: &Head) -> Option<Self> {
        let find = |names: &[&str]| {
            { head.columns.iter() }.position(|column| {
                { names.iter() }.any(|name| column.to_lowercase() == name.to_lowercase())
            })
        };
        let message = find(&MESSAGE);
        Some(Self {
            level: find(&LEVEL)
                .or_else(|| find(&KEYWORDS))
                .unwrap_or(usize::MAX),
            time: find(&TIME)?,
            source: find(&SOURCE)?,
            id: find(&ID)?,
            computer: find(&COMPUTER),
            channel: find(&CHANNEL),
            message: message.unwrap_or(head.columns.len()),
            named: message.is_some(),
            delimiter: char::from(head.delimiter),
        })
    }

    /// By what stands in the first row, when the head has five columns in any language.
    pub(super) fn of_row(head: &Head, row: &Fields) -> Option<Self> {
        let text = |at| row.get(at).map(str::trim).unwrap_or_default();
        let is_id = !text(3).is_empty() && text(3).bytes().all(|byte| byte.is_ascii_digit());
        let is_time = Written::parse(text(1)).is_some();
        let is_row = head.columns.len() == 5 && row.len() > 5 && is_time && is_id;
        is_row.then_some(Self {
            level: 0,
            time: 1,
            source: 2,
            id: 3,
            computer: None,
            channel: None,
            message: 5,
            named: false,
            delimiter: char::from(head.delimiter),
        })
    }

    /// Reads a row.
    pub(super) fn event(&self, row: &Fields, line: u64) -> Result<(Record, Option<Error>)> {
        let fault = |message: &str| Error::value(Locator::Line(line), message);
        let text = |at: usize| row.get(at).map(str::trim).filter(|text| !text.is_empty());
        let id = text(self.id)
            .and_then(|id| id.parse().ok())
            .ok_or_else(|| fault("the row has no event id"))?;
        let provider = text(self.source).ok_or_else(|| fault("the row names no source"))?;
        let word = text(self.level).unwrap_or_default();
        let level = { LEVELS.iter() }
            .find(|(name, _)| name.eq_ignore_ascii_case(word))
            .map(|(_, level)| *level);
        let keywords = match word {
            "Audit Success" => Some(AUDIT_SUCCESS),
            "Audit Failure" => Some(AUDIT_FAILURE),
            _ => None,
        };
        let time = text(self.time);
        let written = time.and_then(Written::parse);
        let remark = (time.is_some() && written.is_none())
            .then(|| fault("the time of this event cannot be read; the event is kept without it"));
        let mut event = WindowsEvent {
            provider: provider.into(),
            id,
            computer: self.computer.and_then(text).map(SmolStr::from),
            channel: self.channel.and_then(text).map(SmolStr::from),
            level,
            keywords,
            message: self.message(row),
            ..WindowsEvent::default()
        };
        if let Some(Written::Instant(time)) = written {
            event.time = Some(time);
        }
        security::complete(&mut event);
        let written = written.filter(|written| !matches!(written, Written::Instant(_)));
        Ok((Record { event, written }, remark))
    }

    /// The message. One that nobody quoted is in several fields.
    fn message(&self, row: &Fields) -> Option<String> {
        let last = if self.named {
            self.message + 1
        } else {
            row.len()
        };
        let mut message = String::new();
        for at in self.message..last {
            if at > self.message {
                message.push(self.delimiter);
            }
            message.push_str(row.get(at).unwrap_or_default());
        }
        (!message.trim().is_empty()).then_some(message)
    }
}
