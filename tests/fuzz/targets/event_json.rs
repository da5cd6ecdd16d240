//! Events as JSON, a document or lines.
#![no_main]

use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use sspr::events::{Filter, read_log};

fuzz_target!(|bytes: &[u8]| {
    let text = sspr_fuzz::text(bytes);
    for whole in [
        format!("{{{text}"),
        format!("{{\"Id\":1,\"TimeCreated\":\"2026-01-05T08:00:01Z\"}}\n{text}\n"),
    ] {
        let _ = read_log(whole.as_bytes(), &Filter::writeback(), &mut |_| {
            ControlFlow::Continue(())
        });
    }
});
