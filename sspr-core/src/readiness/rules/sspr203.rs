//! The version of Entra Connect still synchronises.

use super::prelude::*;
use crate::readiness::predicates::writeback::{
    day, each_active, midnight, name, standing, version,
};

pub(super) const RULE: Rule = Rule {
    code: "SSPR203",
    title: "Entra Connect version that still synchronises",
    phase: Phase::WritebackServer,
    severity: Severity::Error,
    gate: false,
    predicts: true,
    needs: &[
        "server.version",
        "tenant.syncClientVersion",
        "server.identity",
    ],
    rationale: "Microsoft hardens the service behind Entra Connect and switches older versions off \
        on a fixed day: version 1 on 2023-10-01, everything below 2.5.79.0 on 2026-09-30, \
        and on 2027-04-07 everything below 2.6.84.0 or without an application's sign-in. \
        From then on every synchronisation service fails until the server is upgraded.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/harden-update-ad-fs-pingfederate",
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/how-to-connect-install-prerequisites",
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/reference-connect-version-history",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_active(cx, |server| {
        let version = version(cx, server)?;
        let standing = standing(cx, version.value);
        let what = format!("Entra Connect {} on {}", version.value, name(server));
        if let Some(floor) = standing.stopped_by {
            return Ok(Outcome::fail(format!(
                "{what} no longer synchronises: since {} everything below {} is switched off.",
                floor.from, floor.version
            ))
            .with("version", version.value)
            .with("floor", floor.version)
            .with("since", floor.from)
            .disproved_after(midnight(floor.from))
            .because(version));
        }
        if standing.recalled {
            return Ok(
                Outcome::fail(format!("{what} was taken back by Microsoft."))
                    .with("version", version.value)
                    .because(version),
            );
        }
        let today = day(cx.as_of);
        let mut outcome = Outcome::pass(format!("{what} still synchronises."))
            .with("version", version.value)
            .because(version);
        for floor in standing.application_floors {
            if floor.from > today {
                continue;
            }
            let identity = server.identity.get()?;
            if !identity.value.application {
                return Ok(Outcome::fail(format!(
                    "{what} no longer synchronises: since {} only servers that sign in as an \
                     application do.",
                    floor.from
                ))
                .with("version", version.value)
                .with("since", floor.from)
                .disproved_after(midnight(floor.from))
                .because(version)
                .because(identity));
            }
            outcome = outcome.because(identity);
        }
        Ok(outcome)
    })
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Only an upgrade brings synchronisation back. In place, it keeps the \
            configuration."
            .into(),
        steps: vec![
            "Download the current release of Microsoft Entra Connect Sync from the Microsoft \
            Entra admin center (Identity > Hybrid management > Microsoft Entra Connect > Get \
            started)."
                .into(),
            "Run it on the server and upgrade in place; afterwards choose application-based \
            authentication in the wizard."
                .into(),
            "A recalled version is uninstalled first.".into(),
        ],
        command: None,
        verify: "(Get-Item 'C:\\Program Files\\Microsoft Azure AD \
            Sync\\Bin\\miiserver.exe').VersionInfo.FileVersion"
            .into(),
        undo: "There is no way back to a version that is switched off; keep a staging server to \
            swing to."
            .into(),
    }
}
