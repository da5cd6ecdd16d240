//! Judging all rules and drawing the phases together.

use chrono::{DateTime, Utc};

use super::collect::plan;
use super::rules::ALL;
use super::{
    Configuration, Context, EvidenceRef, Finding, LastProof, Names, Outcome, PeopleCount, Phase,
    PhaseReport, PhaseVerdict, REPORT_SCHEMA, Report, Rule, Severity, Verdict,
};
use crate::evidence::{Provenance, Strength};
use crate::snapshot::Snapshot;

/// How to judge.
#[derive(Debug, Clone)]
pub struct Options {
    /// The time the verdict is for.
    pub as_of: DateTime<Utc>,
    /// The configuration.
    pub config: Configuration,
}

impl Options {
    /// Judges as of a time, with the default configuration.
    pub fn at(as_of: DateTime<Utc>) -> Self {
        Self {
            as_of,
            config: Configuration::default(),
        }
    }
}

/// Judges every rule.
pub fn assess(snapshot: &Snapshot, options: &Options) -> Report {
    let mut config = options.config.clone();
    config.exclude.resolve(&snapshot.facts);
    let cx = Context {
        facts: &snapshot.facts,
        snapshot,
        config: &config,
        as_of: options.as_of,
    };
    let names = Names::of(&snapshot.facts);
    let findings: Vec<_> = ALL
        .iter()
        .filter(|rule| !config.off.contains(rule.code))
        .map(|rule| judge(rule, &cx, &names))
        .collect();
    let phases: Vec<_> = Phase::ALL
        .into_iter()
        .filter_map(|phase| phase_report(phase, &findings))
        .collect();
    let unknown: Vec<_> = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Unknown)
        .filter_map(|finding| {
            Some((
                super::rules::find(finding.code)?,
                finding.missing.as_slice(),
            ))
        })
        .collect();
    let collect = plan(&unknown, &names);
    let gates_settled = !findings
        .iter()
        .any(|finding| finding.gate && finding.verdict == Verdict::Unknown);
    let set_up = || phases.iter().filter(|phase| phase.phase != Phase::Evidence);
    let verdict = if set_up().any(|phase| phase.verdict == PhaseVerdict::Fail) {
        PhaseVerdict::Fail
    } else if set_up().any(|phase| phase.verdict == PhaseVerdict::Unknown) {
        PhaseVerdict::Unknown
    } else {
        PhaseVerdict::Pass
    };
    Report {
        schema: REPORT_SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        as_of: options.as_of,
        tenant: tenant_name(&cx),
        verdict,
        gates_settled,
        people: people_count(&cx, &findings),
        last_proof: snapshot.facts.events.last_success().map(|proof| LastProof {
            operation: proof.operation,
            at: proof.at,
            user: proof.user.clone(),
            host: proof.host.clone(),
        }),
        phases,
        findings,
        collect,
        evidence: snapshot.evidence.clone(),
        skipped: snapshot.skipped.clone(),
        configuration: options.config.changes(),
    }
}

fn judge(rule: &'static Rule, cx: &Context<'_>, names: &Names) -> Finding {
    let mut severity = cx
        .config
        .severity
        .get(rule.code)
        .copied()
        .unwrap_or(rule.severity);
    let (outcome, missing) = match (rule.judge)(cx) {
        Ok(outcome) => (outcome, Vec::new()),
        Err(unknown) => (
            Outcome {
                verdict: Verdict::Unknown,
                ..Outcome::pass(unknown_message(&unknown.missing))
            },
            unknown.missing,
        ),
    };
    let Outcome {
        verdict,
        mut message,
        values,
        evidence,
        subjects,
        disproved_after,
    } = outcome;
    let works_today = rule.predicts
        && verdict == Verdict::Fail
        && disproved_after
            .or_else(|| evidence.iter().filter_map(|from| from.observed_at).max())
            .is_some_and(|time| {
                let proof = cx.facts.events.last_success();
                proof.is_some_and(|proof| proof.at > time)
            });
    if works_today {
        message.push_str(" It works today, and is at risk: a password was written later.");
        severity = severity.min(Severity::Warning);
    }
    Finding {
        code: rule.code,
        phase: rule.phase,
        title: rule.title,
        verdict,
        severity,
        gate: rule.gate,
        inferred: evidence
            .iter()
            .any(|from| from.strength == Strength::Inferred),
        works_today,
        message,
        values,
        remedy: (verdict == Verdict::Fail).then(|| (rule.remedy)(names)),
        evidence: evidence.iter().map(reference).collect(),
        sources: rule.sources,
        subjects,
        missing,
    }
}

