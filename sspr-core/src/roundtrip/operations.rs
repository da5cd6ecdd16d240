//! The operations of a stream of events, as an iterator.

use std::collections::VecDeque;

use super::{Correlator, Operation};
use crate::events::WindowsEvent;
use crate::evidence::{At, Provenance, SourceId, Strength};

/// Joins events to operations, whatever their order. They are handed over at the end of the events, by
/// time; beyond [`Settings::hold`](super::Settings::hold) events, the earlier ones leave before.
///
/// The provenance of each event names source 0, the event's own place and time. An error of the
/// stream is handed over in its turn; what came before it is joined all the same.
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
pub fn operations<I, E>(events: I) -> Operations<I::IntoIter>
where
    I: IntoIterator<Item = Result<At<WindowsEvent>, E>>,
{
    Operations {
        events: events.into_iter(),
        correlator: Some(Correlator::default()),
        ready: VecDeque::new(),
    }
}

/// The iterator that [`operations`] gives.
#[derive(Debug)]
pub struct Operations<I> {
    events: I,
    /// Taken at the end of the events.
    correlator: Option<Correlator>,
    ready: VecDeque<Operation>,
}

impl<I, E> Iterator for Operations<I>
where
    I: Iterator<Item = Result<At<WindowsEvent>, E>>,
{
    type Item = Result<Operation, E>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(operation) = self.ready.pop_front() {
                return Some(Ok(operation));
            }
            let correlator = self.correlator.as_mut()?;
            let ready = &mut self.ready;
            match self.events.next() {
                Some(Ok(event)) => {
                    let from = Provenance {
                        source: SourceId(0),
                        locator: event.place,
                        observed_at: event.value.time,
                        strength: Strength::Observed,
                    };
                    correlator.push(&event.value, &from, &mut |done| ready.push_back(done));
                }
                Some(Err(error)) => return Some(Err(error)),
                None => {
                    correlator.finish(&mut |done| ready.push_back(done));
                    self.correlator = None;
                }
            }
        }
    }
}
