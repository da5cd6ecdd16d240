//! Known faults of the version.

use super::prelude::*;
use crate::readiness::predicates::writeback::{each_active, name, standing, version};

pub(super) const RULE: Rule = Rule {
    code: "SSPR205",
    title: "Known faults of the Entra Connect version",
    phase: Phase::WritebackServer,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &["server.version", "tenant.syncClientVersion"],
    rationale: "Some versions of Entra Connect have faults that Microsoft describes and that touch \
        writeback or the wizard that switches it. Whoever runs one of them should know which \
        errors are the version and not the set-up.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/reference-connect-version-history",
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/harden-update-ad-fs-pingfederate",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_active(cx, |server| {
        let version = version(cx, server)?;
        let standing = standing(cx, version.value);
        let what = format!("Entra Connect {} on {}", version.value, name(server));
        let outcome = if standing.faults.is_empty() {
            Outcome::pass(format!("{what} has no known fault that touches writeback."))
        } else {
            let faults: Vec<_> = standing.faults.iter().map(|fault| fault.what).collect();
            Outcome::fail(format!("{what} has known faults. {}", faults.join(" ")))
                .with("fixedIn", standing.faults.iter().map(|f| f.fixed_in).max())
        };
        Ok(outcome.with("version", version.value).because(version))
    })
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "The current release has none of these faults.".into(),
        steps: vec!["Upgrade Entra Connect in place to the current release.".into()],
        command: None,
        verify: "(Get-Item 'C:\\Program Files\\Microsoft Azure AD \
            Sync\\Bin\\miiserver.exe').VersionInfo.FileVersion"
            .into(),
        undo: "Swing to a staging server that still runs the older version.".into(),
    }
}
