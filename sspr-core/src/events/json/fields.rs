//! Reading the fields of each form.

use serde_json::Value;

use super::beats::beats;
use super::data::{data_of_map, data_of_xml, level_of, parameters, plain, written};
use super::form::EventForm;
use crate::carrier::json::{Object, cut_short};
use crate::error::{Error, ErrorCode, Result};
use crate::events::catalogue::{self, Source};
use crate::events::output::Record;
use crate::events::security::{self, AUDIT_FAILURE, AUDIT_SUCCESS};
use crate::events::{EventDatum, SmolStr, WindowsEvent};
use crate::evidence::Locator;
use crate::time::local::Written;

/// The fields of NXLog that are not the event's own data.
const NXLOG: [&str; 38] = [
    "accountname",
    "accounttype",
    "activityid",
    "category",
    "channel",
    "domain",
    "errorcode",
    "eventid",
    "eventreceivedtime",
    "eventtime",
    "eventtimewritten",
    "eventtype",
    "executionprocessid",
    "executionthreadid",
    "hostname",
    "keywords",
    "level",
    "message",
    "messagesourceaddress",
    "opcode",
    "opcodevalue",
    "processid",
    "providerguid",
    "recordnumber",
    "relatedactivityid",
    "severity",
    "severityvalue",
    "sourcemodulename",
    "sourcemoduletype",
    "sourcename",
    "syslogfacility",
    "syslogseverity",
    "task",
    "taskvalue",
    "threadid",
    "timestamp",
    "userid",
    "version",
];

/// An event, and what of it could not be read.
pub(crate) struct Parsed {
    pub(crate) read: Record,
    pub(crate) remark: Option<Error>,
}

/// Reads an event of a form.
pub(crate) fn parse(form: EventForm, object: &Object<'_>) -> Result<Parsed> {
    let fields = Fields(object);
    let mut parsed = match form {
        EventForm::WinEvent => win_event(&fields),
        EventForm::EventLog => event_log(&fields),
        EventForm::Beats => beats(object),
        EventForm::AzureEvent => azure_event(&fields),
        EventForm::AzureWindowsEvent => azure_windows_event(&fields),
        EventForm::AzureSecurityEvent => azure_security_event(&fields),
        EventForm::NxLog => nxlog(&fields),
    }?;
    let event = &mut parsed.read.event;
    if event.provider.is_empty() {
        provider_of_text(event).map_err(|error| Error {
            place: object.place().clone(),
            ..error
        })?;
    }
    security::complete(event);
    if let Some(Written::Instant(time)) = parsed.read.written {
        event.time = Some(time);
        parsed.read.written = None;
    }
    Ok(parsed)
}

fn win_event(fields: &Fields<'_>) -> Result<Parsed> {
    let mut event = WindowsEvent {
        provider: fields.word(&["ProviderName"]).unwrap_or_default(),
        id: fields.id(&["Id"])?,
        record: fields.number(&["RecordId"]),
        computer: fields.word(&["MachineName"]),
        channel: fields.word(&["LogName"]),
        level: fields.number(&["Level"]),
        keywords: fields.keywords(),
        message: fields.text(&["Message"]),
        ..WindowsEvent::default()
    };
    let properties = fields.0.entry("Properties").map(|(_, value)| value);
    let mut cut = None;
    match properties {
        Some(Value::Array(items)) if items.iter().any(cut_short) => cut = Some("Properties"),
        Some(Value::Array(items)) => event.data = items.iter().filter_map(property).collect(),
        Some(single @ Value::Object(_)) => event.data = property(single).into_iter().collect(),
        Some(text) if cut_short(text) => cut = Some("Properties"),
        _ => {}
    }
    // The text of classic sources is their only string, and nothing is lost with it.
    let needed = event.message.is_none() || Source::of(&event.provider) == Some(Source::Security);
    let cut = cut.filter(|_| needed).map(|name| {
        Error::new(
            ErrorCode::Truncated,
            fields.0.place().member(name),
            "PowerShell cut the data of this event short at its depth",
        )
        .with_help(
            "export again with `ConvertTo-Json -Depth 3`, or better as .evtx with `wevtutil epl`",
        )
    });
    Ok(fields.timed(event, &["TimeCreated"], cut))
}

/// `{"Value": …}`, or the bare value.
fn property(value: &Value) -> Option<EventDatum> {
    let value = match value {
        Value::Object(map) => map
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case("value"))
            .map(|(_, value)| value)?,
        bare => bare,
    };
    Some(EventDatum {
        name: None,
        value: plain(value).into_owned(),
    })
}

