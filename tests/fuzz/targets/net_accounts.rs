//! The output of `net accounts`, in several languages.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::directory::{is_net_accounts, parse_net_accounts};

fuzz_target!(|bytes: &[u8]| {
    let text = sspr_fuzz::text(bytes);
    is_net_accounts(&text);
    let _ = parse_net_accounts(&text);
});
