//! Units for all who benefit.

use super::prelude::*;
use crate::licensing::Catalogue;
use crate::readiness::predicates::counted;
use crate::readiness::predicates::licences::{product_names, users_source, writeback_products};

pub(super) const RULE: Rule = Rule {
    code: "SSPR704",
    title: "Enough licences",
    phase: Phase::Licensing,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "licences.subscribedSkus",
        "people.users",
        "sspr.scope",
        "tenant.sync",
    ],
    rationale: "Every person who is to benefit needs a licence of their own. With fewer units than people in scope, \
        somebody uses writeback without one, or a group's assignment fails for want of units.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-licensing",
        "https://learn.microsoft.com/en-us/graph/api/resources/subscribedsku",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let skus = match writeback_products(cx) {
        Ok(Ok(skus)) => skus,
        Ok(Err(outcome)) => return Ok(outcome),
        Err(unknown) => {
            return Err(match cx.people_in_scope() {
                Ok(_) => unknown,
                Err(other) => unknown.and(other),
            });
        }
    };
    let products: Vec<_> = skus
        .value
        .iter()
        .filter(|sku| sku.grants_writeback() && sku.for_users && !for_devices(sku.sku_id))
        .collect();
    let units: u64 = products
        .iter()
        .filter(|sku| sku.status.usable() != Some(false))
        .map(|sku| u64::from(sku.prepaid.enabled))
        .sum();
    let (mut people, mut unclear, mut excluded) = (0_u64, 0_u64, 0_u64);
    for person in cx.people_in_scope()? {
        if cx.config.exclude.covers(&person) {
            excluded += 1;
            continue;
        }
        match person.flags().synced() {
            Some(true) => people += 1,
            Some(false) => {}
            None => unclear += 1,
        }
    }
    let outcome = if people > units {
        Outcome::fail(format!(
            "{} in scope, and {} enabled of products that grant writeback.",
            counted(people, "synchronised person is", "synchronised people are"),
            counted(units, "unit is", "units are")
        ))
        .with("missing", people - units)
    } else if people + unclear > units {
        return Err(Unknown::of("people.onPremisesSyncEnabled"));
    } else {
        Outcome::pass(format!(
            "{} enabled, for {} in scope.",
            counted(units, "unit is", "units are"),
            counted(people, "synchronised person", "synchronised people")
        ))
    };
    Ok(outcome
        .because_all(users_source(cx))
        .with("people", people)
        .with("excluded", excluded)
        .with("units", units)
        .with("products", product_names(products))
        .because(skus))
}

fn for_devices(product: uuid::Uuid) -> bool {
    Catalogue::get()
        .by_id(product)
        .is_some_and(|product| product.for_devices)
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "It is a matter of compliance: the reset of a person without a licence may work all the same.".into(),
        steps: vec![
            "Buy the missing units; or".into(),
            format!("narrow the scope to the group whose members are licensed ({}).", names.group),
        ],
        command: None,
        verify: "Get-MgSubscribedSku | Select-Object SkuPartNumber, ConsumedUnits -ExpandProperty PrepaidUnits".into(),
        undo: "Reduce the units at the next renewal.".into(),
    }
}
