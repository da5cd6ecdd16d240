//! Methods that do not reach everybody in scope.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::prelude::*;
use crate::policy::{
    ConvergedMethod, GroupTarget, LegacyMethod, MethodKind, MigrationState, ResetScope, Target,
    in_words,
};
use crate::readiness::predicates::counted;
use crate::readiness::predicates::policy::unreadable;
use crate::tenant::PersonRef;

pub(super) const RULE: Rule = Rule {
    code: "SSPR119",
    title: "Targets of the methods",
    phase: Phase::CloudScope,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "methods.migrationState",
        "methods.converged",
        "sspr.scope",
        "people.users",
        "group.members",
    ],
    rationale: "A method of the authentication methods policy can be targeted at groups. People in \
        scope who are in none of them cannot register it, and may have fewer methods than a reset \
        takes.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-authentication-methods-manage",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/how-to-authentication-methods-manage",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let migration = cx.facts.methods.migration.get()?;
    if migration.value == MigrationState::PreMigration {
        return Ok(Outcome::not_applicable(
            "Before the migration a reset uses the legacy methods, which have no targets.",
        )
        .because(migration));
    }
    let converged = cx.facts.methods.converged.get()?;
    let scope = cx.facts.sspr.scope.value();
    if let (Some(ResetScope::None), Ok(claim)) = (scope, cx.facts.sspr.scope.get()) {
        return Ok(Outcome::not_applicable("Nobody is in scope.").because(claim));
    }
    let mut missed_by = Vec::new();
    let mut people = BTreeSet::new();
    let mut unknown: Option<Unknown> = None;
    let partial = converged.value.iter().filter(|method| {
        method.is_on()
            && method.kind.resets_passwords()
            && method.reaches_everybody() != Some(true)
            && !reaches_scope_group(method, scope)
    });
    for method in partial {
        match missed(cx, method, migration.value) {
            Ok(missed) => {
                if missed
                    .iter()
                    .any(|person| !cx.config.exclude.covers(person))
                {
                    missed_by.push(&method.kind);
                }
                people.extend(missed.iter().map(PersonRef::index));
            }
            Err(missing) => {
                unknown = Some(match unknown {
                    Some(known) => known.and(missing),
                    None => missing,
                });
            }
        }
    }
    let everybody = cx.facts.people.people.iter();
    let subjects = Subjects::people(
        cx,
        everybody.filter(|person| people.contains(&person.index())),
    );
    let outcome = if missed_by.is_empty() {
        if let Some(unknown) = unknown {
            return Err(unknown);
        }
        Outcome::pass("The usable methods reach everybody in scope.")
    } else {
        Outcome::fail(format!(
            "Targeted at groups that leave out {} in scope: {}.",
            counted(subjects.count, "person", "people"),
            in_words(missed_by.iter().map(|kind| kind.title()))
        ))
        .with("methods", &missed_by)
    };
    Ok(outcome
        .about(subjects)
        .because(migration)
        .because(converged))
}

/// Whether a method is targeted at the very group that the scope selects.
fn reaches_scope_group(method: &ConvergedMethod, scope: Option<&ResetScope>) -> bool {
    let Some(ResetScope::Selected {
        group_id: Some(id), ..
    }) = scope
    else {
        return false;
    };
    let target = Target::Group(GroupTarget { id: *id });
    method.exclude.as_ref().is_some_and(Vec::is_empty)
        && method
            .include
            .as_ref()
            .is_some_and(|include| include.contains(&target))
}

/// People in scope whom a method does not reach.
fn missed<'a>(
    cx: &Context<'a>,
    method: &ConvergedMethod,
    migration: MigrationState,
) -> Result<Vec<PersonRef<'a>>, Unknown> {
    if migration == MigrationState::MigrationInProgress {
        let legacy = cx.facts.sspr.methods.get()?;
        if on_in_legacy(&method.kind).is_some_and(|method| legacy.value.contains(&method)) {
            return Ok(Vec::new());
        }
    }
    let targets_of = |targets: &Option<Vec<Target>>| {
        let targets = targets.as_ref().ok_or_else(|| {
            unreadable("methods.converged", "the targets of a method are missing")
        })?;
        Targets::of(cx, targets)
    };
    let include = targets_of(&method.include)?;
    let exclude = targets_of(&method.exclude)?;
    Ok(cx
        .people_in_scope()?
        .filter(|person| !include.has(person) || exclude.has(person))
        .collect())
}

/// The legacy switch that enables a method for everybody.
const fn on_in_legacy(kind: &MethodKind) -> Option<LegacyMethod> {
    match kind {
        MethodKind::Email => Some(LegacyMethod::Email),
        MethodKind::MicrosoftAuthenticator => Some(LegacyMethod::MobileAppNotification),
        MethodKind::Sms | MethodKind::Voice => Some(LegacyMethod::MobilePhone),
        _ => None,
    }
}

/// Everybody, or the members of groups.
struct Targets<'a> {
    all: bool,
    members: Vec<&'a [Uuid]>,
}

impl<'a> Targets<'a> {
    fn of(cx: &Context<'a>, targets: &[Target]) -> Result<Self, Unknown> {
        let mut found = Self {
            all: false,
            members: Vec::new(),
        };
        for target in targets {
            match target {
                Target::AllUsers => found.all = true,
                Target::Group(GroupTarget { id }) => {
                    let missing = || Unknown::of("group.members");
                    let group = cx.facts.people.groups.get(id).ok_or_else(missing)?;
                    if group.exists.value() == Some(&false) {
                        continue;
                    }
                    let members = &group.members.get()?.value;
                    if !(members.complete && members.nested_groups) {
                        return Err(missing());
                    }
                    found.members.push(&members.ids);
                }
            }
        }
        Ok(found)
    }

    fn has(&self, person: &PersonRef<'_>) -> bool {
        self.all
            || self
                .members
                .iter()
                .any(|ids| ids.binary_search(&person.id()).is_ok())
    }
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Target the methods at everybody, or at the group that the scope selects, so that \
            whoever may reset can register."
            .into(),
        steps: vec![
            format!(
                "Microsoft Entra admin center > Protection > Authentication methods > Policies: open \
                 the method, Enable and Target, and choose All users or {}.",
                names.group
            ),
        ],
        command: None,
        verify: "(Invoke-MgGraphRequest -Uri 'v1.0/policies/authenticationMethodsPolicy').authenticationMethodConfigurations | ForEach-Object { $_.id; $_.includeTargets }"
            .into(),
        undo: "Choose the earlier groups in the same place.".into(),
    }
}
