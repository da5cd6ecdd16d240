//! `sspr.readiness`: is it set up right?

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use serde::Serialize;
use sspr::evidence::OnProgress;
use sspr::readiness::{
    CollectEntry, Finding, LastProof, Names, Options, PeopleCount, Period, Phase, PhaseReport,
    PhaseVerdict, Remedy, Severity, rules::ALL, rules::find,
};
use sspr::render;

use crate::fault::{caught, own};
use crate::plain::Plain;
use crate::snapshot::{Reading, Snapshot};
use crate::source::{Given, reading};
use crate::value::{Bytes, Whole};
use crate::work::{OnStep, Stop, promised};

/// What an administrator changes about the judgement.
#[napi(namespace = "readiness")]
pub struct Configuration {
    inner: sspr::readiness::Configuration,
}

#[napi(namespace = "readiness")]
impl Configuration {
    /// Reads a configuration, in TOML, and checks that every rule it names exists.
    #[napi(factory)]
    pub fn parse(text: String) -> napi::Result<Self> {
        caught(|| {
            sspr::readiness::Configuration::parse(&text)
                .map(|inner| Self { inner })
                .map_err(|error| own(&error))
        })
    }

    /// What it changes, in words.
    #[napi(getter)]
    pub fn changes(&self) -> Vec<String> {
        self.inner.changes()
    }
}

/// The verdict on a tenant. Its fields are those of the JSON, with a `Date` for every time.
#[napi(namespace = "readiness")]
pub struct Report {
    inner: Arc<sspr::readiness::Report>,
}

/// How text is written.
#[napi(object, object_to_js = false, namespace = "loader")]
pub struct Style {
    /// Columns.
    pub width: Option<Whole>,
    /// Whether to colour.
    pub color: Option<bool>,
    /// Show every rule with its evidence.
    pub details: Option<bool>,
}

impl Style {
    /// As the core knows it.
    pub(crate) fn options(style: Option<Self>) -> napi::Result<render::TextOptions> {
        let mut options = render::TextOptions::default();
        if let Some(style) = style {
            if let Some(width) = style.width {
                options.width = width.get()?;
            }
            options.color = style.color.unwrap_or_default();
            options.details = style.details.unwrap_or_default();
        }
        Ok(options)
    }
}

macro_rules! fields {
    ($($(#[$doc:meta])* $field:ident: $type:ty,)*) => {
        #[napi(namespace = "readiness")]
        impl Report {
            $(
                $(#[$doc])*
                #[napi(getter)]
                pub fn $field(&self) -> Plain<$type> {
                    Plain(self.inner.$field.clone())
                }
            )*
        }
    };
}

fields! {
    /// Always `sspr-report/1`.
    schema: Cow<'static, str>,
    /// The version of the library that judged.
    version: Cow<'static, str>,
    /// The time the verdict is for.
    as_of: DateTime<Utc>,
    /// The tenant's name, where it is known.
    tenant: Option<String>,
    /// The answer as a whole.
    verdict: PhaseVerdict,
    /// Whether every gate is settled.
    gates_settled: bool,
    /// For how many people it works, where people are in evidence.
    people: Option<PeopleCount>,
    /// The last password that was seen written to the domain.
    last_proof: Option<LastProof>,
    /// The phases, licensing and permissions.
    phases: Vec<PhaseReport>,
    /// Every rule, whatever its verdict, by code.
    findings: Vec<Finding>,
    /// What to collect next, the most telling first.
    collect: Vec<CollectEntry>,
    /// The one log that alone tells whether it works today, while no success is on record.
    quickest_proof: Option<CollectEntry>,
    /// The time that the evidence covers.
    period: Option<Period>,
    /// What was read.
    evidence: Vec<sspr::snapshot::Evidence>,
    /// What gave nothing.
    skipped: Vec<sspr::snapshot::Skipped>,
    /// What the configuration changed, in words.
    configuration: Vec<String>,
}

#[napi(namespace = "readiness")]
impl Report {
    /// A report that was stored as JSON, text or bytes.
    #[napi(factory)]
    pub fn from_json(json: Bytes) -> napi::Result<Self> {
        caught(|| {
            sspr::readiness::Report::from_json(&json.0)
                .map(Self::from)
                .map_err(|error| own(&error))
        })
    }

    /// The finding of a rule, such as `SSPR401`, in any case; none where it was switched off.
    #[napi]
    pub fn finding(&self, code: String) -> Plain<Option<Finding>> {
        Plain(self.inner.finding(&code).cloned())
    }

    /// The report as indented JSON, byte for byte what every language gives.
    #[napi]
    pub fn json(&self) -> napi::Result<String> {
        caught(|| Ok(render::json(&self.inner)))
    }

    /// The report as Markdown, with every rule and its evidence when `details` is true.
    #[napi]
    pub fn markdown(&self, details: Option<bool>) -> napi::Result<String> {
        caught(|| Ok(render::markdown(&self.inner, details.unwrap_or_default())))
    }

    /// The report as one `<section>` of HTML, without style sheet, script or address of another place.
    #[napi]
    pub fn html(&self) -> napi::Result<String> {
        caught(|| Ok(render::html(&self.inner)))
    }

    /// The report as text for a terminal of a width (80 without one), with SGR colours when `color`
    /// is true, and with every rule and its evidence when `details` is true.
    #[napi]
    pub fn text(&self, style: Option<Style>) -> napi::Result<String> {
        let options = Style::options(style)?;
        caught(|| Ok(render::text(&self.inner, &options)))
    }
}

/// A rule, with everything that is said of it wherever it appears.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// Such as `SSPR401`; stable for ever.
    code: &'static str,
    /// What it judges.
    title: &'static str,
    /// The phase it belongs to.
    phase: Phase,
    /// How much a failure weighs.
    severity: Severity,
    /// A gate: while it is unknown, so is its phase.
    gate: bool,
    /// It predicts trouble: a password written later turns a failure into a warning.
    predicts: bool,
    /// The names of the facts it judges, the most telling first.
    needs: &'static [&'static str],
    /// Why it matters.
    rationale: &'static str,
    /// Addresses of the documentation it rests on.
    sources: &'static [&'static str],
    /// How to mend a failure; names in angle brackets stand for the tenant's own.
    remedy: Remedy,
}

