//! Security descriptors as bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::directory::security::SecurityDescriptor;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(descriptor) = SecurityDescriptor::parse(bytes) {
        sspr_fuzz::hold(&descriptor);
    }
});
