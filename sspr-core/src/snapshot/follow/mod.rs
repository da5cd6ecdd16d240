//! Following logs while they are written: what is new since they were read last.
//!
//! A log in Windows' own format is read chunk by chunk: those with records of higher ids than the
//! last one that was read, and the one that is being written, up to the first record that is not
//! whole. XML and JSON lines are read from where they were left, up to the last whole event. Files
//! of other forms, and packed ones, are read again as a whole when they change.
//!
//! A file is known again by what it holds, not by its name: when it holds another log, was cut or
//! was written anew, it is read from its beginning. Then events come again that came before; who
//! tells of them knows them by what they are.

mod evtx;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::open::watched::{announce, cancelled};
use super::{Input, LogRecord, ReadOptions, Skipped, read_logs};
use crate::carrier::text::encoding_of;
use crate::error::{Error, ErrorCode, Result};
use crate::events::{Filter, LogItem, SmolStr, is_event_xml, is_evtx};
use crate::evidence::{Limits, Locator, OnProgress, Stage};
use text::Unit;

/// Bytes that tell what a file is.
const HEAD: u64 = 4096;
/// How long a file that went away is remembered: one that is renamed and made anew comes back soon.
const MEMORY: TimeDelta = TimeDelta::days(7);

/// How far files were read, by their paths. It is kept between runs as JSON.
pub type Followings = BTreeMap<String, Position>;

/// How far one file was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Position {
    /// The computer that wrote the log, as far as it tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computer: Option<SmolStr>,
    /// The log, such as `Application`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<SmolStr>,
    /// The time of the latest record, whoever wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<DateTime<Utc>>,
    /// When it was first not there any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gone: Option<DateTime<Utc>>,
    #[serde(default)]
    place: Place,
}

impl Position {
    /// Whether the file is one that grows, such as a log in Windows' own format or as XML.
    pub fn grows(&self) -> bool {
        matches!(self.place, Place::Evtx(_) | Place::Text(_))
    }
}

/// Where the reading of a file ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Place {
    /// Nothing of it was read.
    #[default]
    Nowhere,
    Evtx(evtx::Place),
    Text(text::Place),
    /// It is read as a whole when it changes.
    Whole(Stamp),
}

/// By what a change of a file shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stamp {
    bytes: u64,
    /// Nanoseconds since 1970, as text, for they are more than a number of JSON holds.
    modified: Option<String>,
}

/// What became of a file since it was read last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// It was not there.
    New,
    /// It holds another log, was cleared, cut or written anew, and is read from its beginning.
    Replaced,
    /// Its oldest records were overwritten before they were read: from one id to before another.
    Missed(u64, u64),
}

/// A file and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Changed {
    /// Its path.
    pub name: String,
    /// What became of it.
    pub change: Change,
}

/// What one pass over all files went through.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Followed {
    /// How many files are followed.
    pub files: usize,
    /// Files that are new, or others than before.
    pub changed: Vec<Changed>,
    /// Files that are no logs or could not be read, told once until they change.
    pub skipped: Vec<Skipped>,
}

/// Follows logs. It reads no clock and never waits: each pass tells what is new.
#[derive(Debug, Clone)]
pub struct Follower {
    paths: Vec<PathBuf>,
    filter: Filter,
    limits: Limits,
    positions: Followings,
}

/// Gets the path of a file and something of it, and may stop the work.
type OnItem<'a> = dyn FnMut(&str, LogItem) -> ControlFlow<()> + 'a;

impl Follower {
    /// Follows files, and all files below folders. Events that the filter does not want are passed
    /// over. `positions` are those of an earlier run, or empty.
    pub fn new(paths: Vec<PathBuf>, filter: Filter, positions: Followings) -> Self {
        Self {
            paths,
            filter,
            limits: Limits::default(),
            positions,
        }
    }

    /// How far each file was read.
    pub fn positions(&self) -> &Followings {
        &self.positions
    }

