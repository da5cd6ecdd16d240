//! The first lines of delimited text: what separates its fields, and what they are called.

use super::Row;
use super::fields::Fields;

/// What may separate fields; of those that are equally frequent the first one does.
pub(super) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How many lines may stand before the head.
const PREAMBLE: usize = 8;

/// What the first lines of delimited text say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// What separates fields.
    pub delimiter: u8,
    /// The names of the columns, without white space around them.
    pub columns: Vec<String>,
    /// The type that a line `#TYPE` of Windows PowerShell names.
    pub type_name: Option<String>,
    /// The line that the head stands in, counted from 1.
    pub line: u64,
}

impl Head {
    /// Where a column of this name stands, in any case.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns
            .iter()
            .position(|column| column.eq_ignore_ascii_case(name))
    }

    /// A row of this table that a caller has kept.
    pub fn row<'a>(&self, bytes: &'a [u8], line: u64) -> Row<'a> {
        Row::new(bytes, line, self.delimiter)
    }

    /// The names of the first columns, for a message.
    pub fn some_columns(&self) -> String {
        const SHOWN: usize = 12;
        let short = |name: &String| -> String {
            let mut short: String = name.chars().take(40).flat_map(char::escape_debug).collect();
            if name.chars().nth(40).is_some() {
                short.push('\u{2026}');
            }
            short
        };
        let names: Vec<_> = self.columns.iter().take(SHOWN).map(short).collect();
        let more = self.columns.len().saturating_sub(SHOWN);
        let names = names.join(", ");
        if more > 0 {
            format!("{names} and {more} more")
        } else {
            names
        }
    }
}

/// What was seen before the head.
#[derive(Default)]
pub(super) struct Preamble {
    delimiter: Option<u8>,
    type_name: Option<String>,
    lines: usize,
}

impl Preamble {
    /// Takes a line.
    pub(super) fn take(&mut self, row: &Row<'_>) -> Line {
        self.lines += 1;
        let text = String::from_utf8_lossy(row.bytes);
        let text = text.trim_end_matches(['\r', '\n']);
        let unquoted = text.trim_matches('"');
        if let Some(stated) = strip_prefix(unquoted, "sep=") {
            // `sep=` and one character is for spreadsheets.
            if let [delimiter] = stated.as_bytes()
                && (*delimiter == b'\t' || delimiter.is_ascii_punctuation())
            {
                self.delimiter = Some(*delimiter);
                return self.passed();
            }
        }
        if let Some(name) = strip_prefix(unquoted, "#TYPE ") {
            self.type_name = Some(name.trim().to_owned());
            return self.passed();
        }
        let Some(delimiter) = self.delimiter.or_else(|| most_frequent(row.bytes)) else {
            return Line::Foreign;
        };
        let row = Row::new(row.bytes, row.line, delimiter);
        let mut fields = Fields::default();
        if fields.parse(&row).is_err() || fields.len() < 2 {
            return Line::Foreign;
        }
        let columns = { fields.iter() }
            .map(|name| name.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'))
            .map(str::to_owned)
            .collect();
        Line::Head(Head {
            delimiter,
            columns,
            type_name: self.type_name.take(),
            line: row.line,
        })
    }

    fn passed(&self) -> Line {
        if self.lines < PREAMBLE {
            Line::Passed
        } else {
            Line::Foreign
        }
    }
}

/// What a line at the beginning is.
pub(super) enum Line {
    /// Something that may stand before the head.
    Passed,
    Head(Head),
    /// Nothing that begins a table.
    Foreign,
}

/// The delimiter that separates most fields of a line, quoted ones apart.
fn most_frequent(line: &[u8]) -> Option<u8> {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut quoted = false;
    for byte in line {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            byte => {
                for (count, delimiter) in counts.iter_mut().zip(DELIMITERS) {
                    *count += usize::from(*byte == delimiter);
                }
            }
        }
    }
    let most = counts.iter().max().filter(|most| **most > 0)?;
    let at = counts.iter().position(|count| count == most)?;
    DELIMITERS.get(at).copied()
}

fn strip_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}
