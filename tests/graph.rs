//! `sspr collect graph` against a server that behaves as Graph does: what is collected can be judged,
//! whatever goes wrong on the way.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "graph/support.rs"]
mod support;

#[path = "graph/collecting.rs"]
mod collecting;
#[path = "graph/failing.rs"]
mod failing;
#[path = "graph/resuming.rs"]
mod resuming;
#[path = "graph/signing_in.rs"]
mod signing_in;
