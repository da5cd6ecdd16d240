//! `sspr.readiness`: a snapshot judged, and the report.

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use sspr::render;

use crate::data::{data, words};
use crate::errors::OrRaise;
use crate::events::OperationKind;
use crate::evidence::{Missing, Strength};
use crate::input::When;
use crate::json::Json;
use crate::snapshot::{Evidence, Skipped, Snapshot};
use crate::work;

/// Judges a snapshot, rule by rule. `as_of` is the time the verdict is for; the library reads no
/// clock. The interpreter's lock is released meanwhile.
#[pyfunction]
#[pyo3(signature = (snapshot, *, as_of, config = None))]
pub(crate) fn assess(
    py: Python<'_>,
    snapshot: &Snapshot,
    as_of: When,
    config: Option<&Configuration>,
) -> PyResult<Report> {
    let options = sspr::readiness::Options {
        as_of: as_of.0,
        config: config.map(|config| config.0.clone()).unwrap_or_default(),
    };
    let facts = &*snapshot.0;
    work::quietly(py, || Report(sspr::readiness::assess(facts, &options)))
}

/// What an administrator may change about the judgement: severities, thresholds, exclusions,
/// switched-off rules.
#[pyclass(frozen, eq, module = "sspr.readiness")]
#[derive(Clone, PartialEq)]
pub(crate) struct Configuration(pub(crate) sspr::readiness::Configuration);

#[pymethods]
impl Configuration {
    /// Reads a configuration in TOML and checks that every rule it names exists.
    #[staticmethod]
    fn parse(py: Python<'_>, toml: &str) -> PyResult<Self> {
        sspr::readiness::Configuration::parse(toml)
            .or_raise(py)
            .map(Self)
    }

    /// What it changes, in words.
    #[getter]
    fn changes(&self) -> Vec<String> {
        self.0.changes()
    }

    fn __repr__(&self) -> String {
        format!("Configuration({:?})", self.0.changes())
    }
}

/// All rules, by code.
#[pyfunction]
pub(crate) fn rules() -> Vec<Rule> {
    sspr::readiness::rules::ALL
        .iter()
        .copied()
        .map(Rule)
        .collect()
}

/// The rule of a code, in any case; `None` when there is none.
#[pyfunction]
pub(crate) fn rule(code: &str) -> Option<Rule> {
    sspr::readiness::rules::find(code).map(Rule)
}

/// One rule, with everything that is said of it wherever it appears.
#[pyclass(frozen, module = "sspr.readiness")]
pub(crate) struct Rule(&'static sspr::readiness::Rule);

#[pymethods]
impl Rule {
    /// Such as `SSPR401`; stable for ever.
    #[getter]
    fn code(&self) -> &str {
        self.0.code
    }
    /// What it judges, as a short noun phrase that fits every verdict.
    #[getter]
    fn title(&self) -> &str {
        self.0.title
    }
    /// The phase it belongs to.
    #[getter]
    fn phase(&self) -> Phase {
        Phase(self.0.phase)
    }
    /// How much a failure weighs.
    #[getter]
    fn severity(&self) -> Severity {
        Severity(self.0.severity)
    }
    /// A gate: while it is unknown, so is its phase.
    #[getter]
    fn gate(&self) -> bool {
        self.0.gate
    }
    /// The names of the facts it judges, the most telling first.
    #[getter]
    fn needs(&self) -> Vec<&'static str> {
        self.0.needs.to_vec()
    }
    /// Why it matters, in two or three sentences for an administrator.
    #[getter]
    fn rationale(&self) -> &str {
        self.0.rationale
    }
    /// Addresses of the documentation it rests on, the best first.
    #[getter]
    fn sources(&self) -> Vec<&'static str> {
        self.0.sources.to_vec()
    }
    fn __repr__(&self) -> String {
        format!("Rule(code='{}', title='{}')", self.0.code, self.0.title)
    }
    fn __eq__(&self, other: &Self) -> bool {
        self.0.code == other.0.code
    }
    fn __hash__(&self) -> u64 {
        crate::data::hash(&self.0.code)
    }
}

