//! Logs of several sources, set apart by a byte, joined to operations and told in every form. The order of the logs
//! changes no operation.
#![no_main]

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use sspr::events::Filter;
use sspr::render;
use sspr::roundtrip::{Choice, Operation};
use sspr::snapshot::{Input, OperationsRead, ReadOptions, read_operations, read_support};

/// Stands between two logs.
const APART: u8 = 0x1e;

fn inputs(bytes: &[u8], backwards: bool) -> Vec<Input> {
    let logs = bytes.split(|byte| *byte == APART).take(6).enumerate();
    logs.map(|(number, log)| {
        let place = if backwards { 9 - number } else { number };
        Input::bytes(format!("log{place}"), log)
    })
    .collect()
}

fn read(bytes: &[u8], backwards: bool) -> OperationsRead {
    read_operations(
        inputs(bytes, backwards),
        &ReadOptions::default(),
        &Filter::operations(),
        &mut |_| ControlFlow::Continue(()),
    )
    .expect("nobody stopped it")
}

/// What of an operation has nothing to do with the order of the logs.
fn told(operation: &Operation) -> String {
    let chain = operation.chain.iter();
    let chain: BTreeSet<_> = chain
        .map(|link| format!("{:?} {:?} {:?}", link.event, link.activity, link.time))
        .collect();
    format!("{:?} {:?} {chain:?}", operation.kind, operation.outcome)
}

fuzz_target!(|bytes: &[u8]| {
    let found = read(bytes, false);
    let all = |of: &OperationsRead| {
        let mut all: Vec<_> = of.operations.iter().map(told).collect();
        all.sort();
        all
    };
    assert_eq!(all(&found), all(&read(bytes, true)));
    let statistics = found.statistics();
    let _ = (
        render::statistics_text(&statistics, 80, true),
        render::statistics_json(&statistics),
        render::summary_text(&found.summary, 80, false),
        render::story(
            &found.operations,
            found.logs.reach(),
            &Choice::default(),
            80,
            false,
        ),
    );
    for operation in found.operations {
        let _ = (
            render::operation_row(&operation, 80, false),
            render::operation_story(&operation, 80, false),
            render::operation_csv(&operation),
            render::operation_json(&operation),
        );
        let inputs = inputs(bytes, false);
        let options = ReadOptions::default();
        let bundle = read_support(inputs, &options, operation, &mut |_| {
            ControlFlow::Continue(())
        });
        let _ = render::support_text(&bundle.expect("nobody stopped it"));
    }
});
