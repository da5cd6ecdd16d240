//! Password operations: rows, one person's story, and many in numbers.

use chrono::TimeDelta;
use serde::Serialize;

use super::events::{csv_line, seconds, stamp};
use super::page::{Ink, Page, counted, number, time};
use crate::events::causes::Fault;
use crate::roundtrip::{
    Certainty, Kind, Link, Note, Operation, Outcome, Stage, StageName, Statistics,
};

/// The head of [`operation_csv`].
pub const OPERATION_COLUMNS: &str =
    "start,end,durationMs,kind,outcome,user,admin,host,trackingId,code,cause,events\r\n";

/// How many causes the numbers name.
const CAUSES: usize = 6;
/// How many bursts.
const BURSTS: usize = 3;

/// An operation as one line of a terminal, wrapped where it is longer than `width` columns.
pub fn operation_row(operation: &Operation, width: usize, color: bool) -> String {
    const HANG: usize = 44;
    let at = operation
        .time()
        .map_or_else(|| "no time".to_owned(), seconds);
    let lead = format!("  {:<13}", title(operation.kind));
    let outcome = format!("{:<10}", operation.outcome.name());
    let mut words = vec![person(operation).to_owned()];
    words.extend(operation.duration().map(took));
    if let Some(cause) = operation.cause {
        words.push(cause.title.to_owned());
    }
    let mut page = Page::new(width, color);
    let lead = [
        (Ink::Dim, at.as_str()),
        (Ink::Plain, lead.as_str()),
        (ink(operation.outcome), outcome.as_str()),
    ];
    page.hanging(0, &lead, HANG, Ink::Plain, &words.join(" \u{b7} "));
    page.finish()
}

/// An operation as sentences that can be read aloud: what was asked for and when, how it ended and
/// why, what to do next, and the events that say so.
pub fn operation_story(operation: &Operation, width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    let at = operation
        .time()
        .map_or_else(|| "at an unknown time".to_owned(), time);
    let head = format!(
        "{at} \u{b7} {}: {}",
        sentence(operation.kind),
        verdict(operation.outcome)
    );
    page.text(0, ink(operation.outcome), &head);
    page.labelled(2, "Person", person(operation));
    if let Some(admin) = &operation.admin {
        page.labelled(2, "By", admin);
    }
    let place = operation.host.as_deref().map(|host| format!("on {host}"));
    let lasted = operation
        .duration()
        .map(|lasted| format!("within {}", took(lasted)));
    let place: Vec<_> = place.into_iter().chain(lasted).collect();
    page.labelled(2, "Where", &place.join(", "));
    if let Some(cause) = operation.cause {
        let code = operation
            .code
            .map(|code| format!(" ({code})"))
            .unwrap_or_default();
        page.labelled(2, "Why", &format!("{}{code}. {}", cause.title, cause.cause));
        page.labelled(2, "Next", cause.remedy);
        page.labelled(2, "Check", cause.check);
    } else {
        page.labelled(2, "Next", next(operation.outcome));
    }
    if operation.unlock == Some(true) {
        page.labelled(2, "Note", "The account was to be unlocked with it.");
    }
    if operation.force_change == Some(true) {
        page.labelled(
            2,
            "Note",
            "The password has to be changed at the next sign-in.",
        );
    }
    for noted in &operation.notes {
        if let Some(text) = note(*noted) {
            page.labelled(2, "Note", text);
        }
    }
    if operation.stages.len() > 2 {
        let stages: Vec<_> = operation.stages.iter().map(staged).collect();
        page.labelled(2, "Stages", &stages.join(", "));
    }
    let chain: Vec<_> = operation.chain.iter().map(chained).collect();
    page.labelled(2, "Events", &chain.join(", "));
    if let Some(id) = operation.tracking_id {
        page.labelled(2, "Tracking", &id.to_string());
    }
    page.finish()
}

/// An operation as one line of JSON in camelCase, with a line feed at its end.
pub fn operation_json(operation: &Operation) -> String {
    line(operation)
}

/// An operation as one line of CSV under [`OPERATION_COLUMNS`]. Times are RFC 3339 in UTC.
pub fn operation_csv(operation: &Operation) -> String {
    let took = operation.duration();
    csv_line(&[
        operation.start.map(stamp).unwrap_or_default(),
        operation.end.map(stamp).unwrap_or_default(),
        took.map(|took| took.num_milliseconds().to_string())
            .unwrap_or_default(),
        operation.kind.name().to_owned(),
        operation.outcome.name().to_owned(),
        operation.person.user.clone().unwrap_or_default(),
        operation.admin.clone().unwrap_or_default(),
        operation.host.clone().unwrap_or_default().into(),
        operation
            .tracking_id
            .map(|id| id.to_string())
            .unwrap_or_default(),
        operation
            .code
            .map(|code| code.to_string())
            .unwrap_or_default(),
        operation
            .cause
            .map(|cause| cause.key)
            .unwrap_or_default()
            .to_owned(),
        operation.chain.len().to_string(),
    ])
}

