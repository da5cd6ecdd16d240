//! Whether somebody signed in with a password that was written.

use chrono::TimeDelta;

use super::prelude::*;
use crate::readiness::predicates::events::{nothing_to_write_back, shown};
use crate::readiness::predicates::trips::{SECURITY_LOGS, SKEW, controllers_cover};
use crate::roundtrip::Kind;
use crate::snapshot::facts::LogFacts;

pub(super) const RULE: Rule = Rule {
    code: "SSPR503",
    title: "Sign-in with the new password",
    phase: Phase::UserVerification,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &[SECURITY_LOGS, "test.domainSignIn", "events.successes"],
    rationale: "The last proof is a person who signs in to the domain with the new password: an \
        interactive or remote logon with its 4768 or 4776 on a domain controller. A cached logon, the \
        unlocking of a screen and a PIN do not ask the domain for the password. A sign-in to the cloud \
        counts only where the domain checks the password, under pass-through authentication or \
        federation.",
    sources: &[
        "https://learn.microsoft.com/en-us/windows/security/threat-protection/auditing/event-4768",
        "https://learn.microsoft.com/en-us/windows/security/threat-protection/auditing/event-4776",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback",
    ],
    judge,
    remedy,
};

/// How long after a write nobody's sign-in is still no finding.
const PATIENCE: TimeDelta = TimeDelta::hours(24);

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nothing_to_write_back(cx) {
        return Ok(outcome);
    }
    let mut written = cx
        .facts
        .events
        .trips
        .written
        .iter()
        .rev()
        .filter(|one| one.kind != Kind::Unlock);
    let signed = written
        .clone()
        .find_map(|one| Some((one, one.signed_in.as_ref()?)));
    if let Some((one, sign_in)) = signed {
        let user = one.who.user.as_deref().unwrap_or("somebody");
        let event = sign_in.event.map(|event| format!(" (event {event})"));
        return Ok(Outcome::pass(format!(
            "{user} signed in to the domain after the password was written at {}{}.",
            shown(one.who.at),
            event.unwrap_or_default()
        ))
        .with("writtenAt", one.who.at)
        .with("signedInAt", sign_in.at)
        .because_of(&one.who.from)
        .because_of(&sign_in.from));
    }
    if let Ok(attested) = cx.facts.test.domain_sign_in.get() {
        return Ok(Outcome::pass(format!(
            "The test person signed in to the domain with the new password at {}.",
            shown(attested.value)
        ))
        .with("signedInAt", attested.value)
        .because(attested));
    }
    let audited = |log: &LogFacts| log.sign_ins > 0;
    let silent = written.find(|one| {
        let at = one.who.at;
        controllers_cover(cx, at - SKEW, at + PATIENCE, audited)
    });
    match silent {
        Some(one) => Ok(Outcome::fail(format!(
            "A password of {} was written at {}, and nobody signed in with it for a day, nor with any other \
             password that was written.",
            one.who.user.as_deref().unwrap_or("somebody"),
            shown(one.who.at)
        ))
        .with("writtenAt", one.who.at)
        .because_of(&one.who.from)),
        None if cx.facts.events.trips.written.is_empty() => {
            Err(Unknown::of("events.successes").and(Unknown::of("test.domainSignIn")))
        }
        None => Err(Unknown::of(SECURITY_LOGS).and(Unknown::of("test.domainSignIn"))),
    }
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "A password that works in the domain is the aim; everything before it is means.".into(),
        steps: vec![
            "Let the test person sign in to a domain-joined machine that reaches a domain controller, with \
             the new password, after signing out fully."
                .into(),
            "Note the time with `sspr attest`, or export the Security log of the domain controllers.".into(),
        ],
        command: Some("runas /user:<test person> cmd".into()),
        verify: "A 4768 or 4776 for the test person stands in the Security log of a domain controller.".into(),
        undo: "Nothing needs undoing.".into(),
    }
}
