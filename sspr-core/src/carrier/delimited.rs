//! Delimited text: what spreadsheets, Event Viewer, `Export-Csv` and Microsoft's portals call CSV.
//!
//! The delimiter is a comma, a semicolon, a tab or a bar, whichever the head shows; a line `sep=;`
//! states it, and PowerShell's `#TYPE` line is passed over. Fields may hold line feeds between quotes
//! (RFC 4180). Rows may be shorter or longer than the head: Event Viewer writes its message into a
//! column that the head does not name.
//!
//! [`Rows`] finds the rows of a stream without parsing them, so that a caller can pass over most
//! by a look at their bytes, at gigabytes a second; [`Fields`] splits the others.
//!
//! ```
//! use sspr::carrier::delimited::{Fields, Next, Rows};
//!
//! let text = "sep=;\r\nLevel;Source\r\nError;\"ADSync\"\r\n";
//! let mut rows = Rows::new(text.as_bytes())?;
//! assert_eq!(rows.head().columns, ["Level", "Source"]);
//! let mut fields = Fields::default();
//! while let Some(next) = rows.next_row()? {
//!     if let Next::Row(row) = next {
//!         fields.parse(&row)?;
//!         assert_eq!(row.line, 3);
//!         assert_eq!(fields.get(1), Some("ADSync"));
//!     }
//! }
//! # Ok::<(), sspr::Error>(())
//! ```

mod fields;
mod head;
mod rows;
mod screen;
#[cfg(test)]
mod tests;

pub use fields::Fields;
pub use head::Head;
pub use rows::{Next, Row, Rows};
pub use screen::Screen;

/// No row is longer than this, in bytes of UTF-8.
const LONGEST_ROW: usize = 1024 * 1024;
/// No row has more fields than this.
const MOST_FIELDS: usize = 2048;
