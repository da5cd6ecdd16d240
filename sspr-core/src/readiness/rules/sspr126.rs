//! Phone numbers that a reset cannot use.

use super::prelude::*;
use crate::readiness::predicates::counted;
use crate::readiness::predicates::licences::known_people;

pub(super) const RULE: Rule = Rule {
    code: "SSPR126",
    title: "Form of phone numbers",
    phase: Phase::CloudScope,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["people.users"],
    rationale: "A number must stand as +country number, with a blank between, such as +1 4251234567. A reset \
        ignores a number in another form, and drops extensions, so the person seems to have \
        nothing registered.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/howto-sspr-authenticationdata",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let (people, all) = known_people(cx);
    let mut uncollected = false;
    let bad: Vec<_> = people
        .filter(|person| {
            let bad = person.flags().bad_phone();
            uncollected |= bad.is_none();
            bad == Some(true)
        })
        .collect();
    let hit = Subjects::people(cx, bad.into_iter());
    let outcome = if hit.is_empty() {
        all?;
        if uncollected {
            return Err(Unknown::of("people.users"));
        }
        Outcome::pass("Phone numbers have the form that a reset takes.")
    } else {
        Outcome::fail(format!(
            "{} a phone number in a form that a reset ignores.",
            counted(hit.count, "person has", "people have")
        ))
    };
    let outcome = outcome.about(hit);
    let sources = cx.facts.people.sources.iter();
    Ok(sources
        .filter(|source| source.kind == "users")
        .fold(outcome, |outcome, source| outcome.because_of(&source.from)))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "For synced people the numbers come from telephoneNumber and mobile in Active \
            Directory: correct them there."
            .into(),
        steps: vec![
            "Write the number as +country number with one blank, without an extension.".into(),
            "Let the next synchronisation carry it to the cloud.".into(),
        ],
        command: Some("Set-ADUser -Identity '<user>' -MobilePhone '+1 4251234567'".into()),
        verify: "Get-MgUser -UserId '<user>' -Property mobilePhone,businessPhones | Select-Object MobilePhone, BusinessPhones"
            .into(),
        undo: "Set the earlier number in the same way.".into(),
    }
}
