//! What the tests of several crates share: the cases that every language walks, and a writer of
//! Windows logs.

pub mod bindings;
pub mod bless;
pub mod cases;
pub mod evtx_writer;
#[path = "python_package.rs"]
pub mod python;
pub mod reports;
pub mod rules_page;
pub mod types;

/// The programs in the documentation run as tests.
#[doc = include_str!("../README.md")]
pub mod readme {}

/// The programs in the documentation run as tests.
#[doc = include_str!("../docs/access-check.md")]
pub mod access_check {}