fn event_log(fields: &Fields<'_>) -> Result<Parsed> {
    let mut event = WindowsEvent {
        provider: fields.word(&["Source"]).unwrap_or_default(),
        id: fields.id(&["EventID", "InstanceId"])?,
        record: fields.number(&["Index"]),
        computer: fields.word(&["MachineName"]),
        channel: fields.word(&["Log", "LogName"]),
        message: fields.text(&["Message"]),
        ..WindowsEvent::default()
    };
    let kind = fields.text(&["EntryType"]).unwrap_or_default();
    (event.level, event.keywords) = match kind.to_ascii_lowercase().as_str() {
        "1" | "error" => (Some(2), None),
        "2" | "warning" => (Some(3), None),
        "4" | "information" => (Some(4), None),
        "8" | "successaudit" => (Some(0), Some(AUDIT_SUCCESS)),
        "16" | "failureaudit" => (Some(0), Some(AUDIT_FAILURE)),
        _ => (None, None),
    };
    event.data = fields.strings("ReplacementStrings");
    Ok(fields.timed(event, &["TimeGenerated", "TimeWritten"], None))
}

fn azure_event(fields: &Fields<'_>) -> Result<Parsed> {
    let mut event = WindowsEvent {
        provider: fields.word(&["Source"]).unwrap_or_default(),
        id: fields.id(&["EventID"])?,
        computer: fields.word(&["Computer"]),
        channel: fields.word(&["EventLog"]),
        level: fields
            .text(&["EventLevelName"])
            .and_then(|name| level_of(&name)),
        message: fields.text(&["RenderedDescription"]),
        ..WindowsEvent::default()
    };
    event.data = match fields.text(&["ParameterXml"]) {
        Some(xml) => parameters(&xml),
        None => fields
            .text(&["EventData"])
            .map_or_else(Vec::new, |xml| data_of_xml(&xml)),
    };
    Ok(fields.timed(event, &["TimeGenerated"], None))
}

fn azure_windows_event(fields: &Fields<'_>) -> Result<Parsed> {
    let mut event = WindowsEvent {
        provider: fields.word(&["Provider"]).unwrap_or_default(),
        id: fields.id(&["EventID"])?,
        record: fields.number(&["EventRecordId"]),
        computer: fields.word(&["Computer"]),
        channel: fields.word(&["Channel"]),
        level: fields.number(&["EventLevel"]).or_else(|| {
            fields
                .text(&["EventLevelName"])
                .and_then(|name| level_of(&name))
        }),
        keywords: fields.keywords(),
        ..WindowsEvent::default()
    };
    // A dynamic column may arrive as text.
    event.data = match fields.0.entry("EventData").map(|(_, value)| value) {
        Some(Value::Object(map)) => data_of_map(map.iter()),
        Some(Value::String(text)) => match serde_json::from_str(text) {
            Ok(Value::Object(map)) => data_of_map(map.iter()),
            _ => data_of_xml(text),
        },
        _ => Vec::new(),
    };
    if event.data.is_empty()
        && let Some(xml) = fields.text(&["RawEventData"])
    {
        event.data = data_of_xml(&xml);
    }
    Ok(fields.timed(event, &["TimeGenerated"], None))
}

fn azure_security_event(fields: &Fields<'_>) -> Result<Parsed> {
    let mut event = WindowsEvent {
        provider: fields
            .word(&["EventSourceName"])
            .unwrap_or_else(|| Source::Security.provider().into()),
        id: fields.id(&["EventID"])?,
        record: fields.number(&["EventRecordId"]),
        computer: fields.word(&["Computer"]),
        channel: Some(
            fields
                .word(&["Channel"])
                .unwrap_or_else(|| "Security".into()),
        ),
        level: fields.number(&["Level"]),
        keywords: fields.keywords(),
        ..WindowsEvent::default()
    };
    event.data = fields
        .text(&["EventData"])
        .map_or_else(Vec::new, |xml| data_of_xml(&xml));
    if event.data.is_empty() {
        // Each name is a column of every row, whatever its event has.
        for name in security::names() {
            let known = event
                .data
                .iter()
                .any(|datum| datum.name.as_deref() == Some(name));
            if !known && let Some(value) = fields.text(&[name]) {
                event.data.push(EventDatum {
                    name: Some(name.into()),
                    value,
                });
            }
        }
    }
    Ok(fields.timed(event, &["TimeGenerated"], None))
}

