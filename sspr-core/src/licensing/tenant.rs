//! What a tenant owns, and what its people are entitled to by it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Assignment, Availability, CapabilityStatus, Catalogue, Cause, Certainty, CompanySubscription,
    Entitlement, EntraPlan, Ground, Holding, Identity, Licensed, Need, Operation, SubscribedSku,
};

/// What a tenant owns, ready to be asked about its people.
///
/// Answers depend on nothing but the holding: people with the same licences may share them.
///
/// ```
/// use sspr::licensing::*;
///
/// // Somebody synchronised from Active Directory, with Entra ID P1 in grace.
/// let plans = [(EntraPlan::Premium.id(), CapabilityStatus::Warning)];
/// let person = Holding { plans: Some(&plans), assignments: None };
/// let tenant = Tenant::default();
/// let answer = tenant.entitlement(&person, Identity::Synced, Operation::Reset);
/// assert_eq!(answer.licensed, Some(Licensed::Yes));
///
/// // The same person without any plan.
/// let person = Holding { plans: Some(&[]), assignments: None };
/// let answer = tenant.entitlement(&person, Identity::Synced, Operation::Reset);
/// assert_eq!(answer.licensed, Some(Licensed::No));
/// assert_eq!(answer.technically_available, Availability::Unknown);
/// assert_eq!(answer.cause, Cause::NoLicence);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Tenant<'a> {
    /// `subscribedSkus`; `None` when they were not collected.
    pub skus: Option<&'a [SubscribedSku]>,
    /// `directory/subscriptions`, which tell ends; empty when they were not collected.
    pub subscriptions: &'a [CompanySubscription],
}

/// What one licence, or all plans of a person, say. Earlier variants outweigh later ones.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Voice {
    Grants { product: Option<Uuid>, grace: bool },
    Unknown(Cause),
    Ambiguous(Cause),
    Refuses(Cause),
}

impl Voice {
    fn rank(&self) -> u8 {
        match self {
            Self::Grants { grace: false, .. } => 0,
            Self::Grants { grace: true, .. } => 1,
            Self::Unknown(_) => 2,
            Self::Ambiguous(_) => 3,
            // Among refusals the one that is nearest to a grant explains most.
            Self::Refuses(Cause::AssignmentError { .. }) => 4,
            Self::Refuses(Cause::PlanDisabled { .. }) => 5,
            Self::Refuses(Cause::Lapsed { .. }) => 6,
            Self::Refuses(Cause::WithoutRight) => 7,
            Self::Refuses(_) => 8,
        }
    }

    fn best(voices: impl Iterator<Item = Self>) -> Self {
        voices
            .min_by_key(Self::rank)
            .unwrap_or(Self::Refuses(Cause::NoLicence))
    }
}