data! {
    wire
    /// The verdict on a tenant.
    Report in "sspr.readiness" is sspr::readiness::Report {
        /// Always `sspr-report/1`.
        schema: &str = |it| &it.schema,
        /// The version of the library that judged.
        version: &str = |it| &it.version,
        /// The time the verdict is for.
        as_of: DateTime<Utc> = |it| it.as_of,
        /// The tenant's name, where it is known.
        tenant: Option<&str> = |it| it.tenant.as_deref(),
        /// The answer as a whole.
        verdict: PhaseVerdict = |it| PhaseVerdict(it.verdict),
        /// Whether every gate is settled.
        gates_settled: bool = |it| it.gates_settled,
        /// For how many people it works, where people are in evidence.
        people: Option<PeopleCount> = |it| it.people.map(PeopleCount),
        /// The last password that was seen written to the domain.
        last_proof: Option<LastProof> = |it| it.last_proof.clone().map(LastProof),
        /// The phases, licensing and permissions.
        phases: Vec<PhaseReport> = |it| it.phases.iter().cloned().map(PhaseReport).collect(),
        /// Every rule, whatever its verdict, by code.
        findings: Vec<Finding> = |it| it.findings.iter().cloned().map(Finding).collect(),
        /// What to collect next, the most telling first.
        collect: Vec<CollectEntry> = |it| it.collect.iter().cloned().map(CollectEntry).collect(),
        /// The one log that alone tells whether it works today, while no success is on record.
        quickest_proof: Option<CollectEntry> = |it| it.quickest_proof.clone().map(CollectEntry),
        /// The time that the evidence covers: from the first record of its logs, or its first
        /// observation, to its last observation.
        period: Option<Period> = |it| it.period.map(Period),
        /// What was read.
        evidence: Vec<Evidence> = |it| it.evidence.iter().cloned().map(Evidence).collect(),
        /// What gave nothing.
        skipped: Vec<Skipped> = |it| it.skipped.iter().cloned().map(Skipped).collect(),
        /// What the configuration changed, in words.
        configuration: Vec<String> = |it| it.configuration.clone(),
    }    /// The finding of a rule, by its code in any case; `None` for a rule that is not there.
    fn finding(&self, code: &str) -> Option<Finding> {
        self.0.finding(code).cloned().map(Finding)
    }

    /// For a terminal. `width` counts columns; below 40 it is written as for 40, above 120 as for
    /// 120. `details` shows every rule with its evidence.
    #[pyo3(signature = (*, width = 80, color = false, details = false))]
    fn to_text(&self, width: usize, color: bool, details: bool) -> String {
        let options = render::TextOptions {
            width,
            color,
            details,
        };
        render::text(&self.0, &options)
    }

    /// As Markdown. `details` shows every rule with its evidence.
    #[pyo3(signature = (*, details = false))]
    fn to_markdown(&self, details: bool) -> String {
        render::markdown(&self.0, details)
    }

    /// As a fragment of HTML, without style sheet or script.
    fn to_html(&self) -> String {
        render::html(&self.0)
    }

    fn _repr_markdown_(&self) -> String {
        render::markdown(&self.0, false)
    }

    fn _repr_html_(&self) -> String {
        render::html(&self.0)
    }

    fn __str__(&self) -> String {
        render::text(&self.0, &render::TextOptions::default())
    }
}

data! {
    wire
    /// For how many people it works.
    PeopleCount in "sspr.readiness" is sspr::readiness::PeopleCount {
        /// People in scope.
        in_scope: u64 = |it| it.in_scope,
        /// Of these, hit by at least one failed error rule.
        hit: u64 = |it| it.hit,
    }
}

data! {
    wire
    /// A password that was seen written.
    LastProof in "sspr.readiness" is sspr::readiness::LastProof {
        /// What was done, such as `reset`.
        operation: OperationKind = |it| OperationKind(it.operation),
        /// When.
        at: DateTime<Utc> = |it| it.at,
        /// For whom.
        user: Option<&str> = |it| it.user.as_deref(),
        /// On which server.
        host: Option<&str> = |it| it.host.as_deref(),
    }
}

data! {
    wire
    /// One phase.
    PhaseReport in "sspr.readiness" is sspr::readiness::PhaseReport {
        /// Which.
        phase: Phase = |it| Phase(it.phase),
        /// Its number, 1 to 6, for the phases of the set-up.
        number: Option<u8> = |it| it.number,
        /// What it is called.
        title: &str = |it| &it.title,
        /// The verdict.
        verdict: PhaseVerdict = |it| PhaseVerdict(it.verdict),
        /// Whether a pass rests on an inference.
        inferred: bool = |it| it.inferred,
        /// Failed rules that weigh as errors.
        errors: u32 = |it| it.errors,
        /// Failed rules that weigh as warnings.
        warnings: u32 = |it| it.warnings,
    }
}

