//! Following a password operation from the cloud through the writeback service into the domain.
//!
//! [`operations`] turns a stream of events into one of [`Operation`]s. Below it, a [`Correlator`]
//! takes events in whatever order a log gives them and hands over finished operations.
//!
//! ```
//! use sspr::events::WindowsEvent;
//! use sspr::evidence::{Locator, Provenance, SourceId, Strength};
//! use sspr::roundtrip::{Correlator, Kind, Outcome};
//!
//! let event = |id, second: u32, text: &str| WindowsEvent {
//!     provider: "PasswordResetService".into(),
//!     id,
//!     time: format!("2026-11-20T08:00:{second:02}Z").parse().ok(),
//!     message: Some(format!("TrackingId: 11111111-2222-3333-4444-555555555555, {text}")),
//!     ..WindowsEvent::default()
//! };
//! let from = Provenance {
//!     source: SourceId(0),
//!     locator: Locator::Whole,
//!     observed_at: None,
//!     strength: Strength::Observed,
//! };
//! let mut operations = Vec::new();
//! let mut correlator = Correlator::default();
//! for event in [
//!     event(31001, 0, "PasswordResetRequestStart, Details: jdoe@contoso.com"),
//!     event(31002, 1, "PasswordResetSuccess, Details: Context: UserPrincipalName: jdoe@contoso.com"),
//! ] {
//!     correlator.push(&event, &from, &mut |operation| operations.push(operation));
//! }
//! correlator.finish(&mut |operation| operations.push(operation));
//!
//! assert_eq!(operations.len(), 1);
//! assert_eq!((operations[0].kind, operations[0].outcome), (Kind::Reset, Outcome::Written));
//! assert_eq!(operations[0].duration().map(|time| time.num_seconds()), Some(1));
//! ```

#[cfg(feature = "arrow")]
pub mod arrow;
mod bursts;
mod choice;
mod clock;
mod correlator;
mod coverage;
mod draft;
mod intake;
mod item;
mod join;
mod link;
mod names;
mod operation;
mod operations;
mod outcome;
mod people;
mod settings;
mod stage;
mod statistics;
mod step;
mod summary;
mod support;
mod uptime;

pub use bursts::{Burst, BurstLimits, BurstOf, bursts};
pub use choice::Choice;
pub use correlator::Correlator;
pub use link::{Certainty, Doubt, Join, Link};
pub use operation::{Kind, Note, Operation, Outcome, Person};
pub use operations::{Operations, operations, operations_with};
pub use settings::{ConnectorAccount, PasswordSet, PersonFacts, Settings};
pub use stage::{Stage, StageName};
pub use statistics::{CauseTally, Counter, Durations, Moment, Share, Statistics};
pub use summary::{ClockStep, Connector, DomainSet, Gap, HowKnown, Service, Skew, Summary};
pub use support::{SupportBundle, SupportEvent};
