//! Events and audit records as CSV: what Event Viewer saves, what `Get-WinEvent` and `Get-EventLog`
//! give through `Export-Csv`, what the portals of Azure Monitor and of Entra download.
//!
//! | form | how it is known |
//! |---|---|
//! | Event Viewer | five columns, which its languages call differently, and rows with one field more: the message |
//! | `Export-Csv` | the properties that `ConvertTo-Json` prints, too |
//! | rows of Azure Monitor | the columns of `Event`, `WindowsEvent`, `SecurityEvent` and `AuditLogs`, times marked `[UTC]` |
//! | audit log of the Entra admin center | `Date (UTC)`, `Activity` and the like, in the portal's language |
//!
//! Rows that hold none of the wanted names are passed over by a look at their bytes.

mod form;
mod reach;
#[cfg(test)]
mod tests;
mod viewer;

use std::io::Read;
use std::ops::ControlFlow;

use self::form::{Form, Taken};
use self::reach::Reach;
use super::output::{Output, finished};
use crate::carrier::delimited::{Fields, Head, Next, Row, Rows, Screen};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Locator;

/// What a table holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Events of Windows.
    Events,
    /// Records of the tenant's audit log.
    Audit,
    /// Something else, or too little; the error says what columns it has.
    Other(Error),
}

/// What a table holds whose text begins so. `None` is no table.
pub(crate) fn recognise(head: &str) -> Option<Holds> {
    let mut rows = Rows::new(head.as_bytes()).ok()?;
    let head = rows.head().clone();
    let mut first = Fields::default();
    if let Ok(Some(Next::Row(row))) = rows.next_row() {
        let _ = first.parse(&row);
    }
    let form = Form::of_head(&head).or_else(|| Form::of_row(&head, &first).map(Ok));
    match form {
        Some(Ok(form)) if form.is_audit() => Some(Holds::Audit),
        Some(Ok(_)) => Some(Holds::Events),
        Some(Err(error)) => Some(Holds::Other(error)),
        // Lines of words may have a comma, too.
        None if head.columns.len() > 2 && head.columns.len() == first.len() => {
            Some(Holds::Other(unknown(&head)))
        }
        None => None,
    }
}

/// Reads a table, and hands its records to an output.
///
/// The error is that it is no table of events or audit records, that the stream could not be read,
/// or that the output stopped.
pub(crate) fn read_csv(reader: impl Read, output: &mut Output<'_>) -> Result<()> {
    let mut rows = Rows::new(reader)?;
    let mut table = Table {
        form: Form::of_head(rows.head()).transpose()?,
        screen: Screen::open(),
        fields: Fields::default(),
        reach: Reach::default(),
        head: rows.head().clone(),
    };
    table.settle(output);
    while let Some(next) = rows.next_row()? {
        let flow = match next {
            Next::Row(row) => table.row(&row, output)?,
            Next::Lost { error, lines } => output.fault(error, Some(lines), None),
        };
        finished(flow)?;
    }
    if table.form.is_none() {
        return Err(unknown(&table.head));
    }
    finished(table.reach.end(&table.head, &mut table.fields, output))
}

/// A table while it is read.
struct Table {
    head: Head,
    /// Known by the head, or by the first row.
    form: Option<Form>,
    screen: Screen,
    fields: Fields,
    reach: Reach,
}

impl Table {
    /// Does what the form decides.
    fn settle(&mut self, output: &mut Output<'_>) {
        let Some(form) = &self.form else { return };
        self.screen =
            { output.screening() }.map_or_else(Screen::open, |filter| form.screen(filter));
        self.reach = Reach::new(form.time());
        if form.is_utc() {
            output.in_utc();
        }
    }

    fn row(&mut self, row: &Row<'_>, output: &mut Output<'_>) -> Result<ControlFlow<()>> {
        if self.form.is_none() {
            self.fields.parse(row)?;
            let form = Form::of_row(&self.head, &self.fields);
            self.form = Some(form.ok_or_else(|| unknown(&self.head))?);
            self.settle(output);
        }
        let Some(form) = &self.form else {
            return Ok(ControlFlow::Continue(()));
        };
        if self.reach.learn(row, &mut self.fields, output).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        if !self.screen.passes(row.bytes)
            && self.fields.parse(row).is_ok()
            && form.is_sound(&self.fields)
        {
            return Ok(self.reach.pass(row, &mut self.fields, output));
        }
        let taken = { self.fields.parse(row) }.and_then(|()| form.take(&self.fields, row.line));
        Ok(match taken {
            Ok(Taken::Event(read, remark)) => {
                let said = remark.map(|remark| output.fault(remark, Some(0), None));
                if said.is_some_and(|said| said.is_break()) {
                    return Ok(ControlFlow::Break(()));
                }
                output.event(*read, Locator::Line(row.line))
            }
            Ok(Taken::Audit(record, written)) => output.dated_audit(*record, written),
            Ok(Taken::Foreign) => output.passed_over(None),
            Err(error) => output.fault(error, Some(1), None),
        })
    }
}

/// That a table is none of those that are read, with its columns.
fn unknown(head: &Head) -> Error {
    let message = format!(
        "it is a table of no known kind; its columns are {}",
        head.some_columns()
    );
    Error::new(ErrorCode::Unrecognised, Locator::Line(head.line), message).with_help(
        "of events, save the log as .evtx or .xml, or give `Export-Csv` the properties \
         ProviderName, Id, TimeCreated, RecordId, MachineName and Message; of the audit log, \
         download it as JSON",
    )
}
