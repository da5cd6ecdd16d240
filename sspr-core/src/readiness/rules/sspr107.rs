//! App notification under the legacy policy with one method.

use super::prelude::*;
use crate::policy::{LegacyMethod, MethodKind, MethodsRequired, MigrationState};
use crate::readiness::predicates::policy::{in_portal, registration, reported_users, required};
use crate::snapshot::facts::PeopleSource;

pub(super) const RULE: Rule = Rule {
    code: "SSPR107",
    title: "App notification under the legacy policy",
    phase: Phase::CloudScope,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &[
        "methods.migrationState",
        "sspr.methodsRequired",
        "sspr.methods",
        "methods.converged",
    ],
    rationale: "Under the legacy policy a notification in the app verifies a reset only where two \
        methods are required; with one, only the code of the app works. People whose one method is \
        the notification cannot reset.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let migration = cx.facts.methods.migration.get()?;
    if !migration.value.respects_legacy() {
        return Ok(Outcome::not_applicable(
            "The migration is complete, so the legacy policy is not in force.",
        )
        .because(migration));
    }
    if required(cx)? == MethodsRequired::Two {
        return Ok(Outcome::pass(
            "Two methods are required, so a notification can be one of them.",
        )
        .because(cx.facts.sspr.methods_required.get()?));
    }
    let legacy = cx.facts.sspr.methods.get()?;
    let on = |method| legacy.value.contains(&method);
    if !on(LegacyMethod::MobileAppNotification) || on(LegacyMethod::MobileAppCode) {
        return Ok(Outcome::pass("Nobody depends on the notification alone.")
            .because(migration)
            .because(legacy));
    }
    if migration.value == MigrationState::MigrationInProgress {
        let converged = cx.facts.methods.converged.get()?;
        let app = converged
            .value
            .iter()
            .any(|method| method.kind == MethodKind::MicrosoftAuthenticator && method.is_on());
        if app {
            return Ok(
                Outcome::pass("The authentication methods policy enables the app as well.")
                    .because(migration)
                    .because(converged),
            );
        }
    }
    let mut message = "One method is required, and the app notification is on without the app \
        code: the notification alone does not verify a reset."
        .to_owned();
    let relying = relying(cx);
    if let Some((_, people)) = &relying {
        let alone = match people.count {
            0 => "Nobody in scope has registered the app alone.".to_owned(),
            1 => "1 person in scope has registered nothing else.".to_owned(),
            count => format!("{count} people in scope have registered nothing else."),
        };
        message = format!("{message} {alone}");
    }
    let outcome = Outcome::fail(message)
        .because(migration)
        .because(cx.facts.sspr.methods_required.get()?)
        .because(legacy);
    Ok(match relying {
        Some((source, people)) => outcome.because_of(&source.from).about(people),
        None => outcome,
    })
}

/// Who in scope has registered nothing but the app, when the report tells everybody's methods.
fn relying<'a>(cx: &Context<'a>) -> Option<(&'a PeopleSource, Subjects)> {
    let source = registration(cx).ok()?;
    let in_scope = || {
        let people = reported_users(cx).into_iter().flatten();
        people.filter(|person| person.flags().sspr_enabled() == Some(true))
    };
    if in_scope().any(|person| person.flags().app_alone().is_none()) {
        return None;
    }
    let alone = in_scope().filter(|person| person.flags().app_alone() == Some(true));
    Some((source, Subjects::people(cx, alone)))
}

fn remedy(_: &Names) -> Remedy {
    in_portal(
        "Moving to the authentication methods policy lifts the limit. Requiring two methods lifts \
         it as well.",
        &[
            "Microsoft Entra admin center > Protection > Authentication methods > Policies: enable Microsoft Authenticator, then Manage migration > Migration in progress.",
            "Or set the number of methods required to 2 in Password reset > Authentication methods.",
        ],
        "A person who has only the app can choose it at https://passwordreset.microsoftonline.com.",
        "Manage migration lets you go back; a reason is asked for.",
    )
}
