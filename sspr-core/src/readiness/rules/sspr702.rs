//! The granting subscription has lapsed.

use super::prelude::*;
use crate::readiness::predicates::counted;
use crate::readiness::predicates::licences::{product_names, writeback_products};

pub(super) const RULE: Rule = Rule {
    code: "SSPR702",
    title: "Lapsed subscription",
    phase: Phase::Licensing,
    severity: Severity::Error,
    gate: false,
    predicts: false,
    needs: &["licences.subscribedSkus", "tenant.sync"],
    rationale: "A suspended or locked-out subscription grants nothing, although its licences are still assigned. \
        They lose writeback without anybody having changed their assignment.",
    sources: &[
        "https://learn.microsoft.com/en-us/graph/api/resources/assignedplan",
        "https://learn.microsoft.com/en-us/graph/api/resources/subscribedsku",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let skus = match writeback_products(cx)? {
        Ok(skus) => skus,
        Err(outcome) => return Ok(outcome),
    };
    let granting = || skus.value.iter().filter(|sku| sku.grants_writeback());
    if granting().next().is_none() {
        return Ok(
            Outcome::not_applicable("No product of the tenant grants writeback (SSPR701).")
                .because(skus),
        );
    }
    if granting().any(|sku| sku.status.usable().is_none()) {
        return Err(Unknown::of("licences.subscribedSkus"));
    }
    let active = granting().any(|sku| sku.status.usable() == Some(true));
    // A lapsed product of which no unit is assigned is history where another one grants.
    let lapsed: Vec<_> = granting()
        .filter(|sku| sku.status.usable() == Some(false) && (!active || sku.consumed > 0))
        .collect();
    if lapsed.is_empty() {
        return Ok(
            Outcome::pass("No subscription that grants writeback has lapsed.").because(skus),
        );
    }
    let units: u64 = lapsed.iter().map(|sku| u64::from(sku.consumed)).sum();
    let states: Vec<_> = lapsed
        .iter()
        .map(|sku| format!("{} is {}", product_names([*sku]), sku.status))
        .collect();
    let assigned = match units {
        0 => "No licence of it is assigned.".to_owned(),
        _ => format!(
            "{} still assigned and {} nothing.",
            counted(units, "licence is", "licences are"),
            if units == 1 { "grants" } else { "grant" }
        ),
    };
    Ok(Outcome::fail(format!("{}. {assigned}", states.join(", ")))
        .with("assignedUnits", units)
        .with("products", product_names(lapsed))
        .because(skus))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "A suspended subscription can be revived until it is deleted, and its licences work again at once.".into(),
        steps: vec![
            "Microsoft 365 admin center > Billing > Your products: reactivate or renew it; or".into(),
            "assign the people another product with Microsoft Entra ID P1.".into(),
        ],
        command: None,
        verify: "Get-MgSubscribedSku | Select-Object SkuPartNumber, CapabilityStatus, ConsumedUnits".into(),
        undo: "Turn recurring billing off again; the subscription lapses at its end.".into(),
    }
}
