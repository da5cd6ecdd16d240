//! `sspr.roundtrip`: operations, followed from the cloud into the domain. [`crate::log`] streams them.

use chrono::{DateTime, Utc};
use napi::{Error, Result};
use napi_derive::napi;
use serde::Serialize;
use sspr::events::WindowsEvent;
use sspr::evidence::{At, Locator};
use sspr::roundtrip::{Link, Operation};

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

/// The operations of events that are at hand.
#[napi(namespace = "loader")]
pub fn operations_of(events: Json<Vec<WindowsEvent>>) -> Result<Plain<Vec<OperationRow>>> {
    let events = events.read()?;
    caught(|| {
        let events = events.into_iter().map(|event| {
            let place = event.record.map_or_else(Default::default, Locator::Record);
            Ok::<_, Error>(At::new(event, place))
        });
        let found = sspr::roundtrip::operations(events).map(|row| row.map(Into::into));
        Ok(Plain(found.collect::<Result<Vec<_>>>()?))
    })
}
