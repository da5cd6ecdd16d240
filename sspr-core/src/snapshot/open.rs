//! Opening inputs, recognising what they hold, and reading them in a fixed order.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Cursor, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::read::{
    BINARY, BinaryKind, Collection, FINISH, Intake, ItemReader, JSON, TEXT, TextKind,
};
use super::{Evidence, Faults, Lost, Origin, Skipped, Snapshot};
use crate::carrier::json::{Event, read_items};
use crate::carrier::text::{encoding_of, utf8_reader};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{Limits, Locator, Manifest, OnProgress, Progress, SourceId, Stage, Strength};

/// How many bytes of an input decide what it is.
const HEAD: usize = 64 * 1024;

/// One input: a path, or content with a name.
pub struct Input {
    name: String,
    content: Content,
}

enum Content {
    Path(PathBuf),
    Bytes(Vec<u8>),
    Stream(Box<dyn Read>),
}

impl Input {
    /// A file or a folder.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self {
            name: path.display().to_string(),
            content: Content::Path(path),
        }
    }

    /// Content in memory.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            content: Content::Bytes(bytes.into()),
        }
    }

    /// A stream that can be read once.
    pub fn stream(name: impl Into<String>, stream: impl Read + 'static) -> Self {
        Self {
            name: name.into(),
            content: Content::Stream(Box::new(stream)),
        }
    }
}

/// How inputs are read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// When evidence was observed that does not tell it itself.
    pub observed_at: Option<DateTime<Utc>>,
    /// Bounds on what an input may cost.
    pub limits: Limits,
}

impl Snapshot {
    /// Reads all inputs. What cannot be read is in [`Snapshot::skipped`] or in the `lost` of its
    /// evidence; an error is returned only when the caller stopped the work.
    pub fn read(
        inputs: Vec<Input>,
        options: &ReadOptions,
        progress: &mut OnProgress<'_>,
    ) -> Result<Self> {
        let mut snapshot = Self::default();
        let mut files = Vec::new();
        for input in inputs {
            expand(input, options, &mut files, &mut snapshot.skipped);
        }
        files.sort_by(|a: &Opened, b| a.name.cmp(&b.name));
        let manifests = take_manifests(&mut files, &mut snapshot.skipped);
        for file in files {
            let name = file.name.clone();
            if progress(Progress::new(Stage::Reading(&name), 0, file.size)).is_break() {
                return Err(Error::new(
                    ErrorCode::Cancelled,
                    Locator::Whole,
                    "stopped by the caller",
                ));
            }
            snapshot.read_one(file, &manifests, options);
        }
        for finish in FINISH {
            finish(&mut snapshot.facts);
        }
        Ok(snapshot)
    }

    fn read_one(&mut self, file: Opened, manifests: &Manifests, options: &ReadOptions) {
        let Opened {
            name,
            head,
            reader,
            size,
        } = file;
        let entry = manifests.entry(&name);
        let origin = Origin {
            source: SourceId(u32::try_from(self.evidence.len()).unwrap_or(u32::MAX)),
            observed_at: Cell::new(entry.and_then(|e| e.observed_at).or(options.observed_at)),
            strength: Cell::new(Strength::Exported),
            subject: entry.and_then(|e| e.subject.clone()),
            complete: entry.and_then(|e| e.complete),
            faults: RefCell::new(Faults::default()),
            name,
        };
        let mut intake = Intake {
            facts: &mut self.facts,
            origin: &origin,
            collection: Collection::default(),
        };
        let read = read_content(&mut intake, &head, reader, options);
        let items = intake.collection.items;
        let faults = origin.faults.take();
        match read {
            Ok(kinds) if kinds.is_empty() => {
                let reason = faults.first.unwrap_or_else(|| {
                    Error::new(
                        ErrorCode::Unrecognised,
                        Locator::Whole,
                        "nothing in it is evidence that is known here",
                    )
                });
                self.skipped.push(Skipped {
                    name: origin.name,
                    reason,
                });
            }
            Err(reason) => self.skipped.push(Skipped {
                name: origin.name,
                reason,
            }),
            Ok(kinds) => self.evidence.push(Evidence {
                source: origin.source,
                name: origin.name,
                kinds,
                subject: origin.subject,
                observed_at: origin.observed_at.get(),
                items,
                bytes: size.unwrap_or_default(),
                unused: false,
                note: None,
                lost: faults.first.map(|first| Lost {
                    count: faults.count,
                    bytes: faults.bytes,
                    first,
                }),
            }),
        }
    }
}

