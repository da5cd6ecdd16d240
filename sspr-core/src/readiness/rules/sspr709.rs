//! Licences for rooms or devices that carry a person's right.

use std::collections::HashMap;

use super::prelude::*;
use crate::licensing::Catalogue;
use crate::readiness::predicates::counted;
use crate::readiness::predicates::licences::{holds_premium, known_people, users_source};
use crate::tenant::PersonRef;

pub(super) const RULE: Rule = Rule {
    code: "SSPR709",
    title: "Room and device licences",
    phase: Phase::Licensing,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &["people.users", "people.licences", "licences.subscribedSkus"],
    rationale: "Some products for meeting rooms and shared devices hold Microsoft Entra ID P1. The plan is there, yet \
        they are not meant for a person: whoever rests on one alone should hold a licence of their own.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-licensing",
        "https://learn.microsoft.com/en-us/entra/identity/users/licensing-service-plan-reference",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let (people, all) = known_people(cx);
    let mut answers = HashMap::new();
    let (mut unclear, mut uncollected) = (false, false);
    let resting: Vec<_> = people
        .filter(|person| {
            uncollected |= person.licences().is_none();
            let answer = *answers
                .entry(person.licence_key())
                .or_insert_with(|| rests_on_device(cx, person));
            unclear |= answer.is_none();
            answer == Some(true)
        })
        .collect();
    let subjects = Subjects::people(cx, resting.into_iter());
    let outcome = if subjects.is_empty() {
        all?;
        if uncollected {
            return Err(Unknown::of("people.licences"));
        }
        if unclear {
            cx.facts.licences.skus.get()?;
            return Err(Unknown::of("people.licences"));
        }
        Outcome::pass("Nobody's right rests on a licence for rooms or devices.")
    } else {
        Outcome::fail(format!(
            "{} from a licence for rooms or shared devices alone. For a room nothing is wrong.",
            counted(
                subjects.count,
                "account has its right",
                "accounts have their right"
            )
        ))
    };
    Ok(outcome.because_all(users_source(cx)).about(subjects))
}

/// Whether all that carries the right is a licence for rooms or devices. `None` when a product is
/// not known well enough.
fn rests_on_device(cx: &Context<'_>, person: &PersonRef<'_>) -> Option<bool> {
    let mut device = false;
    let mut unclear = false;
    let rows = person.licences().map(|set| set.0.as_slice());
    for row in rows.unwrap_or_default().iter().filter(|row| row.active) {
        let listed = Catalogue::get().by_id(row.sku);
        match listed.map(|product| product.for_devices) {
            Some(true) => device |= holds_premium(cx, row.sku) == Some(true),
            _ => match holds_premium(cx, row.sku) {
                Some(true) => return Some(false),
                Some(false) => {}
                None => unclear = true,
            },
        }
    }
    if device && unclear {
        None
    } else {
        Some(device)
    }
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Microsoft licenses people and rooms apart.".into(),
        steps: vec![
            "Look at the accounts: leave rooms and devices as they are, best out of the scope."
                .into(),
            "Assign people a product of their own with Microsoft Entra ID P1.".into(),
        ],
        command: None,
        verify: "Get-MgUserLicenseDetail -UserId '<user>' | Select-Object SkuPartNumber".into(),
        undo: "Take the new licence away again.".into(),
    }
}
