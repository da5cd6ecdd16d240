//! Handing on what a watch tells: to standard output, to a file, to a program, or to a receiver
//! elsewhere.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use chrono::{DateTime, Utc};
use sspr::render::{notice_json, notice_text};
use sspr::watch::{Notice, Watch};

#[cfg(feature = "post")]
use super::post::Poster;
use crate::args::{Watch as Args, WatchFormat};
use crate::failure::Failure;
use crate::output::clean;
use crate::{Io, Screen};

/// Who gets the notices.
pub(super) struct Receiver<'a> {
    format: WatchFormat,
    to: To<'a>,
}

enum To<'a> {
    Output,
    File(&'a Path),
    Program(&'a OsString, &'a [OsString]),
    #[cfg(feature = "post")]
    Elsewhere(Box<Poster>),
}

impl<'a> Receiver<'a> {
    #[cfg_attr(
        not(feature = "post"),
        expect(
            clippy::unnecessary_wraps,
            reason = "only posting can go wrong here, and looks at the time"
        )
    )]
    pub(super) fn of(args: &'a Args) -> Result<Self, Failure> {
        let to = match (args.exec.split_first(), args.output.as_deref()) {
            (Some((program, arguments)), _) => To::Program(program, arguments),
            (None, Some(path)) if path != Path::new("-") => To::File(path),
            (None, _) => To::Output,
        };
        #[cfg(feature = "post")]
        let to = Poster::of(&args.post)?.map_or(to, |poster| To::Elsewhere(Box::new(poster)));
        Ok(Self {
            format: args.format,
            to,
        })
    }

    /// Completes what a run before was writing when it ended, and says how many notices are written:
    /// a file tells how far it came. Elsewhere nobody can know, and none is.
    pub(super) fn complete(&self, notices: &[Notice], screen: Screen) -> Result<usize, Failure> {
        let To::File(path) = self.to else {
            return Ok(0);
        };
        if notices.is_empty() {
            return Ok(0);
        }
        let block = self.block(notices, in_file(screen));
        append(path, block.as_bytes()).map_err(|error| unwritten(path, &error))?;
        Ok(notices.len())
    }

    /// Hands on the first of what a watch has to tell, or all, and crosses it out. Whether it was taken:
    /// a program or a receiver may refuse it for now.
    #[cfg_attr(
        not(feature = "post"),
        expect(
            unused_variables,
            reason = "only posting can go wrong here, and looks at the time"
        )
    )]
    pub(super) fn hand_on(
        &mut self,
        watch: &mut Watch,
        at: DateTime<Utc>,
        io: &mut Io<'_>,
    ) -> Result<bool, Failure> {
        let taken = match &mut self.to {
            #[cfg(feature = "post")]
            To::Elsewhere(poster) => return poster.send(watch, at, io),
            _ => self.all(watch.untold(), io)?,
        };
        if taken {
            watch.told(usize::MAX);
        }
        Ok(taken)
    }

    fn all(&self, notices: &[Notice], io: &mut Io<'_>) -> Result<bool, Failure> {
        match self.to {
            To::Output => {
                io.stdout
                    .write_all(self.block(notices, io.screen).as_bytes())?;
                io.stdout.flush()?;
                Ok(true)
            }
            To::File(path) => {
                let block = self.block(notices, in_file(io.screen));
                append(path, block.as_bytes()).map_err(|error| unwritten(path, &error))?;
                Ok(true)
            }
            To::Program(program, arguments) => {
                let lines: String = notices.iter().map(notice_json).collect();
                let Err(why) = run(program, arguments, lines.as_bytes()) else {
                    return Ok(true);
                };
                let program = program.to_string_lossy();
                writeln!(
                    io.stderr,
                    "warning: {} {why}; it gets the notices again",
                    clean(&program)
                )?;
                Ok(false)
            }
            #[cfg(feature = "post")]
            To::Elsewhere(_) => Ok(false),
        }
    }

    fn block(&self, notices: &[Notice], screen: Screen) -> String {
        let one = |notice| match self.format {
            WatchFormat::Text => notice_text(notice, screen.width, screen.color),
            WatchFormat::Jsonl => notice_json(notice),
        };
        notices.iter().map(one).collect()
    }
}

/// A file is the same whatever terminal it is written from.
fn in_file(screen: Screen) -> Screen {
    Screen {
        width: Screen::default().width,
        color: false,
        ..screen
    }
}

/// Appends a block, of which the beginning may be in the file already.
fn append(path: &Path, block: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .create(true)
        .read(true)
        .append(true)
        .open(path)?;
    let there = written(&mut file, block)?;
    file.write_all(block.get(there..).unwrap_or_default())?;
    file.sync_data()
}

/// How many bytes of the beginning of a block the end of a file holds.
fn written(file: &mut File, block: &[u8]) -> io::Result<usize> {
    let length = file.metadata()?.len();
    let most = length.min(block.len() as u64);
    file.seek(SeekFrom::Start(length - most))?;
    let mut end = Vec::new();
    file.take(most).read_to_end(&mut end)?;
    let holds = |count: &usize| {
        block
            .get(..*count)
            .is_some_and(|begin| end.ends_with(begin))
    };
    Ok((1..=end.len()).rev().find(holds).unwrap_or(0))
}

/// Runs a program with lines on its standard input; an error says why it did not take them.
fn run(program: &OsString, arguments: &[OsString], lines: &[u8]) -> Result<(), String> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|error| format!("could not be run: {error}"))?;
    // A program that does not read to the end says by its code whether that was meant.
    let wrote = match child.stdin.take().map(|mut stdin| stdin.write_all(lines)) {
        Some(Err(error)) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    };
    let status = child.wait().map_err(|error| error.to_string())?;
    match (status.success(), wrote) {
        (true, Ok(())) => Ok(()),
        (true, Err(error)) => Err(format!("did not read: {error}")),
        (false, _) => Err(match status.code() {
            Some(code) => format!("ended with code {code}"),
            None => "was ended".to_owned(),
        }),
    }
}

fn unwritten(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("{} could not be written: {error}", path.display()))
        .help("choose another file with -o")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops where its premise fails")]

    use std::fs;

    use super::append;

    #[test]
    fn a_block_that_was_torn_is_completed_and_a_whole_one_is_not_repeated() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notices.jsonl");
        let block = b"{\"id\":\"a1\"}\n{\"id\":\"b2\"}\n";
        for torn in 0..=block.len() {
            let mut before = b"{\"id\":\"00\"}\n".to_vec();
            before.extend_from_slice(&block[..torn]);
            fs::write(&path, before).unwrap();
            append(&path, block).unwrap();
            let whole = fs::read(&path).unwrap();
            assert_eq!(whole, [b"{\"id\":\"00\"}\n", &block[..]].concat(), "{torn}");
        }
    }
}
