//! The test server itself: it answers as Graph does, and fails as it is told.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::format_push_string,
    reason = "a test fails by panicking"
)]

mod batches;
mod client;
mod failures;
mod limits;
mod objects;
mod reading;
mod sign_in;

use sspr_tests::graph_server::{Budgets, Server, Settings, Size, Tenant};

/// A quiet server with so many people.
pub(crate) fn quiet(users: usize) -> Settings {
    let tenant = Tenant::generated(&Size {
        users,
        ..Size::default()
    });
    Settings {
        budgets: Budgets::unlimited(),
        ..Settings::new(tenant)
    }
}

/// The server, and a client that is signed in.
pub(crate) fn start(settings: Settings) -> (Server, client::Client) {
    let server = Server::start(settings);
    let client = client::Client::of(&server);
    (server, client)
}
