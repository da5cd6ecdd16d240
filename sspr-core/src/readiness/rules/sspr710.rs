//! Products whose right is ambiguous or unknown.

use std::collections::BTreeSet;

use super::prelude::*;
use crate::licensing::{Catalogue, Certainty};
use crate::policy::in_words;
use crate::readiness::predicates::licences::product_name;

pub(super) const RULE: Rule = Rule {
    code: "SSPR710",
    title: "Ambiguous and unknown products",
    phase: Phase::Licensing,
    severity: Severity::Information,
    gate: false,
    predicts: false,
    needs: &["licences.subscribedSkus"],
    rationale: "Microsoft's pages name Business Standard \"or higher\" for a cloud-only reset and P1 or P2 for writeback; \
        older wordings named any paid Office 365 product. What they leave open is named here, and not guessed.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-licensing",
        "https://learn.microsoft.com/en-us/entra/identity/users/licensing-service-plan-reference",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let skus = cx.facts.licences.skus.get()?;
    let (mut ambiguous, mut unknown) = (BTreeSet::new(), BTreeSet::new());
    for sku in &skus.value {
        let lapsed = sku.status.usable() == Some(false);
        // Where the tenant's own list shows P1 or P2, nothing is open.
        if lapsed || !sku.for_users || sku.grants_writeback() {
            continue;
        }
        match Catalogue::get().by_id(sku.sku_id) {
            None => {
                unknown.insert(product_name(sku.sku_id, &sku.part_number));
            }
            Some(product) => {
                let open = product
                    .ground
                    .filter(|ground| ground.certainty() == Certainty::Ambiguous);
                if let Some(ground) = open {
                    ambiguous.insert(format!("{} {}", product.name, ground.reason()));
                }
            }
        }
    }
    if ambiguous.is_empty() && unknown.is_empty() {
        return Ok(
            Outcome::pass("The right of every product of the tenant is known.").because(skus),
        );
    }
    let mut parts: Vec<String> = ambiguous.iter().cloned().collect();
    if !unknown.is_empty() {
        let names: Vec<_> = unknown.iter().map(String::as_str).collect();
        parts.push(format!(
            "The catalogue of products does not know {}",
            in_words(names)
        ));
    }
    Ok(Outcome::fail(format!("{}.", parts.join(". ")))
        .with("ambiguous", ambiguous)
        .with("unknown", unknown)
        .because(skus))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Nobody who holds nothing else can be called licensed or unlicensed for a cloud-only reset.".into(),
        steps: vec![
            "Ask your Microsoft partner whether the product covers self-service password reset; or".into(),
            "assign a product that Microsoft's licensing page names.".into(),
        ],
        command: Some("Get-MgSubscribedSku | Select-Object SkuPartNumber, SkuId, CapabilityStatus".into()),
        verify: "sspr explain <part number>".into(),
        undo: "Nothing is changed by reading.".into(),
    }
}
