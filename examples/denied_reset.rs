//! Explains a reset that was denied, from a log:
//! `cargo run -p sspr-examples --bin denied_reset -- LOG UPN`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::path::Path;

use sspr::events::{Filter, LogReader};
use sspr::explain::explain;
use sspr::roundtrip::{Outcome, operations};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (log, upn) = args
        .next()
        .zip(args.next())
        .ok_or("say which log, and whose reset")?;
    let reader = LogReader::open(Path::new(&log), Filter::default())?;
    for operation in operations(reader.into_events()) {
        let operation = operation?;
        let user = operation.person.user.as_deref().unwrap_or_default();
        if !user.eq_ignore_ascii_case(&upn)
            || !matches!(operation.outcome, Outcome::Failed | Outcome::Refused)
        {
            continue;
        }
        let time = operation.time().map(|time| time.to_string());
        let (kind, outcome) = (operation.kind.name(), operation.outcome.name());
        println!("{}: {kind} {outcome}", time.unwrap_or_default());
        if let Some(cause) = operation.cause {
            println!("  {}\n  {}", cause.cause, cause.remedy);
        }
        if let Some(event) = operation.decisive().and_then(|link| link.event) {
            let answer = explain(&event.to_string());
            let rules = answer.topics.first().map(|topic| topic.rules.join(", "));
            println!("  rules: {}", rules.unwrap_or_default());
        }
    }
    Ok(())
}
