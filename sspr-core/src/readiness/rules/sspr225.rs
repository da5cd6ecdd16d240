//! The server's clock is right.

use super::prelude::*;
use crate::readiness::predicates::writeback::{each_active, name};

pub(super) const RULE: Rule = Rule {
    code: "SSPR225",
    title: "Clock of the server",
    phase: Phase::WritebackServer,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["server.clockOffset"],
    rationale: "Tokens carry times. Where the clock is off by minutes, the wizard fails with a \
        message about licences, and the log shows 6306, 6800, 32001 or 31044.",
    sources: &[
        "https://learn.microsoft.com/en-us/troubleshoot/entra/entra-id/user-prov-sync/unable-configure-pwd-writeback-error",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_active(cx, |server| {
        let offset = server.clock_offset_ms.get()?;
        let limit = i64::from(cx.config.thresholds.clock_offset_minutes) * 60_000;
        let name = name(server);
        let seconds = offset.value / 1000;
        Ok(if offset.value.abs() > limit {
            Outcome::fail(format!(
                "The clock of {name} is off by {} seconds.",
                seconds.abs()
            ))
        } else {
            Outcome::pass(format!("The clock of {name} is right."))
        }
        .with("offsetMilliseconds", offset.value)
        .because(offset))
    })
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Correct the source of time rather than the clock.".into(),
        steps: vec![
            "Let the server take its time from the domain, and look at the source of the PDC \
            emulator if the whole domain is off."
                .into(),
        ],
        command: Some(
            "w32tm /config /syncfromflags:domhier /update; Restart-Service w32time; w32tm \
            /resync"
                .into(),
        ),
        verify: "w32tm /query /status /verbose".into(),
        undo: "There is nothing to take back.".into(),
    }
}
