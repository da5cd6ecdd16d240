//! Security templates (`GptTmpl.inf`), in every encoding.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::carrier::inf::Inf;
use sspr::carrier::text::decode;
use sspr::directory::{is_template, parse_template};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = decode(bytes) {
        is_template(&text);
        let inf = Inf::parse(&text);
        let _ = parse_template(&inf).draft();
    }
});
