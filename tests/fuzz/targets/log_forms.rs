//! Logs in any form, recognised by their content: whatever the bytes are, they give items or an error, and passing
//! records over unread changes no item that is handed over.
#![no_main]

use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use sspr::events::{Filter, LogItem, LogOptions, is_evtx, read_log_with};

fuzz_target!(|bytes: &[u8]| {
    let writeback = Filter::writeback();
    let options = LogOptions {
        zone: "Europe/Berlin".parse().ok(),
        ..LogOptions::default()
    };
    let read = |filter: &Filter| {
        let (mut events, mut faults) = (Vec::new(), 0_u64);
        let _ = read_log_with(bytes, filter, options, &mut |item| {
            match item {
                LogItem::Event(event) if writeback.wants(&event.value) => events.push(event),
                LogItem::Fault { records: None | Some(1..), .. } => faults += 1,
                _ => {}
            }
            ControlFlow::Continue(())
        });
        (events, faults)
    };
    let (found, all) = (read(&writeback), read(&Filter::default()));
    // Of an `.evtx`, packed or not, chunks without the service are not examined, nor are their faults told.
    let packed = [&b"\x1f\x8b"[..], b"\x28\xb5\x2f\xfd"];
    if !is_evtx(bytes) && !packed.iter().any(|mark| bytes.starts_with(mark)) {
        assert_eq!(found, all);
    }
});