/// Many operations in numbers, for a terminal.
pub fn statistics_text(statistics: &Statistics, width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    page.text(0, Ink::Bold, &summary(statistics));
    if let (Some(first), Some(last)) = (statistics.first, statistics.last) {
        page.labelled(2, "Time", &format!("{} to {}", time(first), time(last)));
    }
    if let Some(durations) = statistics.durations {
        let took = |milliseconds| took(TimeDelta::milliseconds(milliseconds));
        page.labelled(
            2,
            "Took",
            &format!(
                "half within {}, 95 of 100 within {}, the longest {}, from the first event to the last on the server",
                took(durations.median),
                took(durations.percentile95),
                took(durations.longest)
            ),
        );
    }
    if let Some(durations) = statistics.cloud_to_domain {
        let took = |milliseconds| took(TimeDelta::milliseconds(milliseconds));
        page.labelled(
            2,
            "Cloud",
            &format!(
                "half within {}, 95 of 100 within {}, from the cloud to the domain",
                took(durations.median),
                took(durations.percentile95)
            ),
        );
    }
    for burst in statistics.bursts.iter().take(BURSTS) {
        let text = format!(
            "{} {} within the hour from {}, where {} are usual",
            number(burst.count),
            burst.of.name(),
            time(burst.hour),
            number(burst.usual)
        );
        page.labelled(2, "Burst", &text);
    }
    let shares = statistics.months.values();
    let own: u64 = shares.clone().map(|share| share.self_service).sum();
    let administrators: u64 = shares.map(|share| share.administrators).sum();
    if own + administrators > 0 {
        let text = format!(
            "{} written by people themselves, {} by administrators",
            number(own),
            number(administrators)
        );
        page.labelled(2, "Who", &text);
    }
    if statistics.of_service > 0 {
        let count = match statistics.of_service {
            1 => "once".to_owned(),
            more => counted(more, "time", "times"),
        };
        page.labelled(
            2,
            "Service",
            &format!("writeback was switched on or off {count}"),
        );
    }
    if !statistics.causes.is_empty() {
        page.heading("Why some did not succeed");
    }
    for tally in statistics.causes.iter().take(CAUSES) {
        let hit = format!(
            "{}, {}",
            counted(tally.operations, "operation", "operations"),
            counted(tally.people, "person", "people")
        );
        let Some(cause) = tally.cause else {
            page.text(2, Ink::Caution, &format!("No event says why \u{b7} {hit}"));
            page.labelled(
                4,
                "Do",
                "Look at each of them: --outcome refused,failed,unfinished,unknown,cloud-only.",
            );
            continue;
        };
        let ink = match cause.fault {
            Fault::System => Ink::Bad,
            _ => Ink::Caution,
        };
        page.text(2, ink, &format!("{} \u{b7} {hit}", cause.title));
        page.labelled(4, "Do", cause.remedy);
    }
    let more = statistics.causes.get(CAUSES..).unwrap_or_default();
    if !more.is_empty() {
        let operations = more.iter().map(|tally| tally.operations).sum();
        let text = format!(
            "and {}, {}: --format json lists all",
            counted(more.len() as u64, "more cause", "more causes"),
            counted(operations, "operation", "operations")
        );
        page.text(2, Ink::Plain, &text);
    }
    page.finish()
}

/// Many operations in numbers, as one line of JSON with a line feed at its end.
pub fn statistics_json(statistics: &Statistics) -> String {
    line(statistics)
}

pub(super) fn line(value: &impl Serialize) -> String {
    // They hold no map with keys that are not strings, and nothing that fails to serialise.
    let mut json = serde_json::to_string(value).unwrap_or_default();
    json.push('\n');
    json
}

fn summary(statistics: &Statistics) -> String {
    let all = counted(
        statistics.operations,
        "password operation",
        "password operations",
    );
    let parts: Vec<_> = statistics
        .outcomes
        .iter()
        .map(|(outcome, count)| format!("{} {}", number(*count), verdict(*outcome)))
        .collect();
    if parts.is_empty() {
        format!("{all}.")
    } else {
        format!("{all}: {}.", parts.join(", "))
    }
}

