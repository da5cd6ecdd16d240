//! Scope, methods and registration: what the rules of the first phase ask.

use std::collections::BTreeSet;

use crate::evidence::{Claim, Gap, Known, Missing, Provenance, Strength, Unknown};
use crate::policy::{
    AdministratorGates, ConvergedMethod, Gates, LegacyMethod, MethodKind, MethodsRequired,
    MigrationState, UsableMethods, usable,
};
use crate::readiness::{Context, Outcome, Remedy};
use crate::snapshot::facts::{PeopleSource, Proof};
use crate::tenant::{PersonRef, SyncState};

/// The same evidence as the ground of a conclusion.
pub(crate) fn inferred(from: &Provenance) -> Provenance {
    Provenance {
        strength: Strength::Inferred,
        ..from.clone()
    }
}

/// A self-service reset that is not older than what speaks against it. A contrary fact without a
/// time cannot be outdated by anything.
pub(crate) fn reset_after<'a>(cx: &Context<'a>, contrary: &Provenance) -> Option<&'a Proof> {
    cx.reset_proof_since(Some(contrary.observed_at?))
}

/// How many methods a reset takes.
pub(crate) fn required(cx: &Context<'_>) -> Result<MethodsRequired, Unknown> {
    let fact = &cx.facts.sspr.methods_required;
    MethodsRequired::try_from(fact.get()?.value).map_err(|message| unreadable(fact.name(), message))
}

/// A fact that is there and cannot be used.
pub(crate) fn unreadable(fact: &'static str, why: impl Into<String>) -> Unknown {
    Unknown {
        missing: vec![Missing {
            fact: fact.into(),
            subject: None,
            gap: Gap::Unreadable(why.into()),
        }],
    }
}

/// The facts that decide which methods a reset can use.
pub(crate) const METHOD_FACTS: &[&str] = &[
    "sspr.methodsRequired",
    "methods.migrationState",
    "methods.converged",
    "sspr.methods",
];

/// What the evidence leaves open about the methods that a reset can use: every requirement and
/// migration state that is possible, each with the least and the most that may be usable.
pub(crate) struct Methods {
    worlds: Vec<(UsableMethods, UsableMethods)>,
    unknown: Option<Unknown>,
    /// The facts that decide.
    pub(crate) evidence: Vec<Provenance>,
}

impl Methods {
    /// Looks at everything that is known.
    pub(crate) fn of(cx: &Context<'_>) -> Self {
        let mut open = Open::default();
        let required = match required(cx) {
            Ok(required) => {
                open.used(&cx.facts.sspr.methods_required);
                vec![required]
            }
            Err(unknown) => {
                open.missing(unknown);
                vec![MethodsRequired::One, MethodsRequired::Two]
            }
        };
        let states = open
            .look(&cx.facts.methods.migration)
            .map_or_else(|| MigrationState::ALL.to_vec(), |state| vec![*state]);
        let legacy = open.look(&cx.facts.sspr.methods);
        let (least_legacy, most_legacy) = legacy.map_or_else(
            || (BTreeSet::new(), LegacyMethod::ALL.into()),
            |known| (known.clone(), known.clone()),
        );
        let (least_converged, most_converged) = if states.iter().any(|state| state.uses_converged())
        {
            open.look(&cx.facts.methods.converged).map_or_else(
                || (Vec::new(), every_converged()),
                |known| (known.clone(), known.clone()),
            )
        } else {
            // It does not count, and only tells what is set aside.
            let known = cx.facts.methods.converged.value().cloned();
            let known = known.unwrap_or_default();
            (known.clone(), known)
        };
        let mut worlds = Vec::new();
        for required in required {
            for state in &states {
                worlds.push((
                    usable(&least_legacy, &least_converged, *state, required),
                    usable(&most_legacy, &most_converged, *state, required),
                ));
            }
        }
        Self {
            worlds,
            unknown: open.unknown,
            evidence: open.evidence,
        }
    }

    /// The answer that holds whatever is left open, with the methods to speak of and whether these
    /// are all. The answer must depend on the set of methods in one direction only, so that what
    /// holds for the least and the most holds in between.
    pub(crate) fn judge<T: PartialEq>(
        &self,
        answer: impl Fn(&UsableMethods) -> T,
    ) -> Result<(T, &UsableMethods, bool), Unknown> {
        let mut answers = self
            .worlds
            .iter()
            .flat_map(|(least, most)| [answer(least), answer(most)]);
        if let (Some(first), Some((least, most))) = (answers.next(), self.worlds.first())
            && answers.all(|other| other == first)
        {
            let exact = self.worlds.len() == 1 && least == most;
            return Ok((first, least, exact));
        }
        Err(self
            .unknown
            .clone()
            .unwrap_or_else(|| Unknown::of("sspr.methods")))
    }
}

/// Facts that were looked at: those that are known, and what is missing.
#[derive(Default)]
struct Open {
    unknown: Option<Unknown>,
    evidence: Vec<Provenance>,
}

impl Open {
    fn used<T>(&mut self, fact: &Known<T>) {
        self.evidence
            .extend(fact.claims().first().map(|claim| claim.from.clone()));
    }

    fn missing(&mut self, unknown: Unknown) {
        self.unknown = Some(match self.unknown.take() {
            Some(known) => known.and(unknown),
            None => unknown,
        });
    }

