//! Two policies decide at once.

use super::prelude::*;
use crate::policy::MigrationState;
use crate::readiness::predicates::policy::migrate;

pub(super) const RULE: Rule = Rule {
    code: "SSPR118",
    title: "Migration in progress",
    phase: Phase::CloudScope,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &["methods.migrationState"],
    rationale: "While the migration is in progress, a method that is on in either policy can be used. To \
        forbid one it must be off in both, and one of them cannot be edited any more.",
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
        MigrationState::PreMigration => {
            Outcome::not_applicable("The migration has not begun, which SSPR117 judges.")
        }
        MigrationState::MigrationInProgress => Outcome::fail(
            "The migration is in progress: methods of both policies can be used for a reset.",
        ),
        MigrationState::MigrationComplete => Outcome::pass("The migration is complete."),
    };
    Ok(outcome
        .with("migrationState", migration.value)
        .because(migration))
}

fn remedy(_: &Names) -> Remedy {
    migrate(
        "When it is complete, the legacy methods are ignored, security questions apart. Check SSPR104 \
         against the methods that are on in the authentication methods policy first.",
        "Migration complete",
        "migrationComplete",
    )
}