fn nxlog(fields: &Fields<'_>) -> Result<Parsed> {
    let mut event = WindowsEvent {
        provider: fields.word(&["SourceName"]).unwrap_or_default(),
        id: fields.id(&["EventID"])?,
        record: fields.number(&["RecordNumber"]),
        computer: fields.word(&["Hostname"]),
        channel: fields.word(&["Channel"]),
        keywords: fields.keywords(),
        message: fields.text(&["Message"]),
        ..WindowsEvent::default()
    };
    let kind = fields.text(&["EventType"]).unwrap_or_default();
    let audit = match kind.to_ascii_uppercase().as_str() {
        "AUDIT_SUCCESS" => Some(AUDIT_SUCCESS),
        "AUDIT_FAILURE" => Some(AUDIT_FAILURE),
        _ => None,
    };
    event.level = match kind.to_ascii_uppercase().as_str() {
        "CRITICAL" => Some(1),
        "ERROR" => Some(2),
        "WARNING" => Some(3),
        "INFO" => Some(4),
        "VERBOSE" => Some(5),
        _ if audit.is_some() => Some(0),
        _ => None,
    };
    event.keywords = event.keywords.or(audit);
    event.data = data_of_map(
        fields
            .0
            .map()
            .iter()
            .filter(|(key, _)| !NXLOG.contains(&key.to_ascii_lowercase().as_str())),
    );
    Ok(fields.timed(event, &["EventTime"], None))
}

/// An event whose exporter left the provider out belongs to the writeback service when its id is one of
/// the service's alone and its text is of the service's shape. Nothing else is concluded.
fn provider_of_text(event: &mut WindowsEvent) -> Result<()> {
    let text = event.text();
    let shape = text.contains("TrackingId:")
        || ["PasswordReset", "ChangePassword", "ResetUserPassword"]
            .iter()
            .any(|token| text.starts_with(token));
    let mut known = catalogue::by_id(event.id).map(|info| info.source);
    if shape && known.next() == Some(Source::Writeback) && known.next().is_none() {
        drop(text);
        event.provider = Source::Writeback.provider().into();
        return Ok(());
    }
    Err(
        Error::value(Locator::Whole, "the event does not name its provider")
            .with_help("export it again with the property `ProviderName`"),
    )
}

/// The fields of one object, under any of some names.
struct Fields<'o>(&'o Object<'o>);

impl Fields<'_> {
    fn value(&self, names: &[&str]) -> Option<&Value> {
        names
            .iter()
            .find_map(|name| self.0.entry(name))
            .map(|(_, value)| value)
            .filter(|value| !value.is_null())
    }

    /// A text that is not empty; a number counts as its digits.
    fn text(&self, names: &[&str]) -> Option<String> {
        let value = self.value(names)?;
        Some(plain(value).into_owned()).filter(|text| !text.trim().is_empty())
    }

    /// The same, of what is mostly short.
    fn word(&self, names: &[&str]) -> Option<SmolStr> {
        let text = plain(self.value(names)?);
        (!text.trim().is_empty()).then(|| text.as_ref().into())
    }

    fn number<N: std::str::FromStr>(&self, names: &[&str]) -> Option<N> {
        plain(self.value(names)?).trim().parse().ok()
    }

    /// The event id, without the qualifiers that some carriers put into the upper half.
    fn id(&self, names: &[&str]) -> Result<u32> {
        self.number::<i64>(names)
            .and_then(|id| u32::try_from(id & 0xffff).ok())
            .ok_or_else(|| Error::value(self.0.place().clone(), "the event has no id"))
    }

    /// Keywords, which PowerShell and NXLog print as signed numbers.
    fn keywords(&self) -> Option<u64> {
        let text = self.text(&["Keywords"])?;
        let text = text.trim();
        match text.strip_prefix("0x") {
            Some(hex) => u64::from_str_radix(hex, 16).ok(),
            None => text
                .parse::<u64>()
                .ok()
                .or_else(|| text.parse::<i64>().ok().map(i64::cast_unsigned)),
        }
    }

    fn strings(&self, name: &str) -> Vec<EventDatum> {
        let one = |value: &Value| EventDatum {
            name: None,
            value: plain(value).into_owned(),
        };
        match self.value(&[name]) {
            Some(Value::Array(items)) => items.iter().map(one).collect(),
            Some(single) if !cut_short(single) => vec![one(single)],
            _ => Vec::new(),
        }
    }

    fn timed(&self, event: WindowsEvent, names: &[&str], cut: Option<Error>) -> Parsed {
        let place = || {
            self.0
                .place()
                .member(names.first().copied().unwrap_or_default())
        };
        let (written, remark) = written(self.value(names), place);
        Parsed {
            read: Record { event, written },
            remark: remark.or(cut),
        }
    }
}
