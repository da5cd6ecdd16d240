//! Operations as a table.
//!
//! | column | type | |
//! |---|---|---|
//! | `start`, `end` | timestamp, microseconds, UTC | the first event, and the one that ends it |
//! | `durationMs` | integer, 64 bits | milliseconds from start to end |
//! | `kind`, `outcome` | text | as in JSON: `reset`, `written` … |
//! | `user`, `admin`, `host`, `trackingId` | text | |
//! | `code`, `cause` | text | the engine's result code, the key of the root cause |
//! | `events` | unsigned, 32 bits | how many events it has |

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{
    Int64Builder, StringBuilder, TimestampMicrosecondBuilder, UInt32Builder,
};
use arrow_schema::{DataType, Field};

use super::Operation;
use crate::carrier::arrow::{Row, text, time};

/// The columns of a table of operations while they grow.
#[derive(Debug, Default)]
pub struct OperationColumns {
    start: TimestampMicrosecondBuilder,
    end: TimestampMicrosecondBuilder,
    duration: Int64Builder,
    kind: StringBuilder,
    outcome: StringBuilder,
    user: StringBuilder,
    admin: StringBuilder,
    host: StringBuilder,
    tracking_id: StringBuilder,
    code: StringBuilder,
    cause: StringBuilder,
    events: UInt32Builder,
}

impl Row for Operation {
    type Columns = OperationColumns;

    fn fields() -> Vec<Field> {
        vec![
            time("start"),
            time("end"),
            Field::new("durationMs", DataType::Int64, true),
            Field::new("kind", DataType::Utf8, false),
            Field::new("outcome", DataType::Utf8, false),
            text("user"),
            text("admin"),
            text("host"),
            text("trackingId"),
            text("code"),
            text("cause"),
            Field::new("events", DataType::UInt32, false),
        ]
    }

    fn append(&self, columns: &mut OperationColumns) {
        let micros = |time: chrono::DateTime<chrono::Utc>| time.timestamp_micros();
        columns.start.append_option(self.start.map(micros));
        columns.end.append_option(self.end.map(micros));
        let duration = self.duration().map(|duration| duration.num_milliseconds());
        columns.duration.append_option(duration);
        columns.kind.append_value(self.kind.name());
        columns.outcome.append_value(self.outcome.name());
        columns.user.append_option(self.person.user.as_deref());
        columns.admin.append_option(self.admin.as_deref());
        columns.host.append_option(self.host.as_deref());
        let id = self.tracking_id.map(|id| id.to_string());
        columns.tracking_id.append_option(id);
        let code = self.code.map(|code| code.to_string());
        columns.code.append_option(code);
        columns
            .cause
            .append_option(self.cause.map(|cause| cause.key));
        let events = u32::try_from(self.chain.len()).unwrap_or(u32::MAX);
        columns.events.append_value(events);
    }

    fn finish(columns: &mut OperationColumns) -> Vec<ArrayRef> {
        vec![
            Arc::new(columns.start.finish().with_timezone("UTC")),
            Arc::new(columns.end.finish().with_timezone("UTC")),
            Arc::new(columns.duration.finish()),
            Arc::new(columns.kind.finish()),
            Arc::new(columns.outcome.finish()),
            Arc::new(columns.user.finish()),
            Arc::new(columns.admin.finish()),
            Arc::new(columns.host.finish()),
            Arc::new(columns.tracking_id.finish()),
            Arc::new(columns.code.finish()),
            Arc::new(columns.cause.finish()),
            Arc::new(columns.events.finish()),
        ]
    }
}
