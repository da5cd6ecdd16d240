//! The connector account may write lockoutTime where synced people live.

use super::prelude::*;
use crate::readiness::predicates::permissions::{Right, account, grant_on_people, judge_on_people};

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
    Remedy {
        why: "Without it an account stays locked after its reset.".into(),
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
