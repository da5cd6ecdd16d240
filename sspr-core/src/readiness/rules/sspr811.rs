//! The connector account may do far more than writeback needs.

use super::prelude::*;
use crate::directory::security::{Granted, Mask, ObjectClass, Wanted, guids};
use crate::readiness::predicates::directory::{add, listed};
use crate::readiness::predicates::permissions::{
    Access, Right, USER, account, assumed, because_of_askers, descriptor_of, grant_on_people,
    nobody_synced, places, roots,
};

pub(super) const RULE: Rule = Rule {
    code: "SSPR811",
    title: "Rights beyond what writeback needs",
    phase: Phase::Permissions,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "permissions.descriptors",
        "permissions.connectorAccount",
        "account.tokenGroups",
        "people.container",
    ],
    rationale: "Whoever controls the Entra Connect server acts as the connector account. With full \
        control of the domain, the right to change its list or owner, or the right to reset \
        protected accounts, that is the whole domain.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/how-to-connect-configure-ad-ds-connector-account",
        "https://learn.microsoft.com/en-us/windows-server/identity/ad-ds/plan/security-best-practices/appendix-c--protected-accounts-and-groups-in-active-directory",
    ],
    judge,
    remedy,
};

/// What gives the domain away.
const BROAD: [(&str, Mask); 3] = [
    ("full control", Mask::FULL_CONTROL),
    ("the right to change permissions", Mask::WRITE_DAC),
    ("the right to take ownership", Mask::WRITE_OWNER),
];

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let access = Access::of(cx);
    let (places, mut missing) = places(cx);
    let (mut broad, mut from) = (Vec::new(), Vec::new());
    for root in roots(&places) {
        let guard = format!("CN=AdminSDHolder,CN=System,{root}");
        let domain = ObjectClass(guids::DOMAIN_DNS);
        let on_root = BROAD.map(|(name, mask)| (name, Wanted::Plain(mask), domain, root));
        let reset = Right::ResetPassword.wanted();
        let on_guard = [(
            "Reset Password on protected accounts",
            reset,
            USER,
            guard.as_str(),
        )];
        for (name, wanted, class, dn) in on_root.into_iter().chain(on_guard) {
            let found = access
                .asker(root)
                .and_then(|asker| Ok((asker, descriptor_of(cx, dn)?)));
            let (asker, (id, object)) = match found {
                Ok(found) => found,
                Err(unknown) => {
                    add(&mut missing, unknown);
                    continue;
                }
            };
            let Some(answer) = access.on(asker, id, class, wanted) else {
                continue;
            };
            match answer.granted {
                Granted::Yes => broad.push(format!(
                    "{} holds {name} by {}",
                    asker.1.name,
                    access.reason(&answer, dn)
                )),
                Granted::No => {}
                Granted::Unknown => {
                    add(&mut missing, access.open(asker.1, &answer, dn));
                    continue;
                }
            }
            from.push(&object.from);
        }
    }
    let askers = access.askers().unwrap_or_default();
    let outcome = if !broad.is_empty() {
        Outcome::fail(format!(
            "{}.{}",
            listed(broad.iter().map(String::as_str)),
            assumed(askers)
        ))
        .with("rights", broad)
    } else if let Some(unknown) = missing {
        return Err(unknown);
    } else {
        Outcome::pass(format!(
            "The connector account neither controls the domain nor may reset protected accounts.{}",
            assumed(askers)
        ))
    };
    Ok(because_of_askers(outcome.because_all(from), askers))
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Writeback needs three rights on people and one on the domain, no more.".into(),
        steps: vec![
            "Grant the rights that writeback needs first (SSPR801 to SSPR804).".into(),
            "Then take the broad ones away: leave the administrative group, or remove the entry from the \
             domain or from AdminSDHolder."
                .into(),
            "Tighten the account itself with Set-ADSyncRestrictedPermissions.".into(),
        ],
        command: Some(grant_on_people(names)),
        verify: format!(
            "dsacls {} | findstr /i {}",
            quoted(&names.domain_dn),
            quoted(account(names))
        ),
        undo: "Grant again what was removed, in the advanced security settings of that object.".into(),
    }
}