    fn look<'a, T>(&mut self, fact: &'a Known<T>) -> Option<&'a T> {
        match fact.get() {
            Ok(claim) => {
                self.used(fact);
                Some(&claim.value)
            }
            Err(unknown) => {
                self.missing(unknown);
                None
            }
        }
    }
}

/// Every method that could be on for a reset.
fn every_converged() -> Vec<ConvergedMethod> {
    let mut methods: Vec<_> = [
        MethodKind::Email,
        MethodKind::HardwareOath,
        MethodKind::MicrosoftAuthenticator,
        MethodKind::Sms,
        MethodKind::SoftwareOath,
        MethodKind::Voice,
    ]
    .map(ConvergedMethod::for_all)
    .into();
    for method in &mut methods {
        method.office_phone = Some(true);
    }
    methods
}

/// The registration report, when it is known to be whole.
pub(crate) fn registration<'a>(cx: &Context<'a>) -> Result<&'a PeopleSource, Unknown> {
    let mut sources = cx.facts.people.sources.iter();
    sources
        .find(|source| source.kind == "userRegistrationDetails" && source.complete)
        .ok_or_else(|| Unknown::of("people.registration"))
}

/// People of the registration report who are neither administrators nor guests, nor known to be
/// disabled. Administrators come under a policy of their own.
pub(crate) fn reported_users<'a>(
    cx: &Context<'a>,
) -> Result<impl Iterator<Item = PersonRef<'a>> + use<'a>, Unknown> {
    registration(cx)?;
    Ok(cx.facts.people.people.iter().filter(|person| {
        let flags = person.flags();
        flags.sspr_enabled().is_some()
            && flags.admin() == Some(false)
            && flags.guest() != Some(true)
            && flags.enabled() != Some(false)
    }))
}

/// How many gates administrators pass.
pub(crate) fn administrator_gates(cx: &Context<'_>) -> Result<Gates, Unknown> {
    let tenant = &cx.facts.tenant;
    let synchronised = match cx.has_synced_people() {
        Ok(true) => Some(true),
        Ok(false) | Err(_) => tenant.sync.value().map(|state| *state == SyncState::On),
    };
    let custom_domain = tenant.domains.value().map(|domains| {
        domains.iter().any(|domain| {
            domain.verified && !domain.initial && !domain.name.contains(".onmicrosoft.")
        })
    });
    AdministratorGates {
        custom_domain,
        synchronised,
        young_trial: None,
    }
    .gates()
    .ok_or_else(
        || match (tenant.domains.get().err(), tenant.sync.get().err()) {
            (Some(domains), Some(sync)) => domains.and(sync),
            (Some(unknown), None) | (None, Some(unknown)) => unknown,
            (None, None) => Unknown::of("tenant.domains"),
        },
    )
}

/// After how many days people confirm their registration again, 0 for never; or the outcome that
/// nobody is asked to, because registration is not required.
pub(crate) fn reconfirmation<'a>(
    cx: &Context<'a>,
) -> Result<Result<&'a Claim<u32>, Outcome>, Unknown> {
    let registration = cx.facts.sspr.registration_required.get()?;
    if !registration.value {
        let outcome = Outcome::not_applicable(
            "Registration at sign-in is off, and without it nobody is asked to reconfirm.",
        );
        return Ok(Err(outcome.because(registration)));
    }
    cx.facts.sspr.reconfirm_days.get().map(Ok)
}

/// How the interval of reconfirmation is set.
pub(crate) fn reconfirm_in_time(undo: &str) -> Remedy {
    in_portal(
        "Microsoft recommends 90 to 180 days.",
        &[
            "Microsoft Entra admin center > Protection > Password reset > Registration.",
            "Set the number of days before users are asked to reconfirm to 180, and save.",
        ],
        "The blade shows the number after a reload.",
        undo,
    )
}

/// How the migration to the authentication methods policy is moved on. `choice` is the portal's
/// name of the state and `state` Graph's.
pub(crate) fn migrate(why: &str, choice: &str, state: &str) -> Remedy {
    Remedy {
        why: why.into(),
        steps: vec![
            "Enable in the authentication methods policy every method that the legacy policies have on."
                .into(),
            format!(
                "Microsoft Entra admin center > Protection > Authentication methods > Policies > Manage migration: choose {choice}."
            ),
        ],
        command: Some(format!(
            "Invoke-MgGraphRequest -Method PATCH -Uri 'v1.0/policies/authenticationMethodsPolicy' -Body '{{\"policyMigrationState\":\"{state}\"}}'"
        )),
        verify: "(Invoke-MgGraphRequest -Uri 'v1.0/policies/authenticationMethodsPolicy').policyMigrationState"
            .into(),
        undo: "Choose the earlier state in Manage migration; a reason is asked for."
            .into(),
    }
}

/// A remedy that is carried out in the Microsoft Entra admin center.
pub(crate) fn in_portal(why: &str, steps: &[&str], verify: &str, undo: &str) -> Remedy {
    Remedy {
        why: why.into(),
        steps: steps.iter().map(|step| (*step).into()).collect(),
        command: None,
        verify: verify.into(),
        undo: undo.into(),
    }
}
