//! Reading SDDL from left to right.

use super::aliases::{Alias, alias};
use super::{Sid, SidAliases};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// A place in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) aliases: &'a SidAliases,
}

impl<'a> Cursor<'a> {
    /// Reads a SID in full or by its two letters.
    pub(super) fn sid(&mut self) -> Result<Sid> {
        self.skip_blanks();
        let rest = self.rest();
        if rest
            .get(..2)
            .is_some_and(|start| start.eq_ignore_ascii_case("S-"))
        {
            let end = rest
                .char_indices()
                .skip(2)
                .find(|(_, c)| !c.is_ascii_hexdigit() && !matches!(c, '-' | 'x' | 'X'))
                .map_or(rest.len(), |(index, _)| index);
            let mut text = rest.get(..end).unwrap_or_default();
            // `O:S-1-5-18D:…`: a hexadecimal digit may be the next part's letter.
            if rest.get(end..).is_some_and(|after| after.starts_with(':')) {
                text = text.get(..text.len() - 1).unwrap_or_default();
            }
            let sid = text.parse().map_err(|_| self.fault("not a SID"))?;
            self.at += text.len();
            return Ok(sid);
        }
        let name = rest.get(..2).ok_or_else(|| self.fault("expected a SID"))?;
        let missing = |what: &str| {
            Error::new(
                ErrorCode::Value,
                Locator::Byte(self.at as u64),
                format!("{name} cannot be read without the SID of {what}"),
            )
        };
        let sid = match alias(&name.to_ascii_uppercase()) {
            Some(Alias::Absolute(sid)) => sid,
            Some(Alias::Domain(rid)) => self
                .aliases
                .domain
                .and_then(|domain| domain.with_rid(rid))
                .ok_or_else(|| missing("the domain"))?,
            Some(Alias::Root(rid)) => self
                .aliases
                .forest_root
                .and_then(|root| root.with_rid(rid))
                .ok_or_else(|| missing("the forest's root domain"))?,
            None => return Err(self.fault("an unknown name in place of a SID")),
        };
        self.at += 2;
        Ok(sid)
    }

    /// Passes over a word, if it is there.
    pub(super) fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    pub(super) fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// What is still to be read.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// An error here.
    pub(super) fn fault(&self, message: &str) -> Error {
        Error::syntax(Locator::Byte(self.at as u64), message)
    }
}
