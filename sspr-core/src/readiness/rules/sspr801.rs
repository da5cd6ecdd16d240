//! The connector account holds Reset Password where synced people live.

use super::prelude::*;
use crate::readiness::predicates::permissions::{Right, grant_where, judge_on_people};

pub(super) const RULE: Rule = Rule {
    code: "SSPR801",
    title: "Right to reset passwords",
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
    rationale: "Writeback resets a forgotten password as the connector account. Without the extended right \
        Reset Password on the person, the directory refuses it (33004, hr=80230626). It counts \
        through any group and through broader grants such as full control.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback",
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/how-to-connect-configure-ad-ds-connector-account",
        "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-adts/d7e4cf8d-a771-486d-ba8e-6c83e4c6b1b2",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    judge_on_people(cx, Right::ResetPassword)
}

fn remedy(names: &Names) -> Remedy {
    grant_where(names, &[&names.domain_dn], false)
}
