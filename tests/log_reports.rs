//! What Rust says of the records and of the growing logs of a history, beside what
//! [`round_trips`](crate::round_trips) writes.
#![expect(clippy::expect_used, reason = "test support")]

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use serde_json::{Value, json};
use sspr::events::Filter;
use sspr::evidence::Progress;
use sspr::render::notice_text;
use sspr::snapshot::{Input, LogRecord, ReadOptions, read_logs};
use sspr::watch::{Watch, WatchOptions, WatchState};

/// The time of the look of the watch, and the time from which on it tells.
const LOOK: [&str; 2] = ["2026-11-20T12:00:00Z", "2026-09-01T00:00:00Z"];

fn go_on(_: Progress<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Writes `audit.json`, the records of the tenant in the folder `history`, and `notices.json`, what a watch
/// that tells of refusals too says of all its logs.
///
/// # Panics
///
/// When files cannot be read or written.
pub fn write(folder: &Path) {
    let history = folder.join("history");
    for (name, value) in [("audit", records(&history)), ("notices", notices(&history))] {
        let file = folder.join(format!("{name}.json"));
        fs::write(file, value.to_string()).expect("a file can be written");
    }
}

fn records(history: &Path) -> Value {
    let mut records = Vec::new();
    let sink = &mut |_: &str, record: LogRecord| {
        if let LogRecord::Audit(record) = record {
            records.push(json!(record));
        }
        ControlFlow::Continue(())
    };
    let inputs = vec![Input::path(history.join("audit.json"))];
    let options = ReadOptions::default();
    read_logs(inputs, &options, &Filter::operations(), sink, &mut go_on)
        .expect("nobody stops the work");
    Value::Array(records)
}

fn notices(history: &Path) -> Value {
    let [now, since] = LOOK.map(|time| time.parse().expect("this is a time"));
    let mut options = WatchOptions::default();
    options.refusals = true;
    let state = WatchState::new(since);
    let mut watch = Watch::new(vec![history.to_owned()], options, state);
    let followed = watch.look(now, &mut go_on).expect("nobody stops the work");
    let texts = watch.untold().iter();
    let texts: Vec<_> = texts.map(|notice| notice_text(notice, 80, false)).collect();
    json!({"now": now, "since": since, "notices": watch.untold(), "texts": texts, "followed": followed})
}
