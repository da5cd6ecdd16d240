//! The certificate is rotated in time.

use super::prelude::*;
use crate::readiness::predicates::writeback::{day, each_certificate, name};
use crate::writeback::{CertificateState, certificate_state};

pub(super) const RULE: Rule = Rule {
    code: "SSPR221",
    title: "Rotation of the application certificate",
    phase: Phase::WritebackServer,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["server.identity", "server.schedulerSuspended"],
    rationale: "From 150 days before its end the server asks for the rotation of its certificate \
        (event 1011). It rotates the one it manages by itself, and a suspended scheduler \
        stops that.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/authenticate-application-id",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_certificate(cx, |server, identity, expires| {
        let name = name(server);
        match certificate_state(expires, cx.as_of) {
            CertificateState::Expired => {
                return Ok(
                    Outcome::not_applicable("It has ended, which SSPR220 judges.")
                        .because(identity),
                );
            }
            CertificateState::Due => {
                return Ok(Outcome::fail(format!(
                    "The certificate of {name} ends on {} and is due for rotation.",
                    day(expires)
                ))
                .with("expires", expires)
                .because(identity));
            }
            CertificateState::Valid => {}
        }
        let good = Outcome::pass(format!(
            "The certificate of {name} is good until {}.",
            day(expires)
        ))
        .with("expires", expires)
        .because(identity);
        if identity.value.managed == Some(false) {
            return Ok(good);
        }
        let suspended = server.scheduler_suspended.get()?;
        Ok(if suspended.value {
            Outcome::fail(format!(
                "The scheduler of {name} is suspended, so its certificate is not rotated."
            ))
            .with("expires", expires)
            .because(suspended)
            .because(identity)
        } else {
            good.because(suspended)
        })
    })
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "A rotation in time is silent; one that is missed stops synchronisation.".into(),
        steps: vec![
            "Close an open Entra Connect wizard and see that the scheduler is not suspended."
                .into(),
            "Else rotate by hand in the wizard (Rotate application certificate).".into(),
        ],
        command: Some("Set-ADSyncScheduler -SchedulerSuspended $false".into()),
        verify: "Get-ADSyncEntraConnectorCredential".into(),
        undo: "There is nothing to take back.".into(),
    }
}
