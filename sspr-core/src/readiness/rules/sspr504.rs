//! Whether the test person can prove anything.

use super::prelude::*;
use crate::licensing::Licensed;
use crate::readiness::predicates::directory::{add, clauses};
use crate::readiness::predicates::licences::{LicenceJudge, licences_missing};

pub(super) const RULE: Rule = Rule {
    code: "SSPR504",
    title: "Choice of the test person",
    phase: Phase::UserVerification,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "test.user",
        "people.users",
        "sspr.scope",
        "group.members",
        "people.roles",
        "people.licences",
        "permissions.memberships",
    ],
    rationale: "A test counts for people who are like the test person. An administrator is under another \
        policy, a protected account is refused by design, a cloud-only person is never written back, and \
        who is out of scope or has no licence shows nothing about those who are in it and have one.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-policy",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let Ok(named) = cx.facts.test.user.get() else {
        return Ok(Outcome::not_applicable("No test person is named."));
    };
    let user = named.value.as_str();
    let Some(person) = cx.facts.people.people.by_upn(user) else {
        return Err(Unknown::of("people.users"));
    };
    let flags = person.flags();
    let mut reasons = Vec::new();
    let mut missing = None;
    let mut question =
        |answer: Option<bool>, reason: &'static str, lacks: &dyn Fn() -> Unknown| match answer {
            Some(true) => reasons.push(reason),
            Some(false) => {}
            None => add(&mut missing, lacks()),
        };
    question(
        flags.synced().map(|synced| !synced),
        "lives in the cloud alone",
        &|| Unknown::of("people.users"),
    );
    question(flags.admin(), "holds an administrator role", &|| {
        Unknown::of("people.roles")
    });
    if flags.synced() == Some(true) {
        question(
            flags.protected(),
            "is a protected account in the domain",
            &|| Unknown::of("permissions.memberships"),
        );
    }
    let scope = cx.in_scope();
    question(
        scope.as_ref().ok().map(|scope| !scope.has(&person)),
        "is out of the scope",
        &|| {
            scope
                .as_ref()
                .err()
                .cloned()
                .unwrap_or_else(|| Unknown::of("sspr.scope"))
        },
    );
    let licensed = LicenceJudge::new(cx).licensed(&person);
    question(
        licensed.map(|licensed| licensed == Licensed::No),
        "has no licence for it",
        &|| licences_missing(cx),
    );
    if !reasons.is_empty() {
        return Ok(Outcome::fail(format!(
            "A test with {user} proves little: the person {}.",
            clauses(reasons.iter().copied())
        ))
        .with("reasons", &reasons)
        .because(named)
        .about(Subjects::people(cx, std::iter::once(person))));
    }
    if let Some(missing) = missing {
        return Err(missing);
    }
    Ok(Outcome::pass(format!(
        "{user} is a test person like others: synchronised, in scope, licensed, and no administrator."
    ))
    .because(named))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "The test has to pass through what other people pass through.".into(),
        steps: vec![
            "Choose a person who is synchronised, enabled, in scope, registered, licensed and no \
             administrator, in an organizational unit where other people live."
                .into(),
            "Let that person reset a forgotten password, change a known one and unlock the account.".into(),
            "Note it with `sspr attest`.".into(),
        ],
        command: Some("sspr attest".into()),
        verify: "31001 and 31002 with the new test person's name stand in the Application log.".into(),
        undo: "Name the former test person again.".into(),
    }
}
