//! What support asks for about one operation, and nothing beyond it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::Operation;
use crate::events::catalogue::Source;
use crate::events::{Message, WindowsEvent};
use crate::evidence::{At, Locator};

/// How far around an operation events of the service are looked for.
const AROUND: TimeDelta = TimeDelta::minutes(2);
/// What follows one of these, up to the end of the word, may be a secret.
const SECRETS: [&str; 8] = [
    "password=",
    "pwd=",
    "secret=",
    "sharedaccesskey=",
    "sharedaccesssignature ",
    "sig=",
    "bearer ",
    "token=",
];
const REMOVED: &str = "[removed]";

/// An operation with the events around it, for a ticket: its own events, and those of the service
/// and of the engine within two minutes that name nobody. Events of other people are left out, and so is
/// what looks like a token or a password.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SupportBundle {
    /// The operation.
    pub operation: Operation,
    /// The version of the writeback service, as its events say.
    pub version: Option<String>,
    /// The events, by time.
    pub events: Vec<SupportEvent>,
    /// How many events of those minutes were left out, because they are of others.
    pub left_out: u64,
}

/// An event for support.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SupportEvent {
    /// The log it stands in.
    pub log: String,
    /// Where it stands there.
    pub place: Locator,
    /// The event, without its data.
    pub event: WindowsEvent,
    /// Its text, without what may be a secret.
    pub text: String,
    /// It is one of the operation's own.
    pub own: bool,
}

impl SupportBundle {
    /// The stretch of time whose events [`new`](Self::new) wants.
    pub fn around(operation: &Operation) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let times = || {
            let chain = operation.chain.iter().filter_map(|link| link.time);
            chain.chain(operation.start).chain(operation.end)
        };
        Some((times().min()? - AROUND, times().max()? + AROUND))
    }

    /// Chooses among the events of the logs.
    pub fn new(
        operation: Operation,
        events: impl IntoIterator<Item = (String, At<WindowsEvent>)>,
    ) -> Self {
        let around = Self::around(&operation);
        let mut bundle = Self {
            operation,
            version: None,
            events: Vec::new(),
            left_out: 0,
        };
        for (log, at) in events {
            let At { value, place } = at;
            let text = value.text().into_owned();
            let message = Message::parse(&text);
            let own = bundle.holds(&value);
            let is_near = around
                .zip(value.time)
                .is_some_and(|((from, to), time)| from <= time && time <= to);
            let is_of_service = matches!(
                Source::of(&value.provider),
                Some(Source::Writeback | Source::Engine)
            );
            let names_nobody = message.tracking_id.is_none()
                && message.person().is_none()
                && message.source_anchor.is_none()
                && message.cloud_anchor.is_none()
                && !text.contains('@');
            if !(own || is_near && is_of_service && names_nobody) {
                bundle.left_out += u64::from(is_near);
                continue;
            }
            if bundle.version.is_none() && own {
                bundle.version = message.version.map(str::to_owned);
            }
            let text = without_secrets(&text);
            bundle.events.push(SupportEvent {
                log,
                place,
                event: WindowsEvent {
                    data: Vec::new(),
                    message: None,
                    ..value
                },
                text,
                own,
            });
        }
        // One event may stand in several logs.
        bundle.events.sort_by_key(key);
        bundle
            .events
            .dedup_by(|a, b| key(a) == key(b) && a.text == b.text);
        bundle
    }

    fn holds(&self, event: &WindowsEvent) -> bool {
        self.operation.chain.iter().any(|link| {
            link.event == Some(event.id)
                && link.time == event.time
                && link.record == event.record
                && link.provider.eq_ignore_ascii_case(&event.provider)
        })
    }
}

fn key(of: &SupportEvent) -> (Option<DateTime<Utc>>, Option<u64>, u32) {
    (of.event.time, of.event.record, of.event.id)
}

/// A text without what follows the names of secrets, and without signed tokens.
fn without_secrets(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, length)) = next_secret(rest) {
        let (before, secret) = rest.split_at(at);
        kept.push_str(before);
        kept.push_str(REMOVED);
        rest = secret.get(length..).unwrap_or_default();
    }
    kept.push_str(rest);
    kept
}

/// Where the next secret stands, and how many bytes it has.
fn next_secret(text: &str) -> Option<(usize, usize)> {
    // Bytes that are no letters of ASCII stay as they are, so that places do.
    let lower = text.to_ascii_lowercase();
    let named = SECRETS
        .iter()
        .filter_map(|name| lower.find(name).map(|at| at + name.len()));
    let tokens = text.match_indices("eyJ").map(|(at, _)| at);
    let mut places: Vec<_> = named.chain(tokens.take(1)).collect();
    places.sort_unstable();
    places.into_iter().find_map(|at| {
        let rest = text.get(at..)?;
        if rest.starts_with(REMOVED) {
            return None;
        }
        let ends = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '&' | '"' | '\'' | '<');
        let length = rest.find(ends).unwrap_or(rest.len());
        (length > 0).then_some((at, length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roundtrip::operations;

    fn event(id: u32, second: u32, record: u64, text: &str) -> At<WindowsEvent> {
        At {
            value: WindowsEvent {
                provider: "PasswordResetService".into(),
                id,
                record: Some(record),
                time: format!("2026-11-20T08:00:{second:02}Z").parse().ok(),
                message: Some(text.into()),
                ..WindowsEvent::default()
            },
            place: Locator::Record(record),
        }
    }

    #[test]
    fn other_people_are_left_out_and_the_service_is_not() {
        let own = "TrackingId: 11111111-2222-3333-4444-555555555555, ";
        let other = "TrackingId: 99999999-2222-3333-4444-555555555555, ";
        let all = vec![
            event(
                31001,
                1,
                1,
                &format!("{own}PasswordResetRequestStart, Details: jdoe@contoso.com"),
            ),
            event(
                31001,
                2,
                2,
                &format!("{other}PasswordResetRequestStart, Details: anoe@contoso.com"),
            ),
            event(
                31034,
                3,
                3,
                "ServiceBusListenerError sig=abc%3D&se=1 password=hunter2, next",
            ),
            event(33004, 4, 4, &format!("{own}hr=80230626, message=Denied.")),
        ];
        let found = operations(all.iter().cloned().map(Ok::<_, ()>)).flatten();
        let operation = { found }.find(|one| one.chain.len() == 2).unwrap();
        let named = all
            .into_iter()
            .map(|event| ("Application.evtx".to_owned(), event));
        let bundle = SupportBundle::new(operation, named);
        let ids: Vec<_> = bundle
            .events
            .iter()
            .map(|one| (one.event.id, one.own))
            .collect();
        assert_eq!(ids, [(31001, true), (31034, false), (33004, true)]);
        assert_eq!(bundle.left_out, 1);
        let text = &bundle.events[1].text;
        assert_eq!(
            text,
            "ServiceBusListenerError sig=[removed]&se=1 password=[removed], next"
        );
    }

    #[test]
    fn secrets_are_removed_wherever_they_stand() {
        let jwt = "eyJ0eXAi.eyJhdWQi.c2ln";
        let text = format!("Authorization: Bearer {jwt} and {jwt}; é SECRET=x");
        let clean = without_secrets(&text);
        assert_eq!(
            clean,
            "Authorization: Bearer [removed] and [removed]; é SECRET=[removed]"
        );
    }
}
