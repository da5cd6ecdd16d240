//! The connector account may write pwdLastSet where synced people live.

use super::prelude::*;
use crate::readiness::predicates::permissions::{Right, account, grant_on_people, judge_on_people};

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
    Remedy {
        why: "Resets by administrators and temporary passwords need it.".into(),
        steps: vec![
            "Where a denial decides, take the account out of that group or lift the denial: another grant changes nothing.".into(),
            "Run the command on the Entra Connect server as an administrator of the domain; \
                -ADobjectDN limits it to one organizational unit, and each domain takes its own grant."
                .into(),
            "Wait until the change has replicated and come down to all people, which can take an hour."
                .into(),
        ],
        command: Some(grant_on_people(names)),
        verify: format!(
            "dsacls {} | findstr /i {}",
            quoted(&names.domain_dn),
            quoted(account(names))
        ),
        undo: format!(
            "Remove the three entries of the account from the list of the domain: dsacls {} /I:S /R {} takes \
             away all entries that name it there.",
            quoted(&names.domain_dn),
            quoted(&names.connector_account)
        ),
    }
}
