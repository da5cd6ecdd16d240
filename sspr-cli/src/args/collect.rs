//! The arguments of the commands that collect evidence.

#[cfg(any(feature = "graph", feature = "ldap"))]
use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

#[cfg(feature = "ldap")]
use sspr::ldap::Authentication;

#[derive(Debug, Subcommand)]
pub(crate) enum Collect {
    Script(Script),
    #[cfg(feature = "graph")]
    Graph(Box<Graph>),
    #[cfg(feature = "ldap")]
    Ldap(Box<Ldap>),
}

/// Print a read-only PowerShell script that collects on-premises evidence into a zip
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Example:
  sspr collect script --part Connect > collect.ps1
  powershell -ExecutionPolicy Bypass -File .\\collect.ps1
  sspr assess sspr-*.zip")]
pub(crate) struct Script {
    /// What the script collects; without it, what fits the machine it runs on
    #[arg(long, value_enum, ignore_case = true, value_delimiter = ',')]
    pub(crate) part: Vec<Part>,
}

/// Read a tenant through Microsoft Graph and write an evidence folder
///
/// It only reads: GET, and batches of GETs. It signs in as a person with a device code, or as an
/// application. Tokens and secrets come from the environment, from files or from standard input; they
/// are never arguments, and are kept nowhere.
#[cfg(feature = "graph")]
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sspr collect graph --dry-run                 every request with its permission; nobody is asked
  sspr collect graph --tenant contoso.onmicrosoft.com --client-id ID --device-code
  sspr collect graph --tenant contoso.onmicrosoft.com --client-id ID --certificate app.pem
  az account get-access-token --resource-type ms-graph --query accessToken -o tsv | sspr collect graph --token-stdin
  sspr assess sspr-graph/

Rights: --dry-run lists the permissions; docs/graph.md shows how to grant them. What a permission
or the cloud does not give is said, and the rest is read.

Exit codes:
  0  collected; what is not there is listed on standard error
  2  not collected, interrupted or cut short; --resume goes on")]
