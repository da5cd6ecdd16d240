//! Operations that were found, on their way to JavaScript.

use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use serde::Serialize;
use sspr::roundtrip::{Operation, Statistics, Summary};
use sspr::snapshot::LogsRead;

use super::OperationRow;
use crate::plain::Plain;
use crate::value::Whole;

/// Operations, of which `lib/logs.js` makes objects in slices, so that it never holds up the event
/// loop, and what goes with them.
#[napi(namespace = "loader")]
pub struct Found {
    operations: Arc<[Operation]>,
    rest: Rest,
}

/// What goes with operations.
#[derive(Serialize)]
struct Rest {
    summary: Summary,
    statistics: Statistics,
    #[serde(skip_serializing_if = "Option::is_none")]
    logs: Option<LogsRead>,
}

impl Found {
    pub(crate) fn new(
        operations: Vec<Operation>,
        summary: Summary,
        logs: Option<LogsRead>,
    ) -> Self {
        Self {
            rest: Rest {
                statistics: Statistics::of(&operations),
                summary,
                logs,
            },
            operations: operations.into(),
        }
    }

    /// One of the operations, as the core knows it: with times to the ticks of Windows' clock, which
    /// a `Date` does not hold.
    pub(crate) fn operation(&self, number: usize) -> Option<Operation> {
        self.operations.get(number).cloned()
    }
}

#[napi(namespace = "loader")]
impl Found {
    /// Some of the operations.
    #[napi]
    pub fn rows(&self, start: Whole, count: Whole) -> napi::Result<Plain<Vec<OperationRow>>> {
        let (start, count) = (start.get()?, count.get()?);
        let rows = self.operations.iter().skip(start).take(count);
        Ok(Plain(rows.cloned().map(Into::into).collect()))
    }

    /// Summary, statistics and logs.
    #[napi]
    pub fn rest<'env>(&self, env: &'env Env) -> napi::Result<Object<'env>> {
        Plain(&self.rest).object(env)
    }
}
