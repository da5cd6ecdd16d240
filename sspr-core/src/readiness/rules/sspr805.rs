//! The connector account holds Change Password on people.

use super::prelude::*;
use crate::directory::security::{Granted, Wanted, guids};
use crate::readiness::predicates::directory::counted;
use crate::readiness::predicates::permissions::{
    Access, PEOPLE, USER, assumed, because_of_askers, nobody_synced, people, sources_of_people,
};

pub(super) const RULE: Rule = Rule {
    code: "SSPR805",
    title: "Right to change passwords",
    phase: Phase::Permissions,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "permissions.people",
        "permissions.connectorAccount",
        "account.tokenGroups",
    ],
    rationale: "A reset does not need the extended right Change Password; a change of a known password \
        does. Everyone holds it on every person by default, and an account that may not change its \
        password is marked by denying it.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback",
        "https://learn.microsoft.com/en-us/troubleshoot/azure/entra/entra-id/user-prov-sync/password-writeback-access-rights-permissions",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let access = Access::of(cx);
    let mut missing = None;
    let (mut lacking, mut all, mut reason) = (Vec::new(), 0_u64, None);
    for person in people(cx) {
        all += 1;
        let answer = person.descriptor().and_then(|id| {
            let asker = access.asker(person.container()?).ok()?;
            let class = person.class().unwrap_or(USER);
            let wanted = Wanted::ControlAccess(guids::CHANGE_PASSWORD);
            Some((asker.1, access.on(asker, id, class, wanted)?))
        });
        match answer {
            None => {
                missing.get_or_insert_with(|| match access.askers() {
                    Err(unknown) => unknown,
                    Ok(_) => Unknown::of(PEOPLE),
                });
            }
            Some((asker, answer)) => match answer.granted {
                Granted::Yes => {}
                Granted::No => {
                    let dn = person.container().unwrap_or_default();
                    reason.get_or_insert_with(|| access.reason(&answer, dn));
                    lacking.push(person);
                }
                Granted::Unknown => {
                    missing.get_or_insert_with(|| access.open(asker, &answer, &person.name()));
                }
            },
        }
    }
    let askers = access.askers().unwrap_or_default();
    let outcome = if !lacking.is_empty() {
        let count = lacking.len() as u64;
        Outcome::fail(format!(
            "The connector account does not hold Change Password on {}: {}. These people can be given \
             a new password, and cannot change the one they know from the cloud.{}",
            counted(count, "synced person", "synced people"),
            reason.unwrap_or_default(),
            assumed(askers)
        ))
        .about(Subjects::people(cx, lacking.into_iter()))
    } else if let Some(unknown) = missing {
        return Err(unknown);
    } else if all == 0 {
        return Err(Unknown::of("people.users").and(Unknown::of(PEOPLE)));
    } else {
        Outcome::pass(format!(
            "The connector account holds Change Password on all {}.{}",
            counted(all, "synced person", "synced people"),
            assumed(askers)
        ))
    };
    Ok(because_of_askers(
        outcome.because_all(sources_of_people(cx)),
        askers,
    ))
}

fn remedy(_: &Names) -> Remedy {
    Remedy {
        why: "Everyone's default entry is missing or denied on these people.".into(),
        steps: vec![
            "Clear 'User cannot change password' where it is set without need.".into(),
            "Elsewhere restore the default entries: Change Password for Everyone and SELF.".into(),
        ],
        command: Some("Set-ADUser -Identity '<person>' -CannotChangePassword $false".into()),
        verify: "Get-ADUser -Identity '<person>' -Properties CannotChangePassword".into(),
        undo: "Set-ADUser -Identity '<person>' -CannotChangePassword $true".into(),
    }
}
