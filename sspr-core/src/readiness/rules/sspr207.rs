//! The server is supported, with a caveat.

use super::prelude::*;
use crate::readiness::predicates::writeback::{each_active, name, unreadable};
use crate::writeback::{Fit, Windows, dotnet_fit, dotnet_name};

pub(super) const RULE: Rule = Rule {
    code: "SSPR207",
    title: "Caveats of operating system and .NET",
    phase: Phase::WritebackServer,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["server.os", "server.dotnetRelease", "server.version"],
    rationale: "Entra Connect runs with .NET Framework 4.7.2, and Microsoft's writeback \
        troubleshooting asks for 4.8. Windows Server 2025 is not in Microsoft's list; \
        secondary notes allow it from version 2.6 on, so it is a matter to watch.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/how-to-connect-install-prerequisites",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_active(cx, |server| {
        let name = name(server);
        let os = server.os.get();
        let release = server.dotnet_release.get();
        let mut outcome = Outcome::pass("");
        let mut caveats = Vec::new();
        let mut unknown = None;
        if let Ok(os) = &os {
            match Windows::of_caption(&os.value).map(|w| w.fit(server.version.value().copied())) {
                Some(Some(Fit::Caveat)) => caveats.push(format!(
                    "{} is not in Microsoft's list of supported systems yet",
                    os.value
                )),
                Some(Some(_)) => {}
                Some(None) => unknown = Some(server.version.unknown()),
                None => {
                    let why = "no release that is known here".to_owned();
                    unknown = Some(unreadable(&server.os, why));
                }
            }
            outcome = outcome.with("os", &os.value).because(os);
        }
        if let Ok(release) = &release {
            if dotnet_fit(release.value) == Fit::Caveat {
                caveats.push(format!(
                    ".NET Framework {} runs, and 4.8 is what writeback troubleshooting asks for",
                    dotnet_name(release.value)
                ));
            }
            outcome = outcome
                .with("dotnetRelease", release.value)
                .because(release);
        }
        if !caveats.is_empty() {
            return Ok(outcome.failed(format!("On {name}: {}.", caveats.join("; "))));
        }
        os?;
        release?;
        match unknown {
            Some(unknown) => Err(unknown),
            None => Ok(outcome.worded(format!("Nothing on {name} is supported with a caveat."))),
        }
    })
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "It works today; the caveat matters when something else fails.".into(),
        steps: vec![
            "Install .NET Framework 4.8 or later and restart.".into(),
            "On Windows Server 2025 keep to the newest release of Entra Connect, and install \
            KB5070773 (2025-10-20) or later."
                .into(),
        ],
        command: None,
        verify: "(Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\NET Framework \
            Setup\\NDP\\v4\\Full').Release"
            .into(),
        undo: "There is nothing to take back.".into(),
    }
}
