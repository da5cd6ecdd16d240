//! Who may do what with which licence: `cargo run -p sspr-examples --bin licensing`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use sspr::licensing::{
    Assignment, CapabilityStatus, Catalogue, Holding, Identity, Operation, PrepaidUnits, Product,
    ServicePlan, SubscribedSku, Tenant,
};

fn main() {
    let catalogue = Catalogue::get();
    // Part numbers mislead: the first one is the product called Business Standard.
    for part in ["O365_BUSINESS_PREMIUM", "SPB", "ENTERPRISEPACK"] {
        for product in catalogue.find(part).into_iter().take(1) {
            println!("{part}: {}", product.name);
            say(product);
        }
    }
}

/// What somebody may do who has this product and no other, in a tenant that owns no other.
fn say(product: &Product) {
    let plan = |plan: &sspr::licensing::EntraPlan| ServicePlan {
        id: plan.id(),
        name: format!("{plan:?}"),
        unavailable: false,
    };
    let owned = [SubscribedSku {
        sku_id: product.id,
        part_number: product.part_number.to_owned(),
        for_users: true,
        status: CapabilityStatus::Enabled,
        consumed: 1,
        prepaid: PrepaidUnits {
            enabled: 1,
            ..PrepaidUnits::default()
        },
        plans: product.plans.iter().map(plan).collect(),
    }];
    let tenant = Tenant {
        skus: Some(&owned),
        subscriptions: &[],
    };
    let assignments = [Assignment {
        product: product.id,
        disabled: &[],
        group: None,
        active: true,
        error: None,
    }];
    let person = Holding {
        plans: None,
        assignments: Some(&assignments),
    };
    for (what, identity, operation) in [
        ("cloud-only, reset", Identity::CloudOnly, Operation::Reset),
        ("synced, change", Identity::Synced, Operation::Change),
        ("synced, reset", Identity::Synced, Operation::Reset),
    ] {
        // Licensed is a question of the person, available one of the tenant: two answers.
        let answer = tenant.entitlement(&person, identity, operation);
        println!(
            "  {what}: licensed {:?}, available {:?}",
            answer.licensed, answer.technically_available
        );
    }
}
