//! Authenticated Users may read what a reset looks up.

use super::prelude::*;
use crate::directory::security::{Granted, Mask, ObjectClass, Wanted, guids, well_known};
use crate::readiness::predicates::directory::add;
use crate::readiness::predicates::permissions::{
    Access, assumed, because_of_askers, descriptor_of, nobody_synced, places, roots,
};

pub(super) const RULE: Rule = Rule {
    code: "SSPR812",
    title: "Pre-Windows 2000 Compatible Access",
    phase: Phase::Permissions,
    severity: Severity::Warning,
    gate: false,
    predicts: false,
    needs: &[
        "permissions.memberships",
        "permissions.descriptors",
        "permissions.connectorAccount",
        "account.tokenGroups",
        "people.container",
    ],
    rationale: "A reset looks the person up through the SAM server object, which Pre-Windows 2000 \
        Compatible Access may read. Where hardening took Authenticated Users out of that \
        group, or the list of the object was tightened, the look-up is refused.",
    sources: &[
        "https://learn.microsoft.com/en-us/troubleshoot/azure/entra/entra-id/user-prov-sync/password-writeback-access-rights-permissions",
    ],
    judge,
    remedy,
};

fn judge(cx: &Context<'_>) -> Judgement {
    if let Some(outcome) = nobody_synced(cx) {
        return Ok(outcome);
    }
    let mut missing = None;
    let mut faults = Vec::new();
    let mut from = Vec::new();
    let known = &cx.facts.permissions;
    let held = known
        .member_of
        .get(&well_known::AUTHENTICATED_USERS)
        .is_some_and(|groups| groups.contains(&well_known::PRE_WINDOWS_2000));
    let whole = known.whole_groups.get(&well_known::PRE_WINDOWS_2000);
    from.extend(whole);
    match (held, whole) {
        (true, _) => {}
        (false, Some(_)) => faults
            .push("Authenticated Users is not in Pre-Windows 2000 Compatible Access".to_owned()),
        (false, None) => add(&mut missing, Unknown::of("permissions.memberships")),
    }
    let access = Access::of(cx);
    let (places, unknown) = places(cx);
    if let Some(unknown) = unknown {
        add(&mut missing, unknown);
    }
    for root in roots(&places) {
        let server = format!("CN=Server,CN=System,{root}");
        let found = access
            .asker(root)
            .and_then(|asker| Ok((asker, descriptor_of(cx, &server)?)));
        let (asker, (id, object)) = match found {
            Ok(found) => found,
            Err(unknown) => {
                add(&mut missing, unknown);
                continue;
            }
        };
        let class = object.class.unwrap_or(ObjectClass(guids::DOMAIN_DNS));
        let read = Wanted::Plain(Mask::LIST_CONTENTS | Mask::READ_CONTROL);
        let all = Wanted::ReadProperty {
            attribute: uuid::Uuid::nil(),
            property_set: None,
        };
        for wanted in [read, all] {
            let Some(answer) = access.on(asker, id, class, wanted) else {
                continue;
            };
            match answer.granted {
                Granted::Yes => {}
                Granted::No => {
                    let reason = access.reason(&answer, &server);
                    faults.push(format!("{} may not read {server}: {reason}", asker.1.name));
                    break;
                }
                Granted::Unknown => add(&mut missing, access.open(asker.1, &answer, &server)),
            }
        }
        from.push(&object.from);
    }
    let askers = access.askers().unwrap_or_default();
    let outcome = if !faults.is_empty() {
        Outcome::fail(format!("{}.{}", faults.join("; "), assumed(askers)))
    } else if let Some(unknown) = missing {
        return Err(unknown);
    } else {
        Outcome::pass(format!(
            "Authenticated Users is in Pre-Windows 2000 Compatible Access, and the SAM server object is \
             readable.{}",
            assumed(askers)
        ))
    };
    Ok(because_of_askers(outcome.because_all(from), askers))
}

fn remedy(names: &Names) -> Remedy {
    Remedy {
        why: "Both are defaults of a domain.".into(),
        steps: vec![
            "Put Authenticated Users back into Pre-Windows 2000 Compatible Access; or grant the connector \
             account list contents, read all properties and read permissions on the SAM server object."
                .into(),
        ],
        command: Some(
            "net localgroup \"Pre-Windows 2000 Compatible Access\" \"Authenticated Users\" /add \
             # on a domain controller"
                .into(),
        ),
        verify: format!(
            "dsacls {}",
            quoted(&format!("CN=Server,CN=System,{}", names.domain_dn))
        ),
        undo: "net localgroup \"Pre-Windows 2000 Compatible Access\" \"Authenticated Users\" /delete".into(),
    }
}
