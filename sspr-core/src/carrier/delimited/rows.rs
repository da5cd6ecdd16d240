//! The rows of a stream, found without being parsed.

use std::io::{BufReader, Read};

use memchr::{memchr, memchr_iter, memchr2};

use super::head::{DELIMITERS, Line, Preamble};
use super::{Head, LONGEST_ROW};
use crate::carrier::text::utf8_reader;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// How many bytes are read at once.
const BLOCK: usize = 128 * 1024;
/// What tells the encoding.
const HEAD: usize = 4096;
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A row as it stands, without the line end.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// Its bytes, in UTF-8, with quotes.
    pub bytes: &'a [u8],
    /// The line that it begins in, counted from 1.
    pub line: u64,
    pub(super) delimiter: u8,
}

impl<'a> Row<'a> {
    pub(super) fn new(bytes: &'a [u8], line: u64, delimiter: u8) -> Self {
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        Self {
            bytes,
            line,
            delimiter,
        }
    }
}

/// What comes next.
#[derive(Debug)]
pub enum Next<'a> {
    /// A row; the head, and lines without anything, are none.
    Row(Row<'a>),
    /// Lines that are lost: longer than a mebibyte, or with a quote that never closes. What follows
    /// them is read.
    Lost {
        /// What and where.
        error: Error,
        /// How many lines.
        lines: u64,
    },
}

/// The rows of delimited text, one after another.
pub struct Rows<R> {
    reader: Decoded<R>,
    splitter: Splitter,
    head: Head,
    /// The head as it stands: texts that were joined have it again.
    head_bytes: Vec<u8>,
    ended: bool,
}

/// A reader of UTF-8, whatever the encoding was.
type Decoded<R> = encoding_rs_io::DecodeReaderBytes<BufReader<R>, Vec<u8>>;

impl<R: Read> Rows<R> {
    /// Reads the head, in any encoding of Windows.
    ///
    /// The error is that the stream could not be read, or that it has no head of two columns.
    pub fn new(reader: R) -> Result<Self> {
        let mut reader = BufReader::with_capacity(BLOCK, reader);
        let head = beginning(&mut reader)?;
        let mut rows = Self {
            reader: utf8_reader(&head, reader),
            splitter: Splitter::new(),
            head: Head {
                delimiter: b',',
                columns: Vec::new(),
                type_name: None,
                line: 0,
            },
            head_bytes: Vec::new(),
            ended: false,
        };
        let mut preamble = Preamble::default();
        loop {
            match rows.splitter.step(rows.ended) {
                Step::Row(row) => {
                    let bytes = rows.splitter.bytes().get(row.start..row.end);
                    let line = Row::new(bytes.unwrap_or_default(), row.line, b',');
                    match preamble.take(&line) {
                        Line::Head(head) => {
                            rows.head_bytes = line.bytes.to_vec();
                            rows.splitter.delimiter = Some(head.delimiter);
                            rows.head = head;
                            return Ok(rows);
                        }
                        Line::Passed => {}
                        Line::Foreign => return Err(no_head(row.line)),
                    }
                }
                Step::More => rows.fill()?,
                Step::Lost { line, .. } => return Err(no_head(line)),
                Step::End => return Err(no_head(1)),
            }
        }
    }