impl Rule {
    fn of(rule: &sspr::readiness::Rule) -> Self {
        Self {
            code: rule.code,
            title: rule.title,
            phase: rule.phase,
            severity: rule.severity,
            gate: rule.gate,
            predicts: rule.predicts,
            needs: rule.needs,
            rationale: rule.rationale,
            sources: rule.sources,
            remedy: (rule.remedy)(&Names::default()),
        }
    }
}

/// Every rule, by code.
#[napi(namespace = "readiness")]
pub fn rules() -> Plain<Vec<Rule>> {
    Plain(ALL.iter().map(|rule| Rule::of(rule)).collect())
}

/// The rule with this code, in any case.
#[napi(namespace = "readiness")]
pub fn rule(code: String) -> Plain<Option<Rule>> {
    Plain(find(&code).map(Rule::of))
}

/// How to judge.
#[napi(object, object_to_js = false, namespace = "loader")]
pub struct Judging<'a> {
    /// The time the verdict is for.
    pub as_of: DateTime<Utc>,
    /// The configuration.
    pub config: Option<napi::bindgen_prelude::ClassInstance<'a, Configuration>>,
}

impl Judging<'_> {
    fn options(&self) -> Options {
        let mut options = Options::at(self.as_of);
        if let Some(config) = &self.config {
            options.config = config.inner.clone();
        }
        options
    }
}

/// Judges every rule.
#[napi(namespace = "loader")]
pub fn assess_snapshot<'env>(
    env: &'env Env,
    snapshot: &Snapshot,
    judging: Judging<'_>,
) -> napi::Result<Object<'env>> {
    let (snapshot, options) = (snapshot.share(), judging.options());
    promised(
        env,
        move || Ok(sspr::readiness::assess(&snapshot, &options)),
        Report::from,
    )
}

/// Reads evidence and judges every rule.
#[napi(namespace = "loader")]
pub fn assess_evidence<'env>(
    env: &'env Env,
    inputs: Vec<Given<'_>>,
    how: Reading,
    judging: Judging<'_>,
    stop: &Stop,
    hear: Option<OnStep<'_>>,
) -> napi::Result<Object<'env>> {
    let (how, options) = (how.options()?, judging.options());
    let read = move |inputs, progress: &mut OnProgress<'_>| {
        let snapshot = sspr::snapshot::Snapshot::read(inputs, &how, progress)?;
        Ok(sspr::readiness::assess(&snapshot, &options))
    };
    reading(env, inputs, stop, hear, read, Report::from)
}

impl From<sspr::readiness::Report> for Report {
    fn from(report: sspr::readiness::Report) -> Self {
        Self {
            inner: Arc::new(report),
        }
    }
}
