//! What Rust makes of logs, written down for the suites of the other languages.
#![expect(clippy::expect_used, reason = "test support")]

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;
use sspr::events::Filter;
use sspr::evidence::Progress;
use sspr::render;
use sspr::roundtrip::Outcome;
use sspr::snapshot::{
    Input, LogRecord, OperationsRead, ReadOptions, read_logs, read_operations, read_support,
};
use sspr::watch::{Watch, WatchOptions, WatchState};

use crate::history::files::{self, Form};
use crate::history::{History, Options};

/// The time of the look of the watch, and the time from which on it tells.
pub const LOOK: [&str; 2] = ["2026-11-20T12:00:00Z", "2026-09-01T00:00:00Z"];

fn go_on(_: Progress<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Writes a history of eight days into the folder `history`: logs of two servers, of domain
/// controllers, of a collector and of the tenant. Beside it `operations-history.json` and
/// `operations-contoso.json`, what is made of its logs and of those of an invented tenant; `support.json`, with the place
/// of an operation of the history, what support asks for about it, and the same as text;
/// `audit.json`, the records of the tenant; and `notices.json`, what a watch tells of the history.
///
/// # Panics
///
/// When files cannot be read or written.
pub fn write(folder: &Path) {
    let history = folder.join("history");
    // Logs of an earlier run would be read too.
    if history.exists() {
        fs::remove_dir_all(&history).expect("a folder can be removed");
    }
    let drawn = History::draw(Options::new(5, 80));
    files::write(&drawn, &history, Form::Evtx, 3).expect("a folder can be written");
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let repository = tests.parent().expect("it is a folder of the repository");
    // The suites give the same paths, which names of logs repeat.
    let contoso = repository.join("examples/contoso");
    save(folder, "operations-contoso", &whole(&operations(contoso)));
    let read = operations(history.clone());
    save(folder, "operations-history", &whole(&read));
    save(folder, "support", &support(&read, &history));
    save(folder, "audit", &records(&history.join("audit.json")));
    save(folder, "notices", &notices(history));
}

fn save(folder: &Path, name: &str, value: &impl Serialize) {
    let mut text = serde_json::to_string_pretty(value).expect("it can be written as JSON");
    text.push('\n');
    fs::write(folder.join(format!("{name}.json")), text).expect("a file can be written");
}

fn operations(path: PathBuf) -> OperationsRead {
    let inputs = vec![Input::path(path)];
    let filter = Filter::operations();
    let read = read_operations(inputs, &ReadOptions::default(), &filter, &mut go_on);
    read.expect("nobody stops the work")
}

fn whole(read: &OperationsRead) -> serde_json::Value {
    let statistics = read.statistics();
    let OperationsRead {
        operations,
        summary,
        logs,
    } = read;
    json!({"operations": operations, "statistics": statistics, "summary": summary, "logs": logs})
}

fn support(read: &OperationsRead, history: &Path) -> serde_json::Value {
    let mut operations = read.operations.iter();
    let failed = operations.position(|one| one.outcome == Outcome::Failed);
    let place = failed.expect("a history has failures");
    let operation = read.operations.get(place).expect("it was found").clone();
    let inputs = vec![Input::path(history)];
    let bundle = read_support(inputs, &ReadOptions::default(), operation, &mut go_on);
    let bundle = bundle.expect("nobody stops the work");
    json!({"place": place, "bundle": bundle, "text": render::support_text(&bundle)})
}

fn records(path: &Path) -> Vec<serde_json::Value> {
    let mut records = Vec::new();
    let inputs = vec![Input::path(path)];
    let filter = Filter::operations();
    let sink = &mut |_: &str, record: LogRecord| {
        if let LogRecord::Audit(record) = record {
            records.push(json!(record));
        }
        ControlFlow::Continue(())
    };
    let read = read_logs(inputs, &ReadOptions::default(), &filter, sink, &mut go_on);
    read.expect("nobody stops the work");
    records
}

fn notices(history: PathBuf) -> serde_json::Value {
    let [now, since] = LOOK.map(|time| time.parse().expect("this is a time"));
    let state = WatchState::new(since);
    let mut options = WatchOptions::default();
    options.refusals = true;
    let mut watch = Watch::new(vec![history], options, state);
    let followed = watch.look(now, &mut go_on).expect("nobody stops the work");
    json!({"now": now, "since": since, "notices": watch.untold(), "followed": followed})
}
