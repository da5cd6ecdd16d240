//! Temporary passwords in the cloud need writeback to be of use.

use super::prelude::*;
use crate::readiness::predicates::integration::writeback_switch;
use crate::readiness::predicates::licences::without_synced_people;

pub(super) const RULE: Rule = Rule {
    code: "SSPR305",
    title: "Forced password change at next logon",
    phase: Phase::OnPremisesIntegration,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["tenant.forceChangeAtLogon", "integration.writeback"],
    rationale: "The feature sends people whose on-premises password must be changed to the cloud to change it. \
        There the change of a synchronised person's password takes writeback: without it they are stuck.",
    sources: &[
        "https://learn.microsoft.com/en-us/graph/api/resources/onpremisesdirectorysynchronizationfeature",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = without_synced_people(cx)? {
        return Ok(outcome);
    }
    let force = cx.facts.tenant.force_change_at_logon.get()?;
    if !force.value {
        return Ok(Outcome::pass(
            "Nobody is asked to change an on-premises password in the cloud.",
        )
        .because(force));
    }
    let switch = writeback_switch(cx)?;
    let outcome = if switch.on {
        Outcome::pass("People who must change their password can do so in the cloud.")
    } else {
        Outcome::fail(
            "People who must change their password at next logon are asked to do so in the cloud, \
             where writeback is off and the change is refused.",
        )
    };
    Ok(outcome.because(force).because_of(&switch.from))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Either end resolves it: writeback on, or no forced change in the cloud.".into(),
        steps: vec![
            "Switch password writeback on (SSPR301, SSPR201); or".into(),
            "switch the feature off.".into(),
        ],
        command: Some(
            "Update-MgDirectoryOnPremiseSynchronization -OnPremisesDirectorySynchronizationId \
             (Get-MgOrganization).Id -Features @{ UserForcePasswordChangeOnLogonEnabled = $false }"
                .into(),
        ),
        verify: "(Get-MgDirectoryOnPremiseSynchronization).Features.UserForcePasswordChangeOnLogonEnabled".into(),
        undo: "Run the same command with $true.".into(),
    }
}
