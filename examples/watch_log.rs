//! Watches a log for failures: `cargo run -p sspr-examples --bin watch_log -- LOG [ROUNDS]`.
//!
//! The log is read anew each time it has grown, and what was seen is not said again.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, thread};

use sspr::events::catalogue::{EventStage, Lookup, look_up};
use sspr::events::{Filter, LogReader, Message, causes};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let log = PathBuf::from(args.next().ok_or("say which log")?);
    let rounds = args
        .next()
        .map(|rounds| rounds.parse::<u64>())
        .transpose()?;
    let (mut size, mut last) = (None, 0);
    for round in 0..rounds.unwrap_or(u64::MAX) {
        if round > 0 {
            thread::sleep(Duration::from_secs(5));
        }
        let now = fs::metadata(&log)?.len();
        if size.replace(now) != Some(now) {
            last = failures(&log, last)?;
        }
    }
    Ok(())
}

/// Says the failures after a record number, and gives the last record number.
fn failures(log: &Path, mut after: u64) -> Result<u64, sspr::Error> {
    for event in LogReader::open(log, Filter::writeback())?.into_events() {
        let event = event?.value;
        let record = event.record.unwrap_or_default();
        if record <= after {
            continue;
        }
        after = record;
        let Lookup::Known(known) = look_up(&event.provider, event.id) else {
            continue;
        };
        if known.stage != EventStage::Failure {
            continue;
        }
        let text = event.text();
        let message = Message::parse(&text);
        let cause = causes::of_event(&event, &message);
        let time = event.time.map(|time| time.to_string()).unwrap_or_default();
        let person = message.person().unwrap_or("nobody named");
        let what = cause.map_or(known.meaning, |cause| cause.title);
        println!("{time} {} {person}: {what}", event.id);
    }
    Ok(after)
}
