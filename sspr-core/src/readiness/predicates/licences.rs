//! Who is licensed for what.

use std::collections::HashMap;

use uuid::Uuid;

use super::counted;
use crate::evidence::{Claim, Provenance, Unknown};
use crate::licensing::{
    Availability, Catalogue, Entitlement, EntraPlan, Identity, Licensed, Need, Operation,
    SubscribedSku,
};
use crate::readiness::{Context, Judgement, Names, Outcome, Remedy, Subjects, quoted};
use crate::snapshot::facts::LicenceFacts;
use crate::tenant::PersonRef;

/// Judges people's licences and remembers the answer of each set of licences.
pub(in crate::readiness) struct LicenceJudge<'a> {
    licences: &'a LicenceFacts,
    /// By set of licences, and whether the person is synchronised.
    known: HashMap<((u32, u32), bool), Option<Entitlement>>,
}

impl<'a> LicenceJudge<'a> {
    /// A judge over the tenant's products, as far as they are known.
    pub(in crate::readiness) fn new(cx: &Context<'a>) -> Self {
        Self {
            licences: &cx.facts.licences,
            known: HashMap::new(),
        }
    }

    /// Whether a person is licensed to reset a forgotten password: for a synchronised person that is
    /// the right to write back. `None` where the evidence cannot tell.
    pub(in crate::readiness) fn licensed(&mut self, person: &PersonRef<'_>) -> Option<Licensed> {
        self.reset(person)?.licensed
    }

    /// The answer about a person who resets a forgotten password; `None` where it is not known whether the
    /// person is synchronised.
    pub(in crate::readiness) fn reset(&mut self, person: &PersonRef<'_>) -> Option<&Entitlement> {
        let key = (person.licence_key(), person.flags().synced()?);
        self.known
            .entry(key)
            .or_insert_with(|| self.licences.entitlement(person, Operation::Reset))
            .as_ref()
    }
}

/// People in scope by the answer about their licence to reset. Excluded people are counted among
/// the unlicensed alone, where a finding shows how many were left out.
#[derive(Default)]
struct ByLicence<'a> {
    licensed: u64,
    unlicensed: Vec<PersonRef<'a>>,
    ambiguous: u64,
    unknown: u64,
}

impl<'a> ByLicence<'a> {
    /// Enabled people in scope of one identity. People of whom it is not known whether they are
    /// synchronised are among the unknown.
    fn of(
        cx: &Context<'a>,
        judge: &mut LicenceJudge<'a>,
        identity: Identity,
    ) -> Result<Self, Unknown> {
        let mut by = Self::default();
        for person in cx.people_in_scope()? {
            let synced = person.flags().synced();
            if synced.is_some_and(|synced| synced != (identity == Identity::Synced)) {
                continue;
            }
            let counts = u64::from(!cx.config.exclude.covers(&person));
            match judge.licensed(&person) {
                Some(Licensed::Yes) => by.licensed += counts,
                Some(Licensed::No) => by.unlicensed.push(person),
                Some(Licensed::Ambiguous) => by.ambiguous += counts,
                None => by.unknown += counts,
            }
        }
        Ok(by)
    }

    fn is_empty(&self) -> bool {
        self.licensed + self.ambiguous + self.unknown == 0 && self.unlicensed.is_empty()
    }
}

/// Whether everybody of one identity in scope is licensed to reset. Entra does not enforce it
/// person by person, and the words say so.
pub(in crate::readiness) fn judge_people(cx: &Context<'_>, identity: Identity) -> Judgement {
    let mut judge = LicenceJudge::new(cx);
    let by = ByLicence::of(cx, &mut judge, identity)?;
    let (kind, right) = match identity {
        Identity::Synced => ("synchronised", "for writeback"),
        Identity::CloudOnly => ("cloud-only", "to reset a forgotten password"),
    };
    if by.is_empty() {
        let message = format!("No {kind} person is in scope.");
        return Ok(Outcome::not_applicable(message));
    }
    let subjects = Subjects::people(cx, by.unlicensed.iter().copied());
    let outcome = if !subjects.is_empty() {
        let enforced = match judge
            .licences
            .tenant()
            .available(Need::of(identity, Operation::Reset))
        {
            Availability::No => "No usable product of the tenant grants it either.",
            Availability::Yes | Availability::Unknown => {
                "Their reset may work all the same: it is a matter of compliance."
            }
        };
        Outcome::fail(format!(
            "{} in scope without a licence {right}. {enforced}",
            counted(
                subjects.count,
                &format!("{kind} person is"),
                &format!("{kind} people are")
            )
        ))
    } else if by.unknown > 0 {
        return Err(licences_missing(cx));
    } else if by.ambiguous > 0 {
        Outcome::pass(format!(
            "No {kind} person in scope is without a licence {right}; {} on which Microsoft's pages \
             disagree (SSPR710).",
            counted(
                by.ambiguous,
                "person holds a product",
                "people hold products"
            )
        ))
    } else {
        Outcome::pass(format!(
            "No {kind} person in scope is without a licence {right}."
        ))
    };
    Ok(outcome
        .with("licensed", by.licensed)
        .with("ambiguous", by.ambiguous)
        .with("notKnown", by.unknown)
        .because_all(users_source(cx))
        .about(subjects))
}

