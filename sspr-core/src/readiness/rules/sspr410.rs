//! Domain controllers below Windows Server 2016.

use super::prelude::*;
use crate::evidence::Provenance;
use crate::readiness::predicates::directory::{
    controller_name, controller_names, listed, nobody_synced, roll_call,
};
use crate::snapshot::facts::ControllerFacts;

pub(super) const RULE: Rule = Rule {
    code: "SSPR410",
    title: "Version of the domain controllers",
    phase: Phase::DomainPolicy,
    severity: Severity::Warning,
    gate: false,
    predicts: true,
    needs: &[
        "domain.controllers",
        "controller.os",
        "controller.osVersion",
    ],
    rationale: "Microsoft's pages disagree: the tutorial accepts any supported version of Windows \
        Server, the troubleshooting page ties the control by which a reset is held against the \
        domain's policy to Windows Server 2016 or later. An older controller that has the control \
        (SSPR413) works.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

/// The build of Windows Server 2016.
const BUILD_2016: u32 = 14_393;

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    roll_call(cx, is_recent).verdict(
        "Every writable domain controller runs Windows Server 2016 or later.",
        |old| {
            let described: Vec<_> = old.iter().map(|controller| described(controller)).collect();
            Outcome::fail(format!(
                "Domain controllers below Windows Server 2016: {}. Microsoft's pages disagree on \
                 whether that matters to writeback.",
                listed(described.iter().map(String::as_str))
            ))
            .about(Subjects::names(controller_names(old)))
        },
    )
}

fn described(controller: &ControllerFacts) -> String {
    let name = controller_name(controller);
    let os = controller.os.value().or(controller.os_version.value());
    os.map_or_else(|| name.to_owned(), |os| format!("{name} ({os})"))
}

/// Whether a controller runs Windows Server 2016 or later: by its build, or else by the year in
/// its name.
fn is_recent(controller: &ControllerFacts) -> Result<(bool, Provenance), Unknown> {
    if let Ok(version) = controller.os_version.get()
        && let Some(recent) = by_version(&version.value)
    {
        return Ok((recent, version.from.clone()));
    }
    let os = controller.os.get()?;
    let year = os
        .value
        .split_whitespace()
        .find_map(|word| {
            word.parse::<u32>()
                .ok()
                .filter(|n| (2000..2100).contains(n))
        })
        .ok_or_else(|| controller.os_version.unknown())?;
    Ok((year >= 2016, os.from.clone()))
}

/// `10.0 (17763)` or `6.3 (9600)`.
fn by_version(version: &str) -> Option<bool> {
    let (version, build) = version.trim().split_once('(')?;
    let major: u32 = version.trim().split('.').next()?.parse().ok()?;
    let build: u32 = build.trim_end_matches(')').trim().parse().ok()?;
    Some(major >= 10 && build >= BUILD_2016)
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "A controller that lacks the control refuses what writeback asks for; an old one is also \
            out of support."
            .into(),
        steps: vec![
            "See whether the controller has the control: SSPR413.".into(),
            "Replace it by a newer one; until then let Entra Connect prefer a newer controller.".into(),
        ],
        command: Some(format!(
            "Get-ADDomainController -Filter * -Server {} | Sort-Object OperatingSystemVersion | \
             Format-Table HostName,OperatingSystem,OperatingSystemVersion,IsReadOnly",
            quoted(&names.domain)
        )),
        verify: "Run the same command again.".into(),
        undo: "Nothing is changed by looking.".into(),
    }
}
