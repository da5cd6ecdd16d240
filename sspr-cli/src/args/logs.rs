//! The arguments of the commands that read logs.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args as ClapArgs, ValueEnum};
use sspr::events::EventOutcome;
use sspr::roundtrip::Outcome;
use sspr::time::local::Zone;
use uuid::Uuid;

use crate::time;

/// Which events are wanted.
#[derive(Debug, ClapArgs)]
pub(crate) struct Choose {
    /// Logs as files, in folders, packed by gzip or zstd and in zip archives; `-` is standard input
    #[arg(required = true, value_name = "EVIDENCE")]
    pub(crate) evidence: Vec<PathBuf>,

    /// From this time on: RFC 3339 or a date
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    pub(crate) since: Option<DateTime<Utc>>,

    /// Before this time: RFC 3339 or a date
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    pub(crate) until: Option<DateTime<Utc>>,

    /// Of one person, by user principal name
    #[arg(long, value_name = "UPN")]
    pub(crate) user: Option<String>,

    /// Of one operation
    #[arg(long, value_name = "ID")]
    pub(crate) tracking_id: Option<Uuid>,

    /// The zone of times that come without one: Europe/Berlin, or an offset such as +01:00
    ///
    /// Text and CSV of Event Viewer and PowerShell carry such times. Without it they are taken for UTC, and
    /// what rests on them is uncertain.
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<Zone>,

    /// How many threads read: several files, and the parts of one .evtx, at once
    ///
    /// Events come in the same order. It is worth while for logs in which much is wanted.
    #[arg(long, value_name = "N", default_value = "1")]
    pub(crate) jobs: NonZeroUsize,

    /// Examine every part of an .evtx, also those in which no wanted provider is named
    #[arg(long)]
    pub(crate) verify: bool,
}

/// List the events of Windows logs, and the records of the tenant's audit log, in any form
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sspr events Application.evtx                what the writeback service wrote
  sspr events logs/ --id 33008 --since 2026-11-01
  sspr events logs/ --provider ADSync --format jsonl
  sspr events audit.csv --provider audit       the tenant's own records
  sspr events logs/ --outcome failure --provider '*' --format csv > failures.csv
  sspr events big.evtx --jobs 4 --format arrow > events.arrow
  zcat app.xml.gz | sspr events -              packed by gzip or zstd is read as it is, too")]
pub(crate) struct Events {
    #[command(flatten)]
    pub(crate) choose: Choose,

    /// Of these providers; `*` is all [default: PasswordResetService]
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Vec<String>,

    /// With these ids
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) id: Vec<u32>,

    /// That tell of a success or a failure
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) outcome: Vec<EventOutcomeName>,

    /// How they are written
    #[arg(long, value_enum, default_value_t = EventFormat::Table)]
    pub(crate) format: EventFormat,
}

/// Follow password operations through the logs: what became of each, and why
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sspr roundtrip logs/                        every operation in a line, then all in numbers
  sspr roundtrip logs/ --user jdoe@contoso.com     one person's story, with what to do next
  sspr roundtrip logs/ --user jdoe@contoso.com --support-bundle > ticket.txt
  sspr roundtrip logs/ --outcome failed --format csv > failed.csv")]
pub(crate) struct RoundTrip {
    #[command(flatten)]
    pub(crate) choose: Choose,

    /// That ended so; several are set apart by commas
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) outcome: Vec<OutcomeName>,

    /// Print what support asks for about the latest operation that did not succeed
    ///
    /// Tracking id, time, versions and the events around it, as plain text for a ticket. Events of other
    /// people are left out, and so is what looks like a password or a token.
    #[arg(long, conflicts_with = "format")]
    pub(crate) support_bundle: bool,

    /// How they are written
    #[arg(long, value_enum, default_value_t = EventFormat::Table)]
    pub(crate) format: EventFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutcomeName {
    /// The domain took the password
    Written,
    /// The domain or the cloud refused it, for the password's or the account's sake
    Refused,
    /// An administrator has to mend something
    Failed,
    /// No event ends it
    Unfinished,
    /// It was done in the cloud alone, and the servers wrote nothing
    #[value(alias = "cloudOnly")]
    CloudOnly,
    /// The events do not say
    Unknown,
}