#[command(group = clap::ArgGroup::new("sign-in").multiple(false))]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Graph {
    /// The tenant: its id or one of its domains
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,

    /// The id of the application that signs in
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,

    /// The folder to write; it must be empty or not there yet
    #[arg(short, long, value_name = "DIR", default_value = "sspr-graph")]
    pub(crate) output: PathBuf,

    /// Sign in as a person, who types a code in a browser on any machine
    #[arg(long, group = "sign-in", help_heading = "Sign-in")]
    pub(crate) device_code: bool,

    /// Sign in with the application's secret, from a variable of the environment
    #[arg(
        long,
        group = "sign-in",
        value_name = "VARIABLE",
        help_heading = "Sign-in"
    )]
    pub(crate) secret_env: Option<String>,

    /// Sign in with the application's secret, from the first line of a file
    #[arg(long, group = "sign-in", value_name = "FILE", help_heading = "Sign-in")]
    pub(crate) secret_file: Option<PathBuf>,

    /// Sign in with the application's certificate and key, in one PEM file
    #[arg(long, group = "sign-in", value_name = "FILE", help_heading = "Sign-in")]
    pub(crate) certificate: Option<PathBuf>,

    /// Sign in with the token of another issuer, from a file that is read at each renewal
    #[arg(long, group = "sign-in", value_name = "FILE", help_heading = "Sign-in")]
    pub(crate) federated_token_file: Option<PathBuf>,

    /// Sign in as the machine or app in Azure that this runs on
    #[arg(long, group = "sign-in", help_heading = "Sign-in")]
    pub(crate) managed_identity: bool,

    /// Use a ready access token, from a variable of the environment
    #[arg(
        long,
        group = "sign-in",
        value_name = "VARIABLE",
        help_heading = "Sign-in"
    )]
    pub(crate) token_env: Option<String>,

    /// Use a ready access token, from the first line of a file
    #[arg(long, group = "sign-in", value_name = "FILE", help_heading = "Sign-in")]
    pub(crate) token_file: Option<PathBuf>,

    /// Use a ready access token, from the first line of standard input
    #[arg(long, group = "sign-in", help_heading = "Sign-in")]
    pub(crate) token_stdin: bool,

    /// The cloud
    #[arg(long, value_enum, default_value_t = Cloud::Global)]
    pub(crate) cloud: Cloud,

    /// Where Graph answers, for another cloud
    #[arg(long, value_name = "URL")]
    pub(crate) root: Option<String>,

    /// Where tokens are given, for another cloud
    #[arg(long, value_name = "URL")]
    pub(crate) authority: Option<String>,

    /// Also trust the authorities in this file (PEM)
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,

    /// The object id of the group that self-service reset is on for: its members are read
    #[arg(long, value_name = "ID")]
    pub(crate) scope_group: Option<String>,

    /// Days of the audit log to read
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub(crate) audit_days: u32,

    /// Also read what only the beta version tells; it may change any day
    #[arg(long)]
    pub(crate) beta: bool,

    /// Compress the lists
    #[arg(long)]
    pub(crate) gzip: bool,

    /// Go on where an earlier run into the same folder was interrupted
    #[arg(long)]
    pub(crate) resume: bool,

    /// Print every request with its permission instead of sending it; nobody is asked
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[cfg(feature = "graph")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Cloud {
    /// Worldwide, GCC included
    Global,
    /// US Government L4 (GCC High)
    UsGovernment,
    /// US Government L5 (DoD)
    UsGovernmentDod,
    /// Operated by 21Vianet
    China,
}

/// What `--kerberos` does, and whether it can.
#[cfg(feature = "ldap")]
const KERBEROS: &str = if Authentication::Kerberos.is_available() {
    "Sign in by Kerberos with the tickets that kinit got, without a password"
} else {
    "Sign in by Kerberos with the tickets that kinit got, without a password (not in this build: it takes \
     the feature gssapi, on Linux, macOS or another Unix)"
};

/// Read Active Directory over LDAP and write an evidence folder
///
/// It only reads: it signs in under TLS and searches. The server's certificate is verified. The
/// password is asked for without echo, or read from where an option says; it is never an argument. With
/// --kerberos there is none.
#[cfg(feature = "ldap")]
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sspr collect ldap --server ldaps://dc01.contoso.com --user reader@contoso.com
  sspr collect ldap --server ldap://dc01.contoso.com --start-tls --ca ca.pem --user reader@contoso.com -o evidence/ldap
  sspr collect ldap --server ldaps://dc01.contoso.com --user reader@contoso.com --dry-run
  kinit reader@CONTOSO.COM && sspr collect ldap --server ldaps://dc01.contoso.com --kerberos
  sspr assess sspr-ldap/

Rights: any domain user reads nearly all of it; fine-grained password policies want a member of
Domain Admins, or a group that may read them. What could not be seen is said.

Exit codes:
  0  collected; what could not be seen is listed on standard error
  2  not collected, or interrupted; --resume goes on")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Ldap {
    /// The domain controller: ldaps://NAME, or ldap://NAME with --start-tls; a port may follow
    #[arg(long, value_name = "URL")]
    pub(crate) server: String,

    /// The account that reads: user@contoso.com, CONTOSO\user or a distinguished name; with
    /// --kerberos, whose tickets are used [default there: the first that are there]
    #[arg(
        long,
        value_name = "NAME",
        visible_alias = "bind-dn",
        required_unless_present = "kerberos"
    )]
    pub(crate) user: Option<String>,

    #[arg(long, help = KERBEROS, conflicts_with_all = ["password_stdin", "password_file", "password_env"])]
    pub(crate) kerberos: bool,

    /// The domain controller's name in Kerberos, where --server names it by an alias
    #[arg(long, value_name = "NAME", requires = "kerberos")]
    pub(crate) kerberos_host: Option<String>,

    /// The folder to write; it must be empty or not there yet
    #[arg(short, long, value_name = "DIR", default_value = "sspr-ldap")]
    pub(crate) output: PathBuf,

    /// Begin on the plain port and go on under TLS before anything else is said
    #[arg(long)]
    pub(crate) start_tls: bool,

    /// Trust the authorities in this file (PEM) instead of those of the operating system
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,

    /// Connect to this address; the certificate must be for the server's name all the same
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) connect_to: Option<String>,

    /// Read the password from the first line of standard input
    #[arg(long, conflicts_with_all = ["password_file", "password_env"])]
    pub(crate) password_stdin: bool,

    /// Read the password from the first line of a file
    #[arg(long, value_name = "FILE", conflicts_with = "password_env")]
    pub(crate) password_file: Option<PathBuf>,

    /// Read the password from a variable of the environment
    #[arg(long, value_name = "VARIABLE")]
    pub(crate) password_env: Option<String>,

    /// Read people below this object only [default: the whole domain]
    #[arg(long, value_name = "DN")]
    pub(crate) base: Option<String>,

    /// Read these people only: one user principal name, account name or distinguished name a line
    #[arg(long, value_name = "FILE")]
    pub(crate) people_file: Option<PathBuf>,

    /// The connector account [default: accounts that look like one]
    #[arg(long, value_name = "NAME")]
    pub(crate) connector_account: Option<String>,

    /// Entries in one answer, at most
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) page_size: u32,

    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub(crate) timeout: u64,

    /// Go on where an earlier run into the same folder was interrupted
    #[arg(long)]
    pub(crate) resume: bool,

    /// Print every search instead of making it; nothing is connected to
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The Entra Connect server
    #[value(name = "Connect")]
    Connect,
    /// The domain
    #[value(name = "Directory")]
    Directory,
    /// The event logs of this machine
    #[value(name = "Log")]
    Log,
}
