//! `sspr attest`: asks for what no export holds, shows what it will write, and writes it.

mod questions;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use chrono::{DateTime, Utc};
use sspr::evidence::{Attested, AttestedFact};

use crate::args::Attest;
use crate::failure::Failure;
use crate::output::clean;
use crate::{Io, OK, UNUSABLE};
use questions::{BY, Draft, Prompt, QUESTIONS};

const DEFAULT_FILE: &str = "attested.toml";

pub(crate) fn run(args: &Attest, io: &mut Io<'_>, now: DateTime<Utc>) -> Result<u8, Failure> {
    let target = args.output.as_deref().unwrap_or(Path::new(DEFAULT_FILE));
    if args.output.is_none() && target.exists() {
        return Err(
            Failure::new(format!("{DEFAULT_FILE} is there already")).help(format!(
                "name another file with -o, or replace it with -o {DEFAULT_FILE}"
            )),
        );
    }
    let stdin = std::mem::replace(&mut io.stdin, Box::new(io::empty()));
    let mut stdin = BufReader::new(stdin);
    let draft = match &args.answers {
        Some(path) => from_file(path)?,
        None => ask_all(&mut stdin, io.stderr)?,
    };
    let facts = draft.facts(now);
    if facts.is_empty() {
        return Err(Failure::new("nothing was answered, so nothing is written")
            .help("answer at least one question; an empty answer skips one"));
    }
    let text = Attested::to_toml(&facts);
    if args.answers.is_none() && !confirmed(&facts, &text, target, &mut stdin, io.stderr)? {
        writeln!(io.stderr, "Nothing was written.")?;
        return Ok(UNUSABLE);
    }
    if target == Path::new("-") {
        io.stdout.write_all(text.as_bytes())?;
        return Ok(OK);
    }
    fs::write(target, &text).map_err(|error| {
        Failure::new(format!(
            "{} could not be written: {error}",
            target.display()
        ))
        .help("choose another file with -o")
    })?;
    writeln!(
        io.stderr,
        "Wrote {}. Give it to `sspr assess` with the other evidence.",
        clean(&target.display().to_string())
    )?;
    Ok(OK)
}

/// Answers by the names of their prompts, as a script gives them.
fn from_file(path: &Path) -> Result<Draft, Failure> {
    let failure = |what: String| Failure::new(format!("{}: {what}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| failure(error.to_string()))?;
    let table: toml::Table = toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| {
            text.get(..span.start)
                .unwrap_or_default()
                .matches('\n')
                .count()
                + 1
        });
        failure(format!("{} (line {line})", error.message()))
    })?;
    let mut answers = BTreeMap::new();
    flatten("", &table, &mut answers);
    let mut draft = Draft::default();
    for prompt in prompts() {
        let Some(answer) = answers.remove(prompt.key) else {
            continue;
        };
        draft
            .answer(prompt, &answer)
            .map_err(|message| failure(format!("{}: {message}", prompt.key)))?;
    }
    if let Some(key) = answers.keys().next() {
        let keys: Vec<_> = prompts().map(|prompt| prompt.key).collect();
        return Err(failure(format!("there is no question {key}"))
            .help(format!("the answers are {}", keys.join(", "))));
    }
    Ok(draft)
}

fn prompts() -> impl Iterator<Item = &'static Prompt> {
    let asked = QUESTIONS.iter().flat_map(|question| question.prompts);
    std::iter::once(&BY).chain(asked)
}

/// Dotted keys of TOML are nested tables; answers are typed as text, so values become text.
fn flatten(prefix: &str, table: &toml::Table, answers: &mut BTreeMap<String, String>) {
    for (key, value) in table {
        let key = format!("{prefix}{key}");
        match value {
            toml::Value::Table(inner) => flatten(&format!("{key}."), inner, answers),
            toml::Value::String(text) => {
                answers.insert(key, text.clone());
            }
            toml::Value::Array(items) => {
                let items = items.iter().map(|item| match item {
                    toml::Value::String(text) => text.clone(),
                    other => other.to_string(),
                });
                answers.insert(key, items.collect::<Vec<_>>().join(", "));
            }
            other => {
                answers.insert(key, other.to_string());
            }
        }
    }
}

/// Asks every question whose premise holds, until the input ends.
fn ask_all(stdin: &mut dyn BufRead, stderr: &mut dyn Write) -> Result<Draft, Failure> {
    writeln!(
        stderr,
        "{} questions. Read the answers off the portal; an empty answer skips one, and what is \
         skipped stays unknown.",
        QUESTIONS.len()
    )?;
    let mut draft = Draft::default();
    if !ask(std::slice::from_ref(&BY), &mut draft, stdin, stderr)? {
        return Ok(draft);
    }
    for (index, question) in QUESTIONS.iter().enumerate() {
        writeln!(stderr, "\n{}. {}", index + 1, question.title)?;
        writeln!(stderr, "   {}", question.path)?;
        if !ask(question.prompts, &mut draft, stdin, stderr)? {
            break;
        }
    }
    Ok(draft)
}

/// Asks the prompts of one question; `false` when the input has ended.
fn ask(
    prompts: &'static [Prompt],
    draft: &mut Draft,
    stdin: &mut dyn BufRead,
    stderr: &mut dyn Write,
) -> Result<bool, Failure> {
    for prompt in prompts {
        if !draft.wants(prompt) {
            continue;
        }
        loop {
            write!(stderr, "   {} [{}] ", prompt.text, prompt.kind.choices())?;
            stderr.flush()?;
            let Some(answer) = line(stdin)? else {
                writeln!(stderr)?;
                return Ok(false);
            };
            match draft.answer(prompt, &answer) {
                Ok(()) => break,
                Err(message) => writeln!(stderr, "   Not understood: {message}.")?,
            }
        }
    }
    Ok(true)
}

fn confirmed(
    facts: &[AttestedFact],
    text: &str,
    target: &Path,
    stdin: &mut dyn BufRead,
    stderr: &mut dyn Write,
) -> Result<bool, Failure> {
    writeln!(stderr, "\nThis will be written:\n")?;
    for line in text.lines() {
        writeln!(stderr, "    {}", clean(line))?;
    }
    let target = clean(&target.display().to_string());
    write!(
        stderr,
        "\nWrite these {} facts to {target}? [y/N] ",
        facts.len()
    )?;
    stderr.flush()?;
    let answer = line(stdin)?.unwrap_or_default();
    Ok(matches!(
        answer.trim().to_ascii_lowercase().as_str(),
        "y" | "yes"
    ))
}

/// One line, without its end; nothing at the end of the input.
fn line(stdin: &mut dyn BufRead) -> Result<Option<String>, Failure> {
    let mut bytes = Vec::new();
    // No answer is longer; a file of zeros on standard input is none.
    let read = io::Read::take(stdin, 64 * 1024)
        .read_until(b'\n', &mut bytes)
        .map_err(|error| Failure::new(format!("standard input could not be read: {error}")))?;
    Ok((read > 0).then(|| String::from_utf8_lossy(&bytes).trim().to_owned()))
}
