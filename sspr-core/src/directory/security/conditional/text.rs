//! Conditions and attributes of resources as SDDL (MS-DTYP 2.5.1.1).

mod read;
mod write;

use super::{Condition, ResourceAttribute};
use crate::directory::security::SidAliases;
use crate::directory::security::cursor::Cursor;
use crate::error::Result;

impl Condition {
    /// Reads a condition such as `@User.title == "PM" && Member_of {SID(BA)}`.
    pub fn from_sddl(text: &str, aliases: &SidAliases) -> Result<Self> {
        whole(text, aliases, Self::from_cursor)
    }
}

impl ResourceAttribute {
    /// Reads an attribute such as `"Project",TS,0x0,"Windows","SQL"`.
    pub fn from_sddl(text: &str, aliases: &SidAliases) -> Result<Self> {
        whole(text, aliases, read::attribute)
    }
}

/// What `read` takes must be all of the text.
fn whole<T>(
    text: &str,
    aliases: &SidAliases,
    read: impl Fn(&mut Cursor<'_>) -> Result<T>,
) -> Result<T> {
    let at = 0;
    let mut cursor = Cursor { text, at, aliases };
    let value = read(&mut cursor)?;
    cursor.skip_blanks();
    if cursor.rest().is_empty() {
        Ok(value)
    } else {
        Err(cursor.fault("expected the end"))
    }
}
