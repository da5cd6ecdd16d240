//! Speaking to servers over HTTP and TLS. Feature `http`, which those that need it bring.
//!
//! What is trusted, which proxy counts, where a request may go and what a failure means is decided
//! here, for all who ask or post.

mod address;
mod retry_after;
mod transport;

pub(crate) use address::{Origin, spoken};
pub(crate) use retry_after::retry_after;
pub(crate) use transport::{Answer, Broken, Message, Transport, host_of};