pub(super) fn person(operation: &Operation) -> &str {
    let person = &operation.person;
    let known = person.user.as_deref().or(person.cloud_anchor.as_deref());
    match known {
        Some(known) => known,
        None if operation.kind.is_service() => "the service",
        None => "somebody unnamed",
    }
}

pub(super) const fn ink(outcome: Outcome) -> Ink {
    match outcome {
        Outcome::Written => Ink::Good,
        Outcome::Failed => Ink::Bad,
        Outcome::Refused | Outcome::Unfinished | Outcome::CloudOnly => Ink::Caution,
        Outcome::Unknown => Ink::Plain,
    }
}

const fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Reset => "reset",
        Kind::Change => "change",
        Kind::AdminReset => "admin reset",
        Kind::Unlock => "unlock",
        Kind::Onboarding => "switch on",
        Kind::Offboarding => "switch off",
        Kind::Unknown => "unknown",
    }
}

pub(super) const fn sentence(kind: Kind) -> &'static str {
    match kind {
        Kind::Reset => "Reset of a forgotten password",
        Kind::Change => "Change of a known password",
        Kind::AdminReset => "Reset by an administrator",
        Kind::Unlock => "Unlock of an account",
        Kind::Onboarding => "Writeback being switched on",
        Kind::Offboarding => "Writeback being switched off",
        Kind::Unknown => "An operation of a kind that the events do not say",
    }
}

pub(super) const fn verdict(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Written => "written",
        Outcome::Refused => "refused",
        Outcome::Failed => "failed",
        Outcome::Unfinished => "unfinished",
        Outcome::CloudOnly => "done in the cloud alone",
        Outcome::Unknown => "with an unknown end",
    }
}

/// An event of the chain in a word or two.
fn chained(link: &Link) -> String {
    let what = match link.event {
        Some(id) => id.to_string(),
        None => link.provider.to_owned(),
    };
    let unsure = match link.certainty {
        Certainty::Uncertain => ", uncertain",
        Certainty::Certain | Certainty::Inferred => "",
    };
    match link.record {
        Some(record) => format!("{what} (record {record}{unsure})"),
        None if unsure.is_empty() => what,
        None => format!("{what} (uncertain)"),
    }
}

/// A stage, and how long it took from the one before it.
fn staged(stage: &Stage) -> String {
    let what = match stage.name {
        StageName::Requested => "asked for in the cloud",
        StageName::Arrived => "at the server",
        StageName::Written => "in the domain",
        StageName::Answered => "answered",
        StageName::Closed => "closed in the cloud",
        StageName::Synchronised => "hash synchronised",
        StageName::SignedIn => "signed in",
    };
    match stage.since {
        Some(since) if stage.matched => {
            format!("{what} after {}", took(TimeDelta::milliseconds(since)))
        }
        _ => what.to_owned(),
    }
}

/// What a note says to people; `None` where the events say it plainly.
const fn note(note: Note) -> Option<&'static str> {
    match note {
        Note::CloudFailedAfterwards => Some(
            "The domain has the new password and the cloud could not take it: it works there after some minutes.",
        ),
        Note::CloudDisagrees => Some("The cloud calls it a failure, and the domain took it."),
        Note::ServiceDisagrees => Some("The service calls it a failure, and the domain took it."),
        Note::EndMissing => {
            Some("No event of the service ends it: the domain or the cloud tells how it ended.")
        }
        Note::StartMissing => None,
        Note::ProtectionAgent => {
            Some("The protection agent of the domain controller refused the password.")
        }
        Note::LockedOutBefore => Some("The account was locked out within the hour before."),
        Note::SeveralServers => Some("Events of several servers carry its tracking id."),
    }
}

/// What to do about an outcome that names no cause.
pub(super) const fn next(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Written => "Nothing: the domain took the new password.",
        Outcome::Refused => "Let the person choose another password.",
        Outcome::Failed => {
            "Look at the events of the same minute on the server; give the tracking id to support."
        }
        Outcome::Unfinished => {
            "Look for the end in the log of another server, and whether the log was cut."
        }
        Outcome::CloudOnly => "See whether writeback covers this person.",
        Outcome::Unknown => "Collect the whole log of the server at that time.",
    }
}

pub(super) fn took(took: TimeDelta) -> String {
    let milliseconds = took.num_milliseconds();
    match milliseconds {
        -999..10_000 => {
            let tenths = milliseconds / 100;
            let sign = if tenths < 0 { "-" } else { "" };
            format!("{sign}{}.{} s", tenths.abs() / 10, tenths.abs() % 10)
        }
        ..-999 | 10_000..600_000 => format!("{} s", took.num_seconds()),
        600_000..10_800_000 => format!("{} min", took.num_minutes()),
        _ => format!("{} h", took.num_hours()),
    }
}
