//! Connectors sign and encrypt LDAP traffic.

use super::prelude::*;
use crate::readiness::predicates::writeback::{each_active, name, unreadable};

pub(super) const RULE: Rule = Rule {
    code: "SSPR214",
    title: "Signed and encrypted LDAP traffic",
    phase: Phase::WritebackServer,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &["server.connectors"],
    rationale: "A password is set over LDAP only on a connection that is signed and encrypted. Where \
        a connector has that switched off, every reset fails with 0x8023062c.",
    sources: &[
        "https://learn.microsoft.com/en-us/troubleshoot/entra/entra-id/user-prov-sync/password-writeback-error-code-8023062c",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_active(cx, |server| {
        let connectors = server.connectors.get()?;
        let mut open = Vec::new();
        let mut silent = None;
        for connector in &connectors.value {
            // Over TLS nothing is readable either way.
            if connector.ssl == Some(true) {
                continue;
            }
            match connector.sign_and_seal {
                Some(false) => open.push(connector.name.clone()),
                None => silent = Some(&connector.name),
                Some(true) => {}
            }
            let partitions = connector.partitions.iter();
            open.extend(
                partitions
                    .filter(|p| p.selected != Some(false) && p.sign_and_seal == Some(false))
                    .map(|partition| format!("{} ({})", connector.name, partition.dn)),
            );
        }
        if !open.is_empty() {
            return Ok(Outcome::fail(format!(
                "LDAP traffic is not signed and encrypted on {}: {}.",
                name(server),
                open.join(", ")
            ))
            .about(Subjects::names(open))
            .because(connectors));
        }
        if let Some(silent) = silent {
            let why = format!("the connector {silent} does not say");
            return Err(unreadable(&server.connectors, why));
        }
        Ok(Outcome::pass(format!(
            "Every connector of {} signs and encrypts LDAP traffic.",
            name(server)
        ))
        .because(connectors))
    })
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Nothing speaks against it on a domain controller of today.".into(),
        steps: vec![
            "Open the Synchronization Service Manager, the properties of the connector to the \
            forest."
                .into(),
            "Tick Sign and Encrypt LDAP Traffic in Connect to Active Directory Forest, and in \
            Configure Directory Partitions for each partition, also beside alternate \
            credentials."
                .into(),
            "Restart ADSync.".into(),
        ],
        command: Some("Restart-Service ADSync".into()),
        verify: "Get-ADSyncServerConfiguration -Path C:\\Temp\\connect, and look for \
            sign-and-seal in the connector files"
            .into(),
        undo: "Clear the boxes again.".into(),
    }
}
