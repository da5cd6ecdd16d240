//! The `sspr` command as a library: one function, [`run`], which a wrapper in any language calls
//! with the arguments, the streams and the time.
#![forbid(unsafe_code)]

mod args;
mod assess;
mod attest;
mod collect;
mod events;
mod explain;
mod failure;
mod interrupt;
mod logs;
mod output;
mod password;
mod progress;
mod roundtrip;
mod schema;
mod time;
mod watch;

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use chrono::{DateTime, SubsecRound, Utc};
use clap::{CommandFactory, FromArgMatches};

use args::{Args, Collect, Command};
use failure::Failure;

/// Nothing at or above `--fail-on`, and every gate settled.
pub const OK: u8 = 0;
/// Something is at or above `--fail-on`.
pub const FOUND: u8 = 1;
/// The command or its input could not be used.
pub const UNUSABLE: u8 = 2;
/// No fault found, but a gate is unknown, or nothing was collected.
pub const UNSETTLED: u8 = 3;

/// What is known of the screen. The default is no terminal at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Screen {
    /// Columns to fill.
    pub width: usize,
    /// Whether standard output takes colours.
    pub color: bool,
    /// Whether standard error is a terminal, where progress is shown.
    pub progress: bool,
    /// Whether standard output is one, to which no binary data goes.
    pub terminal: bool,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            width: 80,
            color: false,
            progress: false,
            terminal: false,
        }
    }
}

impl Screen {
    /// Looks at this process's own streams and at `NO_COLOR`.
    fn detect() -> Self {
        let default = Self::default();
        let width = terminal_size::terminal_size()
            .filter(|_| io::stdout().is_terminal())
            .map_or(default.width, |(width, _)| usize::from(width.0));
        Self {
            width: width.clamp(40, 160),
            color: AutoStream::choice(&io::stdout()) != ColorChoice::Never,
            progress: io::stderr().is_terminal(),
            terminal: io::stdout().is_terminal(),
        }
    }
}

/// The streams of one run.
struct Io<'a> {
    stdin: Box<dyn Read + Send>,
    stdout: &'a mut dyn Write,
    stderr: &'a mut dyn Write,
    screen: Screen,
}

/// Runs the command with the arguments after its name, and gives its exit code. `now` is the time
/// of the verdict unless `--as-of` says otherwise.
pub fn run<T: Into<OsString>>(
    args: impl IntoIterator<Item = T>,
    stdin: impl Read + Send + 'static,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
    now: DateTime<Utc>,
) -> u8 {
    run_on(Screen::default(), args, stdin, stdout, stderr, now)
}

/// Like [`run`], on a screen that is known.
pub fn run_on<T: Into<OsString>>(
    screen: Screen,
    args: impl IntoIterator<Item = T>,
    stdin: impl Read + Send + 'static,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
    now: DateTime<Utc>,
) -> u8 {
    let mut io = Io {
        stdin: Box::new(stdin),
        stdout,
        stderr,
        screen,
    };
    let args = args.into_iter().map(|arg| args::spelled(arg.into()));
    let parsed = command()
        .no_binary_name(true)
        .try_get_matches_from(args)
        .and_then(|matches| Args::from_arg_matches(&matches));
    let done = match parsed {
        Ok(args) => dispatch(args.command, &mut io, now),
        Err(error) => usage(&error, &mut io),
    };
    let code = match done {
        Ok(code) => code,
        // A reader that has seen enough, such as `head`, is no fault.
        Err(Failure::Closed) => OK,
        Err(failure) => {
            // There is nowhere left to report that reporting failed.
            let _ = failure.write(io.stderr);
            UNUSABLE
        }
    };
    let _ = io.stdout.flush();
    let _ = io.stderr.flush();
    code
}

/// The command's definition, from which help, completions and the man page are made.
pub fn command() -> clap::Command {
    Args::command()
}

/// The whole process.
pub fn main() -> ExitCode {
    ExitCode::from(run_in_process(std::env::args_os().skip(1)))
}

/// Runs the command on this process's own streams and clock, with the arguments after its name,
/// and gives its exit code. For programs that carry the command and have arguments of their own.
pub fn run_in_process<T: Into<OsString>>(args: impl IntoIterator<Item = T>) -> u8 {
    let screen = Screen::detect();
    let mut stdout = BufWriter::new(AutoStream::auto(io::stdout()));
    let mut stderr = AutoStream::auto(io::stderr());
    run_on(
        screen,
        args,
        io::stdin(),
        &mut stdout,
        &mut stderr,
        Utc::now().trunc_subsecs(0),
    )
}

fn dispatch(command: Command, io: &mut Io<'_>, now: DateTime<Utc>) -> Result<u8, Failure> {
    match command {
        Command::Assess(args) => assess::run(&args, io, now),
        Command::Explain(args) => explain::run(&args, io),
        Command::Events(args) => events::run(&args, io),
        Command::Roundtrip(args) => roundtrip::run(&args, io),
        Command::Watch(args) => watch::run(&args, io, now),
        Command::Password(args) => password::run(&args, io, now),
        Command::Attest(args) => attest::run(&args, io, now),
        Command::Collect(Collect::Script(args)) => collect::script(&args, io),
        #[cfg(feature = "graph")]
        Command::Collect(Collect::Graph(args)) => collect::graph(&args, io),
        #[cfg(feature = "ldap")]
        Command::Collect(Collect::Ldap(args)) => collect::ldap(&args, io),
        Command::Schema(args) => schema::run(args, io),
    }
}

/// Help and version go to standard output; mistakes to standard error.
fn usage(error: &clap::Error, io: &mut Io<'_>) -> Result<u8, Failure> {
    let text = error.render();
    let (stream, code): (&mut dyn Write, _) = if error.use_stderr() {
        (io.stderr, UNUSABLE)
    } else {
        (io.stdout, OK)
    };
    if io.screen.color {
        write!(stream, "{}", text.ansi())?;
    } else {
        write!(stream, "{text}")?;
    }
    Ok(code)
}
