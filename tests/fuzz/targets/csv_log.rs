//! Tables of events and of audit records as CSV, and delimited text of any kind.
#![no_main]

use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use sspr::carrier::delimited::{Fields, Next, Rows};
use sspr::events::{Filter, LogItem, read_log};

fuzz_target!(|bytes: &[u8]| {
    let events = |filter: &Filter| {
        let mut found = Vec::new();
        let _ = read_log(bytes, filter, &mut |item| {
            if let LogItem::Event(event) = item {
                found.push(event);
            }
            ControlFlow::Continue(())
        });
        found
    };
    let all = events(&Filter::default());
    let wanted = Filter::writeback();
    let chosen = { all.iter() }.filter(|event| wanted.wants(&event.value));
    assert_eq!(
        events(&wanted).len(),
        chosen.count(),
        "a screen passes what is wanted"
    );

    let Ok(mut rows) = Rows::new(bytes) else {
        return;
    };
    let mut fields = Fields::default();
    let mut line = 0;
    while let Ok(Some(next)) = rows.next_row() {
        if let Next::Row(row) = next {
            assert!(row.line > line, "rows come in their order");
            line = row.line;
            if fields.parse(&row).is_ok() {
                assert_eq!(fields.iter().count(), fields.len());
            }
        }
    }
});
