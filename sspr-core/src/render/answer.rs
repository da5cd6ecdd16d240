//! What a report says in one line, and what of it stands on the first screen.

use std::borrow::Cow;

use super::page::{ago, counted, number, time};
use unicode_width::UnicodeWidthStr;

use crate::readiness::{
    Finding, Hits, PeopleCount, Phase, PhaseReport, PhaseVerdict, Report, Severity, Verdict,
};

/// How the answer is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Yes,
    No,
    Open,
}

/// The answer in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) tone: Tone,
    pub(super) line: String,
}

/// Whether nothing at all is settled about the set-up.
pub(super) fn nothing_known(report: &Report) -> bool {
    report
        .findings
        .iter()
        .filter(|finding| finding.phase != Phase::Evidence)
        .all(|finding| matches!(finding.verdict, Verdict::Unknown | Verdict::NotApplicable))
}

/// The answer so far, people first.
pub(super) fn answer(report: &Report) -> Answer {
    if nothing_known(report) {
        return Answer {
            tone: Tone::Open,
            line: "No verdict yet.".into(),
        };
    }
    let faults = failing(report);
    let open = open_gates(report);
    let settled = open == 0;
    let (tone, line) = match (report.people, faults.is_empty()) {
        (Some(people), false) => with_faults(people, settled),
        (None, false) => of_unknown_people(&faults, settled),
        (people, true) => without_faults(report, people, open),
    };
    Answer { tone, line }
}

fn with_faults(people: PeopleCount, settled: bool) -> (Tone, String) {
    let PeopleCount { in_scope, hit } = people;
    let rest = in_scope.saturating_sub(hit);
    let all = counted(in_scope, "person", "people");
    if in_scope == 0 {
        return (Tone::No, "No: nobody is in scope.".into());
    }
    if hit == 0 {
        let so_far = if settled { "" } else { " so far" };
        return (
            Tone::Yes,
            format!("Yes for {all}{so_far}, with faults that hit nobody in scope."),
        );
    }
    if rest == 0 {
        return (Tone::No, format!("No for all {all}."));
    }
    let line = if settled {
        format!("No for {} of {all}, yes for {}.", number(hit), number(rest))
    } else {
        format!(
            "No for {} of {all}, not yet known for {}.",
            number(hit),
            number(rest)
        )
    };
    (Tone::No, line)
}

/// Who is in scope is not in evidence, so that people can only be counted fault by fault.
fn of_unknown_people(faults: &[&Finding], settled: bool) -> (Tone, String) {
    if faults
        .iter()
        .any(|fault| fault.hits == Some(Hits::Everybody))
    {
        return (Tone::No, "No.".into());
    }
    let most = faults.iter().filter_map(|fault| fault.subjects.as_ref());
    let most = most.map(|subjects| subjects.count).max().unwrap_or(0);
    let people = counted(most, "person", "people");
    if settled {
        (Tone::No, format!("Yes, except for at least {people}."))
    } else {
        (
            Tone::No,
            format!("No for at least {people}, not yet known for the others."),
        )
    }
}

fn without_faults(report: &Report, people: Option<PeopleCount>, open: u64) -> (Tone, String) {
    let all = people.map(|people| counted(people.in_scope, "person", "people"));
    if open > 0 {
        let questions = counted(open, "question", "questions");
        let line = match (&report.last_proof, all) {
            (Some(_), _) => format!("It works for someone; {questions} still open."),
            (None, Some(all)) => {
                format!("No fault found so far for {all}; {questions} still open.")
            }
            (None, None) => format!("No fault found so far; {questions} still open."),
        };
        return (Tone::Open, line);
    }
    let line = match all {
        Some(all) => format!("Yes for all {all}."),
        None => "Yes.".into(),
    };
    (Tone::Yes, line)
}

/// How many gates are not settled.
pub(super) fn open_gates(report: &Report) -> u64 {
    let open = report
        .findings
        .iter()
        .filter(|finding| finding.gate && finding.verdict == Verdict::Unknown);
    open.count() as u64
}

/// A fault as an administrator meets it: a finding, and those that the same command mends for the
/// same people.
pub(super) struct Fault<'a> {
    pub(super) finding: &'a Finding,
    pub(super) also: Vec<&'a Finding>,
}

impl Fault<'_> {
    /// The other findings by name: `Right to unlock accounts (SSPR802), …`; `None` without any.
    pub(super) fn also(&self) -> Option<String> {
        let names = self.also.iter().map(|finding| titled(finding));
        let names: Vec<_> = names.collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    fn takes(&self, other: &Finding) -> bool {
        fn command(finding: &Finding) -> Option<&String> {
            finding.remedy.as_ref()?.command.as_ref()
        }
        let own = self.finding;
        command(own).is_some()
            && command(own) == command(other)
            && (own.hits, &own.subjects) == (other.hits, &other.subjects)
    }
}

