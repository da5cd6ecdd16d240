//! The version is in support and meets the next minimum version.

use super::prelude::*;
use crate::readiness::predicates::writeback::{day, each_active, name, standing, version};
use crate::writeback::Support;

pub(super) const RULE: Rule = Rule {
    code: "SSPR204",
    title: "Support of the Entra Connect version",
    phase: Phase::WritebackServer,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "server.version",
        "tenant.syncClientVersion",
        "server.identity",
    ],
    rationale: "Each version of Entra Connect leaves support twelve months after its successor's \
        release, and a retired version may stop unexpectedly. Besides, from 2027-04-07 only \
        2.6.84.0 or later with an application's sign-in goes on; servers are not converted \
        silently, an administrator must choose it. Public notes that quote Microsoft's \
        version history give that second floor.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/reference-connect-version-history",
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/harden-update-ad-fs-pingfederate",
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/authenticate-application-id",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_active(cx, |server| {
        let version = version(cx, server)?;
        let standing = standing(cx, version.value);
        let what = format!("Entra Connect {} on {}", version.value, name(server));
        let mut reasons = Vec::new();
        let mut outcome = Outcome::pass("")
            .with("version", version.value)
            .because(version);
        if let Support::Ended(end) = standing.support {
            let latest = if standing.listed {
                ""
            } else {
                " at the latest"
            };
            reasons.push(format!("is out of support since {end}{latest}"));
            outcome = outcome.with("supportEnded", end);
        }
        if let Some(floor) = standing.will_be_stopped_by {
            reasons.push(format!(
                "will stop on {}, when everything below {} is switched off",
                floor.from, floor.version
            ));
            outcome = outcome.with("stopsOn", floor.from);
        }
        let today = day(cx.as_of);
        let mut unknown = None;
        for floor in standing
            .application_floors
            .iter()
            .filter(|floor| floor.from > today)
        {
            match server.identity.get() {
                Ok(identity) if identity.value.application => outcome = outcome.because(identity),
                Ok(identity) => {
                    reasons.push(format!(
                        "will stop on {} unless it signs in to Entra ID as an application",
                        floor.from
                    ));
                    outcome = outcome.with("stopsOn", floor.from).because(identity);
                }
                Err(missing) => unknown = Some(missing),
            }
        }
        if !reasons.is_empty() {
            return Ok(outcome.failed(format!("{what} {}.", reasons.join(", and "))));
        }
        if let Some(unknown) = unknown {
            return Err(unknown);
        }
        let end = match standing.support {
            Support::Until(end) => format!("is supported until {end}"),
            _ if standing.newer_than_table => {
                "is newer than the versions that are known here".to_owned()
            }
            _ => "is supported; no end is known".to_owned(),
        };
        Ok(outcome.worded(format!("{what} {end}.")))
    })
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Upgrade while there is time: afterwards every synchronisation service stops.".into(),
        steps: vec![
            "Upgrade in place to the current release.".into(),
            "In the wizard choose Configure application-based authentication to Microsoft \
            Entra ID."
                .into(),
        ],
        command: None,
        verify: "Get-ADSyncEntraConnectorCredential".into(),
        undo: "To go back to the account: Add-ADSyncAADServiceAccount; it stops working on \
            2027-04-07."
            .into(),
    }
}
