//! Tour to come.
#![forbid(unsafe_code)]

pub mod carrier;
pub mod directory;
pub mod error;
pub mod events;
pub mod evidence;
pub mod licensing;
pub mod policy;
pub mod readiness;
pub mod roundtrip;
pub mod snapshot;
pub mod tenant;
pub mod time;
pub mod writeback;

pub use error::{Error, ErrorCode, Result};
