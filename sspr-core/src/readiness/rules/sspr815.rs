//! The connector account is free to sign in where it has to.

use super::prelude::*;
use crate::evidence::Known;
use crate::readiness::predicates::directory::{add, listed};
use crate::readiness::predicates::permissions::{
    account, askers, assumed, because_of_askers, nobody_synced,
};

pub(super) const RULE: Rule = Rule {
    code: "SSPR815",
    title: "Limits on the connector account's sign-in",
    phase: Phase::Permissions,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "account.tokenGroups",
        "account.workstations",
        "permissions.connectorAccount",
    ],
    rationale: "Members of Protected Users cannot sign in with NTLM and cannot be delegated, and a \
        list of workstations names where an account may sign in. Both are made for people, and \
        stop a service in ways that are hard to see.",
    sources: &[
        "https://learn.microsoft.com/en-us/windows-server/security/credentials-protection-and-management/protected-users-security-group",
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/how-to-connect-configure-ad-ds-connector-account",
    ],
    judge,
    remedy,
};

/// Protected Users, in each domain.
const PROTECTED_USERS: u32 = 525;

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let askers = askers(cx)?;
    let (mut limits, mut missing, mut from) = (Vec::new(), None, Vec::new());
    for asker in &askers {
        let group = asker.sid.domain().with_rid(PROTECTED_USERS);
        match group.and_then(|group| asker.is_in(&group)) {
            Some(true) => limits.push(format!("{} is in Protected Users", asker.name)),
            Some(false) => {}
            None => add(&mut missing, asker.groups_unknown()),
        }
        let none = Known::absent("account.workstations");
        let known = asker.facts.map_or(&none, |facts| &facts.workstations);
        match known.get() {
            Ok(claim) => {
                if !claim.value.is_empty() {
                    let places = listed(claim.value.iter().map(String::as_str));
                    limits.push(format!("{} may only sign in on {places}", asker.name));
                }
                from.push(claim.from.clone());
            }
            Err(unknown) => add(&mut missing, unknown),
        }
    }
    let outcome = if !limits.is_empty() {
        Outcome::fail(format!(
            "{}.{}",
            listed(limits.iter().map(String::as_str)),
            assumed(&askers)
        ))
    } else if let Some(unknown) = missing {
        return Err(unknown);
    } else {
        Outcome::pass(format!(
            "The connector account is not in Protected Users and may sign in everywhere.{}",
            assumed(&askers)
        ))
    };
    Ok(because_of_askers(outcome.because_all(&from), &askers))
}

fn remedy(names: &Names) -> Remedy {
    let account = quoted(account(names));
    Remedy {
        why: "The account is guarded by its own list and by a long password instead.".into(),
        steps: vec![
            "Take the account out of Protected Users.".into(),
            "Clear its list of workstations, or make sure that it names every Entra Connect server and \
             domain controller."
                .into(),
        ],
        command: Some(format!(
            "Remove-ADGroupMember -Identity 'Protected Users' -Members {account}; \
             Set-ADUser -Identity {account} -LogonWorkstations $null"
        )),
        verify: format!("Get-ADUser -Identity {account} -Properties MemberOf,LogonWorkstations"),
        undo: format!("Add-ADGroupMember -Identity 'Protected Users' -Members {account}"),
    }
}
