//! The connector account is a plain user.

use super::prelude::*;
use crate::readiness::predicates::writeback::{each_active, unreadable};

pub(super) const RULE: Rule = Rule {
    code: "SSPR215",
    title: "Kind of the connector account",
    phase: Phase::WritebackServer,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &["server.connectors"],
    rationale: "Entra Connect reads and writes the directory with a plain user account. Managed \
        service accounts are not supported there; cloud sync alone uses one.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/reference-connect-accounts-permissions",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_active(cx, |server| {
        let connectors = server.connectors.get()?;
        let accounts = || connectors.value.iter().filter_map(|c| c.account.as_deref());
        let managed: Vec<_> = accounts().filter(|account| is_managed(account)).collect();
        if !managed.is_empty() {
            return Ok(Outcome::fail(format!(
                "A managed service account or a computer cannot be the connector account: {}.",
                managed.join(", ")
            ))
            .about(Subjects::names(managed))
            .because(connectors));
        }
        if connectors.value.is_empty() || connectors.value.iter().any(|c| c.account.is_none()) {
            let why = "a connector does not name its account".to_owned();
            return Err(unreadable(&server.connectors, why));
        }
        Ok(Outcome::pass(format!(
            "The connector account is a user account: {}.",
            accounts().collect::<Vec<_>>().join(", ")
        ))
        .because(connectors))
    })
}

/// Names of managed service accounts end in a dollar sign; virtual ones are no directory accounts.
fn is_managed(account: &str) -> bool {
    account.ends_with('$') || account.to_ascii_uppercase().starts_with("NT SERVICE\\")
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Give the connector a user account of its own, with the rights that it needs and \
            no more."
            .into(),
        steps: vec![
            "Create a user account and grant it the rights, for example with the ADSyncConfig \
            module."
                .into(),
            "Change the account of the connector in the Synchronization Service Manager \
            (Connect to Active Directory Forest), and restart ADSync."
                .into(),
        ],
        command: None,
        verify: "Import-Module 'C:\\Program Files\\Microsoft Azure Active Directory \
            Connect\\AdSyncConfig\\AdSyncConfig.psm1'; Get-ADSyncADConnectorAccount"
            .into(),
        undo: "Enter the former account again.".into(),
    }
}
