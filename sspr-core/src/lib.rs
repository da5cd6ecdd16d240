//! Is Microsoft Entra self-service password reset (SSPR) with password writeback set up right, for
//! whom will it work, and did it work?
//!
//! An administrator collects evidence: answers of Microsoft Graph, the portal's exports, what an
//! Entra Connect server and a domain tell, event logs. This library turns it into facts that know
//! where they came from, and judges them rule by rule. It asks no tenant, reads no clock, and
//! changes nothing.
//!
//! # Start here
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use sspr::readiness::{Options, Verdict, assess};
//! use sspr::snapshot::{Input, ReadOptions, Snapshot};
//!
//! // A person's word about one setting. A folder would be Input::path("evidence/").
//! let attested = r#"
//!     schema = "sspr-attested/1"
//!     [[fact]]
//!     what = "domain.minimumPasswordAge"
//!     value = 1
//!     domain = "contoso.com"
//!     at = 2026-11-20T09:00:00Z
//! "#;
//! let inputs = vec![Input::bytes("attested.toml", attested)];
//! let snapshot = Snapshot::read(inputs, &ReadOptions::default(), &mut |_| ControlFlow::Continue(()))?;
//!
//! let report = assess(&snapshot, &Options::at("2026-11-20T12:00:00Z".parse()?));
//! for finding in &report.findings {
//!     if finding.verdict == Verdict::Fail {
//!         println!("{} {}", finding.code, finding.message);
//!     }
//! }
//! // Most is unknown, so the report says what to collect next, best first.
//! assert!(!report.gates_settled);
//! println!("{}", report.collect[0].command);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # From the top down
//!
//! | ask | module |
//! |---|---|
//! | Show me the answer, as text, JSON or Markdown | [`render`] |
//! | What is this code, event or product, and what do I do? | [`explain`] |
//! | Is it set up right? | [`readiness`]: [`assess`](readiness::assess), the rules, the configuration |
//! | What does this folder, archive or stream hold? | [`snapshot`]: reads everything, and keeps each fact with its provenance |
//! | Which server, which version, which account? | [`writeback`] |
//! | What became of each password operation? | [`roundtrip`] |
//! | Scope, methods and password rules of the cloud | [`policy`] |
//! | Who is licensed, and for whom does it work technically? | [`licensing`] |
//! | Domains, people, groups, registration | [`tenant`] |
//! | What does this event say, and what is its root cause? | [`events`] |
//! | Password policies, access lists and who may reset whom | [`directory`] |
//! | The forms that all of these come in | [`carrier`] |
//! | Strength, place and time of a fact; limits; progress | [`evidence`], [`time`], [`mod@error`] |
//!
//! A module uses only those below it. So each model and each parser works alone: parsers take bytes
//! or a reader, never a path, give typed values with their places, and never judge.
//!
//! # What it holds to
//!
//! - *Unknown* is neither yes nor no. A missing fact says why it is missing and what would bring it.
//! - Any bytes give a value or an [`Error`] with its place. Nothing panics; one bad record never
//!   costs the rest, and what was lost is counted.
//! - The same evidence gives the same report, whatever the order in which it came. The time of the
//!   verdict is an argument.
//! - Large lists and logs are read as streams. A callback hears of progress and can stop the work.
//!
//! # What it refuses to do
//!
//! It runs no remedy and changes nothing anywhere. It opens no connection and asks for no password,
//! but for what stands behind features: collectors, which only read, and the posting of notices to the
//! receiver that the caller names. It takes the time of an
//! observation from the evidence, never from a file's date. It does not believe Graph's
//! `passwordWritebackEnabled`, which is documented as not in use.
//!
//! # Features
//!
//! All are off by default.
//!
//! - `arrow`: events and operations as Arrow tables.
//! - `graph`: the module `graph`, which reads a tenant through Microsoft Graph and writes evidence.
//! - `ldap`: the module `ldap`, which reads Active Directory and writes evidence.
//! - `post`: [`watch`] posts what it tells to a receiver of JSON lines.
//! - `schema`: the JSON Schema of a report, derived from its types.
#![forbid(unsafe_code)]

pub mod carrier;
pub mod directory;
pub mod error;
pub mod events;
pub mod evidence;
pub mod explain;
pub mod forecast;
#[cfg(feature = "graph")]
pub mod graph;
#[cfg(feature = "http")]
#[cfg_attr(
    not(all(feature = "graph", feature = "post")),
    allow(
        dead_code,
        reason = "who collects and who posts need a part of it each"
    )
)]
mod http;
#[cfg(feature = "ldap")]
pub mod ldap;
pub mod licensing;
pub mod policy;
pub mod readiness;
pub mod render;
pub mod roundtrip;
pub mod snapshot;
pub mod tenant;
pub mod time;
pub mod watch;
pub mod writeback;

pub use error::{Error, ErrorCode, Result};
