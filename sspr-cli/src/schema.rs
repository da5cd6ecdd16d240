//! `sspr schema`.

use sspr::readiness::REPORT_JSON_SCHEMA;

use crate::args::{Schema, SchemaName};
use crate::failure::Failure;
use crate::{Io, OK};

pub(crate) fn run(args: Schema, io: &mut Io<'_>) -> Result<u8, Failure> {
    let text = match args.name {
        SchemaName::Report => REPORT_JSON_SCHEMA,
    };
    io.stdout.write_all(text.as_bytes())?;
    Ok(OK)
}
