//! A history as the files that an administrator would bring: logs of Windows as `.evtx` or XML, and
//! the audit log as Graph's pages.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::json;
use sspr::events::WindowsEvent;

use super::{History, Item, Log, Machine};
use crate::evtx_writer::{EvtxEvent, LogWriter};

/// In which form logs of Windows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `.evtx`
    Evtx,
    /// What `wevtutil qe /f:xml` prints.
    Xml,
}

/// Who writes what is of no interest.
const OTHER: &str = "Contoso Backup";

/// Writes all logs into a folder. Between two events of an `.evtx` stand so many of other providers.
pub fn write(history: &History, folder: &Path, form: Form, between: usize) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for log in &history.logs {
        if log.name == "audit" {
            write_audit(history, log, &folder.join("audit.json"))?;
        } else if form == Form::Evtx {
            write_evtx(
                history,
                log,
                &folder.join(format!("{}.evtx", log.name)),
                between,
            )?;
        } else {
            write_xml(history, log, &folder.join(format!("{}.xml", log.name)))?;
        }
    }
    Ok(())
}

fn write_audit(history: &History, log: &Log, path: &Path) -> io::Result<()> {
    let records: Vec<_> = log
        .events
        .iter()
        .filter_map(|number| match history.item(*number) {
            Item::Audit(record) => Some(*record),
            Item::Event(_) => None,
        })
        .collect();
    let page = json!({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#auditLogs/directoryAudits",
        "value": records,
    });
    let mut out = BufWriter::new(File::create(path)?);
    serde_json::to_writer(&mut out, &page)?;
    out.flush()
}

fn write_evtx(history: &History, log: &Log, path: &Path, between: usize) -> io::Result<()> {
    let mut out = LogWriter::create(BufWriter::new(File::create(path)?))?;
    let filler = "The backup of the volume ended without errors. ".repeat(4);
    for edge in edges(history, log) {
        out.write(&evtx_event(edge))?;
    }
    for number in &log.events {
        let Item::Event(event) = history.item(*number) else {
            continue;
        };
        let event = evtx_event(*event);
        for _ in 0..between {
            let mut other =
                EvtxEvent::new(OTHER, 1001, &event.computer, event.time, filler.as_str());
            other.channel.clone_from(&event.channel);
            out.write(&other)?;
        }
        out.write(&event)?;
    }
    out.finish()
}

/// Events of another provider at the beginning and the end of the history: a server writes all the time.
fn edges(history: &History, log: &Log) -> Vec<WindowsEvent> {
    let Some(server @ (Machine::First | Machine::Second)) = log.machine else {
        return Vec::new();
    };
    let times = || history.events.iter().map(|event| event.shown);
    let edges = times().min().into_iter().chain(times().max());
    edges
        .map(|time| WindowsEvent {
            provider: OTHER.into(),
            id: 1001,
            time: Some(time),
            computer: Some(server.name(history.options.two_domains).into()),
            channel: Some("Application".into()),
            level: Some(4),
            ..WindowsEvent::default()
        })
        .collect()
}

fn evtx_event(event: WindowsEvent) -> EvtxEvent {
    EvtxEvent {
        provider_as_value: event.provider.starts_with("Microsoft-"),
        provider: event.provider.into(),
        id: u16::try_from(event.id).unwrap_or_default(),
        qualifiers: 0,
        level: event.level.unwrap_or_default(),
        keywords: event.keywords.unwrap_or_default(),
        record: event.record,
        time: event.time.unwrap_or_default(),
        channel: event.channel.unwrap_or_default().into(),
        computer: event.computer.unwrap_or_default().into(),
        data: event
            .data
            .into_iter()
            .map(|datum| (datum.name.map(Into::into), datum.value))
            .collect(),
    }
}

fn write_xml(history: &History, log: &Log, path: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for edge in edges(history, log) {
        writeln!(out, "{}", xml(&edge))?;
    }
    for number in &log.events {
        if let Item::Event(event) = history.item(*number) {
            writeln!(out, "{}", xml(&event))?;
        }
    }
    out.flush()
}

/// An event as `wevtutil` prints it.
pub fn xml(event: &WindowsEvent) -> String {
    let escape = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let mut data = String::new();
    for datum in &event.data {
        data.push_str("<Data");
        if let Some(name) = &datum.name {
            data.extend([" Name='", name, "'"]);
        }
        data.extend([">", &escape(&datum.value), "</Data>"]);
    }
    format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='{}'/>\
         <EventID>{}</EventID><Level>{}</Level><Task>0</Task><Keywords>{:#x}</Keywords><TimeCreated SystemTime='{}'/>\
         <EventRecordID>{}</EventRecordID><Channel>{}</Channel><Computer>{}</Computer><Security/></System>\
         <EventData>{data}</EventData></Event>",
        event.provider,
        event.id,
        event.level.unwrap_or_default(),
        event.keywords.unwrap_or_default(),
        event
            .time
            .unwrap_or_default()
            .format("%Y-%m-%dT%H:%M:%S%.6f0Z"),
        event.record.unwrap_or_default(),
        event.channel.as_deref().unwrap_or_default(),
        event.computer.as_deref().unwrap_or_default(),
    )
}
