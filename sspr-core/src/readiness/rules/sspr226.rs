//! Every synced person is a target that the engine finds for a password.

use std::collections::BTreeSet;

use super::prelude::*;
use crate::evidence::Claim;
use crate::readiness::predicates::directory::{counted, listed};
use crate::readiness::predicates::events::excludes;
use crate::readiness::predicates::password_scope::{Outside, Scope, connectors, scope};
use crate::readiness::predicates::writeback::{each_active, name, without_connect};
use crate::snapshot::facts::FailureGroup;
use crate::tenant::PersonRef;

pub(super) const RULE: Rule = Rule {
    code: "SSPR226",
    title: "People in the scope of password synchronisation",
    phase: Phase::WritebackServer,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &[
        "server.synchronisationRules",
        "server.connectors",
        "people.container",
        "cloudSync.agents",
    ],
    rationale: "Writeback finds the account in the domain by way of the link that the join rule In from \
        AD - User AccountEnabled has made, and sets a password only where a rule that carries passwords \
        applies. Whoever lives in a container that is not synchronised, or outside the filter of selective \
        password hash synchronisation, is not found (33002, 0x80230405).",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/troubleshoot-sspr-writeback",
        "https://github.com/MicrosoftDocs/azure-docs/issues/106884",
        "https://github.com/MicrosoftDocs/azure-docs/issues/92842",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = without_connect(cx) {
        return Ok(outcome);
    }
    // Events name single people; the configuration tells of all.
    let Some(group) = not_found(cx) else {
        return each_active(cx, |server| by_configuration(cx, server));
    };
    let mut found = Found::default();
    found.refused(cx, group);
    let mut outcome = Outcome::fail("").because_of(&group.from);
    for server in cx.active_servers() {
        if let Ok(scope) = scope(cx, server) {
            found.outside(cx, server, &scope);
            outcome = because(outcome, server);
        }
    }
    Ok(found.told(outcome))
}

fn by_configuration(cx: &Context<'_>, server: &crate::snapshot::facts::ServerFacts) -> Judgement {
    let scope = scope(cx, server)?;
    let mut found = Found::default();
    found.outside(cx, server, &scope);
    if !found.names.is_empty() {
        return Ok(because(found.told(Outcome::fail("")), server));
    }
    if let Some(unknown) = scope.missing {
        return Err(unknown);
    }
    let outcome = Outcome::pass(format!(
        "{} finds all {} by a rule that carries passwords.",
        name(server),
        counted(scope.inside, "synced person", "synced people")
    ))
    .with("inside", scope.inside);
    Ok(because(outcome, server))
}

/// People whom the service did not find, as far as anybody is left whom the evidence does not
/// know to be cloud-only or excluded.
fn not_found<'a>(cx: &Context<'a>) -> Option<&'a FailureGroup> {
    let group = cx.facts.events.failures.get("notFound")?;
    let counts = group.nameless > 0 || group.people.iter().any(|name| is_concerned(cx, name));
    counts.then_some(group)
}

fn is_concerned(cx: &Context<'_>, name: &str) -> bool {
    let person = cx.facts.people.people.by_upn(name);
    let synced = person.is_none_or(|person| person.flags().synced() != Some(false));
    synced && !excludes(cx, name)
}

/// What was found, as sentences, with the people concerned.
#[derive(Default)]
struct Found {
    names: BTreeSet<String>,
    excluded: BTreeSet<String>,
    sentences: Vec<String>,
    refused: u64,
    left_out: u64,
    unruled: u64,
}

impl Found {
    fn refused(&mut self, cx: &Context<'_>, group: &FailureGroup) {
        self.refused = group.count;
        for name in &group.people {
            if is_concerned(cx, name) {
                self.names.insert(name.clone());
            } else if excludes(cx, name) {
                self.excluded.insert(name.clone());
            }
        }
        let last = group
            .last
            .map(|at| at.format(", last on %Y-%m-%d at %H:%M UTC"));
        self.sentences.push(format!(
            "The service found no account to write to in {} (33002): {}{}.",
            counted(group.count, "operation", "operations"),
            counted(self.names.len() as u64, "person", "people"),
            last.map_or_else(String::new, |last| last.to_string()),
        ));
    }