data! {
    wire
    /// One rule's verdict with its evidence.
    Finding in "sspr.readiness" is sspr::readiness::Finding {
        /// The rule.
        code: &str = |it| &it.code,
        /// Its phase.
        phase: Phase = |it| Phase(it.phase),
        /// What it judges.
        title: &str = |it| &it.title,
        /// The verdict.
        verdict: Verdict = |it| Verdict(it.verdict),
        /// How much it weighs here.
        severity: Severity = |it| Severity(it.severity),
        /// Whether it is a gate.
        gate: bool = |it| it.gate,
        /// Whether the verdict rests on an inference.
        inferred: bool = |it| it.inferred,
        /// It predicts trouble, and a later password was written all the same.
        works_today: bool = |it| it.works_today,
        /// The verdict in words.
        message: &str = |it| &it.message,
        /// Measured values.
        values: Json = |it| Json::of(&it.values),
        /// How to mend it, when it failed.
        remedy: Option<Remedy> = |it| it.remedy.clone().map(Remedy),
        /// What decided.
        evidence: Vec<EvidenceRef> = |it| it.evidence.iter().cloned().map(EvidenceRef).collect(),
        /// Documentation.
        sources: Vec<&str> = |it| it.sources.iter().map(AsRef::as_ref).collect(),
        /// The people, servers or other things concerned.
        subjects: Option<Concerned> = |it| it.subjects.clone().map(Concerned),
        /// Whom a failure hits.
        hits: Option<Hits> = |it| it.hits.map(Hits),
        /// What is missing, when it is unknown.
        missing: Vec<Missing> = |it| it.missing.iter().cloned().map(Missing).collect(),
    }
}

data! {
    wire
    /// People, servers or other things that a finding concerns.
    Concerned in "sspr.readiness" is sspr::readiness::Concerned {
        /// How many, without the excluded.
        count: u64 = |it| it.count,
        /// How many the configuration excludes.
        excluded: u64 = |it| it.excluded,
        /// The first of them by name.
        sample: Vec<String> = |it| it.sample.clone(),
    }
}

data! {
    wire
    /// How to mend a failure. It is printed, and never run.
    Remedy in "sspr.readiness" is sspr::readiness::Remedy {
        /// What the mending brings, and what to weigh.
        why: &str = |it| &it.why,
        /// What to do, in order.
        steps: Vec<String> = |it| it.steps.clone(),
        /// The command, where there is one.
        command: Option<&str> = |it| it.command.as_deref(),
        /// How to see that it worked.
        verify: &str = |it| &it.verify,
        /// The way back.
        undo: &str = |it| &it.undo,
    }
}

data! {
    wire
    /// A place in the evidence.
    EvidenceRef in "sspr.readiness" is sspr::readiness::EvidenceRef {
        /// An index into the report's `evidence`.
        source: u32 = |it| it.source.0,
        /// The place in it.
        locator: &str = |it| &it.locator,
        /// When it was observed.
        observed_at: Option<DateTime<Utc>> = |it| it.observed_at,
        /// How strong it is.
        strength: Strength = |it| Strength(it.strength),
    }
}

data! {
    wire
    /// Something to collect.
    CollectEntry in "sspr.readiness" is sspr::readiness::CollectEntry {
        /// A short name.
        id: &str = |it| &it.id,
        /// What it is.
        what: &str = |it| &it.what,
        /// Where to run it.
        place: &str = |it| &it.place,
        /// The rights it takes.
        rights: &str = |it| &it.rights,
        /// The minutes it takes.
        minutes: u32 = |it| it.minutes,
        /// The command, with this tenant's own names.
        command: &str = |it| &it.command,
        /// The rules that it settles, gates first.
        settles: Vec<&str> = |it| it.settles.iter().map(AsRef::as_ref).collect(),
    }
}

data! {
    wire
    /// A stretch of time.
    Period in "sspr.readiness" is sspr::readiness::Period {
        /// Its start.
        start: DateTime<Utc> = |it| it.from,
        /// Its end.
        end: DateTime<Utc> = |it| it.to,
    }
}

words! {
    Verdict in "sspr.readiness" is sspr::readiness::Verdict { Pass, Fail, Unknown, NotApplicable };
    PhaseVerdict in "sspr.readiness" is sspr::readiness::PhaseVerdict { Pass, Fail, Unknown, NotApplicable };
    Phase in "sspr.readiness" is sspr::readiness::Phase { CloudScope, WritebackServer, OnPremisesIntegration, DomainPolicy, UserVerification, EventLog, Licensing, Permissions, Evidence };
    Severity in "sspr.readiness" is sspr::readiness::Severity { Information, Warning, Error };
    Hits in "sspr.readiness" is sspr::readiness::Hits { Everybody, Subjects };
}
