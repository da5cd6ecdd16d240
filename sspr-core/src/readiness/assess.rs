//! Judging all rules and drawing the phases together.

use chrono::{DateTime, Utc};

use super::collect::{Open, Seen, plan, quickest_proof};
use super::outcome::{PeopleSet, Who};
use super::rules::ALL;
use super::{
    Configuration, Context, EvidenceRef, Finding, Hits, LastProof, Names, Outcome, PeopleCount,
    Period, Phase, PhaseReport, PhaseVerdict, REPORT_SCHEMA, Report, Rule, Severity, Subjects,
    Verdict,
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
    let mut hit = HitPeople::default();
    let findings: Vec<_> = ALL
        .iter()
        .filter(|rule| !config.off.contains(rule.code))
        .map(|rule| judge(rule, &cx, &names, &mut hit))
        .collect();
    let phases: Vec<_> = Phase::ALL
        .into_iter()
        .filter_map(|phase| phase_report(phase, &findings))
        .collect();
    let unknown: Vec<_> = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Unknown)
        .filter_map(|finding| {
            Some(Open {
                rule: super::rules::find(&finding.code)?,
                missing: &finding.missing,
            })
        })
        .collect();
    let collect = plan(&unknown, &Seen::of(snapshot), &names);
    let gates_settled = !findings
        .iter()
        .any(|finding| finding.gate && finding.verdict == Verdict::Unknown);
    let settled = gates_settled && !snapshot.evidence.is_empty();
    let verdict = whole(&phases, settled);
    Report {
        schema: REPORT_SCHEMA.into(),
        version: env!("CARGO_PKG_VERSION").into(),
        as_of: options.as_of,
        tenant: tenant_name(&cx),
        verdict,
        gates_settled,
        people: hit.count(&cx),
        last_proof: snapshot.facts.events.last_success().map(|proof| LastProof {
            operation: proof.operation,
            at: proof.at,
            user: proof.user.clone(),
            host: proof.host.clone(),
        }),
        phases,
        quickest_proof: match snapshot.facts.events.last_success() {
            Some(_) => None,
            None => quickest_proof(&names),
        },
        findings,
        collect,
        period: period(snapshot),
        evidence: snapshot.evidence.clone(),
        skipped: snapshot.skipped.clone(),
        configuration: options.config.changes(),
    }
}

fn judge(rule: &'static Rule, cx: &Context<'_>, names: &Names, hit: &mut HitPeople) -> Finding {
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
        remedy,
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
    let hits = (verdict == Verdict::Fail).then(|| hits(cx, subjects.as_ref()));
    // The evidence itself stops nobody's password.
    if let Some(hits) = hits
        && severity == Severity::Error
        && rule.phase != Phase::Evidence
    {
        hit.add(cx, hits, subjects.as_ref());
    }
    Finding {
        code: rule.code.into(),
        phase: rule.phase,
        title: rule.title.into(),
        verdict,
        severity,
        gate: rule.gate,
        inferred: evidence
            .iter()
            .any(|from| from.strength == Strength::Inferred),
        works_today,
        message,
        values: values
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect(),
        remedy: (verdict == Verdict::Fail).then(|| remedy.unwrap_or_else(|| (rule.remedy)(names))),
        evidence: evidence.iter().map(reference).collect(),
        sources: rule.sources.iter().map(|&page| page.into()).collect(),
        subjects: subjects.map(Into::into),
        hits,
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

/// The whole fails with any error of the set-up; else it is unknown while a gate is open. A phase
/// without a gate of which nothing is known leaves it as it is.
fn whole(phases: &[PhaseReport], settled: bool) -> PhaseVerdict {
    let mut set_up = phases.iter().filter(|p| p.phase != Phase::Evidence);
    if set_up.any(|phase| phase.verdict == PhaseVerdict::Fail) {
        PhaseVerdict::Fail
    } else if settled {
        PhaseVerdict::Pass
    } else {
        PhaseVerdict::Unknown
    }
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
        title: phase.title().into(),
        verdict,
        inferred: own
            .iter()
            .any(|f| f.gate && f.inferred && f.verdict == Verdict::Pass),
        errors,
        warnings: failed(Severity::Warning),
    })
}

/// From the first record of a log, or the first observation, to the last of either.
fn period(snapshot: &Snapshot) -> Option<Period> {
    let evidence = snapshot.evidence.iter();
    let observed = evidence.filter_map(|evidence| evidence.observed_at);
    let logs = snapshot.facts.events.logs.values();
    let records = logs.flat_map(|log| [log.first, log.last]).flatten();
    let times = observed.chain(records);
    let (from, to) = times.fold(None, |period, at| match period {
        Some((from, to)) => Some((at.min(from), at.max(to))),
        None => Some((at, at)),
    })?;
    Some(Period { from, to })
}

fn tenant_name(cx: &Context<'_>) -> Option<String> {
    let tenant = &cx.facts.tenant;
    tenant
        .initial_domain
        .value()
        .cloned()
        .or_else(|| tenant.id.value().map(ToString::to_string))
}

/// Whom a failure hits: the people it counts, or everybody when it counts none, or other things.
fn hits(cx: &Context<'_>, subjects: Option<&Subjects>) -> Hits {
    match subjects.map(|subjects| &subjects.who) {
        Some(Who::People(_)) => Hits::Subjects,
        Some(Who::Named(names)) if names.iter().any(|name| is_person(cx, name)) => Hits::Subjects,
        _ => Hits::Everybody,
    }
}

fn is_person(cx: &Context<'_>, name: &str) -> bool {
    name.contains('@') || cx.facts.people.people.by_upn(name).is_some()
}