impl Tenant<'_> {
    /// Whether a person is licensed for an operation, whether the tenant makes it available, and
    /// the nearest cause.
    pub fn entitlement(
        &self,
        person: &Holding<'_>,
        identity: Identity,
        operation: Operation,
    ) -> Entitlement {
        let need = Need::of(identity, operation);
        if need == Need::Nothing {
            return Entitlement {
                licensed: Some(Licensed::Yes),
                technically_available: Availability::Yes,
                cause: Cause::NotNeeded,
                derived: false,
            };
        }
        let voice = self.voice(person, need);
        let by_plan = person.plans.map(premium) == Some(Premium::Usable { grace: false });
        let technically_available = if by_plan {
            Availability::Yes
        } else {
            self.available(need)
        };
        let (licensed, cause) = match voice {
            Voice::Grants { product, grace } => {
                let cause = if grace {
                    let until = product.and_then(|product| self.end_of(product));
                    Cause::GracePeriod { product, until }
                } else {
                    Cause::Granted { product }
                };
                (Some(Licensed::Yes), cause)
            }
            Voice::Unknown(cause) => (None, cause),
            Voice::Ambiguous(cause) => (Some(Licensed::Ambiguous), cause),
            Voice::Refuses(cause) => (Some(Licensed::No), cause),
        };
        Entitlement {
            licensed,
            technically_available,
            cause,
            derived: person.plans.is_none(),
        }
    }

    /// Whether the tenant owns a usable product with the right.
    pub fn available(&self, need: Need) -> Availability {
        if need == Need::Nothing {
            return Availability::Yes;
        }
        let Some(skus) = self.skus else {
            return Availability::Unknown;
        };
        let mut unsure = false;
        for sku in skus.iter().filter(|sku| sku.status.usable() != Some(false)) {
            let granted = sku.grants_writeback()
                || need == Need::CloudReset
                    && match Catalogue::get().by_id(sku.sku_id) {
                        None => {
                            unsure = true;
                            false
                        }
                        Some(product) => product.ground.is_some_and(|ground| {
                            let sure = ground.certainty() != Certainty::Ambiguous;
                            unsure |= !sure;
                            // A listed Entra plan that is switched off here grants nothing.
                            sure && ground.cloud_reset() && ground != Ground::EntraPremium
                        }),
                    };
            match (granted, sku.status.usable()) {
                (true, Some(true)) => return Availability::Yes,
                (true, _) => unsure = true,
                (false, _) => {}
            }
        }
        if unsure {
            Availability::Unknown
        } else {
            Availability::No
        }
    }

    fn voice(&self, person: &Holding<'_>, need: Need) -> Voice {
        let rows = |plans_known: bool| {
            person
                .assignments
                .map(|rows| Voice::best(rows.iter().map(|row| self.row(row, need, plans_known))))
        };
        let Some(plans) = person.plans else {
            return rows(false).unwrap_or(Voice::Unknown(Cause::LicencesNotCollected));
        };
        let rows = rows(true);
        match premium(plans) {
            Premium::Usable { grace } => {
                let product = match rows {
                    Some(Voice::Grants { product, .. }) => product,
                    _ => None,
                };
                return Voice::Grants { product, grace };
            }
            Premium::Unclear => return Voice::Unknown(Cause::LicencesNotCollected),
            Premium::Lapsed(status) if need == Need::Writeback => {
                return Voice::Refuses(Cause::Lapsed {
                    product: None,
                    status,
                });
            }
            Premium::Lapsed(_) | Premium::Absent => {}
        }
        let nothing = !plans
            .iter()
            .any(|(_, status)| status.usable() != Some(false));
        match (need, rows) {
            // The plan stands in a licence and not among the plans.
            (
                Need::Writeback,
                Some(Voice::Grants {
                    product: Some(product),
                    ..
                }),
            ) => Voice::Unknown(Cause::Pending { product }),
            (Need::Writeback, Some(voice)) => match voice {
                Voice::Unknown(Cause::Pending { .. }) | Voice::Refuses(_) => voice,
                // The plans are there and decide, whatever the product is.
                _ => Voice::Refuses(Cause::WithoutRight),
            },
            (
                _,
                Some(Voice::Grants {
                    product: Some(product),
                    ..
                }),
            ) if by_premium(product) => Voice::Unknown(Cause::Pending { product }),
            (_, Some(voice)) => voice,
            (_, None) if nothing => Voice::Refuses(Cause::NoLicence),
            (Need::CloudReset, None) => {
                let basic = EntraPlan::Basic.id();
                let usable = |(id, status): &(Uuid, CapabilityStatus)| {
                    *id == basic && status.usable() == Some(true)
                };
                if plans.iter().any(usable) {
                    Voice::Grants {
                        product: None,
                        grace: false,
                    }
                } else {
                    // Business Standard's right shows in no plan.
                    Voice::Unknown(Cause::LicencesNotCollected)
                }
            }
            (_, None) => Voice::Refuses(Cause::WithoutRight),
        }
    }

    /// What one licence says. Where the plans are known, it only explains them.
    fn row(&self, row: &Assignment<'_>, need: Need, plans_known: bool) -> Voice {
        let product = row.product;
        let owned = self
            .skus
            .map(|skus| skus.iter().find(|sku| sku.sku_id == product));
        let listed = Catalogue::get().by_id(product);
        let own: Option<Vec<Uuid>> = match owned.flatten() {
            Some(sku) => Some(
                sku.plans
                    .iter()
                    .filter(|plan| !plan.unavailable)
                    .map(|plan| plan.id)
                    .collect(),
            ),
            None => listed.map(|product| product.plans.iter().map(|plan| plan.id()).collect()),
        };
        let premium: Option<Vec<Uuid>> = own.as_ref().map(|plans| {
            plans
                .iter()
                .copied()
                .filter(|id| EntraPlan::of(*id).is_some_and(EntraPlan::writeback))
                .collect()
        });
        let ground = listed
            .and_then(|product| product.ground)
            .filter(|ground| need == Need::CloudReset && *ground != Ground::EntraPremium);
        let on = |id: &Uuid| !row.disabled.contains(id);
        let refused = if premium.as_ref().is_some_and(|ids| ids.iter().any(on)) {
            None
        } else if premium.as_ref().is_some_and(|ids| !ids.is_empty()) {
            Some(Cause::PlanDisabled {
                product,
                group: row.group,
            })
        } else {
            match ground {
                Some(Ground::EntraBasic) if !on(&EntraPlan::Basic.id()) => {
                    Some(Cause::PlanDisabled {
                        product,
                        group: row.group,
                    })
                }
                None if premium.is_some() && (need == Need::Writeback || listed.is_some()) => {
                    Some(Cause::WithoutRight)
                }
                Some(_) | None => None,
            }
        };
        if !row.active {
            // A row in error grants nothing, whatever the product is.
            return Voice::Refuses(match refused {
                Some(Cause::WithoutRight) => Cause::WithoutRight,
                _ => Cause::AssignmentError {
                    product,
                    group: row.group,
                    error: row.error.map(ToOwned::to_owned),
                },
            });
        }
        let carries = premium.as_ref().is_some_and(|ids| ids.iter().any(on));
        match owned {
            // The tenant's own list may tell more than the catalogue, so that nothing is decided
            // without it; where plans decide, a licence that carries the right explains them.
            None if !plans_known || need == Need::CloudReset => {
                return Voice::Unknown(Cause::ProductsNotCollected);
            }
            None if carries => return Voice::Unknown(Cause::Pending { product }),
            Some(None) if carries || ground.is_some() => {
                return Voice::Unknown(Cause::ProductsNotCollected);
            }
            _ => {}
        }
        if let Some(cause) = refused {
            return Voice::Refuses(cause);
        }
        let status = owned.flatten().map(|sku| &sku.status);
        match status.map(CapabilityStatus::usable) {
            Some(Some(false)) => {
                return Voice::Refuses(Cause::Lapsed {
                    product: Some(product),
                    status: status.cloned().unwrap_or(CapabilityStatus::Deleted),
                });
            }
            Some(None) => return Voice::Unknown(Cause::ProductsNotCollected),
            Some(Some(true)) | None => {}
        }
        let grants = Voice::Grants {
            product: Some(product),
            grace: status == Some(&CapabilityStatus::Warning),
        };
        match ground {
            _ if carries => grants,
            Some(ground) if ground.certainty() == Certainty::Ambiguous => {
                Voice::Ambiguous(Cause::AmbiguousProduct { product, ground })
            }
            Some(_) => grants,
            None => Voice::Ambiguous(Cause::UnknownProduct { product }),
        }
    }

    fn end_of(&self, product: Uuid) -> Option<DateTime<Utc>> {
        self.subscriptions
            .iter()
            .filter(|subscription| subscription.sku_id == product)
            .filter_map(|subscription| subscription.next_lifecycle)
            .max()
    }
}

/// Whether a product that grants does so by P1 or P2, and not by its name.
fn by_premium(product: Uuid) -> bool {
    let listed = Catalogue::get().by_id(product);
    listed.is_none_or(|product| product.ground == Some(Ground::EntraPremium))
}

/// The best state of P1 and P2 among a person's plans.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Premium {
    Usable { grace: bool },
    Unclear,
    Lapsed(CapabilityStatus),
    Absent,
}

fn premium(plans: &[(Uuid, CapabilityStatus)]) -> Premium {
    let best = plans
        .iter()
        .filter(|(id, _)| EntraPlan::of(*id).is_some_and(EntraPlan::writeback))
        .map(|(_, status)| status)
        .min_by_key(|status| match status.usable() {
            Some(true) => (0, *status),
            None => (1, *status),
            Some(false) => (2, *status),
        });
    match best {
        None | Some(CapabilityStatus::Deleted) => Premium::Absent,
        Some(status) => match status.usable() {
            Some(true) => Premium::Usable {
                grace: *status == CapabilityStatus::Warning,
            },
            None => Premium::Unclear,
            Some(false) => Premium::Lapsed(status.clone()),
        },
    }
}

#[cfg(test)]
#[path = "tenant_tests.rs"]
mod tests;
