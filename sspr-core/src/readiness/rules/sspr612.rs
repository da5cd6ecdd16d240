//! Refusals by policy or by the state of the person.

use serde::Serialize;

use super::prelude::*;
use crate::readiness::predicates::events::{counted, nothing_to_write_back, people_hit};
use crate::snapshot::facts::FailureGroup;

pub(super) const RULE: Rule = Rule {
    code: "SSPR612",
    title: "Share of refusals",
    phase: Phase::EventLog,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["events.operations"],
    rationale: "33005 to 33008 are the domain's answers to a person or a password: the account is disabled \
        or locked, the old password is wrong, the new one breaks the policy. Some are everyday. Many mean \
        that people are asked for passwords whose rules they are not told, or run into the minimum age.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
        "https://learn.microsoft.com/en-us/troubleshoot/entra/entra-id/user-prov-sync/password-writeback-not-compliant-on-premises-ad-pwd-policy",
    ],
    judge,
    remedy,
};

/// One cause, as the report's values show it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Cause<'a> {
    key: &'a str,
    title: &'a str,
    operations: u64,
    people: u64,
}

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nothing_to_write_back(cx) {
        return Ok(outcome);
    }
    let events = &cx.facts.events;
    let attempts = events.operations.attempts();
    if attempts == 0 {
        return Err(Unknown::of("events.operations"));
    }
    let mut groups: Vec<&FailureGroup> = events
        .failures
        .values()
        .filter(|group| {
            group
                .cause
                .events
                .iter()
                .any(|id| (33005..=33008).contains(id))
        })
        .collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.count), group.cause.key));
    let refused: u64 = groups.iter().map(|group| group.count).sum();
    let percent = refused * 100 / attempts;
    let limit = u64::from(cx.config.thresholds.refused_percent);
    let reasons: Vec<_> = groups
        .iter()
        .map(|group| format!("{} ({})", group.cause.title, group.count))
        .collect();
    let message = format!(
        "{refused} of {} ({percent} %) were refused by the policy or for the state of the person{}{}.",
        counted(attempts, "attempt", "attempts"),
        if reasons.is_empty() { "" } else { ": " },
        reasons.join(", ")
    );
    let outcome = if refused * 100 > attempts * limit {
        Outcome::fail(message).about(people_hit(cx, &groups))
    } else {
        Outcome::pass(message)
    };
    let causes: Vec<_> = groups
        .iter()
        .map(|group| Cause {
            key: group.cause.key,
            title: group.cause.title,
            operations: group.count,
            people: people_hit(cx, &[group]).count,
        })
        .collect();
    Ok(outcome
        .with("attempts", attempts)
        .with("refused", refused)
        .with("percent", percent)
        .with("causes", causes)
        .because_all(groups.iter().map(|group| &group.from)))
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Who knows the rules before choosing a password is refused less often.".into(),
        steps: vec![
            "Where the policy refused (33008): compare the domain's rules with the cloud's (SSPR406), and look \
             for a minimum age (SSPR401, SSPR402) and for filters (SSPR412)."
                .into(),
            "Tell people the rules where they choose: the helpdesk link and the company's help page.".into(),
            "Where accounts are disabled or locked (33005, 33006): take them out of the scope, or let people \
             unlock alone (SSPR302)."
                .into(),
        ],
        command: Some(format!(
            "Get-WinEvent -ComputerName {} -FilterHashtable @{{LogName='Application'; ProviderName='PasswordResetService'; Id=33005,33006,33007,33008}} | Group-Object Id",
            quoted(&names.server)
        )),
        verify: "The share of 33005 to 33008 falls over the next weeks.".into(),
        undo: "Nothing needs undoing.".into(),
    }
}