/// Everybody hit by at least one failed error rule, each counted once.
#[derive(Debug, Default)]
struct HitPeople {
    everybody: bool,
    people: PeopleSet,
}

impl HitPeople {
    fn add(&mut self, cx: &Context<'_>, hits: Hits, subjects: Option<&Subjects>) {
        match (hits, subjects.map(|subjects| &subjects.who)) {
            (Hits::Subjects, Some(Who::People(people))) => self.people.add_all(people),
            (Hits::Subjects, Some(Who::Named(names))) => {
                let people = &cx.facts.people.people;
                for person in names.iter().filter_map(|name| people.by_upn(name)) {
                    self.people.insert(person.index());
                }
            }
            _ => self.everybody = true,
        }
    }

    /// People in scope, and how many of them are hit; `None` while it is not known who is in scope.
    fn count(&self, cx: &Context<'_>) -> Option<PeopleCount> {
        let mut count = PeopleCount {
            in_scope: 0,
            hit: 0,
        };
        for person in cx.people_in_scope().ok()? {
            if !cx.config.exclude.covers(&person) {
                count.in_scope += 1;
                count.hit += u64::from(self.everybody || self.people.contains(person.index()));
            }
        }
        Some(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Locator, SourceId};
    use crate::policy::ResetScope;
    use crate::snapshot::facts::PeopleSource;

    fn from() -> Provenance {
        Provenance {
            source: SourceId(0),
            locator: Locator::Whole,
            observed_at: None,
            strength: Strength::Observed,
        }
    }

    /// A tenant of some people, all in scope.
    fn snapshot(people: u32) -> Snapshot {
        let mut snapshot = Snapshot::default();
        let facts = &mut snapshot.facts;
        facts.sspr.scope.claim(ResetScope::All, from());
        for number in 0..people {
            let upn = format!("user{number:03}@contoso.com");
            let mut person = facts.people.people.entry(None, Some(&upn)).unwrap();
            person.flags().set_listed(true);
        }
        facts.people.sources.push(PeopleSource {
            kind: "users",
            rows: u64::from(people),
            complete: true,
            stated: true,
            columns: Vec::new(),
            from: from(),
        });
        snapshot
    }

    fn counted(rules: impl Fn(&Context<'_>) -> Vec<Option<Subjects>>) -> (u64, u64) {
        let snapshot = snapshot(100);
        let config = Configuration::default();
        let cx = Context {
            facts: &snapshot.facts,
            snapshot: &snapshot,
            config: &config,
            as_of: DateTime::UNIX_EPOCH,
        };
        let mut hit = HitPeople::default();
        for subjects in rules(&cx) {
            hit.add(&cx, hits(&cx, subjects.as_ref()), subjects.as_ref());
        }
        let count = hit.count(&cx).unwrap();
        (count.hit, count.in_scope)
    }

    fn some(cx: &Context<'_>, from: usize, count: usize) -> Subjects {
        let people = cx.facts.people.people.iter();
        Subjects::people(cx, people.skip(from).take(count))
    }

    #[test]
    fn people_hit_by_several_rules_count_once() {
        let hit = counted(|cx| {
            vec![
                Some(some(cx, 0, 40)),
                Some(some(cx, 30, 40)),
                Some(some(cx, 90, 2)),
            ]
        });
        assert_eq!(hit, (72, 100));
    }

    #[test]
    fn a_rule_about_nobody_in_particular_hits_everybody() {
        assert_eq!(counted(|cx| vec![Some(some(cx, 0, 1)), None]), (100, 100));
        let server = |_: &Context<'_>| vec![Some(Subjects::names(["AADC01"]))];
        assert_eq!(counted(server), (100, 100));
    }

    #[test]
    fn people_that_only_a_log_names_are_counted_where_they_are_known() {
        let named = [
            "user001@contoso.com",
            "USER001@contoso.com",
            "gone@contoso.com",
        ];
        assert_eq!(counted(|_| vec![Some(Subjects::names(named))]), (1, 100));
    }

    #[test]
    fn the_whole_follows_gates_and_errors_only() {
        let phase = |phase: Phase, verdict| PhaseReport {
            phase,
            number: phase.number(),
            title: phase.title().into(),
            verdict,
            inferred: false,
            errors: 0,
            warnings: 0,
        };
        let unknown_without_gate = [
            phase(Phase::CloudScope, PhaseVerdict::Pass),
            phase(Phase::UserVerification, PhaseVerdict::Unknown),
            phase(Phase::Evidence, PhaseVerdict::Fail),
        ];
        assert_eq!(whole(&unknown_without_gate, true), PhaseVerdict::Pass);
        assert_eq!(whole(&unknown_without_gate, false), PhaseVerdict::Unknown);
        let fault = [phase(Phase::EventLog, PhaseVerdict::Fail)];
        assert_eq!(whole(&fault, false), PhaseVerdict::Fail);
    }

    #[test]
    fn on_no_evidence_every_gate_is_settled_by_the_first_steps() {
        let report = assess(&Snapshot::default(), &Options::at(DateTime::UNIX_EPOCH));
        let settled: Vec<_> = report
            .collect
            .iter()
            .take(4)
            .flat_map(|step| &step.settles)
            .collect();
        for finding in &report.findings {
            if finding.gate && finding.verdict == Verdict::Unknown {
                assert!(settled.contains(&&finding.code), "{}", finding.code);
            }
        }
        assert!(report.quickest_proof.is_some());
        assert_eq!(report.verdict, PhaseVerdict::Unknown);
    }
}
