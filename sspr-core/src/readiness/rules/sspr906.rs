//! A pilot group: who outside it would be stopped, and by what.

use super::prelude::*;
use crate::licensing::Licensed;
use crate::policy::ResetScope;
use crate::readiness::predicates::directory::{add, counted};
use crate::readiness::predicates::licences::LicenceJudge;
use crate::tenant::PersonRef;

pub(super) const RULE: Rule = Rule {
    code: "SSPR906",
    title: "People outside the pilot group",
    phase: Phase::Evidence,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &[
        "sspr.scope",
        "group.members",
        "people.users",
        "people.registration",
        "people.licences",
        "domain.users",
    ],
    rationale: "A pilot that works says nothing about those who were left out of it. Before the scope \
        is widened, this tells who would be stopped: without a licence, not registered, or protected \
        in the directory.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/howto-sspr-deployment",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-licensing",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let scope = cx.facts.sspr.scope.get()?;
    if !matches!(scope.value, ResetScope::Selected { .. }) {
        let message = "The scope is not one group.";
        return Ok(Outcome::not_applicable(message).because(scope));
    }
    let (inside, people) = match (cx.in_scope(), cx.all_people()) {
        (Ok(inside), Ok(people)) => (inside, people),
        (Err(a), Err(b)) => return Err(a.and(b)),
        (Err(a), _) | (_, Err(a)) => return Err(a),
    };
    let mut tally = Tally::default();
    let mut licences = LicenceJudge::new(cx);
    let mut missing = None;
    let mut excluded = 0;
    let mut stopped = Vec::new();
    let outside = people.filter(|person| {
        let flags = person.flags();
        flags.enabled() != Some(false) && flags.guest() != Some(true) && !inside.has(person)
    });
    for person in outside {
        if cx.config.exclude.covers(&person) {
            excluded += 1;
            continue;
        }
        tally.people += 1;
        let obstacles = [
            (
                unlicensed(&mut licences, &person),
                "people.licences",
                &mut tally.unlicensed,
            ),
            (
                person
                    .flags()
                    .sspr_registered()
                    .map(|registered| !registered),
                "people.registration",
                &mut tally.unregistered,
            ),
            (protected(&person), "domain.users", &mut tally.protected),
        ];
        let mut hit = false;
        for (obstacle, fact, count) in obstacles {
            match obstacle {
                Some(true) => {
                    hit = true;
                    *count += 1;
                }
                Some(false) => {}
                None => add(&mut missing, Unknown::of(fact)),
            }
        }
        if hit {
            stopped.push(person);
        }
    }
    if stopped.is_empty() {
        if let Some(unknown) = missing {
            return Err(unknown);
        }
        let message = format!(
            "None of {} outside the group would be stopped.",
            counted(tally.people, "person", "people")
        );
        return Ok(Outcome::pass(message).because(scope));
    }
    let open = match &missing {
        Some(unknown) => {
            let names: Vec<_> = unknown.missing.iter().map(|m| m.fact.as_ref()).collect();
            format!(" Not known of everybody: {}.", names.join(", "))
        }
        None => String::new(),
    };
    Ok(Outcome::fail(format!(
        "Of {} outside the group {} would be stopped: {} without a licence that covers it, {} \
         not registered, {} protected in the directory.{open}",
        counted(tally.people, "person", "people"),
        stopped.len(),
        tally.unlicensed,
        tally.unregistered,
        tally.protected
    ))
    .with("outside", tally.people)
    .with("unlicensed", tally.unlicensed)
    .with("notRegistered", tally.unregistered)
    .with("protected", tally.protected)
    .about(Subjects {
        excluded,
        ..Subjects::people(cx, stopped.into_iter())
    })
    .because(scope))
}

#[derive(Default)]
struct Tally {
    people: u64,
    unlicensed: u64,
    unregistered: u64,
    protected: u64,
}

/// Whether a person has no licence that carries a reset: with writeback for a synced one. `None`
/// where the evidence cannot tell, or a product's right is ambiguous.
fn unlicensed(licences: &mut LicenceJudge<'_>, person: &PersonRef<'_>) -> Option<bool> {
    match licences.reset(person)?.licensed? {
        Licensed::Yes => Some(false),
        Licensed::No => Some(true),
        Licensed::Ambiguous => None,
    }
}

/// Whether a synced person is protected in the directory as an administrator.
fn protected(person: &PersonRef<'_>) -> Option<bool> {
    if !person.flags().synced()? {
        return Some(false);
    }
    person.flags().admin_count()
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Those who would be stopped call the helpdesk on the day the scope is widened.".into(),
        steps: vec![
            "Assign licences and ask people to register before they come into scope.".into(),
            "Leave protected accounts out: their passwords are reset by an administrator, by design."
                .into(),
            "Widen the scope step by step: add people to the group, then set it to All.".into(),
        ],
        command: Some(format!(
            "Get-MgGroupMember -GroupId {} -All | Measure-Object",
            quoted(&names.group_id)
        )),
        verify: "sspr assess after each step".into(),
        undo: "Set the scope back to the group.".into(),
    }
}
