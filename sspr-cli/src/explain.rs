//! `sspr explain`.

use std::io::Read;

use crate::args::Explain;
use crate::failure::Failure;
use crate::{Io, OK, UNUSABLE, output};

/// Pasted text of more than this is an export, which `sspr assess` reads.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

pub(crate) fn run(args: &Explain, io: &mut Io<'_>) -> Result<u8, Failure> {
    if args.what == ["-"] {
        return pasted(io);
    }
    let answer = output::explain(&args.what.join(" "), io.screen);
    if answer.found {
        io.stdout.write_all(answer.text.as_bytes())?;
        Ok(OK)
    } else {
        io.stderr.write_all(answer.text.as_bytes())?;
        Ok(UNUSABLE)
    }
}

fn pasted(io: &mut Io<'_>) -> Result<u8, Failure> {
    let mut bytes = Vec::new();
    (&mut io.stdin)
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::new(format!("standard input could not be read: {error}")))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Failure::new("the text is too long to be a pasted event")
            .help("give an exported log to `sspr assess`"));
    }
    let text = sspr::carrier::text::decode(&bytes)
        .map_err(|error| Failure::from(error).help("paste text; give files to `sspr assess`"))?;
    let answers = output::explain_all(&text, io.screen);
    if answers.is_empty() {
        return Err(Failure::new("nothing in this text is known here").help(
            "paste a whole event or message, with its id or error code, or name the code itself",
        ));
    }
    for (index, answer) in answers.iter().enumerate() {
        if index > 0 {
            writeln!(io.stdout)?;
        }
        io.stdout.write_all(answer.as_bytes())?;
    }
    Ok(OK)
}
