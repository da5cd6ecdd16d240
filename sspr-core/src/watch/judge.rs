//! The service's troubles, bursts and losses.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use super::notice::{NoticeKind, Weight};
use super::state::{Beats, Hour};
use super::{Look, Notice, WatchOptions};
use crate::events::catalogue::{self, Area, Level, Lookup, Source};
use crate::events::{Message, WindowsEvent, causes};

/// How long the same trouble of the service is not told again.
const AGAIN: TimeDelta = TimeDelta::hours(1);
/// A burst is more than this many times what is usual.
const TIMES: u64 = 5;
/// On so many days before, what is usual is looked for; on so many it has to be known.
const DAYS: i32 = 7;
const KNOWN_DAYS: usize = 3;
/// The service's sign of life.
pub(super) const HEARTBEAT: u32 = 31019;
/// Successes of operations on passwords.
const SUCCESSES: [u32; 3] = [31002, 31007, 31010];

/// The hour of a time.
pub(super) fn hour(time: DateTime<Utc>) -> DateTime<Utc> {
    time.duration_trunc(TimeDelta::hours(1)).unwrap_or(time)
}

impl Look<'_> {
    /// Notes heartbeats and successes. A service that was in trouble before works again.
    pub(super) fn sign_of_life(&mut self, event: &WindowsEvent) {
        let is_sign = event.id == HEARTBEAT || SUCCESSES.contains(&event.id);
        let (Some(Source::Writeback), Some(time), true) =
            (Source::of(&event.provider), event.time, is_sign)
        else {
            return;
        };
        let computer = computer(event);
        let beats = self.state.beats.entry(computer).or_insert(Beats {
            last: time,
            count: 0,
        });
        beats.last = beats.last.max(time);
        if event.id == HEARTBEAT {
            beats.count = (beats.count + 1).min(10);
        }
    }

    /// Tells of errors of the service that belong to no operation.
    pub(super) fn service(&mut self) {
        let mut fresh = std::mem::take(&mut self.fresh);
        fresh.sort_by_key(|event| event.time);
        for event in fresh {
            let Some(at) = event.time.filter(|at| *at >= self.state.since) else {
                continue;
            };
            let key = format!("{}/{}", computer(&event), event.id);
            let is_known = self.state.troubles.get(&key);
            if !is_trouble(&event) || is_known.is_some_and(|told| at - *told < AGAIN) {
                continue;
            }
            self.state.troubles.insert(key, at);
            self.notices.push(of_trouble(&event, at));
        }
        self.recovered();
    }

    /// Tells of services that gave a sign of life after the last of their troubles.
    fn recovered(&mut self) {
        let mut over: Vec<(String, DateTime<Utc>)> = Vec::new();
        for (computer, beats) in &self.state.beats {
            let prefix = format!("{computer}/");
            let of_it = self
                .state
                .troubles
                .iter()
                .filter(|(key, _)| key.starts_with(&prefix));
            let last = of_it.map(|(_, at)| *at).max();
            if last.is_some_and(|last| beats.last > last) {
                over.push((computer.clone(), beats.last));
            }
        }
        for (computer, at) in over {
            let prefix = format!("{computer}/");
            self.state
                .troubles
                .retain(|key, _| !key.starts_with(&prefix));
            let message = format!("The writeback service on {computer} works again.");
            let notice = Notice {
                computer: Some(computer.clone()),
                ..Notice::new(NoticeKind::Recovered, Weight::Information, at, message)
            };
            let at = at.to_rfc3339();
            self.notices.push(notice.about(&[&computer, &at]));
        }
    }

    /// Tells of hours that brought far more than is usual.
    pub(super) fn bursts(&mut self, options: WatchOptions) {
        let first = self.state.hours.keys().next().copied();
        let since = hour(self.state.since);
        let mut found = Vec::new();
        for (at, now) in self.state.hours.range(since..) {
            for (what, measure) in MEASURES {
                let count = measure(now);
                let usual = self.usual(*at, first, measure);
                if count < options.burst.max(1) || count <= TIMES * usual.unwrap_or_default() {
                    continue;
                }
                let compared = match usual {
                    Some(usual) => format!("usual at this time of the day: {usual}"),
                    None => "what is usual is not known yet".to_owned(),
                };
                let message = format!("{count} {what} within the hour; {compared}.");
                let notice = Notice {
                    count: Some(count),
                    usual,
                    ..Notice::new(NoticeKind::Burst, Weight::Warning, *at, message)
                };
                let hour = at.to_rfc3339();
                found.push(notice.about(&[what, &hour]));
            }
        }
        for mut notice in found {
            // Once for an hour, however far it goes on.
            let key = format!("burst {}", notice.id);
            let at = notice.at;
            if self.state.troubles.insert(key, at).is_none() {
                notice.next = Some(
                    "See who is hit with `sspr roundtrip`: one cause for many people is a fault \
                     of the system; many resets of few people may be an attack."
                        .to_owned(),
                );
                self.notices.push(notice);
            }
        }
    }

    /// The median of the same hour on the days before, if it is known for some days.
    fn usual(
        &self,
        at: DateTime<Utc>,
        first: Option<DateTime<Utc>>,
        measure: Measure,
    ) -> Option<u64> {
        let days = (1..=DAYS).map(|day| at - TimeDelta::days(i64::from(day)));
        let mut counts: Vec<_> = days
            .filter(|hour| first.is_some_and(|first| first <= *hour))
            .map(|hour| self.state.hours.get(&hour).map_or(0, measure))
            .collect();
        counts.sort_unstable();
        let is_known = counts.len() >= KNOWN_DAYS;
        counts.get(counts.len() / 2).copied().filter(|_| is_known)
    }

    /// Tells of what could not be read.
    pub(super) fn losses(&mut self) {
        for (log, (records, error)) in std::mem::take(&mut self.faults) {
            let message = format!("{records} of the records of {log} could not be read: {error}");
            let place = error.place.to_string();
            self.lost(&log, records, message, &place);
        }
    }

    /// Tells of records that were overwritten before they were read.
    pub(super) fn missed(&mut self, log: &str, from: u64, until: u64) {
        let records = until.saturating_sub(from);
        let message = format!(
            "{records} records of {log} were overwritten before they were read, from {from} on"
        );
        self.lost(log, records, message, &from.to_string());
    }

    fn lost(&mut self, log: &str, records: u64, message: String, place: &str) {
        let notice = Notice {
            log: Some(log.to_owned()),
            count: Some(records),
            next: Some(
                "Look at more often (--interval), or let the log hold more; what is lost is told \
                 nowhere else."
                    .to_owned(),
            ),
            ..Notice::new(NoticeKind::Lost, Weight::Warning, self.now, message)
        };
        let about = notice.about(&[log, place]);
        self.notices.push(about);
    }
}

