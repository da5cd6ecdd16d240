//! The report.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Phase, Severity, Subjects};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{Locator, Missing, SourceId, Strength};
use crate::snapshot::{Evidence, Skipped};

/// The schema name of a report.
pub const REPORT_SCHEMA: &str = "sspr-report/1";

/// The JSON Schema (draft 2020-12) of a report.
pub const REPORT_JSON_SCHEMA: &str = include_str!("../../data/report.schema.json");

/// The verdict on a tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// Always `sspr-report/1`.
    pub schema: Cow<'static, str>,
    /// The version of the library that judged.
    pub version: Cow<'static, str>,
    /// The time the verdict is for.
    pub as_of: DateTime<Utc>,
    /// The tenant's name, where it is known.
    pub tenant: Option<String>,
    /// The answer as a whole.
    pub verdict: PhaseVerdict,
    /// Whether every gate is settled.
    pub gates_settled: bool,
    /// For how many people it works, where people are in evidence.
    pub people: Option<PeopleCount>,
    /// The last password that was seen written to the domain.
    pub last_proof: Option<LastProof>,
    /// The phases, licensing and permissions.
    pub phases: Vec<PhaseReport>,
    /// Every rule, whatever its verdict, by code.
    pub findings: Vec<Finding>,
    /// What to collect next, the most telling first.
    pub collect: Vec<CollectEntry>,
    /// The one log that alone tells whether it works today, while no success is on record.
    pub quickest_proof: Option<CollectEntry>,
    /// The time that the evidence covers: from the first record of its logs, or its first
    /// observation, to its last observation.
    pub period: Option<Period>,
    /// What was read.
    pub evidence: Vec<Evidence>,
    /// What gave nothing.
    pub skipped: Vec<Skipped>,
    /// What the configuration changed, in words.
    pub configuration: Vec<String>,
}

impl Report {
    /// A report that was stored as JSON. Its places are words: [`Locator::Stated`].
    ///
    /// ```
    /// # use std::ops::ControlFlow;
    /// # use sspr::readiness::{Options, Report, assess};
    /// # use sspr::snapshot::{ReadOptions, Snapshot};
    /// let snapshot = Snapshot::read(vec![], &ReadOptions::default(), &mut |_| ControlFlow::Continue(()))?;
    /// let report = assess(&snapshot, &Options::at("2026-11-20T12:00:00Z".parse()?));
    /// let stored = sspr::render::json(&report);
    /// assert_eq!(sspr::render::json(&Report::from_json(stored.as_bytes())?), stored);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// [`Locator::Stated`]: crate::evidence::Locator::Stated
    pub fn from_json(json: &[u8]) -> Result<Self> {
        let report: Self = serde_json::from_slice(json).map_err(|error| {
            let place = Locator::Line(error.line() as u64);
            Error::syntax(place, format!("this is no report: {error}"))
        })?;
        if report.schema != REPORT_SCHEMA {
            return Err(Error::new(
                ErrorCode::Unsupported,
                Locator::Pointer("/schema".into()),
                format!("only {REPORT_SCHEMA} is read"),
            ));
        }
        Ok(report)
    }

    /// The finding of a rule, by its code in any case.
    pub fn finding(&self, code: &str) -> Option<&Finding> {
        self.findings
            .iter()
            .find(|finding| finding.code.eq_ignore_ascii_case(code.trim()))
    }
}

#[cfg(feature = "schema")]
impl Report {
    /// The JSON Schema (draft 2020-12) of a report, indented, with a line feed at its end.
    pub fn json_schema() -> String {
        let schema = schemars::schema_for!(Report);
        let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Period {
    /// Its start.
    pub from: DateTime<Utc>,
    /// Its end.
    pub to: DateTime<Utc>,
}

/// For how many people it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PeopleCount {
    /// People in scope.
    pub in_scope: u64,
    /// Of these, hit by at least one failed error rule.
    pub hit: u64,
}

/// A password that was seen written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LastProof {
    /// What was done, such as `reset`.
    pub operation: crate::events::OperationKind,
    /// When.
    pub at: DateTime<Utc>,
    /// For whom.
    pub user: Option<String>,
    /// On which server.
    pub host: Option<String>,
}

