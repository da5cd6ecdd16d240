//! The connector account is no administrator of domain or forest.

use super::prelude::*;
use crate::evidence::Claim;
use crate::readiness::predicates::writeback::{each_active, unreadable};
use crate::snapshot::facts::{AccountGroup, account_key, account_name};

pub(super) const RULE: Rule = Rule {
    code: "SSPR216",
    title: "Groups of the connector account",
    phase: Phase::WritebackServer,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["server.connectors", "domain.accountGroups"],
    rationale: "Since version 1.4 the connector account must not be in Enterprise Admins or Domain \
        Admins: whoever holds the server would hold the forest. Writeback needs a handful of \
        rights, not those groups.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/reference-connect-accounts-permissions",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    each_active(cx, |server| {
        let connectors = server.connectors.get()?;
        let mut outcome = Outcome::pass("");
        let mut held = Vec::new();
        let mut unknown: Option<Unknown> = None;
        for account in connectors.value.iter().filter_map(|c| c.account.as_deref()) {
            let groups = match groups_of(cx, account) {
                Ok(groups) => groups,
                Err(missing) => {
                    unknown = Some(missing);
                    continue;
                }
            };
            outcome = outcome.because(groups);
            let admin = groups
                .value
                .iter()
                .filter(|group| is_admin_group(&group.sid));
            held.extend(admin.map(|group| format!("{account} in {}", group.name)));
        }
        if !held.is_empty() {
            return Ok(outcome
                .failed(format!(
                    "The connector account is an administrator: {}.",
                    held.join(", ")
                ))
                .about(Subjects::names(held)));
        }
        if let Some(unknown) = unknown {
            return Err(unknown);
        }
        if connectors.value.iter().all(|c| c.account.is_none()) {
            let why = "no connector names its account".to_owned();
            return Err(unreadable(&server.connectors, why));
        }
        Ok(outcome.worded(
            "The connector account is no direct member of Enterprise Admins or Domain Admins."
                .into(),
        ))
    })
}

fn groups_of<'a>(cx: &Context<'a>, account: &str) -> Result<&'a Claim<Vec<AccountGroup>>, Unknown> {
    match cx.facts.account_groups.get(&account_key(account)) {
        Some(groups) => groups.get(),
        None => Err(Unknown::of("domain.accountGroups")),
    }
}

/// Domain Admins end in 512, Enterprise Admins in 519, in every language.
fn is_admin_group(sid: &str) -> bool {
    sid.starts_with("S-1-5-21-") && (sid.ends_with("-512") || sid.ends_with("-519"))
}

fn remedy(names: &Names) -> Remedy {
    let account = quoted(account_name(&names.connector_account));
    // In every language the group is the one that ends in 512.
    let group = "\"$((Get-ADDomain).DomainSID)-512\"";
    Remedy {
        why: "Take it out once the rights of its own are in place.".into(),
        steps: vec![
            "Grant the rights that writeback needs on the containers of people \
            (Set-ADSyncPasswordWritebackPermissions)."
                .into(),
            "Remove the account from Domain Admins with the command; from Enterprise Admins, which \
            ends in -519, in the same way in the forest's root domain."
                .into(),
        ],
        command: Some(format!(
            "Remove-ADGroupMember -Identity {group} -Members {account}"
        )),
        verify: format!(
            "Get-ADPrincipalGroupMembership -Identity {account} | Select-Object Name, SID"
        ),
        undo: format!("Add-ADGroupMember -Identity {group} -Members {account}"),
    }
}
