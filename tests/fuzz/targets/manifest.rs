//! `manifest.json`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::evidence::Manifest;

fuzz_target!(|bytes: &[u8]| {
    let _ = Manifest::parse(bytes);
    let _ = Manifest::read(bytes);
});
