//! What the tenant owns: `subscribedSkus` and `directory/subscriptions`.

use super::{Intake, ItemReader, JsonKind};
pub(super) use crate::carrier::json::is_empty_page;
use crate::carrier::json::{Object, Page};
use crate::evidence::{Gap, Locator, Strength};
use crate::licensing::{CompanySubscription, SubscribedSku};

pub(super) const JSON: &[JsonKind] = &[
    JsonKind {
        name: "subscribedSkus",
        strength: Strength::Observed,
        matches: |object, pages| {
            object.has(&["skuId", "servicePlans", "capabilityStatus"])
                || super::tenant::asks_for(object, pages, "#subscribedSkus")
        },
        reader: || Box::new(Skus::default()),
    },
    JsonKind {
        name: "subscriptions",
        strength: Strength::Observed,
        matches: |object, pages| {
            object.has(&["skuId", "isTrial", "status"])
                || super::tenant::asks_for(object, pages, "#directory/subscriptions")
        },
        reader: || Box::new(Subscriptions::default()),
    },
];

#[derive(Default)]
struct Skus {
    skus: Vec<SubscribedSku>,
    faulty: bool,
}

impl ItemReader for Skus {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        if is_empty_page(object) {
            return;
        }
        match SubscribedSku::parse(object) {
            Ok(sku) => self.skus.push(sku),
            Err(error) => {
                self.faulty = true;
                into.origin.fault(error);
            }
        }
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        let mut skus = std::mem::take(&mut self.skus);
        skus.sort_by(|a, b| (&a.part_number, a.sku_id).cmp(&(&b.part_number, b.sku_id)));
        let whole = into.complete() && !self.faulty;
        let fact = &mut into.facts.licences.skus;
        if whole {
            fact.claim(skus, into.origin.at(Locator::Whole));
        } else {
            fact.note_gap(Gap::Unreadable("the list is not known to be whole".into()));
        }
    }
}

#[derive(Default)]
struct Subscriptions {
    subscriptions: Vec<CompanySubscription>,
    faulty: bool,
}

impl ItemReader for Subscriptions {
    fn item(&mut self, into: &mut Intake<'_>, object: &Object<'_>, _: &[Page]) {
        if is_empty_page(object) {
            return;
        }
        match CompanySubscription::parse(object) {
            Ok(subscription) => self.subscriptions.push(subscription),
            Err(error) => {
                self.faulty = true;
                into.origin.fault(error);
            }
        }
    }

    fn finish(&mut self, into: &mut Intake<'_>) {
        let mut subscriptions = std::mem::take(&mut self.subscriptions);
        subscriptions.sort_by(|a, b| {
            (&a.part_number, a.sku_id, a.next_lifecycle).cmp(&(
                &b.part_number,
                b.sku_id,
                b.next_lifecycle,
            ))
        });
        let whole = into.complete() && !self.faulty;
        let fact = &mut into.facts.licences.subscriptions;
        if whole {
            fact.claim(subscriptions, into.origin.at(Locator::Whole));
        } else {
            fact.note_gap(Gap::Unreadable("the list is not known to be whole".into()));
        }
    }
}