impl OutcomeName {
    pub(crate) const fn outcome(self) -> Outcome {
        match self {
            Self::Written => Outcome::Written,
            Self::Refused => Outcome::Refused,
            Self::Failed => Outcome::Failed,
            Self::Unfinished => Outcome::Unfinished,
            Self::CloudOnly => Outcome::CloudOnly,
            Self::Unknown => Outcome::Unknown,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EventFormat {
    /// Lines for people
    Table,
    /// One JSON document
    Json,
    /// JSON, one value a line
    Jsonl,
    Csv,
    /// An Arrow IPC stream, for polars, pandas or DuckDB
    #[cfg(feature = "arrow")]
    Arrow,
}

/// What an event tells, by the catalogue of documented events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EventOutcomeName {
    /// Documented as a success, or an audit marked as one
    Success,
    /// Documented as a failure, an audit marked as one, or undocumented and an error
    Failure,
    /// What begins, informs, or is not settled by the event alone
    Neither,
}

impl EventOutcomeName {
    pub(crate) const fn is(self, outcome: EventOutcome) -> bool {
        matches!(
            (self, outcome),
            (Self::Success, EventOutcome::Success)
                | (Self::Failure, EventOutcome::Failure)
                | (Self::Neither, EventOutcome::Neither)
        )
    }
}

/// Follow logs while they grow: tell failures, bursts and silence as they happen
///
/// Reads what is new every few seconds, in files and in all files below folders: .evtx logs, XML of
/// wevtutil and Event Viewer, exports of the tenant's audit log; packed logs and others are read again
/// when they change. Logs that are rotated, cleared, cut or exported anew are known again, and nothing
/// of them is told twice. The first run tells what happens from then on; --since goes back further.
///
/// With --state it goes on where it stopped: a notice is lost by no crash. With --output none is
/// written twice either; on standard output, to a command and to a receiver, those that were being
/// handed on at the moment of a crash come again, with the same `id`.
///
/// It opens no connection but the one of --post.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sspr watch C:\\Windows\\System32\\winevt\\Logs\\Application.evtx
  sspr watch logs/ --state watch.json --silence 2h --format jsonl
  sspr watch logs/ --state watch.json --once -o notices.jsonl --format jsonl    for a scheduler
  sspr watch logs/ --state watch.json --post https://alerts.contoso.com --header-env Authorization=ALERTS
  sspr watch logs/ --state watch.json --exec logger -t sspr

Exit codes:
  0  stopped by Ctrl-C, or --once came to its end
  2  the command, a log or the state could not be used, or notices were not taken with --once")]
pub(crate) struct Watch {
    /// Logs, and folders of logs
    #[arg(required = true, value_name = "PATH")]
    pub(crate) logs: Vec<PathBuf>,

    /// Keep here how far it came, and go on from there
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,

    /// Tell what happened from this time on, in the first run: RFC 3339 or a date [default: now]
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    pub(crate) since: Option<DateTime<Utc>>,

    /// How often to look: 10s, 5m, 1h
    #[arg(long, value_name = "TIME", value_parser = time::length, default_value = "10s")]
    pub(crate) interval: TimeDelta,

    /// How long a log may get no record before that is told; 0s never tells
    #[arg(long, value_name = "TIME", value_parser = time::length, default_value = "1h")]
    pub(crate) silence: TimeDelta,

    /// How many operations, or failures, in an hour may be a burst
    ///
    /// They are one when they are also more than five times the median of the same hour on the days
    /// before.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) burst: u64,

    /// Tell of every password that the domain refused, too
    #[arg(long)]
    pub(crate) refusals: bool,

    /// Look once, and end
    #[arg(long)]
    pub(crate) once: bool,

    /// How notices are written
    #[arg(long, value_enum, default_value_t = WatchFormat::Text, conflicts_with_all = JSON_ONLY)]
    pub(crate) format: WatchFormat,

    /// Append to a file instead of writing to standard output
    #[arg(short, long, value_name = "FILE", conflicts_with_all = JSON_ONLY)]
    pub(crate) output: Option<PathBuf>,

    /// Run a program for new notices, with JSON lines on its standard input
    ///
    /// All that follows belongs to the program, so this comes last. No shell is in between, and nothing
    /// out of a log becomes an argument. A program that ends with another code than 0 gets the same
    /// notices again at the next look.
    #[arg(long, value_name = "PROGRAM", num_args = 1.., allow_hyphen_values = true)]
    pub(crate) exec: Vec<OsString>,

    #[cfg(feature = "post")]
    #[command(flatten)]
    pub(crate) post: Post,
}

/// Who gets JSON lines in any case.
const JSON_ONLY: &[&str] = if cfg!(feature = "post") {
    &["exec", "url", "url_env"]
} else {
    &["exec"]
};

/// Posting notices.
#[cfg(feature = "post")]
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Posting")]
pub(crate) struct Post {
    /// Post new notices to this address, as JSON lines (application/x-ndjson)
    ///
    /// https://, or http:// on this machine itself. What is answered with 2xx was taken. All else is
    /// kept and posted again, at the next look and then after a growing wait of up to ten minutes, and
    /// not before a Retry-After. No redirect is followed to another server.
    #[arg(long = "post", value_name = "URL", conflicts_with = "exec")]
    pub(crate) url: Option<String>,

    /// Take the address from a variable of the environment, for one that lets in whoever knows it
    #[arg(long = "post-env", value_name = "VARIABLE", conflicts_with_all = ["exec", "url"])]
    pub(crate) url_env: Option<String>,

    /// Send a header with its value from a variable of the environment
    ///
    /// Such as Authorization=ALERTS, where the variable ALERTS holds `Bearer` and a token.
    /// Values stand on no command line, and are neither printed nor kept.
    #[arg(long, value_name = "NAME=VARIABLE")]
    pub(crate) header_env: Vec<String>,

    /// Also trust the authorities in this file (PEM)
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,

    /// How long a request may take
    #[arg(long, value_name = "TIME", value_parser = time::length, default_value = "30s")]
    pub(crate) timeout: TimeDelta,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WatchFormat {
    /// Lines for people
    Text,
    /// JSON, one notice a line
    Jsonl,
}
