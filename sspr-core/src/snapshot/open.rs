//! Opening inputs, recognising what they hold, and reading them in a fixed order.
//!
//! A survey lists everything that can be read, members of archives included, in the order of
//! names; then each is read once, as a stream. The order in which inputs were given never matters.

mod ahead;
mod archive;
mod content;
mod logs;
mod manifests;
mod operations;
mod seen;
mod source;
mod survey;
#[cfg(test)]
mod tests;
pub(in crate::snapshot) mod watched;

use std::cell::RefCell;
use std::io::Read;
use std::path::PathBuf;
use std::rc::Rc;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

pub use self::logs::{LogRead, LogRecord, LogsRead, OnRecord, read_logs};
pub use self::operations::{OperationsRead, read_operations, read_support};

use self::content::{Outcome, read_content};
use self::manifests::{Manifests, drain};
use self::source::Hasher;
use self::survey::{Item, Survey};
use self::watched::{Tally, Watched, announce, cancelled};
use super::read::{Collection, FINISH, Intake};
use super::{Evidence, Lost, Origin, Skipped, Snapshot};
use crate::error::{Error, ErrorCode, Result};
use crate::events::{EvtxOptions, LogOptions};
use crate::evidence::{Limits, Locator, ManifestFile, OnProgress, SourceId, Stage};
use crate::time::local::Zone;

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
    Stream(Box<dyn Read + Send>),
}

impl Input {
    /// A file, a folder with all below it, or a zip archive.
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

    /// A stream that can be read once, such as standard input.
    pub fn stream(name: impl Into<String>, stream: impl Read + Send + 'static) -> Self {
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
    /// The zone of times that come without one, as in texts that Event Viewer copied.
    pub zone: Option<Zone>,
    /// How [`read_logs`] reads `.evtx`. With several jobs it reads several files at once too, one a
    /// thread; the order in which events come is the same.
    pub evtx: EvtxOptions,
}

impl ReadOptions {
    /// How each log is read.
    fn log(&self) -> LogOptions {
        LogOptions {
            evtx: self.evtx,
            zone: self.zone,
            limits: self.limits,
        }
    }
}

impl Snapshot {
    /// Reads all inputs. What cannot be read is in [`Snapshot::skipped`] or in the `lost` of its
    /// evidence; an error is returned only when the caller stopped the work.
    ///
    /// `progress` hears of every input, and of every mebibyte read.
    pub fn read(
        inputs: Vec<Input>,
        options: &ReadOptions,
        progress: &mut OnProgress<'_>,
    ) -> Result<Self> {
        let mut survey = Survey::new(&options.limits, progress);
        survey.run(inputs)?;
        let Survey {
            mut items,
            skipped,
            archives,
            ..
        } = survey;
        let mut snapshot = Self {
            skipped,
            ..Self::default()
        };
        let manifests = Manifests::take(&mut items);
        let present = items.iter().map(|item| item.name.as_str());
        let present = present
            .chain(snapshot.skipped.iter().map(|skipped| skipped.name.as_str()))
            .chain(archives.iter().map(|(name, _)| name.as_str()));
        let missing = manifests.missing(present);
        snapshot.skipped.extend(missing);
        let differing = manifests.check_archives(&archives, progress)?;
        snapshot.skipped.extend(differing);
        drop(archives);
        for item in items {
            snapshot.read_item(item, &manifests, options, progress)?;
        }
        manifests.note_gaps(&mut snapshot.facts);
        snapshot.finish();
        // Some hosts and domains have their place only now.
        manifests.note_gaps(&mut snapshot.facts);
        let key = |skipped: &Skipped| (skipped.name.clone(), skipped.reason.to_string());
        snapshot.skipped.sort_by_cached_key(key);
        Ok(snapshot)
    }

    /// Draws what only all facts together tell.
    fn finish(&mut self) {
        for finish in FINISH {
            finish(&mut self.facts);
        }
    }

