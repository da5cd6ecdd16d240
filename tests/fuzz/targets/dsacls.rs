//! The output of `dsacls`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::directory::permissions::{is_dsacls, parse_dsacls};

fuzz_target!(|bytes: &[u8]| {
    let text = sspr_fuzz::text(bytes);
    is_dsacls(&text);
    let (_, rules) = parse_dsacls(&text);
    if let Ok(descriptor) = rules.build(&|_| Some(sspr::directory::security::Sid::new(5, [18]))) {
        sspr_fuzz::hold(&descriptor);
    }
});
