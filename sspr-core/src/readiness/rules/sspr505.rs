//! Whether reset, change and unlock have each been tried.

use super::prelude::*;
use crate::evidence::Provenance;
use crate::readiness::predicates::directory::listed;
use crate::readiness::predicates::events::{nothing_to_write_back, telling_logs};
use crate::roundtrip::Kind;

pub(super) const RULE: Rule = Rule {
    code: "SSPR505",
    title: "Reset, change and unlock each tried",
    phase: Phase::UserVerification,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &[
        "events.operations",
        "audit.records",
        "test.reset",
        "test.change",
        "test.unlock",
        "integration.unlock",
    ],
    rationale: "The three take different ways and rights: a reset needs Reset Password and write on \
        pwdLastSet, a change needs Change Password and obeys the minimum age, an unlock needs write on \
        lockoutTime. One that works says little of the others. The audit log tells an unlock from a reset.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/howto-sspr-reporting",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nothing_to_write_back(cx) {
        return Ok(outcome);
    }
    let facts = cx.facts;
    let test = &facts.test;
    let has_log = telling_logs(cx).next().is_some();
    let has_audit = facts.audit.first.is_some();
    let unlock_is_off = facts.integration.unlock.value() == Some(&false);
    let mut tried: Vec<&Provenance> = Vec::new();
    let mut never = Vec::new();
    let mut missing: Option<Unknown> = None;
    for (kind, name, attested, fact, shown) in [
        (
            Kind::Reset,
            "a reset of a forgotten password",
            &test.reset,
            "test.reset",
            has_log,
        ),
        (
            Kind::Change,
            "a change of a known one",
            &test.change,
            "test.change",
            has_log,
        ),
        // The server logs an unlock as it logs a reset.
        (
            Kind::Unlock,
            "an unlock",
            &test.unlock,
            "test.unlock",
            has_log && has_audit,
        ),
    ] {
        if let Some(one) = facts.events.trips.tried.get(&kind) {
            tried.push(&one.from);
        } else if let Ok(claim) = attested.get() {
            tried.push(&claim.from);
        } else if kind == Kind::Unlock && unlock_is_off {
            // The tenant does not offer it.
        } else if shown {
            never.push(name);
        } else {
            let lacks = if has_log {
                "audit.records"
            } else {
                "events.operations"
            };
            let lacks = Unknown::of(lacks).and(Unknown::of(fact));
            missing = Some(match missing {
                Some(known) => known.and(lacks),
                None => lacks,
            });
        }
    }
    if !never.is_empty() {
        return Ok(Outcome::fail(format!(
            "On record there is not yet {}.",
            listed(never.iter().copied())
        ))
        .with("never", &never)
        .because_all(tried));
    }
    match missing {
        Some(missing) => Err(missing),
        None => Ok(Outcome::pass(if unlock_is_off {
            "Reset and change have each been tried; unlocking alone is not offered."
        } else {
            "Reset, change and unlock have each been tried."
        })
        .because_all(tried)),
    }
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Each of the three can fail alone.".into(),
        steps: vec![
            "Reset: https://passwordreset.microsoftonline.com, I forgot my password.".into(),
            "Change: https://mysignins.microsoft.com, Change password, with the old one.".into(),
            "Unlock: lock the test person's account with wrong passwords, then https://passwordreset.microsoftonline.com, I know my password, but still can't sign in.".into(),
            "Note the times with `sspr attest`, or export the logs again.".into(),
        ],
        command: Some("Start-Process https://passwordreset.microsoftonline.com".into()),
        verify: "The audit log has Reset password (self-service), Change password (self-service) and Unlock user account (self-service) for the test person.".into(),
        undo: "Set the test person's password again.".into(),
    }
}