/// A rule's verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Verdict {
    /// As it should be.
    Pass,
    /// Not as it should be.
    Fail,
    /// A fact is missing.
    Unknown,
    /// The question does not arise.
    NotApplicable,
}

/// The verdict on a phase or on the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PhaseVerdict {
    /// Nothing stands in the way.
    Pass,
    /// Something does.
    Fail,
    /// A gate is not settled.
    Unknown,
    /// The phase does not arise in this tenant.
    NotApplicable,
}

/// One phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PhaseReport {
    /// Which.
    pub phase: Phase,
    /// Its number, 1 to 6, for the phases of the set-up.
    pub number: Option<u8>,
    /// What it is called.
    pub title: Cow<'static, str>,
    /// The verdict.
    pub verdict: PhaseVerdict,
    /// Whether a pass rests on an inference.
    pub inferred: bool,
    /// Failed rules that weigh as errors.
    pub errors: u32,
    /// Failed rules that weigh as warnings.
    pub warnings: u32,
}

/// One rule's verdict with its evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// The rule.
    pub code: Cow<'static, str>,
    /// Its phase.
    pub phase: Phase,
    /// What it judges.
    pub title: Cow<'static, str>,
    /// The verdict.
    pub verdict: Verdict,
    /// How much it weighs here.
    pub severity: Severity,
    /// Whether it is a gate.
    pub gate: bool,
    /// Whether the verdict rests on an inference.
    pub inferred: bool,
    /// It predicts trouble, and a later password was written all the same.
    pub works_today: bool,
    /// The verdict in words.
    pub message: String,
    /// Measured values.
    pub values: BTreeMap<Cow<'static, str>, Value>,
    /// How to mend it, when it failed.
    pub remedy: Option<Remedy>,
    /// What decided.
    pub evidence: Vec<EvidenceRef>,
    /// Documentation.
    pub sources: Vec<Cow<'static, str>>,
    /// The people, servers or other things concerned.
    pub subjects: Option<Concerned>,
    /// Whom a failure hits.
    pub hits: Option<Hits>,
    /// What is missing, when it is unknown.
    pub missing: Vec<Missing>,
}

/// People, servers or other things that a finding concerns.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Concerned {
    /// How many, without the excluded.
    pub count: u64,
    /// How many the configuration excludes.
    pub excluded: u64,
    /// The first of them by name.
    pub sample: Vec<String>,
}

impl From<Subjects> for Concerned {
    fn from(subjects: Subjects) -> Self {
        Self {
            count: subjects.count,
            excluded: subjects.excluded,
            sample: subjects.sample,
        }
    }
}

/// Whom a failure hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Hits {
    /// Everybody in scope.
    Everybody,
    /// The people that `subjects` counts.
    Subjects,
}

/// How to mend a failure. It is printed, and never run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Remedy {
    /// What the mending brings, and what to weigh.
    pub why: String,
    /// What to do, in order.
    pub steps: Vec<String>,
    /// The command, where there is one.
    pub command: Option<String>,
    /// How to see that it worked.
    pub verify: String,
    /// The way back.
    pub undo: String,
}

/// A place in the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EvidenceRef {
    /// An index into the report's `evidence`.
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub source: SourceId,
    /// The place in it.
    pub locator: String,
    /// When it was observed.
    pub observed_at: Option<DateTime<Utc>>,
    /// How strong it is.
    pub strength: Strength,
}

/// Something to collect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CollectEntry {
    /// A short name.
    pub id: Cow<'static, str>,
    /// What it is.
    pub what: Cow<'static, str>,
    /// Where to run it.
    #[serde(rename = "where")]
    pub place: Cow<'static, str>,
    /// The rights it takes.
    pub rights: Cow<'static, str>,
    /// The minutes it takes.
    pub minutes: u32,
    /// The command, with this tenant's own names.
    pub command: String,
    /// The rules that it settles, gates first.
    pub settles: Vec<Cow<'static, str>>,
}