/// Failed rules that weigh as errors: what hits most people first, gates before others, the rest
/// in the report's order.
pub(super) fn faults(report: &Report) -> Vec<Fault<'_>> {
    let mut faults: Vec<Fault<'_>> = Vec::new();
    for finding in failing(report) {
        match faults.iter_mut().find(|fault| fault.takes(finding)) {
            Some(fault) => fault.also.push(finding),
            None => faults.push(Fault {
                finding,
                also: Vec::new(),
            }),
        }
    }
    faults
}

/// Failed rules that weigh as errors, in the order of the screen.
fn failing(report: &Report) -> Vec<&Finding> {
    let mut faults = failed(report, Severity::Error);
    faults.retain(|finding| finding.phase != Phase::Evidence);
    faults.sort_by_key(|finding| {
        let people = finding.subjects.as_ref().map_or(0, |s| s.count);
        (
            finding.hits != Some(Hits::Everybody),
            !finding.gate,
            std::cmp::Reverse(people),
        )
    });
    faults
}

/// Failed rules that weigh as warnings, and faults of the evidence.
pub(super) fn warnings(report: &Report) -> Vec<&Finding> {
    let mut warnings = failed(report, Severity::Error);
    warnings.retain(|finding| finding.phase == Phase::Evidence);
    warnings.extend(failed(report, Severity::Warning));
    // Whom it hits most first; of what hits nobody in particular, settings of taste come last.
    warnings.sort_by_key(|finding| {
        let people = people_of(finding).unwrap_or(0);
        let taste = finding.phase == Phase::CloudScope;
        (std::cmp::Reverse(people), taste)
    });
    warnings
}

/// How many people a finding counts; `None` when it counts none, or other things.
fn people_of(finding: &Finding) -> Option<u64> {
    let subjects = finding.subjects.as_ref()?;
    (finding.hits == Some(Hits::Subjects)).then_some(subjects.count)
}

/// A finding in one line of so many columns: as much of its first sentence as fits, else its
/// title, with the people hit.
pub(super) fn one_line(finding: &Finding, room: usize) -> String {
    let message = finding.message.as_str();
    let end = message.find(". ").unwrap_or(message.len());
    let sentence = message.get(..end).unwrap_or(message).trim_end_matches('.');
    // A clause of a few words says less than the title.
    let clauses = ["; ", ": ", ", and "]
        .into_iter()
        .filter_map(|mark| sentence.split_once(mark))
        .map(|(clause, _)| clause)
        .filter(|clause| clause.len() > finding.title.len());
    let with_people = |text: &str| {
        let people = people_of(finding).filter(|people| *people > 0);
        match people.map(|people| counted(people, "person", "people")) {
            Some(people) if !text.contains(&people) && !starts_with_count(text, &people) => {
                format!("{text} \u{b7} {people}")
            }
            _ => text.to_owned(),
        }
    };
    std::iter::once(sentence)
        .chain(clauses)
        .map(with_people)
        .find(|line| line.width() <= room)
        .unwrap_or_else(|| with_people(&finding.title))
}

/// Whether a text tells the count by its first word: `45 synchronised people …`.
fn starts_with_count(text: &str, people: &str) -> bool {
    text.split(' ').next() == people.split(' ').next()
}

fn failed(report: &Report, severity: Severity) -> Vec<&Finding> {
    let failed = report
        .findings
        .iter()
        .filter(|f| f.verdict == Verdict::Fail && f.severity == severity);
    failed.collect()
}

/// Whom a fault hits, in words.
pub(super) fn who(report: &Report, finding: &Finding, most: usize) -> String {
    let subjects = finding.subjects.as_ref();
    if finding.hits == Some(Hits::Subjects) && subjects.is_none_or(|subjects| subjects.count == 0) {
        return "nobody in scope".into();
    }
    let everybody = || match report.people {
        Some(people) => format!("everybody in scope ({})", number(people.in_scope)),
        None => "everybody in scope".into(),
    };
    let Some(subjects) = subjects.filter(|subjects| subjects.count > 0) else {
        return everybody();
    };
    let mut named = subjects
        .sample
        .iter()
        .take(most)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    let shown = subjects.sample.len().min(most) as u64;
    let more = subjects.count.saturating_sub(shown);
    if more > 0 {
        named = format!("{named} and {} more", number(more));
    }
    let mut who = match finding.hits {
        Some(Hits::Everybody) => format!("{}, by {named}", everybody()),
        _ => format!("{}: {named}", counted(subjects.count, "person", "people")),
    };
    if subjects.excluded > 0 {
        who = format!("{who}; {} excluded", number(subjects.excluded));
    }
    who
}

