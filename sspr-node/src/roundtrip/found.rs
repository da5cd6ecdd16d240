//! Operations that were found, on their way to JavaScript.

use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::{ClassInstance, Object};
use napi_derive::napi;
use serde::Serialize;
use sspr::render::{self, TextOptions};
use sspr::roundtrip::{Choice, Operation, Statistics, Summary};
use sspr::snapshot::LogsRead;
use uuid::Uuid;

use super::OperationRow;
use crate::fault::{caught, invalid, refused};
use crate::plain::Plain;
use crate::readiness::Style;
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
    pub(crate) fn operation(&self, number: &Whole) -> napi::Result<Operation> {
        self.meant(number).cloned()
    }

    fn meant(&self, number: &Whole) -> napi::Result<&Operation> {
        let operation = self.operations.get(number.get::<usize>()?);
        operation.ok_or_else(|| invalid("there is no such operation"))
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

    /// One operation as sentences.
    #[napi]
    pub fn operation_text(&self, number: Whole, style: Option<Style>) -> napi::Result<String> {
        let (operation, options) = (self.meant(&number)?, Style::options(style)?);
        let TextOptions { width, color, .. } = options;
        caught(|| Ok(render::operation_story(operation, width, color)))
    }

    /// The statistics for a terminal.
    #[napi]
    pub fn statistics_text(&self, style: Option<Style>) -> napi::Result<String> {
        let TextOptions { width, color, .. } = Style::options(style)?;
        caught(|| Ok(render::statistics_text(&self.rest.statistics, width, color)))
    }

    /// The summary for a terminal.
    #[napi]
    pub fn summary_text(&self, style: Option<Style>) -> napi::Result<String> {
        let TextOptions { width, color, .. } = Style::options(style)?;
        caught(|| Ok(render::summary_text(&self.rest.summary, width, color)))
    }

    /// The operations of one person, or with a tracking id, as sentences.
    #[napi]
    pub fn story(
        &self,
        user: Option<String>,
        tracking_id: Option<String>,
        style: Option<Style>,
    ) -> napi::Result<String> {
        let tracking_id = tracking_id.as_deref().map(Uuid::try_parse).transpose();
        let choice = Choice {
            user,
            tracking_id: tracking_id.map_err(|_| refused("a tracking id is a GUID"))?,
            ..Choice::default()
        };
        let TextOptions { width, color, .. } = Style::options(style)?;
        let reach = self.rest.logs.as_ref().and_then(LogsRead::reach);
        caught(|| {
            let operations = self.operations.iter();
            Ok(render::story(operations, reach, &choice, width, color))
        })
    }
}

/// Some operations in numbers.
#[napi(namespace = "loader")]
pub struct Numbers {
    inner: Statistics,
}

#[napi(namespace = "loader")]
impl Numbers {
    /// Counts operations, each by where it was found and its number there.
    #[napi(factory)]
    pub fn of(found: Vec<ClassInstance<'_, Found>>, numbers: Vec<Whole>) -> napi::Result<Self> {
        let pairs = found.iter().zip(&numbers);
        let operations = pairs.map(|(found, number)| found.meant(number));
        let operations = operations.collect::<napi::Result<Vec<_>>>()?;
        caught(|| {
            Ok(Self {
                inner: Statistics::of(operations),
            })
        })
    }

    /// As an object.
    #[napi]
    pub fn plain(&self) -> Plain<Statistics> {
        Plain(self.inner.clone())
    }

    /// For a terminal.
    #[napi]
    pub fn text(&self, style: Option<Style>) -> napi::Result<String> {
        let TextOptions { width, color, .. } = Style::options(style)?;
        caught(|| Ok(render::statistics_text(&self.inner, width, color)))
    }
}
