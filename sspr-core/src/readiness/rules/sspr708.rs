//! Group-based licence assignments in error.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::prelude::*;
use crate::licensing::{Catalogue, Ground};
use crate::readiness::predicates::counted;
use crate::readiness::predicates::licences::{
    holds_premium, known_people, product_name, users_source,
};
use crate::snapshot::facts::PeopleSource;
use crate::tenant::PersonRef;

pub(super) const RULE: Rule = Rule {
    code: "SSPR708",
    title: "Group-based assignments in error",
    phase: Phase::Licensing,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["people.users", "people.licences", "licences.subscribedSkus"],
    rationale: "Licences by group are assigned in the background, and a failure is written on the person, not \
        reported: no units left, plans that exclude each other, no usage location. Whoever is in error lacks \
        the right, or keeps an older state of it.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/fundamentals/concept-group-based-licensing",
        "https://learn.microsoft.com/en-us/entra/identity/users/licensing-group-advanced",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let (people, all) = known_people(cx);
    let mut errors: BTreeMap<String, u64> = BTreeMap::new();
    let mut unclear = false;
    let mut concerned = HashMap::new();
    let hit: Vec<_> = people
        .filter(|person| {
            // People with the same licences have the same errors.
            let (own, doubt) = concerned
                .entry(person.licence_key())
                .or_insert_with(|| errors_of(cx, person));
            unclear |= *doubt;
            if !own.is_empty() && !cx.config.exclude.covers(person) {
                for error in own.iter() {
                    *errors.entry(error.clone()).or_default() += 1;
                }
            }
            !own.is_empty()
        })
        .collect();
    let subjects = Subjects::people(cx, hit.into_iter());
    let outcome = if subjects.is_empty() {
        all?;
        let told = |source: &PeopleSource| {
            source.kind == "users" && source.columns.contains(&"licenseAssignmentStates")
        };
        if !cx.facts.people.sources.iter().any(told) {
            return Err(Unknown::of("people.licences"));
        }
        if unclear {
            cx.facts.licences.skus.get()?;
            return Err(Unknown::of("people.licences"));
        }
        Outcome::pass("No group-based assignment of a product that matters here is in error.")
    } else {
        let words: Vec<_> = errors.keys().cloned().collect();
        Outcome::fail(format!(
            "For {} the assignment by a group is in error: {}.",
            counted(subjects.count, "person", "people"),
            words.join("; ")
        ))
        .with("errors", errors)
    };
    Ok(outcome.because_all(users_source(cx)).about(subjects))
}

/// The errors of a person's group-based assignments of products that carry a right, and whether
/// one of a product that is not known might be among them.
fn errors_of(cx: &Context<'_>, person: &PersonRef<'_>) -> (BTreeSet<String>, bool) {
    let mut errors = BTreeSet::new();
    let mut doubt = false;
    for row in person
        .licences()
        .map(|set| set.0.as_slice())
        .unwrap_or_default()
    {
        if row.group.is_none() || (row.active && row.error.is_none()) {
            continue;
        }
        let listed = Catalogue::get().by_id(row.sku);
        let by_name = listed
            .and_then(|product| product.ground)
            .is_some_and(Ground::cloud_reset);
        match holds_premium(cx, row.sku) {
            _ if by_name => {}
            Some(true) => {}
            Some(false) => continue,
            None => {
                doubt = true;
                continue;
            }
        }
        let part_number = cx.facts.licences.skus.value().and_then(|skus| {
            let sku = skus.iter().find(|sku| sku.sku_id == row.sku)?;
            Some(sku.part_number.as_str())
        });
        errors.insert(format!(
            "{} for {}",
            row.error.as_deref().unwrap_or("Error"),
            product_name(row.sku, part_number.unwrap_or_default())
        ));
    }
    (errors, doubt)
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Entra repeats the assignment only when something about the person or the group changes.".into(),
        steps: vec![
            "CountViolation: buy units or free some.".into(),
            "MutuallyExclusiveViolation: switch one of the plans off that exclude each other.".into(),
            "DependencyViolation: switch the plan on that the product depends on.".into(),
            "ProhibitedInUsageLocationViolation: set the person's usage location.".into(),
            "Then have the licences processed again.".into(),
        ],
        command: Some("Invoke-MgLicenseUser -UserId '<user>'".into()),
        verify: "Get-MgUser -UserId '<user>' -Property LicenseAssignmentStates | \
            Select-Object -ExpandProperty LicenseAssignmentStates"
            .into(),
        undo: "Take the person out of the group that assigns the licence.".into(),
    }
}
