//! Synchronised people in scope without a licence for writeback.

use super::prelude::*;
use crate::licensing::Identity;
use crate::readiness::predicates::licences::{judge_people, license_people, without_synced_people};

pub(super) const RULE: Rule = Rule {
    code: "SSPR705",
    title: "Writeback licences of people",
    phase: Phase::Licensing,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "people.users",
        "people.licences",
        "sspr.scope",
        "tenant.sync",
        "licences.subscribedSkus",
    ],
    rationale: "Every synchronised person who changes, resets or unlocks in the cloud benefits from writeback and needs \
        Microsoft Entra ID P1, P2 or Business Premium. Entra does not enforce it person by person: it is a \
        matter of compliance, and what works today may be refused or invoiced later.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-licensing",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = without_synced_people(cx)? {
        return Ok(outcome);
    }
    judge_people(cx, Identity::Synced)
}

fn remedy(names: &Names) -> Remedy {
    license_people(names, "a product that holds Microsoft Entra ID P1 or P2")
}
