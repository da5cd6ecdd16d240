use proptest::prelude::*;

use super::*;
use crate::licensing::{PrepaidUnits, ServicePlan};

const E3: Uuid = Uuid::from_u128(0x05e9_a617_0261_4cee_bb44_138d_3ef5_d965);
const OFFICE_E3: Uuid = Uuid::from_u128(0x6fd2_c87f_b296_42f0_b197_1e91_e994_b900);
const STANDARD: Uuid = Uuid::from_u128(0xf245_ecc8_75af_4f8e_b61f_27d8_114d_e5f3);
const PREMIUM: Uuid = Uuid::from_u128(0xcbdc_14ab_d96c_4c30_b9f4_6ada_7cdc_1d46);
const NEW: Uuid = Uuid::from_u128(0x1111_1111_2222_4333_8444_5555_5555_5555);
const GROUP: Uuid = Uuid::from_u128(0x9999_9999_2222_4333_8444_5555_5555_5555);

fn sku(id: Uuid, status: CapabilityStatus) -> SubscribedSku {
    let product = Catalogue::get().by_id(id);
    SubscribedSku {
        sku_id: id,
        part_number: String::new(),
        for_users: true,
        status,
        consumed: 1,
        prepaid: PrepaidUnits::default(),
        plans: product
            .map(|product| product.plans.as_slice())
            .unwrap_or_default()
            .iter()
            .map(|plan| ServicePlan {
                id: plan.id(),
                name: plan.code().into(),
                unavailable: false,
            })
            .collect(),
    }
}

fn row(product: Uuid) -> Assignment<'static> {
    Assignment {
        product,
        disabled: &[],
        group: None,
        active: true,
        error: None,
    }
}

