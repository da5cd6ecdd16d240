//! The package `sspr` for Node. Everything is decided by the core; this crate converts values,
//! leaves the main thread for long work, and carries errors. Names are mirrored: what Rust calls
//! `sspr::policy::check_upn` is `sspr.policy.checkUpn` here.
//!
//! The namespace `loader` is for `index.js` alone, which hides it.

mod command;
mod explain;
mod fault;
mod feed;
mod readiness;
mod snapshot;
mod source;
mod value;
mod work;