/// An input that is open, with its first bytes.
struct Opened {
    name: String,
    head: Vec<u8>,
    reader: Box<dyn Read>,
    size: Option<u64>,
}

fn expand(
    input: Input,
    options: &ReadOptions,
    files: &mut Vec<Opened>,
    skipped: &mut Vec<Skipped>,
) {
    let Input { name, content } = input;
    let opened = match content {
        Content::Path(path) if path.is_dir() => {
            expand_folder(&path, options, 0, files, skipped);
            return;
        }
        Content::Path(path) => File::open(&path)
            .map_err(|error| Error::io(Locator::Whole, error))
            .and_then(|file| {
                let size = file.metadata().ok().map(|meta| meta.len());
                open_stream(name.clone(), Box::new(file), size)
            }),
        Content::Bytes(bytes) => {
            let size = bytes.len() as u64;
            open_stream(name.clone(), Box::new(Cursor::new(bytes)), Some(size))
        }
        Content::Stream(stream) => open_stream(name.clone(), stream, None),
    };
    match opened {
        Ok(opened) => files.push(opened),
        Err(reason) => skipped.push(Skipped { name, reason }),
    }
}

fn expand_folder(
    folder: &Path,
    options: &ReadOptions,
    depth: usize,
    files: &mut Vec<Opened>,
    skipped: &mut Vec<Skipped>,
) {
    let refuse = |reason| Skipped {
        name: folder.display().to_string(),
        reason,
    };
    if depth > options.limits.depth {
        skipped.push(refuse(Error::new(
            ErrorCode::Limit,
            Locator::Whole,
            "folders nest too deep",
        )));
        return;
    }
    let mut paths = Vec::new();
    match fs::read_dir(folder) {
        Ok(entries) => paths.extend(entries.flatten().map(|entry| entry.path())),
        Err(error) => skipped.push(refuse(Error::io(Locator::Whole, error))),
    }
    paths.sort();
    for path in paths {
        if files.len() >= options.limits.files {
            skipped.push(refuse(Error::new(
                ErrorCode::Limit,
                Locator::Whole,
                "too many files",
            )));
            return;
        }
        if path.is_dir() {
            expand_folder(&path, options, depth + 1, files, skipped);
        } else {
            expand(Input::path(path), options, files, skipped);
        }
    }
}

fn open_stream(name: String, mut reader: Box<dyn Read>, size: Option<u64>) -> Result<Opened> {
    let mut head = Vec::with_capacity(HEAD);
    reader
        .by_ref()
        .take(HEAD as u64)
        .read_to_end(&mut head)
        .map_err(|error| Error::io(Locator::Whole, error))?;
    Ok(Opened {
        name,
        head,
        reader,
        size,
    })
}

/// The manifests of a snapshot, by the folder they stand in.
struct Manifests(BTreeMap<String, Manifest>);

impl Manifests {
    fn entry(&self, name: &str) -> Option<&crate::evidence::ManifestFile> {
        self.0.iter().find_map(|(folder, manifest)| {
            let rest = name.strip_prefix(folder.as_str())?;
            manifest.files.iter().find(|file| file.path == rest)
        })
    }
}

fn take_manifests(files: &mut Vec<Opened>, skipped: &mut Vec<Skipped>) -> Manifests {
    let mut manifests = BTreeMap::new();
    files.retain_mut(|file| {
        let head = String::from_utf8_lossy(&file.head);
        if !head.contains("\"sspr-evidence/") {
            return true;
        }
        let mut bytes = std::mem::take(&mut file.head);
        let parsed = file
            .reader
            .read_to_end(&mut bytes)
            .map_err(|error| Error::io(Locator::Whole, error))
            .and_then(|_| Manifest::parse(&bytes));
        match parsed {
            Ok(manifest) => {
                let folder = file
                    .name
                    .rfind(['/', '\\'])
                    .map_or("", |at| &file.name[..=at]);
                manifests.insert(folder.to_owned(), manifest);
            }
            Err(reason) => skipped.push(Skipped {
                name: file.name.clone(),
                reason,
            }),
        }
        false
    });
    Manifests(manifests)
}

