//! Former administrators who were left protected.

use super::prelude::*;
use crate::readiness::predicates::directory::{add, counted};
use crate::readiness::predicates::permissions::{
    PEOPLE, inheritance_of, nobody_synced, people, sources_of_people,
};

pub(super) const RULE: Rule = Rule {
    code: "SSPR808",
    title: "Former administrators",
    phase: Phase::Permissions,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "permissions.memberships",
        "permissions.people",
        "people.adUsers",
    ],
    rationale: "When a person leaves the last administrative group, the directory clears neither adminCount \
        nor the blocked inheritance. The grants of writeback do not reach that person until somebody \
        does.",
    sources: &[
        "https://learn.microsoft.com/en-us/windows-server/identity/ad-ds/plan/security-best-practices/appendix-c--protected-accounts-and-groups-in-active-directory",
        "https://learn.microsoft.com/en-us/windows/win32/adschema/a-admincount",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let lists = &cx.facts.permissions.descriptors;
    let (mut former, mut missing, mut all) = (Vec::new(), None, 0_u64);
    for person in people(cx) {
        all += 1;
        let list = person.descriptor().and_then(|id| lists.get(id));
        let blocked = list.map(crate::directory::security::SecurityDescriptor::is_protected);
        match (
            person.flags().admin_count(),
            person.flags().protected(),
            blocked,
        ) {
            (Some(false), _, _) | (_, Some(true), _) | (_, _, Some(false)) => {}
            (Some(true), Some(false), Some(true)) => former.push(person),
            (count, protected, blocked) => {
                if count.is_none() {
                    add(&mut missing, Unknown::of("people.adUsers"));
                }
                if protected.is_none() {
                    add(&mut missing, Unknown::of("permissions.memberships"));
                }
                if blocked.is_none() {
                    add(&mut missing, Unknown::of(PEOPLE));
                }
            }
        }
    }
    let outcome = if !former.is_empty() {
        let count = former.len() as u64;
        Outcome::fail(format!(
            "{} no longer in a protected group, and still {} adminCount 1 and blocked inheritance, so that the \
             grants do not come down.",
            if count == 1 {
                "1 synced person is".to_owned()
            } else {
                format!("{count} synced people are")
            },
            if count == 1 { "has" } else { "have" }
        ))
        .about(Subjects::people(cx, former.into_iter()))
    } else if let Some(unknown) = missing {
        return Err(unknown);
    } else if all == 0 {
        return Err(Unknown::of("people.users"));
    } else {
        Outcome::pass(format!(
            "None of {} was left protected after leaving administration.",
            counted(all, "synced person", "synced people")
        ))
    };
    Ok(outcome.because_all(sources_of_people(cx)))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Once they inherit again, the grants of the organizational unit reach them.".into(),
        steps: vec![
            "Make sure that the person is in no protected group, through no other group either.".into(),
            "Clear adminCount, then enable inheritance.".into(),
        ],
        command: Some(format!(
            "$dn = '<distinguished name of the person>'; Set-ADUser -Identity $dn -Clear adminCount; {}",
            inheritance_of("$dn", false)
        )),
        verify: "(Get-Acl -LiteralPath 'AD:\\<distinguished name of the person>').AreAccessRulesProtected \
            # False, and still so after an hour"
            .into(),
        undo: format!(
            "$dn = '<distinguished name of the person>'; Set-ADUser -Identity $dn -Replace @{{adminCount=1}}; {}",
            inheritance_of("$dn", true)
        ),
    }
}
