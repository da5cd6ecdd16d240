//! The `sspr` command.
fn main() {}