    fn read_item(
        &mut self,
        item: Item,
        manifests: &Manifests,
        options: &ReadOptions,
        progress: &mut OnProgress<'_>,
    ) -> Result<()> {
        announce(progress, Stage::Reading(&item.name), item.size)?;
        let entry = manifests.entry(&item.name);
        let source = SourceId(u32::try_from(self.evidence.len()).unwrap_or(u32::MAX));
        let origin = Origin::new(source, item.name.as_str())
            .observed(entry.and_then(|e| e.observed_at))
            .observed_or(options.observed_at)
            .about(entry.and_then(|e| e.subject.clone()))
            .answering(entry.and_then(|e| e.command.clone()))
            .whole(entry.and_then(|e| e.complete));
        if let Some((manifest, faults)) = item.manifest {
            let evidence = manifests::apply(&mut self.facts, &origin, &manifest, faults);
            self.evidence.push(Evidence {
                bytes: item.size.unwrap_or_default(),
                lost: lost(&origin),
                ..evidence
            });
            return Ok(());
        }
        if let Some(note) = item.note {
            origin.remark(note);
        }
        let mut intake = Intake {
            facts: &mut self.facts,
            origin: &origin,
            collection: Collection::default(),
            zone: options.zone,
        };
        let tally = Tally::default();
        let hasher = entry
            .and_then(|entry| entry.sha256.as_ref())
            .map(|_| Hasher::new(RefCell::new(Sha256::new())));
        let outcome = match item.source.open(hasher.as_ref().map(Rc::clone)) {
            Ok(reader) => {
                let reader = Watched::new(reader, &item.name, item.size, &tally, progress);
                read_stream(&mut intake, reader, options, entry, hasher.as_ref())
            }
            Err(error) => Outcome {
                kinds: Vec::new(),
                end: Some(error),
            },
        };
        if tally.stopped.get() {
            return Err(cancelled());
        }
        let items = intake.collection.items;
        let Outcome { kinds, end } = outcome;
        let gave_something = items > 0 || origin.has_claims();
        match end {
            Some(reason) if kinds.is_empty() || !gave_something => {
                self.skipped.push(Skipped {
                    name: item.name,
                    reason,
                });
                return Ok(());
            }
            Some(fault) => origin.fault(fault),
            None => {}
        }
        self.evidence.push(Evidence {
            source,
            name: item.name,
            kinds: kinds.into_iter().map(Into::into).collect(),
            subject: origin.subject.clone(),
            observed_at: origin.observed_at.get(),
            items,
            bytes: item.size.unwrap_or_else(|| tally.bytes.get()),
            unused: origin.is_unused(),
            note: origin.note.take(),
            lost: lost(&origin),
        });
        Ok(())
    }
}

/// Reads one input and holds it against what its manifest says.
fn read_stream(
    intake: &mut Intake<'_>,
    mut reader: Watched<'_, '_, Box<dyn Read>>,
    options: &ReadOptions,
    entry: Option<&ManifestFile>,
    hasher: Option<&Hasher>,
) -> Outcome {
    let mut head = Vec::new();
    if let Err(error) = { &mut reader }.take(HEAD as u64).read_to_end(&mut head)
        && head.is_empty()
    {
        return Outcome {
            kinds: Vec::new(),
            end: Some(Error::io(Locator::Whole, error)),
        };
    }
    let outcome = read_content(intake, &head, &mut reader, &options.limits);
    let Some(entry) = entry else { return outcome };
    if let (Some(hasher), Some(expected)) = (hasher, entry.sha256.as_deref())
        && drain(&mut reader)
        && !manifests::same(hasher, expected)
    {
        intake.origin.fault(manifests::differs());
    }
    let items = intake.collection.items;
    if let Some(expected) = entry
        .items
        .filter(|&expected| items > 0 && items < expected)
    {
        intake.origin.fault(Error::new(
            ErrorCode::Truncated,
            Locator::Whole,
            format!("the manifest counts {expected} items, and {items} were read"),
        ));
    }
    outcome
}

fn lost(origin: &Origin) -> Option<Lost> {
    let faults = origin.faults.take();
    faults.first.map(|first| Lost {
        count: faults.count,
        bytes: faults.bytes,
        first,
    })
}
