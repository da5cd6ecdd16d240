//! Audit records as a table: `time`, `activity`, `name`, `result`, `reason`, `correlation`, `agent`,
//! `method`, `actor`, `actorId`, `byApplication`, `target`, `targetId`, `id`, each as in JSON.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{BooleanBuilder, StringBuilder, TimestampMicrosecondBuilder};
use arrow_schema::{DataType, Field};
use serde::Serialize;

use super::AuditRecord;
use crate::carrier::arrow::{Row, text, time};

/// Columns of text, in their order.
const TEXTS: [&str; 12] = [
    "activity",
    "name",
    "result",
    "reason",
    "correlation",
    "agent",
    "method",
    "actor",
    "actorId",
    "target",
    "targetId",
    "id",
];

/// The columns of a table of audit records while they grow.
#[derive(Debug, Default)]
pub struct AuditColumns {
    time: TimestampMicrosecondBuilder,
    by_application: BooleanBuilder,
    texts: [StringBuilder; TEXTS.len()],
}

impl Row for AuditRecord {
    type Columns = AuditColumns;

    fn fields() -> Vec<Field> {
        let mut fields = vec![
            time("time"),
            Field::new("byApplication", DataType::Boolean, false),
        ];
        fields.extend(TEXTS.map(text));
        fields
    }

    fn append(&self, columns: &mut AuditColumns) {
        columns.time.append_value(self.time.timestamp_micros());
        columns.by_application.append_value(self.by_application);
        let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string());
        let texts = [
            name(&self.activity),
            Some(self.name.clone()),
            name(&self.result),
            self.reason.clone(),
            id(self.correlation),
            self.agent.as_ref().and_then(name),
            self.method.clone(),
            self.actor.clone(),
            id(self.actor_id),
            self.target.clone(),
            id(self.target_id),
            self.id.clone(),
        ];
        for (column, text) in columns.texts.iter_mut().zip(texts) {
            column.append_option(text);
        }
    }

    fn finish(columns: &mut AuditColumns) -> Vec<ArrayRef> {
        let mut arrays: Vec<ArrayRef> = vec![
            Arc::new(columns.time.finish().with_timezone("UTC")),
            Arc::new(columns.by_application.finish()),
        ];
        for column in &mut columns.texts {
            arrays.push(Arc::new(column.finish()));
        }
        arrays
    }
}

/// The name that a value has in JSON.
fn name(value: &impl Serialize) -> Option<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;

    use crate::carrier::arrow::Batches;
    use crate::carrier::json::Object;
    use crate::events::AuditRecord;
    use crate::evidence::Locator;

    #[test]
    fn a_record_is_a_row_with_the_names_that_json_has() {
        let json = serde_json::json!({
            "activityDisplayName": "Reset password (by admin)", "result": "failure",
            "activityDateTime": "2026-05-20T15:40:00Z",
            "targetResources": [{"type": "User", "userPrincipalName": "jdoe@contoso.com"}],
        });
        let object = Object::new(json.as_object().unwrap(), Locator::Whole);
        let record = AuditRecord::parse(&object).unwrap().unwrap();
        let mut batches = Batches::new([Ok(record)]);
        let batch = batches.next().unwrap().unwrap();
        let text = |column: &str| {
            let column = batch.column_by_name(column).unwrap().as_string::<i32>();
            column.iter().next().unwrap().map(str::to_owned)
        };
        assert_eq!(text("activity").as_deref(), Some("adminReset"));
        assert_eq!(text("result").as_deref(), Some("failure"));
        assert_eq!(text("target").as_deref(), Some("jdoe@contoso.com"));
        assert_eq!(text("reason"), None);
    }
}
