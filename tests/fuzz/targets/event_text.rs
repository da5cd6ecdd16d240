//! Events as Event Viewer copies them, and times as any locale writes them.
#![no_main]

use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use sspr::events::{Filter, read_log};
use sspr::time::local::{Order, Written, Zone};

const HEAD: &str = "Log Name: Application\nSource: PasswordResetService\nDate: 1/5/2026 9:00:01 AM\nEvent ID: 31002\n\
    Task Category: None\nLevel: Information\nKeywords: Classic\nUser: N/A\nComputer: AADC01\nDescription:\n";

fuzz_target!(|bytes: &[u8]| {
    let text = sspr_fuzz::text(bytes);
    let whole = format!("{HEAD}{text}\n{HEAD}");
    let _ = read_log(whole.as_bytes(), &Filter::default(), &mut |_| {
        ControlFlow::Continue(())
    });
    let (mut order, zone) = (Order::default(), text.parse::<Zone>().ok());
    for line in text.lines() {
        if let Some(written) = Written::parse(line) {
            order.see(&written);
            let _ = written.stamp(order.decided(), zone);
        }
    }
});
