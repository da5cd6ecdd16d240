//! Products and service plans.

use super::known_rules;
use crate::explain::{Topic, TopicKind};
use crate::licensing::{Catalogue, Certainty, EntraPlan, Product};

/// How many products are named that hold a plan.
const PRODUCTS: usize = 5;
const LICENSING: &str =
    "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-licensing";

/// Products and plans by name.
pub(in crate::explain) fn products(asked: &str) -> Vec<Topic> {
    if let Some(found) = EntraPlan::named(asked) {
        return vec![plan(found)];
    }
    let products = Catalogue::get().find(asked);
    products.into_iter().map(describe_product).collect()
}

pub(super) fn plan(plan: EntraPlan) -> Topic {
    let holders: Vec<_> = Catalogue::get()
        .products()
        .iter()
        .filter(|product| product.plans.contains(&plan))
        .collect();
    let first: Vec<_> = holders.iter().take(PRODUCTS).map(|p| p.name).collect();
    let (meaning, step) = if plan.writeback() {
        (
            "It grants password writeback, and with it every kind of reset and change.",
            "Assign a product that holds it to synced people in scope, and leave the plan switched \
             on in the assignment.",
        )
    } else {
        (
            "It does not grant password writeback.",
            "Synced people in scope need Entra ID P1 or P2 for writeback.",
        )
    };
    Topic {
        meaning: format!("{} ({}). {meaning}", plan.name(), plan.id()),
        steps: vec![step.into()],
        notes: vec![format!(
            "{} products hold it, among them {}.",
            holders.len(),
            first.join(", ")
        )],
        rules: known_rules(&["SSPR701", "SSPR705", "SSPR707"]),
        sources: vec![LICENSING.into()],
        ..Topic::new(TopicKind::Plan, plan.code(), plan.name())
    }
}

pub(super) fn describe_product(product: &Product) -> Topic {
    let ground = product.ground;
    let writeback = ground.is_some_and(crate::licensing::Ground::writeback);
    let (meaning, step) = if writeback {
        (
            "It grants password writeback: synced people may change, reset and unlock.".to_owned(),
            "Nothing to do, if it is assigned to the people in scope.",
        )
    } else {
        let cloud = match ground {
            Some(ground) if ground.cloud_reset() => match ground.certainty() {
                Certainty::Granted => {
                    "Cloud-only people may reset a forgotten password with it".to_owned()
                }
                Certainty::Historical => {
                    "It once let cloud-only people reset a forgotten password".to_owned()
                }
                Certainty::Ambiguous => {
                    "Whether cloud-only people may reset a forgotten password with it is not clear"
                        .to_owned()
                }
            },
            _ => "It gives no right to reset a forgotten password".to_owned(),
        };
        let why = ground.map_or_else(String::new, |g| format!(": it {}", g.reason()));
        (
            format!("It does not grant password writeback. {cloud}{why}."),
            "Synced people in scope need Entra ID P1 or P2 beside it, or a product that holds one.",
        )
    };
    let mut notes = Vec::new();
    if !product.plans.is_empty() {
        let plans: Vec<_> = product.plans.iter().map(|plan| plan.name()).collect();
        notes.push(format!("It holds {}.", plans.join(", ")));
    }
    if product.for_devices {
        notes.push("It is meant for rooms or shared devices, not for people.".into());
    }
    Topic {
        meaning,
        steps: vec![step.into()],
        notes: [vec![format!("Its id (skuId) is {}.", product.id)], notes].concat(),
        rules: known_rules(&["SSPR701", "SSPR705", "SSPR706", "SSPR709", "SSPR710"]),
        sources: vec![LICENSING.into()],
        ..Topic::new(TopicKind::Product, product.part_number, product.name)
    }
}
