//! How far a table reaches, and in which order it writes day and month, without reading the time of
//! each row that is passed over.

use std::ops::ControlFlow;

use crate::carrier::delimited::{Fields, Head, Row};
use crate::events::output::Output;
use crate::evidence::Locator;
use crate::time::local::Written;

/// Tables are in the order of time, so that it is enough to look at some of their rows and at the
/// last one.
const EVERY: u64 = 256;

/// See the module.
#[derive(Default)]
pub(super) struct Reach {
    /// The column of the time.
    column: Option<usize>,
    passed: u64,
    /// Day and month may stand either way in this table, and no row has told yet.
    open: Option<bool>,
    /// The last row that was passed over without a look.
    last: Vec<u8>,
    line: u64,
}

impl Reach {
    pub(super) fn new(column: Option<usize>) -> Self {
        Self {
            column,
            ..Self::default()
        }
    }

    /// Looks at a row, whatever becomes of it, as long as it may tell the order of day and month.
    pub(super) fn learn(
        &mut self,
        row: &Row<'_>,
        fields: &mut Fields,
        output: &mut Output<'_>,
    ) -> ControlFlow<()> {
        if self.open != Some(false) {
            self.look(row, fields, output)?;
        }
        ControlFlow::Continue(())
    }

    /// Passes a row over.
    pub(super) fn pass(
        &mut self,
        row: &Row<'_>,
        fields: &mut Fields,
        output: &mut Output<'_>,
    ) -> ControlFlow<()> {
        let sample = self.passed.is_multiple_of(EVERY);
        self.passed += 1;
        self.last.clear();
        if !sample {
            self.last.extend_from_slice(row.bytes);
            self.line = row.line;
            return output.passed_over(None);
        }
        let written = self.look(row, fields, output)?;
        output.passed_over(written.and_then(|written| output.certain(&written)))
    }

    /// The time of a row, which may tell the order of day and month.
    fn look(
        &mut self,
        row: &Row<'_>,
        fields: &mut Fields,
        output: &mut Output<'_>,
    ) -> ControlFlow<(), Option<Written>> {
        let text = { self.column.filter(|_| fields.parse(row).is_ok()) }
            .and_then(|column| fields.get(column))
            .unwrap_or_default()
            .trim();
        let written = Written::parse(text);
        if let Some(written) = &written {
            let open = *self.open.get_or_insert_with(|| is_open(text));
            if open {
                output.learn(written, &Locator::Line(row.line))?;
                self.open = Some(!output.knows_order());
            }
        }
        ControlFlow::Continue(written)
    }

    /// The end of the table.
    pub(super) fn end(
        &mut self,
        head: &Head,
        fields: &mut Fields,
        output: &mut Output<'_>,
    ) -> ControlFlow<()> {
        if self.last.is_empty() {
            return ControlFlow::Continue(());
        }
        let last = std::mem::take(&mut self.last);
        let written = self.look(&head.row(&last, self.line), fields, output)?;
        match written.and_then(|written| output.certain(&written)) {
            Some(time) => output.reach(time),
            None => ControlFlow::Continue(()),
        }
    }
}

/// Whether day and month may stand either way in times that are written so: not where the year
/// comes first, nor where dots separate.
fn is_open(time: &str) -> bool {
    let digits = time.bytes().take_while(u8::is_ascii_digit).count();
    digits < 3
        && time
            .get(digits..)
            .is_some_and(|rest| rest.starts_with(['/', '-']))
}
