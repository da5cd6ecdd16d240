//! The connector account may write lockoutTime where synced people live.

use super::prelude::*;
use crate::readiness::predicates::permissions::{Right, grant_where, judge_on_people};

pub(super) const RULE: Rule = Rule {
    code: "SSPR802",
    title: "Right to unlock accounts",
    phase: Phase::Permissions,
    severity: Severity::Error,
    gate: true,
    predicts: false,
    needs: &[
        "permissions.descriptors",
        "permissions.connectorAccount",
        "account.tokenGroups",
        "people.container",
    ],
    rationale: "An unlock writes 0 into lockoutTime. No property set covers that attribute, so that it has to \
        be granted by itself, with all properties, or as full control.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/how-to-connect-configure-ad-ds-connector-account",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    judge_on_people(cx, Right::LockoutTime)
}

fn remedy(names: &Names) -> Remedy {
    grant_where(names, &[&names.domain_dn], false)
}
