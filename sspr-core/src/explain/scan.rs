//! Finding everything known in a pasted text.

use std::collections::BTreeSet;

use super::cloud::{ACTIVITIES, REASONS};
use super::{Answer, Topic, TopicKind, lookup};
use crate::events::causes;

/// Events below this number share their ids with ports, years and sizes: they count only beside
/// the word "event".
const TELLING: u32 = 30_000;
/// How far before a number the word "event" may stand.
const LABEL: usize = 24;

/// Finds everything in a pasted event, log or portal text that can be explained: each thing once,
/// in the order of the text. What shares its cause with something before it does not repeat it.
pub fn find_all(text: &str) -> Vec<Answer> {
    let lower = text.to_ascii_lowercase();
    let mut found: Vec<(usize, &str, Vec<Topic>)> = words(text)
        .filter_map(|(at, word)| {
            let topics = word_topics(word, lower.get(..at).unwrap_or_default());
            (!topics.is_empty()).then_some((at, word, topics))
        })
        .collect();
    let phrases = causes::all()
        .iter()
        .flat_map(|cause| cause.phrases.iter().map(move |phrase| (*phrase, cause)));
    for (phrase, cause) in phrases {
        if let Some(at) = lower.find(phrase) {
            let spelled = text.get(at..at + phrase.len()).unwrap_or(phrase);
            found.push((at, spelled, vec![lookup::phrase(spelled, cause)]));
        }
    }
    for name in ACTIVITIES.iter().map(|activity| activity.name) {
        if let Some(at) = lower.find(&name.to_ascii_lowercase()) {
            let spelled = text.get(at..at + name.len()).unwrap_or(name);
            found.push((at, spelled, lookup::topics(name)));
        }
    }
    found.sort_by_key(|(at, ..)| *at);
    once_each(found)
}

fn once_each(found: Vec<(usize, &str, Vec<Topic>)>) -> Vec<Answer> {
    let mut told = BTreeSet::new();
    let mut causes = BTreeSet::new();
    let mut answers = Vec::new();
    for (_, spelled, mut topics) in found {
        topics.retain(|topic| told.insert((topic.kind, topic.name.to_lowercase())));
        for topic in &mut topics {
            let Some(cause) = topic.cause.clone() else {
                continue;
            };
            if !causes.insert(cause) {
                topic.cause = Some("The same as above.".into());
                topic.check = None;
                topic.steps.clear();
                topic.command = None;
            }
        }
        // A phrase says nothing but its cause.
        topics.retain(|topic| {
            topic.kind != TopicKind::Phrase || topic.check.is_some() || !topic.steps.is_empty()
        });
        if !topics.is_empty() {
            answers.push(Answer {
                asked: spelled.to_owned(),
                topics,
                near: Vec::new(),
            });
        }
    }
    answers
}

/// Words with their places: letters, digits, `_` and `-`.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = text.as_ptr() as usize;
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-'))
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - start, word))
}

/// What a word means inside a text, where more is needed than when it stands alone.
fn word_topics(word: &str, before: &str) -> Vec<Topic> {
    if let Ok(number) = word.parse::<u32>() {
        if number >= 100_000 {
            return lookup::result_code(word);
        }
        let near = before
            .char_indices()
            .rev()
            .nth(LABEL)
            .map_or(0, |(at, _)| at);
        let labelled = before
            .get(near..)
            .is_some_and(|label| label.contains("event"));
        return if number >= TELLING || labelled {
            lookup::events(number)
        } else {
            Vec::new()
        };
    }
    let upper = word.to_ascii_uppercase();
    if upper.starts_with("SSPR") {
        return lookup::codes(word);
    }
    if word.len() == 36 {
        return lookup::by_guid(word);
    }
    let reason = REASONS
        .iter()
        .any(|reason| reason.name.eq_ignore_ascii_case(word));
    if reason || word.eq_ignore_ascii_case("PasswordReset") {
        return lookup::topics(word);
    }
    let is_part_number = word.len() >= 5
        && word == upper
        && word.contains(|c: char| c.is_ascii_alphabetic())
        && !word.starts_with("0X");
    if is_part_number {
        let products = lookup::products(word);
        if !products.is_empty() {
            return products;
        }
    }
    lookup::result_code(word)
}
