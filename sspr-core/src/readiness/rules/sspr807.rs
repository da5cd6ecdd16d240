//! Protected accounts among the people in scope.

use super::prelude::*;
use crate::readiness::predicates::directory::counted;
use crate::readiness::predicates::permissions::{nobody_synced, people, sources_of_people};

pub(super) const RULE: Rule = Rule {
    code: "SSPR807",
    title: "Protected accounts in scope",
    phase: Phase::Permissions,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &[
        "permissions.memberships",
        "people.users",
        "sspr.scope",
        "group.members",
    ],
    rationale: "The directory overwrites the lists of members of its administrative groups every hour with \
        that of AdminSDHolder, without inheritance. By design the grants of writeback do not reach \
        them: they can change a password they know, and cannot reset a forgotten one.",
    sources: &[
        "https://learn.microsoft.com/en-us/windows-server/identity/ad-ds/plan/security-best-practices/appendix-c--protected-accounts-and-groups-in-active-directory",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let (mut protected, mut missing, mut all) = (Vec::new(), None, 0_u64);
    let scope = cx.in_scope();
    for person in people(cx) {
        all += 1;
        match (person.flags().protected(), &scope) {
            (Some(false), _) => {}
            (_, Ok(scope)) if !scope.has(&person) => {}
            (Some(true), Ok(_)) => protected.push(person),
            (Some(true), Err(unknown)) => missing = missing.or(Some(unknown.clone())),
            (None, _) => missing = missing.or(Some(Unknown::of("permissions.memberships"))),
        }
    }
    let outcome = if !protected.is_empty() {
        let count = protected.len() as u64;
        Outcome::fail(format!(
            "{} in scope {} a protected account: a forgotten password is not reset from the cloud.",
            counted(count, "synced person", "synced people"),
            if count == 1 { "is" } else { "are each" }
        ))
        .about(Subjects::people(cx, protected.into_iter()))
    } else if let Some(unknown) = missing {
        return Err(unknown);
    } else if all == 0 {
        return Err(Unknown::of("people.users"));
    } else {
        Outcome::pass("No synced person in scope is a protected account.")
    };
    Ok(outcome.because_all(sources_of_people(cx)))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "This is how the directory guards its administrators; widening it would let the connector \
            account take them over."
            .into(),
        steps: vec![
            "Tell these people that they reset on-premises, with a second administrator.".into(),
            "Give administrators an account of their own for administration, which is not \
             synchronised."
                .into(),
            "Leave AdminSDHolder alone: grants there reach every administrator of the domain.".into(),
        ],
        command: None,
        verify: "Get-ADUser -Identity '<person>' -Properties adminCount,memberOf".into(),
        undo: "Nothing is changed.".into(),
    }
}
