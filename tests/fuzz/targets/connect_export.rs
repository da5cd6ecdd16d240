//! The files of Entra Connect's configuration export.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::writeback::export::{is_export, read_export};

fuzz_target!(|bytes: &[u8]| {
    is_export(&sspr_fuzz::text(bytes));
    let _ = read_export(bytes);
});
