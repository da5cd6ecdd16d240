//! One person's operations in a few sentences.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::operations::{ink, next, person, sentence, verdict};
use super::page::{Ink, Page, counted, time};
use crate::roundtrip::{Operation, Outcome};

/// What several operations of one person come to, as sentences that can be read aloud: how often
/// it was tried, how it stands now, and what to do next. Nothing for a single operation, which tells
/// that itself.
pub fn person_story(operations: &[Operation], width: usize, color: bool) -> String {
    let (Some(first), Some(last)) = (operations.first(), operations.last()) else {
        return String::new();
    };
    let who = person(last);
    if operations.len() < 2 || operations.iter().any(|one| person(one) != who) {
        return String::new();
    }
    let written = |one: &&Operation| one.outcome == Outcome::Written;
    let successes = operations.iter().filter(written).count();
    let times = match (first.time(), last.time()) {
        (Some(from), Some(to)) => format!(", from {} to {}", time(from), time(to)),
        _ => String::new(),
    };
    let went = match successes {
        0 => "none succeeded".to_owned(),
        all if all == operations.len() => "all succeeded".to_owned(),
        some => format!("{some} succeeded"),
    };
    let why = match last.cause {
        Some(cause) => format!("{}: {}", verdict(last.outcome), cause.title),
        None => verdict(last.outcome).to_owned(),
    };
    let next = last
        .cause
        .map_or_else(|| next(last.outcome), |cause| cause.remedy);
    let mut page = Page::new(width, color);
    page.text(
        0,
        ink(last.outcome),
        &format!(
            "{who}: {}{times}; {went}.",
            counted(operations.len() as u64, "operation", "operations")
        ),
    );
    page.labelled(
        2,
        "Now",
        &format!("The last one: {}, {why}.", sentence(last.kind)),
    );
    page.labelled(2, "Next", next);
    page.finish()
}

/// That the logs, which reach from one time to another, hold no operation of a person, or none with a tracking
/// id, with what to do next. `namesakes` are people whose names differ from the person's by the domain alone.
pub fn nothing_story(
    user: Option<&str>,
    reach: Option<(DateTime<Utc>, DateTime<Utc>)>,
    namesakes: &BTreeSet<String>,
    width: usize,
    color: bool,
) -> String {
    let whose = user.map_or_else(
        || "with that tracking id".to_owned(),
        |user| format!("of {user}"),
    );
    let from_to = reach.map_or_else(String::new, |(from, to)| {
        format!(", which reach from {} to {}", time(from), time(to))
    });
    let mut page = Page::new(width, color);
    page.text(
        0,
        Ink::Caution,
        &format!("No password operation {whose} in these logs{from_to}."),
    );
    let meant: Vec<_> = namesakes.iter().map(String::as_str).collect();
    if meant.is_empty() {
        let next = "Compare the name, the id and the outcome that was asked for, and whether the logs of every server that was active then, and \
            the tenant's audit log, are among these. Where all are, nothing arrived: let the person try again, \
            and note the time.";
        page.labelled(2, "Next", next);
    } else {
        page.labelled(2, "Meant?", &meant.join(", "));
        page.labelled(2, "Next", "Give the user principal name in full.");
    }
    page.finish()
}