/// A count of an hour.
type Measure = fn(&Hour) -> u64;

/// What is counted by the hour.
const MEASURES: [(&str, Measure); 2] = [
    ("password operations", |hour| hour.operations),
    ("failed or refused operations", |hour| hour.failures),
];

/// The computer of an event, as a key.
pub(super) fn computer(event: &WindowsEvent) -> String {
    event
        .computer
        .as_deref()
        .unwrap_or("an unnamed computer")
        .to_lowercase()
}

/// Whether an event tells of the service itself, and of something bad.
fn is_trouble(event: &WindowsEvent) -> bool {
    let text = event.text();
    if Message::parse(&text).tracking_id.is_some() {
        return false;
    }
    match catalogue::look_up(&event.provider, event.id) {
        Lookup::Known(info) => {
            info.level == Level::Error
                && matches!(info.area, Area::Service | Area::Connectivity | Area::Keys)
        }
        Lookup::Unknown(_) | Lookup::Foreign => false,
    }
}

fn of_trouble(event: &WindowsEvent, at: DateTime<Utc>) -> Notice {
    let text = event.text();
    let message = Message::parse(&text);
    let cause = causes::of_event(event, &message);
    let info = match catalogue::look_up(&event.provider, event.id) {
        Lookup::Known(info) => Some(info),
        Lookup::Unknown(_) | Lookup::Foreign => None,
    };
    let what = cause
        .map(|cause| cause.title)
        .or(info.map(|info| info.meaning));
    let computer = computer(event);
    let code = message.code.map(|code| code.to_string());
    let sentence = format!(
        "The service on {computer} wrote {}: {}{}",
        event.id,
        what.unwrap_or_default().trim_end_matches('.'),
        code.as_deref()
            .map_or_else(|| ".".to_owned(), |code| format!(" ({code})."))
    );
    let remedy = cause
        .map(|cause| cause.remedy)
        .or(info.map(|info| info.remedy));
    let time = at.to_rfc3339();
    let id = event.id.to_string();
    let notice = Notice {
        next: remedy.filter(|text| !text.is_empty()).map(str::to_owned),
        computer: Some(computer.clone()),
        event: Some(event.id),
        code,
        cause: cause.map(|cause| cause.key.to_owned()),
        ..Notice::new(NoticeKind::Service, Weight::Error, at, sentence)
    };
    notice.about(&[&computer, &id, &time])
}