fn ask(
    skus: Option<&[SubscribedSku]>,
    assignments: Option<&[Assignment<'_>]>,
    plans: Option<&[(Uuid, CapabilityStatus)]>,
    identity: Identity,
    operation: Operation,
) -> Entitlement {
    Tenant {
        skus,
        subscriptions: &[],
    }
    .entitlement(&Holding { plans, assignments }, identity, operation)
}

/// A synced person who resets.
fn synced(skus: &[SubscribedSku], rows: &[Assignment<'_>]) -> Entitlement {
    ask(
        Some(skus),
        Some(rows),
        None,
        Identity::Synced,
        Operation::Reset,
    )
}

#[test]
fn the_matrix_of_the_licensing_page_comes_out() {
    use Identity::{CloudOnly, Synced};
    use Licensed::{No, Yes};
    use Operation::{Change, Reset, Unlock};
    let products: [(&str, &[Uuid]); 4] = [
        ("Entra ID Free", &[]),
        ("Microsoft 365 Business Standard", &[STANDARD]),
        ("Microsoft 365 Business Premium", &[PREMIUM]),
        ("Microsoft 365 E3, which holds Entra ID P1", &[E3]),
    ];
    let matrix = [
        (CloudOnly, Change, [Yes, Yes, Yes, Yes]),
        (CloudOnly, Reset, [No, Yes, Yes, Yes]),
        (Synced, Change, [No, No, Yes, Yes]),
        (Synced, Reset, [No, No, Yes, Yes]),
        (Synced, Unlock, [No, No, Yes, Yes]),
    ];
    for (identity, operation, expected) in matrix {
        for ((name, owned), licensed) in products.iter().zip(expected) {
            let skus: Vec<_> = owned
                .iter()
                .map(|id| sku(*id, CapabilityStatus::Enabled))
                .collect();
            let rows: Vec<_> = owned.iter().map(|id| row(*id)).collect();
            let answer = ask(Some(&skus), Some(&rows), None, identity, operation);
            assert_eq!(
                answer.licensed,
                Some(licensed),
                "{identity:?} {operation:?} {name}"
            );
            let available = if licensed == Yes {
                Availability::Yes
            } else {
                Availability::No
            };
            assert_eq!(
                answer.technically_available, available,
                "{identity:?} {operation:?} {name}"
            );
        }
    }
}

#[test]
fn the_two_answers_stay_apart() {
    let answer = synced(
        &[
            sku(E3, CapabilityStatus::Enabled),
            sku(OFFICE_E3, CapabilityStatus::Enabled),
        ],
        &[row(OFFICE_E3)],
    );
    assert_eq!(answer.licensed, Some(Licensed::No));
    assert_eq!(answer.technically_available, Availability::Yes);
    assert_eq!(answer.cause, Cause::WithoutRight);
}

#[test]
fn a_plan_switched_off_in_one_assignment_may_come_from_another() {
    let skus = [sku(E3, CapabilityStatus::Enabled)];
    let off = [EntraPlan::Premium.id()];
    let without = Assignment {
        disabled: &off,
        group: Some(GROUP),
        ..row(E3)
    };
    let answer = synced(&skus, &[without]);
    assert_eq!(answer.licensed, Some(Licensed::No));
    assert_eq!(
        answer.cause,
        Cause::PlanDisabled {
            product: E3,
            group: Some(GROUP)
        }
    );
    assert_eq!(
        synced(&skus, &[without, row(E3)]).licensed,
        Some(Licensed::Yes)
    );
}

#[test]
fn a_licence_in_error_grants_nothing_and_is_named() {
    let failed = Assignment {
        active: false,
        error: Some("CountViolation"),
        group: Some(GROUP),
        ..row(E3)
    };
    let answer = synced(
        &[sku(E3, CapabilityStatus::Enabled)],
        &[failed, row(OFFICE_E3)],
    );
    assert_eq!(answer.licensed, Some(Licensed::No));
    assert!(
        answer.cause.to_string().contains("CountViolation"),
        "{}",
        answer.cause
    );
}

#[test]
fn grace_counts_and_suspension_does_not() {
    let grace = synced(&[sku(E3, CapabilityStatus::Warning)], &[row(E3)]);
    assert_eq!(grace.licensed, Some(Licensed::Yes));
    assert!(matches!(grace.cause, Cause::GracePeriod { .. }));
    let gone = synced(&[sku(E3, CapabilityStatus::Suspended)], &[row(E3)]);
    assert_eq!(gone.licensed, Some(Licensed::No));
    assert!(matches!(gone.cause, Cause::Lapsed { .. }));
    assert_eq!(gone.technically_available, Availability::No);
}

#[test]
fn assignments_without_the_tenants_products_decide_nothing() {
    for product in [E3, OFFICE_E3, NEW] {
        for identity in [Identity::Synced, Identity::CloudOnly] {
            let answer = ask(
                None,
                Some(&[row(product)]),
                None,
                identity,
                Operation::Reset,
            );
            assert_eq!(answer.licensed, None, "{product} {identity:?}");
            assert_eq!(answer.cause, Cause::ProductsNotCollected);
        }
    }
    let none = ask(None, Some(&[]), None, Identity::Synced, Operation::Reset);
    assert_eq!(
        none.licensed,
        Some(Licensed::No),
        "nobody without a licence has one"
    );
}

#[test]
fn the_tenants_own_list_outweighs_the_catalogue() {
    let mut new = sku(NEW, CapabilityStatus::Enabled);
    assert_eq!(
        synced(&[new.clone()], &[row(NEW)]).licensed,
        Some(Licensed::No)
    );
    new.plans.push(ServicePlan {
        id: EntraPlan::PremiumP2.id(),
        name: "AAD_PREMIUM_P2".into(),
        unavailable: false,
    });
    assert_eq!(
        synced(&[new.clone()], &[row(NEW)]).licensed,
        Some(Licensed::Yes)
    );
    new.plans[0].unavailable = true;
    assert_eq!(synced(&[new], &[row(NEW)]).licensed, Some(Licensed::No));
}

#[test]
fn ambiguous_and_unknown_products_are_named_not_guessed() {
    let skus = [
        sku(OFFICE_E3, CapabilityStatus::Enabled),
        sku(NEW, CapabilityStatus::Enabled),
    ];
    let ask = |product| {
        ask(
            Some(&skus),
            Some(&[row(product)]),
            None,
            Identity::CloudOnly,
            Operation::Reset,
        )
    };
    let office = ask(OFFICE_E3);
    assert_eq!(office.licensed, Some(Licensed::Ambiguous));
    assert!(
        office
            .cause
            .to_string()
            .starts_with("Office 365 E3 is a paid")
    );
    assert_eq!(ask(NEW).cause, Cause::UnknownProduct { product: NEW });
    assert_eq!(office.technically_available, Availability::Unknown);
}

#[test]
fn plans_decide_and_a_licence_that_runs_ahead_of_them_is_pending() {
    let skus = [sku(E3, CapabilityStatus::Enabled)];
    let deleted = [(EntraPlan::Premium.id(), CapabilityStatus::Deleted)];
    let ask = |skus, rows: &[Assignment<'_>], plans: &[(Uuid, CapabilityStatus)]| {
        ask(
            skus,
            Some(rows),
            Some(plans),
            Identity::Synced,
            Operation::Change,
        )
    };
    let pending = ask(Some(&skus), &[row(E3)], &deleted);
    assert_eq!(pending.licensed, None);
    assert_eq!(pending.cause, Cause::Pending { product: E3 });
    assert_eq!(
        ask(None, &[row(E3)], &deleted).cause,
        Cause::Pending { product: E3 }
    );
    assert_eq!(
        ask(None, &[row(OFFICE_E3)], &deleted).licensed,
        Some(Licensed::No)
    );
    assert_eq!(
        ask(None, &[row(NEW)], &deleted).licensed,
        Some(Licensed::No)
    );
    let suspended = [(EntraPlan::Premium.id(), CapabilityStatus::Suspended)];
    assert!(matches!(
        ask(Some(&skus), &[row(E3)], &suspended).cause,
        Cause::Lapsed { .. }
    ));
}

#[test]
fn of_several_states_of_one_plan_the_best_counts() {
    let plans = [
        (EntraPlan::Premium.id(), CapabilityStatus::Deleted),
        (EntraPlan::PremiumP2.id(), CapabilityStatus::Enabled),
    ];
    let answer = ask(
        None,
        None,
        Some(&plans),
        Identity::Synced,
        Operation::Unlock,
    );
    assert_eq!(answer.licensed, Some(Licensed::Yes));
    assert_eq!(answer.technically_available, Availability::Yes);
    assert!(!answer.derived);
}

#[test]
fn a_cloud_reset_is_not_denied_by_plans_alone() {
    let exchange = [(NEW, CapabilityStatus::Enabled)];
    let answer = ask(
        None,
        None,
        Some(&exchange),
        Identity::CloudOnly,
        Operation::Reset,
    );
    assert_eq!(
        answer.licensed, None,
        "Business Standard shows no plan of its own"
    );
    let answer = ask(None, None, Some(&[]), Identity::CloudOnly, Operation::Reset);
    assert_eq!(answer.licensed, Some(Licensed::No));
}

/// How good an answer is.
fn worth(answer: &Entitlement) -> u8 {
    match answer.licensed {
        Some(Licensed::Yes) => 3,
        None => 2,
        Some(Licensed::Ambiguous) => 1,
        Some(Licensed::No) => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn one_more_licence_never_makes_it_worse(
        states in proptest::collection::vec(0_usize..5, 5),
        rows in proptest::collection::vec((0_usize..6, any::<bool>(), any::<bool>()), 0..4),
        more in (0_usize..6, any::<bool>(), any::<bool>()),
        collected in any::<bool>(),
        synced in any::<bool>(),
    ) {
        use CapabilityStatus::{Enabled, LockedOut, Other, Suspended, Warning};
        const PRODUCTS: [Uuid; 5] = [E3, OFFICE_E3, STANDARD, PREMIUM, NEW];
        const NOT_OWNED: Uuid = Uuid::from_u128(7);
        let premium = [EntraPlan::Premium.id(), EntraPlan::PremiumP2.id()];
        let states: Vec<_> = states
            .into_iter()
            .map(|state| [Enabled, Warning, Suspended, LockedOut, Other("New".into())][state].clone())
            .collect();
        let skus: Vec<_> = PRODUCTS.iter().zip(states).map(|(id, state)| sku(*id, state)).collect();
        let licence = |(product, active, disabled): (usize, bool, bool)| Assignment {
            product: PRODUCTS.get(product).copied().unwrap_or(NOT_OWNED),
            disabled: if disabled { &premium } else { &[] },
            group: None,
            active,
            error: None,
        };
        let mut rows: Vec<_> = rows.into_iter().map(licence).collect();
        let identity = if synced { Identity::Synced } else { Identity::CloudOnly };
        let answer = |rows: &[Assignment<'_>]| {
            worth(&ask(collected.then_some(&skus), Some(rows), None, identity, Operation::Reset))
        };
        let before = answer(&rows);
        rows.push(licence(more));
        prop_assert!(answer(&rows) >= before);
    }
}
