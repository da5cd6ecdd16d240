//! The legacy policies still decide.

use super::prelude::*;
use crate::policy::MigrationState;
use crate::readiness::predicates::policy::migrate;

pub(super) const RULE: Rule = Rule {
    code: "SSPR117",
    title: "Migration not begun",
    phase: Phase::CloudScope,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["methods.migrationState"],
    rationale: "Before the migration a reset uses the legacy switches alone, and these cannot be edited \
        any more since 2025-09-30. What is enabled in the authentication methods policy does not \
        reach a reset.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-authentication-methods-manage",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/how-to-authentication-methods-manage",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let migration = cx.facts.methods.migration.get()?;
    let outcome = match migration.value {
        MigrationState::PreMigration => Outcome::fail(
            "The migration has not begun: a reset uses the legacy methods alone, and nobody can \
             change them any more.",
        ),
        MigrationState::MigrationInProgress | MigrationState::MigrationComplete => {
            Outcome::pass("A reset uses the authentication methods policy.")
        }
    };
    Ok(outcome
        .with("migrationState", migration.value)
        .because(migration))
}

fn remedy(_: &Names) -> Remedy {
    migrate(
        "In progress both policies count, so nobody loses a method by this step.",
        "Migration in progress",
        "migrationInProgress",
    )
}
