//! The connector account may write pwdLastSet where synced people live.

use super::prelude::*;
use crate::readiness::predicates::permissions::{Right, grant_where, judge_on_people};

pub(super) const RULE: Rule = Rule {
    code: "SSPR803",
    title: "Right to write pwdLastSet",
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
    rationale: "A password that has to be changed at the next sign-in is marked in pwdLastSet. A grant on the \
        attribute, on the property set User-Account-Restrictions, on all properties, or full control \
        covers it.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/how-to-connect-configure-ad-ds-connector-account",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    judge_on_people(cx, Right::PwdLastSet)
}

fn remedy(names: &Names) -> Remedy {
    grant_where(names, &[&names.domain_dn], false)
}
