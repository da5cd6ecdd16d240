//! A Windows log, read alone, its operations followed from start to end:
//! `cargo run -p sspr-examples --bin events [FILE.evtx]`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;

use sspr::events::{LogItem, read_evtx};
use sspr::evidence::{Provenance, SourceId, Strength};
use sspr::roundtrip::{Correlator, Operation, Outcome};

const LOG: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/contoso/aadc01/log/application.evtx"
);

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| LOG.to_owned());
    let mut operations: Vec<Operation> = Vec::new();
    let mut correlator = Correlator::default();

    read_evtx(BufReader::new(File::open(path)?), &[], &mut |item| {
        match item {
            LogItem::Event(event) => {
                let from = Provenance {
                    source: SourceId(0),
                    locator: event.place.clone(),
                    observed_at: None,
                    strength: Strength::Observed,
                };
                correlator.push(&event.value, &from, &mut |done| operations.push(done));
            }
            LogItem::Fault { error, .. } => println!("could not be read: {error}"),
            LogItem::Span(_) | LogItem::Audit(_) => {}
        }
        ControlFlow::Continue(())
    })?;
    correlator.finish(&mut |done| operations.push(done));

    for operation in operations.iter().filter(|o| o.outcome != Outcome::Written) {
        let user = operation.person.user.as_deref().unwrap_or("nobody");
        let cause = operation.cause.map_or("unknown", |cause| cause.title);
        println!(
            "{:?} of {user}: {:?}, {cause}",
            operation.kind, operation.outcome
        );
    }
    println!("{} operations", operations.len());
    Ok(())
}
