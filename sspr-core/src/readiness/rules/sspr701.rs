//! A subscription that grants writeback.

use super::prelude::*;
use crate::readiness::predicates::licences::{product_names, writeback_products};

pub(super) const RULE: Rule = Rule {
    code: "SSPR701",
    title: "Subscription for writeback",
    phase: Phase::Licensing,
    severity: Severity::Error,
    gate: true,
    predicts: false,
    needs: &["licences.subscribedSkus", "tenant.sync"],
    rationale: "Writing back takes Microsoft Entra ID P1 or P2, alone or inside a suite such as Microsoft 365 \
        Business Premium, E3 or F3. Business Standard and the Office 365 suites hold neither.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-licensing",
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
    let granting: Vec<_> = skus
        .value
        .iter()
        .filter(|sku| sku.grants_writeback())
        .collect();
    let usable = |wanted: Option<bool>| {
        granting
            .iter()
            .copied()
            .filter(move |sku| sku.status.usable() == wanted)
    };
    let active = product_names(usable(Some(true)));
    if !active.is_empty() {
        return Ok(Outcome::pass(format!("Writeback is granted by {active}."))
            .with("products", &active)
            .because(skus));
    }
    if usable(None).next().is_some() {
        return Err(Unknown::of("licences.subscribedSkus"));
    }
    let message = if granting.is_empty() {
        "No product of the tenant holds Microsoft Entra ID P1 or P2, so nothing may be written back."
            .to_owned()
    } else {
        format!(
            "The products that grant writeback are no longer usable: {}.",
            product_names(granting.iter().copied())
        )
    };
    Ok(Outcome::fail(message).because(skus))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Without P1 or P2 the tenant has no right to write back, and the audit activities of \
            password reset are not shown to administrators."
            .into(),
        steps: vec![
            "Buy or renew Microsoft Entra ID P1, or a suite that holds it.".into(),
            "Assign it to the people who are to reset their password, best to their group.".into(),
        ],
        command: None,
        verify: "Get-MgSubscribedSku | Where-Object { $_.ServicePlans.ServicePlanName -match '^AAD_PREMIUM' } | \
            Select-Object SkuPartNumber, CapabilityStatus, ConsumedUnits"
            .into(),
        undo: "Cancel the subscription; writeback ends with it.".into(),
    }
}
