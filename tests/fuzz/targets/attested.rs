//! `attested.toml`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::evidence::Attested;

fuzz_target!(|bytes: &[u8]| {
    let _ = Attested::parse(&sspr_fuzz::text(bytes));
});
