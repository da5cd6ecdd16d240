//! Which table it is, and what a row of it says.

use serde_json::{Map, Value};

use super::viewer::Viewer;
use crate::carrier::delimited::{Fields, Head, Screen};
use crate::carrier::json::{Object, cut_short};
use crate::error::{Error, Result};
use crate::events::audit::{AuditRecord, PortalColumns};
use crate::events::catalogue::Source;
use crate::events::json::{EventForm, Parsed, parse};
use crate::events::log::Filter;
use crate::events::output::Record;
use crate::evidence::Locator;
use crate::time::local::Written;

/// How Azure Monitor's portal marks the columns of times.
const UTC: &str = " [UTC]";
const MARKS: [&str; 2] = [UTC, " [Local Time]"];
/// Columns of the time of a record of the audit log, the truest first.
const AUDIT_TIME: [&str; 3] = ["ActivityDateTime", "TimeGenerated", "time"];
const EVENT_TIME: [&str; 3] = ["TimeCreated", "TimeGenerated", "TimeWritten"];

/// What a row says.
pub(super) enum Taken {
    /// An event, and what of it could not be read.
    Event(Box<Record>, Option<Error>),
    /// A record of the audit log, with its time as it is written.
    Audit(Box<AuditRecord>, Written),
    /// A record of the audit log that has nothing to do with passwords.
    Foreign,
}

/// The tables that are read.
pub(super) enum Form {
    /// What Event Viewer saves.
    Viewer(Viewer),
    /// What the Entra admin center downloads of the audit log.
    Portal(Box<PortalColumns>),
    /// Rows that are the objects that JSON has, too.
    Objects(Objects),
}

/// Rows that stand for objects.
pub(super) struct Objects {
    kind: Kind,
    /// The names of the columns, without marks.
    names: Vec<String>,
    time: Option<usize>,
    /// The columns of the event id and of the source, where each has just one.
    id: Option<usize>,
    source: Option<usize>,
    is_utc: bool,
}

#[derive(Clone, Copy)]
enum Kind {
    Event(EventForm),
    Audit,
}

impl Form {
    /// The form that a head alone shows. The error is that one is known, but lacks what it needs.
    pub(super) fn of_head(head: &Head) -> Option<Result<Self>> {
        if let Some(viewer) = Viewer::of_head(head) {
            return Some(Ok(Self::Viewer(viewer)));
        }
        if let Some(objects) = Objects::of_head(head) {
            return Some(Ok(Self::Objects(objects)));
        }
        let portal = PortalColumns::find(head)?;
        Some(portal.map(|columns| Self::Portal(Box::new(columns))))
    }

    /// The form that shows in the first row.
    pub(super) fn of_row(head: &Head, row: &Fields) -> Option<Self> {
        Viewer::of_row(head, row).map(Self::Viewer)
    }

    /// Whether it is of the audit log.
    pub(super) fn is_audit(&self) -> bool {
        match self {
            Self::Viewer(_) => false,
            Self::Portal(_) => true,
            Self::Objects(objects) => matches!(objects.kind, Kind::Audit),
        }
    }

    /// The column of the time.
    pub(super) fn time(&self) -> Option<usize> {
        match self {
            Self::Viewer(viewer) => Some(viewer.time),
            Self::Portal(columns) => Some(columns.time),
            Self::Objects(objects) => objects.time,
        }
    }

    /// Whether the head says that its times are in UTC.
    pub(super) fn is_utc(&self) -> bool {
        match self {
            Self::Viewer(_) => false,
            Self::Portal(columns) => columns.is_utc,
            Self::Objects(objects) => objects.is_utc,
        }
    }

    /// What every row holds that the filter wants.
    pub(super) fn screen(&self, filter: &Filter) -> Screen {
        let events = |form: Option<EventForm>| {
            let wants = |source: Source| {
                let names = |name: &String| name.eq_ignore_ascii_case(source.provider());
                filter.providers.iter().any(names)
            };
            // Rows of this table need not say where they come from.
            let security = form == Some(EventForm::AzureSecurityEvent) && wants(Source::Security);
            if filter.providers.is_empty() || security {
                return Screen::open();
            }
            let names = filter.providers.iter().map(String::as_str);
            // Events of the service are known by their text where the provider is missing.
            let texts = if form.is_some() && wants(Source::Writeback) {
                WRITEBACK_TEXTS.as_slice()
            } else {
                &[]
            };
            Screen::any_of(names.chain(texts.iter().copied()))
        };
        match self {
            Self::Viewer(_) => events(None),
            Self::Objects(Objects {
                kind: Kind::Event(form),
                ..
            }) => events(Some(*form)),
            // Whether they are wanted or not: of what is no record of ours nothing can be lost.
            Self::Portal(_) | Self::Objects(_) => Screen::any_of(AuditRecord::MARKS),
        }
    }

