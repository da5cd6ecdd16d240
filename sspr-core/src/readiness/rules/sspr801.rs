//! The connector account holds Reset Password where synced people live.

use super::prelude::*;
use crate::readiness::predicates::permissions::{Right, account, grant_on_people, judge_on_people};

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
    Remedy {
        why: "The right has to be effective on every synced person.".into(),
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
