//! The granting plan is switched off in the assignment.

use std::collections::BTreeMap;

use super::prelude::*;
use crate::licensing::{Cause, Licensed};
use crate::policy::in_words;
use crate::readiness::predicates::counted;
use crate::readiness::predicates::licences::{
    LicenceJudge, known_people, licences_missing, product_name, users_source,
};

pub(super) const RULE: Rule = Rule {
    code: "SSPR707",
    title: "Plans switched off",
    phase: Phase::Licensing,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &["people.users", "people.licences", "licences.subscribedSkus"],
    rationale: "A product may be assigned without some of its plans. With Microsoft Entra ID P1 switched off, the \
        person holds the suite and not the right, which no list of licences shows at a glance.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-licensing",
        "https://learn.microsoft.com/en-us/entra/fundamentals/concept-group-based-licensing",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let mut judge = LicenceJudge::new(cx);
    let (people, all) = known_people(cx);
    let mut unclear = false;
    let mut products: BTreeMap<String, u64> = BTreeMap::new();
    let off: Vec<_> = people
        .filter(|person| {
            let Some(answer) = judge.reset(person) else {
                unclear = true;
                return false;
            };
            let told = person.licences().is_some() || answer.licensed == Some(Licensed::Yes);
            unclear |= answer.licensed.is_none() || !told;
            match (answer.licensed, &answer.cause) {
                (Some(Licensed::No), Cause::PlanDisabled { product, .. }) => {
                    let counts = u64::from(!cx.config.exclude.covers(person));
                    *products.entry(product_name(*product, "")).or_default() += counts;
                    true
                }
                _ => false,
            }
        })
        .collect();
    let subjects = Subjects::people(cx, off.into_iter());
    let outcome = if subjects.is_empty() {
        all?;
        if unclear {
            return Err(licences_missing(cx));
        }
        Outcome::pass("Nobody holds a product with its granting plan switched off.")
    } else {
        products.retain(|_, count| *count > 0);
        let names = in_words(products.keys().map(String::as_str));
        Outcome::fail(format!(
            "{} {names} with the Entra ID plan switched off, and no other licence that grants \
             the right.",
            counted(subjects.count, "person holds", "people hold")
        ))
        .with("products", products)
    };
    Ok(outcome.because_all(users_source(cx)).about(subjects))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "The licence is paid for; switching the plan on costs nothing.".into(),
        steps: vec![
            "Find the assignment that switches the plan off, a group's or the person's own: Licenses in the person's page of the Entra admin center shows both.".into(),
            "Switch Microsoft Entra ID P1 (and P2) on in it.".into(),
        ],
        command: Some(
            "Set-MgGroupLicense -GroupId '<group id>' -AddLicenses @{ SkuId = '<product id>'; DisabledPlans = @() } -RemoveLicenses @()"
                .into(),
        ),
        verify: "Get-MgUserLicenseDetail -UserId '<user>' | Select-Object -ExpandProperty ServicePlans | \
            Where-Object ServicePlanName -match '^AAD_PREMIUM'"
            .into(),
        undo: "Assign the product again with the plan's id in DisabledPlans.".into(),
    }
}
