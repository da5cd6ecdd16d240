//! Windows logs as files.
#![no_main]

use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use sspr::events::read_evtx;

fuzz_target!(|bytes: &[u8]| {
    let _ = read_evtx(bytes, &[], &mut |_| ControlFlow::Continue(()));
});
