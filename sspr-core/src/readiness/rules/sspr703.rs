//! The granting subscription is about to end.

use chrono::{DateTime, Duration, Utc};

use super::prelude::*;
use crate::licensing::CapabilityStatus;
use crate::readiness::predicates::licences::{product_name, writeback_products};

pub(super) const RULE: Rule = Rule {
    code: "SSPR703",
    title: "Grace periods and trials",
    phase: Phase::Licensing,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "licences.subscriptions",
        "licences.subscribedSkus",
        "tenant.sync",
    ],
    rationale: "In its grace period a subscription still works, and then it is suspended; a trial ends on its day. \
        From then on nobody may write back.",
    sources: &[
        "https://learn.microsoft.com/en-us/graph/api/resources/companysubscription",
        "https://learn.microsoft.com/en-us/graph/api/resources/assignedplan",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    let subscriptions = cx.facts.licences.subscriptions.get();
    let skus = match writeback_products(cx) {
        Ok(Ok(skus)) => skus,
        Ok(Err(outcome)) => return Ok(outcome),
        Err(unknown) => {
            return Err(match subscriptions {
                Ok(_) => unknown,
                Err(other) => unknown.and(other),
            });
        }
    };
    let granting: Vec<_> = skus
        .value
        .iter()
        .filter(|sku| sku.grants_writeback())
        .collect();
    if granting.is_empty() {
        return Ok(
            Outcome::not_applicable("No product of the tenant grants writeback (SSPR701).")
                .because(skus),
        );
    }
    let mut ending: Vec<String> = granting
        .iter()
        .filter(|sku| sku.status == CapabilityStatus::Warning)
        .map(|sku| {
            let name = product_name(sku.sku_id, &sku.part_number);
            format!("{name} has expired and is in its grace period")
        })
        .collect();
    let mut next: Option<DateTime<Utc>> = None;
    if let Ok(subscriptions) = subscriptions {
        let horizon = cx.as_of + Duration::days(i64::from(cx.config.thresholds.trial_days));
        for subscription in &subscriptions.value {
            let ends = subscription.next_lifecycle.filter(|end| *end <= horizon);
            let granted = granting.iter().any(|sku| sku.sku_id == subscription.sku_id);
            let usable = subscription.status.usable() != Some(false);
            let Some(end) = ends.filter(|_| granted && usable && subscription.trial) else {
                continue;
            };
            next = Some(next.map_or(end, |known| known.min(end)));
            let name = product_name(subscription.sku_id, &subscription.part_number);
            let verb = if end < cx.as_of { "ended" } else { "ends" };
            ending.push(format!(
                "the trial of {name} {verb} on {}",
                end.format("%Y-%m-%d")
            ));
        }
    }
    let outcome = if ending.is_empty() {
        let subscriptions = subscriptions?;
        Outcome::pass("No subscription that grants writeback is about to end.")
            .because(subscriptions)
    } else {
        ending.sort();
        ending.dedup();
        let mut message = ending.join("; ");
        message.push('.');
        let mut first = message.chars();
        let message = match first.next() {
            Some(c) => c.to_uppercase().chain(first).collect(),
            None => message,
        };
        let outcome = Outcome::fail(message);
        match (next, subscriptions) {
            (Some(next), Ok(claim)) => outcome.with("ends", next).because(claim),
            _ => outcome,
        }
    };
    Ok(outcome.because(skus))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "After the end nothing is written back, for anybody who has no other licence.".into(),
        steps: vec!["Microsoft 365 admin center > Billing > Your products: buy or renew it before that day.".into()],
        command: None,
        verify: "Get-MgDirectorySubscription | Select-Object SkuPartNumber, Status, IsTrial, NextLifecycleDateTime".into(),
        undo: "Turn recurring billing off again; the subscription lapses at its end.".into(),
    }
}
