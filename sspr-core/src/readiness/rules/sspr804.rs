//! The connector account holds Unexpire Password on the root of each domain.

use super::prelude::*;
use crate::directory::security::{Granted, ObjectClass, Wanted, guids};
use crate::readiness::predicates::directory::{add, listed};
use crate::readiness::predicates::permissions::{
    Access, assumed, because_of_askers, descriptor_of, nobody_synced, places, roots,
};

pub(super) const RULE: Rule = Rule {
    code: "SSPR804",
    title: "Right to unexpire passwords",
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
    rationale: "Without Unexpire Password on the root of the domain, a reset leaves a password that has \
        to be changed at once. Authenticated Users hold it there by default. An entry for descendants \
        only decides nothing: the right exists on domain roots alone.",
    sources: &[
        "https://learn.microsoft.com/en-us/entra/identity/authentication/tutorial-enable-sspr-writeback",
        "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-samr/22b79fa8-13bd-4952-a399-9d5a93b2256f",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let access = Access::of(cx);
    let (places, mut missing) = places(cx);
    let (mut held, mut lacking, mut from) = (Vec::new(), Vec::new(), Vec::new());
    for root in roots(&places) {
        let found = access
            .asker(root)
            .and_then(|asker| Ok((asker, descriptor_of(cx, root)?)));
        let (asker, (id, object)) = match found {
            Ok(found) => found,
            Err(unknown) => {
                add(&mut missing, unknown);
                continue;
            }
        };
        let wanted = Wanted::ControlAccess(guids::UNEXPIRE_PASSWORD);
        let class = ObjectClass(guids::DOMAIN_DNS);
        let Some(answer) = access.on(asker, id, class, wanted) else {
            continue;
        };
        let told = format!(
            "{} on {root}: {}",
            asker.1.name,
            access.reason(&answer, root)
        );
        match answer.granted {
            Granted::Yes => held.push(told),
            Granted::No => lacking.push(told),
            Granted::Unknown => {
                add(&mut missing, access.open(asker.1, &answer, root));
                continue;
            }
        }
        from.push(&object.from);
    }
    let askers = access.askers().unwrap_or_default();
    let outcome = if !lacking.is_empty() {
        Outcome::fail(format!(
            "Unexpire Password is not held by {}. A reset leaves a password that has to be changed at \
             once.{}",
            listed(lacking.iter().map(String::as_str)),
            assumed(askers)
        ))
        .with("roots", lacking)
    } else if let Some(unknown) = missing {
        return Err(unknown);
    } else {
        Outcome::pass(format!(
            "Unexpire Password is held by {}.{}",
            listed(held.iter().map(String::as_str)),
            assumed(askers)
        ))
        .with("roots", held)
    };
    Ok(because_of_askers(outcome.because_all(from), askers))
}

fn remedy(names: &Names) -> Remedy {
    let grant = |flag| {
        format!(
            "dsacls {} /{flag} {}",
            quoted(&names.domain_dn),
            quoted(&format!("{}:CA;Unexpire Password", names.connector_account))
        )
    };
    Remedy {
        why: "The right is asked for on the root itself, so that the entry has to apply to this object."
            .into(),
        steps: vec![
            "Grant Unexpire Password to the connector account on the root of each domain, for this \
             object."
                .into(),
            "Where a denial decides, lift it first.".into(),
        ],
        command: Some(grant("G")),
        verify: format!(
            "dsacls {} | findstr /i \"Unexpire\"",
            quoted(&names.domain_dn)
        ),
        undo: format!(
            "Remove the entry again in the advanced security settings of the domain; dsacls {} /R {} \
             takes away all entries that name the account there.",
            quoted(&names.domain_dn),
            quoted(&names.connector_account)
        ),
    }
}