fn reference(from: &Provenance) -> EvidenceRef {
    EvidenceRef {
        source: from.source,
        locator: from.locator.to_string(),
        observed_at: from.observed_at,
        strength: from.strength,
    }
}

fn unknown_message(missing: &[crate::evidence::Missing]) -> String {
    use crate::evidence::Gap;
    let mut parts = Vec::new();
    for missing in missing {
        let of = missing
            .subject
            .as_ref()
            .map(|subject| format!(" of {subject}"))
            .unwrap_or_default();
        let why = match &missing.gap {
            Gap::NotCollected => "was not collected".to_owned(),
            Gap::Null => "is null in the evidence".to_owned(),
            Gap::NotAvailable(detail) => format!("is not available here: {detail}"),
            Gap::NoPermission(detail) => format!("was refused to the collector: {detail}"),
            Gap::Unreadable(detail) => format!("could not be read: {detail}"),
        };
        parts.push(format!("{}{of} {why}", missing.fact));
    }
    parts.join("; ")
}

/// A phase fails with any error; else it is unknown with any unknown gate; else it passes.
fn phase_report(phase: Phase, findings: &[Finding]) -> Option<PhaseReport> {
    let own: Vec<_> = findings.iter().filter(|f| f.phase == phase).collect();
    if own.is_empty() {
        return None;
    }
    let failed = |severity| {
        let count = own
            .iter()
            .filter(|f| f.verdict == Verdict::Fail && f.severity == severity)
            .count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    let errors = failed(Severity::Error);
    let verdict = if errors > 0 {
        PhaseVerdict::Fail
    } else if own.iter().any(|f| f.gate && f.verdict == Verdict::Unknown) {
        PhaseVerdict::Unknown
    } else if own.iter().all(|f| f.verdict == Verdict::NotApplicable) {
        PhaseVerdict::NotApplicable
    } else if own
        .iter()
        .all(|f| matches!(f.verdict, Verdict::Unknown | Verdict::NotApplicable))
    {
        // A phase without a gate of which nothing is known is no pass.
        PhaseVerdict::Unknown
    } else {
        PhaseVerdict::Pass
    };
    Some(PhaseReport {
        phase,
        number: phase.number(),
        title: phase.title(),
        verdict,
        inferred: own
            .iter()
            .any(|f| f.gate && f.inferred && f.verdict == Verdict::Pass),
        errors,
        warnings: failed(Severity::Warning),
    })
}

fn tenant_name(cx: &Context<'_>) -> Option<String> {
    let tenant = &cx.facts.tenant;
    tenant
        .initial_domain
        .value()
        .cloned()
        .or_else(|| tenant.id.value().map(ToString::to_string))
}

/// People in scope, and those of them that an error rule hits. Rules that count no people hit
/// everybody.
fn people_count(cx: &Context<'_>, findings: &[Finding]) -> Option<PeopleCount> {
    let in_scope = cx
        .people_in_scope()
        .ok()?
        .filter(|person| !cx.config.exclude.covers(person))
        .count() as u64;
    let errors = || {
        findings
            .iter()
            .filter(|f| f.verdict == Verdict::Fail && f.severity == Severity::Error)
    };
    let hit = if errors().any(|f| f.subjects.is_none()) {
        in_scope
    } else {
        // Overlaps are not known here; the largest group is a sound lower bound.
        errors()
            .filter_map(|f| f.subjects.as_ref())
            .map(|s| s.count)
            .max()
            .unwrap_or(0)
            .min(in_scope)
    };
    Some(PeopleCount { in_scope, hit })
}