    /// The head.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The next row, or a line that is lost; `None` at the end. The error is that the stream
    /// could not be read any further.
    pub fn next_row(&mut self) -> Result<Option<Next<'_>>> {
        let found = loop {
            match self.splitter.step(self.ended) {
                Step::Row(row) => {
                    let bytes = self.splitter.bytes().get(row.start..row.end);
                    let bytes = bytes.unwrap_or_default();
                    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
                    if !bytes.trim_ascii().is_empty() && bytes != self.head_bytes {
                        break row;
                    }
                }
                Step::More => self.fill()?,
                Step::Lost { line, lines } => {
                    let message = "the row is too long, or a quote in it is never closed";
                    let error = Error::new(ErrorCode::Limit, Locator::Line(line), message);
                    return Ok(Some(Next::Lost { error, lines }));
                }
                Step::End => return Ok(None),
            }
        };
        let bytes = self.splitter.bytes().get(found.start..found.end);
        let bytes = bytes.unwrap_or_default();
        Ok(Some(Next::Row(Row::new(
            bytes,
            found.line,
            self.head.delimiter,
        ))))
    }

    fn fill(&mut self) -> Result<()> {
        let (reader, line) = (&mut self.reader, self.splitter.line);
        self.ended = self
            .splitter
            .fill(|block| reader.read(block))
            .map_err(|error| Error::io(Locator::Line(line), error))?;
        Ok(())
    }
}

impl<R> std::fmt::Debug for Rows<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows")
            .field("head", &self.head)
            .finish_non_exhaustive()
    }
}

/// The first bytes of a stream, which stay in the reader.
fn beginning<R: Read>(reader: &mut BufReader<R>) -> Result<Vec<u8>> {
    use std::io::BufRead;
    let head = reader
        .fill_buf()
        .map_err(|error| Error::io(Locator::Whole, error))?;
    Ok(head
        .get(..head.len().min(HEAD))
        .unwrap_or_default()
        .to_vec())
}

fn no_head(line: u64) -> Error {
    Error::new(
        ErrorCode::Unrecognised,
        Locator::Line(line),
        "this line names no columns, so that it is no delimited text",
    )
}

/// Where a row stands in the buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Found {
    start: usize,
    end: usize,
    line: u64,
}

/// What the splitter comes to.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// A row, without its line feed.
    Row(Found),
    /// So many lines from this one on are lost.
    Lost { line: u64, lines: u64 },
    /// More bytes are needed.
    More,
    /// All bytes are used.
    End,
}

/// Finds the rows in a buffer that grows. A quote opens a field only at its beginning, and the next
/// quote that is not doubled closes it: this is what the parser of the fields holds, too.
#[derive(Debug, Default)]
struct Splitter {
    buffer: Vec<u8>,
    /// What separates fields; any of the known delimiters until the head was read.
    delimiter: Option<u8>,
    /// Where the next row begins.
    start: usize,
    /// How far this row has been searched, and whether that is inside a quoted field.
    searched: usize,
    quoted: bool,
    /// The line that the next row begins in.
    line: u64,
    /// The rest of a line that is too long is passed over.
    skipping: bool,
    /// How many bytes before the buffer were used, and how many were searched again.
    used: usize,
    again: usize,
}

impl Splitter {
    fn new() -> Self {
        Self {
            line: 1,
            ..Self::default()
        }
    }

    fn bytes(&self) -> &[u8] {
        &self.buffer
    }

    /// Appends what `read` gives, and says whether that was the end.
    fn fill(
        &mut self,
        read: impl FnOnce(&mut [u8]) -> std::io::Result<usize>,
    ) -> std::io::Result<bool> {
        self.used += self.start;
        self.buffer.drain(..self.start);
        self.searched = self.searched.saturating_sub(self.start);
        self.start = 0;
        let length = self.buffer.len();
        self.buffer.resize(length + BLOCK, 0);
        let block = self.buffer.get_mut(length..).unwrap_or_default();
        let result = read(block);
        self.buffer
            .truncate(length + *result.as_ref().unwrap_or(&0));
        result.map(|bytes| bytes == 0)
    }

