//! The folder that the evidence is written into.
//!
//! A collection grows page by page in a file that ends in `.sspr-part`; how far it has come stands
//! in `.sspr-graph-state.json`, written every quarter of a second. A run that was cut off cuts the
//! file to what the state says and goes on with the next page. The manifest, without which no collection
//! counts as whole, is written last.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::parts::{Part, Shape};
use super::settings::Settings;
use super::sheet::{Sheet, copy, lines};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::folder::{self, at, failed, hex, json};
use crate::evidence::{
    COLLECTION_STATE, Collector, MANIFEST_SCHEMA, Manifest, ManifestFile, ManifestTenant,
    NotAvailable, Subject, UNFINISHED,
};

const STATE: &str = ".sspr-graph-state.json";
const MANIFEST: &str = "manifest.json";
/// How often the progress of collections is written down at most: replacing a file costs the disk
/// more than a page does.
const PACE: Duration = Duration::from_millis(250);

/// The folder, and what is finished in it.
pub(super) struct Folder {
    path: PathBuf,
    gzip: bool,
    pub(super) state: State,
    /// When the progress of collections was written down last.
    saved: Instant,
}

/// What an interrupted run leaves for the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct State {
    schema: String,
    /// A hash of the settings that decide what is read.
    settings: String,
    /// When the first run began: by it the period of the audit log is counted.
    pub(super) began: DateTime<Utc>,
    #[serde(default)]
    pub(super) tenant: Option<ManifestTenant>,
    /// Parts that are done, by the name of their file, whether they gave one or not.
    #[serde(default)]
    done: BTreeSet<String>,
    #[serde(default)]
    pub(super) files: Vec<ManifestFile>,
    #[serde(default)]
    pub(super) not_available: Vec<NotAvailable>,
    /// Collections that are not at their end.
    #[serde(default)]
    open: BTreeMap<String, Open>,
}

/// How far a collection has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Open {
    pub(super) began: DateTime<Utc>,
    /// The link to the page that comes next.
    pub(super) next: Option<String>,
    pub(super) items: u64,
    pub(super) pages: u32,
    /// Bytes of the file that count.
    pub(super) bytes: u64,
}

impl Folder {
    /// Makes the folder, or finds in it what an earlier run left.
    pub(super) fn open(settings: &Settings, now: DateTime<Utc>) -> Result<Self> {
        let path = settings.folder.clone();
        folder::make(&path)?;
        let names = folder::names(&path)?;
        let there = |name: &str| names.iter().any(|known| known == name);
        let refused = |message: &str, help: &str| {
            Error::new(ErrorCode::Refused, at(&path), message).with_help(help)
        };
        if !settings.resume && !names.is_empty() {
            let help = if there(STATE) {
                "an earlier run was interrupted: resume it (--resume), or name another folder"
            } else {
                "name an empty folder, or one that is not there yet"
            };
            return Err(refused("the folder is not empty", help));
        }
        let fresh = State {
            schema: COLLECTION_STATE.to_owned(),
            settings: fingerprint(settings),
            began: now,
            tenant: None,
            done: BTreeSet::new(),
            files: Vec::new(),
            not_available: Vec::new(),
            open: BTreeMap::new(),
        };
        let state = if there(STATE) {
            let state = read_state(&path.join(STATE))?;
            if state.settings != fresh.settings {
                return Err(refused(
                    "the earlier run into this folder read something else",
                    "resume with the same root, tenant, scope group, days, --beta and --gzip",
                ));
            }
            state
        } else if there(MANIFEST) {
            return Err(refused(
                "the collection is finished",
                "there is nothing to resume; give the folder to `sspr assess`",
            ));
        } else if names.iter().all(|name| name.ends_with(UNFINISHED)) {
            fresh
        } else {
            return Err(refused(
                "the folder holds no collection that could be resumed",
                "name an empty folder",
            ));
        };
        let mut folder = Self {
            path,
            gzip: settings.gzip,
            state,
            saved: Instant::now(),
        };
        if there(MANIFEST) {
            // It speaks of collections that were not whole, and are read on.
            let manifest = folder.path.join(MANIFEST);
            fs::remove_file(&manifest).map_err(|error| failed(&manifest, error))?;
        }
        folder.tidy(&names)?;
        folder.save()?;
        Ok(folder)
    }

    /// Takes up what can be taken up: finished files that are what they were, and collections that
    /// go on. What an earlier run could not get is asked for anew.
    fn tidy(&mut self, names: &[String]) -> Result<()> {
        let mut kept = Vec::new();
        for file in std::mem::take(&mut self.state.files) {
            let (stem, path) = (stem(&file.path), self.path.join(&file.path));
            let open = self.state.open.contains_key(&stem);
            if !open && digest(&path).ok() == file.sha256 {
                kept.push(file);
                continue;
            }
            self.state.done.remove(&stem);
            if open && path.exists() {
                let part = self.path.join(format!("{}{UNFINISHED}", file.path));
                fs::rename(&path, &part).map_err(|error| failed(&part, error))?;
            }
        }
        self.state.files = kept;
        let open = &self.state.open;
        for name in names.iter().filter(|name| name.ends_with(UNFINISHED)) {
            if !open.contains_key(&stem(name)) {
                let _ = fs::remove_file(self.path.join(name));
            }
        }
        // What was refused may be granted by now.
        self.state.not_available.clear();
        let files: BTreeSet<_> = self
            .state
            .files
            .iter()
            .map(|file| stem(&file.path))
            .collect();
        self.state.done.retain(|done| files.contains(done));
        Ok(())
    }

    /// Whether a part is done.
    pub(super) fn is_done(&self, part: &Part) -> bool {
        self.state.done.contains(&part.file)
    }

