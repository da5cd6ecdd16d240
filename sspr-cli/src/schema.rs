//! `sspr schema`.

use crate::args::{Schema, SchemaName};
use crate::failure::Failure;
use crate::{Io, OK};

const REPORT: &str = include_str!("../data/report.schema.json");

pub(crate) fn run(args: Schema, io: &mut Io<'_>) -> Result<u8, Failure> {
    let text = match args.name {
        SchemaName::Report => REPORT,
    };
    io.stdout.write_all(text.as_bytes())?;
    Ok(OK)
}
