//! Lists who lacks a licence for a reset that is written back:
//! `cargo run -p sspr-examples --bin unlicensed_people -- EVIDENCE`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::ops::ControlFlow;

use sspr::licensing::{Licensed, Operation};
use sspr::snapshot::{Input, ReadOptions, Snapshot};

fn main() -> Result<(), Box<dyn Error>> {
    let evidence = std::env::args().nth(1).ok_or("say where the evidence is")?;
    let snapshot = Snapshot::read(
        vec![Input::path(evidence)],
        &ReadOptions::default(),
        &mut |_| ControlFlow::Continue(()),
    )?;
    for person in snapshot.facts.people.people.iter() {
        let flags = person.flags();
        if flags.enabled() != Some(true) || flags.synced() != Some(true) {
            continue;
        }
        let licences = &snapshot.facts.licences;
        if let Some(answer) = licences.entitlement(&person, Operation::Reset)
            && answer.licensed == Some(Licensed::No)
        {
            println!("{}: {}", person.upn(), answer.cause);
        }
    }
    Ok(())
}
