//! What the tests of several crates share: the cases that every language walks, a writer of Windows
//! logs, and a server that behaves as Microsoft Graph does.

pub mod base64;
pub mod bindings;
pub mod bless;
pub mod cases;
pub mod evtx_writer;
pub mod graph_server;
pub mod history;
pub mod log_reports;
#[path = "python_package.rs"]
pub mod python;
pub mod reports;
pub mod round_trips;
pub mod rules_page;
pub mod types;

/// The programs in the documentation run as tests.
#[doc = include_str!("../README.md")]
pub mod readme {}

/// The programs in the documentation run as tests.
#[doc = include_str!("../docs/access-check.md")]
pub mod access_check {}

/// Bytes in base64, as LDIF carries them.
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte))
            << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            let at = bits >> (18 - 6 * digit) & 63;
            let known = DIGITS.get(at).filter(|_| digit <= chunk.len());
            text.push(char::from(*known.unwrap_or(&b'=')));
        }
    }
    text
}
