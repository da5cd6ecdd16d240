//! The operations of a stream of events, as an iterator.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

use super::{Correlator, Operation, Settings, Summary};
use crate::events::LogItem;
use crate::evidence::{Locator, Provenance, SourceId, Strength};

/// Joins events to operations, whatever their order. They are handed over at the end of the events, by
/// time; beyond [`Settings::hold`] events, the earlier ones leave before.
///
/// Taken are events, with their places, or all that a [`LogReader`](crate::events::LogReader) gives: records of the
/// tenant's audit log are joined too. The provenance of each names source 0, its own place and time. An
/// error of the stream is handed over in its turn; what came before it is joined all the same.
///
/// ```
/// use sspr::events::{Filter, LogReader};
/// use sspr::roundtrip::{Outcome, operations};
///
/// let event = |id, second, text| format!(
///     "<Event><System><Provider Name='PasswordResetService'/><EventID>{id}</EventID>\
///      <TimeCreated SystemTime='2026-11-20T08:00:0{second}Z'/></System><EventData><Data>TrackingId: \
///      11111111-2222-3333-4444-555555555555, {text}</Data></EventData></Event>"
/// );
/// let log = event(31001, 0, "PasswordResetRequestStart, Details: jdoe@contoso.com")
///     + &event(31002, 1, "PasswordResetSuccess, Details: Context: UserPrincipalName: jdoe@contoso.com");
/// let reader = LogReader::new(std::io::Cursor::new(log), Filter::writeback());
/// let found: Vec<_> = operations(reader.into_events()).collect::<Result<_, _>>()?;
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].outcome, Outcome::Written);
/// # Ok::<(), sspr::Error>(())
/// ```
pub fn operations<I, R, E>(records: I) -> Operations<I::IntoIter>
where
    I: IntoIterator<Item = Result<R, E>>,
    R: Into<LogItem>,
{
    operations_with(records, Settings::default())
}

/// Joins events to operations as [`operations`] does, with what is known beforehand.
pub fn operations_with<I, R, E>(records: I, settings: Settings) -> Operations<I::IntoIter>
where
    I: IntoIterator<Item = Result<R, E>>,
    R: Into<LogItem>,
{
    Operations {
        records: records.into_iter(),
        correlator: Some(Correlator::new(settings)),
        ready: VecDeque::new(),
        summary: None,
    }
}

/// The iterator that [`operations`] gives.
#[derive(Debug)]
pub struct Operations<I> {
    records: I,
    /// Taken at the end of the records.
    correlator: Option<Correlator>,
    ready: VecDeque<Operation>,
    summary: Option<Summary>,
}

impl<I> Operations<I> {
    /// The next operation, if one is joined already: it takes no time, while
    /// [`next`](Iterator::next) may read a whole log.
    pub fn at_hand(&mut self) -> Option<Operation> {
        self.ready.pop_front()
    }

    /// What else was found; `None` before the end of the events.
    pub fn summary(&self) -> Option<&Summary> {
        self.summary.as_ref()
    }
}

impl<I, R, E> Iterator for Operations<I>
where
    I: Iterator<Item = Result<R, E>>,
    R: Into<LogItem>,
{
    type Item = Result<Operation, E>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(operation) = self.at_hand() {
                return Some(Ok(operation));
            }
            let correlator = self.correlator.as_mut()?;
            match self.records.next() {
                Some(Ok(record)) => {
                    match record.into() {
                        LogItem::Event(event) => {
                            let from = from(event.place, event.value.time);
                            correlator.push_event(&event.value, &from);
                        }
                        LogItem::Audit(record) => {
                            let from = from(record.place.clone(), Some(record.time));
                            correlator.push_audit(&record, &from);
                        }
                        LogItem::Span(_) | LogItem::Fault { .. } => continue,
                    }
                    self.ready.extend(correlator.ready());
                }
                Some(Err(error)) => return Some(Err(error)),
                None => {
                    let ready = &mut self.ready;
                    let summary = correlator.finish(&mut |done| ready.push_back(done));
                    self.summary = Some(summary);
                    self.correlator = None;
                }
            }
        }
    }
}

fn from(locator: Locator, observed_at: Option<DateTime<Utc>>) -> Provenance {
    Provenance {
        source: SourceId(0),
        locator,
        observed_at,
        strength: Strength::Observed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::{Filter, LogReader};
    use crate::roundtrip::{ConnectorAccount, HowKnown};

    #[test]
    fn records_of_the_tenant_are_joined_and_what_is_known_beforehand_counts() {
        let record = r#"{"activityDisplayName": "Reset password (self-service)", "result": "success", "activityDateTime": "2026-11-20T08:00:01Z", "targetResources": [{"type": "User", "userPrincipalName": "jdoe@contoso.com"}]}"#;
        let settings = Settings {
            connectors: vec![ConnectorAccount {
                name: Some("svc-writeback".into()),
                ..ConnectorAccount::default()
            }],
            ..Settings::default()
        };
        let reader = LogReader::new(record.as_bytes(), Filter::operations());
        let mut found = operations_with(reader, settings);
        assert!(found.at_hand().is_none() && found.summary().is_none());
        let operation = found.next().unwrap().unwrap();
        assert_eq!(operation.person.user.as_deref(), Some("jdoe@contoso.com"));
        assert!(found.next().is_none());
        let known = found.summary().unwrap().connectors.iter();
        assert_eq!(
            { known }.map(|one| one.known).collect::<Vec<_>>(),
            [HowKnown::Stated]
        );
    }
}
