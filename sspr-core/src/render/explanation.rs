//! An explanation as text for a terminal.

use super::page::{Ink, Page};
use crate::explain::{Answer, Topic};
use crate::readiness::rules;

/// How many rules are named beside a thing.
const RULES: usize = 40;

impl Answer {
    /// The answer as text for a terminal of `width` columns, in colour or without.
    pub fn text(&self, width: usize, color: bool) -> String {
        let mut page = Page::new(width, color);
        if self.topics.is_empty() {
            let line = format!("Nothing is known of \u{201c}{}\u{201d}.", self.asked);
            page.text(0, Ink::Caution, &line);
            if !self.near.is_empty() {
                page.text(
                    0,
                    Ink::Plain,
                    &format!("Near it: {}.", self.near.join(", ")),
                );
            }
        }
        for (index, topic) in self.topics.iter().enumerate() {
            if index > 0 {
                page.blank();
            }
            write_topic(&mut page, topic);
        }
        page.finish()
    }
}

fn write_topic(page: &mut Page, topic: &Topic) {
    let name = format!("{} ", topic.name);
    let title = format!("{} \u{b7} {}", topic.title, topic.kind.title());
    page.hanging(0, &[(Ink::Good, name.as_str())], 2, Ink::Bold, &title);
    page.labelled(2, "What", &topic.meaning);
    if let Some(cause) = &topic.cause {
        page.labelled(2, "Cause", cause);
    }
    if let Some(check) = &topic.check {
        page.command_or_text(2, "Check", check);
    }
    for (index, step) in topic.steps.iter().enumerate() {
        page.labelled(2, if index == 0 { "Do" } else { " " }, step);
    }
    if let Some(command) = &topic.command {
        page.command(2, "Run", command);
    }
    for note in &topic.notes {
        page.labelled(2, "Note", note);
    }
    for (index, code) in topic.rules.iter().take(RULES).enumerate() {
        let title = rules::find(code).map_or("", |rule| rule.title);
        page.labelled(
            2,
            if index == 0 { "Rules" } else { " " },
            &format!("{code} {title}"),
        );
    }
    for source in &topic.sources {
        page.link(2, "Source", source);
    }
}
