//! What the tests of several crates share: the cases that every language walks.

pub mod cases;