/// Reads one input; the result names the kinds it was recognised as.
fn read_content(
    into: &mut Intake<'_>,
    head: &[u8],
    rest: Box<dyn Read>,
    options: &ReadOptions,
) -> Result<Vec<&'static str>> {
    let mut whole = Cursor::new(head.to_vec()).chain(rest);
    if let Some(kind) = BINARY
        .iter()
        .copied()
        .flatten()
        .find(|kind: &&BinaryKind| (kind.matches)(head))
    {
        into.origin.strength.set(kind.strength);
        keep_what_was_read((kind.read)(into, &mut whole), into)?;
        return Ok(vec![kind.name]);
    }
    let (text, _, _) = encoding_of(head).decode(head);
    let text = text.trim_start_matches('\u{feff}');
    if head.is_empty() {
        return Err(Error::new(
            ErrorCode::Truncated,
            Locator::Whole,
            "it is empty",
        ));
    }
    if text.contains('\0') {
        return Err(Error::new(
            ErrorCode::Unrecognised,
            Locator::Whole,
            "it is binary data of no known kind",
        ));
    }
    let kind = TEXT
        .iter()
        .copied()
        .flatten()
        .find(|kind: &&TextKind| (kind.matches)(text));
    let mut utf8 = BufReader::with_capacity(64 * 1024, utf8_reader(head, whole));
    if let Some(kind) = kind {
        into.origin.strength.set(kind.strength);
        keep_what_was_read((kind.read)(into, &mut utf8), into)?;
        return Ok(vec![kind.name]);
    }
    if text.trim_start().starts_with(['{', '[']) {
        return read_json(into, &mut utf8, options);
    }
    Ok(Vec::new())
}

/// An error after something was read is a loss, not the end of the evidence.
fn keep_what_was_read(result: Result<()>, into: &mut Intake<'_>) -> Result<()> {
    match result {
        Err(error) if into.collection.items > 0 => {
            into.origin.fault(error);
            Ok(())
        }
        other => other,
    }
}

fn read_json(
    into: &mut Intake<'_>,
    utf8: &mut dyn BufRead,
    options: &ReadOptions,
) -> Result<Vec<&'static str>> {
    let kinds: Vec<_> = JSON.iter().copied().flatten().collect();
    let mut readers: Vec<Option<Box<dyn ItemReader>>> = kinds.iter().map(|_| None).collect();
    let mut last = 0;
    let mut unknown: Option<(u64, Locator)> = None;
    let read = read_items(utf8, options.limits.item_bytes, &mut |event| {
        match event {
            Event::Item(object, pages) => {
                let found = kinds
                    .get(last)
                    .filter(|kind| (kind.matches)(&object, pages))
                    .map(|_| last)
                    .or_else(|| kinds.iter().position(|kind| (kind.matches)(&object, pages)));
                let Some(index) = found else {
                    let (count, _) = unknown.get_or_insert((0, object.place().clone()));
                    *count += 1;
                    return ControlFlow::Continue(());
                };
                last = index;
                if let (Some(kind), Some(slot)) = (kinds.get(index), readers.get_mut(index)) {
                    into.collection.items += 1;
                    into.origin.strength.set(if is_pascal_case(&object) {
                        kind.strength.min(Strength::Exported)
                    } else {
                        kind.strength
                    });
                    let reader = slot.get_or_insert_with(kind.reader);
                    reader.item(into, &object, pages);
                }
            }
            Event::PageEnd(page, _) => {
                into.collection.open = page.next_link().is_some();
                let count = page
                    .fields
                    .get("@odata.count")
                    .and_then(serde_json::Value::as_u64);
                into.collection.count = into.collection.count.max(count);
            }
            Event::Other(place) => {
                unknown.get_or_insert((0, place)).0 += 1;
            }
        }
        ControlFlow::Continue(())
    })?;
    if let Some(fault) = read.fault {
        // A collection that breaks off is not whole, whatever its last whole page said.
        into.collection.open = true;
        into.origin.fault(fault);
    }
    let mut names: Vec<&'static str> = Vec::new();
    for (kind, reader) in kinds.iter().zip(readers) {
        if let Some(mut reader) = reader {
            reader.finish(into);
            if !names.contains(&kind.name) {
                names.push(kind.name);
            }
        }
    }
    if let (false, Some((count, place))) = (names.is_empty(), unknown) {
        let mut faults = into.origin.faults.borrow_mut();
        faults.add(Error::new(
            ErrorCode::Unrecognised,
            place,
            "this part is no evidence that is known here",
        ));
        faults.count += count - 1;
    }
    Ok(names)
}

/// Whether the fields of an object are written as PowerShell writes them.
fn is_pascal_case(object: &crate::carrier::json::Object<'_>) -> bool {
    let mut keys = object.map().keys().filter(|key| !key.starts_with('@'));
    keys.next()
        .is_some_and(|key| key.starts_with(|c: char| c.is_ascii_uppercase()))
}
