//! `sspr.roundtrip`: operations, followed from the cloud into the domain. [`crate::log`] streams them.

mod correlator;
mod found;
mod settings;
mod support;

use chrono::{DateTime, Utc};
use napi::{Error, Result};
use napi_derive::napi;
use serde::Serialize;
use sspr::events::WindowsEvent;
use sspr::evidence::{Locator, Provenance, SourceId, Strength};
use sspr::roundtrip::{Correlator, Link, Operation};

pub use self::correlator::Joining;
pub use self::found::Found;
pub use self::settings::Settings;
pub use self::support::SupportBundle;
use crate::fault::caught;
use crate::plain::Plain;
use crate::value::Json;

/// One operation, followed from its first event to its last.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OperationRow {
    /// What is known of it.
    #[serde(flatten)]
    operation: Operation,
    /// The time of the end, else of the start.
    time: Option<DateTime<Utc>>,
    /// Milliseconds from start to end. Windows' clock can step, so they may be negative.
    milliseconds: Option<i64>,
    /// The event that ended it: of a success the success, else the first that tells most.
    decisive: Option<Link>,
}

impl From<Operation> for OperationRow {
    fn from(operation: Operation) -> Self {
        Self {
            time: operation.time(),
            milliseconds: operation.duration().map(|span| span.num_milliseconds()),
            decisive: operation.decisive().cloned(),
            operation,
        }
    }
}

/// Where an event or a record of one log stands.
fn observed(source: u32, place: Locator, at: Option<DateTime<Utc>>) -> Provenance {
    Provenance {
        source: SourceId(source),
        locator: place,
        observed_at: at,
        strength: Strength::Observed,
    }
}

/// Takes an event that is at hand, of the log with a number.
fn push_event(correlator: &mut Correlator, mut event: WindowsEvent, source: u32) {
    event.keywords = event.keywords.map(of_double);
    let place = event.record.map_or(Locator::Whole, Locator::Record);
    let from = observed(source, place, event.time);
    correlator.push_event(&event, &from);
}

/// The bits of a large number of JavaScript's. It writes no more digits into JSON than tell one double
/// from another, which as an integer is another number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a double again, and its bits"
)]
const fn of_double(digits: u64) -> u64 {
    digits as f64 as u64
}

/// The operations of events that are at hand.
#[napi(namespace = "loader")]
pub fn operations_of(
    events: Json<Vec<WindowsEvent>>,
    settings: Json<Settings>,
) -> Result<Plain<Vec<OperationRow>>> {
    let (events, settings) = (events.read()?, settings.read()?.known()?);
    caught(|| {
        let mut correlator = Correlator::new(settings);
        let mut found = Vec::new();
        for event in events {
            push_event(&mut correlator, event, 0);
            found.extend(correlator.ready().map(Into::into));
        }
        correlator.finish(&mut |operation| found.push(operation.into()));
        Ok::<_, Error>(Plain(found))
    })
}
