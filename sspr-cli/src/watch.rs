//! `sspr watch`.

mod deliver;
#[cfg(feature = "post")]
mod post;

use std::collections::BTreeSet;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sspr::ErrorCode;
use sspr::snapshot::{Change, Followed, Skipped};
use sspr::watch::{Watch, WatchOptions, WatchState};

use crate::args::Watch as Args;
use crate::failure::Failure;
use crate::logs::plural;
use crate::output::clean;
use crate::progress::Line;
use crate::{Io, OK, interrupt};
use deliver::Receiver;

/// The shortest time between two looks.
const SHORTEST: Duration = Duration::from_millis(20);

/// Watches until somebody asks to end, or once.
pub(crate) fn run(args: &Args, io: &mut Io<'_>, now: DateTime<Utc>) -> Result<u8, Failure> {
    for path in &args.logs {
        if let Err(error) = fs::metadata(path) {
            let failure = Failure::new(format!("{}: {error}", path.display()));
            return Err(failure.help("check the path; a folder may be empty, but has to be there"));
        }
    }
    // The caller's clock counts, wherever it stands.
    let ahead = now - Utc::now();
    let earlier = args
        .state
        .as_deref()
        .map(WatchState::load)
        .transpose()?
        .flatten();
    let goes_on = earlier.is_some();
    let state = earlier.unwrap_or_else(|| WatchState::new(args.since.unwrap_or(now)));
    let since = state.since;
    let mut options = WatchOptions::default();
    options.refusals = args.refusals;
    options.burst = args.burst;
    options.silence = match args.silence {
        never if never.is_zero() => TimeDelta::MAX,
        some => some,
    };
    let mut turn = Turn {
        watch: Watch::new(args.logs.clone(), options, state),
        receiver: Receiver::of(args)?,
        args,
        saved: String::new(),
        said: BTreeSet::new(),
    };
    if !args.once {
        interrupt::listen()?;
    }
    turn.resume(io)?;
    let mut is_first = true;
    loop {
        let at = if args.once { now } else { Utc::now() + ahead };
        let Some(followed) = turn.look(at, io)? else {
            return Ok(OK);
        };
        if is_first && !args.once {
            let how = if goes_on { "going on" } else { "watching" };
            let since = since.format("%Y-%m-%d %H:%M:%S UTC");
            let files = followed.files;
            let many = if files == 1 { "file" } else { "files" };
            writeln!(
                io.stderr,
                "{how}: {files} {many}, what happens from {since} on; Ctrl-C ends"
            )?;
        }
        turn.say(&followed, is_first, io)?;
        is_first = false;
        let handed = turn.hand_on(at, io)?;
        if args.once {
            return if handed { Ok(OK) } else { Err(untaken(args)) };
        }
        interrupt::sleep(args.interval.to_std().unwrap_or_default().max(SHORTEST));
        if interrupt::asked() {
            return Ok(OK);
        }
    }
}

/// What one look after another shares.
struct Turn<'a> {
    watch: Watch,
    receiver: Receiver<'a>,
    args: &'a Args,
    /// The state as it was written last.
    saved: String,
    /// What was said on standard error already.
    said: BTreeSet<String>,
}

impl Turn<'_> {
    /// Hands on what an earlier run could not.
    fn resume(&mut self, io: &mut Io<'_>) -> Result<(), Failure> {
        let told = self.receiver.complete(self.watch.untold(), io.screen)?;
        self.watch.told(told);
        self.save()
    }

    /// Looks at the logs; nothing where somebody asked to end meanwhile.
    fn look(&mut self, at: DateTime<Utc>, io: &mut Io<'_>) -> Result<Option<Followed>, Failure> {
        let mut line = Line::new(io.stderr, io.screen.progress, io.screen.width);
        let listens = !self.args.once;
        let looked = self.watch.look(at, &mut |progress| {
            if listens && interrupt::asked() {
                return ControlFlow::Break(());
            }
            line.report(&progress)
        });
        match looked {
            Ok(followed) => Ok(Some(followed)),
            Err(error) if error.code == ErrorCode::Cancelled => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Says on standard error what became of files.
    fn say(&mut self, followed: &Followed, is_first: bool, io: &mut Io<'_>) -> Result<(), Failure> {
        for changed in &followed.changed {
            let what = match changed.change {
                Change::New if is_first => continue,
                Change::New => "is new",
                Change::Replaced => "is another log than before, and is read from its beginning",
                // It is told as a notice.
                Change::Missed(..) => continue,
            };
            writeln!(io.stderr, "{} {what}", clean(&changed.name))?;
        }
        // What lies beside the logs of a folder is no trouble, and a log that was named is.
        let is_beside = |skipped: &&Skipped| {
            let is_named =
                || { self.args.logs.iter() }.any(|path| path == Path::new(&skipped.name));
            skipped.reason.code == ErrorCode::Unrecognised && !is_named()
        };
        let (beside, troubles): (Vec<_>, Vec<_>) = followed.skipped.iter().partition(is_beside);
        if !beside.is_empty() {
            let files = plural(beside.len() as u64, "file is", "files are");
            let text = format!("{files} no log, and passed over");
            if self.said.insert(text.clone()) {
                writeln!(io.stderr, "{text}")?;
            }
        }
        for skipped in troubles {
            let text = format!("{}: {}", skipped.name, skipped.reason.message);
            if self.said.insert(text.clone()) {
                writeln!(io.stderr, "warning: {}", clean(&text))?;
            }
        }
        Ok(io.stderr.flush()?)
    }

    /// Hands on what is to be told: kept before, and crossed out after. Whether all was taken.
    fn hand_on(&mut self, at: DateTime<Utc>, io: &mut Io<'_>) -> Result<bool, Failure> {
        self.save()?;
        while !self.watch.untold().is_empty() {
            let taken = self.receiver.hand_on(&mut self.watch, at, io)?;
            self.save()?;
            if !taken {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn save(&mut self) -> Result<(), Failure> {
        let Some(path) = self.args.state.as_deref() else {
            return Ok(());
        };
        let json = self.watch.state().to_json();
        if json != self.saved {
            self.watch
                .state()
                .save(path)
                .map_err(|error| unsaved(path, &error))?;
            self.saved = json;
        }
        Ok(())
    }
}

fn untaken(args: &Args) -> Failure {
    let failure = Failure::new("the notices were not taken");
    failure.help(if args.state.is_some() {
        "mend it and run this again: they are kept, and handed on then"
    } else {
        "keep them for the next run with --state"
    })
}

fn unsaved(path: &Path, error: &sspr::Error) -> Failure {
    Failure::new(format!(
        "{} could not be written: {}",
        path.display(),
        error.message
    ))
    .help("choose another file with --state")
}
