//! Events as a table.
//!
//! | column | type | |
//! |---|---|---|
//! | `time` | timestamp, microseconds, UTC | when it was written |
//! | `provider` | text | |
//! | `id` | unsigned, 32 bits | the event id |
//! | `record` | integer, 64 bits | the record number |
//! | `computer`, `channel` | text | |
//! | `level` | unsigned, 8 bits | 1 critical to 4 information |
//! | `keywords` | integer, 64 bits | the bits as they are |
//! | `text` | text | the event's own text, see [`WindowsEvent::text`] |
//! | `trackingId`, `user`, `token`, `code` | text | what [`Message`] finds in it |
//! | `cause` | text | the key of its root cause |

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{
    Int64Builder, StringBuilder, TimestampMicrosecondBuilder, UInt8Builder, UInt32Builder,
};
use arrow_schema::{DataType, Field};

use super::{Message, WindowsEvent, causes};
use crate::carrier::arrow::{Row, text, time};
use crate::evidence::At;

/// The columns of a table of events while they grow.
#[derive(Debug, Default)]
pub struct EventColumns {
    time: TimestampMicrosecondBuilder,
    provider: StringBuilder,
    id: UInt32Builder,
    record: Int64Builder,
    computer: StringBuilder,
    channel: StringBuilder,
    level: UInt8Builder,
    keywords: Int64Builder,
    text: StringBuilder,
    tracking_id: StringBuilder,
    user: StringBuilder,
    token: StringBuilder,
    code: StringBuilder,
    cause: StringBuilder,
}

impl Row for WindowsEvent {
    type Columns = EventColumns;

    fn fields() -> Vec<Field> {
        vec![
            time("time"),
            Field::new("provider", DataType::Utf8, false),
            Field::new("id", DataType::UInt32, false),
            Field::new("record", DataType::Int64, true),
            text("computer"),
            text("channel"),
            Field::new("level", DataType::UInt8, true),
            Field::new("keywords", DataType::Int64, true),
            text("text"),
            text("trackingId"),
            text("user"),
            text("token"),
            text("code"),
            text("cause"),
        ]
    }

    fn append(&self, columns: &mut EventColumns) {
        let own = self.text();
        let message = Message::parse(&own);
        let cause = causes::of_event(self, &message);
        columns
            .time
            .append_option(self.time.map(|time| time.timestamp_micros()));
        columns.provider.append_value(&self.provider);
        columns.id.append_value(self.id);
        columns
            .record
            .append_option(self.record.map(u64::cast_signed));
        columns.computer.append_option(self.computer.as_deref());
        columns.channel.append_option(self.channel.as_deref());
        columns.level.append_option(self.level);
        columns
            .keywords
            .append_option(self.keywords.map(u64::cast_signed));
        columns.text.append_value(&own);
        let id = message.tracking_id.map(|id| id.to_string());
        columns.tracking_id.append_option(id);
        columns.user.append_option(message.person());
        columns.token.append_option(message.token);
        columns
            .code
            .append_option(message.code.map(|code| code.to_string()));
        columns.cause.append_option(cause.map(|cause| cause.key));
    }

    fn finish(columns: &mut EventColumns) -> Vec<ArrayRef> {
        vec![
            Arc::new(columns.time.finish().with_timezone("UTC")),
            Arc::new(columns.provider.finish()),
            Arc::new(columns.id.finish()),
            Arc::new(columns.record.finish()),
            Arc::new(columns.computer.finish()),
            Arc::new(columns.channel.finish()),
            Arc::new(columns.level.finish()),
            Arc::new(columns.keywords.finish()),
            Arc::new(columns.text.finish()),
            Arc::new(columns.tracking_id.finish()),
            Arc::new(columns.user.finish()),
            Arc::new(columns.token.finish()),
            Arc::new(columns.code.finish()),
            Arc::new(columns.cause.finish()),
        ]
    }
}

/// A place is no column.
impl Row for At<WindowsEvent> {
    type Columns = EventColumns;

    fn fields() -> Vec<Field> {
        WindowsEvent::fields()
    }

    fn append(&self, columns: &mut EventColumns) {
        self.value.append(columns);
    }

    fn finish(columns: &mut EventColumns) -> Vec<ArrayRef> {
        WindowsEvent::finish(columns)
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;
    use arrow_array::types::UInt32Type;
    use arrow_ipc::reader::StreamReader;

    use crate::carrier::arrow::{Batches, ROWS, write_ipc};
    use crate::error::{Error, Result};
    use crate::events::WindowsEvent;
    use crate::evidence::Locator;

    fn event(id: u32) -> WindowsEvent {
        WindowsEvent {
            provider: "PasswordResetService".into(),
            id,
            message: Some("hr=80230626, message=Denied., Context: UserPrincipalName: jdoe@contoso.com, Details: x".into()),
            ..WindowsEvent::default()
        }
    }

    #[test]
    fn all_rows_arrive_in_order_in_batches() {
        let number = u32::try_from(ROWS).unwrap() + 3;
        let rows = (0..number).map(|id| Ok::<_, Error>(event(id)));
        let batches: Vec<_> = Batches::new(rows).collect::<Result<_, _>>().unwrap();
        assert_eq!(batches.len(), 2);
        let ids: Vec<u32> = batches
            .iter()
            .flat_map(|batch| batch["id"].as_primitive::<UInt32Type>().values().to_vec())
            .collect();
        assert_eq!(ids, (0..number).collect::<Vec<_>>());
        let causes = batches[1]["cause"].as_string::<i32>();
        assert_eq!(causes.value(0), "accessDenied");
        assert_eq!(
            batches[1]["user"].as_string::<i32>().value(0),
            "jdoe@contoso.com"
        );
    }

    #[test]
    fn an_error_comes_after_the_rows_before_it_and_ends_the_table() {
        let broken = || Err(Error::syntax(Locator::Record(7), "broken"));
        let mut batches = Batches::new([Ok(event(1)), broken(), Ok(event(2))]);
        assert_eq!(batches.next().unwrap().unwrap().num_rows(), 1);
        assert!(batches.next().unwrap().is_err());
        assert!(batches.next().is_none());
        let mut bytes = Vec::new();
        let rows = [Ok(event(1)), broken()];
        let error = write_ipc(Batches::new(rows), &mut bytes).unwrap_err();
        assert_eq!(error.place, Locator::Record(7));
    }

    #[test]
    fn a_stream_without_rows_has_its_columns() {
        let mut bytes = Vec::new();
        let none: [Result<WindowsEvent>; 0] = [];
        write_ipc(Batches::new(none), &mut bytes).unwrap();
        let read = StreamReader::try_new(bytes.as_slice(), None).unwrap();
        assert_eq!(read.schema().fields().len(), 14);
        assert_eq!(read.count(), 0);
    }
}
