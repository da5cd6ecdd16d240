//! Administrators reset synced people where nothing is written back.

use super::prelude::*;
use crate::readiness::predicates::directory::{
    counted, listed, nobody_synced, not_available, remark,
};
use crate::snapshot::facts::AdminResets;

pub(super) const RULE: Rule = Rule {
    code: "SSPR904",
    title: "Administrators' resets of synced people",
    phase: Phase::Evidence,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["audit.records", "people.users"],
    rationale: "A reset by an administrator is written back from the Microsoft Entra admin center \
        only. From the Microsoft 365 admin center or PowerShell it changes the cloud password alone: \
        the person then has two, and the next password hash synchronisation takes the new one away.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/howto-sspr-reporting",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let audit = &cx.facts.audit;
    if audit.first.is_none() {
        return Err(Unknown::of("audit.records"));
    }
    let mut unknown_people = false;
    let mut hit: Vec<(&str, &AdminResets)> = Vec::new();
    for (user, resets) in &audit.admin_resets {
        if resets.not_written_back > 0 {
            match is_synced(cx, user) {
                Some(true) => hit.push((user, resets)),
                Some(false) => {}
                None => unknown_people = true,
            }
        }
    }
    // The directory's own record without the service's: by field notes the trace of the Microsoft
    // 365 admin center, which is too little for a verdict.
    let unclear: Vec<_> = audit
        .directory_resets
        .keys()
        .map(String::as_str)
        .filter(|user| !audit.admin_resets.contains_key(*user))
        .filter(|user| is_synced(cx, user) == Some(true))
        .collect();
    let remainder = (!unclear.is_empty()).then(|| {
        format!(
            "The directory alone records resets by an administrator for {}, as by field notes a \
             reset in the Microsoft 365 admin center does.",
            listed(unclear.iter().copied())
        )
    });
    if !hit.is_empty() {
        let count: u64 = hit.iter().map(|(_, resets)| resets.not_written_back).sum();
        let people = hit.iter();
        let people = people.filter_map(|(user, _)| cx.facts.people.people.by_upn(user));
        let outcome = Outcome::fail(format!(
            "Not written to the domain: {} of synced people by administrators ({}).",
            counted(count, "reset", "resets"),
            listed(hit.iter().map(|(user, _)| *user))
        ))
        .with("resets", count)
        .about(Subjects::people(cx, people));
        let outcome = match remainder {
            Some(remainder) => remark(outcome, &remainder),
            None => outcome,
        };
        return Ok(hit.iter().fold(outcome, |outcome, (_, resets)| {
            outcome.because_of(&resets.from)
        }));
    }
    if let Some(remainder) = remainder {
        return Err(not_available("audit.records", remainder));
    }
    if unknown_people {
        return Err(Unknown::of("people.users"));
    }
    let outcome = Outcome::pass(
        "The audit log has no reset of a synced person by an administrator that was not written back.",
    );
    Ok(audit
        .admin_resets
        .values()
        .take(1)
        .fold(outcome, |outcome, resets| outcome.because_of(&resets.from)))
}

fn is_synced(cx: &Context<'_>, user: &str) -> Option<bool> {
    cx.facts.people.people.by_upn(user)?.flags().synced()
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "A reset that reaches the domain gives the person one password again.".into(),
        steps: vec![
            "Reset these people's passwords once more in the Microsoft Entra admin center (Users > the \
             person > Reset password), or in Active Directory."
                .into(),
            "Tell the helpdesk to use one of these two places for synced people.".into(),
        ],
        command: Some(
            "Get-MgAuditLogDirectoryAudit -Filter \"activityDisplayName eq 'Reset password (by admin)'\" -All"
                .into(),
        ),
        verify: "The next record names Microsoft Entra Connect or CloudSync as the on-premises agent.".into(),
        undo: "A password that was reset cannot be brought back.".into(),
    }
}
