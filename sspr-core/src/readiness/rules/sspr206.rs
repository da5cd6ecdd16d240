//! The server is one that Entra Connect runs on.

use super::prelude::*;
use crate::readiness::predicates::writeback::{each_active, name, unreadable};
use crate::writeback::{Fit, Windows, dotnet_fit, is_server_core};

pub(super) const RULE: Rule = Rule {
    code: "SSPR206",
    title: "Operating system and .NET of the server",
    phase: Phase::WritebackServer,
    severity: Severity::Error,
    gate: false,
    predicts: true,
    needs: &[
        "server.os",
        "server.installationType",
        "server.dotnetRelease",
        "server.version",
    ],
    rationale: "Entra Connect is supported on Windows Server 2016, 2019 and 2022 with the full \
        desktop and at least the Standard edition; Server Core is not. It needs .NET \
        Framework 4.7.2 or later.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/how-to-connect-install-prerequisites",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_active(cx, |server| {
        let name = name(server);
        let mut outcome = Outcome::pass("");
        let mut faults = Vec::new();
        let mut unknown: Option<Unknown> = None;
        let mut note = |missing: Unknown| {
            unknown = Some(match unknown.take() {
                Some(known) => known.and(missing),
                None => missing,
            });
        };
        match server.os.get() {
            Ok(os) => match Windows::of_caption(&os.value) {
                None => note(unreadable(
                    &server.os,
                    "no release that is known here".into(),
                )),
                Some(windows) => match windows.fit(server.version.value().copied()) {
                    None => note(server.version.unknown()),
                    Some(fit) => {
                        outcome = outcome.with("os", &os.value).because(os);
                        if fit == Fit::Unsupported {
                            faults.push(format!("{} does not carry Entra Connect", os.value));
                        }
                    }
                },
            },
            Err(missing) => note(missing),
        }
        match server.installation_type.get() {
            Ok(kind) => {
                outcome = outcome.because(kind);
                if is_server_core(&kind.value) {
                    faults.push("Server Core is not supported".into());
                }
            }
            Err(missing) => note(missing),
        }
        match server.dotnet_release.get() {
            Ok(release) => {
                outcome = outcome
                    .with("dotnetRelease", release.value)
                    .because(release);
                if dotnet_fit(release.value) == Fit::Unsupported {
                    faults.push(".NET Framework is older than 4.7.2".into());
                }
            }
            Err(missing) => note(missing),
        }
        if !faults.is_empty() {
            return Ok(outcome.failed(format!("On {name}: {}.", faults.join("; "))));
        }
        match unknown {
            Some(unknown) => Err(unknown),
            None => Ok(outcome.worded(format!("{name} is a machine that carries Entra Connect."))),
        }
    })
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "On an unsupported machine Microsoft helps with nothing, and the next upgrade may \
            refuse."
            .into(),
        steps: vec![
            "Set up a second server on Windows Server 2022 with the desktop, install Entra \
            Connect in staging mode with the exported settings, then swing over."
                .into(),
            ".NET Framework 4.8 installs in place and takes a restart.".into(),
        ],
        command: None,
        verify: "(Get-CimInstance Win32_OperatingSystem).Caption; (Get-ItemProperty \
            'HKLM:\\SOFTWARE\\Microsoft\\NET Framework Setup\\NDP\\v4\\Full').Release"
            .into(),
        undo: "Swing back to the old server, which stays in staging mode until then.".into(),
    }
}