/// The last password that was seen written, in words.
pub(super) fn last_proof(report: &Report) -> Option<String> {
    use crate::events::OperationKind;
    let proof = report.last_proof.as_ref()?;
    let user = proof.user.as_deref();
    let what = match (proof.operation, user) {
        (OperationKind::Reset, Some(user)) => format!("{user} reset the password"),
        (OperationKind::Change, Some(user)) => format!("{user} changed the password"),
        (OperationKind::AdminReset, Some(user)) => {
            format!("an administrator reset the password of {user}")
        }
        (OperationKind::Unlock, Some(user)) => format!("{user} unlocked the account"),
        (OperationKind::Reset, None) => "a password was reset".into(),
        (OperationKind::Change, None) => "a password was changed".into(),
        (OperationKind::AdminReset, None) => "an administrator reset a password".into(),
        (OperationKind::Unlock, None) => "an account was unlocked".into(),
    };
    let by = proof
        .host
        .as_ref()
        .map(|host| format!(", written by {host}"));
    let ago = ago(proof.at, report.as_of).map(|ago| format!(" ({ago})"));
    Some(format!(
        "{}{}: {what}{}",
        time(proof.at),
        ago.unwrap_or_default(),
        by.unwrap_or_default(),
    ))
}

/// The name of a phase where space is scarce.
pub(super) fn short_title(phase: Phase) -> &'static str {
    match phase {
        Phase::CloudScope => "1 Scope",
        Phase::WritebackServer => "2 Server",
        Phase::OnPremisesIntegration => "3 Cloud",
        Phase::DomainPolicy => "4 Domain",
        Phase::UserVerification => "5 Users",
        Phase::EventLog => "6 Log",
        Phase::Licensing => "Licences",
        Phase::Permissions => "Rights",
        Phase::Evidence => "Evidence",
    }
}

/// The verdict on a phase where space is scarce.
pub(super) fn cell(phase: &PhaseReport) -> String {
    match phase.verdict {
        PhaseVerdict::Pass if phase.inferred => "OK*".into(),
        PhaseVerdict::Pass => "OK".into(),
        PhaseVerdict::Fail => format!("FIX {}", phase.errors),
        PhaseVerdict::Unknown => "?".into(),
        PhaseVerdict::NotApplicable => "n/a".into(),
    }
}

/// Phases of the set-up, with licensing and permissions.
pub(super) fn phases(report: &Report) -> impl Iterator<Item = &PhaseReport> {
    let phases = report.phases.iter();
    phases.filter(|phase| phase.phase != Phase::Evidence)
}

fn titled(finding: &Finding) -> String {
    format!("{} ({})", finding.title, finding.code)
}

/// The rules that a step settles, gates by name: `Scope (SSPR101), … and 21 more`.
pub(super) fn settles(report: &Report, codes: &[Cow<'_, str>]) -> String {
    let titled: Vec<_> = codes
        .iter()
        .filter_map(|code| report.findings.iter().find(|f| f.code == *code))
        .take(3)
        .map(titled)
        .collect();
    let more = codes.len().saturating_sub(titled.len()) as u64;
    let mut text = titled.join(", ");
    if more > 0 {
        text = format!("{text} and {} more", number(more));
    }
    text
}

/// What was read, in a line.
pub(super) fn read(report: &Report) -> String {
    let count = counted(report.evidence.len() as u64, "input", "inputs");
    let day = |at: chrono::DateTime<chrono::Utc>| at.format("%Y-%m-%d").to_string();
    let period = match report
        .period
        .map(|period| (day(period.from), day(period.to)))
    {
        Some((from, to)) if from == to => format!(" of {to}"),
        Some((from, to)) => format!(", from {from} to {to}"),
        None => String::new(),
    };
    let lost = report.evidence.iter().filter(|e| e.lost.is_some()).count() as u64;
    format!(
        "{count}{period}; skipped {}, lost something in {}",
        number(report.skipped.len() as u64),
        number(lost)
    )
}

/// What was read, by kind.
pub(super) fn kinds(report: &Report) -> String {
    let mut kinds = std::collections::BTreeMap::<&str, u64>::new();
    for kind in report.evidence.iter().flat_map(|evidence| &evidence.kinds) {
        *kinds.entry(kind).or_default() += 1;
    }
    let kinds: Vec<_> = kinds
        .into_iter()
        .map(|(kind, count)| match count {
            1 => kind.to_owned(),
            _ => format!("{kind} \u{d7} {count}"),
        })
        .collect();
    kinds.join(", ")
}

/// Capitalises the first letter.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
