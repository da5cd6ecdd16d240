//! What Rust makes of logs, written down for the suites of the other languages.
#![expect(clippy::expect_used, reason = "test support")]

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use serde_json::json;
use sspr::events::Filter;
use sspr::evidence::Progress;
use sspr::render;
use sspr::roundtrip::{Choice, Outcome};
use sspr::snapshot::{Input, ReadOptions, read_operations, read_support};

use crate::history::files::{Form, write as write_logs};
use crate::history::{History, Options};

/// Writes `history/`, the logs of a small generated history, and for it and for the invented tenant
/// `roundtrip-contoso.json` and `roundtrip-history.json`: the paths that were read, the operations,
/// summary, statistics and logs as JSON and as texts, the stories of a person, of nobody and of all, and of the
/// latest operation that was not written its place and what support asks for.
///
/// # Panics
///
/// When files cannot be read or written.
pub fn write(folder: &Path) {
    let history = folder.join("history");
    write_logs(
        &History::draw(Options::new(7, 300)),
        &history,
        Form::Evtx,
        1,
    )
    .expect("logs can be written");
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let repository = tests.parent().expect("it is a folder of the repository");
    let contoso = repository.join("examples").join("contoso");
    for (name, path) in [("contoso", contoso), ("history", history)] {
        let text = of_logs(&path);
        fs::write(folder.join(format!("roundtrip-{name}.json")), text)
            .expect("a file can be written");
    }
}

fn of_logs(path: &Path) -> String {
    let mut go_on = |_: Progress<'_>| ControlFlow::Continue(());
    let options = ReadOptions::default();
    let read = || vec![Input::path(path)];
    let found = read_operations(read(), &options, &Filter::operations(), &mut go_on)
        .expect("nobody stops the work");
    let place = found
        .operations
        .iter()
        .rposition(|operation| operation.outcome != Outcome::Written)
        .expect("not all went well");
    let bundle = found.operations.get(place).cloned().map(|operation| {
        read_support(read(), &options, operation, &mut go_on).expect("nobody stops the work")
    });
    let person = found.operations.get(place);
    let person = person.and_then(|operation| operation.person.user.clone());
    let stories = [person.as_deref(), Some("nobody@contoso.com"), None].map(|user| {
        let choice = Choice {
            user: user.map(str::to_owned),
            ..Choice::default()
        };
        let reach = found.logs.reach();
        json!({"user": user, "text": render::story(&found.operations, reach, &choice, 80, false)})
    });
    json!({
        "path": path,
        "operations": found.operations,
        "summary": found.summary,
        "statistics": found.statistics(),
        "logs": found.logs,
        "texts": {
            "statistics": render::statistics_text(&found.statistics(), 80, false),
            "summary": render::summary_text(&found.summary, 80, false),
            "stories": stories,
        },
        "support": {
            "place": place,
            "text": bundle.as_ref().map(render::support_text),
            "events": bundle.map(|bundle| bundle.events),
        },
    })
    .to_string()
}
