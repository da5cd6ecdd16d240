//! Whether the domain itself shows that a password was written.

use chrono::{DateTime, Utc};

use super::prelude::*;
use crate::evidence::Provenance;
use crate::readiness::predicates::events::{nothing_to_write_back, shown};
use crate::readiness::predicates::trips::{SECURITY_LOGS, SKEW, controllers_cover};
use crate::roundtrip::Kind;
use crate::snapshot::facts::Written;

pub(super) const RULE: Rule = Rule {
    code: "SSPR502",
    title: "Confirmation of a write by the domain",
    phase: Phase::UserVerification,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &[SECURITY_LOGS, "people.passwordSet", "events.successes"],
    rationale: "The server says that the domain took a password. The domain says it too: a domain \
        controller logs 4724 by the connector account for a reset, 4723 for a change and 4767 for an \
        unlock, and pwdLastSet moves to that second. A success that leaves no such trace went to \
        another place than is believed, or is not audited.",
    sources: &[
        "https://learn.microsoft.com/en-us/windows/security/threat-protection/auditing/event-4724",
        "https://learn.microsoft.com/en-us/windows/security/threat-protection/auditing/event-4723",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nothing_to_write_back(cx) {
        return Ok(outcome);
    }
    let written = &cx.facts.events.trips.written;
    if written.is_empty() {
        return Err(Unknown::of("events.successes"));
    }
    for one in written.iter().rev() {
        if let Some(outcome) = judge_one(cx, one) {
            return Ok(outcome);
        }
    }
    Err(Unknown::of(SECURITY_LOGS).and(Unknown::of("people.passwordSet")))
}

/// What the domain says of one write, if it says anything.
fn judge_one(cx: &Context<'_>, one: &Written) -> Option<Outcome> {
    let at = one.who.at;
    let user = one.who.user.as_deref().unwrap_or("somebody");
    if let Some(confirmed) = &one.in_domain {
        let by = match confirmed.event {
            Some(event) => format!("event {event} of a domain controller"),
            None => "pwdLastSet".to_owned(),
        };
        return Some(
            Outcome::pass(format!(
                "The password of {user} that was written at {} is confirmed by {by}.",
                shown(at)
            ))
            .with("writtenAt", at)
            .with("event", confirmed.event)
            .because_of(&one.who.from)
            .because_of(&confirmed.from),
        );
    }
    if one.kind != Kind::Unlock
        && let Some((set, from)) = password_set(cx, one)
    {
        if (set - at).abs() <= SKEW {
            return Some(
                Outcome::pass(format!(
                    "The password of {user} that was written at {} is confirmed by pwdLastSet, {}.",
                    shown(at),
                    shown(set)
                ))
                .with("writtenAt", at)
                .with("passwordSet", set)
                .because_of(&one.who.from)
                .because_all(from),
            );
        }
        // A later time is that of another password. An earlier one tells something only of a list
        // that was made afterwards.
        let later = from
            .and_then(|from| from.observed_at)
            .is_some_and(|seen| seen > at + SKEW);
        if set < at && later {
            return Some(
                Outcome::fail(format!(
                    "The server wrote a password of {user} at {}, and pwdLastSet in the domain is older, {}.",
                    shown(at),
                    shown(set)
                ))
                .with("writtenAt", at)
                .with("passwordSet", set)
                .because_of(&one.who.from)
                .because_all(from),
            );
        }
    }
    let audited = |log: &crate::snapshot::facts::LogFacts| log.password_events > 0;
    controllers_cover(cx, at - SKEW, at + SKEW, audited).then(|| {
        Outcome::fail(format!(
            "The server wrote a password of {user} at {}, and no domain controller logged it: their Security \
             logs cover that time and hold no 4723, 4724 or 4767 by the connector account.",
            shown(at)
        ))
        .with("writtenAt", at)
        .because_of(&one.who.from)
    })
}

/// The person's `pwdLastSet`, and the list it stands in.
fn password_set<'a>(
    cx: &Context<'a>,
    one: &Written,
) -> Option<(DateTime<Utc>, Option<&'a Provenance>)> {
    let people = &cx.facts.people;
    let person = people.people.by_upn(one.who.user.as_deref()?)?;
    let lists = people
        .sources
        .iter()
        .filter(|source| source.kind == "adUsers");
    // Of several lists any may have told it: the oldest is the safe one.
    let from = lists
        .map(|source| &source.from)
        .min_by_key(|from| from.observed_at);
    Some((person.password_set()?, from))
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Either the domain controllers do not audit password changes, or the write went to another \
            domain than the one whose logs are in evidence."
            .into(),
        steps: vec![
            "On the domain controllers, audit User Account Management, success and failure.".into(),
            format!("See which domain controllers {} writes to: the connector's preferred list.", names.server),
            "Let a test person reset again, and export the Security logs.".into(),
        ],
        command: Some(
            "auditpol /set /subcategory:\"User Account Management\" /success:enable /failure:enable".into(),
        ),
        verify: "A 4724 by the connector account stands in the Security log of a domain controller within \
            seconds of 31002."
            .into(),
        undo: "auditpol /set /subcategory:\"User Account Management\" /success:enable /failure:disable".into(),
    }
}