    /// Whether a row that the screen passes over is certain to give a record when it is read. Where it
    /// is not, the row is read, so that a loss is told.
    pub(super) fn is_sound(&self, row: &Fields) -> bool {
        let (id, source) = match self {
            Self::Viewer(viewer) => (Some(viewer.id), Some(viewer.source)),
            Self::Objects(objects) if matches!(objects.kind, Kind::Event(_)) => {
                (objects.id, objects.source)
            }
            // Without their marks they are records of another service.
            Self::Portal(_) | Self::Objects(_) => return true,
        };
        let text = |at: Option<usize>| { at.and_then(|at| row.get(at)) }.map_or("", str::trim);
        let (id, source) = (text(id), text(source));
        (1..=9).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_digit())
            && !source.is_empty()
            // The type of what is nested.
            && !source.starts_with("System.")
    }

    /// Reads a row.
    pub(super) fn take(&self, row: &Fields, line: u64) -> Result<Taken> {
        match self {
            Self::Viewer(viewer) => {
                let (read, remark) = viewer.event(row, line)?;
                Ok(Taken::Event(Box::new(read), remark))
            }
            Self::Portal(columns) => Ok(columns
                .record(row, line)?
                .map_or(Taken::Foreign, |(record, written)| {
                    Taken::Audit(Box::new(record), written)
                })),
            Self::Objects(objects) => objects.take(row, line),
        }
    }
}

/// What an event of the service says of itself where its provider is not named.
const WRITEBACK_TEXTS: [&str; 4] = [
    "TrackingId:",
    "PasswordReset",
    "ChangePassword",
    "ResetUserPassword",
];

impl Objects {
    fn of_head(head: &Head) -> Option<Self> {
        let mut is_utc = false;
        let names: Vec<_> = { head.columns.iter() }
            .map(|column| {
                let mark = MARKS.iter().find(|mark| column.ends_with(*mark));
                is_utc |= mark == Some(&UTC);
                let end = column.len() - mark.map_or(0, |mark| mark.len());
                column.get(..end).unwrap_or(column).to_owned()
            })
            .collect();
        // What kind of object it is, its fields tell, whatever their values.
        let fields: Map<_, _> = { names.iter() }
            .map(|name| (name.clone(), Value::from("1")))
            .collect();
        let object = Object::new(&fields, Locator::Line(head.line));
        let (kind, times) = if AuditRecord::matches(&object) {
            (Kind::Audit, &AUDIT_TIME)
        } else {
            (Kind::Event(EventForm::of(&object)?), &EVENT_TIME)
        };
        let at = |name: &&str| { names.iter() }.position(|known| known.eq_ignore_ascii_case(name));
        let only = |name: &str| {
            let mut found = { names.iter() }.filter(|known| known.eq_ignore_ascii_case(name));
            (found.next().is_some() && found.next().is_none()).then(|| at(&name))?
        };
        let (id, source) = match kind {
            Kind::Event(form) => form.identity(),
            Kind::Audit => ("", ""),
        };
        Some(Self {
            kind,
            time: times.iter().find_map(at),
            id: only(id),
            source: only(source),
            is_utc,
            names,
        })
    }

    fn take(&self, row: &Fields, line: u64) -> Result<Taken> {
        let place = Locator::Line(line);
        let mut fields: Map<_, _> = { self.names.iter().zip(row.iter()) }
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(name, value)| (name.clone(), Value::from(value)))
            // Of what is nested, `Export-Csv` writes no more than the type.
            .filter(|(_, value)| !cut_short(value))
            .collect();
        match self.kind {
            Kind::Event(form) => {
                let Parsed { read, remark } = parse(form, &Object::new(&fields, place))?;
                Ok(Taken::Event(Box::new(read), remark))
            }
            Kind::Audit => {
                let written = self.written(&mut fields);
                let Some(record) = AuditRecord::parse(&Object::new(&fields, place))? else {
                    return Ok(Taken::Foreign);
                };
                let written = written.unwrap_or(Written::Instant(record.time));
                Ok(Taken::Audit(Box::new(record), written))
            }
        }
    }

    /// The time of a record as it is written; an object has it with its zone.
    fn written(&self, fields: &mut Map<String, Value>) -> Option<Written> {
        let name = self.names.get(self.time?)?;
        let written = Written::parse(fields.get(name)?.as_str()?)?;
        let stamp = written.stamp(None, None).time.to_rfc3339();
        fields.insert(name.clone(), Value::from(stamp));
        Some(written)
    }
}