    fn outside(
        &mut self,
        cx: &Context<'_>,
        server: &crate::snapshot::facts::ServerFacts,
        scope: &Scope<'_>,
    ) {
        let (mut containers, mut partitions, mut unruled, mut filtered) = Default::default();
        for (person, outside) in &scope.outside {
            if !self.concerns(cx, person) {
                continue;
            }
            let (set, what): (&mut BTreeSet<&str>, _) = match outside {
                Outside::Container(dn) => (&mut containers, *dn),
                Outside::Partition(dn) => (&mut partitions, *dn),
                Outside::NoRule(connector) => (&mut unruled, *connector),
                Outside::Filter(connector) => (&mut filtered, *connector),
            };
            set.insert(what);
            match outside {
                Outside::Container(_) | Outside::Partition(_) => self.left_out += 1,
                Outside::NoRule(_) | Outside::Filter(_) => self.unruled += 1,
            }
        }
        let host = name(server);
        let mut say = |set: &BTreeSet<&str>, told: &str| {
            if !set.is_empty() {
                let names = listed(set.iter().copied());
                self.sentences.push(format!("{host} {told} {names}."));
            }
        };
        say(&partitions, "does not synchronise");
        say(&containers, "leaves out people in");
        say(&unruled, "has no enabled rule that carries passwords for");
        say(
            &filtered,
            "has people outside every filter of the rules that carry passwords for",
        );
    }

    fn concerns(&mut self, cx: &Context<'_>, person: &PersonRef<'_>) -> bool {
        let excluded = cx.config.exclude.covers(person);
        let set = if excluded {
            &mut self.excluded
        } else {
            &mut self.names
        };
        set.insert(person.name().to_lowercase());
        !excluded
    }

    fn told(self, outcome: Outcome) -> Outcome {
        let excluded = self.excluded.len() as u64;
        let mut subjects = Subjects::names(self.names);
        subjects.excluded = excluded;
        outcome
            .saying(self.sentences.join(" "))
            .with("notFound", self.refused)
            .with("leftOut", self.left_out)
            .with("withoutRule", self.unruled)
            .about(subjects)
    }
}

fn because(outcome: Outcome, server: &crate::snapshot::facts::ServerFacts) -> Outcome {
    let rules = server.rules.claims().first().map(|claim| &claim.from);
    let connectors = connectors(server).ok().map(|Claim { from, .. }| from);
    outcome.because_all(rules.into_iter().chain(connectors))
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "The engine sets a password on no account that it does not find by such a rule.".into(),
        steps: vec![
            format!(
                "On {}, look at the rules that carry passwords: the join rule In from AD - User AccountEnabled \
                 has to be enabled, or a copy of it whose scoping filter these people meet.",
                names.server
            ),
            "Bring these people into the filter, or into a container that the connector includes \
             (the wizard: Customize synchronization options > Domain and OU filtering)."
                .into(),
            "Run a full synchronisation, which an initial cycle is.".into(),
        ],
        command: Some(
            "Get-ADSyncRule | Where-Object { $_.EnablePasswordSync -or $_.ImmutableTag -like \
             'Microsoft.InfromADUserAccountEnabled*' } | Format-Table Name,Direction,Disabled,EnablePasswordSync,Precedence; \
             Start-ADSyncSyncCycle -PolicyType Initial"
                .into(),
        ),
        verify: "The next reset of one of them ends with 31002 and not with 33002 in the Application log."
            .into(),
        undo: "Set the filter back in the wizard or the Synchronization Rules Editor, and run an initial cycle again."
            .into(),
    }
}
