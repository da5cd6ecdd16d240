//! The connector account can sign in.

use super::prelude::*;
use crate::evidence::{Known, Provenance};
use crate::readiness::predicates::directory::{add, listed};
use crate::readiness::predicates::permissions::{account, askers, nobody_synced};

pub(super) const RULE: Rule = Rule {
    code: "SSPR814",
    title: "State of the connector account",
    phase: Phase::Permissions,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &[
        "account.disabled",
        "account.locked",
        "account.expires",
        "account.passwordExpired",
        "permissions.connectorAccount",
    ],
    rationale: "Entra Connect signs in to the domain with the connector account. Disabled, locked, \
        expired, or with an expired password it cannot, and neither synchronisation nor \
        writeback works.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/how-to-connect-configure-ad-ds-connector-account",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let askers = askers(cx)?;
    let (mut bad, mut from) = (Vec::new(), Vec::new());
    let (mut good, mut missing) = (Vec::new(), None);
    for asker in &askers {
        let Some(account) = asker.facts else {
            add(
                &mut missing,
                Known::<()>::absent("account.disabled")
                    .of(&asker.name)
                    .unknown(),
            );
            continue;
        };
        let name = &asker.name;
        let mut state = |answer: Result<(bool, &Provenance), Unknown>, what: &str| match answer {
            Ok((true, claim)) => {
                bad.push(format!("{name} {what}"));
                from.push(claim.clone());
            }
            Ok((false, claim)) => good.push(claim.clone()),
            Err(unknown) => add(&mut missing, unknown),
        };
        state(of(&account.disabled), "is disabled");
        state(of(&account.locked), "is locked out");
        let expires = account.expires.get();
        state(
            expires.map(|claim| (claim.value.is_some_and(|at| at <= cx.as_of), &claim.from)),
            "has expired",
        );
        state(of(&account.password_expired), "has an expired password");
    }
    if !bad.is_empty() {
        return Ok(Outcome::fail(format!(
            "The connector account cannot sign in: {}.",
            listed(bad.iter().map(String::as_str))
        ))
        .because_all(&from));
    }
    if let Some(unknown) = missing {
        return Err(unknown);
    }
    Ok(Outcome::pass(
        "The connector account is enabled, not locked, and neither it nor its password has expired.",
    )
    .because_all(&good))
}

fn of(fact: &Known<bool>) -> Result<(bool, &Provenance), Unknown> {
    fact.get().map(|claim| (claim.value, &claim.from))
}

fn remedy(names: &Names) -> Remedy {
    let account = quoted(account(names));
    Remedy {
        why: "Without a sign-in nothing else of writeback can work.".into(),
        steps: vec![
            "Find out who disabled or locked it, and from which machine.".into(),
            "Enable and unlock it. After a new password, enter that in Synchronization Service Manager, \
             in the connector's properties."
                .into(),
        ],
        command: Some(format!(
            "Enable-ADAccount -Identity {account}; Unlock-ADAccount -Identity {account}; \
             Clear-ADAccountExpiration -Identity {account}"
        )),
        verify: format!(
            "Get-ADUser -Identity {account} -Properties LockedOut,AccountExpirationDate,PasswordExpired"
        ),
        undo: format!("Disable-ADAccount -Identity {account}"),
    }
}
