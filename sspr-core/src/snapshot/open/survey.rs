//! The first look at all inputs: what there is, in a fixed order, with nothing read but the heads.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::archive::{Entry, LIST_BYTES, is_zip, list};
use super::manifests::recognise;
use super::source::{Budget, Seekable, Source, unreadable};
use super::watched::{Tally, Watched, announce, cancelled};
use super::{Content, HEAD, Input};
use crate::carrier::packed::Packing;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{COLLECTION_STATE, Limits, Locator, Manifest, OnProgress, Stage, UNFINISHED};
use crate::snapshot::Skipped;

/// One thing to read.
pub(super) struct Item {
    /// Its name.
    pub(super) name: String,
    /// Where its bytes are.
    pub(super) source: Source,
    /// How many bytes it has, if known.
    pub(super) size: Option<u64>,
    /// The manifest that it is, with what was wrong in it.
    pub(super) manifest: Option<(Manifest, Vec<Error>)>,
    /// A remark for the reader.
    pub(super) note: Option<String>,
    /// Orders inputs of the same name.
    digest: u64,
}

/// The first look at all inputs.
pub(super) struct Survey<'a, 'p> {
    limits: &'a Limits,
    progress: &'a mut OnProgress<'p>,
    /// What is to be read.
    pub(super) items: Vec<Item>,
    /// What gives nothing.
    pub(super) skipped: Vec<Skipped>,
    /// Archives, whose members are among the items.
    pub(super) archives: Vec<(String, Source)>,
    budgets: Vec<Rc<Budget>>,
    seen: BTreeMap<PathBuf, String>,
    list_left: Rc<Cell<u64>>,
    files: usize,
}

/// How deep something is nested, and what the archive around it may still unpack to.
#[derive(Clone, Default)]
struct Around {
    depth: usize,
    budget: Option<Rc<Budget>>,
}

impl Around {
    fn deeper(&self, budget: Option<Rc<Budget>>) -> Self {
        Self {
            depth: self.depth + 1,
            budget: budget.or_else(|| self.budget.clone()),
        }
    }
}

impl<'a, 'p> Survey<'a, 'p> {
    pub(super) fn new(limits: &'a Limits, progress: &'a mut OnProgress<'p>) -> Self {
        Self {
            limits,
            progress,
            items: Vec::new(),
            skipped: Vec::new(),
            archives: Vec::new(),
            budgets: Vec::new(),
            seen: BTreeMap::new(),
            list_left: Rc::new(Cell::new(LIST_BYTES)),
            files: 0,
        }
    }

    /// Looks at all inputs. Only a caller who stops the work makes it an error.
    pub(super) fn run(&mut self, mut inputs: Vec<Input>) -> Result<()> {
        inputs.sort_by(|a, b| a.name.cmp(&b.name));
        for Input { name, content } in inputs {
            let around = Around::default();
            match content {
                Content::Path(path) => self.path(name, &path, &around)?,
                Content::Bytes(bytes) => {
                    let size = bytes.len() as u64;
                    let source = Source::Fixed(Seekable::Bytes(bytes.into()));
                    self.file(name, source, Some(size), &around)?;
                }
                Content::Stream(stream) => {
                    let source = Source::Once(RefCell::new(Some(stream)));
                    self.file(name, source, None, &around)?;
                }
            }
        }
        self.items
            .sort_by(|a, b| (&a.name, a.digest, a.size).cmp(&(&b.name, b.digest, b.size)));
        for budget in &self.budgets {
            budget.refill();
        }
        Ok(())
    }

    fn skip(&mut self, name: impl Into<String>, reason: Error) {
        self.skipped.push(Skipped {
            name: name.into(),
            reason,
        });
    }

    fn path(&mut self, name: String, path: &Path, around: &Around) -> Result<()> {
        let looked = fs::metadata(path).and_then(|meta| Ok((meta, fs::canonicalize(path)?)));
        let (meta, real) = match looked {
            Ok(found) => found,
            Err(error) => {
                self.skip(name, unreadable(error));
                return Ok(());
            }
        };
        if let Some(earlier) = self.seen.get(&real) {
            let earlier = earlier.clone();
            if meta.is_dir() {
                let reason = Error::new(
                    ErrorCode::Limit,
                    Locator::Whole,
                    format!("this folder is read already, as {earlier}"),
                );
                self.skip(name, reason);
            } else if let Some(item) = self.items.iter_mut().find(|item| item.name == earlier) {
                item.note
                    .get_or_insert_with(|| format!("the same file was also given as {name}"));
            }
            return Ok(());
        }
        self.seen.insert(real, name.clone());
        if meta.is_dir() {
            self.folder(&name, path, around)
        } else if meta.is_file() {
            let source = Source::Fixed(Seekable::File(path.to_owned()));
            self.file(name, source, Some(meta.len()), around)
        } else {
            let reason = Error::new(
                ErrorCode::Unsupported,
                Locator::Whole,
                "it is a pipe, a socket or a device, and no file",
            )
            .with_help("pipe its content to standard input and give `-` as the evidence");
            self.skip(name, reason);
            Ok(())
        }
    }

