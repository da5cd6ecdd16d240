//! The fields of one row.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use super::{MOST_FIELDS, Row};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// The fields of a row, and the memory for them: it is used again for the next one.
#[derive(Debug, Default)]
pub struct Fields {
    reader: Option<(u8, Box<Reader>)>,
    text: String,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
}

impl Fields {
    /// Splits a row, and takes the quotes away.
    ///
    /// The error is that it has more than 2,048 fields.
    pub fn parse(&mut self, row: &Row<'_>) -> Result<()> {
        self.count = 0;
        self.ends.resize(MOST_FIELDS, 0);
        let length = row.bytes.len() + 1;
        if self.bytes.len() < length {
            self.bytes.resize(length, 0);
        }
        let mut reader = self.reader_of(row.delimiter);
        let (mut input, mut written, mut count) = (row.bytes, 0, 0);
        let whole = loop {
            let rest = self.bytes.get_mut(written..).unwrap_or_default();
            let ends = self.ends.get_mut(count..).unwrap_or_default();
            let (result, _, wrote, ended) = reader.1.read_record(input, rest, ends);
            written += wrote;
            count += ended;
            match result {
                // All of it was read; an empty input says that the row is over.
                ReadRecordResult::InputEmpty => input = &[],
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => break false,
                ReadRecordResult::Record | ReadRecordResult::End => break true,
            }
        };
        let place = || Locator::Line(row.line);
        if !whole {
            let message = format!("the row has more than {MOST_FIELDS} fields");
            return Err(Error::new(ErrorCode::Limit, place(), message));
        }
        self.reader = Some(reader);
        let bytes = self.bytes.get(..written).unwrap_or_default();
        let text = std::str::from_utf8(bytes)
            .map_err(|_| Error::new(ErrorCode::Encoding, place(), "the row is no text"))?;
        self.text.clear();
        self.text.push_str(text);
        self.count = count;
        Ok(())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The field at a place, counted from 0.
    pub fn get(&self, index: usize) -> Option<&str> {
        if index >= self.count {
            return None;
        }
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..*self.ends.get(index)?)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.count).filter_map(|index| self.get(index))
    }

    /// A parser at the beginning of a row.
    fn reader_of(&mut self, delimiter: u8) -> (u8, Box<Reader>) {
        match self.reader.take() {
            Some((known, mut reader)) if known == delimiter => {
                reader.reset();
                (known, reader)
            }
            _ => {
                let reader = ReaderBuilder::new()
                    .delimiter(delimiter)
                    .terminator(Terminator::Any(b'\n'))
                    .build();
                (delimiter, Box::new(reader))
            }
        }
    }
}
