//! What a log is that is no `.evtx`, by its first bytes, and which reader reads it.

use std::io::{BufReader, Read};

use super::output::Output;
use super::{csv, event_text, is_event_xml, json, xml};
use crate::carrier::foreign::foreign;
use crate::carrier::text::{encoding_of, utf8_reader};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{Limits, Locator};

/// The forms of text that hold events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextForm {
    Xml,
    EventText,
    Json,
    Csv,
}

impl TextForm {
    /// The form of an input; the error says what it is instead.
    pub(super) fn of(head: &[u8]) -> Result<Self> {
        let (text, _, _) = encoding_of(head).decode(head);
        let text = text.trim_start_matches('\u{feff}');
        if is_event_xml(text) {
            return Ok(Self::Xml);
        }
        if event_text::is_event_text(text) {
            return Ok(Self::EventText);
        }
        if !text.contains('\0') && json::is_json(text) {
            return Ok(Self::Json);
        }
        match csv::recognise(text) {
            Some(csv::Holds::Events | csv::Holds::Audit) => Ok(Self::Csv),
            Some(csv::Holds::Other(error)) => Err(error),
            None => Err(stranger(head, text)),
        }
    }

    /// Reads a log of this form, of which `head` is the beginning.
    pub(super) fn read(
        self,
        head: &[u8],
        whole: &mut dyn Read,
        limits: &Limits,
        out: &mut Output<'_>,
    ) -> Result<()> {
        if self == Self::Csv {
            // Tables are decoded where their rows are found.
            return csv::read_csv(whole, out);
        }
        let mut utf8 = utf8_reader(head, whole);
        match self {
            Self::Xml => xml::read(&mut utf8, out),
            Self::EventText => event_text::read(&mut BufReader::new(utf8), out),
            Self::Json | Self::Csv => json::read(&mut utf8, limits.item_bytes, out),
        }
    }
}

/// That an input is no log, and what it is instead.
fn stranger(head: &[u8], text: &str) -> Error {
    let start = text.trim_start();
    let is_binary = text.contains('\0');
    let what = if head.is_empty() {
        "empty"
    } else if let Some((what, _)) = foreign(head, is_binary) {
        what
    } else if is_binary {
        "binary data of no known kind"
    } else if start.is_empty() {
        "nothing but white space"
    } else if start.starts_with('<') {
        "XML or HTML of another kind"
    } else {
        "text of no known kind"
    };
    let error = Error::new(
        ErrorCode::Unrecognised,
        Locator::Byte(0),
        format!("this is no log of Windows events: it is {what}"),
    );
    error.with_help("export it with `wevtutil epl`, or with Event Viewer as .evtx or .xml")
}
