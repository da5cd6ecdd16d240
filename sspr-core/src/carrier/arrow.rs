//! Arrow: rows as record batches, for tables of any size in memory that many programs share.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchReader};
use arrow_ipc::writer::StreamWriter;
pub use arrow_schema::{ArrowError, Schema, SchemaRef};
use arrow_schema::{DataType, Field, TimeUnit};

use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// How many rows a batch holds.
pub const ROWS: usize = 8_192;

/// What can be put into a table.
pub trait Row {
    /// The columns while they grow.
    type Columns: Default;

    /// The name and type of each column, and whether it may be empty.
    fn fields() -> Vec<Field>;

    /// Adds this row.
    fn append(&self, columns: &mut Self::Columns);

    /// The columns, in the order of [`Row::fields`]. The builders start anew.
    fn finish(columns: &mut Self::Columns) -> Vec<ArrayRef>;
}

/// The schema of a table of these rows.
pub fn schema<R: Row>() -> SchemaRef {
    Arc::new(Schema::new(R::fields()))
}

/// Times in microseconds, in UTC.
pub(crate) fn time(name: &str) -> Field {
    let utc = Some("UTC".into());
    Field::new(name, DataType::Timestamp(TimeUnit::Microsecond, utc), true)
}

/// Text that may be missing.
pub(crate) fn text(name: &str) -> Field {
    Field::new(name, DataType::Utf8, true)
}

/// Rows as record batches, made while they come. An error of the rows ends the table, after the
/// rows before it; it arrives as [`ArrowError::ExternalError`].
#[derive(Debug)]
pub struct Batches<I> {
    rows: I,
    schema: SchemaRef,
    failed: Option<Error>,
    ended: bool,
}

impl<R: Row, I: Iterator<Item = Result<R>>> Batches<I> {
    /// A table of these rows.
    pub fn new(rows: impl IntoIterator<IntoIter = I>) -> Self {
        Self {
            rows: rows.into_iter(),
            schema: schema::<R>(),
            failed: None,
            ended: false,
        }
    }
}

impl<R: Row, I: Iterator<Item = Result<R>>> Iterator for Batches<I> {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.failed.take() {
            return Some(Err(ArrowError::ExternalError(Box::new(error))));
        }
        if self.ended {
            return None;
        }
        let mut columns = R::Columns::default();
        let mut rows = 0;
        while rows < ROWS {
            match self.rows.next() {
                Some(Ok(row)) => {
                    row.append(&mut columns);
                    rows += 1;
                }
                Some(Err(error)) => {
                    self.ended = true;
                    self.failed = Some(error);
                    break;
                }
                None => {
                    self.ended = true;
                    break;
                }
            }
        }
        if rows == 0 {
            return self.next();
        }
        let columns = R::finish(&mut columns);
        Some(RecordBatch::try_new(self.schema.clone(), columns))
    }
}

impl<R: Row, I: Iterator<Item = Result<R>>> RecordBatchReader for Batches<I> {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

/// Writes a table as an Arrow IPC stream, batch by batch.
pub fn write_ipc(table: impl RecordBatchReader, into: &mut dyn Write) -> Result<()> {
    let mut writer = StreamWriter::try_new(into, &table.schema()).map_err(own)?;
    for batch in table {
        writer.write(&batch.map_err(own)?).map_err(own)?;
    }
    writer.finish().map_err(own)
}

/// Writes rows as an Arrow IPC stream while they come.
pub struct IpcWriter<R: Row> {
    writer: StreamWriter<Vec<u8>>,
    columns: R::Columns,
    rows: usize,
}

impl<R: Row> IpcWriter<R> {
    /// Begins a stream.
    pub fn new() -> Result<Self> {
        Ok(Self {
            writer: StreamWriter::try_new(Vec::new(), &schema::<R>()).map_err(own)?,
            columns: R::Columns::default(),
            rows: 0,
        })
    }

    /// Adds a row; a full batch is written.
    pub fn push(&mut self, row: &R, into: &mut dyn Write) -> io::Result<()> {
        row.append(&mut self.columns);
        self.rows += 1;
        if self.rows < ROWS {
            return Ok(());
        }
        self.batch()?;
        self.hand_on(into)
    }

    /// Ends the stream.
    pub fn finish(mut self, into: &mut dyn Write) -> io::Result<()> {
        self.batch()?;
        self.writer.finish().map_err(own)?;
        self.hand_on(into)
    }

    fn batch(&mut self) -> Result<()> {
        if self.rows > 0 {
            self.rows = 0;
            let columns = R::finish(&mut self.columns);
            let batch = RecordBatch::try_new(schema::<R>(), columns).map_err(own)?;
            self.writer.write(&batch).map_err(own)?;
        }
        Ok(())
    }

    fn hand_on(&mut self, into: &mut dyn Write) -> io::Result<()> {
        let bytes = std::mem::take(self.writer.get_mut());
        into.write_all(&bytes)
    }
}

fn own(error: ArrowError) -> Error {
    match error {
        ArrowError::IoError(_, error) => Error::io(Locator::Whole, error),
        ArrowError::ExternalError(error) => match error.downcast::<Error>() {
            Ok(own) => *own,
            Err(other) => Error::new(ErrorCode::Unsupported, Locator::Whole, other.to_string()),
        },
        other => Error::new(ErrorCode::Unsupported, Locator::Whole, other.to_string()),
    }
}
