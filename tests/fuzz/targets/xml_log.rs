//! Windows logs as XML.
#![no_main]

use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use sspr::events::{parse_event, read_xml};

fuzz_target!(|bytes: &[u8]| {
    let _ = read_xml(bytes, &mut |_| ControlFlow::Continue(()));
    let _ = parse_event(&sspr_fuzz::text(bytes));
});
