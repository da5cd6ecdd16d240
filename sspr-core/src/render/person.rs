//! One person's operations in a few sentences.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::operations::{ink, next, operation_story, person, sentence, verdict};
use super::page::{Ink, Page, counted, time};
use crate::roundtrip::{Choice, Operation, Outcome};

/// The operations that are meant as sentences that can be read aloud: where they are several of one person
/// what they come to, then each of them; where there is none, that the logs hold none, and what to do next.
///
/// `operations` are all that the logs tell of, by time, and `reach` is from when to when these logs reach,
/// as [`LogsRead::reach`](crate::snapshot::LogsRead::reach) says. `width` counts columns.
///
/// ```
/// use sspr::render::story;
/// use sspr::roundtrip::Choice;
///
/// let choice = Choice { user: Some("jdoe@contoso.com".to_owned()), ..Choice::default() };
/// let told = story(&[], None, &choice, 80, false);
/// assert!(told.starts_with("No password operation of jdoe@contoso.com in these logs."));
/// ```
pub fn story<'o>(
    operations: impl IntoIterator<Item = &'o Operation>,
    reach: Option<(DateTime<Utc>, DateTime<Utc>)>,
    choice: &Choice,
    width: usize,
    color: bool,
) -> String {
    let operations: Vec<_> = operations.into_iter().collect();
    let meant: Vec<_> = { operations.iter().copied() }
        .filter(|one| choice.means(one))
        .collect();
    if meant.is_empty() {
        let namesakes = namesakes(&operations, choice.user.as_deref());
        return nothing_story(choice, reach, &namesakes, width, color);
    }
    let each = { meant.iter() }.map(|one| operation_story(one, width, color));
    let each: Vec<_> = each.collect();
    let mut told = several_story(&meant, width, color);
    if !told.is_empty() {
        told.push('\n');
    }
    told + &each.join("\n")
}

/// People whose names are the wanted one, but for the domain.
fn namesakes(operations: &[&Operation], wanted: Option<&str>) -> BTreeSet<String> {
    let name = |user: &str| user.split('@').next().unwrap_or_default().to_lowercase();
    let is_other = |user: &&String| {
        wanted
            .is_some_and(|wanted| name(user) == name(wanted) && !user.eq_ignore_ascii_case(wanted))
    };
    let users = { operations.iter() }.filter_map(|one| one.person.user.as_ref());
    users
        .filter(is_other)
        .map(|user| user.to_lowercase())
        .collect()
}

/// What several operations of one person come to: how often it was tried, how it stands now, and what to do
/// next. Nothing for a single operation, which tells that itself.
fn several_story(operations: &[&Operation], width: usize, color: bool) -> String {
    let (Some(first), Some(last)) = (operations.first(), operations.last()) else {
        return String::new();
    };
    let who = person(last);
    if operations.len() < 2 || operations.iter().any(|one| person(one) != who) {
        return String::new();
    }
    let written = |one: &&&Operation| one.outcome == Outcome::Written;
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

/// That the logs, which reach from one time to another, hold none of the operations that are meant. `namesakes`
/// are people whose names differ from the person's by the domain alone.
fn nothing_story(
    choice: &Choice,
    reach: Option<(DateTime<Utc>, DateTime<Utc>)>,
    namesakes: &BTreeSet<String>,
    width: usize,
    color: bool,
) -> String {
    let whose = match (&choice.user, choice.tracking_id) {
        (Some(user), _) => format!(" of {user}"),
        (None, Some(_)) => " with that tracking id".to_owned(),
        (None, None) => String::new(),
    };
    let from_to = reach.map_or_else(String::new, |(from, to)| {
        format!(", which reach from {} to {}", time(from), time(to))
    });
    let mut page = Page::new(width, color);
    page.text(
        0,
        Ink::Caution,
        &format!("No password operation{whose} in these logs{from_to}."),
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