/// The remedy for people without a licence: `product` is what to choose.
pub(in crate::readiness) fn license_people(names: &Names, product: &str) -> Remedy {
    let group = quoted(&names.group_id);
    Remedy {
        why: "The licence terms ask for one licence a person; Entra may let the others pass.".into(),
        steps: vec![
            format!("Choose {product}: Get-MgSubscribedSku lists what the tenant owns."),
            "Assign it to the group in scope: its direct members receive it, members of nested groups do not.".into(),
            "Or leave these people out of the scope.".into(),
        ],
        command: Some(format!(
            "Set-MgGroupLicense -GroupId {group} -AddLicenses @{{ SkuId = '<product id>' }} -RemoveLicenses @()"
        )),
        verify: "Get-MgUserLicenseDetail -UserId '<user>' | Select-Object SkuPartNumber -ExpandProperty ServicePlans".into(),
        undo: format!(
            "Set-MgGroupLicense -GroupId {group} -AddLicenses @() -RemoveLicenses @('<product id>')"
        ),
    }
}

/// Enabled people of the tenant who are no guests, whatever the scope is, and whether they are all.
/// A rule that finds somebody among them fails; it passes only when they are all.
pub(in crate::readiness) fn known_people<'a>(
    cx: &Context<'a>,
) -> (
    impl Iterator<Item = PersonRef<'a>> + use<'a>,
    Result<(), Unknown>,
) {
    let people = cx.facts.people.people.iter().filter(|person| {
        let flags = person.flags();
        flags.listed() == Some(true)
            && flags.enabled() != Some(false)
            && flags.guest() != Some(true)
    });
    (people, cx.all_people().map(|_| ()))
}

/// The list of users that people are read from.
pub(in crate::readiness) fn users_source<'a>(cx: &Context<'a>) -> Option<&'a Provenance> {
    let sources = &cx.facts.people.sources;
    let source = sources.iter().find(|source| source.kind == "users")?;
    Some(&source.from)
}

/// What would settle a person's licence: the licences and, with them, the tenant's products.
pub(in crate::readiness) fn licences_missing(cx: &Context<'_>) -> Unknown {
    let licences = Unknown::of("people.licences");
    match cx.facts.licences.skus.get() {
        Ok(_) => licences,
        Err(unknown) => licences.and(unknown),
    }
}

/// `Some(outcome)` when nobody is synchronised, so that writeback is no question.
pub(in crate::readiness) fn without_synced_people(
    cx: &Context<'_>,
) -> Result<Option<Outcome>, Unknown> {
    let none = !cx.has_synced_people()?;
    Ok(none.then(|| {
        Outcome::not_applicable(
            "Nobody is synchronised from Active Directory, so nothing is written back.",
        )
    }))
}

/// The products of the tenant, when the premise of writeback holds; both are asked for at once, so
/// that a report names all that is missing.
pub(in crate::readiness) fn writeback_products<'a>(
    cx: &Context<'a>,
) -> Result<Result<&'a Claim<Vec<SubscribedSku>>, Outcome>, Unknown> {
    match (without_synced_people(cx), cx.facts.licences.skus.get()) {
        (Ok(Some(outcome)), _) => Ok(Err(outcome)),
        (Ok(None), Ok(skus)) => Ok(Ok(skus)),
        (Err(a), Err(b)) => Err(a.and(b)),
        (Err(unknown), _) | (_, Err(unknown)) => Err(unknown),
    }
}

/// What a product is called.
pub(in crate::readiness) fn product_name(id: Uuid, part_number: &str) -> String {
    match Catalogue::get().by_id(id) {
        Some(product) => product.name.to_owned(),
        None if part_number.is_empty() => format!("product {id}"),
        None => part_number.to_owned(),
    }
}

/// The names of products, sorted and joined.
pub(in crate::readiness) fn product_names<'s>(
    skus: impl IntoIterator<Item = &'s SubscribedSku>,
) -> String {
    let mut names: Vec<_> = skus
        .into_iter()
        .map(|sku| product_name(sku.sku_id, &sku.part_number))
        .collect();
    names.sort();
    names.dedup();
    names.join(", ")
}

/// Whether a product holds P1 or P2, by the tenant's list or by the catalogue. `None` when neither
/// knows the product, or the tenant's list was not collected and might know better.
pub(in crate::readiness) fn holds_premium(cx: &Context<'_>, product: Uuid) -> Option<bool> {
    let listed = Catalogue::get()
        .by_id(product)
        .map(|product| product.plans.iter().any(|plan| plan.writeback()));
    if listed == Some(true) {
        return Some(true);
    }
    let skus = cx.facts.licences.skus.value()?;
    match skus.iter().find(|sku| sku.sku_id == product) {
        Some(sku) => Some(
            sku.plans
                .iter()
                .any(|plan| EntraPlan::of(plan.id).is_some_and(EntraPlan::writeback)),
        ),
        None => listed,
    }
}