    /// Goes on to the end of a row. `whole` says that no more bytes follow.
    fn step(&mut self, whole: bool) -> Step {
        if self.skipping {
            let rest = self.buffer.get(self.start..).unwrap_or_default();
            let end = memchr(b'\n', rest).map(|at| self.start + at + 1);
            self.skipping = end.is_none() && !whole;
            self.begin(end.unwrap_or(self.buffer.len()));
            if end.is_none() {
                return if whole { Step::End } else { Step::More };
            }
            self.line += 1;
        }
        if self.searched == self.start {
            let rest = self.buffer.get(self.start..).unwrap_or_default();
            if rest.len() < BYTE_ORDER_MARK.len() && !whole {
                return Step::More;
            }
            // Texts that were joined have a mark in the middle.
            if rest.starts_with(BYTE_ORDER_MARK) {
                self.begin(self.start + BYTE_ORDER_MARK.len());
            }
        }
        match self.search(whole) {
            Some(end) => {
                let row = self.buffer.get(self.start..end).unwrap_or_default();
                let found = Found {
                    start: self.start,
                    end,
                    line: self.line,
                };
                if end - self.start > LONGEST_ROW {
                    return self.lose(whole);
                }
                let feeds = memchr_iter(b'\n', row).count() as u64;
                self.line += feeds + u64::from(end < self.buffer.len());
                self.begin((end + 1).min(self.buffer.len()));
                Step::Row(found)
            }
            None if self.buffer.len() - self.start > LONGEST_ROW => self.lose(whole),
            None if !whole => Step::More,
            None if self.start == self.buffer.len() => Step::End,
            None => self.lose(whole),
        }
    }

    /// A row begins here.
    fn begin(&mut self, at: usize) {
        self.start = at;
        self.searched = at;
        self.quoted = false;
    }

    /// The end of the row that begins at `start`. At the end of the text, a row needs no line feed.
    fn search(&mut self, whole: bool) -> Option<usize> {
        let length = self.buffer.len();
        loop {
            let rest = self.buffer.get(self.searched..).unwrap_or_default();
            if self.quoted {
                let Some(found) = memchr(b'"', rest) else {
                    self.searched = length;
                    return None;
                };
                let at = self.searched + found;
                match self.buffer.get(at + 1) {
                    Some(b'"') => self.searched = at + 2,
                    None if !whole => {
                        // Whether it is doubled will be seen.
                        self.searched = at;
                        return None;
                    }
                    Some(_) | None => {
                        self.searched = at + 1;
                        self.quoted = false;
                    }
                }
            } else {
                let Some(found) = memchr2(b'"', b'\n', rest) else {
                    self.searched = length;
                    return (whole && self.start < length).then_some(length);
                };
                let at = self.searched + found;
                if self.buffer.get(at) == Some(&b'\n') {
                    self.searched = at;
                    return Some(at);
                }
                self.quoted = self.opens(at);
                self.searched = at + 1;
            }
        }
    }

    /// Whether the quote here begins a field.
    fn opens(&self, at: usize) -> bool {
        let before = at.checked_sub(1).filter(|before| *before >= self.start);
        let Some(byte) = before.and_then(|before| self.buffer.get(before)) else {
            return true;
        };
        self.delimiter
            .map_or_else(|| DELIMITERS.contains(byte), |known| known == *byte)
    }

    /// Gives up the first line of a row that has no end, and reads again what follows it; where
    /// that would be done over and over, gives up all that was searched.
    fn lose(&mut self, whole: bool) -> Step {
        let line = self.line;
        let row = self.buffer.get(self.start..).unwrap_or_default();
        let feed = memchr(b'\n', row).map(|feed| self.start + feed + 1);
        let again = self.searched.saturating_sub(feed.unwrap_or(self.searched));
        self.again += again;
        let lines = match feed {
            Some(feed) if self.again <= self.used + self.start + 4 * LONGEST_ROW => {
                self.begin(feed);
                1
            }
            _ => {
                self.again -= again;
                let lost = self.buffer.get(self.start..self.searched);
                let feeds = memchr_iter(b'\n', lost.unwrap_or_default()).count() as u64;
                self.skipping = !whole || self.searched < self.buffer.len();
                self.begin(self.searched);
                feeds + u64::from(!self.skipping)
            }
        };
        self.line += lines;
        Step::Lost {
            line,
            lines: lines.max(1),
        }
    }
}
