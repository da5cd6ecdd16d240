//! Manifests: found, applied to the files beside them, and held against what is there.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Read};
use std::rc::Rc;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::HEAD;
use super::source::{Hasher, Source};
use super::survey::Item;
use super::watched::{Tally, Watched};
use crate::carrier::text::{decode, encoding_of};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{
    At, Gap, Limits, Locator, Manifest, ManifestFile, NotAvailable, NotAvailableReason, OnProgress,
    Reading, Strength, SubjectType,
};
use crate::snapshot::facts::host_key;
use crate::snapshot::read::facts_of_kind;
use crate::snapshot::{Evidence, Facts, Origin, Skipped};

/// The manifest that an input is, if it is one, with what is wrong in it.
pub(super) fn recognise(
    head: &[u8],
    source: &Source,
    limits: &Limits,
) -> Result<Option<(Manifest, Vec<Error>)>> {
    let (text, _, _) = encoding_of(head).decode(head);
    let object = text.trim_start_matches('\u{feff}').trim_start();
    if !object.starts_with('{') || !text.contains("\"sspr-evidence/") {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let mut reader = source.open(None)?;
    let read = reader
        .by_ref()
        .take(limits.item_bytes)
        .read_to_end(&mut bytes);
    source.put_back(Vec::new(), Box::new(io::empty()));
    read.map_err(|error| Error::io(Locator::Whole, error))?;
    if bytes.len() as u64 >= limits.item_bytes {
        return Err(Error::new(
            ErrorCode::Limit,
            Locator::Whole,
            format!("a manifest has at most {} bytes", limits.item_bytes),
        ));
    }
    Manifest::read(decode(&bytes)?.as_bytes()).map(Some)
}

/// The manifests among the inputs, by the folder they stand in.
#[derive(Default)]
pub(super) struct Manifests {
    /// Folder, then the files it names, each with the name of the manifest.
    folders: BTreeMap<String, BTreeMap<String, (ManifestFile, String)>>,
    gaps: Vec<Gaps>,
}

impl Manifests {
    /// Collects them. Where two of one folder speak of the same file, the first by name counts and
    /// the other is told so.
    pub(super) fn take(items: &mut [Item]) -> Self {
        let mut manifests = Self::default();
        for item in items {
            let name = item.name.clone();
            let Some((manifest, faults)) = &mut item.manifest else {
                continue;
            };
            manifests.gaps.push(Gaps::of(manifest));
            let files = manifests.folders.entry(folder_of(&name)).or_default();
            for (index, file) in manifest.files.iter().enumerate() {
                match files.get(&file.path) {
                    None => {
                        files.insert(file.path.clone(), (file.clone(), name.clone()));
                    }
                    Some((_, first)) => faults.push(Error::value(
                        Locator::Pointer(format!("/files/{index}/path")),
                        format!("this file is named twice; what {first} says first counts"),
                    )),
                }
            }
        }
        manifests
    }

    /// What is said of a file, by the manifest that is nearest to it.
    pub(super) fn entry(&self, name: &str) -> Option<&ManifestFile> {
        let name = normal(name);
        self.folders
            .iter()
            .rev()
            .filter_map(|(folder, files)| files.get(name.strip_prefix(folder.as_str())?))
            .map(|(file, _)| file)
            .next()
    }

    /// Notes why facts are missing that the collectors could not get.
    pub(super) fn note_gaps(&self, facts: &mut Facts) {
        for gaps in &self.gaps {
            gaps.note(facts);
        }
    }

    /// The files that a manifest names and that are not there.
    pub(super) fn missing<'n>(&self, present: impl Iterator<Item = &'n str>) -> Vec<Skipped> {
        let present: BTreeSet<_> = present.map(normal).collect();
        let mut missing = Vec::new();
        for (folder, files) in &self.folders {
            for (path, (file, manifest)) in files {
                let name = format!("{folder}{path}");
                if present.contains(&name) {
                    continue;
                }
                let mut reason = Error::new(
                    ErrorCode::Io,
                    Locator::Whole,
                    format!("{manifest} names this file, and it is not there"),
                );
                reason.help = file
                    .command
                    .as_ref()
                    .map(|command| format!("collect it again: {command}"));
                missing.push(Skipped { name, reason });
            }
        }
        missing
    }

    /// Holds the hashes of whole archives against their content. Their members are read anyway.
    pub(super) fn check_archives(
        &self,
        archives: &[(String, Source)],
        progress: &mut OnProgress<'_>,
    ) -> Result<Vec<Skipped>> {
        let mut differing = Vec::new();
        for (name, source) in archives {
            let Some(expected) = self.entry(name).and_then(|file| file.sha256.as_deref()) else {
                continue;
            };
            let hasher: Hasher = Rc::new(RefCell::new(Sha256::new()));
            let tally = Tally::default();
            let Ok(reader) = source.open(Some(Rc::clone(&hasher))) else {
                continue;
            };
            let whole = drain(&mut Watched::new(reader, name, None, &tally, progress));
            if tally.stopped.get() {
                return Err(super::watched::cancelled());
            }
            if whole && !same(&hasher, expected) {
                differing.push(Skipped {
                    name: name.clone(),
                    reason: differs(),
                });
            }
        }
        Ok(differing)
    }
}

