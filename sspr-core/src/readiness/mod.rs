//! Is it set up right? The six phases, licensing and permissions, judged rule by rule.
//!
//! [`assess`] takes a [`Snapshot`](crate::snapshot::Snapshot) and gives a [`Report`]. It reads no
//! file, no clock and no network: `as_of` is part of its [`Options`].

mod assess;
pub mod collect;
mod config;
mod context;
mod names;
mod outcome;
mod predicates;
mod report;
mod rule;
pub mod rules;

pub use assess::{Options, assess};
pub use config::{Configuration, Exclude, Thresholds};
pub use context::{Context, InScope};
pub use names::{Names, quoted};
pub use outcome::{Judgement, Outcome, Subjects};
pub use report::{
    CollectEntry, Concerned, EvidenceRef, Finding, Hits, LastProof, PeopleCount, Period,
    PhaseReport, PhaseVerdict, REPORT_JSON_SCHEMA, REPORT_SCHEMA, Remedy, Report, Verdict,
};
pub use rule::{Phase, Rule, Severity};
