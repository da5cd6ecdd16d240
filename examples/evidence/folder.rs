//! Files in memory, and collections of files with their manifest.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Cursor, Write as _};
use std::path::Path;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sspr::evidence::{Collector, Manifest, ManifestFile, ManifestTenant, Subject, SubjectType};
use zip::write::SimpleFileOptions;

use super::json::{Style, print};
use super::tenant::Tenant;

/// Files by their path.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folder(BTreeMap<String, Vec<u8>>);

impl Folder {
    /// Adds a file.
    pub(super) fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.insert(path.into(), bytes.into());
    }

    /// How many bytes all files have.
    pub fn bytes(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// The files, by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// Replaces a folder on disk.
    pub fn write_to(&self, root: &Path) -> io::Result<()> {
        if root.exists() {
            fs::remove_dir_all(root)?;
        }
        for (path, bytes) in &self.0 {
            let target = root.join(path);
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(target, bytes)?;
        }
        Ok(())
    }

    /// What differs from a folder on disk.
    pub fn differences(&self, root: &Path) -> Vec<String> {
        let mut on_disk = BTreeMap::new();
        collect(root, "", &mut on_disk);
        let mut differences: Vec<_> = self
            .0
            .iter()
            .filter(|(path, bytes)| on_disk.get(*path) != Some(*bytes))
            .map(|(path, _)| format!("{path} differs"))
            .collect();
        differences.extend(
            on_disk
                .keys()
                .filter(|path| !self.0.contains_key(*path))
                .map(|path| format!("{path} is not generated")),
        );
        differences
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else if let Ok(bytes) = fs::read(entry.path()) {
            files.insert(name, bytes);
        }
    }
}

/// What one collector gathered: files, and a manifest beside them.
pub(super) struct Collection {
    collector: &'static str,
    tenant: Option<ManifestTenant>,
    observed_at: DateTime<Utc>,
    entries: Vec<ManifestFile>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Collection {
    pub(super) fn new(collector: &'static str, observed_at: DateTime<Utc>) -> Self {
        Self {
            collector,
            tenant: None,
            observed_at,
            entries: Vec::new(),
            files: BTreeMap::new(),
        }
    }

    /// Says which tenant the collection is about.
    pub(super) fn of(mut self, tenant: &Tenant) -> Self {
        self.tenant = Some(ManifestTenant {
            id: Some(tenant.id.to_string()),
            initial_domain: Some(tenant.initial_domain()),
        });
        self
    }

    /// Adds a file, with the command that it answers and its subject.
    pub(super) fn add(
        &mut self,
        path: &str,
        command: &str,
        subject: Subject,
        bytes: impl Into<Vec<u8>>,
    ) {
        let bytes = bytes.into();
        let digest = Sha256::digest(&bytes);
        self.entries.push(ManifestFile {
            path: path.to_owned(),
            command: Some(command.to_owned()),
            permission: None,
            subject: Some(subject),
            observed_at: Some(self.observed_at),
            complete: Some(true),
            items: None,
            sha256: Some(hexadecimal(&digest)),
        });
        self.files.insert(path.to_owned(), bytes);
    }

    /// All files, with the manifest.
    fn finish(mut self) -> BTreeMap<String, Vec<u8>> {
        let manifest = Manifest {
            schema: sspr::evidence::MANIFEST_SCHEMA.to_owned(),
            tenant: self.tenant,
            collector: Some(Collector {
                name: self.collector.to_owned(),
                version: Some("0.1.0".to_owned()),
            }),
            files: self.entries,
            not_available: Vec::new(),
        };
        let value = serde_json::to_value(&manifest).unwrap_or_default();
        self.files
            .insert("manifest.json".to_owned(), print(&value, Style::Pretty));
        self.files
    }

    /// Puts the files below a folder.
    pub(super) fn into_folder(self, folder: &mut Folder, prefix: &str) {
        for (path, bytes) in self.finish() {
            folder.add(format!("{prefix}/{path}"), bytes);
        }
    }

    /// Puts the files into an archive. They are stored and not deflated, so that the bytes do not
    /// depend on a compressor's version.
    pub(super) fn into_zip(self, folder: &mut Folder, path: &str) -> io::Result<()> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default());
        for (name, bytes) in self.finish() {
            zip.start_file(name, options)?;
            zip.write_all(&bytes)?;
        }
        folder.add(path, zip.finish()?.into_inner());
        Ok(())
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A subject of a manifest by its name.
pub(super) fn subject(kind: SubjectType, name: &str) -> Subject {
    Subject {
        kind,
        id: None,
        name: Some(name.to_owned()),
    }
}

/// A subject of a manifest by its id and name.
pub(super) fn subject_with_id(kind: SubjectType, id: &str, name: &str) -> Subject {
    Subject {
        kind,
        id: Some(id.to_owned()),
        name: Some(name.to_owned()),
    }
}
