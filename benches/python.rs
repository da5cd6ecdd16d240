//! The Python package beside Rust, in one run: import, `assess`, threads, the access check, events as
//! objects and as a table.
//!
//! `cargo bench -p sspr-benches --bench python` prints the figures; the table needs pyarrow. Under
//! `cargo test` a small part runs.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a program that prints rounded numbers"
)]

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use sspr::events::{Filter, LogItem, LogReader};
use sspr::readiness::{Options, assess};
use sspr::snapshot::{Input, ReadOptions, Snapshot};
use sspr_tests::python::Package;

fn main() {
    let benchmark = std::env::args().any(|arg| arg == "--bench");
    // Five events a reset.
    let (resets, rounds) = if benchmark { (200_000, 15) } else { (200, 1) };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let log = folder.join("python.xml");
    sspr_benches::xml_log(&log, resets).unwrap();
    let contoso = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/contoso");

    let package = Package::build();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python.py");
    let python = |rust_assess: f64, rust_events: f64| {
        let status = Command::new("python3")
            .arg("-B")
            .arg(&script)
            .args([log.as_path(), contoso.as_path()])
            .args([
                rounds.to_string(),
                rust_assess.to_string(),
                rust_events.to_string(),
            ])
            .env("PYTHONPATH", package.path())
            .status();
        assert!(status.unwrap().success());
    };

    let mut times: Vec<f64> = (0..rounds.max(3))
        .map(|_| {
            let started = Instant::now();
            let inputs = vec![Input::path(&contoso)];
            let mut go_on = |_: sspr::evidence::Progress<'_>| ControlFlow::Continue(());
            let snapshot = Snapshot::read(inputs, &ReadOptions::default(), &mut go_on).unwrap();
            let as_of = "2026-11-20T12:00:00Z".parse().unwrap();
            black_box(assess(&snapshot, &Options::at(as_of)));
            started.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let rust_assess = times[times.len() / 2];

    let started = Instant::now();
    let mut events = 0_u64;
    for item in LogReader::open(&log, Filter::writeback()).unwrap() {
        if let LogItem::Event(event) = item.unwrap() {
            events += u64::from(black_box(event).value.id > 0);
        }
    }
    let rust_events = started.elapsed().as_secs_f64();
    println!(
        "Rust: assess {:.1} ms; {events} events in {rust_events:.2} s, {:.2} us each",
        rust_assess * 1e3,
        rust_events / events as f64 * 1e6
    );
    python(rust_assess, rust_events);
}
