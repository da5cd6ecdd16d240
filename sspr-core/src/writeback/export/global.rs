//! The server's own settings.

use chrono::{DateTime, NaiveDateTime, Utc};

use super::reading;
use crate::carrier::xml::{Node, Step};
use crate::evidence::{Locator, Reading};
use crate::time::Interval;
use crate::writeback::Version;

/// The global settings of a server, from `MV.xml` or from `Get-ADSyncGlobalSettings`.
#[derive(Debug, Clone, PartialEq)]
pub struct GlobalSettings {
    /// The server's host name.
    pub server: Reading<String>,
    /// When the export was made. It is written without a zone and taken as UTC, so rely on the
    /// day only.
    pub exported_at: Reading<DateTime<Utc>>,
    /// The wizard's Password writeback box.
    pub writeback: Reading<bool>,
    /// Password hash synchronisation.
    pub hash_sync: Reading<bool>,
    /// Staging mode.
    pub staging: Reading<bool>,
    /// The scheduler is suspended.
    pub scheduler_suspended: Reading<bool>,
    /// The synchronisation schedule is on.
    pub sync_cycle: Reading<bool>,
    /// Time between synchronisations.
    pub sync_interval: Reading<Interval>,
    /// When the next synchronisation starts.
    pub next_sync: Reading<DateTime<Utc>>,
    /// The version of Entra Connect.
    pub version: Reading<Version>,
}

impl Default for GlobalSettings {
    fn default() -> Self {
        Self {
            server: Reading::Absent,
            exported_at: Reading::Absent,
            writeback: Reading::Absent,
            hash_sync: Reading::Absent,
            staging: Reading::Absent,
            scheduler_suspended: Reading::Absent,
            sync_cycle: Reading::Absent,
            sync_interval: Reading::Absent,
            next_sync: Reading::Absent,
            version: Reading::Absent,
        }
    }
}

impl GlobalSettings {
    /// Takes a setting over by its name; other names are passed over.
    pub(in crate::writeback) fn set(&mut self, name: &str, place: &Locator, text: &str) {
        let node = Setting { place, text };
        match name {
            "Microsoft.OptionalFeature.PasswordWriteback" => self.writeback = node.read(flag),
            "Microsoft.OptionalFeature.PasswordHashSync" => self.hash_sync = node.read(flag),
            "Microsoft.Synchronize.StagingMode" => self.staging = node.read(flag),
            "Microsoft.Synchronize.SchedulerSuspended" => {
                self.scheduler_suspended = node.read(flag);
            }
            "Microsoft.Synchronize.SynchronizationSchedule" => self.sync_cycle = node.read(flag),
            "Microsoft.Synchronize.TimeInterval" => {
                self.sync_interval = node.read(Interval::parse_dotnet);
            }
            "Microsoft.Synchronize.NextStartTime" => self.next_sync = node.read(http_date),
            "Microsoft.Synchronize.ServerConfigurationVersion" => {
                self.version = node.read(|text| text.parse().ok());
            }
            _ => {}
        }
    }

    pub(super) fn node(&mut self, node: &Node<'_>) {
        let path = node.path;
        match node.step {
            Step::Open if path.len() == 1 => {
                if let Some(server) = node.attribute("server") {
                    self.server = reading(node, server, |text| Some(text.to_owned()));
                }
                if let Some(date) = node.attribute("export-date") {
                    self.exported_at = reading(node, date, naive_utc);
                }
            }
            Step::Leaf(text) if path.last().is_some_and(|n| n == "parameter") => {
                if let Some(name) = node.attribute("name") {
                    let place = Locator::Element(format!("{}[@name='{name}']", path.join("/")));
                    self.set(name, &place, text);
                }
            }
            _ => {}
        }
    }
}

/// A setting's text and place.
struct Setting<'a> {
    place: &'a Locator,
    text: &'a str,
}

impl Setting<'_> {
    fn read<T>(&self, parse: impl Fn(&str) -> Option<T>) -> Reading<T> {
        let text = self.text.trim();
        if text.is_empty() {
            return Reading::Null(self.place.clone());
        }
        match parse(text) {
            Some(value) => Reading::Value(crate::evidence::At::new(value, self.place.clone())),
            None => Reading::Bad(crate::Error::value(
                self.place.clone(),
                "this setting has another form than expected",
            )),
        }
    }
}

/// `True`, `False`, `1` or `0`.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// `2016-05-03 14:28:09.784`, which carries no zone: taken as UTC.
pub(super) fn naive_utc(text: &str) -> Option<DateTime<Utc>> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f")
        .ok()
        .map(|time| time.and_utc())
}

/// `Tue, 03 May 2016 14:45:00 GMT`, or a time with its zone.
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text)
        .ok()
        .map(|time| time.with_timezone(&Utc))
        .or_else(|| crate::time::parse_json(text))
}