    fn folder(&mut self, name: &str, path: &Path, around: &Around) -> Result<()> {
        if around.depth >= self.limits.depth {
            self.skip(name, too_deep());
            return Ok(());
        }
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) => {
                self.skip(name, unreadable(error));
                return Ok(());
            }
        };
        let mut paths = BTreeSet::new();
        for entry in entries {
            match entry {
                Ok(entry) => {
                    paths.insert(entry.path());
                }
                Err(error) => self.skip(name, unreadable(error)),
            }
            if paths.len() > self.limits.files {
                self.skip(name, self.too_many());
                return Ok(());
            }
        }
        for path in paths {
            let name = path.display().to_string();
            self.path(name, &path, &around.deeper(None))?;
        }
        Ok(())
    }

    fn file(
        &mut self,
        name: String,
        source: Source,
        size: Option<u64>,
        around: &Around,
    ) -> Result<()> {
        if self.files == self.limits.files {
            self.skip(name, self.too_many());
            return Ok(());
        }
        self.files += 1;
        announce(self.progress, Stage::Recognising(&name), size)?;
        if name.ends_with(UNFINISHED) {
            self.skip(name, unfinished());
            return Ok(());
        }
        let head = match head_of(&source) {
            Ok(head) => head,
            Err(error) => {
                self.skip(name, error);
                return Ok(());
            }
        };
        if is_state(&head) {
            self.skip(name, unfinished());
            return Ok(());
        }
        if is_zip(&head) {
            return self.archive(name, source, size, around);
        }
        if let Some(packing) = Packing::of(&head) {
            if around.depth >= self.limits.depth {
                self.skip(name, too_deep());
                return Ok(());
            }
            let budget = self.budget(size, around);
            let around = around.deeper(Some(Rc::clone(&budget)));
            self.files -= 1;
            return self.file(name, source.unpacked(packing, budget), None, &around);
        }
        let manifest = match recognise(&head, &source, self.limits) {
            Ok(manifest) => manifest,
            Err(error) => {
                self.skip(name, error);
                return Ok(());
            }
        };
        let mut hasher = DefaultHasher::new();
        head.hash(&mut hasher);
        self.items.push(Item {
            name,
            source,
            size,
            manifest,
            note: None,
            digest: hasher.finish(),
        });
        Ok(())
    }

    fn archive(
        &mut self,
        name: String,
        source: Source,
        size: Option<u64>,
        around: &Around,
    ) -> Result<()> {
        if around.depth >= self.limits.depth {
            self.skip(name, too_deep());
            return Ok(());
        }
        let budget = self.budget(size, around);
        let tally = Tally::default();
        let seekable = source.seekable(&budget, |from, into| {
            let mut from = Watched::new(from, &name, size, &tally, self.progress);
            io::copy(&mut from, into).map(|_| ())
        });
        if tally.stopped.get() {
            return Err(cancelled());
        }
        let listed =
            seekable.and_then(|seekable| list(&seekable, &budget, self.limits, &self.list_left));
        let entries = match listed {
            Ok(entries) => entries,
            Err(error) => {
                self.skip(name, error);
                return Ok(());
            }
        };
        if entries.is_empty() {
            let reason = Error::new(
                ErrorCode::Truncated,
                Locator::Whole,
                "the archive holds no file",
            );
            self.skip(&name, reason);
        }
        self.archives.push((name.clone(), source));
        let around = around.deeper(Some(budget));
        for entry in entries {
            match entry {
                Entry::Readable(path, member) => {
                    let size = member.size;
                    let path = format!("{name}/{path}");
                    self.file(path, Source::Member(member), Some(size), &around)?;
                }
                Entry::Refused(path, reason) => self.skip(format!("{name}/{path}"), reason),
            }
        }
        Ok(())
    }

    /// What may be unpacked: the outermost archive decides for all that is nested in it.
    fn budget(&mut self, size: Option<u64>, around: &Around) -> Rc<Budget> {
        around.budget.clone().unwrap_or_else(|| {
            let budget = Budget::new(self.limits, size);
            self.budgets.push(Rc::clone(&budget));
            budget
        })
    }

    fn too_many(&self) -> Error {
        Error::new(
            ErrorCode::Limit,
            Locator::Whole,
            format!(
                "more than {} files; this one is not read",
                self.limits.files
            ),
        )
    }
}

fn head_of(source: &Source) -> Result<Vec<u8>> {
    let mut reader = source.open(None)?;
    let mut head = Vec::new();
    let read = reader.by_ref().take(HEAD as u64).read_to_end(&mut head);
    if matches!(source, Source::Once(_)) {
        source.put_back(head.clone(), reader);
    }
    match read {
        // What was read before the fault may still be evidence; reading it meets the fault again.
        Err(error) if head.is_empty() => Err(unreadable(error)),
        _ => Ok(head),
    }
}

/// Whether it is what a collector notes down while it works.
fn is_state(head: &[u8]) -> bool {
    let mut rest = head;
    for token in ["{", "\"schema\"", ":", "\"", COLLECTION_STATE] {
        match rest.trim_ascii_start().strip_prefix(token.as_bytes()) {
            Some(behind) => rest = behind,
            None => return false,
        }
    }
    true
}

/// That a collection was interrupted, of which this is what was left behind.
fn unfinished() -> Error {
    Error::new(
        ErrorCode::Truncated,
        Locator::Whole,
        "a collection into this folder was interrupted: what it finished is read, and none of its \
         lists counts as whole",
    )
    .with_help("resume the collector's run (--resume)")
}

fn too_deep() -> Error {
    Error::new(
        ErrorCode::Limit,
        Locator::Whole,
        "folders and archives nest too deep here",
    )
}
