//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use sspr::time::local::Zone;

use crate::time;

mod collect;
mod logs;

#[cfg(feature = "ldap")]
pub(crate) use collect::Ldap;
#[cfg(feature = "graph")]
pub(crate) use collect::{Cloud, Graph};
pub(crate) use collect::{Collect, Part, Script};
#[cfg(feature = "post")]
pub(crate) use logs::Post;
pub(crate) use logs::{Choose, EventFormat, Events, RoundTrip, Watch, WatchFormat};

/// Is Microsoft Entra self-service password reset with writeback set up right?
///
/// Judges evidence that was collected beforehand; asks no tenant, changes nothing.
#[derive(Debug, Parser)]
#[command(
    name = "sspr",
    bin_name = "sspr",
    version,
    disable_help_subcommand = true
)]
#[command(after_help = "\
Exit codes:
  0  no fault at or above --fail-on, and every gate is settled
  1  a fault at or above --fail-on
  2  the command or its input could not be used
  3  no fault, but a gate is unknown, or nothing was collected")]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Assess(Assess),
    Explain(Explain),
    Events(Events),
    Roundtrip(RoundTrip),
    Watch(Watch),
    Password(Password),
    Attest(Attest),
    /// Get evidence
    #[command(subcommand)]
    Collect(Collect),
    Schema(Schema),
}

/// Judge evidence: what is right, what will break and for whom, what is still unknown
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sspr assess evidence/                       a folder with all below it
  sspr assess connect.zip users.json          what `sspr collect script` wrote, and a list of users
  az rest --url … | sspr assess - *.json      standard input and files
  sspr assess evidence/ --format json -o report.json")]
pub(crate) struct Assess {
    /// Files, folders and zip archives; `-` is standard input
    #[arg(required = true, value_name = "EVIDENCE")]
    pub(crate) evidence: Vec<PathBuf>,

    /// The time the verdict is for: RFC 3339 or a date [default: now]
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    pub(crate) as_of: Option<DateTime<Utc>>,

    /// When evidence was observed that does not tell it itself: RFC 3339 or a date
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    pub(crate) observed_at: Option<DateTime<Utc>>,

    /// The zone of times that come without one: Europe/Berlin, or an offset such as +01:00
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<Zone>,

    /// How the report is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    /// Show every rule, with its evidence
    #[arg(long)]
    pub(crate) details: bool,

    /// Write the report to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// The least severity that makes the exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    pub(crate) fail_on: FailOn,

    /// Exit with 0 where the answer is not settled and no fault was found
    #[arg(long)]
    pub(crate) allow_unknown: bool,

    /// Severities, thresholds, exclusions and rules to switch off, in TOML
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Never,
}

/// Say what a code, event, error or licence is, and what to do about it
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sspr explain 33008                          an event id
  sspr explain 0x80230619                     an HRESULT, in any spelling
  sspr explain SSPR401                        a rule
  sspr explain SSPR_0029                      a code that a user was shown
  sspr explain ENTERPRISEPACK                 a product
  sspr explain phase4
  sspr explain - < event.txt                  everything that is known in a pasted text")]
pub(crate) struct Explain {
    /// What to explain; `-` reads a text from standard input
    #[arg(required = true, value_name = "WHAT", allow_hyphen_values = true)]
    pub(crate) what: Vec<String>,
}

/// Say whether a password would be taken for a person, in the cloud and in the domain, and why not
///
/// The password is asked for without echo, or is the first line of standard input. It is never an
/// argument, is kept nowhere, and stands in no output.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sspr password evidence/ --user jdoe@contoso.com
  sspr password evidence/ --user jdoe@contoso.com --operation reset --stdin < line.txt

Exit codes:
  0  it would be taken, as far as can be told
  1  it would be refused
  2  the command or its input could not be used
  3  not known")]
pub(crate) struct Password {
    /// Files, folders and zip archives; `-` is standard input
    #[arg(required = true, value_name = "EVIDENCE")]
    pub(crate) evidence: Vec<PathBuf>,

    /// The person's user principal name
    #[arg(long, value_name = "UPN")]
    pub(crate) user: String,

    /// Read the password from the first line of standard input
    #[arg(long)]
    pub(crate) stdin: bool,

    /// The tenant's custom list of banned passwords, one term a line
    #[arg(long, value_name = "FILE")]
    pub(crate) banned: Option<PathBuf>,

    /// The one operation that decides the exit code [default: the worse of both]
    #[arg(long, value_enum)]
    pub(crate) operation: Option<Operation>,

    /// The time the answer is for: RFC 3339 or a date [default: now]
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    pub(crate) as_of: Option<DateTime<Utc>>,

    /// How the answer is written
    #[arg(long, value_enum, default_value_t = PasswordFormat::Text)]
    pub(crate) format: PasswordFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Operation {
    /// The password was forgotten
    Reset,
    /// The password is known
    Change,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PasswordFormat {
    Text,
    Json,
}

/// State by hand what no export holds: asks a few questions and writes attested.toml
#[derive(Debug, ClapArgs)]
pub(crate) struct Attest {
    /// Take the answers from a TOML file instead of asking
    #[arg(long, value_name = "FILE")]
    pub(crate) answers: Option<PathBuf>,

    /// Where to write; `-` is standard output [default: attested.toml]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Print a JSON Schema
#[derive(Debug, Clone, Copy, ClapArgs)]
pub(crate) struct Schema {
    /// Which
    #[arg(value_enum)]
    pub(crate) name: SchemaName,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaName {
    /// What `sspr assess --format json` prints
    Report,
}

/// PowerShell users write `-Part`, as the script itself takes it.
pub(crate) fn spelled(arg: OsString) -> OsString {
    match arg.to_str() {
        Some(text) if text.eq_ignore_ascii_case("-part") => "--part".into(),
        _ => arg,
    }
}
