//! The folder that the evidence is written into.
//!
//! A file is written under another name, brought to the disk and then renamed, so that one that is
//! there is whole. Which files are finished stands in `.sspr-ldap-state.json`, by which an
//! interrupted run goes on; the manifest, without which no collection counts as whole, is written
//! last, and then the state is removed.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::settings::Settings;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::folder::{self, at, hex, json};
use crate::evidence::{
    COLLECTION_STATE, Collector, Locator, MANIFEST_SCHEMA, Manifest, ManifestFile, NotAvailable,
    UNFINISHED,
};

const STATE: &str = ".sspr-ldap-state.json";
const MANIFEST: &str = "manifest.json";

/// The folder, and what is finished in it.
pub(super) struct Folder {
    path: PathBuf,
    pub(super) state: State,
}

/// What an interrupted run leaves for the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct State {
    schema: String,
    /// A hash of the settings that decide what is read.
    settings: String,
    /// The server that answered.
    #[serde(default)]
    pub(super) server: Option<String>,
    /// How people are split, once that is known.
    #[serde(default)]
    pub(super) people: Option<Vec<Piece>>,
    #[serde(default)]
    pub(super) files: Vec<ManifestFile>,
    #[serde(default)]
    pub(super) not_available: Vec<NotAvailable>,
    /// Hashes of the descriptors that stand in finished files.
    #[serde(default)]
    pub(super) descriptors: BTreeSet<String>,
}

/// People whose `uSNCreated` lies in a range, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Piece {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) to: Option<u64>,
}

impl Folder {
    /// Makes the folder, or finds in it what an earlier run left.
    pub(super) fn open(settings: &Settings) -> Result<Self> {
        let path = settings.folder.clone();
        let place = || Locator::Whole.within(path.display().to_string());
        let fresh = State {
            schema: COLLECTION_STATE.to_owned(),
            settings: fingerprint(settings),
            server: None,
            people: None,
            files: Vec::new(),
            not_available: Vec::new(),
            descriptors: BTreeSet::new(),
        };
        folder::make(&path)?;
        let names = folder::names(&path)?;
        let there = |name: &str| names.iter().any(|known| known == name);
        if !settings.resume && !names.is_empty() {
            let error = Error::new(ErrorCode::Refused, place(), "the folder is not empty");
            let help = if there(STATE) {
                "an earlier run was interrupted: resume it (--resume), or name another folder"
            } else {
                "name an empty folder, or one that is not there yet"
            };
            return Err(error.with_help(help));
        }
        if there(MANIFEST) {
            let error = Error::new(ErrorCode::Refused, place(), "the collection is finished");
            return Err(
                error.with_help("there is nothing to resume; give the folder to `sspr assess`")
            );
        }
        let state = if there(STATE) {
            let bytes = fs::read(path.join(STATE)).map_err(|error| Error::io(place(), error))?;
            let state: State = serde_json::from_slice(&bytes)
                .ok()
                .filter(|state: &State| state.schema == fresh.schema)
                .ok_or_else(|| {
                    let place = Locator::Whole.within(path.join(STATE).display().to_string());
                    Error::syntax(place, "the state of the earlier run cannot be read")
                        .with_help("collect into another folder")
                })?;
            if state.settings != fresh.settings {
                let error = Error::new(
                    ErrorCode::Refused,
                    place(),
                    "the earlier run into this folder read something else",
                );
                return Err(error.with_help(
                    "resume with the same server, account, base, people and connector account",
                ));
            }
            state
        } else if names.iter().all(|name| name.ends_with(UNFINISHED)) {
            fresh
        } else {
            let error = Error::new(
                ErrorCode::Refused,
                place(),
                "the folder holds no collection that could be resumed",
            );
            return Err(error.with_help("name an empty folder"));
        };
        for name in names.iter().filter(|name| name.ends_with(UNFINISHED)) {
            // What an interrupted run was writing is written anew.
            let _ = fs::remove_file(path.join(name));
        }
        let mut folder = Self { path, state };
        folder.drop_changed();
        Ok(folder)
    }

    /// Finished files that are not there any more, or differ, are read again. Descriptors may have
    /// stood in them, so that all that follow are written anew as well.
    fn drop_changed(&mut self) {
        let whole = self.state.files.iter().take_while(|file| {
            let bytes = fs::read(self.path.join(&file.path)).unwrap_or_default();
            file.sha256.as_deref() == Some(hex(&Sha256::digest(&bytes)).as_str())
        });
        let whole = whole.count();
        if whole < self.state.files.len() {
            self.state.files.clear();
            self.state.not_available.clear();
            self.state.descriptors.clear();
        }
    }

    /// Whether a file is finished.
    pub(super) fn has(&self, name: &str) -> bool {
        self.state.files.iter().any(|file| file.path == name)
    }

    /// Writes a finished file and remembers it.
    pub(super) fn commit(
        &mut self,
        mut file: ManifestFile,
        text: &[u8],
        descriptors: BTreeSet<String>,
        not_available: Vec<NotAvailable>,
    ) -> Result<()> {
        file.sha256 = Some(hex(&Sha256::digest(text)));
        self.write(&file.path, text)?;
        self.state.files.push(file);
        self.state.descriptors.extend(descriptors);
        self.state.not_available.extend(not_available);
        self.save()
    }

    /// Writes down how far the run has come.
    pub(super) fn save(&self) -> Result<()> {
        self.write(STATE, &json(&self.state))
    }

    /// Writes the manifest: from now on the collection is whole.
    pub(super) fn finish(self) -> Result<State> {
        let manifest = Manifest {
            schema: MANIFEST_SCHEMA.to_owned(),
            tenant: None,
            collector: Some(Collector {
                name: "sspr collect ldap".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            files: self.state.files.clone(),
            not_available: self.state.not_available.clone(),
        };
        self.write(MANIFEST, &json(&manifest))?;
        // Left behind it would only say that something was interrupted.
        let state = self.path.join(STATE);
        fs::remove_file(&state).map_err(|error| Error::io(at(&state), error))?;
        Ok(self.state)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        folder::write(&self.path, name, bytes, true)
    }
}

/// A hash of all settings that decide what is read.
fn fingerprint(settings: &Settings) -> String {
    let decisive = (
        &settings.server,
        &settings.user,
        &settings.base,
        &settings.people,
        &settings.connector_account,
        settings.people_in_a_file,
    );
    hex(&Sha256::digest(
        serde_json::to_vec(&decisive).unwrap_or_default(),
    ))
}
