//! What the logs say beside operations: clocks, the service, passwords set by others.

use chrono::TimeDelta;

use super::operations::{line, took};
use super::page::{Page, counted, time};
use crate::roundtrip::{Service, Skew, Summary};
use crate::snapshot::LogsRead;

/// Clocks that differ less are in step, in milliseconds.
const IN_STEP: i64 = 5_000;
/// How many machines are named.
const MACHINES: usize = 6;

/// What was found beside operations, for a terminal; empty when there is nothing to say.
pub fn summary_text(summary: &Summary, width: usize, color: bool) -> String {
    let mut lines = Vec::new();
    let reference = { summary.skews.iter() }
        .find(|skew| skew.reference)
        .map_or("the others", machine);
    let clocks = summary.skews.iter().filter(|skew| !skew.reference);
    for skew in clocks.take(MACHINES) {
        lines.extend(clock(skew, reference).map(|text| ("Clock", text)));
    }
    for service in summary.services.iter().take(MACHINES) {
        lines.extend(uptime(service).map(|text| ("Service", text)));
    }
    if let Some(last) = summary.outside.last() {
        let count = summary.outside.len() as u64;
        let text = format!(
            "{} set without writeback, the last at {}: those are no operations",
            counted(count, "password was", "passwords were"),
            time(last.at)
        );
        lines.push(("Domain", text));
    }
    let mut page = Page::new(width, color);
    if !lines.is_empty() {
        page.heading("What else the logs say");
    }
    for (label, text) in lines {
        page.labelled(2, label, &text);
    }
    page.finish()
}

/// What was found beside operations, as one line of JSON with a line feed at its end.
pub fn summary_json(summary: &Summary) -> String {
    line(summary)
}

/// What was read for operations, as one line of JSON with a line feed at its end. The provenance of an event
/// names its log by its place in `logs`.
pub fn logs_json(read: &LogsRead) -> String {
    line(read)
}

fn machine(skew: &Skew) -> &str {
    skew.host.as_deref().unwrap_or("the cloud")
}

fn clock(skew: &Skew, reference: &str) -> Option<String> {
    let offset = skew.offset.filter(|_| skew.pairs > 0)?;
    if offset.abs() < IN_STEP && skew.steps.is_empty() {
        return None;
    }
    let (by, way) = (
        took(TimeDelta::milliseconds(offset.abs())),
        if offset < 0 { "behind" } else { "ahead of" },
    );
    let pairs = counted(skew.pairs, "pair of events", "pairs of events");
    let mut text = format!("{} is {by} {way} {reference}, by {pairs}", machine(skew));
    if let Some(step) = skew.steps.last() {
        let set = format!(
            "; it was set between {} and {}, and what lies there is uncertain",
            time(step.after),
            time(step.before)
        );
        text.push_str(&set);
    }
    Some(text)
}

fn uptime(service: &Service) -> Option<String> {
    let host = service.host.as_deref().unwrap_or("a server without a name");
    let seen = service.seen_milliseconds;
    let share = (seen > 0).then(|| service.up_milliseconds.saturating_mul(1_000) / seen);
    let longest = service.gaps.iter().max_by_key(|gap| gap.to - gap.from);
    if share.is_none_or(|share| share >= 1_000) && longest.is_none() {
        return None;
    }
    let mut text = host.to_owned();
    let share = share.filter(|share| *share < 1_000);
    if let Some(share) = share {
        let share = format!(" ran {}.{} % of the time", share / 10, share % 10);
        text.push_str(&share);
    }
    if let Some(gap) = longest {
        let gaps = format!(
            "{} {} without a heartbeat, the longest {} from {}",
            if share.is_some() { ", with" } else { " had" },
            counted(service.gaps.len() as u64, "stretch", "stretches"),
            took(gap.to - gap.from),
            time(gap.from)
        );
        text.push_str(&gaps);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roundtrip::{ClockStep, Gap};

    fn at(text: &str) -> chrono::DateTime<chrono::Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn nothing_to_say_is_nothing() {
        assert_eq!(summary_text(&Summary::default(), 80, false), "");
    }

    #[test]
    fn clocks_silence_and_other_hands_are_told() {
        let skew = |host: Option<&str>, reference, offset| Skew {
            host: host.map(str::to_owned),
            reference,
            offset: Some(offset),
            range: None,
            spread: 10,
            pairs: 12,
            steps: Vec::new(),
        };
        let mut set = skew(Some("DC02.contoso.com"), false, -61_000);
        set.steps.push(ClockStep {
            after: at("2026-11-20T08:00:00Z"),
            before: at("2026-11-20T09:00:00Z"),
            by: -60_000,
        });
        let summary = Summary {
            skews: vec![
                skew(None, true, 0),
                skew(Some("DC01.contoso.com"), false, 200_000),
                skew(Some("AADC01.contoso.com"), false, 300),
                set,
            ],
            services: vec![Service {
                host: Some("AADC01.contoso.com".into()),
                heartbeats: 100,
                gaps: vec![Gap {
                    from: at("2026-11-20T08:00:00Z"),
                    to: at("2026-11-20T10:00:00Z"),
                }],
                up_milliseconds: 998,
                seen_milliseconds: 1_000,
                ..Service::default()
            }],
            ..Summary::default()
        };
        insta::assert_snapshot!("summary-80", summary_text(&summary, 80, false));
    }
}