    /// Reads what is new in all files, in the order of their paths. The positions change only when
    /// the pass comes to its end; an error is returned only when the caller stopped it.
    pub fn pass(
        &mut self,
        now: DateTime<Utc>,
        progress: &mut OnProgress<'_>,
        sink: &mut OnItem<'_>,
    ) -> Result<Followed> {
        let mut pass = Followed::default();
        let mut positions = self.positions.clone();
        let files = self.files(&mut pass.skipped);
        pass.files = files.len();
        for path in &files {
            let name = path.display().to_string();
            let before = positions.get(&name).cloned().unwrap_or_default();
            announce(progress, Stage::Reading(&name), None)?;
            let mut found = Found {
                name: &name,
                filter: &self.filter,
                known: Position {
                    gone: None,
                    ..before.clone()
                },
                stopped: false,
                sink,
            };
            let outcome = self.file(path, &before, &mut found, progress);
            let (mut known, stopped) = (found.known, found.stopped);
            match outcome {
                _ if stopped => return Err(cancelled()),
                Err(error) if error.code == ErrorCode::Cancelled => return Err(error),
                Err(reason) => pass.skipped.push(Skipped {
                    name: name.clone(),
                    reason,
                }),
                Ok((place, change)) => {
                    known.place = place;
                    if let Some(change) = change {
                        let name = name.clone();
                        pass.changed.push(Changed { name, change });
                    }
                }
            }
            positions.insert(name, known);
        }
        let present: BTreeSet<_> = files
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        positions.retain(|name, position| {
            if present.contains(name) {
                return true;
            }
            now - *position.gone.get_or_insert(now) < MEMORY
        });
        pass.changed
            .retain(|changed| !went_on_elsewhere(changed, &positions));
        self.positions = positions;
        Ok(pass)
    }

    fn file(
        &self,
        path: &Path,
        before: &Position,
        found: &mut Found<'_, '_>,
        progress: &mut OnProgress<'_>,
    ) -> Result<(Place, Option<Change>)> {
        let io = |error| Error::io(Locator::Whole, error);
        let mut file = File::open(path).map_err(io)?;
        let meta = file.metadata().map_err(io)?;
        let size = meta.len();
        let is_new = before.place == Place::Nowhere;
        let turned = |replaced: bool| match (is_new, replaced) {
            (true, _) => Some(Change::New),
            (false, true) => Some(Change::Replaced),
            (false, false) => None,
        };
        let mut head = Vec::new();
        file.by_ref()
            .take(HEAD)
            .read_to_end(&mut head)
            .map_err(io)?;
        if head.is_empty() {
            return Ok((before.place.clone(), None));
        }
        if is_evtx(&head) {
            let place = match &before.place {
                Place::Evtx(place) => Some(place),
                _ => None,
            };
            let wanted: Vec<_> = self.filter.providers.iter().map(String::as_str).collect();
            let (next, change) = evtx::read(&mut file, place, &wanted, found, progress)?;
            let change = change.or(turned(place.is_none()));
            return Ok((Place::Evtx(next), change));
        }
        if let Some(unit) = unit_of(&head) {
            let place = match &before.place {
                Place::Text(place) if place.continues(&mut file, unit, size)? => Some(place),
                _ => None,
            };
            let replaced = place.is_none();
            let mut next = place.cloned().unwrap_or_else(|| text::Place::new(unit));
            text::read(&mut file, &mut next, size, &head, found, progress)?;
            return Ok((Place::Text(next), turned(replaced)));
        }
        let stamp = Stamp {
            bytes: size,
            modified: meta
                .modified()
                .ok()
                .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
                .map(|since| since.as_nanos().to_string()),
        };
        let whole = Place::Whole(stamp);
        if whole == before.place {
            return Ok((whole, None));
        }
        // Told once: the same file is not looked at again.
        found.known.place = whole.clone();
        self.whole(path, found, progress)?;
        Ok((whole, turned(true)))
    }

