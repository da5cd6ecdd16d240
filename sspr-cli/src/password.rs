//! `sspr password`.

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use sspr::forecast::{Answer, Candidate, Prediction, predict};
use sspr::policy::{BannedPasswords, MOST_TERMS};
use sspr::snapshot::ReadOptions;

use crate::args::{Operation, Password, PasswordFormat};
use crate::failure::Failure;
use crate::{FOUND, Io, OK, UNSETTLED, assess, output};

/// A custom list of banned passwords is far smaller.
const MOST_BYTES: u64 = 1024 * 1024;

pub(crate) fn run(args: &Password, io: &mut Io<'_>, now: DateTime<Utc>) -> Result<u8, Failure> {
    if args.stdin && args.evidence.iter().any(|path| path == Path::new("-")) {
        return Err(
            Failure::new("standard input cannot hold both the evidence and the password")
                .help("name the evidence as files, or leave out --stdin"),
        );
    }
    let banned = match &args.banned {
        Some(path) => banned(path)?,
        None => Vec::new(),
    };
    let snapshot = assess::read(&args.evidence, &ReadOptions::default(), io)?;
    if snapshot.evidence.is_empty() && !snapshot.skipped.is_empty() {
        return assess::nothing_usable(&snapshot.skipped, "evidence", io.stderr);
    }
    let candidate = candidate(args, io)?;
    let as_of = args.as_of.unwrap_or(now);
    let prediction = predict(&snapshot, &args.user, &candidate, &banned, as_of);
    drop(candidate);
    let text = output::prediction(&prediction, args.format == PasswordFormat::Json, io.screen);
    io.stdout.write_all(text.as_bytes())?;
    Ok(exit_code(&prediction, args.operation))
}

/// The password, from where it leaves no trace: never from the arguments.
fn candidate(args: &Password, io: &mut Io<'_>) -> Result<Candidate, Failure> {
    if args.stdin {
        return Candidate::read_line(&mut *io.stdin)
            .map_err(|fault| Failure::new(fault.to_string()).help("write one line of UTF-8"));
    }
    let prompt = format!("Password to try for {}: ", output::clean(&args.user));
    match rpassword::prompt_password(prompt) {
        Ok(text) if text.is_empty() => Err(Failure::new("there is no password to judge")),
        Ok(text) => Ok(Candidate::new(text)),
        Err(error) => Err(
            Failure::new(format!("the password could not be read: {error}"))
                .help("run it in a terminal, or give --stdin and write one line to it"),
        ),
    }
}

/// The tenant's custom list: one term a line; empty lines and lines with `#` are passed over.
fn banned(path: &Path) -> Result<Vec<String>, Failure> {
    let failure = |what: String| Failure::new(format!("{}: {what}", path.display()));
    let size = fs::metadata(path).map_err(|error| failure(error.to_string()))?;
    if size.len() > MOST_BYTES {
        return Err(failure(
            "this is too long to be a list of banned passwords".into(),
        ));
    }
    let bytes = fs::read(path).map_err(|error| failure(error.to_string()))?;
    let text = sspr::carrier::text::decode(&bytes).map_err(|error| failure(error.to_string()))?;
    let mut terms = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let term = line.trim();
        if term.is_empty() || term.starts_with('#') {
            continue;
        }
        BannedPasswords::check_term(term)
            .map_err(|fault| failure(format!("line {number}: {fault}")))?;
        terms.push(term.to_owned());
    }
    if terms.len() > MOST_TERMS {
        return Err(failure(format!(
            "a custom list has at most {MOST_TERMS} terms, and this one has {}",
            terms.len()
        )));
    }
    Ok(terms)
}

/// The worst answer counts, unless one operation was asked for.
fn exit_code(prediction: &Prediction, operation: Option<Operation>) -> u8 {
    let answer = match operation {
        Some(Operation::Reset) => prediction.reset.answer,
        Some(Operation::Change) => prediction.change.answer,
        None => prediction.reset.answer.max(prediction.change.answer),
    };
    match answer {
        Answer::Accepted => OK,
        Answer::Refused => FOUND,
        Answer::Unknown => UNSETTLED,
    }
}
