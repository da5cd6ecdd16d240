//! The `sspr` command.

use napi_derive::napi;

use crate::fault::caught;

/// Runs the command with the arguments after its name, on the streams of this process, and gives
/// its exit code. It blocks until the command is done.
#[napi]
pub fn main(args: Vec<String>) -> napi::Result<u8> {
    caught(|| Ok(sspr_cli::run_in_process(args)))
}

/// The version of the library.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// For the test that a panic is an error and not the end of the process.
///
/// # Panics
///
/// That is its purpose.
#[cfg(debug_assertions)]
#[napi(namespace = "loader")]
pub fn panic_now() -> napi::Result<()> {
    #[expect(clippy::panic, reason = "that is its purpose")]
    caught(|| panic!("on purpose"))
}