    /// Reads a file that is not one that grows at its end, such as an archive.
    fn whole(
        &self,
        path: &Path,
        found: &mut Found<'_, '_>,
        progress: &mut OnProgress<'_>,
    ) -> Result<()> {
        let options = ReadOptions {
            limits: self.limits,
            ..ReadOptions::default()
        };
        let inputs = vec![Input::path(path)];
        let read = read_logs(
            inputs,
            &options,
            &self.filter,
            &mut |_, record| {
                found.item(match record {
                    LogRecord::Event(event) => LogItem::Event(event),
                    LogRecord::Audit(record) => LogItem::Audit(record),
                })
            },
            progress,
        )?;
        let last = read.logs.iter().filter_map(|log| log.last).max();
        found.known.last = found.known.last.max(last);
        for log in &read.logs {
            if let Some(error) = log.fault.clone() {
                let fault = LogItem::Fault {
                    error,
                    records: Some(log.lost),
                    bytes: None,
                };
                if found.item(fault).is_break() {
                    return Err(cancelled());
                }
            }
        }
        match read.skipped.into_iter().next() {
            Some(skipped) if read.logs.is_empty() => Err(skipped.reason),
            _ => Ok(()),
        }
    }

    /// All files, in the order of their paths.
    fn files(&self, skipped: &mut Vec<Skipped>) -> BTreeSet<PathBuf> {
        let mut files = BTreeSet::new();
        for path in &self.paths {
            self.below(path, 0, &mut files, skipped);
        }
        files
    }

    fn below(
        &self,
        path: &Path,
        depth: usize,
        files: &mut BTreeSet<PathBuf>,
        skipped: &mut Vec<Skipped>,
    ) {
        let mut skip = |reason| {
            let name = path.display().to_string();
            skipped.push(Skipped { name, reason });
        };
        let meta = match fs::metadata(path) {
            Ok(meta) => meta,
            Err(error) if depth == 0 => return skip(Error::io(Locator::Whole, error)),
            // It went away after the folder was read.
            Err(_) => return,
        };
        if meta.is_file() {
            files.insert(path.to_owned());
            return;
        }
        if !meta.is_dir() || depth >= self.limits.depth || files.len() >= self.limits.files {
            return;
        }
        match fs::read_dir(path) {
            Ok(entries) => {
                let entries: BTreeSet<_> = entries.flatten().map(|entry| entry.path()).collect();
                for entry in entries {
                    self.below(&entry, depth + 1, files, skipped);
                }
            }
            Err(error) => skip(Error::io(Locator::Whole, error)),
        }
    }
}

/// Whether records that a file lost were read in another one, into which Windows moves a full log.
fn went_on_elsewhere(changed: &Changed, positions: &Followings) -> bool {
    let (Change::Missed(_, until), Some(own)) = (changed.change, positions.get(&changed.name))
    else {
        return false;
    };
    positions.iter().any(|(name, other)| {
        let is_same = other.computer == own.computer && other.channel == own.channel;
        let reached = match &other.place {
            Place::Evtx(place) => place.reached(),
            _ => 0,
        };
        *name != changed.name && is_same && reached + 1 >= until
    })
}

/// What ends an event of a file, if it grows at its end.
fn unit_of(head: &[u8]) -> Option<Unit> {
    let (text, _, _) = encoding_of(head).decode(head);
    if is_event_xml(&text) {
        return Some(Unit::Xml);
    }
    let first = text
        .trim_start_matches('\u{feff}')
        .lines()
        .next()?
        .trim_end();
    let is_object = first.starts_with('{') && first.ends_with('}') && first.len() > 2;
    is_object.then_some(Unit::Line)
}

/// Hands over what is found in a file, and keeps what it tells of the file.
struct Found<'f, 's> {
    name: &'f str,
    filter: &'f Filter,
    known: Position,
    stopped: bool,
    sink: &'f mut OnItem<'s>,
}

impl Found<'_, '_> {
    fn item(&mut self, item: LogItem) -> ControlFlow<()> {
        match &item {
            LogItem::Event(event) => {
                let event = &event.value;
                self.known.last = self.known.last.max(event.time);
                if self.known.computer.is_none() {
                    self.known.computer.clone_from(&event.computer);
                    self.known.channel.clone_from(&event.channel);
                }
                if !self.filter.wants(event) {
                    return ControlFlow::Continue(());
                }
            }
            LogItem::Span(span) => {
                self.known.last = self.known.last.max(Some(span.last));
                return ControlFlow::Continue(());
            }
            LogItem::Audit(_) | LogItem::Fault { .. } => {}
        }
        let went = (self.sink)(self.name, item);
        self.stopped |= went.is_break();
        went
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
