//! The certificate of Connect's application has not ended.

use super::prelude::*;
use crate::readiness::predicates::writeback::{day, each_certificate, name};
use crate::writeback::{CertificateState, certificate_state};

pub(super) const RULE: Rule = Rule {
    code: "SSPR220",
    title: "Certificate of the Entra Connect application",
    phase: Phase::WritebackServer,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &["server.identity"],
    rationale: "Entra Connect signs in to Entra ID as an application with a certificate. When that \
        has ended, synchronisation stops; how writeback behaves then is not documented. The \
        Application log says so too (1012), but no page names the source of that event, so that \
        the certificate itself is judged.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/authenticate-application-id",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_certificate(cx, |server, identity, expires| {
        let name = name(server);
        Ok(match certificate_state(expires, cx.as_of) {
            CertificateState::Expired => Outcome::fail(format!(
                "The certificate of {name} ended on {}.",
                day(expires)
            )),
            _ => Outcome::pass(format!(
                "The certificate of {name} is good until {}.",
                day(expires)
            )),
        }
        .with("expires", expires)
        .because(identity))
    })
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Entra Connect rotates the certificate that it manages itself, unless its \
            scheduler is suspended; your own is yours to rotate."
            .into(),
        steps: vec![
            "Open the Entra Connect wizard and choose Rotate application certificate.".into(),
            "For your own certificate register the new one with the application first, then run \
            the command on the server."
                .into(),
        ],
        command: Some(
            "Set-ADSyncScheduler -SyncCycleEnabled $false; \
            Invoke-ADSyncApplicationCredentialRotation -CertificateSHA256Hash '<hash of the new \
            one>'; Set-ADSyncScheduler -SyncCycleEnabled $true"
                .into(),
        ),
        verify: "Get-ADSyncEntraConnectorCredential".into(),
        undo: "The old certificate has ended: there is no way back.".into(),
    }
}