    fn name(&self, part: &Part) -> String {
        let form = if part.shape == Shape::One {
            "json"
        } else {
            "jsonl"
        };
        let packed = if self.gzip { ".gz" } else { "" };
        format!("{}.{form}{packed}", part.file)
    }

    /// Shows every page of a finished part.
    pub(super) fn reread(&self, part: &Part, show: &mut dyn FnMut(&[u8])) -> Result<()> {
        let path = self.path.join(self.name(part));
        let file = File::open(&path).map_err(|error| failed(&path, error))?;
        lines(file, self.gzip, show).map_err(|error| failed(&path, error))
    }

    /// Begins a file, or goes on with one. The pages that are in it already are shown.
    pub(super) fn sheet(
        &mut self,
        part: &Part,
        now: DateTime<Utc>,
        show: &mut dyn FnMut(&[u8]),
    ) -> Result<Sheet> {
        let path = self.path.join(format!("{}{UNFINISHED}", self.name(part)));
        let open = self.state.open.get(&part.file).cloned();
        let again = open.and_then(|open| Sheet::again(&path, open, self.gzip, show));
        match again {
            Some(sheet) => Ok(sheet),
            None => Sheet::new(path, self.gzip, now),
        }
    }

    /// Remembers how far a collection has come, and writes it down from time to time: what a kill
    /// takes away is read again.
    pub(super) fn note(&mut self, part: &Part, sheet: &Sheet) -> Result<()> {
        self.state
            .open
            .insert(part.file.clone(), sheet.open.clone());
        if self.saved.elapsed() < PACE {
            return Ok(());
        }
        self.saved = Instant::now();
        self.save()
    }

    /// Gives a file its name, and remembers it: whole, or as far as it came.
    pub(super) fn finish(
        &mut self,
        part: &Part,
        sheet: Sheet,
        subject: Option<Subject>,
        end: End,
    ) -> Result<()> {
        let name = self.name(part);
        let (path, open, digest) = sheet.close()?;
        let target = self.path.join(&name);
        fs::rename(&path, &target).map_err(|error| failed(&target, error))?;
        if end != End::Cut {
            self.state.open.remove(&part.file);
        }
        self.state.files.retain(|file| file.path != name);
        self.state.files.push(ManifestFile {
            path: name,
            command: Some(format!("GET {}", part.path)),
            permission: Some(part.permission.to_owned()),
            subject,
            observed_at: Some(open.began),
            complete: Some(end == End::Whole),
            items: Some(open.items),
            sha256: Some(digest),
        });
        self.state.done.insert(part.file.clone());
        self.save()
    }

    /// Drops a file that holds nothing.
    pub(super) fn drop_sheet(&mut self, part: &Part, sheet: &Sheet) -> Result<()> {
        self.state.open.remove(&part.file);
        fs::remove_file(&sheet.path).map_err(|error| failed(&sheet.path, error))
    }

    /// Remembers why a part is not there.
    pub(super) fn lacks(&mut self, missing: NotAvailable) -> Result<()> {
        if !self.state.not_available.contains(&missing) {
            self.state.not_available.push(missing);
        }
        self.save()
    }

    /// Writes everything down that the next run has to know.
    pub(super) fn save(&self) -> Result<()> {
        folder::write(&self.path, STATE, &json(&self.state), false)
    }

    /// Writes the manifest. Where something is not whole the state stays, so that it can be read on.
    pub(super) fn close(self, whole: bool) -> Result<State> {
        let manifest = Manifest {
            schema: MANIFEST_SCHEMA.to_owned(),
            tenant: self.state.tenant.clone(),
            collector: Some(Collector {
                name: "sspr collect graph".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            files: self.state.files.clone(),
            not_available: self.state.not_available.clone(),
        };
        folder::write(&self.path, MANIFEST, &json(&manifest), true)?;
        if whole {
            // Left behind it would only say that something was interrupted.
            let state = self.path.join(STATE);
            fs::remove_file(&state).map_err(|error| failed(&state, error))?;
        }
        Ok(self.state)
    }
}

/// How a collection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// With its last page.
    Whole,
    /// Before it. It can be read on.
    Cut,
    /// It holds what was chosen, and never was to be whole.
    Selection,
}

fn digest(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    copy(&mut File::open(path)?, &mut |bytes| hash.update(bytes))?;
    Ok(hex(&hash.finalize()))
}

fn read_state(path: &Path) -> Result<State> {
    let bytes = fs::read(path).map_err(|error| Error::io(at(path), error))?;
    let state = serde_json::from_slice(&bytes).ok();
    state
        .filter(|state: &State| state.schema == COLLECTION_STATE)
        .ok_or_else(|| {
            Error::syntax(at(path), "the state of the earlier run cannot be read")
                .with_help("collect into another folder")
        })
}

/// The name of a part, from the name of its file.
fn stem(name: &str) -> String {
    let name = name.strip_suffix(UNFINISHED).unwrap_or(name);
    let name = name.strip_suffix(".gz").unwrap_or(name);
    let name = name
        .strip_suffix(".jsonl")
        .or_else(|| name.strip_suffix(".json"));
    name.unwrap_or_default().to_owned()
}

/// A hash of all settings that decide what is read.
fn fingerprint(settings: &Settings) -> String {
    let root = settings.root.as_deref().unwrap_or(settings.cloud.root());
    let decisive = (
        root,
        &settings.tenant,
        &settings.scope_group,
        settings.audit_days,
        settings.beta,
        settings.gzip,
    );
    hex(&Sha256::digest(
        serde_json::to_vec(&decisive).unwrap_or_default(),
    ))
}
