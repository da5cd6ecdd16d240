//! Other tests of endpoints.

use super::prelude::*;
use crate::readiness::predicates::writeback::{cloud_of, latest, name, nobody_synced};
use crate::writeback::{EndpointPattern, EndpointTest, clouds_of_host, endpoints};

pub(super) const RULE: Rule = Rule {
    code: "SSPR218",
    title: "Endpoints from elsewhere or through a proxy",
    phase: Phase::WritebackServer,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["server.endpoints"],
    rationale: "A test from another machine, or one that a proxy stands in front of, says little \
        about the server: its rules may differ. When such a test fails, the same test on the \
        server settles it.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let facts = cx.facts;
    let elsewhere = facts.machines.values().map(|machine| (machine, false));
    let unnamed = (!facts.servers.is_empty()).then_some((&facts.unnamed_server, false));
    let servers = cx.servers().map(|server| (server, true));
    let mut failed = Vec::new();
    let mut outcome = Outcome::pass("");
    let mut seen = false;
    let mut others: Vec<EndpointTest> = Vec::new();
    for (machine, on_server) in servers.chain(elsewhere).chain(unnamed) {
        let Ok(known) = machine.endpoints.get() else {
            continue;
        };
        seen = true;
        let other = known.value.iter().filter(|test| {
            (!on_server || test.proxy == Some(true)) && clouds_of_host(&test.host).next().is_some()
        });
        let other: Vec<_> = other.collect();
        others.extend(other.iter().map(|test| (*test).clone()));
        let closed = latest(other.into_iter())
            .into_iter()
            .filter(|test| !test.reached);
        let before = failed.len();
        failed.extend(closed.map(|test| format!("{} from {}", test.host, name(machine))));
        if failed.len() > before {
            outcome = outcome.because(known);
        }
    }
    if !seen {
        return Err(Unknown::of("server.endpoints"));
    }
    if failed.is_empty() {
        let all = cloud_of(cx, &others).is_ok_and(|cloud| {
            let covered = |p: &EndpointPattern| others.iter().any(|test| p.covers(&test.host));
            endpoints(cloud).iter().all(covered)
        });
        return Ok(if all {
            Outcome::pass("The endpoints answer elsewhere, or through a proxy, as well.")
        } else {
            Outcome::not_applicable(
                "No test from another machine or through a proxy failed, and not all endpoints \
                 were tested there.",
            )
        });
    }
    failed.sort();
    Ok(outcome
        .failed(format!(
            "A test that says little about the server itself failed: {}.",
            failed.join(", ")
        ))
        .about(Subjects::names(failed)))
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Repeat it where it counts.".into(),
        steps: vec![
            "Run the test on the Entra Connect server itself; behind a proxy, ask the proxy \
            for the host."
                .into(),
        ],
        command: Some(format!(
            "Invoke-Command -ComputerName {} {{ Test-NetConnection passwordreset.microsoftonline.com -Port 443 }}",
            quoted(&names.server)
        )),
        verify: "TcpTestSucceeded is True.".into(),
        undo: "There is nothing to take back.".into(),
    }
}