/// Reads on to the end; `false` when it cannot be reached.
pub(super) fn drain(reader: &mut dyn Read) -> bool {
    let mut chunk = vec![0; HEAD];
    loop {
        match reader.read(&mut chunk) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return false,
        }
    }
}

/// Whether the hash is the expected one.
pub(super) fn same(hasher: &Hasher, expected: &str) -> bool {
    let digest = hasher.borrow().clone().finalize();
    let mut hex = String::with_capacity(2 * digest.len());
    for byte in digest {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex.eq_ignore_ascii_case(expected.trim())
}

/// That a file is not the one its manifest speaks of.
pub(super) fn differs() -> Error {
    Error::new(
        ErrorCode::Checksum,
        Locator::Whole,
        "its SHA-256 differs from the one in the manifest: it was changed or damaged after it was collected",
    )
    .with_help("collect it again, or take the file from the original archive")
}

/// Turns what a manifest itself says into facts.
pub(super) fn apply(
    facts: &mut Facts,
    origin: &Origin,
    manifest: &Manifest,
    faults: Vec<Error>,
) -> Evidence {
    // The collector ran until it wrote its last file.
    let last = manifest.files.iter().filter_map(|f| f.observed_at).max();
    origin.observed_at.set(last.or(origin.observed_at.get()));
    origin.strength.set(Strength::Exported);
    for fault in faults {
        origin.fault(fault);
    }
    if let Some(tenant) = &manifest.tenant {
        let at = |name: &str| Locator::Pointer(format!("/tenant/{name}"));
        if let Some(id) = &tenant.id {
            let id = match Uuid::try_parse(id.trim()) {
                Ok(id) => Reading::Value(At::new(id, at("id"))),
                Err(_) => Reading::Bad(Error::value(at("id"), "not a GUID")),
            };
            origin.claim(&mut facts.tenant.id, id);
        }
        if let Some(domain) = &tenant.initial_domain {
            let domain = Reading::Value(At::new(domain.clone(), at("initialDomain")));
            origin.claim(&mut facts.tenant.initial_domain, domain);
        }
    }
    for (index, missing) in manifest.not_available.iter().enumerate() {
        if facts_of_kind(&missing.what).is_none() {
            origin.fault(Error::value(
                Locator::Pointer(format!("/notAvailable/{index}/what")),
                "this names no kind of evidence that is known here",
            ));
        }
    }
    Evidence {
        source: origin.source,
        name: origin.name.clone(),
        kinds: vec!["manifest".into()],
        subject: None,
        observed_at: origin.observed_at.get(),
        items: manifest.files.len() as u64,
        bytes: 0,
        unused: false,
        note: manifest
            .collector
            .as_ref()
            .map(|collector| match &collector.version {
                Some(version) => format!("written by {} {version}", collector.name),
                None => format!("written by {}", collector.name),
            }),
        lost: None,
    }
}

/// What a manifest could not get, and whom it speaks of.
struct Gaps {
    hosts: BTreeSet<String>,
    domains: BTreeSet<String>,
    missing: Vec<NotAvailable>,
}

impl Gaps {
    fn of(manifest: &Manifest) -> Self {
        let names = |kind| {
            let subjects = manifest.files.iter().filter_map(|f| f.subject.as_ref());
            subjects
                .filter(move |subject| subject.kind == kind)
                .filter_map(|subject| subject.name.as_deref())
        };
        Self {
            hosts: names(SubjectType::Host).map(host_key).collect(),
            domains: names(SubjectType::Domain)
                .map(|name| name.trim_end_matches('.').to_ascii_lowercase())
                .collect(),
            missing: manifest.not_available.clone(),
        }
    }

    /// Notes why facts are missing: of the tenant, of the hosts and domains that the manifest
    /// speaks of, and of those without a name.
    fn note(&self, facts: &mut Facts) {
        for missing in &self.missing {
            let given = facts_of_kind(&missing.what).unwrap_or_default();
            let chosen = |name: &str| {
                given
                    .iter()
                    .any(|given| name == *given || given.ends_with('.') && name.starts_with(given))
            };
            let detail = || missing.detail.clone().unwrap_or_default();
            let gap = match missing.reason {
                NotAvailableReason::NotRequested => Gap::NotCollected,
                NotAvailableReason::NoPermission => Gap::NoPermission(detail()),
                NotAvailableReason::NotInThisCloud => Gap::NotAvailable(detail()),
                NotAvailableReason::Error => Gap::Unreadable(detail()),
            };
            facts.note_gap(&chosen, &gap);
            for (host, server) in &mut facts.servers {
                if self.hosts.contains(host) {
                    server.note_gap(&chosen, &gap);
                }
            }
            for (host, controller) in &mut facts.controllers {
                if self.hosts.contains(host) {
                    controller.note_gap(&chosen, &gap);
                }
            }
            for (name, domain) in &mut facts.domains {
                if self.domains.contains(name) {
                    domain.note_gap(&chosen, &gap);
                    domain.policy.note_gap(&chosen, &gap);
                }
            }
        }
    }
}

fn folder_of(name: &str) -> String {
    let name = normal(name);
    name.rfind('/')
        .and_then(|end| name.get(..=end))
        .unwrap_or_default()
        .to_owned()
}

/// A name with `/` between its parts, without `./` at its beginning.
fn normal(name: &str) -> String {
    let name = name.replace('\\', "/");
    name.strip_prefix("./").map_or(name.clone(), str::to_owned)
}
