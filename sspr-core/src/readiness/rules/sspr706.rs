//! Cloud-only people in scope without a licence to reset.

use super::prelude::*;
use crate::licensing::Identity;
use crate::readiness::predicates::licences::{judge_people, license_people};

pub(super) const RULE: Rule = Rule {
    code: "SSPR706",
    title: "Reset licences of cloud-only people",
    phase: Phase::Licensing,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "people.users",
        "people.licences",
        "sspr.scope",
        "licences.subscribedSkus",
    ],
    rationale: "A cloud-only person may change a known password for free, and needs Microsoft 365 Business Standard \
        or higher, or Microsoft Entra ID P1 or P2, to reset a forgotten one.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-licensing",
        "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    judge_people(cx, Identity::CloudOnly)
}

fn remedy(names: &Names) -> Remedy {
    license_people(
        names,
        "Microsoft 365 Business Standard or higher, or a product that holds Microsoft Entra ID P1 or P2",
    )
}
