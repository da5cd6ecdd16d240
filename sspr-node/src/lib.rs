//! The package `sspr` for Node. Everything is decided by the core; this crate converts values,
//! leaves the main thread for long work, and carries errors. Names are mirrored: what Rust calls
//! `sspr::policy::check_upn` is `sspr.policy.checkUpn` here.
//!
//! The namespace `loader` is for `index.js` and what it requires of `lib/` alone, which hide it.
#![allow(
    clippy::needless_pass_by_value,
    reason = "napi hands the values of a call over"
)]

pub mod answers;
pub mod command;
pub mod directory;
pub mod events;
pub mod explain;
pub mod fault;
pub mod feed;
pub mod forecast;
pub mod graph;
pub mod ldap;
pub mod licensing;
pub mod log;
pub mod operations;
pub mod plain;
pub mod policy;
pub mod readiness;
pub mod roundtrip;
pub mod snapshot;
pub mod source;
pub mod tenant;
pub mod value;
pub mod watch;
pub mod work;
pub mod writeback;
