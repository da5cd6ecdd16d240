//! What a server decided, in a form that can be kept and judged again without one.
//!
//! A recording is a text of JSON lines, compressed: first the run, then worlds of groups, batches
//! of descriptors and rounds of password policies, each with the decisions of the server.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};

use crate::access::{self, AccessBatch};
use crate::policies::{self, PolicyRound};
use crate::tally::Tally;
use crate::tokens::{self, TokenWorld};

/// One line of a recording.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub(crate) enum Record {
    /// How it came about.
    Run {
        seed: u64,
        first: u64,
        cases: u64,
        server: String,
    },
    /// Groups, and the tokens of accounts in them.
    Tokens(TokenWorld),
    /// Descriptors, and what the connector account may do.
    Access(AccessBatch),
    /// Password policies, and what became of passwords.
    Policies(PolicyRound),
}

/// What an operation came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Outcome {
    /// It was done.
    Done,
    /// The right is missing.
    Denied,
    /// The password has too few characters.
    TooShort,
    /// It is not complex enough.
    NotComplex,
    /// The last one is too young.
    TooYoung,
    /// It was used before.
    InHistory,
    /// The old password is wrong.
    WrongOld,
    /// The account is locked out.
    LockedOut,
    /// Something else, by LDAP result code.
    Other(i32),
}

impl Outcome {
    /// Reads what `ldapmodify` says of an error: its name, the result code and the server's text.
    pub(crate) fn of_error(text: &str) -> Self {
        let code = text
            .split_once('(')
            .and_then(|(_, rest)| rest.split_once(')'))
            .and_then(|(code, _)| code.parse().ok())
            .unwrap_or(-1);
        let known = [
            ("error in module acl", Self::Denied),
            ("00000056:", Self::WrongOld),
            ("00000775:", Self::LockedOut),
            ("password is too short", Self::TooShort),
            ("complexity criteria", Self::NotComplex),
            ("too young to change", Self::TooYoung),
            ("was already used", Self::InHistory),
        ];
        let hit = known.iter().find(|(part, _)| text.contains(part));
        match (hit, code) {
            (Some((_, outcome)), _) => *outcome,
            (None, 50) => Self::Denied,
            (None, code) => Self::Other(code),
        }
    }
}

impl Record {
    /// Holds the predictions of the library against what the server decided.
    pub(crate) fn judge(&self, tally: &mut Tally) {
        match self {
            Self::Run { .. } => {}
            Self::Tokens(world) => tokens::judge(world, tally),
            Self::Access(batch) => access::judge(batch, tally),
            Self::Policies(round) => policies::judge(round, tally),
        }
    }
}

pub(crate) fn write(path: &Path, records: &[Record]) {
    let mut file = GzEncoder::new(fs::File::create(path).unwrap(), Compression::best());
    for record in records {
        serde_json::to_writer(&mut file, record).unwrap();
        file.write_all(b"\n").unwrap();
    }
    file.finish().unwrap();
}

pub(crate) fn read(bytes: &[u8]) -> Vec<Record> {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
