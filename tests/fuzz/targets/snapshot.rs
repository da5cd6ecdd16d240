//! Evidence of any kind, read, judged and rendered.
#![no_main]

use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use sspr::readiness::{Options, assess};
use sspr::render::{TextOptions, json, markdown, text};
use sspr::snapshot::{Input, ReadOptions, Snapshot};

fuzz_target!(|bytes: &[u8]| {
    let inputs = vec![Input::bytes("evidence", bytes)];
    let snapshot = Snapshot::read(inputs, &ReadOptions::default(), &mut |_| {
        ControlFlow::Continue(())
    });
    let snapshot = snapshot.expect("nobody stopped it");
    if snapshot.evidence.is_empty() {
        // Nothing was recognised, and the report is that of no evidence.
        return;
    }
    let at = "2026-11-20T12:00:00Z".parse().expect("a time");
    let report = assess(&snapshot, &Options::at(at));
    let options = TextOptions {
        details: true,
        ..TextOptions::default()
    };
    let _ = (
        text(&report, &options),
        markdown(&report, true),
        json(&report),
    );
});
