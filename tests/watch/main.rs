//! Watching logs that grow, are rotated, replaced and cut: nothing is told twice, nothing is missed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where its premise fails"
)]

mod growth;
mod post;
mod receiver;
mod telling;
mod tenant;
mod watcher;
