//! Writes the logs of an invented history of password operations, of any size:
//! `cargo run --release -p sspr-examples --bin history -- FOLDER [SEED [OPERATIONS [BETWEEN]]]`.
//!
//! `BETWEEN` is how many events of other providers stand before each one of interest: with 1,500
//! operations and 80 of them the folder holds about a gigabyte.

use std::env;
use std::io::{Error, Result};
use std::path::Path;

use sspr_tests::history::files::{Form, write};
use sspr_tests::history::{History, Options};

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let folder = arguments
        .next()
        .ok_or_else(|| Error::other("history FOLDER [SEED [OPERATIONS [BETWEEN]]]"))?;
    let mut number = |otherwise: u64| match arguments.next() {
        Some(text) => text.parse().map_err(Error::other),
        None => Ok(otherwise),
    };
    let seed = number(1)?;
    let operations = usize::try_from(number(1_500)?).map_err(Error::other)?;
    let between = usize::try_from(number(0)?).map_err(Error::other)?;
    let history = History::draw(Options::new(seed, operations));
    write(&history, Path::new(&folder), Form::Evtx, between)
}
